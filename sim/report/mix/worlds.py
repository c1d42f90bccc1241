"""Mixes over plausible worlds in words, tables and maps: for the page and for the terminal."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.world_verdict import HOLDING, HOLDS, LEANING, LEANS, OPEN, can_be_said, fewest, needed
from sim.experiments.comparisons.mix_grid import GOVERNANCES, OWN, Mix, has_direction
from sim.experiments.comparisons.mix_worlds import TOGETHER
from sim.report.mix.figures import PEAK, RING, Plane, Surface, draw_grid, hatch_entry, key_of, mark_entry
from sim.report.mix.words import mix_in_words, several, share_of
from sim.report.parts import style
from sim.report.parts.experiments import own_rates_said, signed
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.numbers import percent
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import in_per_cent, lever_title, metric_title, metric_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.mix_worlds import WorldMixResult

REGRET = {"marker": "D", "mfc": "none", "mec": style.SKY, "ms": 11, "mew": 2.0, "clip_on": False, "zorder": 6}


def answers(result: "WorldMixResult", lang: str) -> list[str]:
    """A sentence or more for each objective, and for all together."""
    said = [_best(result, row, lang) for row in _rows(result.best)]
    return [*said, say("mix_note", lang)]


def _rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    return table.to_dict("records")


def _best(result: "WorldMixResult", row: dict[str, Any], lang: str) -> str:
    """In how many worlds which mix is among the best, what luck and chance would give, and which mix has the least worst regret."""
    known = {"mix": _mix(result, row, lang), "among": row["among"], "n": row["n"], "luck": _by_luck(row, lang)}
    known |= {"word": say(f"word_{row['word']}", lang), "chance": _chance(row, lang)}
    if row["objective"] == TOGETHER:
        names = listed((metric_title(name, lang) for name in result.objectives if has_direction(name)), lang)
        said = say("mix_worlds_efficient", lang, **known, metrics=names, others=_others(row, lang))
        if not can_be_said(row["n"], LEANING):
            return said
        often, table = fewest(row["n"], LEANING), result.among[result.among["objective"] == TOGETHER]
        counts = {"count": int((table["among"] >= often).sum()), "total": len(table), "often": often}
        return said + say("gap", lang) + say("mix_worlds_efficient_often", lang, **counts)
    return say("mix_worlds_best", lang, metric=metric_title(row["objective"], lang), others=_others(row, lang), **known) + _regret(
        result, row, lang
    )


def _mix(result: "WorldMixResult", row: dict[str, Any], lang: str, prefix: str = "") -> str:
    """A mix of the table `best` in words; the scenario's own is named."""
    shares = mix_in_words({lever: row[f"{prefix}{lever}"] for lever in Mix._fields}, lang, several(result))
    return say("mix_own_shares", lang, mix=shares) if row[f"{prefix}mix"] == OWN else shares


def _by_luck(row: dict[str, Any], lang: str) -> str:
    if math.isnan(row["alone_low"]):
        return ""
    low, high = int(row["alone_low"]), int(row["alone_high"])
    return say("worlds_by_luck" if low < high else "worlds_by_luck_one", lang, low=low, high=high)


def _others(row: dict[str, Any], lang: str) -> str:
    """How many mixes are in as many worlds, and in all."""
    if row["everywhere"]:
        return say("mix_worlds_everywhere" if row["everywhere"] > 1 else "mix_worlds_only", lang, count=row["everywhere"])
    none = say("mix_worlds_nowhere", lang)
    return none + (say("mix_worlds_as_many", lang, count=row["as_many"] - 1) if row["as_many"] > 1 else "")


def _chance(row: dict[str, Any], lang: str) -> str:
    key = "mix_worlds_chance" if row["among"] >= row["fewest"] else "mix_worlds_no_more"
    return say(key, lang, expected=Shown(f"{row['expected']:.0f}", row["expected"]))


def _regret(result: "WorldMixResult", row: dict[str, Any], lang: str) -> str:
    if not row["regret_mix"]:
        return ""
    name = row["objective"]
    same = "_same" if row["regret_mix"] == row["mix"] else ""
    known = {"regret": _regret_text(row["regret_worst"], name), "near": row["regret_near"], "total": len(result.mixes)}
    return say("gap", lang) + say(f"mix_worlds_regret{same}", lang, mix=_mix(result, row, lang, "regret_"), **known)


