"""Text for `sanzhi explain` of a study: what varies, how many runs that is, their time, memory and disk space."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.experiments.arguments import processors
from sim.experiments.studies.designs import count
from sim.experiments.studies.study import SERIES
from sim.explain.cost import bytes_text, estimate, time_text
from sim.explain.sections import row, section
from sim.messages import Joined, Message, Words, language
from sim.metrics import METRICS
from sim.text import localized, replicates_text, table

if TYPE_CHECKING:
    from sim.experiments.studies.study import Factor, Study

EACH_RUN, EACH_WEEK = 0.002, 70e-6
"""Seconds of a run on top of its residents: at its start, and for every week (measured, rounded)."""
ROW, CELL, COPIES = 180, 9, 2
"""Bytes of a run in the run store, of each of its factors and outcomes, and copies kept, with the backup (measured, rounded)."""
SERIES_CELL = 7.0
"""Bytes of one metric in one week in the files of series (measured, rounded)."""
RUNS = {"en": "runs", "zh": "运行次数"}
"""As a label; Chinese uses another word after a number."""
LONGEST = 60
"""Maximum characters of a list of values."""
DESIGNS = {
    "grid": Message("every combination of levels"),
    "lhs": Message("Latin hypercube"),
    "sobol": Message("Saltelli's sample, for Sobol indices"),
    "morris": Message("trajectories, for elementary effects"),
    "simplex": Message("Latin hypercube with shares that sum to a budget"),
    "list": Message("the lists of the factors, row by row"),
    "policies": Message("named policies, each in the same sampled futures"),
}
"""What each kind of design is (see `sim.experiments.studies.study.KINDS`)."""


def explain_study(study: "Study", workers: int | None = None) -> str:
    """Explain a study before it runs."""
    points = count(study)
    runs = {"runs": points * study.replicates, "points": points, "replicates": replicates_text(study.replicates)}
    rows = [
        row(Message("design"), _points(study, points)),
        row(RUNS[language()], Message("{runs:,} ({points:,} points with {replicates})", **runs)),
        *cost_rows(study, points * study.replicates, workers),
    ]
    sections = [heading(study) + table(rows), section(Message("Varies"), varied(study))]
    if study.policies:
        sections.append(section(Message("Policies"), [(name, _changes(changed)) for name, changed in study.policies.items()]))
    return "\n\n".join([*sections, section(Message("Outcomes"), list(study.outcomes.items()))])


def heading(study: "Study") -> str:
    """Name and title of a study, as the first line."""
    title = localized(study.title)
    return f"{study.name}{': ' if title else ''}{title}\n"


def _changes(changed: Mapping[str, Any]) -> Words:
    return Joined(f"{key} {value}" for key, value in changed.items()) if changed else Message("the scenario as it is")


def _points(study: "Study", points: int) -> Message:
    about = {"kind": study.design.kind, "points": points, "what": DESIGNS[study.design.kind]}
    if not study.policies:
        return Message("{kind}: {points:,} points ({what})", **about)
    crossed = {"policies": len(study.policies), "futures": study.design.samples}
    return Message("{kind}: {policies} policies in {futures:,} futures, {points:,} points ({what})", **about, **crossed)


def cost_rows(study: "Study", runs: int, workers: int | None) -> list[tuple[Words, ...]]:
    """Rows with the size of a run, and the cost of all runs."""
    scenario = study.scenario
    processes = min(workers or processors(), runs)
    memory, residents = estimate(scenario, runs, processes, 1)
    seconds = residents + runs * (EACH_RUN + EACH_WEEK * scenario.horizon) / processes
    where = Message("in {count} processes", count=processes) if processes > 1 else Message("in 1 process")
    size = {"weeks": scenario.horizon, "residents": scenario.city.population}
    size_text = Message("about {size}", size=bytes_text(disk_bytes(study, runs)))
    return [
        row(Message("a run"), Message("{weeks} weeks, {residents:,} residents", **size)),
        row(
            Message("time"),
            Message("about {time} {where} (rough; compiling takes another 30 s, once)", time=time_text(seconds), where=where),
        ),
        row(Message("memory"), Message("about {size} {where}", size=bytes_text(memory), where=where)),
        row(Message("disk"), Message("{size}, with the series of every metric", size=size_text) if study.record == SERIES else size_text),
    ]


def disk_bytes(study: "Study", runs: int) -> float:
    """Disk space of the folder of a study in bytes, roughly."""
    rows = runs * (ROW + CELL * (len(study.keys) + len(study.outcomes))) * COPIES
    return rows + (runs * study.scenario.horizon * len(METRICS) * SERIES_CELL if study.record == SERIES else 0.0)


def varied(study: "Study") -> list[tuple[str, Words]]:
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
        text = str(Message("{count} values: {values}", count=len(factor.values), values=Joined(factor.values)))
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
    about = {"low": f"{factor.low:g}", "high": f"{factor.high:g}"}
    return Message("{low} to {high}, whole numbers", **about) if factor.whole else Message("{low} to {high}", **about)
