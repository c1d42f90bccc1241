"""Plain text for `sanzhi describe`: what there is, with unit, range, default and source, and what it brings and costs."""

import textwrap
from collections.abc import Mapping
from typing import Any

from sim.errors import UserError
from sim.levers import BUDGET_LEVERS, DEFAULT_SPLITS, INSTRUMENT_ROWS, LEVERS, REFERENCE_SHARES, STANCES
from sim.levers.rows import Instrument, Stance
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism, acting_through
from sim.messages import Joined, Message, Words, language
from sim.scenario.schema.policy import Stance as Stances
from sim.shocks import SHOCKS
from sim.spec import meaning
from sim.text import WIDTH, table, wrapped_to

RESILIENCE = Message("sanzhi resilience SCENARIO (with its shocks and without them, on the same luck)")
KINDS = ("levers", "mechanisms", "metrics", "presets", "shocks")
WEEK, PLUGINS = "week", "plugins"
"""Beside the kinds of things: the order in which mechanisms act, and what comes from outside the package."""
ONE = {
    "levers": Message("lever"),
    "mechanisms": Message("mechanism"),
    "metrics": Message("metric"),
    "presets": Message("preset"),
    "shocks": Message("shock"),
}
LABEL = {
    "key": Message("key"),
    "unit": Message("unit"),
    "range": Message("range"),
    "default": Message("default"),
    "source": Message("source"),
    "reference": Message("reference"),
    "capacity": Message("capacity"),
    "instruments": Message("instruments"),
    "acts through": Message("acts through"),
    "brings": Message("brings"),
    "costs": Message("costs"),
    "group": Message("group"),
    "better": Message("better"),
}
"""Labels of entries."""
RESIDENTS = {"en": "residents", "zh": "居民"}
"""As a label; behind a number Chinese has another word."""


def reference(name: str) -> float:
    """Share of the budget that an instrument has in the reference city."""
    lever, part = name.split(".")
    return REFERENCE_SHARES[lever] * DEFAULT_SPLITS[lever][part] / sum(DEFAULT_SPLITS[lever].values())


def capacity(share: float, x0: float) -> float:
    """Steady capacity 2x / (x + x0) of an instrument with money `share`: 1 at the reference, never above 2."""
    return 2.0 * share / (share + x0) if share > 0 else 0.0


def title_of(titles: Mapping[Any, str]) -> str:
    """A title in the language in force, in English where there is none."""
    return titles.get(language()) or titles.get("en", "")


def describe(kind: str | None = None, name: str | None = None) -> str:
    """Text about everything, about one kind of thing, or about one thing.

    Raises
    ------
    UserError
        When there is no such kind or name; near names are suggested.
    """
    if kind is None:
        kinds = "\n".join(f"{k:<12}{', '.join(_names(k)) or Message('none in this version')}" for k in KINDS)
        return f"{kinds}\n\n{Message('More: sanzhi describe KIND [NAME]; who acts when: sanzhi describe week')}"
    if kind == WEEK and name is None:
        from sim.describe_week import week_text

        return week_text(MECHANISMS.values())
    if kind == PLUGINS:
        from sim.describe_plugins import plugins_text

        return plugins_text(name)
    if kind not in KINDS:
        if name is None:
            return describe(*_find(kind))
        raise _unknown(Message("kind"), kind, (*KINDS, WEEK, PLUGINS))
    if name is None and not _names(kind):
        return str(Message("There are no {kind} in this version.", kind=kind))
    if name is None:
        door = f"\n\n{Message('What they do to a city of yours: {command}', command=RESILIENCE)}" if kind == "shocks" else ""
        return table([_row(kind, n) for n in _names(kind)]) + door
    if name not in _names(kind):
        raise _unknown(ONE[kind], name, _names(kind))
    return _entry(kind, name)


def _names(kind: str) -> list[str]:
    if kind == "levers":
        return [*(n for lever, parts in LEVERS.items() for n in (lever, *(f"{lever}.{part}" for part in parts))), *STANCES]
    if kind == "mechanisms":
        return list(MECHANISMS)
    if kind == "metrics":
        from sim.metrics import METRICS

        return list(METRICS)
    if kind == "presets":
        from sim.scenario.cities.presets import list_presets

        return list_presets()
    return list(SHOCKS)


