"""Plain text for `sanzhi explain` of a study or a search: what varies, how many runs that is, their time, memory and disk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.console import of_count
from sim.describe import title_of
from sim.experiments.studies.study import SERIES
from sim.explain import bytes_shown, estimate, row, time_shown
from sim.messages import Joined, Message, Words, language
from sim.text import table

if TYPE_CHECKING:
    from sim.experiments.optimization.search import Search
    from sim.experiments.studies.study import Factor, Study

EACH_RUN, EACH_WEEK = 0.002, 70e-6
"""Seconds of a run beside its residents: at its start, and of every week (measured, round)."""
ROW, CELL, COPIES = 180, 9, 2
"""Bytes of a run in the ledger, of each of its factors and outcomes, and how often it is kept: with its backup (measured, round)."""
SERIES_CELL = 7.0
"""Bytes of a metric's week in the files of series (measured, round)."""
MOST_LISTED = 12
RUNS = {"en": "runs", "zh": "运行次数"}
"""As a label; behind a number Chinese has another word."""
LONGEST = 60
"""Characters of a list of values."""
KIND = {
    "grid": Message("every combination of levels"),
    "lhs": Message("Latin hypercube"),
    "sobol": Message("Saltelli's sample, for Sobol indices"),
    "morris": Message("trajectories, for elementary effects"),
    "simplex": Message("Latin hypercube with shares that sum to a budget"),
    "list": Message("the lists of the factors, row by row"),
    "policies": Message("named policies, each in the same sampled futures"),
}
"""What a kind of design is (`sim.experiments.studies.study.KINDS`)."""


def explain_study(study: "Study", workers: int | None = None) -> str:
    """What the sweep of `study` will do before it does it."""
    from sim.experiments.studies.designs import count

    points = count(study)
    runs = {"runs": points * study.replicates, "points": points, "replicates": of_count(study.replicates)}
    rows = [
        row(Message("design"), _points(study, points)),
        row(RUNS[language()], Message("{runs:,} ({points:,} points with {replicates})", **runs)),
        *_cost(study, points * study.replicates, workers),
    ]
    sections = [_head(study) + table(rows), _section(Message("Varies"), _varied(study))]
    if study.policies:
        sections.append(_section(Message("Policies"), [(name, _changes(changed)) for name, changed in study.policies.items()]))
    return "\n\n".join([*sections, _section(Message("Outcomes"), list(study.outcomes.items()))])


def explain_search(search: "Search", workers: int | None = None) -> str:
    """What the search will do before it does it."""
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
        *_cost(base, runs, workers),
    ]
    sections = [_head(base) + table(rows), _section(Message("Searched"), _varied(base))]
    if search.futures:
        sections.append(_section(Message("Futures"), _varied(search.futures)))
    sections.append(f"{Message('Objectives')}\n{table([row(name, way) for name, way in search.objectives.items()])}")
    bounds = [row(name, _bound(side, bound)) for name, (side, bound) in search.targets.items()]
    if bounds:
        sections.append(f"{Message('Targets, in {share:.0%} of the runs', share=search.met_in)}\n{table(bounds)}")
    return "\n\n".join(sections)


def _bound(side: str, bound: float) -> Message:
    return Message("at least {bound:g}", bound=bound) if side == "at_least" else Message("at most {bound:g}", bound=bound)


def _section(head: Words, rows: list[tuple[str, Words]]) -> str:
    """A heading, the first rows below it, and how many more there are."""
    more = len(rows) - MOST_LISTED
    shown = [row(*cells) for cells in (rows[:MOST_LISTED] if more > 1 else rows)]
    return f"{head}\n{table([*shown, row(Message('and {count} more', count=more), '')] if more > 1 else shown)}"


def _head(study: "Study") -> str:
    title = title_of(study.title)
    return f"{study.name}{': ' if title else ''}{title}\n"


def _changes(changed: Mapping[str, Any]) -> Words:
    return Joined(f"{key} {value}" for key, value in changed.items()) if changed else Message("the scenario as it is")


def _points(study: "Study", points: int) -> Message:
    about = {"kind": study.design.kind, "points": points, "what": KIND[study.design.kind]}
    if not study.policies:
        return Message("{kind}: {points:,} points ({what})", **about)
    crossed = {"policies": len(study.policies), "futures": study.design.samples}
    return Message("{kind}: {policies} policies in {futures:,} futures, {points:,} points ({what})", **about, **crossed)


def _searched(search: "Search", runs: int, policies: int) -> Message:
    about = {"runs": runs, "policies": policies, "replicates": of_count(search.base.replicates)}
    if not search.futures:
        return Message("at most {runs:,} ({policies:,} policies, each in {replicates})", **about)
    futures = search.futures.design.samples
    return Message("at most {runs:,} ({policies:,} policies, each in {futures} futures with {replicates})", **about, futures=futures)


def _cost(study: "Study", runs: int, workers: int | None) -> list[tuple[Words, ...]]:
    """Rows with the size of a run, and what all of them cost."""
    from sim.experiments.arguments import processors

    scenario = study.scenario
    processes = min(workers or processors(), runs)
    memory, residents = estimate(scenario, runs, processes, 1)
    seconds = residents + runs * (EACH_RUN + EACH_WEEK * scenario.horizon) / processes
    where = Message("in {count} processes", count=processes) if processes > 1 else Message("in 1 process")
    size = {"weeks": scenario.horizon, "residents": scenario.city.population}
    took = Message("about {size}", size=bytes_shown(disk(study, runs)))
    return [
        row(Message("a run"), Message("{weeks} weeks, {residents:,} residents", **size)),
        row(
            Message("time"), Message("about {time} {where} (rough; plus some 30 s once, to compile)", time=time_shown(seconds), where=where)
        ),
        row(Message("memory"), Message("about {size} {where}", size=bytes_shown(memory), where=where)),
        row(Message("disk"), Message("{took}, with the series of every metric", took=took) if study.record == SERIES else took),
    ]


def disk(study: "Study", runs: int) -> float:
    """Bytes that the folder of a study takes, roughly."""
    from sim.metrics import METRICS

    rows = runs * (ROW + CELL * (len(study.keys) + len(study.outcomes))) * COPIES
    return rows + (runs * study.scenario.horizon * len(METRICS) * SERIES_CELL if study.record == SERIES else 0.0)


def _varied(study: "Study") -> list[tuple[str, Words]]:
    """Every factor and group with the values it takes."""
    found: list[tuple[str, Words]] = [(factor.key, _values(factor)) for factor in study.factors]
    for group in study.groups:
        about = {"shares": " + ".join(group.shares), "budget": group.budget}
        found.append(
            (
                group.name,
                Message("{shares}: exactly {budget:g}", **about) if group.exact else Message("{shares}: at most {budget:g}", **about),
            )
        )
    return found


def _values(factor: "Factor") -> Words:
    """The values of a factor, the first of them where there are many, or its range."""
    if factor.values:
        told = str(Message("{count} values: {values}", count=len(factor.values), values=Joined(factor.values)))
        return told if len(told) <= LONGEST else f"{told[: LONGEST - 3]}..."
    about = {"low": f"{factor.low:g}", "high": f"{factor.high:g}"}
    return Message("{low} to {high}, whole numbers", **about) if factor.whole else Message("{low} to {high}", **about)
