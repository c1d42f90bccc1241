"""Communities or districts with their position, first and last value of a metric."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.lazy import lazily
from sim.report.parts.series import edge, has
from sim.scenario.cities.presets import preset_of

with lazily():
    import pandas as pd

if TYPE_CHECKING:
    from sim.results import Run

MOST_PLACES = 400
"""Maximum number of points on a map; more communities are merged into squares of equal size."""
COLUMNS = ("name", "district", "x", "y", "residents", "start", "end")


def places(run: "Run", name: str = "satisfaction") -> "pd.DataFrame":
    """Communities with the mean of a metric over the first and the last year; districts if a run has no communities or is too short.

    Returns
    -------
    DataFrame
        ``name, district, x, y`` (km east and north), ``residents``, ``start, end``: mean over replicates, `start` NaN where a run has one
        year only. ``attrs["unit"]`` says what a row
        is: ``communities``, ``squares`` or ``districts``.
    """
    table = run.communities
    if {"x", "y", "residents", name} <= set(table.columns) and len(table) and np.isfinite(table["x"]).all():
        return _of_communities(table, name)
    return _of_districts(run, name)


def _of_communities(table: "pd.DataFrame", name: str) -> "pd.DataFrame":
    fixed = table.drop_duplicates("community").set_index("community")[["district", "x", "y", "residents"]]
    means = table.groupby(["community", "year"], sort=False, observed=True)[name].mean().unstack("year")
    first = means.iloc[:, 0] if means.shape[1] > 1 else np.nan  # with one year there is no change
    out = fixed.assign(start=first, end=means.iloc[:, -1]).reset_index().rename(columns={"community": "name"})
    out = out[list(COLUMNS)]
    out.attrs["unit"] = "communities"
    if len(out) <= MOST_PLACES:
        return out
    side = float(np.sqrt(np.ptp(out["x"]) * np.ptp(out["y"]) / MOST_PLACES)) or 1.0
    rows = [_joined(square) for _, square in out.groupby([np.floor(out["x"] / side), np.floor(out["y"] / side)])]
    squares = pd.DataFrame(rows, columns=list(COLUMNS))
    squares.attrs["unit"] = "squares"
    return squares


def _joined(square: "pd.DataFrame") -> list:
    """Communities of one square merged, weighted by residents."""
    weights = square["residents"].to_numpy(float)
    means = [float(np.average(square[key], weights=weights)) for key in ("x", "y", "start", "end")]
    district = square.groupby("district", observed=True)["residents"].sum().idxmax()
    return [f"{district} ({len(square)})", district, means[0], means[1], int(weights.sum()), means[2], means[3]]


def _of_districts(run: "Run", name: str) -> "pd.DataFrame":
    table = run.districts
    if not has(table, [name]):
        return pd.DataFrame(columns=list(COLUMNS))
    weeks, last = edge(int(table["week"].nunique())), table["week"].max()
    start = table[table["week"] < weeks].groupby("district", observed=True)[name].mean()
    end = table[table["week"] > last - weeks].groupby("district", observed=True)[name].mean()
    scale = run.scenario.city.scale
    known = {d.name: d for d in preset_of(run.scenario.city).districts}
    rows = [[n, n, d.x, d.y, round(d.population * scale), start[n], end[n]] for n, d in known.items() if n in end.index]
    out = pd.DataFrame(rows, columns=list(COLUMNS))
    out.attrs["unit"] = "districts"
    return out


def district_names(scenario: Any, lang: str) -> Callable[[object], str]:
    """Function from a district to its name in the given language."""
    chinese = {d.name: d.name_zh for d in preset_of(scenario.city).districts} if lang == "zh" else {}
    return lambda name: chinese.get(str(name)) or str(name)
