"""Plain text for `sanzhi describe`: what there is, with unit, range, default and source, and what it brings and costs."""

import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from sim.errors import UserError
from sim.levers import DEFAULT_SPLITS, LEVERS, REFERENCE_SHARES

KINDS = ("levers", "mechanisms", "metrics", "presets", "shocks")
WIDTH = 110


class Note(NamedTuple):
    """What a lever brings and costs, the weeks its capacity takes to follow its money, and the mechanisms it acts through."""

    brings: str
    costs: str
    weeks: int
    through: tuple[str, ...]


NOTES: dict[str, Note] = {
    "self_governance.councils": Note(
        "voice in local affairs, efficacy, turnout, hours asked and given",
        "fatigue and burn-out, capture by a few, less voice for newcomers",
        26,
        ("participation",),
    ),
    "self_governance.mediation": Note(
        "disputes among neighbours and at work settled near home and early", "settlements under pressure come back", 13, ("resolution",)
    ),
    "self_governance.social_organisations": Note(
        "posts for volunteers, mutual aid, trust, fewer offences",
        "hours asked of the same people: fatigue, burn-out; strong neighbourhoods shut newcomers out",
        26,
        ("participation",),
    ),
    "self_governance.workplace": Note(
        "conflicts at work settled before they climb", "doors to work closed to those outside", 26, ("resolution", "livelihood")
    ),
    "rule_of_law.policing": Note("certainty of sanction, presence", "fruitless stops, which cost legitimacy", 4, ("policing", "unrest")),
    "rule_of_law.courts": Note(
        "cases decided, shorter queues", "suits divide neighbours: trust", 26, ("resolution", "collective_efficacy")
    ),
    "rule_of_law.oversight": Note(
        "less corruption, fewer fruitless stops, legitimacy",
        "officials' time and caution: fewer requests resolved",
        26,
        ("integrity", "policing", "procedural_justice"),
    ),
    "rule_of_law.legal_aid": Note("the weak get to court and win there", "more suits, longer queues", 26, ("resolution",)),
    "rule_of_law.legislation": Note(
        "clarity: better stops, less discretion, legitimacy",
        "rigidity: fewer local settlements; very slow",
        104,
        ("resolution", "policing", "procedural_justice"),
    ),
    "moral_education.media": Note(
        "norms of those near the message", "backlash of those far from it; credibility, raised expectations", 8, ("norms", "satisfaction")
    ),
    "moral_education.school": Note(
        "the norm people grow up with", "pressure on the young and their parents; very slow", 104, ("norms", "satisfaction")
    ),
    "moral_education.family": Note(
        "the norm held at home", "duties at home: happiness, time to volunteer", 26, ("norms", "satisfaction", "participation")
    ),
    "moral_education.workplace": Note("the norm held at work", "felt as pressure: happiness", 26, ("norms", "satisfaction")),
    "public_services.education": Note(
        "services for families and the young; skills that find work",
        "raised expectations",
        26,
        ("services", "livelihood", "norms", "satisfaction"),
    ),
    "public_services.employment": Note("work found sooner", "crowds out own effort", 26, ("services", "livelihood")),
    "public_services.social_security": Note(
        "strain taken off the old, the poor and the jobless",
        "slower search for work, less own effort",
        26,
        ("services", "livelihood", "participation"),
    ),
    "public_services.health": Note(
        "fatigue heals, the old are well",
        "wider gap to those without local registration",
        26,
        ("services", "participation", "satisfaction"),
    ),
    "public_services.housing": Note(
        "homes for newcomers and the young, less congestion",
        "rebuilding and moving cost trust among neighbours",
        26,
        ("services", "integration", "congestion", "collective_efficacy"),
    ),
}
"""Every instrument."""


class StanceNote(NamedTuple):
    """What a stance brings and costs when it is raised (or chosen), and the mechanisms it acts through."""

    brings: str
    costs: str
    through: tuple[str, ...]


