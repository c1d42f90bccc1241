"""A world: one complete set of uncertain coefficients and structural choices."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import structural_choices

if TYPE_CHECKING:
    from sim.scenario import Scenario


class Choice(NamedTuple):
    """A structural choice that the literature leaves open: a key of a scenario and what it may be, all equally likely at first."""

    key: str
    options: tuple[str, ...]


CHOICES: tuple[Choice, ...] = tuple(Choice(*one) for one in structural_choices(MECHANISMS).items())
"""Every structural choice. A world has one option of each."""


@dataclass(frozen=True)
class World:
    """One complete set of uncertain coefficients, and of structural choices.

    Parameters
    ----------
    number : int
        Its number in its set.
    coefficients : mapping of str to float
        By ``mechanism.parameter``.
    choices : mapping of str to str
        Names of options by key, as in ``mechanisms.unrest.arrest_ratio``.
    own : mapping of str to float
        Coefficients that were fitted to a city's own rates in this world, with the values that the city's scenario has of them: these do
        not stay, since the world's say the same about the city and fit the rest of the world.
    """

    number: int
    coefficients: Mapping[str, float]
    choices: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, float] = field(default_factory=dict)

    def changes(self, scenario: "Scenario") -> dict[str, Any]:
        """Changes to a scenario under which it takes place in this world.

        A coefficient that the scenario, or the preset of its city, sets to another value than the model's default stays: it is what the
        author knows of that city, unless it is in `own`. So does a structural choice that differs from the default.

        Parameters
        ----------
        scenario : Scenario
        """
        wanted: dict[str, dict[str, Any]] = {}
        chosen = {key.removeprefix("mechanisms."): option for key, option in self.choices.items()}
        for name, value in {**self.coefficients, **chosen}.items():
            mechanism, _, key = name.partition(".")
            if _at_default(scenario, mechanism, key) or (name in self.own and _same(scenario.mechanisms[mechanism][key], self.own[name])):
                wanted.setdefault(mechanism, {})[key] = value
        return {"mechanisms": wanted} if wanted else {}

    def apply(self, scenario: "Scenario") -> "Scenario":
        """The scenario in this world, see `changes`.

        Parameters
        ----------
        scenario : Scenario
        """
        return scenario.with_changes(self.changes(scenario))


def _at_default(scenario: "Scenario", mechanism: str, key: str) -> bool:
    value, default = scenario.mechanisms[mechanism][key], MECHANISMS[mechanism].parameters.model_fields[key].default
    return bool(value == default if isinstance(default, str) else _same(value, default))


def _same(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=1e-12)
