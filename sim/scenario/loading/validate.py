"""A document checked against the schema, and its problems told with their positions, all at once."""

from typing import TypeVar

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario.loading import city_files, keys, plugins
from sim.scenario.loading.problems import problems_of
from sim.scenario.parsing.document import Document, in_order
from sim.scenario.schema.fields import ScenarioFields

Fields = TypeVar("Fields", bound=ScenarioFields)


def valid(document: Document, base: type[Fields], trusted: bool = False) -> Fields:
    """Scenario that a document describes.

    Parameters
    ----------
    document : Document
    base : type
        Kind of scenario where it names no plug-ins; with them, a kind derived from it that has their keys.
    trusted : bool
        Whether its plug-ins may run without being asked about.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem at once.
    """
    city_files.settle(document)
    kind = plugins.settle(document, base, trusted)
    if any(path[0] == "plugins" for path in document.refused if path):
        document.check()  # without a plug-in, its keys would look like mistakes
    with keys.reading(kind):
        try:
            scenario = kind.model_validate(document.data)
        except ValidationError as error:
            raise ScenarioError(in_order([*document.problems, *problems_of(error, document)])) from None
    document.check()
    return scenario
