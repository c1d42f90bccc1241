"""The page of an attribution."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import FEWEST
from sim.report.attribute.figures import draw_interactions, draw_waterfall, player_title, rows_of
from sim.report.parts import leading
from sim.report.parts.experiments import Picture, estimate_in_words, span, write
from sim.report.parts.files import Table
from sim.report.parts.numbers import number, together
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title, metric_unit

if TYPE_CHECKING:
    from sim.experiments.comparisons.attribute import Attribution

HEADLINES = ("stability", "satisfaction")


def write_attribution(result: "Attribution", folder: str | Path, lang: str = "en", options: str = "") -> Path:
    """Write ``report.html`` and ``figures/`` of an attribution; `lang` is ``"en"`` or ``"zh"``, `options` those of the command."""
    return write(result, folder, lang, partial(_context, result), options)


def _context(result: "Attribution", lang: str, picture: Picture) -> dict[str, Any]:
    shown = shown_metrics(result)
    drawn: dict[str, Any] = {}
    for name, draw, kinds in (
        ("waterfall", draw_waterfall, ("first", "shapley", "second")),
        ("interactions", draw_interactions, ("main", "shapley", "pair", "remainder", "total")),
    ):
        alt = say(f"alt_{name}", lang, values=say("gap", lang).join(_total(result, metric, lang) for metric in shown))
        drawn[name] = picture(name, partial(draw, result, shown), alt, effect_table(result, shown, lang, kinds))
    titles = [scenario.title.get("zh" if lang == "zh" else "en") or scenario.name for scenario in result.named]
    every = list(dict.fromkeys(result.effects["metric"]))
    return {
        "top": "attribute_top",
        "title": say("attribute_title", lang, first=titles[0], second=titles[1]),
        "question": say("attribute_question", lang, count=len(result.players)),
        "answers": [_total(result, metric, lang) for metric in shown],
        "method": _method(result, lang),
        "figures": drawn,
        "natural": leading.difference_blocks(result.natural, _natural_titles(result, titles[1], lang), lang),
        "natural_note": leading.difference_note(
            result.named[0], result.batch.residents, result.batch.window, result.natural, titles[0], lang
        ),
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
    said = [say("attribute_method", lang, coalitions=len(batch.labels), count=len(batch.seeds), weeks=batch.window, least=FEWEST)]
    if result.factors:
        said.append(say("attribute_beyond", lang, count=len(result.factors)))
    return say("gap", lang).join(said)


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


def effect_table(result: "Attribution", metrics: Sequence[str], lang: str, kinds: Sequence[str] = ()) -> Table:
    """Effects on some metrics, with intervals; of some kinds, or all."""
    head = [say(key, lang) for key in ("metric", "effect", "unit", "value", "interval")]
    rows = []
    for row in result.effects.to_dict("records"):
        name = row["metric"]
        if name in metrics and (not kinds or row["effect"] in kinds):
            own = row["effect"] in ("first", "second")
            numbers = row["mean"], row["low"], row["high"]
            value, low, high = together(numbers, name) if own else estimate_in_words(*numbers, name)
            rows.append([metric_title(name, lang), effect_name(row, lang), metric_unit(name, lang), value, span(low, high)])
    return Table(head, rows)
