"""Levers: uses of the budget, their instruments with staff and costs, and stances."""

from sim.describe.fields import field_row, range_of, source_of
from sim.describe.staffing import figure_rows
from sim.levers import BUDGET_LEVERS, DEFAULT_SPLITS, INSTRUMENT_ROWS, LEVERS, REFERENCE_SHARES, STANCES
from sim.levers.rows import Instrument, Stance
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import acting_through
from sim.messages import Joined, Message, Words
from sim.scenario.cities.staffing import shipped_rows
from sim.scenario.schema.policy import Stance as StanceSettings
from sim.text import localized, table

TERM = Message("lever")


def reference(name: str) -> float:
    """Share of the budget that an instrument (``lever.instrument``) has where a scenario says nothing."""
    lever, part = name.split(".")
    return REFERENCE_SHARES[lever] * DEFAULT_SPLITS[lever][part] / sum(DEFAULT_SPLITS[lever].values())


def names() -> list[str]:
    """Budget levers, each followed by its instruments, then stances."""
    return [*(n for lever, parts in LEVERS.items() for n in (lever, *(f"{lever}.{part}" for part in parts))), *STANCES]


def row(name: str) -> tuple[Words, ...]:
    """Name, default, and both sides."""
    if name in STANCES:
        return name, Message("stance"), _both_sides(STANCES[name])
    if name in LEVERS:
        return name, Message("share 0 to 1, reference {share:g}", share=REFERENCE_SHARES[name]), ""
    default = Message("reference {share:.4g}, {staff:g} {kind} per 10,000", share=reference(name), **_staff(name))
    return f"  {name.split('.')[1]}", default, _both_sides(INSTRUMENT_ROWS[name])


def entry(name: str) -> str:
    """Key, unit, range, default and source of a lever, through what it acts, what it brings and costs."""
    return _stance(name) if name in STANCES else _budget_lever(name) if name in LEVERS else _instrument(name)


def _stance(name: str) -> str:
    field = StanceSettings.model_fields[name]
    rows = [
        field_row("key", f"stance.{name}"),
        field_row("default", str(field.default)),
        field_row("range", range_of(field)),
        field_row("source", source_of(field)),
        *_sides(name, STANCES[name]),
    ]
    return f"{name}: {localized(STANCES[name].description)}\n{table(rows)}"


def _budget_lever(name: str) -> str:
    rows = [
        field_row("key", f"policy.{name}"),
        field_row("unit", Message("share of the budget; or yuan per resident and year; or staff per 10,000 residents")),
        field_row("range", Message("0 to 1; all levers together cost at most the budget")),
        field_row("default", f"{REFERENCE_SHARES[name]:g}"),
        field_row("source", Message("assumption")),
        field_row("instruments", Joined(LEVERS[name])),
    ]
    parts = [(f"  {part}", _both_sides(instrument)) for part, instrument in BUDGET_LEVERS[name].instruments.items()]
    return f"{name}: {localized(BUDGET_LEVERS[name].names)}\n{table(rows)}\n\n{Message('Brings (+) and costs (-)')}\n{table(parts)}"


def _staff(name: str) -> dict[str, Words | float]:
    """Staff of an instrument in the shipped table, and what they are called."""
    return {"staff": shipped_rows()[name, "staff"].value, "kind": localized(INSTRUMENT_ROWS[name].staff)}


def _instrument(name: str) -> str:
    instrument, (lever, part) = INSTRUMENT_ROWS[name], name.split(".")
    rows = [
        field_row("key", Message("policy.{lever}.{part}, or policy.{lever}.split.{part}", lever=lever, part=part)),
        field_row("unit", Message("share of the budget, yuan per resident and year, or staff per 10,000; or a weight within the lever")),
        field_row("default", f"{instrument.weight:g}"),
        field_row("reference", Message("{share:.4g} of the budget", share=reference(name))),
        field_row("staff", localized(instrument.staff)),
        field_row("work", localized(instrument.work)),
        *_sides(name, instrument),
    ]
    head = f"{name}: {localized(instrument.doc)}\n{table(rows)}"
    return f"{head}\n\n{Message('Staff and costs (low to high: the range of the figure)')}\n{table(figure_rows(name))}"


def _sides(name: str, lever: Instrument | Stance) -> list[tuple[Words, ...]]:
    """Through what a lever acts, what it brings and what it costs."""
    return [
        field_row("acts through", Joined(acting_through(name, MECHANISMS))),
        field_row("brings", localized(lever.brings)),
        field_row("costs", localized(lever.costs)),
    ]


def _both_sides(lever: Instrument | Stance) -> str:
    return f"+ {localized(lever.brings)}\n- {localized(lever.costs)}"
