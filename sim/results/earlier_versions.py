"""Results of another version of the model: the note about them, and the errors if they cannot be read or reported on."""

import contextlib
from collections.abc import Iterator

from sim.errors import ScenarioError, UserError
from sim.messages import Message
from sim.version import MODEL_VERSION


def version_note(what: object, model: str) -> Message | None:
    """A note on results of another version of the model; None for this version.

    Parameters
    ----------
    what : object
        The results, such as their folder.
    model : str
        Version of the model that made them.
    """
    if model == MODEL_VERSION:
        return None
    return Message("{what} was made by model {made}, this is model {now}: numbers may differ", what=what, made=model, now=MODEL_VERSION)


@contextlib.contextmanager
def explaining_version(what: object, model: str) -> Iterator[None]:
    """Context for reading the scenario of stored results: if that fails, the error states that another version of the model made them.

    Raises
    ------
    UserError
        Instead of a `ScenarioError` about the keys of another version. Errors of results of this version pass unchanged.
    """
    try:
        yield
    except ScenarioError as error:
        if model == MODEL_VERSION:
            raise
        note = Message(
            "{what} was made by model {made}, and this one, model {now}, cannot read its scenario; read it with the version that made it",
            what=what,
            made=model,
            now=MODEL_VERSION,
        )
        raise UserError("{note}:\n{problems}", note=note, problems=error.message) from error
