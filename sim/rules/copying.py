"""Copies of rules: every simulation works on its own, so that no run affects the next."""

import copy
from collections.abc import Iterable
from typing import Any

from sim.errors import UserError
from sim.rules.agent_rule import AgentRule


def own_copies(rules: AgentRule | Iterable[AgentRule]) -> list[AgentRule]:
    """Copies of rules for one simulation, with their attributes; objects that rules share are also shared by their copies.

    Raises
    ------
    UserError
        When one is not a rule, or has an attribute that cannot be copied.
    """
    given = [rules] if isinstance(rules, AgentRule) or not isinstance(rules, Iterable) else list(rules)
    for rule in given:
        if not isinstance(rule, AgentRule):
            raise UserError("rules: got {rule}; expected AgentRule objects, as in StreetParty(every=13)", rule=repr(rule))
    memo: dict[int, Any] = {}
    return [_own_copy(rule, memo) for rule in given]


def _own_copy(rule: AgentRule, memo: dict[int, Any]) -> AgentRule:
    """Copy of a rule; mutable attributes of its class are copied, too."""
    name = "self"
    try:
        mine = copy.deepcopy(rule, memo)
        shared = {key: value for base in reversed(type(rule).__mro__[:-1]) for key, value in vars(base).items() if key not in vars(rule)}
        for name, value in shared.items():
            if not name.startswith("__") and not hasattr(value, "__get__") and (own := copy.deepcopy(value, memo)) is not value:
                setattr(mine, name, own)
    except Exception as error:
        raise UserError(
            "rule {rule}: {attribute} cannot be copied ({error}); every simulation works on its own copy of a rule, so keep only copyable"
            " objects in self, and open files and connections in week()",
            rule=type(rule).__name__,
            attribute=_uncopied(rule) or name,
            error=error,
        ) from error
    return mine


def _uncopied(rule: AgentRule) -> str:
    """The attribute of a rule that cannot be copied."""
    for name, value in vars(rule).items():
        try:
            copy.deepcopy(value)
        except Exception:
            return f"self.{name}"
    return ""
