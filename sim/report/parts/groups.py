"""Gains and losses from start to end: satisfaction by group of residents."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.metrics.groups import THIRDS, by_hardship
from sim.report.parts import series
from sim.report.parts.estimates import Estimate, estimate
from sim.report.parts.places import district_names
from sim.report.text.catalogue import say
from sim.scenario.cities.presets import preset_of

if TYPE_CHECKING:
    from sim.results import Run
    from sim.scenario import Scenario


class Group(NamedTuple):
    """Satisfaction of one group at the start, at the end, and its change within replicates.

    A group is `chosen` if it was selected for its change, which is then partly due to chance.
    """

    title: str
    start: Estimate
    end: Estimate
    change: Estimate
    chosen: bool = False


def groups(run: "Run", lang: str) -> list[Group]:
    """Satisfaction by group: least and most satisfied, local and non-local, poor and rich communities, districts that moved most.

    Groups without data in the run are left out.
    """
    found = [*_tenths(run, lang), *_registration(run, lang), *_hardship(run, lang)]
    every = [*((False, group) for group in found), *((True, group) for group in _districts(run, lang))]
    made = [Group(title, estimate(start), estimate(end), estimate(end - start), chosen) for chosen, (title, start, end) in every]
    return [group for group in made if np.isfinite(group.change.mean)]


def _tenths(run, lang) -> list[tuple[str, np.ndarray, np.ndarray]]:
    return [(say(f"group_{name[-3:]}", lang), *series.edges(run.weekly, name)) for name in series.has(run.weekly, series.SPREAD)]


def _registration(run, lang) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Local and non-local residents, computed from the mean, the gap between them and the share of the latter."""
    if len(series.has(run.weekly, ("satisfaction", "gap_satisfaction"))) < 2:
        return []
    share = nonlocal_share(run.scenario)
    mean, gap = series.edges(run.weekly, "satisfaction"), series.edges(run.weekly, "gap_satisfaction")
    sides = (("group_local", share), ("group_nonlocal", share - 1.0))
    return [(say(key, lang), mean[0] + weight * gap[0], mean[1] + weight * gap[1]) for key, weight in sides]


def nonlocal_share(scenario: "Scenario") -> float:
    """Share of residents without local registration in the city's preset."""
    preset = preset_of(scenario.city)
    known = [(d.population, preset.nonlocal_share if d.nonlocal_share is None else d.nonlocal_share) for d in preset.districts]
    return sum(people * share for people, share in known) / sum(people for people, _ in known)


def _hardship(run, lang) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Thirds of the communities by hardship, over the first and the last year."""
    table = run.communities
    means = by_hardship(table)
    if means.empty or table["year"].nunique() < 2:
        return []
    first, last = means.loc[table["year"].min()], means.loc[table["year"].max()]
    return [(say(f"group_{third}", lang), first[third].to_numpy(), last[third].to_numpy()) for third in THIRDS]


def _districts(run, lang) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """The districts with the largest and smallest increase in satisfaction."""
    table, names = run.districts, district_names(run.scenario, lang)
    if not series.has(table, ["satisfaction"]) or table["district"].nunique() < 3:
        return []
    weeks, last = series.edge(int(table["week"].nunique())), table["week"].max()
    ends = [table[table["week"] < weeks], table[table["week"] > last - weeks]]
    start, end = (t.groupby(["district", "replicate"], observed=True)["satisfaction"].mean().unstack("replicate") for t in ends)
    moved = (end - start).mean(axis=1).sort_values(kind="stable")
    chosen = (("group_best", moved.index[-1]), ("group_worst", moved.index[0]))
    return [(say(key, lang, name=names(name)), start.loc[name].to_numpy(), end.loc[name].to_numpy()) for key, name in chosen]
