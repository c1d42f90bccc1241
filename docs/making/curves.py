"""Responses of metrics to one lever or parameter: docs/model/measured/responses.csv, and their figures. All values have common seeds.

A band is the 95 % interval of the paired difference from the default (Student's t over seeds), drawn around the mean there: it is
narrow where random variation affects all values alike.
"""

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from docs.making import versions
from docs.making.cities import LEAN, small
from docs.making.curve_table import CURVES, Curve, Panel
from docs.making.markdown import MODEL, write
from sim.metrics import METRICS, weekly
from sim.report.parts import style
from sim.simulation import Simulation

TABLE = MODEL / "measured" / "responses.csv"
COLUMNS = ("mechanism", "panel", "value", "mean", "low", "high", "fits")
SEEDS = range(1, 9)
ALPHA = 1e-3
"""Probability that a curve without trend counts as changing in the expected direction."""
STYLES = (("-", "o"), ((0, (5, 1.6)), "D"), ((0, (1.2, 1.2)), "s"))
"""Dash and marker of each panel: it reads without colour."""


class Response(NamedTuple):
    """A swept metric: values, mean at each, and the lower and upper end of its band."""

    panel: Panel
    values: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    fits: bool


def measure(names: list[str] | None = None) -> list[str]:
    """Sweep and keep the responses; what does not come out as expected is returned, a line each."""
    kept, odd = read(), []
    for name, curve in CURVES.items():
        if names is None or name in names:
            kept[name] = sweep(curve)
            versions.keep(f"responses of {name}")
            odd += [f"{name}: {r.panel.metric} should be: {r.panel.way}; {np.round(r.mean, 4).tolist()}" for r in kept[name] if not r.fits]
    rows = [
        f"{name},{place},{value:g},{mean:.5g},{low:.5g},{high:.5g},{int(found.fits)}"
        for name in CURVES
        for place, found in enumerate(kept.get(name, []))
        for value, mean, low, high in zip(found.values, found.mean, found.low, found.high, strict=True)
    ]
    write(TABLE, "\n".join([",".join(COLUMNS), *rows]) + "\n")
    return odd


def read() -> dict[str, list[Response]]:
    """Responses that are kept, by mechanism; those that are of another sweep than `CURVES` has now are left out."""
    if not TABLE.exists():
        return {}
    found: dict[str, list[Response]] = {}
    for name, table in pd.read_csv(TABLE).groupby("mechanism", sort=False):
        panels = CURVES[name].panels if name in CURVES else ()
        parts = [part for _, part in table.groupby("panel")]
        if len(parts) == len(panels) and all(_same(part["value"], CURVES[name].values) for part in parts):
            found[name] = [_kept(panel, part) for panel, part in zip(panels, parts, strict=True)]
    return found


def _same(kept: Sequence[float], values: Sequence[float]) -> bool:
    return len(kept) == len(values) and np.allclose(kept, values, rtol=1e-4)


def _kept(panel: Panel, part: pd.DataFrame) -> Response:
    values, mean, low, high = (part[column].to_numpy() for column in ("value", "mean", "low", "high"))
    return Response(panel, values, mean, low, high, bool(part["fits"].iloc[0]))


def sweep(curve: Curve) -> list[Response]:
    """Every value under the same seeds."""
    city = small(max(panel.until for panel in curve.panels), residents=curve.residents, community_size=1000)
    base = city.with_changes({**(LEAN if "split" in curve.key else {}), **curve.changes})
    scenarios = [base.with_changes(curve.setting(value)) for value in curve.values]
    simulated = np.array([[_simulate(scenario, seed, curve.panels) for seed in SEEDS] for scenario in scenarios])
    return [_response(curve, panel, simulated[:, :, j]) for j, panel in enumerate(curve.panels)]


def _simulate(scenario, seed: int, panels: tuple[Panel, ...]) -> list[float]:
    simulation = Simulation(scenario, seed)
    simulation.advance(scenario.horizon)
    table = weekly(simulation)
    return [float(table[panel.metric].iloc[panel.since : panel.until].mean()) for panel in panels]


def _response(curve: Curve, panel: Panel, simulated: np.ndarray) -> Response:
    """`simulated` has a row per value and a column per seed."""
    usual = int(np.argmin(np.abs(np.array(curve.values) - curve.usual)))
    change = simulated - simulated[usual]
    half = stats.t.ppf(0.975, len(SEEDS) - 1) * stats.sem(change, axis=1)
    mean, metric = simulated.mean(axis=1), METRICS[panel.metric]
    low, high = (np.clip(edge, metric.low, metric.high) for edge in (mean - half, mean + half))
    return Response(panel, np.array(curve.values), mean, low, high, as_expected(panel.way, simulated))


def as_expected(way: str, simulated: np.ndarray) -> bool:
    """Whether the ends differ significantly in the expected direction, or for a bend, the best or worst inside differs from both ends."""
    first, last = simulated[0], simulated[-1]
    if way in ("rises", "falls"):
        return _above(last - first if way == "rises" else first - last)
    sign = 1.0 if way == "hump" else -1.0
    middle = simulated[1 + int(np.argmax(sign * simulated[1:-1].mean(axis=1)))]
    return _above(sign * (middle - first)) and _above(sign * (middle - last))


def _above(differences: np.ndarray) -> bool:
    error = stats.sem(differences)
    return bool(differences.mean() > 0 and (error == 0 or stats.t.sf(differences.mean() / error, len(differences) - 1) < ALPHA))


def picture(name: str) -> bytes:
    """The figure of a mechanism, from the responses that are kept: one panel a metric, side by side."""
    curve, responses = CURVES[name], read()[name]
    with style.look():
        figure = Figure(figsize=(3.1 * len(responses), 2.7), layout="constrained")
        for place, found in enumerate(responses):
            _draw_panel(figure.add_subplot(1, len(responses), place + 1), curve, found, STYLES[place])
        figure.supxlabel(curve.label, fontsize=9)
        return style.to_svg(figure)


def _draw_panel(axes, curve: Curve, found: Response, look: tuple) -> None:
    from sim.report.parts import style

    dash, marker = look
    metric = METRICS[found.panel.metric]
    axes.axvline(curve.usual, color=style.GREY, linewidth=0.9, linestyle=(0, (2, 2)))
    axes.fill_between(found.values, found.low, found.high, color=style.INK, alpha=0.14, linewidth=0)
    axes.plot(found.values, found.mean, color=style.BLUE, linestyle=dash, marker=marker, markersize=4)
    axes.set_title(_wrapped(metric.title + (f", {found.panel.note}" if found.panel.note else ""), 30), fontsize=9.5)
    axes.set_ylabel(_wrapped(metric.unit, 20), fontsize=8)
    axes.margins(y=0.12)
    axes.tick_params(labelsize=8)


def _wrapped(words: str, width: int) -> str:
    return "\n".join(textwrap.wrap(words, width))
