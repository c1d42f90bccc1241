"""Check of the reporters of Mesa's collectors before collection: an unknown attribute is reported once, in one sentence.

Mesa 3.3 collects None for an unknown attribute, and Mesa 3.5 fails at the first agent that lacks it.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from sim.city.agents import CityAgent
from sim.city.roster import Roster
from sim.city.table import ColumnTable
from sim.errors import UserError
from sim.suggestions import nearest


def check_reporters(collector: Any, roster: Roster) -> None:
    """Check the attributes that a `mesa.DataCollector` reads from agents.

    Raises
    ------
    UserError
        For an attribute that no kind of agent has, and for one that some kinds lack if Mesa does not collect None for these.
    """
    for name, reporter in getattr(collector, "agent_reporters", {}).items():
        _check("agent_reporters", name, reporter, roster.tables, roster)
    for kind, reporters in getattr(collector, "agenttype_reporters", {}).items():
        for name, reporter in reporters.items():
            _check("agenttype_reporters", name, reporter, [table for table in roster.tables if issubclass(table.kind, kind)], roster)


def _check(where: str, name: str, reporter: Callable, tables: Iterable[ColumnTable], roster: Roster) -> None:
    attribute = _attribute(reporter)
    some = [roster.agent(table.kind.__name__, 0) for table in tables if len(table)]
    lacking = [] if attribute is None else [agent for agent in some if not hasattr(agent, attribute)]
    if not lacking:
        return
    kinds = ", ".join(type(agent).__name__ for agent in lacking)
    if len(lacking) == len(some):
        known = list(dict.fromkeys(column for agent in some for column in agent.as_dict()))
        near = nearest(str(attribute), known)
        raise UserError(
            "{where}: {name}: got {attribute}, which is no column of {kinds}; expected one such as {near}",
            where=where,
            name=name,
            attribute=attribute,
            kinds=kinds,
            near=near or ", ".join(known[1:4]),
        )
    if not _collects_none(reporter, lacking[0]):
        raise UserError(
            "{where}: {name}: {kinds} have no {attribute}; name the kind that has it, as in agenttype_reporters={example}",
            where=where,
            name=name,
            kinds=kinds,
            attribute=attribute,
            example=f"{{{next(type(agent).__name__ for agent in some if agent not in lacking)}: {{'{name}': '{attribute}'}}}}",
        )


def _attribute(reporter: Callable) -> str | None:
    """The attribute if a reporter was given by name, which Mesa wraps into a function; None for other reporters."""
    return (
        inspect.getclosurevars(reporter).nonlocals.get("attribute_name") if getattr(reporter, "__name__", "") == "attr_reporter" else None
    )


def _collects_none(reporter: Callable, agent: CityAgent) -> bool:
    """Whether Mesa collects None from an agent that lacks the attribute."""
    try:
        return reporter(agent) is None
    except AttributeError:
        return False
