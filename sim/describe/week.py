"""The order of a week: which mechanism acts when, from the registrations of the mechanisms."""

from collections.abc import Iterable

from sim.mechanisms.base import Mechanism
from sim.mechanisms.week_source import planning
from sim.messages import Message, language
from sim.text import table

STAGES = {
    "plan": Message("Plan: units decide what they do this week"),
    "live": Message("Live: residents act, community by community; neighbours go through each phase together"),
    "close": Message("Close: units update their state, and the week is recorded"),
}
PHASE_NAMES = {
    "plan": Message("planning"),
    "serve": Message("work and services"),
    "gather": Message("taking part"),
    "teach": Message("norms and rumours"),
    "dispute": Message("disputes"),
    "offend": Message("offences and police"),
    "protest": Message("protest"),
    "judge": Message("verdicts"),
    "report": Message("reports"),
    "measure": Message("measuring"),
}
"""What a phase is about, by its name in the code (`sim.mechanisms.base.PHASES`)."""
FRAME = {
    "live": (
        Message("residents observe what their contacts did last week; those in custody serve their sentences"),
        Message("all residents are counted"),
    ),
    "close": (None, Message("the counts are added to the record of the run")),
}
"""What happens in a stage before and after its mechanisms."""


def week_text(mechanisms: Iterable[Mechanism]) -> str:
    """Stages of the week with the mechanisms that act in each, in order, in the language in force."""
    inside = tuple(mechanisms)
    acting = {
        "plan": planning(inside),
        "live": [one for one in inside if one.live],
        "close": [one for one in inside if one.close],
    }
    parts = [f"{STAGES[stage]}\n{_listed(stage, found)}" for stage, found in acting.items()]
    return "\n\n".join(parts)


def _listed(stage: str, found: list[Mechanism]) -> str:
    before, after = FRAME.get(stage, (None, None))
    rows: list[tuple[str, ...]] = [("  ·", "", str(before))] if before else []
    last = ""
    for one in found:
        phase = str(PHASE_NAMES[one.phase]) if stage == "live" and one.phase != last else ""
        last = one.phase
        rows.append((f"  {one.name}", phase, one.names[language()]))
    rows += [("  ·", "", str(after))] if after else []
    return table(rows if stage == "live" else [(name, title) for name, _, title in rows])
