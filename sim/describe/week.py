"""The order of a week: which mechanism acts when, from the registrations of the mechanisms."""

from collections.abc import Iterable

from sim.mechanisms.base import Mechanism
from sim.mechanisms.week_source import planning
from sim.messages import Message, language
from sim.text import table

STEPS = {
    "plan": Message("Plan: units decide what they do this week"),
    "live": Message("Live: residents act, community by community; neighbours go through each stage together"),
    "close": Message("Close: units update their state, and the week is recorded"),
}
STAGE_NAMES = {
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
"""What a stage is about, by its name in the code (`sim.mechanisms.base.STAGES`)."""
FRAME = {
    "live": (
        Message("residents observe what their contacts did last week; those in custody serve their sentences"),
        Message("all residents are counted"),
    ),
    "close": (None, Message("the counts are added to the record of the run")),
}
"""What happens in a step before and after its mechanisms."""


def week_text(mechanisms: Iterable[Mechanism]) -> str:
    """Steps of the week with the mechanisms that act in each, in order, in the language in force."""
    inside = tuple(mechanisms)
    acting = {
        "plan": planning(inside),
        "live": [one for one in inside if one.live],
        "close": [one for one in inside if one.close],
    }
    parts = [f"{STEPS[step]}\n{_listed(step, found)}" for step, found in acting.items()]
    return "\n\n".join(parts)


def _listed(step: str, found: list[Mechanism]) -> str:
    before, after = FRAME.get(step, (None, None))
    rows: list[tuple[str, ...]] = [("  ·", "", str(before))] if before else []
    last = ""
    for one in found:
        stage = str(STAGE_NAMES[one.stage]) if step == "live" and one.stage != last else ""
        last = one.stage
        rows.append((f"  {one.name}", stage, one.names[language()]))
    rows += [("  ·", "", str(after))] if after else []
    return table(rows if step == "live" else [(name, title) for name, _, title in rows])
