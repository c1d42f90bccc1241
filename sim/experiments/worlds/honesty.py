"""Honesty test: are the worlds as uncertain as they should be about what they were not told?

Effects are split into folds. For every fold a set is matched without its effects, which are measured nevertheless. An effect that was left
out is covered if what studies found (the middle of their range) lies within the middle 90 % of what the set says of reality: effects in its
worlds, and the model's discrepancy on either side, as in the judgement of worlds. Ends are quantiles of which 90 % hold for a set of any
size (Weibull's plotting positions). If fewer than 80 % are covered, the discrepancy is too small, or priors are too narrow.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiments.arguments import whole
from sim.experiments.calibration.known_effects import EFFECTS
from sim.experiments.worlds.evidence import EFFECT
from sim.experiments.worlds.make import make_worlds
from sim.experiments.worlds.settings import Settings
from sim.worlds.world_set import WorldSet

FOLDS = 3
INSIDE = (0.05, 0.95)
ENOUGH = 0.8
"""Share of effects left out that must be covered."""


@dataclass(frozen=True)
class Honesty:
    """Result of the honesty test.

    Parameters
    ----------
    table : DataFrame
        A row per effect: ``fold, effect, known_low, known_high, low, high`` (middle 90 % of the set that was not told, with the
        discrepancy), ``covered`` (the middle of what is known lies in it), ``without`` (also without the discrepancy), ``overlaps`` (the
        two ranges share a value) and ``worlds``.
    """

    table: pd.DataFrame

    @property
    def coverage(self) -> float:
        """Share of effects left out that are covered."""
        return float(self.table["covered"].mean())

    @property
    def holds(self) -> bool:
        """Whether enough are covered."""
        return self.coverage >= ENOUGH


def folds_of(count: int = FOLDS) -> list[tuple[str, ...]]:
    """Names of the effects of every fold, dealt out in turn, so that effects of one lever fall into different folds."""
    return [tuple(f"{EFFECT}:{effect.name}" for effect in EFFECTS[place::count]) for place in range(count)]


def file_of(fold: int) -> str:
    """Name of the set of a fold, from 1, in the folder of the test."""
    return f"without-{fold}.parquet"


def honesty(
    folder: str | Path,
    settings: Settings | None = None,
    folds: int = FOLDS,
    workers: int | None = None,
    dask: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    make: Callable[..., WorldSet] | None = None,
    explored: WorldSet | None = None,
) -> Honesty:
    """Match a set for every fold without its effects, and see whether it covers them; resumes as `make_worlds` does.

    Parameters
    ----------
    folder : path
        A file for each fold is written into it.
    settings : Settings, optional
        Of each set; 60 worlds by default.
    folds : int
    workers, dask, progress
        As in `make_worlds`.
    make : callable
        Makes a set; `make_worlds` by default.
    explored : WorldSet, optional
        As in `make_worlds`.

    Raises
    ------
    UserError
        As `make_worlds`.
    """
    settings = settings or Settings(count=60)
    rows = []
    for number, left_out in enumerate(folds_of(whole("folds", folds, 2, len(EFFECTS))), 1):
        told = replace(settings, leave_out=left_out)
        found = (make or make_worlds)(
            folder, settings=told, workers=workers, dask=dask, progress=progress, file=file_of(number), explored=explored
        )
        rows += [{"fold": number, **row} for row in covered(found, left_out)]
    return Honesty(pd.DataFrame(rows))


def covered(found: WorldSet, names: tuple[str, ...]) -> list[dict]:
    """Whether a set covers some targets that it was not told."""
    about = {one["name"]: one for one in found.about["targets"]}
    rows = []
    for name in names:
        known_low, known_high = about[name]["known_low"], about[name]["known_high"]
        middle, half = 0.5 * (known_low + known_high), 0.5 * (known_high - known_low)
        low, high = np.quantile(found.table[name], INSIDE, method="weibull")
        without = bool(low <= middle <= high)
        more = found.about["settings"]["discrepancy"] * half
        low, high = float(low) - more, float(high) + more
        row = {"effect": name.partition(":")[2], "known_low": known_low, "known_high": known_high, "low": low, "high": high}
        overlaps = low <= known_high and high >= known_low
        rows.append({**row, "covered": low <= middle <= high, "without": without, "overlaps": overlaps, "worlds": len(found)})
    return rows
