"""The page of a search over policies, and the files beside it."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from sim.analysis.real_size import LEADING, total_factor
from sim.experiments.comparisons.index_parts import WEIGHTINGS
from sim.experiments.optimization.world_search import WorldSearchResult
from sim.files import os_errors_as, write_whole
from sim.metrics import METRICS
from sim.metrics.table_words import IN_WORLDS
from sim.report.optimize import worlds
from sim.report.parts import indices, leading, style
from sim.report.parts.files import Shown, Table
from sim.report.parts.key import line
from sim.report.parts.numbers import between, percent, together
from sim.report.study.factors import factor_title, factor_value, policy_text
from sim.report.study.figures import scatter
from sim.report.study.page import write_study_page
from sim.report.study.sentences import target_text
from sim.report.study.tables import shares
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title, metric_unit
from sim.results import described_parquet
from sim.scenario.costs import real_residents
from sim.scenario.schema.bilingual import in_language
from sim.spreadsheets import csv_of_table
from sim.version import VERSION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.optimization.optimize import SearchResult
    from sim.scenario import Scenario

MOST_ROWS = 60
STEADY = 0.005
"""A search has converged if its hypervolume grew by less in the last quarter (assumption)."""


def write_search(result: "SearchResult | WorldSearchResult", folder: str | Path, lang: str = "en") -> Path:
    """Write ``report.html``, ``figures/``, ``front.csv``, ``tried.csv`` and other tables of a search; the page is self-contained.

    Over plausible worlds the tables are written as Parquet, too.
    """
    folder = Path(folder)
    context = partial(_over_worlds, result) if isinstance(result, WorldSearchResult) else partial(_context, result)
    with os_errors_as("cannot write into {folder}", folder=folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in result.tables.items():
            write_whole(folder / f"{name}.csv", csv_of_table(table), flushed=False)
            if isinstance(result, WorldSearchResult):
                write_whole(folder / f"{name}.parquet", described_parquet(name, table, f"optimize{IN_WORLDS}"), flushed=False)
        return write_study_page(folder, lang, context)


def title_of(name: str, lang: str) -> str:
    """Title of an objective: a metric's, as a total of the real city if it leads reports, or a factor's."""
    if name in LEADING:
        return leading.title(name, lang)
    return metric_title(name, lang) if name in METRICS else factor_title(name, lang)


def sentences(result: "SearchResult", lang: str) -> list[str]:
    """Sentences on the search and its result."""
    search, front = result.search, result.front
    futures = search.futures.design.samples if search.futures else 1
    tried = {"evaluations": f"{len(result.tried):,}", "generations": len(result.progress), "runs": futures * search.base.replicates}
    said = [say("o_lead", lang, **tried, futures=say("o_futures", lang, futures=futures, replicates=search.base.replicates))]
    if search.targets:
        asked = target_text(search.targets, lang)
        said.append(say("o_constraint", lang, constraint=asked, share=percent(search.met_in)))
    if front.empty:
        return [*said, say("o_none", lang, share=percent(float(result.tried["share"].max())))]
    said.append(say("o_front", lang, count=len(front)))
    for name, way in search.objectives.items():
        best = front.loc[front[name].idxmin() if way == "less" else front[name].idxmax()]
        policy = policy_text(best, search.space.keys, lang)
        said.append(say("o_end", lang, objective=title_of(name, lang), value=_value(best, name, search.base.scenario, lang), policy=policy))
    return said


def cautions(result: "SearchResult", lang: str) -> list[str]:
    """Whether the search has converged, and what its intervals do not include."""
    return [converged(result, lang), say("o_luck", lang)] if not result.front.empty else []


def converged(result: "SearchResult | WorldSearchResult", lang: str) -> str:
    """Whether the front still changed towards the end of the search."""
    reached = result.progress["hypervolume"].to_numpy()
    before = reached[max(0, len(reached) - 1 - max(1, len(reached) // 4))]
    return say("o_steady" if reached[-1] - before < STEADY else "o_moving", lang)


def _value(row: Any, name: str, scenario: "Scenario", lang: str) -> str:
    """An objective with its interval, if it has one; for the real city if it leads reports."""
    if f"low_{name}" not in row:
        return factor_value(name, row[name], lang)
    values = [row[key] for key in (name, f"low_{name}", f"high_{name}")]
    if name in LEADING:
        factor = total_factor(name, real_residents(scenario))
        shown = leading.totals(
            name, [value * (1.0 if math.isnan(factor) else factor) for value in values], lang, scenario.staffing.currency
        )
    else:
        shown = together(values, name)
    value, low, high = shown
    if values[1] != values[1]:
        return value
    return Shown(f"{value} ({between(low, high)})", *value.exact, *low.exact, *high.exact)


def front_table(result: "SearchResult", lang: str) -> Table:
    """The best policies with their objectives, intervals and the share of runs that meet the targets."""
    search, front = result.search, result.front
    names = list(search.objectives)
    first = names[0]
    rows = front.sort_values(first, ascending=search.objectives[first] == "less", kind="stable").head(MOST_ROWS)
    met = [say("share_of_runs", lang)] if search.targets else []
    head = [*(factor_title(key, lang) for key in search.space.keys), *(title_of(name, lang) for name in names), *met]
    cells = []
    for row in rows.to_dict("records"):
        values = [factor_value(key, row[key], lang) for key in search.space.keys] + [
            _value(row, name, search.base.scenario, lang) for name in names
        ]
        values += [shares(row)] if met else []
        cells.append(values)
    return Table(head, cells)


def index_tables(result: "SearchResult", lang: str) -> list[dict[str, Any]]:
    """What moves the indices between the policies of the front, and which of them rank first under other weights."""
    if result.effective.empty:
        return []
    titles = {str(row): policy_text(result.tried.loc[row], result.search.space.keys, lang) for row in result.front.index}
    first = say("first_note", lang, count=f"{WEIGHTINGS:,}")
    return [
        {"title": say("h_effective", lang), "note": say("effective_note", lang), "table": indices.effective_table(result.effective, lang)},
        {"title": say("h_first", lang), "note": first, "table": indices.first_table(result.ranking, titles, lang)},
    ]


def draw_search(result: "SearchResult", lang: str = "en", narrow: bool = False) -> "Figure":
    """Every policy evaluated by its objectives, with the front marked by rings."""
    columns = [(name, _axis(name, lang)) for name in result.search.objectives]
    columns = columns if len(columns) > 1 else [*columns, ("generation", say("generation", lang))]
    entries = [
        (line(marker="o", color=style.BLUE, alpha=0.6, ms=4), say("key_tried", lang)),
        (line(marker="o", color=style.VERMILLION, mfc="none", mew=1.3, ms=7), say("key_ringed", lang)),
        (line(marker="x", color=style.GREY, ms=4, mew=0.8), say("key_missed", lang)),
    ]
    with style.look():
        return scatter(result.tried, columns, _tried, narrow, entries)


def _axis(name: str, lang: str) -> str:
    """Title with unit of an objective; with a unit, since totals of the real city stand in the tables under a similar title."""
    if name not in METRICS:
        return factor_title(name, lang)
    return say("with_unit", lang, name=metric_title(name, lang), unit=metric_unit(name, lang))


def _tried(axes: "Axes", table: "pd.DataFrame", x: str, y: str) -> None:
    known = table["runs"] > 0
    good = known & (table["miss"] <= 0)
    age = (table["generation"] + 1) / (table["generation"].max() + 1)
    axes.plot(table[x][known & ~good], table[y][known & ~good], "x", color=style.GREY, markersize=4, markeredgewidth=0.8)
    if good.any():
        axes.scatter(table[x][good], table[y][good], s=16, color=style.BLUE, alpha=(0.25 + 0.65 * age[good]).to_numpy(), linewidths=0)
    front = table[table["front"]].sort_values(x)
    axes.plot(front[x], front[y], "o", color=style.VERMILLION, markersize=7, markerfacecolor="none", markeredgewidth=1.3)


def draw_progress(result: "SearchResult | WorldSearchResult", lang: str = "en", narrow: bool = False) -> "Figure":
    """Hypervolume by generation."""
    with style.look():
        figure = style.new_figure(style.NARROW if narrow else style.WIDE, 2.4)
        axes = figure.subplots()
        axes.plot(result.progress["generation"] + 1, result.progress["hypervolume"], "-o", color=style.BLUE, markersize=3.5)
        axes.set(xlabel=say("generation", lang), ylabel=say("hypervolume", lang), ylim=(0, 1.02))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        return figure


def _progress_drawn(result: "SearchResult | WorldSearchResult", lang: str, picture: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    rows = [[str(row.generation + 1), Shown(f"{row.hypervolume:.3f}", row.hypervolume)] for row in result.progress.itertuples()]
    table = Table([say("generation", lang), say("hypervolume", lang)], rows)
    return picture("progress", partial(draw_progress, result), say("c_progress", lang), table)


def _context(result: "SearchResult", lang: str, picture: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    drawn = [picture("search", partial(draw_search, result), say("c_search", lang), front_table(result, lang), 0)]
    if not result.front.empty:
        drawn.append(_progress_drawn(result, lang, picture))
    told = [*cautions(result, lang), *indices.untold_sentences(result.effective, lang)]
    section: dict[str, Any] = {"id": "optimum", "title": say("h_optimum", lang), "said": told, "figures": drawn}
    section["tables"] = index_tables(result, lang)
    return _page(result, lang, sentences(result, lang), [section])


def _over_worlds(result: WorldSearchResult, lang: str, picture: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """What the page says of a search over worlds."""
    drawn = [picture("search", partial(worlds.draw, result), say("c_searched", lang), worlds.front_table(result, lang), 1)]
    section: dict[str, Any] = {"id": "optimum", "title": say("h_optimum", lang), "said": [], "figures": drawn}
    sections = [section]
    if not result.front.empty:
        table, regret = worlds.page_table(result, lang), worlds.regret_table(result, lang)
        section["tables"] = [{"title": say("ow_table", lang), "note": say("ow_table_note", lang), "table": table, "look": "stack"}]
        more = {"title": say("ow_regret_title", lang), "note": say("ow_regret_note", lang), "table": regret, "look": "stack"}
        method = say("gap", lang).join(worlds.method(result, lang))
        told = [converged(result, lang), method]
        how = {"id": "how", "title": say("ow_how", lang), "said": told, "figures": [_progress_drawn(result, lang, picture)]}
        sections.append(how | {"tables": [more]})
    return _page(result, lang, worlds.sentences(result, lang), sections) | {
        "luck": "worlds_no_chance",
        "method": _method(result, "ow_nsga", lang),
    }


def _method(result: "SearchResult | WorldSearchResult", key: str, lang: str) -> str:
    return say(key, lang, seed=result.search.seed, population=result.search.population)


def _page(result: "SearchResult | WorldSearchResult", lang: str, said: list[str], sections: list[dict[str, Any]]) -> dict[str, Any]:
    """The parts of a page that searches have in common."""
    base, objectives = result.search.base, result.search.objectives.items()
    facts = [
        ("made_study", base.name),
        ("made_policy", "; ".join(f"{factor_title(key, lang)} ({key})" for key in result.search.space.keys)),
        ("made_unsure", "; ".join(result.search.futures.keys) if result.search.futures else ""),
        ("made_outcomes", "; ".join(f"{metric_title(name, lang)} ({how})" for name, how in base.outcomes.items())),
    ]
    lacking = [say("no_font", lang)] if lang == "zh" and style.figure_language(lang) != "zh" else []
    return {
        "over": say("o_top", lang),
        "title": base.title.get("zh" if lang == "zh" else "en") or base.title.get("en") or base.name,
        "question": in_language(base.description, lang)
        or listed([say(f"way_{w}", lang, outcome=title_of(n, lang)) for n, w in objectives], lang),
        "notices": lacking,
        "findings": said,
        "small": "",
        "sections": sections,
        "facts": [(say(key, lang), value) for key, value in facts if value],
        "method": _method(result, "o_method", lang),
        "scope": say("scope", lang),
        "version": VERSION,
    }
