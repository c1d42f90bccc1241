"""The page of an attribution."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import FEWEST
from sim.metrics import METRICS
from sim.report.attribute.figures import draw_interactions, draw_waterfall, player_title, rows_of
from sim.report.compare.worlds import better_in, word_of, words_said
from sim.report.parts import leading
from sim.report.parts.experiments import Picture, estimate_in_words, own_rates_said, span, write
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.numbers import number, together
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title, metric_unit, small

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparisons.attribute import Attribution

HEADLINES = ("stability", "satisfaction")


def write_attribution(result: "Attribution", folder: str | Path, lang: str = "en", options: str = "") -> Path:
    """Write ``report.html`` and ``figures/`` of an attribution; `lang` is ``"en"`` or ``"zh"``, `options` those of the command."""
    return write(result, folder, lang, partial(_context, result), options)


def _context(result: "Attribution", lang: str, picture: Picture) -> dict[str, Any]:
    total, over = (_total_over_worlds, True) if result.over_worlds else (_total, False)
    shown = shown_metrics(result)
    drawn: dict[str, Any] = {}
    for name, draw, kinds in (
        ("waterfall", draw_waterfall, ("first", "shapley", "second")),
        ("interactions", draw_interactions, ("main", "shapley", "pair", "remainder", "total")),
    ):
        alt = say(f"alt_{name}", lang, values=say("gap", lang).join(total(result, metric, lang) for metric in shown))
        drawn[name] = picture(name, partial(draw, result, shown), alt, effect_table(result, shown, lang, kinds))
    titles = [scenario.title.get("zh" if lang == "zh" else "en") or scenario.name for scenario in result.named]
    every = list(dict.fromkeys(result.effects["metric"]))
    return {
        "top": "attribute_top",
        "title": say("attribute_title", lang, first=titles[0], second=titles[1]),
        "question": say("attribute_question", lang, count=len(result.players)),
        "answers": [total(result, metric, lang) for metric in shown],
        "method": _method(result, lang),
        "figures": drawn,
        "natural": [] if over else leading.difference_blocks(result.natural, _natural_titles(result, titles[1], lang), lang),
        "natural_note": say("c_attribute_worlds", lang, base=titles[0])
        if over
        else leading.difference_note(result.named[0], result.batch.residents, result.batch.window, result.natural, titles[0], lang),
        "natural_worlds": _natural_tables(result, titles[1], lang) if over else [],
        "captions": {name: say(f"c_{name}{'_worlds' if over else ''}", lang) for name in ("waterfall", "interactions")},
        **({"small": ""} if over else {}),
        "base": titles[0],
        "every": effect_table(result, every, lang, ("first", "second", "total", "shapley", "remainder")),
    }


def _natural_titles(result: "Attribution", second: str, lang: str) -> dict[str, str]:
    """Titles of the whole difference and of the players' shares."""
    parts = {name: say("attribute_natural", lang, player=player_title(name, lang)) for name in result.players}
    return {"": second, **parts}


def shown_metrics(result: "Attribution") -> list[str]:
    """The two indices, or the first metrics if the indices were not requested."""
    known = list(dict.fromkeys(result.effects["metric"]))
    return [name for name in HEADLINES if name in known] or known[:2]


def _method(result: "Attribution", lang: str) -> str:
    batch = result.batch
    known = {"coalitions": len(batch.labels), "count": batch.finished, "weeks": batch.window}
    if result.over_worlds:
        said = [say("attribute_method_worlds", lang, residents=f"{batch.residents:,}", **known), words_said(batch.finished, lang)]
        said += [*own_rates_said(batch, lang), say("worlds_no_chance", lang)]
    else:
        said = [say("attribute_method", lang, least=FEWEST, **known)]
    if result.factors:
        said.append(say("attribute_beyond", lang, count=len(result.factors)))
    return say("gap", lang).join(said)


def _natural_tables(result: "Attribution", second: str, lang: str) -> list[dict[str, Any]]:
    """Over worlds: a table in numbers of the real city for the whole difference and for every share."""
    names = _natural_titles(result, second, lang)
    return [{"title": names[label], "table": natural_table(rows, lang)} for label, rows in result.natural.groupby("scenario", sort=False)]


