"""Plain text for `sanzhi describe`: what there is, with unit, range, default and source, and what it brings and costs."""

import textwrap
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.levers import DEFAULT_SPLITS, LEVERS, REFERENCE_SHARES
from sim.notes import NOTES, SHOCK_NOTES, STANCE_NOTES
from sim.text import WIDTH, table

if TYPE_CHECKING:
    from sim.mechanisms.base import Mechanism

RESILIENCE = "sanzhi resilience SCENARIO (with its shocks and without them, on the same luck)"
KINDS = ("levers", "mechanisms", "metrics", "presets", "shocks")
WEEK, PLUGINS = "week", "plugins"
"""Beside the kinds of things: the order in which mechanisms act, and what comes from outside the package."""


def reference(name: str) -> float:
    """Share of the budget that an instrument has in the reference city."""
    lever, part = name.split(".")
    return REFERENCE_SHARES[lever] * DEFAULT_SPLITS[lever][part] / sum(DEFAULT_SPLITS[lever].values())


def capacity(share: float, x0: float) -> float:
    """Steady capacity 2x / (x + x0) of an instrument with money `share`: 1 at the reference, never above 2."""
    return 2.0 * share / (share + x0) if share > 0 else 0.0


def describe(kind: str | None = None, name: str | None = None) -> str:
    """Text about everything, about one kind of thing, or about one thing.

    Raises
    ------
    UserError
        When there is no such kind or name; near names are suggested.
    """
    if kind is None:
        kinds = "\n".join(f"{k:<12}{', '.join(_names(k)) or 'none in this version'}" for k in KINDS)
        return f"{kinds}\n\nMore: sanzhi describe KIND [NAME]; who acts when: sanzhi describe week"
    if kind == WEEK and name is None:
        from sim.describe_week import week_text
        from sim.mechanisms import MECHANISMS

        return week_text(MECHANISMS.values())
    if kind == PLUGINS:
        from sim.describe_plugins import plugins_text

        return plugins_text(name)
    if kind not in KINDS:
        if name is None:
            return describe(*_find(kind))
        raise _unknown("kind", kind, (*KINDS, WEEK, PLUGINS))
    if name is None and not _names(kind):
        return f"There are no {kind} in this version."
    if name is None:
        door = f"\n\nWhat they do to a city of yours: {RESILIENCE}" if kind == "shocks" else ""
        return table([_row(kind, n) for n in _names(kind)]) + door
    if name not in _names(kind):
        raise _unknown(kind.removesuffix("s"), name, _names(kind))
    return _entry(kind, name)


def _names(kind: str) -> list[str]:
    if kind == "levers":
        return [*(n for lever, parts in LEVERS.items() for n in (lever, *(f"{lever}.{part}" for part in parts))), *STANCE_NOTES]
    if kind == "mechanisms":
        from sim.mechanisms import MECHANISMS

        return list(MECHANISMS)
    if kind == "metrics":
        from sim.metrics import METRICS

        return list(METRICS)
    if kind == "presets":
        from sim.scenario.presets import list_presets

        return list_presets()
    return list(SHOCK_NOTES)


def _row(kind: str, name: str) -> tuple[str, ...]:
    if kind == "levers":
        if name in STANCE_NOTES:
            return name, "stance", _both(*STANCE_NOTES[name][:2])
        if name in LEVERS:
            return name, f"share 0 to 1, reference {REFERENCE_SHARES[name]:g}", ""
        return f"  {name.split('.')[1]}", f"reference {reference(name):.4g}", _both(NOTES[name].brings, NOTES[name].costs)
    if kind == "mechanisms":
        from sim.mechanisms import MECHANISMS

        return name, MECHANISMS[name].phase, MECHANISMS[name].title.partition(": ")[2] or MECHANISMS[name].title
    if kind == "metrics":
        from sim.metrics import METRICS

        metric = METRICS[name]
        return name, metric.group, metric.unit, metric.doc
    if kind == "shocks":
        return name, SHOCK_NOTES[name]
    from sim.scenario.presets import load_preset

    preset = load_preset(name)
    return name, f"{preset.population:,} residents", f"{len(preset.districts)} districts", preset.title.get("en", "")


def _entry(kind: str, name: str) -> str:
    return {"levers": _lever, "mechanisms": _mechanism, "metrics": metric_text, "presets": _preset, "shocks": _shock}[kind](name)