def _row(kind: str, name: str) -> tuple[Words, ...]:
    if kind == "levers":
        if name in STANCES:
            return name, Message("stance"), _both(STANCES[name])
        if name in LEVERS:
            return name, Message("share 0 to 1, reference {share:g}", share=REFERENCE_SHARES[name]), ""
        usual = Message("reference {share:.4g}", share=reference(name))
        return f"  {name.split('.')[1]}", usual, _both(INSTRUMENT_ROWS[name])
    if kind == "mechanisms":
        return name, MECHANISMS[name].phase, MECHANISMS[name].title.partition(": ")[2] or MECHANISMS[name].title
    if kind == "metrics":
        from sim.metrics import METRICS

        metric = METRICS[name]
        return name, metric.group, metric.unit, metric.doc_in(language())
    if kind == "shocks":
        return name, title_of(SHOCKS[name])
    from sim.scenario.cities.presets import load_preset

    preset = load_preset(name)
    size = Message("{residents:,} residents", residents=preset.population), Message("{count} districts", count=len(preset.districts))
    return name, *size, title_of(preset.title)


def _entry(kind: str, name: str) -> str:
    return {"levers": _lever, "mechanisms": _mechanism, "metrics": metric_text, "presets": _preset, "shocks": _shock}[kind](name)


def _lever(name: str) -> str:
    return _stance(name) if name in STANCES else _budget_lever(name) if name in LEVERS else _instrument(name)


def _stance(name: str) -> str:
    field = Stances.model_fields[name]
    rows = [
        line_of("key", f"stance.{name}"),
        line_of("default", str(field.default)),
        line_of("range", _range(field)),
        line_of("source", _source(field)),
        *_sides(name, STANCES[name]),
    ]
    return f"{name}: {title_of(STANCES[name].doc)}\n{table(rows)}"


def _budget_lever(name: str) -> str:
    rows = [
        line_of("key", f"policy.{name}"),
        line_of("unit", Message("share of the budget")),
        line_of("range", Message("0 to 1; all shares together at most 1")),
        line_of("default", f"{REFERENCE_SHARES[name]:g}"),
        line_of("source", Message("assumption")),
        line_of("instruments", Joined(LEVERS[name])),
    ]
    parts = [(f"  {part}", _both(row)) for part, row in BUDGET_LEVERS[name].instruments.items()]
    return f"{name}: {title_of(BUDGET_LEVERS[name].names)}\n{table(rows)}\n\n{Message('Brings (+) and costs (-)')}\n{table(parts)}"


def _instrument(name: str) -> str:
    row, (lever, part) = INSTRUMENT_ROWS[name], name.split(".")
    rows = [
        line_of("key", f"policy.{lever}.split.{part}"),
        line_of("unit", Message("relative weight within the lever")),
        line_of("default", f"{row.weight:g}"),
        line_of("reference", Message("{share:.4g} of the budget, where its capacity is 1", share=reference(name))),
        line_of("capacity", Message("moves to 2x/(x + reference) in about {weeks} weeks", weeks=weeks_of(name))),
        line_of("source", Message("assumption")),
        *_sides(name, row),
    ]
    return f"{name}: {title_of(row.doc)}\n{table(rows)}"


def weeks_of(name: str) -> int:
    """Weeks in which the capacity of an instrument follows its money, in the reference city."""
    pace = INSTRUMENT_ROWS[name].pace
    return round(MECHANISMS["budget"].parameters.model_fields[f"{pace}_weeks"].default)


def _sides(name: str, row: Instrument | Stance) -> list[tuple[Words, ...]]:
    """Through what a lever acts, what it brings and what it costs."""
    return [
        line_of("acts through", Joined(acting_through(name, MECHANISMS))),
        line_of("brings", title_of(row.brings)),
        line_of("costs", title_of(row.costs)),
    ]


def line_of(label: str, value: Words) -> tuple[Words, ...]:
    """A row of an entry; its label is one of `LABEL`."""
    return f"  {LABEL[label]}", value


def _both(row: Instrument | Stance) -> str:
    return f"+ {title_of(row.brings)}\n- {title_of(row.costs)}"


def _mechanism(name: str) -> str:
    return mechanism_text(MECHANISMS[name])


