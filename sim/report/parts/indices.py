"""What moves the indices between policies: effective weights of their parts, and ranks under other weights and aggregations."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.comparisons.index_parts import BOTH, untold
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.numbers import percent
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title

if TYPE_CHECKING:
    import pandas as pd

MOST_RANKED = 5
"""Policies shown for each index where there are many."""
NATURAL = {
    "order": "offences",
    "calm": "active",
    "resolution": "case_weeks",
    "happiness": "happiness_1_5",
    "security": "feel_safe",
}
"""Metric in natural units by part of an index, where there is one."""


def effective_table(effective: "pd.DataFrame", lang: str) -> Table:
    """Nominal and effective weights of the parts of the indices, and signal to noise."""
    head = [say(key, lang) for key in ("index", "part", "weight_nominal", "weight_policies", "weight_seeds", "signal", "part_told")]
    rows = []
    for row in effective.to_dict("records"):
        shares = [percent(row[key]) for key in ("weight", "policies", "seeds")]
        signal = Shown(f"{row['signal']:.2f}" if np.isfinite(row["signal"]) else NOTHING, row["signal"])
        told = say("told" if row["told"] else "told_natural", lang)
        rows.append([metric_title(row["ranked_by"], lang), metric_title(row["part"], lang), *shares, signal, told])
    return Table(head, rows)


def untold_sentences(effective: "pd.DataFrame", lang: str) -> list[str]:
    """A sentence for every index some of whose parts vary more by luck than between the policies."""
    said = []
    for index, parts in untold(effective).items():
        weighed = effective[effective["ranked_by"] == index]
        values = {"index": metric_title(index, lang), "parts": listed((metric_title(part, lang) for part in parts), lang)}
        natural = [metric_title(NATURAL[part], lang) for part in parts if part in NATURAL]
        if len(parts) == len(weighed):
            said.append(say("parts_all_untold", lang, **values))
        elif natural:
            said.append(say("parts_untold", lang, natural=listed(natural, lang), **values))
        else:
            said.append(say("parts_untold_alone", lang, **values))
    return said


def first_table(ranking: "pd.DataFrame", titles: Mapping[str, str], lang: str) -> Table:
    """The policies that most often rank first under random weights, and those first under the given ones."""
    head = [say(key, lang) for key in ("index", "scenario", "first_share", "first_luck", "first_geometric", "rank_own")]
    rows = []
    for index, group in ranking.groupby("ranked_by", sort=False):
        title = say("both", lang) if index == BOTH else metric_title(str(index), lang)
        often = group[["first", "first_geometric"]].max(axis=1)
        leads = (group["rank"] == 1) | (group["rank_geometric"] == 1)
        shown = group.assign(often=often, leads=leads).sort_values(["leads", "often"], ascending=False, kind="stable").head(MOST_RANKED)
        for row in shown.to_dict("records"):
            shares = [Shown(f"{row[name]:.1%}", row[name]) for name in ("first", "first_with_luck", "first_geometric")]
            own = Shown(f"{row['rank']:.0f} / {row['rank_geometric']:.0f}", row["rank"], row["rank_geometric"])
            rows.append([title, titles[row["scenario"]], *shares, own])
    return Table(head, rows)


def world_first_table(ranking: "pd.DataFrame", titles: Mapping[str, str], lang: str) -> Table:
    """Share of weightings under which each policy ranks first, over plausible worlds, and the worlds in which it does so most often."""
    ranked = [str(one) for one in ranking["ranked_by"].drop_duplicates()]
    names = [say("both", lang) if one == BOTH else metric_title(one, lang) for one in ranked]
    rows = []
    for label, group in ranking.groupby("scenario", sort=False):
        found = group.set_index("ranked_by").loc[ranked]
        cells = [
            Shown(say("first_in_worlds", lang, share=percent(row.first), count=row.most, n=row.n), row.first, row.most)
            for row in found.itertuples()
        ]
        rows.append([titles[str(label)], *cells])
    return Table([say("scenario", lang), *names], rows)
