"""Text for `sanzhi explain` of a search: what it varies, how many runs that is, and their cost."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.experiments.comparisons.world_batch import sized
from sim.experiments.optimization.judgement import MOST_JUDGED
from sim.experiments.optimization.world_search import SMALL, WORLDS, searched_of
from sim.experiments.worlds.own_rates import AGAIN
from sim.explain.sections import row, section
from sim.explain.study import RUNS, cost_rows, heading, varied
from sim.messages import Message, Words, language
from sim.text import replicates_text, table
from sim.worlds.world_set import shipped_set

if TYPE_CHECKING:
    from sim.experiments.optimization.search import Search


def explain_search(search: "Search", workers: int | None = None) -> str:
    """Explain a search before it runs."""
    base, policies = search.base, search.population * search.generations
    sizes = {"population": search.population, "generations": search.generations, "policies": policies}
    rows = [
        row(
            Message("search"),
            Message("NSGA-II: {population} policies in each of {generations} generations, at most {policies:,} in all", **sizes),
        ),
        *_runs(search, policies, workers),
    ]
    sections = [heading(base) + table(rows), section(Message("Searched"), varied(base))]
    if search.futures:
        sections.append(section(Message("Futures"), varied(search.futures)))
    sections.append(f"{Message('Objectives')}\n{table([row(name, way) for name, way in search.objectives.items()])}")
    bounds = [row(name, _bound(side, bound)) for name, (side, bound) in search.targets.items()]
    if bounds:
        sections.append(f"{Message('Targets, in {share:.0%} of the runs', share=search.met_in)}\n{table(bounds)}")
    return "\n\n".join(sections)


def _runs(search: "Search", policies: int, workers: int | None) -> list[tuple[Words, ...]]:
    """Rows with runs and their cost: over plausible worlds, or in the default world where a search has futures, or there are no worlds."""
    base, worlds = search.base, None if search.futures else shipped_set()
    if worlds is not None:
        count = min(WORLDS, len(worlds))
        few = searched_of(count)
        about = {"runs": policies * few, "policies": policies, "worlds": few, "others": count - few}
        judged = (MOST_JUDGED + 1) * (count - few + AGAIN)
        told = Message(
            "at most {runs:,} ({policies:,} policies, each in {worlds} plausible worlds), "
            "and {judged:,} to judge the best in {others} others",
            judged=judged,
            **about,
        )
        (small,) = sized([base.scenario], SMALL, SMALL)
        return [row(RUNS[language()], told), *cost_rows(replace(base, scenario=small), about["runs"] + judged, workers)]
    futures = search.futures.design.samples if search.futures else 1
    runs = policies * futures * base.replicates
    said: dict[str, Any] = {"runs": runs, "policies": policies, "replicates": replicates_text(base.replicates)}
    if search.futures:
        told = Message("at most {runs:,} ({policies:,} policies, each in {futures} futures with {replicates})", futures=futures, **said)
    else:
        told = Message("at most {runs:,} ({policies:,} policies, each in {replicates})", **said)
    return [row(RUNS[language()], told), *cost_rows(base, runs, workers)]


def _bound(side: str, bound: float) -> Message:
    return Message("at least {bound:g}", bound=bound) if side == "at_least" else Message("at most {bound:g}", bound=bound)
