"""Figures of docs/validation.md: drawn from numbers that tests found, kept as docs/findings/<file of the test>.<what>.json."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.parts import style

KEPT = Path(__file__).parents[1] / "findings"
DIGITS = 4
"""Significant digits that are kept of a number."""
OURS, NULL, WORLD = "#1f5f8b", "#b0b0b0", "#c0562f"
"""The model, the null model, and what was seen in the world."""
STYLE: dict[Any, Any] = {
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.labelsize": 8,
}


def keep(folder: Path, name: str, **data: Any) -> None:
    """Keep the numbers of a figure in a folder: arrays and lists of them, words, and dictionaries of these."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(_rounded(data), ensure_ascii=False) + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_rounded(part) for part in value]
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    number = value.item() if isinstance(value, np.generic) else value
    return float(f"{number:.{DIGITS}g}") if isinstance(number, float) else number


def names() -> list[str]:
    """Figures whose numbers are kept."""
    return sorted(name for name in FIGURES if (KEPT / f"{name}.json").exists())


def picture(name: str) -> bytes:
    """A figure from the numbers that are kept, as SVG."""
    return style.to_svg(draw(name, **json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))))


def draw(name: str, **data: Any) -> Figure:
    """A figure from its numbers."""
    with rc_context(STYLE):
        return FIGURES[name](**{key: np.array(value) if isinstance(value, list) else value for key, value in data.items()})


def _panels(count: int = 1, width: float = 3.2, height: float = 2.1, **more: Any) -> tuple[Figure, Any]:
    """A figure with panels beside each other, and the panels (one of them as it is)."""
    figure = Figure(figsize=(width * count, height), layout="constrained")
    return figure, figure.subplots(1, count, **more)


def _key(axis: Axes, **more: Any) -> None:
    axis.legend(fontsize=6.5, frameon=False, **more)


def _head(axis: Axes, text: str) -> None:
    axis.set_title(text, fontsize=8)


def outbursts(rounded, literal, citizens) -> Figure:
    """Protesters by tick, with the risk rounded down and as it is."""
    figure, (left, right) = _panels(2, width=3.4)
    for axis, run, title in ((left, rounded, "C / A rounded down"), (right, literal, "C / A as it is")):
        axis.plot(run, color=OURS, lw=0.7)
        axis.set(xlabel="tick", ylim=(0, 380))
        _head(axis, title)
    left.set_ylabel(f"protesters of {citizens:,}")
    return figure


def sudden_loss(at_once, slowly, steps, high, low) -> Figure:
    """Protesters by tick where legitimacy is lost at once, and in `steps`."""
    figure, axis = _panels()
    axis.plot(slowly, color=NULL, lw=0.8, label=f"in {steps} steps")
    axis.plot(at_once, color=OURS, lw=0.8, label="at once")
    axis.set(xlabel="tick", ylabel="protesters", ylim=(0, 900))
    _head(axis, f"legitimacy falls from {high:g} to {low:g}")
    _key(axis)
    return figure


def rates(baseline, unfitted) -> Figure:
    """Each rate (a row of values by its name) in half-widths of its range: the baseline's cities, and those with random coefficients."""
    figure, axis = _panels(width=5.0, height=4.4)
    for row, name in enumerate(baseline):
        for values, colour, size in ((unfitted[name], NULL, 3), (baseline[name], OURS, 9)):
            axis.scatter(np.clip(values, -4, 4), np.full(len(values), -row), s=size, color=colour, lw=0)
    axis.axvspan(-1, 1, color=WORLD, alpha=0.12, lw=0)
    axis.set(
        yticks=-np.arange(len(baseline)),
        yticklabels=list(baseline),
        xlim=(-4.1, 4.1),
        xlabel="distance from the middle of the range, half-widths",
    )
    axis.tick_params(axis="y", labelsize=7)
    return figure


