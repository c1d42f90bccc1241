"""Results that an older or newer version of the model made: what is said of them, in one way everywhere."""

import contextlib
from collections.abc import Iterator

from sim.errors import ScenarioError, UserError
from sim.messages import Message
from sim.version import MODEL_VERSION


def made_by(what: object, model: str) -> Message | None:
    """What to say of results whose numbers another version of the model made; None where it is this one.

    Parameters
    ----------
    what : object
        Names them, as a folder does.
    model : str
        Version of the model that made them.
    """
    if model == MODEL_VERSION:
        return None
    return Message("{what} was made by model {made}, this is model {now}: numbers may differ", what=what, made=model, now=MODEL_VERSION)


@contextlib.contextmanager
def reading(what: object, model: str) -> Iterator[None]:
    """While a scenario that was kept with results is read: where this version of the model cannot, say that another made it.

    Raises
    ------
    UserError
        In the place of a `ScenarioError` with the keys of the other version; that itself where this version wrote them.
    """
    try:
        yield
    except ScenarioError as error:
        if model == MODEL_VERSION:
            raise
        told = Message(
            "{what} was made by model {made}, and this one, model {now}, cannot read its scenario; read it with the version that made it",
            what=what,
            made=model,
            now=MODEL_VERSION,
        )
        raise UserError("{told}:\n{problems}", told=told, problems=error.message) from error
