"""Pages of the calibration: what was fitted, to which rates, with which misfit; what is only checked; rates of the baseline.

From the tables that `sanzhi calibrate baseline` writes, of which a copy lies in docs/model/calibration, and from a run of the baseline.
"""

import re
import shutil
from pathlib import Path

import pandas as pd

from docs.making import versions
from docs.making.markdown import MODEL, linked, page, table, write
from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS
from sim.scenario.cities.reference_rates import reference_ranges

FOLDER = MODEL / "calibration"
TABLES = ("coefficients", "rates", "effects")
REACHED = MODEL / "measured" / "rates.csv"
RESIDENTS, WEEKS, SEEDS = 60_000, 208, range(1, 4)
MECHANISMS_IN = MODEL.parents[1] / "sim" / "mechanisms"
DIGITS = 3
"""Significant figures of a fitted coefficient that ship as its default."""


def take(folder: Path) -> None:
    """Copy the tables of a calibration into the repository."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        if (folder / f"{name}.csv").exists():
            shutil.copyfile(folder / f"{name}.csv", FOLDER / f"{name}.csv")
    versions.keep("calibration")


def shipped(name: str) -> float | None:
    """The default of a coefficient, named as ``mechanism.parameter``; None if there is no such coefficient any more."""
    mechanism, _, key = name.partition(".")
    fields = MECHANISMS[mechanism].parameters.model_fields if mechanism in MECHANISMS else {}
    return float(fields[key].default) if key in fields else None


def rounded(value: float) -> float:
    """A fitted value as it ships."""
    return float(f"{value:.{DIGITS}g}")


def differing(coefficients: pd.DataFrame) -> dict[str, tuple[float | None, float]]:
    """Coefficients that do not ship as they were fitted: the default, and what was fitted."""
    fitted = {c.coefficient: rounded(c.after) for c in coefficients.itertuples()}
    return {name: (shipped(name), value) for name, value in fitted.items() if shipped(name) != value}


def ship(folder: Path = MECHANISMS_IN) -> list[str]:
    """Write the fitted values of the calibration that is kept as defaults into the mechanisms; returns what was changed."""
    changed = differing(read("coefficients"))
    for name, (_, value) in changed.items():
        mechanism, _, key = name.partition(".")
        path = folder / f"{mechanism}.py"
        text, count = re.subn(rf"(\b{key}: float = parameter\(\s*)[\d.eE+-]+", rf"\g<1>{value:g}", path.read_text(encoding="utf-8"))
        if count != 1:
            raise ValueError(f"{name}: found {count} defaults in {path}")
        path.write_text(text, encoding="utf-8")
    return sorted(changed)


def measure() -> None:
    """Run the baseline with its defaults, and write its rates."""
    from sim.experiments.calibration.calibrate import sized
    from sim.metrics import weekly
    from sim.scenario import load_scenario
    from sim.simulation import Simulation

    baseline = load_scenario("baseline")
    scenario = baseline.with_changes({**sized(baseline, RESIDENTS), "horizon": WEEKS})
    simulated = []
    for seed in SEEDS:
        simulation = Simulation(scenario, seed)
        simulation.advance(WEEKS)
        simulated.append(weekly(simulation).iloc[WEEKS // 2 :].mean())
    mean = pd.concat(simulated, axis=1)
    rows = [f"{name},{mean.loc[name].mean():.5g},{mean.loc[name].std():.2g}" for name in reference_ranges()]
    write(REACHED, "\n".join(["rate,reached,spread", *rows]) + "\n")
    versions.keep("rates")


def rates_text() -> str:
    """The page of rates."""
    from sim.experiments.calibration.calibrate import FREE

    reached = pd.read_csv(REACHED).set_index("rate")
    fitted: dict[str, list[str]] = {}
    for name, rates in FREE.items():
        for rate in rates:
            fitted.setdefault(rate, []).append(f"`{name}`")
    rows, missed = [], []
    for name, known in reference_ranges().items():
        value, spread = reached.loc[name, "reached"], reached.loc[name, "spread"]
        inside = known.holds(value)
        missed += [] if inside else [f"`{name}`"]
        bounds = f"{known.low:g} to {known.high:g}"
        verdict = "inside" if inside else "**outside**"
        rows.append(
            (
                f"`{name}`",
                METRICS[name].unit,
                bounds,
                f"{value:.3g} ± {spread:.1g}",
                verdict,
                ", ".join(fitted.get(name, [])),
                known.note_en,
            )
        )
    others = [
        (f"`{name}`", f"{r.low:g} to {r.high:g}", r.note_en)
        for name, r in reference_ranges("beijing_2020").items()
        if r != reference_ranges().get(name)
    ]
    return page(
        "Rates",
        *versions.note("rates"),
        "Rates of a large Chinese city about 2020 according to sources (`sim/scenario/cities/rates.csv`), and those of the baseline with "
        f"its defaults: {RESIDENTS:,} residents of Shanghai, weeks {WEEKS // 2} to {WEEKS - 1}, mean ± standard deviation over seeds "
        f"{SEEDS[0]} to {SEEDS[-1]}. Ranges are a judgement over sources that differ; official figures are probably too favourable.",
        f"{len(rows) - len(missed)} of {len(rows)} lie in their range" + (f"; outside: {', '.join(missed)}." if missed else "."),
        "`sanzhi calibrate` fits the coefficients in the column *fitted by* to the rates beside them; all other rates follow from the fit.",
        table(("rate", "unit", "range", "reached", "", "fitted by", "observed"), rows),
        "## Cities with known differences",
        table(("rate", "Beijing", "observed"), others),
    )


def calibration_text() -> str:
    """The page of the calibration, from its tables."""
    coefficients, rates, effects = (read(name) for name in TABLES)
    parts = [
        "There are two kinds of targets. **Fitted**: free coefficients are adjusted, by nonlinear least squares with common random "
        "numbers, until rates lie in their ranges. **Checked**: known effects of levers are never fitted; the fitted model "
        "is compared with them. Some effect sizes are parameters with the same source, and the probability that an audit finds "
        "something was set to one of them: [validation](../validation.md) distinguishes these cases. Source of both tables: "
        "`sanzhi calibrate baseline`; code: `sim/experiments/calibration/calibrate.py`, `known_effects.py`. "
        "Which other values fit as well, and "
        "which rates bound which coefficients: [history matching](history_matching.md).",
        "## Fitted",
        *_fitted(coefficients, rates),
        "## Checked, never fitted",
        *_checked(effects),
    ]
    return page("Calibration", *versions.note("calibration"), *parts)


def read(name: str) -> pd.DataFrame | None:
    """A table of the calibration that is kept, where there is one."""
    path = FOLDER / f"{name}.csv"
    return pd.read_csv(path) if path.exists() else None


def _fitted(coefficients: pd.DataFrame | None, rates: pd.DataFrame | None) -> list[str]:
    if coefficients is None or rates is None:
        return ["No calibration is stored in `docs/model/calibration` yet."]
    rows = [
        (
            f"`{c.coefficient}`",
            f"{c.before:g}",
            f"{c.after:g}",
            _ships(c.coefficient),
            f"{c.after / c.before - 1:+.0%}",
            f"{c.low:.3g} to {c.high:.3g}",
            _names(c.moves),
        )
        for c in coefficients.itertuples()
    ]
    outside, other = rates[~rates["inside"]], differing(coefficients)
    missed = [f"`{r.rate}` ({r.after:.3g}, range {r.low:g} to {r.high:g})" for r in outside.itertuples()]
    held = [
        (
            f"`{r.rate}`",
            f"{r.low:g} to {r.high:g}",
            f"{r.before:.3g}",
            f"{r.after:.3g}",
            f"{r.misfit:+.2f}",
            "inside" if r.inside else "**outside**",
        )
        for r in rates.itertuples()
    ]
    return [
        f"{len(coefficients)} coefficients, {len(rates)} rates. After the fit {len(rates) - len(outside)} of {len(rates)} rates lie in "
        "their range. " + (f"Missed: {'; '.join(missed)}." if missed else "None is missed."),
        table(("coefficient", "before", "after", "ships", "change", "bounds", "mostly affects"), rows, right=(1, 2, 3, 4)),
        f"*Ships* is the default in the code: {DIGITS} significant figures of what was fitted. "
        + (f"{len(other)} differ: these tables are of an earlier model." if other else "None differs."),
        "Misfit: distance from the middle of the range in half-widths; -1 to 1 is inside.",
        table(("rate", "range", "before", "after", "misfit", ""), held, right=(2, 3, 4)),
    ]


def _ships(name: str) -> str:
    """The default as the page shows it, in bold where it is not what was fitted."""
    value = shipped(name)
    return "gone" if value is None else f"**{value:g}**" if name in differing(read("coefficients")) else f"{value:g}"


def _checked(effects: pd.DataFrame | None) -> list[str]:
    if effects is None:
        return ["The effects were not checked in the stored calibration."]
    rows = [
        (
            e.effect,
            e.what,
            _span(e.change, e.low, e.high, e.known_low),
            _range(e.known_low, e.known_high),
            "agrees" if e.agrees else "**misses**",
            linked(e.source),
        )
        for e in effects.itertuples()
    ]
    missed = [
        f"*{e.effect}* ({_span(e.change, e.low, e.high, e.known_low)} against {_range(e.known_low, e.known_high)})"
        for e in effects[~effects["agrees"]].itertuples()
    ]
    return [
        f"{len(effects) - len(missed)} of {len(effects)} effects agree with studies: their 95 % interval over seeds overlaps the "
        "range. " + (f"Missed, and not corrected: {'; '.join(missed)}." if missed else "None is missed."),
        table(("effect", "definition", "change (95 %)", "known", "", "source"), rows),
        "A miss is no reason to adjust a coefficient: the coefficients behind it have sources or are fitted to rates. It shows which "
        "results "
        "are not reliable.",
    ]


def _points(low: float) -> bool:
    """Whether an effect is in points: those of shares are below 1."""
    return abs(low) >= 1


def _span(change: float, low: float, high: float, known: float) -> str:
    return f"{change:+.1f} [{low:+.1f}, {high:+.1f}] points" if _points(known) else f"{change:+.1%} [{low:+.1%}, {high:+.1%}]"


def _range(low: float, high: float) -> str:
    return f"{low:+.0f} to {high:+.0f} points" if _points(low) else f"{low:+.0%} to {high:+.0%}"


def _names(moves: str) -> str:
    return ", ".join(f"`{name}`" for name in moves.split(" "))
