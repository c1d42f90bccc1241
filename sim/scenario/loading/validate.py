"""Validation of a document against the schema; all problems are reported at once, with positions."""

from typing import TypeVar

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario.loading import city_files, keys, measures, money_keys, plugins
from sim.scenario.loading.error_messages import problems_of
from sim.scenario.parsing.document import Document, in_order
from sim.scenario.schema.fields import ScenarioFields

Fields = TypeVar("Fields", bound=ScenarioFields)


def valid(document: Document, base: type[Fields], trusted: bool = False) -> Fields:
    """Scenario described by a document.

    Parameters
    ----------
    document : Document
    base : type
        Class of the scenario; with plug-ins, a class derived from it that has their keys.
    trusted : bool
        Whether its plug-ins may run without consent.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem at once.
    """
    city_files.settle(document)
    measures.settle(document)
    money_keys.settle(document)
    kind = plugins.settle(document, base, trusted)
    if any(path[0] == "plugins" for path in document.refused if path):
        document.check()  # without its plug-in, its keys would be reported as mistakes
    with keys.reading(kind):
        try:
            scenario = kind.model_validate(document.data)
        except ValidationError as error:
            raise ScenarioError(in_order([*document.problems, *problems_of(error, document)])) from None
    document.check()
    return scenario
