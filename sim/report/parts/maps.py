"""Parts that maps share: axes without a frame, names of districts, a bar of length."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from sim.report.parts import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FEW_PLACES = 8
"""Maximum number of points of a district with its name above them instead of among them."""
NAMED: dict[str, Any] = {
    "textcoords": "offset points",
    "fontsize": 7.5,
    "color": style.SOFT,
    "path_effects": [withStroke(linewidth=2.2, foreground="white")],
    "zorder": 0.8,
}
"""How names of districts look: with a halo, behind markers."""


def bare(axes: "Axes") -> None:
    """Equal scales, no frame, no ticks."""
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.1)
    axes.grid(False)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def name_districts(axes: "Axes", table: "pd.DataFrame", names: Callable[[object], str]) -> None:
    """Name of every district above its places, behind the markers, where there is room for it; the largest districts first."""
    grouped = table.groupby("district", observed=True, sort=False)
    span = max(float(np.ptp(table["x"])), float(np.ptp(table["y"])), 1e-9) if len(table) else 1.0
    taken: list[tuple[float, float]] = []
    for district in grouped["residents"].sum().sort_values(ascending=False, kind="stable").index:
        own = grouped.get_group(district)
        x, y = float(own["x"].mean()), float(own["y"].max() if len(own) < FEW_PLACES else own["y"].mean())
        if all(abs(x - a) > 0.17 * span or abs(y - b) > 0.05 * span for a, b in taken):
            axes.annotate(names(district), (x, y), (0, 5), ha="center", va="bottom", **NAMED)
            taken.append((x, y))


def name_circles(axes: "Axes", table: "pd.DataFrame", areas: np.ndarray, names: Callable[[object], str]) -> None:
    """Name of every district beside its circle, on the first side where it touches no circle and no name; the largest districts first.
    Where there is no such side, there is no name.

    Parameters
    ----------
    axes : Axes
        Of a figure that was laid out (`Figure.draw_without_rendering`).
    table : DataFrame
        ``district, x, y``, a row per circle.
    areas : ndarray of float, shape (districts,)
        Of the circles, in square points, as of ``Axes.scatter``.
    names : callable
    """
    point = axes.figure.dpi / 72
    middles, radii = axes.transData.transform(table[["x", "y"]].to_numpy(float)), np.sqrt(areas) / 2
    taken: list[Bbox] = []
    for place in np.argsort(-areas, kind="stable").tolist():
        row, off = table.iloc[place], radii[place] + 1.5
        sides = (0, off, "center", "bottom"), (0, -off, "center", "top"), (off, 0, "left", "center"), (-off, 0, "right", "center")
        for x, y, across, upright in sides:
            text = axes.annotate(names(row["district"]), (row["x"], row["y"]), (x, y), ha=across, va=upright, **NAMED)
            text.set_in_layout(False)
            box = text.get_window_extent()
            if not any(box.overlaps(other) for other in taken) and not _touches(box, middles, radii * point):
                taken.append(box)
                break
            text.remove()


def _touches(box: Bbox, middles: np.ndarray, radii: np.ndarray) -> bool:
    """Whether a box touches a circle."""
    nearest = np.clip(middles, [box.x0, box.y0], [box.x1, box.y1])
    return bool((np.hypot(*(middles - nearest).T) < radii).any())


def scale_bar(axes: "Axes") -> None:
    """A bar of a round length in km."""
    low, high = axes.get_xlim()
    length = next((k for k in (50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if k < 0.3 * (high - low)), 0.1)
    bottom = axes.get_ylim()[0]
    axes.plot([low, low + length], [bottom] * 2, color=style.INK, linewidth=1.5, solid_capstyle="butt")
    axes.annotate(f"{length:g} km", (low, bottom), (0, 3), textcoords="offset points", fontsize=8, color=style.SOFT)