def elasticities(regressors, **panels) -> Figure:
    """Coefficients and standard errors of three panels, in the order of `regressors`."""
    figure, axis = _panels(width=4.6, height=2.4)
    shown = (
        ("counties", "counties", WORLD),
        ("areas, all given from outside", "outside", OURS),
        ("areas, police follow crime", "sent", NULL),
    )
    rows = np.arange(len(regressors))[::-1]
    for shift, (label, panel, colour) in zip((0.22, 0.0, -0.22), shown, strict=True):
        values, errors = (np.array(panels[panel][part]) for part in ("value", "error"))
        axis.errorbar(values, rows + shift, xerr=2 * errors, fmt="o", ms=3.5, lw=1, color=colour, label=label)
    axis.axvline(0, color="black", lw=0.5)
    axis.set(yticks=rows, yticklabels=list(regressors), xlabel="elasticity of crime, +-2 standard errors")
    figure.legend(loc="outside upper center", ncols=3, fontsize=6, frameon=False)
    return figure


def decline(plays) -> Figure:
    """Share of adults who take part, by round, in each of several settings."""
    figure, axis = _panels(width=4.0)
    at = -1.0
    for name, shares in sorted(plays.items(), key=lambda item: item[1][-1]):
        mine = name == "as it is"
        at = max(at + 0.045, shares[-1])
        axis.plot(np.arange(1, len(shares) + 1), shares, color=OURS if mine else NULL, lw=1.5 if mine else 0.8)
        axis.text(len(shares) + 0.3, at, name, fontsize=6, va="center")
    axis.set(xlabel="round (a quarter)", ylabel="share of adults taking part", ylim=(0, 0.7), xlim=(1, 21), xticks=range(1, 11, 3))
    return figure


def concentration_and_gradient(thrown, model, hardship, rate) -> Figure:
    """Left: share of offences at the worst places, as equally spaced points. Right: offences by the hardship of communities."""
    figure, (left, right) = _panels(2)
    for shares, colour, label in ((thrown, NULL, "thrown at random"), (model, OURS, "the model")):
        left.plot(np.linspace(0, 1, len(shares)), shares, color=colour, label=label)
    left.set(xlabel="share of places", ylabel="share of offences")
    _head(left, "offences of a year")
    _key(left)
    right.scatter(hardship, rate, s=5, color=OURS, lw=0)
    right.set(xlabel="hardship of the community", ylabel="offences per 1,000 a year")
    return figure


def by_age(ages, model, null) -> Figure:
    """Mean happiness of every age group."""
    figure, axis = _panels()
    for values, colour, label in ((null, NULL, "age enters only by jobs and services"), (model, OURS, "the model")):
        axis.plot(np.arange(len(values)), values, "o-", ms=3, lw=1, color=colour, label=label)
    axis.set(xticks=range(len(ages)), xticklabels=list(ages), ylabel="happiness, 1 to 5")
    axis.tick_params(axis="x", labelsize=6)
    _key(axis)
    return figure


def adaptation(better, plain) -> Figure:
    """Gain in happiness from better services, every four weeks."""
    figure, axis = _panels()
    for values, colour, label in ((plain, NULL, "no comparison with expectations"), (better, OURS, "the model")):
        axis.plot(np.arange(1, len(values) + 1) / 13, values, lw=1, color=colour, label=label)
    axis.set(xlabel="years since services got better", ylabel="gain in happiness (share)", ylim=(0, None))
    _key(axis)
    return figure


FIGURES: dict[str, Callable[..., Figure]] = {
    "test_baseline_rates.rates": rates,
    "test_deterrence_panel.elasticities": elasticities,
    "test_offences_in_space.concentration_and_gradient": concentration_and_gradient,
    "test_pattern_satisfaction.adaptation": adaptation,
    "test_pattern_satisfaction.by_age": by_age,
    "test_public_goods.decline": decline,
    "test_unrest_patterns.outbursts": outbursts,
    "test_unrest_patterns.sudden_loss": sudden_loss,
}
"""By the test that finds the numbers, and what is shown."""
