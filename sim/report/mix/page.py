"""The page of the mixes."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.intervals import FEWEST
from sim.experiments.comparisons.mix_grid import GOVERNANCES, OWN, SERVICES, has_direction
from sim.experiments.comparisons.mix_worlds import TOGETHER, WorldMixResult
from sim.report.mix import worlds
from sim.report.mix.figures import draw_maps
from sim.report.mix.words import labels, mix_in_words, several, share_of
from sim.report.parts import indices, leading
from sim.report.parts.experiments import Picture, write
from sim.report.parts.files import Shown, Table
from sim.report.parts.numbers import between, number, percent, together
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import lever_title, metric_title, metric_unit

if TYPE_CHECKING:
    from sim.experiments.comparisons.mix import MixResult
    from sim.experiments.comparisons.mix_grid import GridResult

OFTEN = 0.1
"""Minimum share of the draws for a mix to count as possibly efficient."""


def write_mix(result: "MixResult | WorldMixResult", folder: str | Path, lang: str = "en", options: str = "") -> Path:
    """Write ``report.html`` and ``figures/`` of a mix, over worlds or by luck alone.

    Parameters
    ----------
    lang : str
        "en" or "zh", in which it opens.
    options : str
        Of the command.
    """
    return write(result, folder, lang, partial(_context, result), options)


def _context(result: "MixResult | WorldMixResult", lang: str, picture: Picture) -> dict[str, Any]:
    own = _over_worlds(result, lang, picture) if isinstance(result, WorldMixResult) else _by_luck_alone(result, lang, picture)
    named = result.named[0]
    levers = (*GOVERNANCES, SERVICES) if several(result) else GOVERNANCES
    total = sum(named.shares[lever] for lever in levers)
    return own | {
        "top": "mix_top",
        "title": say("mix_title", lang, name=named.title.get("zh" if lang == "zh" else "en") or named.name),
        "question": say("mix_question_traded" if several(result) else "mix_question", lang, total=share_of(total)),
        "own_mix": say("own_mix", lang),
        **_shrunk(result, "mix_worlds_shrunk" if isinstance(result, WorldMixResult) else "mix_shrunk", lang),
    }


def _shrunk(result: "GridResult", key: str, lang: str) -> dict[str, str]:
    """What is said of a city that was scaled down."""
    whole, batch = result.named[0].city.population, result.batch
    if whole <= batch.scenarios[0].city.population:
        return {}
    return {"small": say(key, lang, residents=f"{batch.residents:,}", whole=f"{whole:,}")}


def _over_worlds(result: WorldMixResult, lang: str, picture: Picture) -> dict[str, Any]:
    """What the page says over worlds."""
    n, batch = result.batch.finished, result.batch
    drawn = picture("maps", partial(worlds.draw_maps, result), worlds.alt(result, lang), worlds.mix_table(result, lang))
    money = say("c_worlds_money", lang) if (result.natural["cost_verdict"] != "").any() else ""
    note = leading.scale_in_words(result.named[0], batch.residents, lang)
    note += say("gap", lang) + say("c_worlds_natural", lang, base=say("own_mix", lang), money=money)
    about = {"set": batch.about["count"], "model": batch.about["model"], "evidence": str(batch.about["evidence"])[:8]}
    return {
        "over_worlds": True,
        "answers": worlds.answers(result, lang),
        "method": say("gap", lang).join(worlds.method(result, lang)),
        "figures": {"maps": drawn},
        "maps_note": say("c_worlds_maps", lang, open=worlds.open_said(n, lang)),
        "peaks_title": say("h_worlds_mixes", lang),
        "peaks_note": say("c_worlds_mixes", lang),
        "peaks": worlds.best_table(result, lang),
        "natural": leading.difference_blocks(result.natural.rename(columns={"median": "mean"}), _named(result, lang), lang),
        "natural_note": note,
        "limits": say("worlds_limits", lang, residents=f"{batch.residents:,}", **about),
    }


def _named(result: WorldMixResult, lang: str) -> dict[str, str]:
    """Title of every mix that is named: by which objectives and why, and its shares."""
    found = {}
    for label, row in result.mixes.set_index("mix").iterrows():
        parts = []
        for column, key in (("mix", "mix_worlds_named_often"), ("regret_mix", "mix_worlds_named_regret")):
            rows = result.best[result.best[column] == label]
            names = [say("mix_worlds_together", lang) if name == TOGETHER else metric_title(name, lang) for name in rows["objective"]]
            parts += [say(key, lang, names=listed(names, lang))] if names else []
        if parts:
            shares = mix_in_words(row.to_dict(), lang, several(result))
            found[str(label)] = say("mix_worlds_named", lang, parts=say("semicolon", lang).join(parts), mix=shares)
    return found


def _by_luck_alone(result: "MixResult", lang: str, picture: Picture) -> dict[str, Any]:
    """What the page says of the default world."""
    batch, named = result.batch, result.named[0]
    alt = say("alt_maps", lang, values=say("gap", lang).join(_alt(row, lang) for row in result.peaks.to_dict("records")))
    drawn = picture("maps", partial(draw_maps, result), alt, mix_table(result, lang))
    counts = {"count": len(batch.seeds), "residents": f"{batch.residents:,}"}
    few = [say("mix_few", lang, count=len(batch.seeds), least=FEWEST)] if len(batch.seeds) < FEWEST else []
    return {
        "answers": [
            *(_peak(result, row, lang) for row in result.peaks.to_dict("records")),
            *few,
            _efficient(result, lang),
            *indices.untold_sentences(result.effective, lang),
            say("mix_note", lang),
        ],
        "method": say("mix_method", lang, mixes=len(batch.labels), weeks=named.horizon, window=batch.window, **counts),
        "figures": {"maps": drawn},
        "maps_note": say("c_maps", lang),
        "peaks_title": say("h_peaks", lang),
        "peaks": peak_table(result, lang),
        "effective": indices.effective_table(result.effective, lang),
        "first": indices.first_table(result.ranking, labels(result, lang), lang),
        "weightings": f"{result.settings['weightings']:,}",
        "natural": leading.difference_blocks(result.natural, _peak_titles(result, lang), lang),
        "natural_note": leading.difference_note(named, batch.residents, batch.window, result.natural, say("own_mix", lang), lang),
    }


def _peak_titles(result: "MixResult", lang: str) -> dict[str, str]:
    """Title of every mix that is a peak: of which objectives, and its shares."""
    found = {}
    for label, rows in result.peaks.groupby("mix", sort=False):
        names = listed((metric_title(name, lang) for name in rows["metric"]), lang)
        shares = mix_in_words(rows.iloc[0].to_dict(), lang, several(result))
        found[str(label)] = say("mix_peak_of", lang, names=names, mix=shares)
    return found


def _extreme(row: dict[str, Any], lang: str) -> str:
    return say("mix_highest" if row["better"] == "more" else "mix_lowest", lang)


def _alt(row: dict[str, Any], lang: str) -> str:
    values = {"value": number(row["value"], row["metric"]), "mix": mix_in_words(row, lang), "extreme": _extreme(row, lang)}
    return say("alt_peak", lang, metric=metric_title(row["metric"], lang), **values)


def _peak(result: "MixResult", row: dict[str, Any], lang: str) -> str:
    """A sentence on the peak of an objective, the mixes that cannot be distinguished from it, and its stability."""
    ranges = {key: _range(row, lever) for key, lever in zip("abc", GOVERNANCES, strict=True)}
    counts = {"near": row["near"], "total": len(result.mixes), "same": percent(row["same_peak"])}
    rivals = say("mix_rivals", lang, **counts, **ranges) if row["near"] > 1 else say("mix_alone", lang, same=counts["same"])
    values = {"value": number(row["value"], row["metric"]), "mix": mix_in_words(row, lang, several(result))}
    return say("mix_peak", lang, metric=metric_title(row["metric"], lang), extreme=_extreme(row, lang), rivals=rivals, **values)


def _range(row: dict[str, Any], lever: str) -> str:
    low, high = share_of(row[f"{lever}_low"]), share_of(row[f"{lever}_high"])
    return low if low == high else between(low, high)


def _efficient(result: "MixResult", lang: str) -> str:
    table = result.mixes
    names = listed((metric_title(name, lang) for name in result.objectives if has_direction(name)), lang)
    others = int(((table["share_efficient"] >= OFTEN) & ~table["efficient"]).sum())
    return say("mix_efficient", lang, count=int(table["efficient"].sum()), total=len(table), metrics=names, often=others)


def mix_table(result: "MixResult", lang: str) -> Table:
    """Every mix with its outcomes."""
    levers = (*GOVERNANCES, SERVICES) if several(result) else GOVERNANCES
    head = [say("scenario", lang), *(lever_title(lever, lang) for lever in levers)]
    head += [metric_title(name, lang) for name in result.objectives] + [say("efficient", lang)]
    rows = []
    for row in result.mixes.to_dict("records"):
        cells = [say("own_mix", lang) if row["mix"] == OWN else row["mix"], *(share_of(row[lever]) for lever in levers)]
        rows.append(
            [
                *cells,
                *(number(row[name], name) for name in result.objectives),
                Shown(f"{row['share_efficient']:.0%}", row["share_efficient"]),
            ]
        )
    return Table(head, rows)


def peak_table(result: "MixResult", lang: str) -> Table:
    """The peak of every objective, with its uncertainty."""
    head = [say(key, lang) for key in ("metric", "unit", "peak_mix", "value", "interval", "near_best", "same_peak")]
    rows = []
    for row in result.peaks.to_dict("records"):
        name = row["metric"]
        value, low, high = together((row["value"], row["low"], row["high"]), name)
        cells = [
            metric_title(name, lang),
            metric_unit(name, lang),
            mix_in_words(row, lang, several(result)),
            value,
            between(low, high) if low != high else low,
        ]
        rows.append([*cells, f"{row['near']} / {len(result.mixes)}", percent(row["same_peak"])])
    return Table(head, rows)
