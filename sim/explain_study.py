"""Plain text for `sanzhi explain` of a study or a search: what varies, how many runs that is, their time, memory and disk."""

from typing import TYPE_CHECKING

from sim.experiments.study import KINDS, SERIES
from sim.explain import bytes_shown, estimate, time_shown
from sim.text import table

if TYPE_CHECKING:
    from sim.experiments.search import Search
    from sim.experiments.study import Study

EACH_RUN, EACH_WEEK = 0.002, 70e-6
"""Seconds of a run beside its residents: at its start, and of every week (measured, round)."""
ROW, CELL, COPIES = 180, 9, 2
"""Bytes of a run in the ledger, of each of its factors and outcomes, and how often it is kept: with its backup (measured, round)."""
SERIES_CELL = 7.0
"""Bytes of a metric's week in the files of series (measured, round)."""
MOST_LISTED = 12


def explain_study(study: "Study", workers: int | None = None) -> str:
    """What the sweep of `study` will do before it does it."""
    from sim.experiments.designs import count

    points = count(study)
    rows = [
        ("  design", f"{study.design.kind}: {_points(study, points)}"),
        ("  runs", f"{points * study.replicates:,} ({points:,} points with {_replicates(study)})"),
        *_cost(study, points * study.replicates, workers),
    ]
    varied = [(f"  {key}", what) for key, what in _varied(study)]
    outcomes = [(f"  {name}", how) for name, how in study.outcomes.items()]
    sections = [_head(study) + table(rows), f"Varies\n{table(_few(varied))}"]
    if study.policies:
        changes = [
            (f"  {name}", ", ".join(f"{key} {value}" for key, value in changed.items()) or "the scenario as it is")
            for name, changed in study.policies.items()
        ]
        sections.append(f"Policies\n{table(_few(changes))}")
    return "\n\n".join([*sections, f"Outcomes\n{table(_few(outcomes))}"])


def explain_search(search: "Search", workers: int | None = None) -> str:
    """What the search will do before it does it."""
    base, futures = search.base, search.futures.design.samples if search.futures else 1
    policies = search.population * search.generations
    runs = policies * futures * base.replicates
    lives = f"{futures} futures with " if search.futures else ""
    rows = [
        ("  search", f"NSGA-II: {search.population} policies in each of {search.generations} generations, at most {policies:,} in all"),
        ("  runs", f"at most {runs:,} ({policies:,} policies, each in {lives}{_replicates(base)})"),
        *_cost(base, runs, workers),
    ]
    varied = [(f"  {key}", what) for key, what in _varied(base)]
    sections = [_head(base) + table(rows), f"Searched\n{table(_few(varied))}"]
    if search.futures:
        sections.append("Futures\n" + table(_few([(f"  {key}", what) for key, what in _varied(search.futures)])))
    asked = [(f"  {name}", way) for name, way in search.objectives.items()]
    bounds = [(f"  {name}", f"{side.replace('_', ' ')} {bound:g}") for name, (side, bound) in search.targets.items()]
    targets = [f"Targets, in {search.met_in:.0%} of the runs\n{table(bounds)}"] if bounds else []
    return "\n\n".join([*sections, f"Objectives\n{table(asked)}", *targets])


def _head(study: "Study") -> str:
    title = study.title.get("en", "")
    return f"{study.name}{': ' if title else ''}{title}\n"


def _replicates(study: "Study") -> str:
    return f"{study.replicates} replicate{'s' if study.replicates > 1 else ''}"


def _points(study: "Study", points: int) -> str:
    futures = f"{len(study.policies)} policies in {study.design.samples:,} futures, " if study.policies else ""
    return f"{futures}{points:,} points ({KINDS[study.design.kind]})"


def _cost(study: "Study", runs: int, workers: int | None) -> list[tuple[str, str]]:
    """Rows with the size of a run, and what all of them cost."""
    from sim.experiments.arguments import processors

    scenario = study.scenario
    processes = min(workers or processors(), runs)
    memory, residents = estimate(scenario, runs, processes, 1)
    seconds = residents + runs * (EACH_RUN + EACH_WEEK * scenario.horizon) / processes
    where = f"in {processes} process{'es' if processes > 1 else ''}"
    rough = "rough; plus some 30 s once, to compile"
    return [
        ("  a run", f"{scenario.horizon} weeks, {scenario.city.population:,} residents"),
        ("  time", f"about {time_shown(seconds)} {where} ({rough})"),
        ("  memory", f"about {bytes_shown(memory)} {where}"),
        ("  disk", f"about {bytes_shown(disk(study, runs))}{', with the series of every metric' * (study.record == SERIES)}"),
    ]


def disk(study: "Study", runs: int) -> float:
    """Bytes that the folder of a study takes, roughly."""
    from sim.metrics import METRICS

    rows = runs * (ROW + CELL * (len(study.keys) + len(study.outcomes))) * COPIES
    return rows + (runs * study.scenario.horizon * len(METRICS) * SERIES_CELL if study.record == SERIES else 0.0)


def _varied(study: "Study") -> list[tuple[str, str]]:
    """Every factor and group with the values it takes."""
    found = []
    for factor in study.factors:
        values = f"{len(factor.values)} values: {', '.join(map(str, factor.values))}"
        shown = values if len(values) <= 60 else f"{values[:57]}..."
        found.append((factor.key, shown if factor.values else f"{factor.low:g} to {factor.high:g}{', whole numbers' * factor.whole}"))
    for group in study.groups:
        found.append((group.name, f"{' + '.join(group.shares)}: {'exactly' if group.exact else 'at most'} {group.budget:g}"))
    return found


def _few(rows: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The first rows, and how many more there are."""
    more = len(rows) - MOST_LISTED
    return [*rows[:MOST_LISTED], (f"  and {more} more", "")] if more > 1 else list(rows)
