"""Levers that cannot change anything in a scenario, each with the reason."""

from typing import TYPE_CHECKING

from sim.levers import INSTRUMENTS, STANCES
from sim.mechanisms.base import acting_through
from sim.messages import Joined, Message

if TYPE_CHECKING:
    from sim.scenario import Scenario


def idle_levers(scenario: "Scenario", highest: dict[str, float]) -> list[Message]:
    """Levers that have no effect, each with the reason.

    Parameters
    ----------
    scenario : Scenario
    highest : dict of float
        The most money that each instrument has in any week.
    """
    enabled = {name for name, settings in scenario.mechanisms.items() if settings.enabled}
    found = (_idle_instrument(scenario, name, highest[name], enabled) for name in INSTRUMENTS)
    return [*filter(None, found), *_idle_stances(scenario, enabled)]


def _idle_instrument(scenario: "Scenario", name: str, highest: float, enabled: set[str]) -> Message | None:
    """Why an instrument has no effect; None where it has one."""
    if highest == 0.0:
        return Message("{lever}: it has no money in any week", lever=name)
    if "budget" not in enabled:
        return Message("{lever}: the mechanism budget is switched off, so its staff does not change", lever=name)
    mechanisms = acting_through(name, scenario.model.mechanisms)
    if mechanisms and not enabled & set(mechanisms):
        through = Joined(mechanisms, " and ")
        return Message("{lever}: it acts through {through}, switched off; the money is still spent", lever=name, through=through)
    return None


def _idle_stances(scenario: "Scenario", enabled: set[str]) -> list[Message]:
    """Stances and shocks that have no effect, each with the reason."""
    levers, lines = scenario.lever_table(), []
    for name in (*STANCES, *scenario.model.stances):
        mechanisms = acting_through(name, scenario.model.mechanisms)
        if not mechanisms:
            lines.append(Message("{lever}: no mechanism reads it", lever=f"stance.{name}"))
        elif not enabled & set(mechanisms):
            through = Joined(mechanisms, " and ")
            lines.append(Message("{lever}: it acts through {through}, switched off", lever=f"stance.{name}", through=through))
    if not levers["detection"].any() and "detection" in enabled:
        useless = ("stance.detection_threshold", "stance.privacy_protection")
        lines += [Message("{lever}: there is no detection in any week", lever=name) for name in useless]
    if not levers["appraisal_pressure"].any() and "appraisal" in enabled:
        lines.append(Message("{lever}: appraisal has no consequences in any week", lever="stance.appraisal_by"))
    if scenario.shocks and "shocks" not in enabled:
        lines.append(Message("shocks: the mechanism shocks is switched off, so no shock takes effect"))
    return lines