def _regret_text(value: float, name: str) -> str:
    """A regret, which is a difference without a sign; of shares in percentage points."""
    shown = signed(value, name)
    return Shown(shown.lstrip("+"), *shown.exact)


def method(result: "WorldMixResult", lang: str) -> list[str]:
    """How the counts came about, and what they are not."""
    batch = result.batch
    again = len(batch.seeds) - len(batch.once.seeds)
    counts = {"mixes": len(batch.labels), "n": batch.finished, "again": again, "residents": f"{batch.residents:,}"}
    enough = can_be_said(batch.finished, HOLDING) and can_be_said(batch.finished, LEANING)
    words = "mix_worlds_words" if enough else "mix_worlds_words_few"
    said = [say(words, lang, n=batch.finished, holds=percent(HOLDS), leans=percent(LEANS), **needed(batch.finished))]
    said.append(say("mix_worlds_method", lang, **counts, weeks=result.named[0].horizon, window=batch.window))
    said.append(say("mix_worlds_defined" if again else "mix_worlds_luck_unknown", lang))
    return [*said, *own_rates_said(batch, lang), say("worlds_no_chance", lang)]


def open_said(n: int, lang: str) -> str:
    """When a difference over so many worlds is open."""
    if not can_be_said(n, LEANING):
        return say("mix_worlds_open_all", lang, n=n)
    return say("mix_worlds_open", lang, n=n, often=fewest(n, LEANING))


def best_table(result: "WorldMixResult", lang: str) -> Table:
    """For every objective the mix that is among the best in most worlds, and the mix of least worst regret."""
    named = ("metric", "mix_worlds_often", "mix_worlds_least", "mix_worlds_among")
    head = [
        say(key, lang) for key in (*named, "worlds_alone", "mix_worlds_by_chance", "verdict", "mix_worlds_worst", "mix_worlds_disagree")
    ]
    rows = []
    for row in _rows(result.best):
        name, together = row["objective"], row["objective"] == TOGETHER
        alone = [row["alone_low"], row["alone_high"]]
        ends = NOTHING if math.isnan(alone[0]) else f"{alone[0]:.0f}–{alone[1]:.0f}" if alone[0] < alone[1] else f"{alone[0]:.0f}"
        cells = [
            say("mix_worlds_together", lang) if together else metric_title(name, lang),
            _mix(result, row, lang),
            _mix(result, row, lang, "regret_") if row["regret_mix"] else NOTHING,
            Shown(say("worlds_of", lang, count=row["among"], n=row["n"]), row["among"]),
            Shown(ends, *alone) if ends != NOTHING else NOTHING,
            Shown(f"{row['expected']:.1f}", row["expected"]),
            say(f"word_{row['word']}", lang),
        ]
        if together:
            rows.append([*cells, NOTHING, NOTHING])
            continue
        cells.append(_regret_text(row["regret_worst"], name) if row["regret_mix"] else NOTHING)
        rows.append([*cells, Shown(f"{row['disagree']} / {len(result.mixes) - 1}", row["disagree"])])
    return Table(head, rows)


def mix_table(result: "WorldMixResult", lang: str) -> Table:
    """Every mix with its outcomes: the numbers of the maps."""
    levers = (*GOVERNANCES, "public_services") if several(result) else GOVERNANCES
    head = [say("scenario", lang), *(lever_title(lever, lang) for lever in levers)]
    for name in result.objectives:
        title = metric_title(name, lang)
        parts = ("mix_worlds_head_difference", "mix_worlds_head_word", "mix_worlds_head_among", "mix_worlds_head_worst")
        head += [say(key, lang, metric=title) for key in parts]
    head.append(say("efficient", lang))
    medians, words = (_of_mixes(result, column) for column in ("median", "word"))
    among = result.among.set_index(["objective", "mix"])
    rows = []
    for row in _rows(result.mixes):
        label = row["mix"]
        cells = [say("own_mix", lang) if label == OWN else label, *(share_of(row[lever]) for lever in levers)]
        for name in result.objectives:
            found, own = among.loc[(name, label)], label == OWN
            cells += [NOTHING, NOTHING] if own else [signed(medians[name][label], name), say(f"word_{words[name][label]}", lang)]
            cells += [Shown(f"{found['among']:.0f} / {found['n']:.0f}", found["among"]), _regret_text(found["worst_regret"], name)]
        rows.append([*cells, percent(row["share_efficient"])])
    return Table(head, rows)


