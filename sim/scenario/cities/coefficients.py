"""Coefficients of a preset: parameters of mechanisms in which a city differs from the defaults.

A preset's ``city.yaml`` may have a section ``mechanisms``, as a scenario has, with numbers and names of choices alone. They take the
place of defaults: what a scenario gives itself counts instead.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem
from sim.mechanisms import MECHANISMS
from sim.messages import Joined, Message, Words
from sim.scenario.loading.pydantic_words import plain_words
from sim.scenario.parsing.document import Document
from sim.scenario.parsing.scalars import shown
from sim.suggestions import nearest

Coefficients = Mapping[str, Mapping[str, float | str]]
"""Values by mechanism and parameter."""
KEY = "mechanisms"
_SECTION = Message("mechanisms with values of their parameters, as in a scenario")


def check(document: Document) -> list[Problem]:
    """Problems in the section of a preset's document."""
    given = document.data.get(KEY, {})
    if not isinstance(given, dict):
        return [document.problem((KEY,), shown(given), _SECTION)]
    problems: list[Problem] = []
    for name, values in given.items():
        if name not in MECHANISMS:
            problems.append(_unknown(document, (KEY, name), MECHANISMS))
        elif not isinstance(values, dict):
            problems.append(document.problem((KEY, name), shown(values), _SECTION))
        else:
            problems += [problem for key, value in values.items() for problem in _check(document, name, key, value)]
    return problems


def _check(document: Document, name: str, key: str, value: Any) -> list[Problem]:
    parameters = MECHANISMS[name].parameters
    if key not in parameters.model_fields:
        return [_unknown(document, (KEY, name, key), parameters.model_fields)]
    try:
        parameters.model_validate({key: float(value) if type(value) is int else value})
    except ValidationError as error:
        expected = plain_words(error.errors(include_url=False)[0])
        return [document.problem((KEY, name, key), shown(value), expected)]
    return []


def _unknown(document: Document, path: tuple[str, ...], known: Mapping[str, Any]) -> Problem:
    got: Words = Message("the unknown key {key}", key=shown(path[-1]))
    return document.problem(path, got, Message("one of {choices}", choices=Joined(known)), nearest(str(path[-1]), list(known)))


def numbers(given: dict[str, Any]) -> dict[str, dict[str, float | str]]:
    """The section of a valid document: numbers as floats, choices by name."""
    return {
        name: {key: value if isinstance(value, str) else float(value) for key, value in values.items()} for name, values in given.items()
    }


def completed(given: Any, coefficients: Coefficients) -> Any:
    """The data of a scenario's section, with a city's coefficients where the scenario gives none; unchanged if it is invalid."""
    if not coefficients or not _is_data(given):
        return given
    return {**given, **{name: {**values, **given.get(name, {})} for name, values in coefficients.items()}}


def _is_data(given: Any) -> bool:
    """Whether these are plain data, by mechanism; settings that are complete already are none."""
    return isinstance(given, dict) and all(isinstance(values, dict) for values in given.values())


def own(settings: Mapping[str, Any], coefficients: Coefficients) -> dict[str, dict[str, Any]]:
    """Of the settings of a scenario those that its city does not explain, so that another city can take its place."""
    found: dict[str, dict[str, Any]] = {}
    for name, values in settings.items():
        usual = {key: field.default for key, field in type(values).model_fields.items()} | dict(coefficients.get(name, {}))
        found[name] = {key: value for key, value in values.model_dump().items() if value != usual[key]}
    return {name: values for name, values in found.items() if values}