def _lever(name: str) -> str:
    if name in STANCE_NOTES:
        field, (brings, costs, through) = _stance(name), STANCE_NOTES[name]
        rows = [("  key", f"stance.{name}"), ("  default", str(field.default)), ("  range", _range(field)), ("  source", _source(field))]
        rows += [("  acts through", ", ".join(through)), ("  brings", brings), ("  costs", costs)]
        return f"{name}: {field.description}\n{table(rows)}"
    if name in LEVERS:
        rows = [("  key", f"policy.{name}"), ("  unit", "share of the budget"), ("  range", "0 to 1; all shares together at most 1")]
        rows += [("  default", f"{REFERENCE_SHARES[name]:g}"), ("  source", "assumption"), ("  instruments", ", ".join(LEVERS[name]))]
        parts = [(f"  {p}", _both(NOTES[f"{name}.{p}"].brings, NOTES[f"{name}.{p}"].costs)) for p in LEVERS[name]]
        return f"{name}\n{table(rows)}\n\nBrings (+) and costs (-)\n{table(parts)}"
    note, (lever, part) = NOTES[name], name.split(".")
    rows = [
        ("  key", f"policy.{lever}.split.{part}"),
        ("  unit", "relative weight within the lever"),
        ("  default", f"{DEFAULT_SPLITS[lever][part]:g}"),
        ("  reference", f"{reference(name):.4g} of the budget, where its capacity is 1"),
        ("  capacity", f"moves to 2x/(x + reference) in about {note.weeks} weeks"),
        ("  acts through", ", ".join(note.through)),
        ("  brings", note.brings),
        ("  costs", note.costs),
        ("  source", "assumption"),
    ]
    return f"{name}\n{table(rows)}"


def _both(brings: str, costs: str) -> str:
    return f"+ {brings}\n- {costs}"


def _stance(name: str) -> Any:
    from sim.scenario.policy import Stance

    return Stance.model_fields[name]


def _mechanism(name: str) -> str:
    from sim.mechanisms import MECHANISMS

    return mechanism_text(MECHANISMS[name])


def mechanism_text(mechanism: "Mechanism") -> str:
    """What a mechanism claims, reads, writes and counts, and its parameters."""
    rows: list[tuple[str, ...]] = [("  parameter", "default", "range", "unit", "meaning [source]")]
    for key, field in mechanism.parameters.model_fields.items():
        unit = _extra(field).get("unit", "")
        rows.append((f"  {key}", f"{field.default:g}", _range(field), unit, f"{field.description} [{_source(field)}]"))
    moves = {"reads": mechanism.reads, "writes": mechanism.writes, "counts": mechanism.counts}
    listed = "\n".join(
        textwrap.fill(f"{what}: {', '.join(names)}", WIDTH, subsequent_indent="  ") for what, names in moves.items() if names
    )
    null = ", ".join(f"{key}: {value:g}" for key, value in mechanism.null.items())
    return f"{mechanism.doc}\n\nPhase: {mechanism.phase}\n{listed}\nchanges nothing with: {null}, or enabled: false\n\n{table(rows)}"


def metric_text(name: str) -> str:
    """Group, unit, range and definition of a metric."""
    from sim.metrics import METRICS

    metric = METRICS[name]
    bounds = f"{_bound(metric.low)} to {_bound(metric.high)}"
    rows = [
        ("  group", metric.group),
        ("  unit", metric.unit),
        ("  range", bounds),
        ("  better", metric.better),
        ("  中文", metric.title_zh),
    ]
    return f"{name}: {metric.title_en}\n{textwrap.fill(metric.doc, WIDTH, initial_indent='  ', subsequent_indent='  ')}\n{table(rows)}"


def _shock(name: str) -> str:
    from sim.mechanisms import MECHANISMS
    from sim.scenario.shocks import Shock

    fields = [(f"  {key}", f"{field.description} [{_source(field)}]") for key, field in Shock.model_fields.items() if key != "kind"]
    sizes = [
        (f"  {key}", f"{field.default:g}", str(field.description)) for key, field in MECHANISMS["shocks"].parameters.model_fields.items()
    ]
    example = f"  shocks: [{{kind: {name}, at: year 2, lasts: 8 weeks, strength: 0.6}}]"
    door = f"What one does to a city of yours: {RESILIENCE}"
    return f"{name}: {SHOCK_NOTES[name]}\n{example}\n{table(fields)}\n\nSizes (mechanisms.shocks)\n{table(sizes)}\n\n{door}"


def _preset(name: str) -> str:
    from sim.scenario.presets import load_preset

    preset = load_preset(name)
    rows = [
        (f"  {key}", f"{getattr(preset, key):g}") for key in ("nonlocal_share", "household_size", "subdistrict_units", "police_per_1000")
    ]
    districts = [("  district", "residents"), *((f"  {d.name} {d.name_zh}", f"{d.population:,}") for d in preset.districts)]
    sources = "\n".join(f"  {key}: {text}" for key, text in preset.sources.items())
    head = f"{name}: {preset.title.get('en', '')}\n  residents {preset.population:,}"
    return f"{head}\n{table(rows)}\n\n{table(districts)}\n\nSources\n{sources}"


def _range(field: Any) -> str:
    choices = getattr(field.annotation, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return " | ".join(choices)
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    return f"{_bound(low)} to {_bound(high)}"


def _bound(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"


def _source(field: Any) -> str:
    return _extra(field).get("source", "assumption")


def _extra(field: Any) -> dict[str, str]:
    return field.json_schema_extra or {}


def _find(name: str) -> tuple[str, str]:
    for kind in KINDS:
        if name in _names(kind):
            return kind, name
    raise _unknown("kind or name", name, [*KINDS, WEEK, PLUGINS, *(n for kind in KINDS for n in _names(kind))])


def _unknown(what: str, name: str, known: Any) -> UserError:
    import difflib

    near = difflib.get_close_matches(name, list(known), 1)
    return UserError(f"no {what} {name!r}" + (f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(known)}"))
