"""What a new matching takes over from a set that is there: what explored the prior, and, to enlarge the set, its worlds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.experiments.worlds.settings import Settings
from sim.worlds.world_set import WorldSet

SAME = ("model", "evidence", "scenario")
"""What a set keeps of its matching that is the same for all sets of a version and scenario."""
OF_WORLDS = (*SAME, "method")
"""The same of sets of which one can go on from the other."""
EXPLORING = ("explored", "residents", "small", "seed")
"""Settings on which it depends what the points say that explore the prior."""


@dataclass(frozen=True)
class Begun:
    """What is there already of a matching; nothing by default.

    Parameters
    ----------
    batches : int
        Batches of candidates that were judged.
    worlds : list of dict
        A row of the set's table for each candidate of them that was accepted, without its number.
    refused_by : dict of str to int
        Candidates by the reason of their refusal.
    failed : int
        Simulations that failed.
    explored : ndarray, shape (points, targets), optional
        Values at the points that explore the prior.
    steered : list of ndarray, shape (candidates, targets)
        Values after the first step of every candidate, a batch each.
    """

    batches: int = 0
    worlds: list[dict[str, Any]] = field(default_factory=list)
    refused_by: dict[str, int] = field(default_factory=dict)
    failed: int = 0
    explored: np.ndarray | None = None
    steered: list[np.ndarray] = field(default_factory=list)


def taken_over(found: WorldSet, about: Mapping[str, Any]) -> Begun:
    """What of a set holds in a matching.

    Parameters
    ----------
    found : WorldSet
    about : mapping
        What a set keeps of that matching: its model, method, evidence, scenario and settings.
    """
    differing = _differing(found.about, about)
    if differing & {*SAME, *EXPLORING}:
        return Begun()
    settings = Settings.of(found.about["settings"])
    explored, steered = (None, []) if found.points is None else (found.points[: settings.explored], _batches(found.points, settings))
    if differing:
        return Begun(explored=explored)
    worlds = found.table.drop(columns="world").to_dict("records")
    return Begun(found.about["judged"] // settings.batch, worlds, found.about["refused_by"], found.about["failed"], explored, steered)


def _batches(points: np.ndarray, settings: Settings) -> list[np.ndarray]:
    return [points[first : first + settings.batch] for first in range(settings.explored, len(points), settings.batch)]


def check_enlarging(found: WorldSet, about: Mapping[str, Any]) -> None:
    """Raise `UserError` if the matching of which a set keeps `about` cannot go on from a set."""
    about_set = {"path": found.path, "count": len(found), "accepted": found.about.get("accepted")}
    if about_set["count"] != about_set["accepted"]:
        raise UserError("{path} has {count} of the {accepted} worlds that were found: only a whole set can be enlarged", **about_set)
    for name in sorted(_differing(found.about, about)):
        if name in OF_WORLDS:
            raise UserError("{path} was made for another {name}, so it cannot be enlarged here", path=found.path, name=name)
        values = {"theirs": found.about["settings"].get(name), "mine": about["settings"][name]}
        raise UserError("{path} was made with {name} {theirs}, not {mine}; expected the same here", path=found.path, name=name, **values)


def _differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> set[str]:
    """What differs between two matchings besides how many worlds are wanted."""
    settings = {name for name, value in second["settings"].items() if name != "count" and first["settings"].get(name) != value}
    return {name for name in OF_WORLDS if first.get(name) != second[name]} | settings