def _of_mixes(result: "WorldMixResult", column: str) -> dict[str, "pd.Series"]:
    """A column of the verdicts of every objective, by mix."""
    return {name: rows.set_index("scenario")[column] for name, rows in result.verdicts.groupby("metric", sort=False)}


def surfaces(result: "WorldMixResult", lang: str) -> list[Surface]:
    """Maps of the median difference from the scenario's own mix, hatched where worlds do not agree on its sign, then of the share of worlds
    in which a mix is among the best."""
    table, best = result.mixes, result.best.set_index("objective")
    own, nothing = table[table["mix"] == OWN].iloc[0], np.zeros(len(table), bool)
    medians, words = (_of_mixes(result, column) for column in ("median", "word"))
    of_level, of_share = [], []
    for name in result.objectives:
        row = best.loc[name]
        least = {lever: row[f"regret_{lever}"] for lever in Mix._fields}
        values = table["mix"].map(medians[name]).fillna(0.0).to_numpy(float)
        hatched = (table["mix"].map(words[name]) == OPEN).to_numpy()
        title, unit = metric_title(name, lang), say("mix_worlds_unit", lang, unit=metric_unit(name, lang))
        marks = [(own, RING), (least, REGRET)]
        of_level.append(Surface(say("mix_worlds_map", lang, metric=title), unit, values, hatched, marks, in_per_cent(name)))
        title, marks = say("mix_worlds_share", lang, metric=title), [(own, RING), (row, PEAK), (least, REGRET)]
        of_share.append(Surface(title, say("mix_worlds_share_unit", lang, n=row["n"]), _share(result, name), nothing, marks, True))
    unit = say("mix_worlds_share_unit", lang, n=best.loc[TOGETHER, "n"])
    title, marks = say("mix_worlds_share_efficient", lang), [(own, RING), (best.loc[TOGETHER], PEAK)]
    return [*of_level, *of_share, Surface(title, unit, _share(result, TOGETHER), nothing, marks, True)]


def _share(result: "WorldMixResult", objective: str) -> np.ndarray:
    """Share of worlds in which every mix is among the best."""
    rows = result.among[result.among["objective"] == objective]
    return (rows["among"] / rows["n"]).to_numpy(float)


def draw_maps(result: "WorldMixResult", lang: str = "en", narrow: bool = False) -> "Figure":
    """All maps, and the trade-off of median differences between the two indices."""
    maps = surfaces(result, lang)
    first, second = result.objectives[:2]
    names = tuple(say("mix_worlds_axis", lang, metric=metric_title(name, lang), unit=metric_unit(name, lang)) for name in (first, second))
    plane = Plane(maps[0].values, maps[1].values, names)  # type: ignore[arg-type]
    entries = [
        mark_entry(PEAK, say("key_often", lang)),
        mark_entry(REGRET | {"ms": 6, "mew": 1.5}, say("key_regret", lang)),
        hatch_entry(say("key_disagree", lang)),
    ]
    return draw_grid(result, maps, plane, key_of(entries, lang), lang, narrow, last=len(maps) > 5)


def alt(result: "WorldMixResult", lang: str) -> str:
    """What the maps show, in words."""
    said = []
    for row in _rows(result.best):
        name = say("mix_worlds_together", lang) if row["objective"] == TOGETHER else metric_title(row["objective"], lang)
        said.append(say("alt_worlds_best", lang, metric=name, mix=_mix(result, row, lang), among=row["among"], n=row["n"]))
    return say("alt_mix_worlds", lang, values=say("gap", lang).join(said))
