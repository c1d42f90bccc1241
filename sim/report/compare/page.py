"""The page of a comparison."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import plugin_registry
from sim.analysis.intervals import FEWEST
from sim.experiments.comparisons.compare import ALONE, OPEN, SETTLED
from sim.experiments.comparisons.index_parts import WEIGHTINGS
from sim.experiments.comparisons.over_worlds import WorldComparison
from sim.metrics import METRICS
from sim.report.compare import worlds
from sim.report.compare.figures import draw_differences, draw_panels, draw_ranking
from sim.report.compare.groups import alt_groups, draw_group_differences, group_table, said_groups
from sim.report.compare.world_figures import draw_worlds, world_rows
from sim.report.parts import indices, leading
from sim.report.parts.experiments import Picture, difference_cells, estimate_in_words, signed, size_in_words, titles, unlike, write
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.numbers import number
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title, metric_unit

if TYPE_CHECKING:
    from sim.experiments.comparisons.compare import Comparison

MANY = 9999
"""Numbers of runs above this are infeasible and shown as "more than"."""


def write_comparison(result: "Comparison | WorldComparison", folder: str | Path, lang: str = "en", options: str = "") -> Path:
    """Write ``report.html`` and ``figures/`` of a comparison, over worlds or by luck alone.

    Parameters
    ----------
    lang : str
        ``"en"`` or ``"zh"``.
    options : str
        Further options of the command, for the section on reproduction.
    """
    if isinstance(result, WorldComparison):
        return write(result, folder, lang, partial(_over_worlds, result), options, "compare_worlds")
    return write(result, folder, lang, partial(_context, result), options)


def _over_worlds(result: "WorldComparison", lang: str, picture: Picture) -> dict[str, Any]:
    shown, metrics = titles(result.batch, lang), worlds.shown_metrics(result)
    base, *others = (shown[label] for label in result.batch.labels)
    title = say("worlds_title", lang, name=others[0], base=base)
    tables = [(label, worlds.verdict_table(result, label, lang, metrics)) for label in result.batch.labels[1:]]
    said = (
        say("alt_worlds_one", lang, name=shown[label], metric=row[0], median=row[1], range=row[2])
        for label, table in tables
        for row in table.rows[:2]
    )
    alt = say("alt_worlds", lang, base=base, values=say("semicolon", lang).join(said))
    priced = say("c_worlds_money", lang) if (result.natural["cost_verdict"] != "").any() else ""
    return {
        "top": "compare_top",
        "title": title if len(others) == 1 else say("worlds_title_many", lang, count=len(others), base=base),
        "question": "",
        "answers": worlds.leads(result, lang),
        "figures": {"worlds": picture("worlds", partial(draw_worlds, result, metrics), alt, world_rows(result, metrics, lang))},
        "scenarios": [
            {
                "title": shown[label],
                "verdicts": table,
                "spread": worlds.spread_table(result, label, lang),
                "beliefs": worlds.beliefs(result, label, lang),
                "groups": worlds.group_table(result, label, lang),
                "every": worlds.every_table(result, label, lang),
            }
            for label, table in tables
        ],
        "words": worlds.words_said(result.batch.finished, lang),
        "method": worlds.method_said(result, lang),
        "limits": worlds.limits_said(result, lang),
        "first": indices.world_first_table(result.ranks, shown, lang),
        "weightings": f"{WEIGHTINGS:,}",
        "natural": worlds.natural_blocks(result, lang),
        "natural_note": say("c_worlds_natural", lang, base=base, money=priced),
        "base": base,
        "notices": unlike(result.batch, lang),
        "small": "",  # said below limits
    }


def _context(result: "Comparison", lang: str, picture: Picture) -> dict[str, Any]:
    base = titles(result.batch, lang)[result.batch.labels[0]]
    index = of_groups(result, "headline", "stability", "satisfaction")
    index = [name for name in index if metric_unit(name, "en") == metric_unit("stability", "en")]
    moved = set(result.differences.loc[result.differences["mean"] != 0, "metric"])
    prices = [name for name in of_groups(result, "price", "fairness") if name in moved]
    drawn: dict[str, Any] = {
        "ranking": picture("ranking", partial(draw_ranking, result), _alt_ranking(result, lang), ranking_table(result, lang))
    }
    for name, draw, metrics in (("differences", draw_differences, index), ("prices", draw_panels, prices)):
        alt = say(f"compare_alt_{name}", lang, base=base, values=_alt_values(result, metrics[:2], lang))
        drawn[name] = picture(name, partial(draw, result, metrics), alt, difference_table(result, metrics, lang)) if metrics else {}
    rows = group_table(result, lang)
    drawn["groups"] = picture("groups", partial(draw_group_differences, result), alt_groups(result, lang), rows) if rows.rows else {}
    return {
        "top": "compare_top",
        "title": say("compare_title", lang, count=len(result.batch.labels)),
        "question": say("compare_question", lang, base=base),
        "natural": leading.difference_blocks(result.natural, titles(result.batch, lang), lang),
        "natural_note": leading.difference_note(
            result.batch.scenarios[0], result.batch.residents, result.batch.window, result.natural, base, lang
        ),
        "answers": [*answers(result, lang), *indices.untold_sentences(result.effective, lang)],
        "method": say(
            "compare_method",
            lang,
            count=len(result.batch.seeds),
            weeks=result.batch.window,
            interval=say(f"interval_{result.interval}", lang),
            tests=int(result.differences["p"].notna().sum()),
            least=FEWEST,
        ),
        "notices": unlike(result.batch, lang),
        "figures": drawn,
        "groups": said_groups(result, lang),
        "effective": indices.effective_table(result.effective, lang),
        "base": base,
        "weeks": result.batch.window,
        "weightings": f"{result.settings['weightings']:,}",
        "every": [(titles(result.batch, lang)[label], metric_table(result, label, lang)) for label in result.batch.labels[1:]],
    }


def of_groups(result: "Comparison", *groups: str) -> list[str]:
    """Compared metrics of some groups of the catalogue that have a value, in its order."""
    catalogue = {**METRICS, **plugin_registry.METRICS}
    known = set(result.differences.loc[result.differences["n"] > 0, "metric"])
    return [name for group in groups for name, metric in catalogue.items() if metric.group == group and name in known]


def answers(result: "Comparison", lang: str) -> list[str]:
    """One or two sentences per scenario: the number of significant differences, and the two indices."""
    said, names = [], titles(result.batch, lang)
    base, tests = names[result.batch.labels[0]], int(result.differences["p"].notna().sum())
    for label in result.batch.labels[1:]:
        rows = result.differences[result.differences["scenario"] == label].set_index("metric")
        counts = {"settled": int(rows["settled"].sum()), "count": int(rows["p"].notna().sum())}
        few = {"pairs": len(result.batch.seeds), "least": FEWEST}
        first = say("compare_settled", lang, base=base, name=names[label], **counts)
        parts = [first if counts["count"] else say("compare_few", lang, name=names[label], **few)]
        parts += [_index(rows.loc[name].to_dict(), name, tests, lang) for name in ("stability", "satisfaction") if name in rows.index]
        said.append(say("gap", lang).join(parts))
    return said


def _index(row: dict[str, Any], name: str, tests: int, lang: str) -> str:
    """A sentence on the difference in one index by its verdict, with the interval if it has one."""
    size, low, high = estimate_in_words(row["mean"], row["low"], row["high"], name)
    interval = say("answer_within" if np.isfinite(row["low"]) else "compare_no_interval", lang, low=low, high=high)
    if row["verdict"] in (SETTLED, ALONE):
        plain = size_in_words(row, name)
        interval = say("answer_within", lang, **plain) if np.isfinite(row["low"]) else interval
        said = {"index": metric_title(name, lang), "size": plain["size"], "interval": interval}
        said["way"] = say("higher" if row["mean"] > 0 else "lower", lang)
        return say(
            "compare_index" if row["verdict"] == SETTLED else "compare_index_alone", lang, tests=tests, needed=_more(row, lang), **said
        )
    key = "compare_index_open" if row["verdict"] == OPEN else "compare_index_none"
    return say(key, lang, index=metric_title(name, lang), size=size, interval=interval, needed=_more(row, lang))


def _more(row: dict[str, Any], lang: str) -> str:
    """The number of runs that would make an open difference significant, if feasible."""
    return say("compare_needed", lang, count=f"{row['needed']:,.0f}") if row["needed"] <= MANY else ""


def difference_table(result: "Comparison", names: Sequence[str], lang: str) -> Table:
    """Differences of some metrics, scenario by scenario."""
    shown = titles(result.batch, lang)
    head = [say(key, lang) for key in ("scenario", "metric", "difference", "interval", "p", "verdict", "won", "needed", "unpaired")]
    rows = [
        [shown[row["scenario"]], metric_title(row["metric"], lang), *cells(row, lang)]
        for row in result.differences.to_dict("records")
        if row["metric"] in names
    ]
    return Table(head, rows)


def metric_table(result: "Comparison", label: str, lang: str) -> Table:
    """Every metric of one scenario compared with the first."""
    base = titles(result.batch, lang)[result.batch.labels[0]]
    head = [say("metric", lang), say("unit", lang), say("base_value", lang, base=base)]
    head += [say(key, lang) for key in ("difference", "interval", "p", "verdict", "won", "needed", "unpaired")]
    rows = []
    for row in result.differences[result.differences["scenario"] == label].to_dict("records"):
        name = row["metric"]
        rows.append([metric_title(name, lang), metric_unit(name, lang), number(row["base"], name), *cells(row, lang)])
    return Table(head, rows)


def cells(row: dict[str, Any], lang: str = "en") -> list[str]:
    """Difference, interval, p, verdict, share won, runs needed and ratio of unpaired runs, as text."""
    needed = "" if np.isnan(row["needed"]) else f"> {MANY:,}" if row["needed"] > MANY else f"{row['needed']:,.0f}"
    won = NOTHING if np.isnan(row["share_won"]) else f"{100 * row['share_won']:.0f}\u202f%"
    ratio = row["variance_ratio"]
    times = NOTHING if np.isnan(ratio) else f"> {MANY:,}" if ratio > MANY else f"{ratio:,.1f}" if ratio < 10 else f"{ratio:,.0f}"
    return [
        *difference_cells(row, row["metric"]),
        p_value(row["p"]),
        say(f"verdict_{row['verdict'].replace(' ', '_')}", lang),
        Shown(won, row["share_won"]),
        Shown(needed, row["needed"]),
        Shown(times, ratio),
    ]


def p_value(p: float) -> str:
    """A p-value as text."""
    return Shown(NOTHING if np.isnan(p) else "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}", p)


def ranking_table(result: "Comparison", lang: str) -> Table:
    """Ranks under varied weights."""
    shown = titles(result.batch, lang)
    firsts, places = ("first_share", "first_luck", "first_geometric"), ("mean_rank", "rank_range", "rank_own")
    head = [say(key, lang) for key in ("index", "scenario", *firsts, *places)]
    rows = []
    for row in result.ranking.to_dict("records"):
        index = say("both", lang) if row["ranked_by"] == "both" else metric_title(row["ranked_by"], lang)
        ranks = Shown(f"{row['best_rank']:.0f}–{row['worst_rank']:.0f}", row["best_rank"], row["worst_rank"])
        shares = [Shown(f"{row[name]:.1%}", row[name]) for name in ("first", "first_with_luck", "first_geometric")]
        own = Shown(f"{row['rank']:.0f} / {row['rank_geometric']:.0f}", row["rank"], row["rank_geometric"])
        rows.append([index, shown[row["scenario"]], *shares, Shown(f"{row['mean_rank']:.2f}", row["mean_rank"]), ranks, own])
    return Table(head, rows)


def _alt_ranking(result: "Comparison", lang: str) -> str:
    shown = titles(result.batch, lang)
    rows = result.ranking[result.ranking["ranked_by"] == "both"]
    values = [f"{shown[label]} {share:.0%}" for label, share in zip(rows["scenario"], rows["first"], strict=True)]
    return say("alt_ranking", lang, values=f"{say('both', lang)}: " + listed(values, lang))


def _alt_values(result: "Comparison", names: Sequence[str], lang: str) -> str:
    shown = titles(result.batch, lang)
    rows = [row for row in result.differences.to_dict("records") if row["metric"] in names]
    return listed((f"{shown[r['scenario']]}: {metric_title(r['metric'], lang)} {signed(r['mean'], r['metric'])}" for r in rows), lang)
