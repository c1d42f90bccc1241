"""Arguments that stand for a scenario: a scenario, a file, or the name of a shipped scenario."""

import os
from collections.abc import Iterable
from typing import Any

from sim.errors import UserError
from sim.messages import Message
from sim.scenario.loader import load_scenario
from sim.scenario.scenario import Scenario


def scenario_of(given: Any, what: str = "scenario") -> Scenario:
    """The scenario that an argument stands for.

    Parameters
    ----------
    given : Scenario, path or str
        A str is a file or the name of a shipped scenario.
    what : str
        Name of the argument, in messages.

    Raises
    ------
    UserError
        For any other value, and as in `sim.load_scenario`.
    """
    if isinstance(given, Scenario):
        return given
    if isinstance(given, (str, os.PathLike)):
        return load_scenario(given)
    raise UserError("{what}: got {kind}; expected a Scenario, a file or the name of a shipped scenario", what=what, kind=kind_of(given))


def scenarios_of(given: Any, what: str = "scenarios") -> list[Scenario]:
    """The scenarios that a list of arguments stands for.

    Raises
    ------
    UserError
        As `scenario_of`, and for a single scenario that is not in a list.
    """
    if isinstance(given, (str, os.PathLike, Scenario)) or not isinstance(given, Iterable):
        expected = Message("a list of scenarios, files or names, as in {example}", example="['baseline', 'mine.yaml']")
        raise UserError("{what}: got {kind}; expected {expected}", what=what, kind=kind_of(given), expected=expected)
    return [scenario_of(one, what) for one in given]


def kind_of(given: Any) -> str:
    """Short description of a value: its text if short, otherwise its type."""
    return repr(given) if given is None or isinstance(given, (str, int, float)) else f"a {type(given).__name__}"
