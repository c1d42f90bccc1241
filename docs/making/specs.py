"""Reference pages of parameters, levers, metrics and shocks, from the declarations in the code."""

from typing import Any

from docs.making.markdown import code, linked, page, table
from sim.describe.levers import reference
from sim.describe.measures import example
from sim.levers import DEFAULT_SPLITS, INSTRUMENT_ROWS, LEVERS, REFERENCE_SHARES, STANCES
from sim.levers.rows import Instrument, Stance
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import acting_through
from sim.metrics import METRICS
from sim.metrics.catalogue import CITY_ONLY
from sim.scenario.cities.staffing import shipped_rows
from sim.scenario.loading.measures import library
from sim.scenario.schema import policy
from sim.scenario.schema.shocks import Shock
from sim.shocks import SHOCKS
from sim.spec import extra_of, meaning, options_of

HEAD = ("name", "default", "unit", "range", "meaning", "source")


def pages() -> dict[str, str]:
    """Text of every page of this kind, by its path below docs/model."""
    return {"parameters.md": parameters(), "levers.md": levers(), "metrics.md": metrics(), "shocks.md": shocks(), "measures.md": measures()}


def spec_table(fields: dict[str, Any]) -> str:
    """A row for every number (or choice) of a spec."""
    return table(HEAD, [spec_row(name, field) for name, field in fields.items()], right=(1,))


def spec_row(name: str, field: Any) -> tuple[str, ...]:
    """Name, default, unit, range, meaning and source of one number."""
    extra = extra_of(field)
    default = f"{field.default:g}" if isinstance(field.default, (int, float)) else str(field.default)
    return f"`{name}`", default, extra.get("unit", ""), span(field), str(field.description), linked(extra.get("source", "assumption"))


