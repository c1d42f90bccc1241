"""The areas of a run, communities and districts, in the form that patterns use."""

import numpy as np

from sim.analysis.areas import Areas
from sim.analysis.patterns.named import REPORTED
from sim.results import Run


def communities_of_run(run: Run) -> list[Areas]:
    """Communities of each replicate in the last complete year; empty if there is none."""
    table = run.communities
    if table.empty:
        return []
    last = table[table["year"] == table["year"].max()]
    wanted = [name for name in last.columns if name not in ("replicate", "seed", "year", "community", "district")]
    return [Areas({name: part[name].to_numpy(float) for name in wanted}) for _, part in last.groupby("replicate")]


def districts_of_run(run: Run) -> list[Areas]:
    """Districts of each replicate: reported and true values, means of the last year."""
    weeks = run.districts["week"]
    last = run.districts[weeks > weeks.max() - 52]
    names = [name for pair in REPORTED.items() for name in pair if name in last.columns]
    people = run.communities.groupby(["replicate", "district"], observed=True)["residents"].mean() if len(run.communities) else None
    found = []
    for replicate, part in last.groupby("replicate"):
        mean = part.groupby("district", observed=True)[names].mean()
        residents = np.ones(len(mean)) if people is None else people.loc[replicate].reindex(mean.index).fillna(0).to_numpy(float)
        found.append(Areas({"residents": residents, **{name: mean[name].to_numpy(float) for name in names}}))
    return found