def mechanism_text(mechanism: Mechanism) -> str:
    """What a mechanism claims, reads, writes and counts, and its parameters."""
    head = (LABEL["default"], LABEL["range"], LABEL["unit"], Message("meaning [source]"))
    rows: list[tuple[Words, ...]] = [(f"  {Message('parameter')}", *head)]
    for key, field in mechanism.parameters.model_fields.items():
        unit = _extra(field).get("unit", "")
        rows.append((f"  {key}", f"{field.default:g}", _range(field), unit, f"{meaning(field)} [{_source(field)}]"))
    moves = {
        Message("reads: {names}", names=", ".join(mechanism.reads)): mechanism.reads,
        Message("writes: {names}", names=", ".join(mechanism.writes)): mechanism.writes,
        Message("counts: {names}", names=", ".join(mechanism.counts)): mechanism.counts,
    }
    listed = "\n".join(textwrap.fill(str(told), WIDTH, subsequent_indent="  ") for told, names in moves.items() if names)
    phase = Message("Phase: {phase}", phase=mechanism.phase)
    values = ", ".join(f"{key}: {value:g}" for key, value in mechanism.null.items())
    null = Message("changes nothing with: {values}, or enabled: false", values=values)
    return f"{mechanism.doc}\n\n{phase}\n{listed}\n{null}\n\n{table(rows)}"


def metric_text(name: str) -> str:
    """Group, unit, range and definition of a metric."""
    from sim.metrics import METRICS

    metric, spoken = METRICS[name], language()
    rows = [
        line_of("group", metric.group),
        line_of("unit", metric.unit),
        line_of("range", _span(metric.low, metric.high)),
        line_of("better", metric.better),
        *((("  中文", metric.title_zh),) if spoken == "en" else ()),
    ]
    definition = "\n".join(f"  {line}" for line in wrapped_to(metric.doc_in(spoken), WIDTH - 2))
    return f"{name}: {metric.title_in(spoken)}\n{definition}\n{table(rows)}"


def _shock(name: str) -> str:
    from sim.mechanisms import MECHANISMS
    from sim.scenario.schema.shocks import Shock

    fields = [(f"  {key}", f"{field.description} [{_source(field)}]") for key, field in Shock.model_fields.items() if key != "kind"]
    sizes = [(f"  {key}", f"{field.default:g}", meaning(field)) for key, field in MECHANISMS["shocks"].parameters.model_fields.items()]
    example = f"  shocks: [{{kind: {name}, at: year 2, lasts: 8 weeks, strength: 0.6}}]"
    head, door = Message("Sizes (mechanisms.shocks)"), Message("What one does to a city of yours: {command}", command=RESILIENCE)
    return f"{name}: {title_of(SHOCKS[name])}\n{example}\n{table(fields)}\n\n{head}\n{table(sizes)}\n\n{door}"


def _preset(name: str) -> str:
    from sim.scenario.cities.presets import load_preset

    preset = load_preset(name)
    rows: list[tuple[Words, ...]] = [
        (f"  {key}", f"{getattr(preset, key):g}") for key in ("nonlocal_share", "household_size", "subdistrict_units", "police_per_1000")
    ]
    districts = [
        (f"  {Message('district')}", RESIDENTS[language()]),
        *((f"  {d.name} {d.name_zh}", f"{d.population:,}") for d in preset.districts),
    ]
    sources = "\n".join(f"  {key}: {text}" for key, text in preset.sources.items())
    head = f"{name}: {title_of(preset.title)}\n  {RESIDENTS[language()]} {preset.population:,}"
    return f"{head}\n{table(rows)}\n\n{table(districts)}\n\n{Message('Sources')}\n{sources}"


def _range(field: Any) -> str:
    choices = getattr(field.annotation, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return " | ".join(choices)
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    return str(_span(low, high))


def _span(low: float | None, high: float | None) -> Message:
    return Message("{low} to {high}", low=_bound(low), high=_bound(high))


def _bound(value: float | None) -> Words:
    return Message("any") if value is None else f"{value:g}"


def _source(field: Any) -> str:
    found = _extra(field).get("source", "assumption")
    return str(Message("assumption")) if found == "assumption" else found


def _extra(field: Any) -> dict[str, str]:
    return field.json_schema_extra or {}


def _find(name: str) -> tuple[str, str]:
    for kind in KINDS:
        if name in _names(kind):
            return kind, name
    raise _unknown(Message("kind or name"), name, [*KINDS, WEEK, PLUGINS, *(n for kind in KINDS for n in _names(kind))])


def _unknown(what: Message, name: str, known: Any) -> UserError:
    import difflib

    near = difflib.get_close_matches(name, list(known), 1)
    if near:
        return UserError("no {what} {name!r}; did you mean {near}?", what=what, name=name, near=near[0])
    return UserError("no {what} {name!r}; there are: {known}", what=what, name=name, known=Joined(known))