def span(field: Any) -> str:
    """Range of a number, or the choices."""
    choices = getattr(field.annotation, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return ", ".join(choices)
    low = next((rule.ge for rule in field.metadata if hasattr(rule, "ge")), None)
    high = next((rule.le for rule in field.metadata if hasattr(rule, "le")), None)
    return "" if low is None and high is None else f"{low:g} to {high:g}"


def mechanism_links(names: Any) -> str:
    """Mechanisms by name, each with its page."""
    return ", ".join(f"[{name}](mechanisms/{name}.md)" for name in names)


def parameters() -> str:
    """Every parameter of every mechanism."""
    fields = [(name, key, field) for name, m in MECHANISMS.items() for key, field in m.parameters.model_fields.items()]
    open_forms = sum(bool(options_of(field)) for *_, field in fields)
    assumed = sum(extra_of(field).get("source", "").startswith("assumption") for *_, field in fields)
    parts = [
        f"{len(fields) - open_forms} parameters of {len(MECHANISMS)} mechanisms, in the order of the week; {assumed} of them are "
        f"assumptions, entirely or in their size; and {open_forms} [structural choices](choices.md). In a scenario: "
        "`mechanisms: {offending: {base: 0.02}}`, or `--set mechanisms.offending.base=0.02`. Those fitted to rates: "
        "[calibration](calibration.md)."
    ]
    for name, mechanism in MECHANISMS.items():
        numbers = mechanism.parameters.model_fields
        rows = [(*spec_row(key, field), meaning(field).text("zh")) for key, field in numbers.items()]
        parts += [f"## [{name}](mechanisms/{name}.md)", mechanism.title + ".", table((*HEAD, "含义"), rows, right=(1,))]
    return page("Parameters", *parts)


def levers() -> str:
    """Levers, their instruments, and stances."""
    rows = [
        (f"`policy.{name}`", f"{share:g}", "0 to 1", f"{sum(DEFAULT_SPLITS[name].values()):g}", code(LEVERS[name]))
        for name, share in REFERENCE_SHARES.items()
    ]
    parts = [
        "Measured effects of each lever: [source map](source_map.md). Their relative importance: [screening](screening.md). A "
        "lever acts through the mechanisms that read it, and through them on others.",
        "## Budget",
        spec_table({"budget": policy.BUDGET}),
        "## Levers",
        "Shares of the budget, money or staff; together at most the budget, the rest is left unspent. Default shares are what the staff of "
        "the city costs today.",
        table(("key", "default", "range", "weights sum to", "instruments"), rows, right=(1, 3)),
        "## Instruments",
        "A lever's money is divided over its instruments in proportion to `policy.<lever>.split.<instrument>` (0 to 1,000,000), by default "
        "as the staff of the city costs; an instrument may also be given by itself. Staff (per 10,000 residents), unit cost (yuan a year), "
        "work (a year and member of staff) and time constant (weeks) are those of the shipped cities, with ranges and sources in "
        "`sanzhi describe staffing`; staff follows its money: see [budget](mechanisms/budget.md).",
    ]
    for lever, names in LEVERS.items():
        parts += [f"### {lever}", table(_INSTRUMENT, [_instrument(lever, name) for name in names], right=(1, 2, 3, 5))]
    stances = [(*spec_row(f"stance.{name}", policy.Stance.model_fields[name])[:5], *_sides(name, row)) for name, row in STANCES.items()]
    heading = ("key", "default", "unit", "range", "meaning", "brings", "costs", "acts through")
    parts += [
        "## Stances",
        "They cost no budget and have benefits and costs, listed for a higher value. Defaults are assumptions.",
        table(heading, stances, right=(1,)),
    ]
    return page("Levers", *parts)


_INSTRUMENT = ("instrument", "default share", "staff", "unit cost", "work", "weeks", "meaning", "brings", "costs", "acts through")


def _instrument(lever: str, part: str) -> tuple[str, ...]:
    name = f"{lever}.{part}"
    row, rows = INSTRUMENT_ROWS[name], shipped_rows()
    staff, cost, done, weeks = (f"{rows[name, figure].value:,g}" for figure in ("staff", "cost", "throughput", "weeks"))
    employed, work = f"{staff} {row.staff['en']}", f"{done} {row.work['en']}"
    return f"`{part}`", f"{reference(name):.4g}", employed, cost, work, weeks, row.doc["en"], *_sides(name, row)


def _sides(name: str, row: Instrument | Stance) -> tuple[str, str, str]:
    """Benefits and costs of a lever, and the mechanisms that read it."""
    return row.brings["en"], row.costs["en"], mechanism_links(acting_through(name, MECHANISMS))


def metrics() -> str:
    """The catalogue of metrics."""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for name, m in METRICS.items():
        mark = " (city only)" if name in CITY_ONLY else ""
        row = (f"`{name}`", m.title, m.title_zh, m.unit, f"{m.low:g} to {m.high:g}", m.better, m.doc + mark)
        groups.setdefault(m.group, []).append(row)
    head = ("name", "title", "中文", "unit", "range", "better", "definition")
    parts = [
        f"{len(METRICS)} metrics, every week: for the city and, except those marked, for every district. `better` is the direction "
        "usually read as better; the model takes no side. Observed rates for comparison: [rates](rates.md)."
    ]
    for group, rows in groups.items():
        parts += [f"## {group.capitalize()}", table(head, rows)]
    return page("Metrics", *parts)


def shocks() -> str:
    """Kinds of shock, their keys and sizes."""
    kinds = [(f"`{name}`", text["en"]) for name, text in SHOCKS.items()]
    return page(
        "Shocks",
        "A shock has a kind, a time, an area, a strength and a duration: `shocks: [{kind: service_outage, at: year 3, where: {district: "
        "Pudong}, strength: 0.6, lasts: 8 weeks}]`. The mechanism: [shocks](mechanisms/shocks.md). Losses caused by a shock, "
        "by area, and the time to recovery: `sanzhi resilience factory_closures`, or [step by step](../how_to/what_if.md).",
        table(("kind", "what it does"), kinds),
        "## Keys of a shock",
        table(HEAD, [_key(name, field) for name, field in Shock.model_fields.items()], right=(1,)),
        "## Sizes",
        "Parameters of the mechanism, as `mechanisms.shocks.<name>`.",
        spec_table(MECHANISMS["shocks"].parameters.model_fields),
    )


def measures() -> str:
    """The library of measures, in both languages, each with an example."""
    head = ("measure", "question", "问题", "example 例", "stands for")
    rows = [
        (f"**{one.title['en']}** {one.title['zh']}", one.question["en"], one.question["zh"], f"`{example(name)}`", _stands_for(one))
        for name, one in library().items()
    ]
    return page(
        "Measures",
        "What people propose or fear, in their words. A scenario lists them under `measures`, and `sanzhi describe NAME` tells one; "
        "step by step: [a measure in your district](../how_to/measures.md). Each is a file of a few lines in `scenarios/measures/`; "
        "every number in it is an assumption that a scenario replaces. When a scenario is read, its measures are written out as entries "
        "of its timeline and as [shocks](shocks.md).",
        "情景用`measures`列出措施，`sanzhi describe NAME`说明其中一项。每项措施是`scenarios/measures/`中的几行文字，"
        "其中的数字都是假设，可在情景中改写。读取情景时，措施会展开为时间线条目与冲击。",
        "Every measure also takes a place (地点) and a time (时间):",
        table(
            ("key", "meaning", "含义"),
            [
                ("`district: Pudong`", "one district; the whole city unless given", "一个区；不写则为全市"),
                ("`districts: [Pudong, Minhang]`", "several; people that are added are so many in all", "若干区；增加的人员为合计人数"),
                ("`from: year 2`", "first week; week 0 unless given", "开始时间；不写则为第0周"),
                (
                    "`until: year 3`, or `for: 1 year`",
                    "from then on it is as if it had never been; to the end unless given",
                    "结束时间或持续时间；此后恢复原状；不写则持续到结束",
                ),
            ],
        ),
        table(head, rows),
    )


def _stands_for(measure: Any) -> str:
    entries = [f"{key} {value}" for entry in measure.timeline for key, value in entry.items()]
    entries += [", ".join(f"{key} {value}" for key, value in shock.items()) for shock in measure.shocks]
    return "; ".join(f"`{entry}`" for entry in entries).replace("'", "")


def _key(name: str, field: Any) -> tuple[str, ...]:
    default = "required" if field.is_required() else ("everywhere" if name == "where" else str(field.default))
    extra = extra_of(field)
    return f"`{name}`", default, extra.get("unit", ""), span(field), str(field.description), extra.get("source", "")
