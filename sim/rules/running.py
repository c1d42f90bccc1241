"""The rules of one simulation, and when they run."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sim.errors import UserError
from sim.messages import Joined, Message
from sim.rules.agent_rule import PHASES, AgentRule
from sim.rules.city_view import CityView
from sim.rules.consent import check_rules_allowed
from sim.rules.copying import own_copies
from sim.rules.loading import error_fields, rule_of, source_of


class RuleFailed(RuntimeError):
    """Raised when a rule raises an error; the message contains the rule, the week and the line."""


class Rules:
    """The rules of one simulation.

    Parameters
    ----------
    simulation : Simulation
    more : AgentRule or iterable of AgentRule
        Rules that run after those that the scenario names; copies of them run, and the rules themselves do not change.

    Raises
    ------
    UserError
        When the scenario has rules that were not allowed, or one cannot be created or copied.
    """

    def __init__(self, simulation, more: AgentRule | Iterable[AgentRule] = ()):
        entries = simulation.scenario.rules
        check_rules_allowed(simulation.scenario)
        self._rules: list[tuple[str, AgentRule]] = []
        self._identity: list[Any] = []
        for entry in entries:
            self._add(rule_of(entry), [entry.name, dict(entry.settings), entry.source])
        for rule in own_copies(more):
            self._add(rule, [type(rule).__name__, rule.parameters, source_of(rule)])
        self._view = CityView(simulation) if self._rules else None

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[AgentRule]:
        """The rules of this simulation, with their state."""
        return (rule for _, rule in self._rules)

    def _add(self, rule: AgentRule, identity: list[Any]) -> None:
        if rule.phase not in PHASES:
            raise UserError(
                "{rule}: got the phase {phase}; expected one of {phases}", rule=identity[0], phase=repr(rule.phase), phases=Joined(PHASES)
            )
        namesakes = sum(known[0] == identity[0] for known in self._identity)
        self._rules.append((f"{identity[0]}#{namesakes + 1}" if namesakes else identity[0], rule))
        self._identity.append(identity)

    def run(self, phase: str) -> None:
        """Run the rules of a phase in order.

        Raises
        ------
        RuleFailed
        """
        for name, rule in self._rules:
            if rule.phase == phase and self._view is not None:
                self._view.reseed(name)
                try:
                    rule.week(self._view)
                except Exception as error:
                    about = {"rule": name, "week": self._view.week, **error_fields(error)}
                    raise RuleFailed(Message("rule {rule}, week {week}: {kind}: {error}{where}", **about)) from error

    def digest(self, digest) -> None:
        """Update a hash with the rules; without rules it does not change."""
        if self._rules:
            digest.update(json.dumps(self._identity, sort_keys=True).encode())