STANCE_NOTES = {
    "coordination": StanceNote("faster hand-offs between units", "government work fits less where a community differs", ("coordination",)),
    "layers": StanceNote("narrow span of control: work fits better", "every hand-off takes longer", ("coordination",)),
    "transparency": StanceNote(
        "legitimacy, less corruption",
        "higher expectations; what comes to light costs legitimacy",
        ("integrity", "procedural_justice", "satisfaction"),
    ),
    "information_stance": StanceNote(
        "'open' ends rumours and earns credibility; 'suppress' keeps dissent from showing at once",
        "'open' admits failures and takes time; 'wait' lets rumours run; 'suppress' costs credibility and trust, and hides what is wrong",
        ("rumour",),
    ),
    "migrant_access": StanceNote(
        "services and belonging for residents without local registration",
        "load on services; resentment where hardship is high",
        ("services", "integration"),
    ),
    "digital_services": StanceNote("less load, quicker offices", "those over 60 are shut out", ("services", "resolution")),
    "service_projects": StanceNote("services where they lack, in season", "routine work; promises raise expectations", ("mass_work",)),
    "officials_visits": StanceNote("voice, cases settled at once", "routine work; queue jumping", ("mass_work",)),
    "appraisal_pressure": StanceNote("effort on what is measured", "neglect of the rest; reports better than life", ("appraisal",)),
    "appraisal_by": StanceNote(
        "'residents': effort on services, honest reports", "'residents': less effort on cases and offences", ("appraisal",)
    ),
    "audit": StanceNote(
        "less corruption, honest reports", "officials' time and caution: fewer requests resolved", ("integrity", "appraisal")
    ),
    "detection": StanceNote(
        "offences found, deterrence at cameras", "people suspected of nothing, exposure, chilled participation, upkeep", ("detection",)
    ),
    "detection_threshold": StanceNote("high: fewer people suspected of nothing", "high: fewer offences found", ("detection",)),
    "privacy_protection": StanceNote("less exposure, fewer false suspicions", "fewer offences found", ("detection",)),
    "patrol_targeting": StanceNote(
        "'reported' and 'risk_score': fewer offences where patrols go",
        "stops fall on the same places again and again; what is recorded follows the patrols",
        ("policing",),
    ),
    "campaign": StanceNote(
        "certainty of sanction for some weeks", "wrongful detention, fruitless stops, legitimacy; a rebound afterwards", ("campaign",)
    ),
    "planning_horizon": StanceNote("less congestion", "inflow held back, less slack to respond at once", ("congestion",)),
}
"""Every stance."""

SHOCK_NOTES = {
    "layoffs": "working people lose their work",
    "service_outage": "services fail",
    "major_incident": "fear, a trigger of unrest, a rumour",
    "rumour": "a story starts from many mouths at once",
    "influx": "visitors crowd in and newcomers replace residents without local registration",
    "disaster": "services and work fail, fear; and people help each other",
    "crowd_event": "a crowd gathers, in which sparks fly",
}
"""Every kind of shock: what it does (see `sim/mechanisms/shocks.py`)."""


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
        return (
            "\n".join(f"{k:<12}{', '.join(_names(k)) or 'none in this version'}" for k in KINDS) + "\n\nMore: sanzhi describe KIND [NAME]"
        )
    if kind not in KINDS:
        if name is None:
            return describe(*_find(kind))
        raise _unknown("kind", kind, KINDS)
    if name is None:
        return table([_row(kind, n) for n in _names(kind)]) if _names(kind) else f"There are no {kind} in this version."
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
    return {"levers": _lever, "mechanisms": _mechanism, "metrics": _metric, "presets": _preset, "shocks": _shock}[kind](name)


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

    mechanism = MECHANISMS[name]
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


def _metric(name: str) -> str:
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
    return f"{name}: {SHOCK_NOTES[name]}\n{example}\n{table(fields)}\n\nSizes (mechanisms.shocks)\n{table(sizes)}"


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
    raise _unknown("kind or name", name, [*KINDS, *(n for kind in KINDS for n in _names(kind))])


def _unknown(what: str, name: str, known: Any) -> UserError:
    import difflib

    near = difflib.get_close_matches(name, list(known), 1)
    return UserError(f"no {what} {name!r}" + (f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(known)}"))


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows in columns as wide as their widest cell; the last column wraps."""
    count = max(len(row) for row in rows)
    widths = [max((width(row[i]) for row in rows if len(row) > i), default=0) for i in range(count - 1)]
    lines = []
    for row in rows:
        head = "".join(cell + " " * (widths[i] - width(cell) + 2) for i, cell in enumerate(row[:-1]))
        wrapped = [line for part in row[-1].split("\n") for line in textwrap.wrap(part, max(40, WIDTH - width(head)))] or [""]
        lines += [(head + wrapped[0]).rstrip(), *(" " * width(head) + line for line in wrapped[1:])]
    return "\n".join(lines)


def width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if character >= "⺀" else 1 for character in text)
