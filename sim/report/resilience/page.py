"""The page of a resilience experiment: effects of shocks, by district, and recovery."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.comparisons.resilience import shock_weeks
from sim.experiments.runs.batch import direction
from sim.report.parts.events import event_rows
from sim.report.parts.events import events as found_events
from sim.report.parts.experiments import Picture, difference_cells, estimate_in_words, signed, size_in_words, titles, write
from sim.report.parts.files import Table
from sim.report.parts.numbers import number
from sim.report.parts.places import district_names
from sim.report.resilience.figures import PERIODS, district_order, draw_course, draw_districts, draw_effects
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title, metric_unit, small

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparisons.resilience import Resilience

HEADLINES = ("stability", "satisfaction")


def write_resilience(result: "Resilience", folder: str | Path, lang: str = "en", options: str = "") -> Path:
    """Write ``report.html`` and ``figures/`` of the experiment; `lang` is ``"en"`` or ``"zh"``, `options` those of the command."""
    return write(result, folder, lang, partial(_context, result), options)


def _context(result: "Resilience", lang: str, picture: Picture) -> dict[str, Any]:
    scenario, shown = result.named[0], shown_metrics(result)
    scaled = [name for name in _metrics(result) if metric_unit(name, "en") == metric_unit("stability", "en")]
    course = effect_table(result, shown, lang)
    drawn: dict[str, Any] = {"course": _drawn(picture, "course", partial(draw_course, result, shown), course, lang)}
    drawn["effects"] = {}
    if scaled:
        drawn["effects"] = _drawn(picture, "effects", partial(draw_effects, result, scaled), effect_table(result, scaled, lang), lang)
    where = district_metric(result)
    drawn["districts"] = {}
    if where:
        table = district_table(result, where, lang)
        drawn["districts"] = _drawn(picture, "districts", partial(draw_districts, result, where), table, lang, metric_title(where, lang))
    return {
        "top": "r_top",
        "title": say("r_title" if len(scenario.shocks) > 1 else "r_title_one", lang, name=titles(result.batch, lang)[scenario.name]),
        "question": say("r_question", lang, shocks=_shocks(result, lang)),
        "answers": answers(result, lang),
        "method": say("r_method", lang, count=len(result.batch.seeds)),
        "figures": drawn,
        "where": metric_title(where, lang) if where else "",
        "losses": loss_table(result, lang),
        "every": effect_table(result, _metrics(result), lang),
    }


def _drawn(picture: Picture, name: str, draw: Any, table: Table, lang: str, metric: str = "") -> dict[str, Any]:
    values = say("gap", lang).join(f"{row[0]}{say('colon', lang)}{row[1]} {row[-2]}{say('semicolon', lang)}" for row in table.rows[:8])
    return picture(name, draw, say(f"r_alt_{name}", lang, values=values.rstrip("; ；"), metric=metric), table)


def _metrics(result: "Resilience") -> list[str]:
    return list(dict.fromkeys(result.effects["metric"]))


def shown_metrics(result: "Resilience") -> list[str]:
    """The two indices, or the first metrics if the indices were not requested."""
    known = _metrics(result)
    return [name for name in HEADLINES if name in known] or known[:2]


def district_metric(result: "Resilience") -> str | None:
    """The metric shown by district: satisfaction, else the first that has districts."""
    known = list(dict.fromkeys(result.districts["metric"])) if len(result.districts) else []
    return "satisfaction" if "satisfaction" in known else known[0] if known else None


def _shocks(result: "Resilience", lang: str) -> str:
    rows = event_rows(result.named[0], lang)
    kinds = [event.kind for event in found_events(result.named[0])]
    said = [say("struck_when", lang, what=row[2], when=row[1]) for row, kind in zip(rows, kinds, strict=True) if kind == "shock"]
    return say("semicolon", lang).join(said)


def answers(result: "Resilience", lang: str) -> list[str]:
    """Sentences on the effects of the shocks on the two indices, and by district."""
    return [*(_index(result, name, lang) for name in shown_metrics(result)), *_where(result, lang)]


def _row(table: "pd.DataFrame", metric: str, period: str) -> dict[str, Any]:
    return table[(table["metric"] == metric) & (table["period"] == period)].iloc[0].to_dict()


def sure(row: dict[str, Any]) -> bool:
    """Whether the interval of a difference excludes zero."""
    return row["low"] > 0 or row["high"] < 0


def _index(result: "Resilience", name: str, lang: str) -> str:
    during, end = (_row(result.effects, name, period) for period in PERIODS)
    first, after = shock_weeks(result.named[0])
    title, weeks = small(metric_title(name, lang)), result.batch.window
    if during["low"] != during["low"]:
        return say(
            "r_few", lang, index=metric_title(name, lang), size=signed(during["mean"], name), end=signed(end["mean"], name), weeks=weeks
        )
    said = [
        say("r_during" if sure(during) else "r_during_open", lang, index=title, first=first, last=after - 1, **_words(during, name, lang))
    ]
    if sure(during) and worse(during):
        said.append(_half(result, name, lang))
    said.append(say("r_end" if sure(end) else "r_end_open", lang, weeks=weeks, **_words(end, name, lang)))
    return say("gap", lang).join(said)


def worse(row: dict[str, Any]) -> bool:
    """Whether a difference is for the worse."""
    return (row["mean"] < 0) == (direction(row["metric"]) == "more")


def _words(row: dict[str, Any], name: str, lang: str) -> dict[str, str]:
    """Size, interval and direction of a difference; without signs if a direction is stated."""
    if not sure(row):
        size, low, high = estimate_in_words(row["mean"], row["low"], row["high"], name)
        return {"size": size, "low": low, "high": high}
    return size_in_words(row, name) | {"way": say("higher" if row["mean"] > 0 else "lower", lang)}


def _half(result: "Resilience", name: str, lang: str) -> str:
    rows = result.losses[result.losses["metric"] == name]
    back, left = rows["half_recovery"].dropna(), int(rows["censored"].sum())
    if not len(back):
        return say("r_half_none", lang)
    return say("r_half" if left else "r_half_all", lang, weeks=f"{back.median():.0f}", seen=len(back), left=left)


def _where(result: "Resilience", lang: str) -> list[str]:
    name = district_metric(result)
    if name is None:
        return []
    table, shown = result.districts, district_names(result.named[0], lang)
    rows = table[(table["metric"] == name) & (table["period"] == "during")].sort_values("mean", kind="stable").to_dict("records")
    struck, others = [row for row in rows if row["struck"]], [row for row in rows if not row["struck"]]
    if not struck or not others:
        ends = {"low": signed(rows[0]["mean"], name), "high": signed(rows[-1]["mean"], name)}
        places = {"lowest": shown(rows[0]["district"]), "highest": shown(rows[-1]["district"])}
        return [say("r_where_all", lang, metric=small(metric_title(name, lang)), **ends, **places)]
    values = [say("r_where_one", lang, district=shown(row["district"]), **_ends(row, name)) for row in struck]
    ends = {"low": signed(others[0]["mean"], name), "high": signed(others[-1]["mean"], name)}
    return [say("r_where", lang, metric=small(metric_title(name, lang)), struck=listed(values, lang), **ends)]


def _ends(row: dict[str, Any], name: str) -> dict[str, str]:
    """A difference as ``value``, and the ends of its interval."""
    return dict(zip(("value", "low", "high"), estimate_in_words(row["mean"], row["low"], row["high"], name), strict=True))


def period_title(result: "Resilience", period: str, lang: str) -> str:
    """Words for a period."""
    return say(f"r_period_{period}", lang, weeks=result.batch.window)


def effect_table(result: "Resilience", names: list[str], lang: str) -> Table:
    """Differences of some metrics in both periods."""
    head = [say(key, lang) for key in ("metric", "r_period", "unit", "r_without", "r_with", "difference", "interval")]
    return Table(head, [_cells(result, row, lang) for row in result.effects.to_dict("records") if row["metric"] in names])


def _cells(result: "Resilience", row: dict[str, Any], lang: str) -> list[str]:
    name = row["metric"]
    levels = [metric_unit(name, lang), number(row["base"], name), number(row["value"], name)]
    return [metric_title(name, lang), period_title(result, row["period"], lang), *levels, *difference_cells(row, name)]


def district_table(result: "Resilience", name: str, lang: str) -> Table:
    """Differences in one metric by district, in the order of the figure."""
    table, shown = result.districts[result.districts["metric"] == name], district_names(result.named[0], lang)
    head = [say(key, lang) for key in ("district", "r_period", "r_without", "r_with", "difference", "interval")]
    rows = []
    for district in district_order(table):
        for row in table[table["district"] == district].to_dict("records"):
            title = f"{shown(district)} *" if row["struck"] else shown(district)
            levels = [number(row["base"], name), number(row["value"], name)]
            rows.append([title, period_title(result, row["period"], lang), *levels, *difference_cells(row, name)])
    return Table(head, rows)


def loss_table(result: "Resilience", lang: str) -> Table:
    """Losses and half-recoveries of metrics with a significant loss, over pairs."""
    head = [say(key, lang) for key in ("metric", "r_area", "r_deepest", "r_half_head", "r_not_seen")]
    rows = []
    for name in _metrics(result):
        during, own = _row(result.effects, name, "during"), result.losses[result.losses["metric"] == name]
        if sure(during) and worse(during):
            rows.append([metric_title(name, lang), *loss_cells(own, name, lang)])
    return Table(head, rows)


def loss_cells(rows: "pd.DataFrame", name: str, lang: str) -> list[str]:
    """Means over pairs of area lost and largest loss, the median half-recovery, and the number of pairs without one."""
    back = rows["half_recovery"].dropna()
    weeks = f"{back.median():.0f}" if len(back) else "–"
    seen = say("r_of", lang, count=int(rows["censored"].sum()), total=len(rows))
    return [number(rows["area_lost"].mean()), signed(rows["deepest"].mean(), name).lstrip("+"), weeks, seen]
