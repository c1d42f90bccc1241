"""The report of one run: a page that needs nothing but itself, and the figures beside it."""

import base64
import csv
import io
import json
import os
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import gammaincinv, stdtrit

from sim.errors import UserError
from sim.levers import LEVERS, REFERENCE_SHARES
from sim.report import figures as draw
from sim.report import style
from sim.report.labels import (
    DEFINITION,
    LANGUAGES,
    RANGE,
    RANGE_OF_CITY,
    SCOPE,
    SHARES,
    UNIT,
    Range,
    between,
    lever_title,
    metric_title,
    metric_unit,
    number,
    percent,
    text,
)

if TYPE_CHECKING:
    from jinja2 import Environment

    from sim.results import Run

PARTS = (*draw.STABILITY, *draw.SATISFACTION)
TEMPLATES = Path(__file__).parent / "templates"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COUNTED = "per 1,000 residents and year"
"""Unit of rates that count events, whose luck is that of counting."""
FEW_EVENTS = 30


class Estimate(NamedTuple):
    """Mean over replicates, its 95 % t-interval (NaN for one replicate), and the lowest and highest replicate."""

    mean: float
    low: float
    high: float
    min: float
    max: float


class Table(NamedTuple):
    """Words and numbers in rows, for the page and as CSV."""

    head: list[str]
    rows: list[list[str]]


def write_report(run: "Run", folder: str | Path, lang: str = "en") -> Path:
    """Write ``report.html`` and ``figures/`` of a run into `folder`.

    Parameters
    ----------
    run : Run
    folder : path
        Usually the run's own; made where it does not exist.
    lang : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Path
        The page. It is self-contained: it opens without a network and without the figures beside it.
    """
    if lang not in LANGUAGES:
        raise UserError(f"lang: got {lang!r}; expected {' or '.join(LANGUAGES)}")
    folder = Path(folder)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    drawn = _figures(run, folder / "figures", lang)
    page = folder / "report.html"
    _put(page, render(run, drawn, lang).encode())
    return page


def render(run: "Run", drawn: dict[str, dict[str, Any]], lang: str) -> str:
    """The page as text, with the figures that `write_report` drew."""
    context = {
        "lang": lang,
        "t": partial(_say, lang=lang),
        "title": run.scenario.title.get("zh" if lang == "zh" else "en") or run.scenario.name,
        "question": _question(run, lang),
        "cards": _cards(run, lang),
        "answer": answer(run, lang),
        "notices": _notices(run, lang),
        "figures": drawn,
        "definitions": [(metric_title(n, lang), DEFINITION[n].of(lang)) for n in draw.has(run.weekly, PARTS)],
        "prices": ends_table(run, (*draw.BUDGET, *draw.HARM), lang),
        "targets": targets(run, lang),
        "rates": rates(run, lang),
        "policy": _policy(run, lang),
        "stances": _stances(run, lang),
        "facts": _facts(run, lang),
        "differences": differences(run.scenario),
        "reproduce": _reproduce(run, lang),
        "scope": SCOPE.of(lang),
        "runs": _runs(run, lang),
        "edge": draw.edge(_weeks(run)),
        "year": min(52, _weeks(run)),
    }
    return _environment().get_template("report.html.jinja").render(context)


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _say(key: str, lang: str, **values: object) -> str:
    return text(key, lang, **values)


def _weeks(run: "Run") -> int:
    return int(run.weekly["week"].nunique())


# ------------------------------------------------------------------------------------------------------------------ the answer


