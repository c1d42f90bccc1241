"""The page of history matching: which coefficients the rates rule out.

From the tables that `sanzhi history-match baseline` writes, of which a copy lies in docs/model/calibration.
"""

import shutil
from pathlib import Path

import pandas as pd

from docs.making import versions
from docs.making.markdown import MODEL, code, page, table
from sim.report.history.sentences import lines, share

FOLDER = MODEL / "calibration"
TABLES = ("waves", "coefficients", "rates", "settings")
FIGURE = "history_pairs.png"
PLACES = ("first", "second", "third")


def take(folder: Path) -> None:
    """Copy tables and figure of a history match into the repository."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        shutil.copyfile(folder / f"{name}.csv", FOLDER / f"history_{name}.csv")
    shutil.copyfile(folder / "pairs.png", FOLDER / FIGURE)
    versions.keep("history")


def read() -> dict[str, pd.DataFrame]:
    """The tables that are kept."""
    return {name: pd.read_csv(FOLDER / f"history_{name}.csv", keep_default_na=name != "coefficients") for name in TABLES}


def text() -> str:
    """The page, from the tables."""
    found = read()
    settings = found["settings"].iloc[0]
    nth = PLACES[int(settings["highest"]) - 1]
    return page(
        "History matching",
        *versions.note("history"),
        "A fit gives one point ([calibration](calibration.md)) and does not show which other points fit as well. History matching checks "
        "every point of the space of free coefficients: could the model reach the [rates](rates.md) there, "
        "given all uncertainties? It keeps all points that cannot be ruled out. Source of all tables: `sanzhi history-match baseline`; "
        "code: "
        "`sim/experiments/calibration/history_match.py`, `waves.py`, `implausibility.py`, `emulator.py`.",
        "## Method",
        _how(settings, nth),
        "## What is left",
        " ".join(lines(found["waves"], found["coefficients"], found["rates"], settings)),
        table(("wave", "points", "hold", *(f"left by the {p} highest" for p in PLACES)), _waves(found["waves"]), right=(1, 2, 3, 4, 5)),
        "*Hold*: share of the points of a wave that are not implausible in the simulation itself, without an emulator. Points of the "
        "first wave "
        "lie anywhere in the space, those of later waves in what was left. The column of the first highest is the strict criterion, by "
        "which no rate"
        " may be missed. Criteria laxer than the one used are reported for the first wave only.",
        f"![Pairs of coefficients](calibration/{FIGURE})",
        "Each panel shows a pair of coefficients on logarithmic axes. Below the diagonal: the least implausibility found over all "
        "values of the "
        "others; above 3, every value of the others is ruled out. Above the diagonal: the region that is left. Crosses: the defaults.",
        "## Coefficients",
        "Range of the middle 95 % of what is left, and the rates that bound a coefficient: those whose implausible region depends on it "
        "(a correlation ratio of 5 % or more). A coefficient that no rate bounds is not known from rates: results that depend on it should "
        "be swept over its range.",
        table(("coefficient", "now", "space", "left", "ruled out", "bounded by"), _coefficients(found["coefficients"]), right=(1, 4)),
        "## Rates",
        "*Now*: at the defaults, mean over replicates. *Implausibility now*: that of this mean, without an emulator; above 3 the "
        "defaults are "
        "themselves implausible. *Emulator explains*: share of the variance between points predicted by leave-one-out. *Rules "
        "out alone*: share of the whole space.",
        table(
            ("rate", "range", "now", "implausibility now", "emulator explains", "rules out alone"),
            _rates(found["rates"]),
            right=(2, 3, 4, 5),
        ),
    )


def _how(settings: pd.Series, nth: str) -> str:
    return (
        f"{int(settings['residents']):,} residents of Shanghai over {int(settings['weeks'])} weeks, rates of the later half, "
        f"{int(settings['seeds'])} replicates a point, {int(settings['waves'])} waves of {int(settings['points'])} points. Each "
        "coefficient spans a quarter to four times its default, within its own range. The implausibility of a rate is its distance from "
        "the middle of its range, divided by the standard deviation of all uncertainties: the range itself (read as two "
        "standard deviations either way: an "
        "assumption), variation between replicates, the emulator, and the model's own discrepancy (a standard deviation of "
        f"{settings['discrepancy']:.0%} of the rate: an assumption). Points are ruled out where the {nth} highest implausibility exceeds "
        f"{settings['cut']:g}, so that a single wrong range or emulator rules out nothing. An emulator is trusted if at most one in ten "
        "left-out points differs by more than three standard deviations. Methods: Craig et al. 1997, "
        "[doi:10.1007/978-1-4612-2290-3_2](https://doi.org/10.1007/978-1-4612-2290-3_2); Vernon, Goldstein & Bower 2010, "
        "[doi:10.1214/10-BA524](https://doi.org/10.1214/10-BA524); Andrianakis et al. 2015, "
        "[doi:10.1371/journal.pcbi.1003968](https://doi.org/10.1371/journal.pcbi.1003968). The share left is estimated by subset "
        "simulation; for regions of known size, one in 600 and one in 37,000, its standard deviation was a tenth."
    )


def _waves(waves: pd.DataFrame) -> list[tuple[str, ...]]:
    return [
        (str(w["wave"]), str(w["points"]), share(w["hold"]), *(share(w[f"left_{p}"]) for p in PLACES)) for w in waves.to_dict("records")
    ]


def _coefficients(coefficients: pd.DataFrame) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for c in coefficients.itertuples():
        space, left = f"{c.low:.3g} to {c.high:.3g}", f"{c.left_low:.3g} to {c.left_high:.3g}"
        rows.append((f"`{c.coefficient}`", f"{c.present:.3g}", space, left, f"{c.narrowed:.0%}", code(c.bounded_by.split()) or "none"))
    return rows


def _rates(rates: pd.DataFrame) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for r in rates.itertuples():
        mark = f"**{r.implausibility:.2f}**" if r.implausibility > 3 else f"{r.implausibility:.2f}"
        trusted = f"{r.explained:.2f}" if r.trusted else "not trusted"
        rows.append((f"`{r.rate}`", f"{r.low:g} to {r.high:g}", f"{r.present:.3g}", mark, trusted, share(r.ruled_out)))
    return rows