def natural_table(rows: "pd.DataFrame", lang: str) -> Table:
    """Differences or shares over worlds in numbers of the real city."""
    head = [say(key, lang) for key in ("natural_result", "worlds_median", "worlds_range", "worlds_better_in", "verdict")]
    found = []
    for row in rows.to_dict("records"):
        median, low, high = leading.totals(row["metric"], (row["median"], row["low"], row["high"]), lang, row["currency"], sign=True)
        better = better_in(row, lang) if METRICS[row["metric"]].better in ("more", "less") else NOTHING
        found.append([leading.title(row["metric"], lang), median, span(low, high), better, word_of(row, lang)])
    return Table(head, found)


def _total_over_worlds(result: "Attribution", metric: str, lang: str) -> str:
    """A sentence on the difference in one metric over worlds and the share of every lever."""
    (total,) = rows_of(result, metric, "total")
    parts = [
        say("attribute_part_worlds", lang, player=player_title(row["player"], lang), **_counted(row, lang))
        for row in rows_of(result, metric, "shapley")
    ]
    said = say("attribute_parts", lang, parts=say("semicolon", lang).join(parts))
    return say("attribute_total_worlds", lang, metric=small(metric_title(metric, lang)), parts=said, **_counted(total, lang))


def _counted(row: dict[str, Any], lang: str) -> dict[str, Any]:
    """Median, range, in how many worlds the sign is the same, and the word."""
    median, low, high = estimate_in_words(row["median"], row["low"], row["high"], row["metric"])
    interval = say("in_brackets", lang, low=low, high=high)
    return {"value": median, "interval": interval, "count": max(row["better"], row["worse"]), "n": row["n"], "word": word_of(row, lang)}


def _total(result: "Attribution", metric: str, lang: str) -> str:
    """A sentence on the difference in one metric and the share of every lever."""
    first, second, total = (rows_of(result, metric, effect)[0] for effect in ("first", "second", "total"))
    parts = [
        say("attribute_part", lang, player=player_title(row["player"], lang), **_values(row, lang))
        for row in rows_of(result, metric, "shapley")
    ]
    said = say("attribute_parts", lang, parts=listed(parts, lang))
    ends = {"first": number(first["mean"], metric), "second": number(second["mean"], metric)}
    values = _values(total, lang)
    return say("attribute_total", lang, metric=metric_title(metric, lang), total=values.pop("value"), parts=said, **ends, **values)


def _values(row: dict[str, Any], lang: str) -> dict[str, str]:
    value, low, high = estimate_in_words(row["mean"], row["low"], row["high"], row["metric"])
    return {"value": value, "interval": say("in_brackets", lang, low=low, high=high) if np.isfinite(row["low"]) else ""}


def effect_name(row: dict[str, Any], lang: str) -> str:
    """Title of an effect."""
    kind, player = row["effect"], player_title(row["player"], lang)
    if kind == "pair":
        return say("pair", lang, one=player, other=player_title(row["other"], lang))
    key = {"shapley": "together", "main": "alone"}.get(kind)
    return f"{player}, {say(key, lang)}" if key else say(kind, lang)


def _same_sign(row: dict[str, Any], lang: str) -> str:
    """In how many worlds the sign is that of most."""
    count = max(row["better"], row["worse"])
    return Shown(say("worlds_of", lang, count=count, n=row["n"]), count)


def effect_table(result: "Attribution", metrics: Sequence[str], lang: str, kinds: Sequence[str] = ()) -> Table:
    """Effects on some metrics, with intervals, or over worlds with ranges and counts; of some kinds, or all."""
    last = ("worlds_median", "worlds_range", "attribute_same_sign", "verdict") if result.over_worlds else ("value", "interval")
    head = [say(key, lang) for key in ("metric", "effect", "unit", *last)]
    rows = []
    for row in result.effects.to_dict("records"):
        name = row["metric"]
        if name in metrics and (not kinds or row["effect"] in kinds):
            own = row["effect"] in ("first", "second")
            numbers = row["median" if result.over_worlds else "mean"], row["low"], row["high"]
            value, low, high = together(numbers, name) if own else estimate_in_words(*numbers, name)
            counted = [_same_sign(row, lang), word_of(row, lang)] if result.over_worlds and not own else []
            blank = [NOTHING, NOTHING] if result.over_worlds and own else []
            cells = [value, span(low, high), *counted, *blank]
            rows.append([metric_title(name, lang), effect_name(row, lang), metric_unit(name, lang), *cells])
    return Table(head, rows)