def estimate(values: np.ndarray) -> Estimate:
    """Mean, 95 % t-interval and range of one number per replicate, shape (replicates,)."""
    values = values[np.isfinite(values)]
    if not len(values):
        return Estimate(*[float("nan")] * 5)
    mean, half = float(values.mean()), float("nan")
    if len(values) > 1:
        half = float(stdtrit(len(values) - 1, 0.975) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(mean, mean - half, mean + half, float(values.min()), float(values.max()))


def change(run: "Run", name: str) -> tuple[Estimate, Estimate, Estimate]:
    """A metric at the start, at the end, and its change; the change is taken within each replicate."""
    start, end = draw.edges(run.weekly, name)
    return estimate(start), estimate(end), estimate(end - start)


def answer(run: "Run", lang: str) -> list[str]:
    """What happened to the two indices, in sentences with numbers and their uncertainty; no verdict."""
    said = [_sentence(run, name, lang) for name in draw.has(run.weekly, draw.INDICES)]
    moved = {name: change(run, name)[2].mean for name in draw.has(run.weekly, PARTS)}
    if moved and np.isfinite(list(moved.values())).any():
        name = max(moved, key=lambda n: abs(moved[n]) if np.isfinite(moved[n]) else -1.0)
        said.append(text("answer_moved", lang, name=_small(metric_title(name, lang)), change=number(moved[name], name, sign=True)))
    return said


def _sentence(run, name, lang) -> str:
    _, end, moved = change(run, name)
    show, signed = partial(number, name=name), partial(number, name=name, sign=True)
    values = {"low": show(end.low), "high": show(end.high), "min": show(end.min), "max": show(end.max)}
    single = np.isnan(moved.low)
    interval = "" if single else text("answer_interval", lang, **values)
    first = text("answer", lang, name=_small(metric_title(name, lang)), end=show(end.mean), interval=interval)
    kind = "single" if single else "flat" if moved.low <= 0 <= moved.high else "up" if moved.mean > 0 else "down"
    low, high, size = moved.low, moved.high, signed(moved.mean)
    if kind in ("up", "down"):
        # "0.02 below (0.01 to 0.03)": sizes, the smaller first.
        low, high = sorted((abs(moved.low), abs(moved.high)))
        plain = [number(abs(v), name, sign=True).lstrip("+") for v in (moved.mean, low, high)]
    else:
        plain = [size, signed(low), signed(high)]
    return first + text("gap", lang) + text(f"answer_{kind}", lang, change=plain[0], low=plain[1], high=plain[2])


def _cards(run, lang) -> list[dict[str, str]]:
    cards = []
    for name in draw.has(run.weekly, draw.INDICES):
        start, end, moved = change(run, name)
        steps = {"start": number(start.mean, name), "end": number(end.mean, name), "change": number(moved.mean, name, sign=True)}
        spread = text("card_interval", lang, low=number(end.low, name), high=number(end.high, name)) if np.isfinite(end.low) else ""
        shown = {"value": steps["end"], "interval": spread, "moved": text("card", lang, **steps)}
        cards.append({"name": name, "title": metric_title(name, lang), **shown})
    return cards


def _question(run, lang) -> str:
    """The scenario's own question, or one made of what differs from the reference."""
    scenario = run.scenario
    if scenario.description:
        return scenario.description
    said, other = [], 0
    for key, value, default in differences(scenario):
        if key.startswith("policy.") and key.endswith(".share"):
            lever = _small(lever_title(key.split(".")[1], lang))
            said.append(text("question_share", lang, lever=lever, share=percent(float(value)), reference=percent(float(default))))
        elif key == "budget":
            said.append(text("question_budget", lang, value=value))
        elif not key.startswith(("city.", "horizon")):
            other += 1
    if other:
        said.append(text("question_other" if other > 1 else "question_one", lang, count=other))
    said = said or [text("question_default", lang)]
    policy = text("join", lang).join(said[:-1]) + (text("last", lang) if len(said) > 1 else "") + said[-1]
    return text("question", lang, city=_city(scenario, lang), horizon=_horizon(scenario.horizon, lang), policy=policy)


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


def _horizon(weeks: int, lang: str) -> str:
    if weeks % 52:
        return text("weeks", lang, count=weeks)
    return text("year", lang) if weeks == 52 else text("years", lang, count=weeks // 52)


def _city(scenario, lang) -> str:
    from sim.scenario.presets import preset_of

    return dict(preset_of(scenario.city).title).get(lang, scenario.city.preset)


def _notices(run, lang) -> list[str]:
    said = []
    failed, wanted = run.manifest.get("failures") or [], run.manifest.get("replicates", len(run.seeds))
    if failed:
        said.append(text("failures", lang, count=len(failed), total=wanted))
    if run.manifest.get("interrupted"):
        said.append(text("interrupted", lang))
    if lang == "zh" and style.figure_language(lang) != "zh":
        said.append(text("no_font", lang))
    return said


# ---------------------------------------------------------------------------------------------------------------------- tables


def ends_table(run: "Run", names: Iterable[str], lang: str) -> Table:
    """Metrics at the start and at the end, the change, and the range of the replicates at the end."""
    head = [text(key, lang) for key in ("metric", "unit", "start", "end", "change", "lowest", "highest")]
    rows = []
    for name in draw.has(run.weekly, list(names)):
        start, end, moved = change(run, name)
        show = partial(number, name=name)
        row = [show(start.mean), show(end.mean), show(moved.mean, sign=True), show(end.min), show(end.max)]
        rows.append([metric_title(name, lang), metric_unit(name, lang), *row])
    return Table(head, rows)


def targets(run: "Run", lang: str) -> list[dict[str, str]]:
    """Rows of the table of targets: what was asked of whom by when, what is, and whether it is met."""
    if not run.scenario.targets:
        return []
    from sim.targets import judge

    rows = []
    for row in judge(run.scenario.targets, run.weekly, run.districts).to_dict("records"):
        due = np.isfinite(row["at_date"])
        value = row["at_date"] if due else row["now"]
        sign, bound = ("≥", row["at_least"]) if np.isfinite(row["at_least"]) else ("≤", row["at_most"])
        rows.append(
            {
                "metric": metric_title(row["metric"], lang),
                "asked": f"{sign} {number(bound, row['metric'])}",
                "by": str(row["by_week"]),
                "responsible": str(row["responsible"]),
                "value": number(value, row["metric"]) if np.isfinite(value) else "–",
                "state": text("target_" + row["state"].replace(" ", "_"), lang),
                "share": f"{row['share_met']:.0%}" if np.isfinite(row["share_met"]) else "–",
            }
        )
    return rows


def rates(run: "Run", lang: str) -> list[dict[str, Any]]:
    """Each rate of the last year beside what sources say of a large Chinese city about 2020."""
    reference = RANGE | RANGE_OF_CITY.get(run.scenario.city.preset, {})
    return [_rate(run, name, reference[name], lang) for name in reference if name in run.weekly]


def _rate(run, name, reference: Range, lang) -> dict[str, Any]:
    values = draw.by_week(run.weekly, name)[-1]
    here, show = estimate(values), partial(number, name=name)
    verdict = _verdict(run, name, here.mean, reference)
    several = np.isfinite(here.low) and show(here.min) != show(here.max)
    return {
        "title": metric_title(name, lang),
        "unit": "" if name in SHARES else metric_unit(name, lang),
        "here": show(here.mean),
        "runs": between(show(here.min), show(here.max)) if several else "",
        "reference": between(*(percent(v) if name in SHARES else f"{v:g}" for v in reference[:2])),
        "note": reference.note.of(lang),
        "verdict": verdict,
        "bar": _bar(here, reference),
    }


def _verdict(run, name, mean: float, reference: Range) -> str:
    """Inside, below or above; of rare events only where their count, as a Poisson count, can tell."""
    if np.isnan(mean):
        return "missing"
    place = "below" if mean < reference.low else "above" if mean > reference.high else "inside"
    people = run.manifest.get("residents") or run.scenario.city.population
    lives = people * max(1, run.weekly["replicate"].nunique()) / 1000  # thousands of resident-years behind the rate
    events = mean * lives
    if events < FEW_EVENTS and metric_unit(name, "en") == UNIT[COUNTED].en:
        low = float(gammaincinv(events, 0.025)) / lives if events > 0 else 0.0
        high = float(gammaincinv(events + 1, 0.975)) / lives
        certain = high < reference.low or low > reference.high or reference.low <= low <= high <= reference.high
        return place if certain else "rare"
    return place


def _bar(here: Estimate, reference: Range) -> dict[str, float]:
    """Places in per cent on a scale around the reference range; a value far outside stands at the end of the scale."""
    span = reference.high - reference.low
    first, last = max(0.0, reference.low - span), reference.high + span
    place = lambda value: 100 * min(1.0, max(0.0, (value - first) / (last - first)))  # noqa: E731
    low, high = place(reference.low), place(reference.high)
    if np.isnan(here.mean):
        return {"low": low, "high": high}
    return {"low": low, "high": high, "mean": place(here.mean), "min": place(here.min), "max": place(here.max)}


def _policy(run, lang) -> list[dict[str, Any]]:
    rows, left = [], 1.0
    for name, instruments in LEVERS.items():
        lever = getattr(run.scenario.policy, name)
        total = sum(lever.split.values())
        parts = [f"{lever_title(i, lang)} {percent(lever.share * lever.split[i] / total)}" for i in instruments]
        rows.append(_lever_row(lever_title(name, lang), lever.share, REFERENCE_SHARES[name], text("join", lang).join(parts)))
        left -= lever.share
    return [*rows, _lever_row(lever_title("unspent", lang), abs(left), 1 - sum(REFERENCE_SHARES.values()), "")]


def _lever_row(title, share, reference, instruments) -> dict[str, Any]:
    differs = abs(share - reference) > 1e-9
    return {
        "title": title,
        "share": share,
        "shown": percent(share),
        "reference": percent(reference),
        "difference": percent(share - reference, "+").replace("%", "pp") if differs else "=",
        "instruments": instruments,
    }


def _stances(run, lang) -> list[tuple[str, str, str]]:
    rows = []
    for name, field in type(run.scenario.stance).model_fields.items():
        value, default = getattr(run.scenario.stance, name), field.default
        show = lambda v: lever_title(v, lang) if isinstance(v, str) else f"{v:g}"  # noqa: E731
        rows.append((lever_title(name, lang), show(value), show(default)))
    return rows


def _facts(run, lang) -> list[tuple[str, str]]:
    scenario = run.scenario
    residents = f"{run.manifest.get('residents') or scenario.city.population:,}"
    key = "city_scaled" if scenario.city.scale < 1 else "city_whole"
    facts = [
        (text("city", lang), text(key, lang, title=_city(scenario, lang), share=percent(scenario.city.scale), residents=residents)),
        (text("horizon", lang), _horizon(scenario.horizon, lang)),
        (text("budget", lang), text("budget_value", lang, value=f"{scenario.budget:g}")),
    ]
    for index in draw.INDICES:
        weights = getattr(scenario.weights, index).model_dump()
        total = sum(weights.values())
        parts = [f"{metric_title(name, lang)} {percent(weight / total)}" for name, weight in weights.items()]
        facts.append((f"{text('weights', lang)}: {metric_title(index, lang)}", text("join", lang).join(parts)))
    return facts


def differences(scenario: Any) -> list[tuple[str, str, str]]:
    """Settings that are not at their default: dotted key, value, default."""
    from sim.scenario import read_scenario

    here, there = _flat(scenario.canonical()), _flat(read_scenario({"name": "reference"}).canonical())
    keys = [key for key in here if key.split(".")[0] not in ("name", "seed", "replicates", "schema")]
    return [(key, _plain(here[key]), _plain(there.get(key))) for key in keys if here[key] != there.get(key)]


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {prefix: value}
    return {k: v for key, part in value.items() for k, v in _flat(part, f"{prefix}.{key}" if prefix else key).items()}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()  # as in a scenario file
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _reproduce(run, lang) -> dict[str, Any]:
    import yaml

    scenario, manifest = run.scenario, run.manifest
    count = manifest.get("replicates", len(run.seeds))
    first = manifest.get("seed", run.seeds[0])
    data = json.loads(json.dumps(scenario.as_data()))
    kept = {key: manifest[key] for key in ("scenario", "seeds", "failures", "versions", "run_key") if key in manifest}
    file = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return {
        "command": f"sanzhi run {scenario.name}.yaml --seed {first} --replicates {count}",
        "rerun": f"sanzhi rerun results/{scenario.name}/{manifest.get('run_key') or scenario.run_key(first, count)}",
        "seeds": _spans(run.seeds),
        "hash": run.content_hash,
        "versions": text("join", lang).join(f"{name} {version}" for name, version in manifest.get("versions", {}).items()),
        "version": manifest.get("versions", {}).get("sanzhi", ""),
        "file": f"{scenario.name}.yaml",
        "yaml": _uri("text/yaml", file.encode()),
        "json": kept | {"content_hash": run.content_hash},
    }


def _spans(seeds: Iterable[int]) -> str:
    """Seeds with runs of neighbours joined: ``1–8, 10``."""
    spans: list[list[int]] = []
    for seed in seeds:
        if spans and seed == spans[-1][1] + 1:
            spans[-1][1] = seed
        else:
            spans.append([seed, seed])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)


# --------------------------------------------------------------------------------------------------------------------- figures


def _figures(run, folder: Path, lang: str) -> dict[str, dict[str, Any]]:
    """Draw every figure for page and phone; what a run has no data for is None."""
    drawn: dict[str, dict[str, Any]] = {}
    for name, function in draw.FIGURES.items():
        table = _figure_table(run, name, lang)
        if not table.rows:
            drawn[name] = {}
            continue
        extra = {"names": _district_names(run, style.figure_language(lang))} if name == "districts" else {}
        pictures = [function(run, style.figure_language(lang), narrow, **extra) for narrow in (False, True)]
        wide, narrow = (style.to_svg(picture) for picture in pictures)
        pictures[0].set_layout_engine("none")  # it has its place already
        _put(folder / f"{name}.svg", wide)
        _put(folder / f"{name}.png", style.to_png(pictures[0]))
        size = [round(100 * inches) for inches in pictures[0].get_size_inches()]
        drawn[name] = {
            "name": name,
            "alt": _alt(run, name, lang),
            "wide": _uri("image/svg+xml", wide),
            "narrow": _uri("image/svg+xml", narrow),
            "size": size,
            "note": _band_note(run, lang) if name not in ("districts", "flows") else "",
            "table": table,
            "csv": _uri("text/csv;charset=utf-8", _csv(_series(run, name) or table)),
        }
    return drawn


NAMES = {
    "indices": draw.INDICES,
    "parts": (*PARTS, *draw.SPREAD),
    "prices": (*draw.BUDGET, *draw.HARM),
    "fairness": draw.FAIRNESS,
}
"""Metrics over time that a figure shows."""


def _figure_table(run, name, lang) -> Table:
    if name == "districts":
        return _district_table(run, lang)
    return _flow_table(run, lang) if name == "flows" else ends_table(run, NAMES[name], lang)


def _district_table(run, lang) -> Table:
    names, head = _district_names(run, lang), [text("district", lang)]
    rows: list[list[str]] = []
    if not draw.has(run.districts, draw.INDICES):
        return Table(head, rows)
    table = draw.district_table(run)
    for index in draw.has(run.districts, draw.INDICES):
        head += [f"{metric_title(index, lang)}: {text(what, lang)}" for what in ("mean", "lowest", "highest")]
    for district, values in zip(table.index, table.to_numpy(), strict=True):
        rows.append([names(district), *(number(v, "stability") for v in values)])
    return Table(head, rows)


def _district_names(run, lang):
    from sim.scenario.presets import preset_of

    chinese = {d.name: d.name_zh for d in preset_of(run.scenario.city).districts} if lang == "zh" else {}
    return lambda name: chinese.get(str(name), str(name))


def _flow_table(run, lang) -> Table:
    """The ladder stage by stage where the counts are at hand, else what `ladder` says; a year's cases per 1,000 residents."""
    shares = draw.ladder(run)
    head = [text(key, lang) for key in ("stage", "arrived", "closed", "failed", "waits")]
    people = run.manifest.get("residents") or run.scenario.city.population
    scale = 1000 / people / max(1, run.flows["replicate"].nunique()) if len(run.flows) else 0.0
    last = run.flows[run.flows["week"] > run.flows["week"].max() - 52] if len(run.flows) else run.flows
    counts = last.sum(numeric_only=True) * scale
    end = last[last["week"] == last["week"].max()].sum(numeric_only=True) * scale if len(last) else counts
    stages = {
        "negotiation": ("opened", "settled", "dropped", "open_negotiation"),
        **{s: (f"to_{s}", f"closed_{s}", f"failed_{s}", f"open_{s}") for s in ("mediation", "office", "court")},
    }
    cells = [(s, [*(counts.get(k, np.nan) for k in keys[:3]), end.get(keys[3], np.nan)]) for s, keys in stages.items() if keys[0] in counts]
    if shares and cells:
        return Table(head, [[text(stage, lang), *map(number, values)] for stage, values in cells])
    rows = [[text("still_open", lang) if n == "open" else metric_title(n, lang), percent(v)] for n, v in shares.items() if n != "opened"]
    return Table([text("stage", lang), text("share_of_disputes", lang)], rows)


def _series(run, name) -> Table | None:
    """Weeks down, mean and band of every metric across; the names are those of the tables."""
    names = draw.has(run.weekly, NAMES.get(name, ()))
    if not names:
        return None
    data = [draw.bands(run.weekly, n) for n in names]
    head = ["week", *(f"{n}_{what}" for n in names for what in ("mean", "low", "high"))]
    columns = np.column_stack([data[0].weeks, *(column for d in data for column in d[1:])])
    return Table(head, [[f"{v:.6g}" for v in row] for row in columns])


def _alt(run, name, lang) -> str:
    if name == "districts":
        rows = _district_table(run, lang).rows
        return text("alt_districts", lang, count=len(rows), first=rows[0][0], final=rows[-1][0])
    if name == "flows":
        shares = {n: v for n, v in draw.ladder(run).items() if n != "opened"}
        titles = [(text("still_open", lang) if n == "open" else metric_title(n, lang), percent(v)) for n, v in shares.items()]
        return text("alt_flows", lang, values=text("join", lang).join(f"{a} {b}" for a, b in titles))
    ends = [(metric_title(n, lang), number(change(run, n)[1].mean, n)) for n in draw.has(run.weekly, NAMES[name])]
    return text(f"alt_{name}", lang, values=text("gap", lang).join(text("alt_value", lang, name=a, value=b) for a, b in ends))


def _band_note(run, lang) -> str:
    count = run.weekly["replicate"].nunique()
    kind = "none" if count == 1 else "range" if count < draw.FEW else "quantiles"
    return text(f"band_{kind}", lang, runs=_runs(run, lang))


def _runs(run, lang) -> str:
    count = int(run.weekly["replicate"].nunique())
    return text("runs" if count > 1 else "runs_one", lang, count=count)


def _csv(table: Table) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Chinese; text that they would take for a formula gets a quote."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_guarded(cell) for cell in row] for row in [table.head, *table.rows])
    return b"\xef\xbb\xbf" + out.getvalue().replace("\u202f", " ").encode()


def _guarded(cell: str) -> str:
    if not cell.startswith(FORMULA_STARTS):
        return cell
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return f"'{cell}"
    return cell


def _uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _put(path: Path, data: bytes) -> None:
    """Write a file that is never seen half written."""
    partial_file = path.with_name(f".{path.name}.partial")
    try:
        partial_file.write_bytes(data)
        os.replace(partial_file, path)
    finally:
        partial_file.unlink(missing_ok=True)
