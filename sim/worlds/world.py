"""A world: one complete set of uncertain coefficients and structural choices."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.mechanisms import MECHANISMS

if TYPE_CHECKING:
    from sim.scenario import Scenario


class Choice(NamedTuple):
    """A structural choice that the literature leaves open: a key of a scenario and what it may be, all equally likely at first."""

    key: str
    options: tuple[Any, ...]


CHOICES: tuple[Choice, ...] = ()
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
    choices : mapping of str to value
        By dotted key of a scenario.
    """

    number: int
    coefficients: Mapping[str, float]
    choices: Mapping[str, Any] = field(default_factory=dict)

    def changes(self, scenario: "Scenario") -> dict[str, Any]:
        """Changes to a scenario under which it takes place in this world.

        A coefficient that the scenario, or the preset of its city, sets to another value than the model's default stays: it is what the
        author knows of that city. So does a structural choice that differs from the default.

        Parameters
        ----------
        scenario : Scenario
        """
        wanted: dict[str, dict[str, float]] = {}
        for name, value in self.coefficients.items():
            mechanism, _, key = name.partition(".")
            if _at_default(scenario, mechanism, key):
                wanted.setdefault(mechanism, {})[key] = value
        chosen = {key: value for key, value in self.choices.items() if _undecided(scenario, key)}
        return {**({"mechanisms": wanted} if wanted else {}), **chosen}

    def apply(self, scenario: "Scenario") -> "Scenario":
        """The scenario in this world, see `changes`.

        Parameters
        ----------
        scenario : Scenario
        """
        return scenario.with_changes(self.changes(scenario))


def _at_default(scenario: "Scenario", mechanism: str, key: str) -> bool:
    field_ = MECHANISMS[mechanism].parameters.model_fields[key]
    return bool(math.isclose(scenario.mechanisms[mechanism][key], field_.default, rel_tol=1e-12))


def _undecided(scenario: "Scenario", key: str) -> bool:
    """Whether a dotted key has the default of its section."""
    inner: Any = scenario
    *path, last = key.split(".")
    for part in path:
        inner = inner[part] if isinstance(inner, Mapping) else getattr(inner, part)
    return bool(getattr(inner, last) == type(inner).model_fields[last].default)
