"""Text for `sanzhi explain` of a search: what it varies, how many runs that is, and their cost."""

from typing import TYPE_CHECKING

from sim.explain.sections import row, section
from sim.explain.study import RUNS, cost_rows, heading, varied
from sim.messages import Message, language
from sim.text import replicates_text, table

if TYPE_CHECKING:
    from sim.experiments.optimization.search import Search


def explain_search(search: "Search", workers: int | None = None) -> str:
    """Explain a search before it runs."""
    base, futures = search.base, search.futures.design.samples if search.futures else 1
    policies = search.population * search.generations
    runs = policies * futures * base.replicates
    sizes = {"population": search.population, "generations": search.generations, "policies": policies}
    rows = [
        row(
            Message("search"),
            Message("NSGA-II: {population} policies in each of {generations} generations, at most {policies:,} in all", **sizes),
        ),
        row(RUNS[language()], _searched(search, runs, policies)),
        *cost_rows(base, runs, workers),
    ]
    sections = [heading(base) + table(rows), section(Message("Searched"), varied(base))]
    if search.futures:
        sections.append(section(Message("Futures"), varied(search.futures)))
    sections.append(f"{Message('Objectives')}\n{table([row(name, way) for name, way in search.objectives.items()])}")
    bounds = [row(name, _bound(side, bound)) for name, (side, bound) in search.targets.items()]
    if bounds:
        sections.append(f"{Message('Targets, in {share:.0%} of the runs', share=search.met_in)}\n{table(bounds)}")
    return "\n\n".join(sections)


def _searched(search: "Search", runs: int, policies: int) -> Message:
    about = {"runs": runs, "policies": policies, "replicates": replicates_text(search.base.replicates)}
    if not search.futures:
        return Message("at most {runs:,} ({policies:,} policies, each in {replicates})", **about)
    futures = search.futures.design.samples
    return Message("at most {runs:,} ({policies:,} policies, each in {futures} futures with {replicates})", **about, futures=futures)


def _bound(side: str, bound: float) -> Message:
    return Message("at least {bound:g}", bound=bound) if side == "at_least" else Message("at most {bound:g}", bound=bound)
