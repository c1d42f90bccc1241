"""A global screening of all levers, instruments and stances: docs/model/measured/screening.csv, and its page.

Morris, doi:10.1080/00401706.1991.10484804; mu*: Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004. The runs are those of
`scenarios/studies/all_levers_morris.yaml`.
"""

import re
import tempfile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from docs.making import versions
from docs.making.markdown import MODEL, page, table, write
from sim.levers import DEFAULT_SPLITS, STANCES
from sim.metrics import METRICS

if TYPE_CHECKING:
    from sim.experiments.studies.study_result import StudyResult

STUDY = "all_levers_morris"
FILE = MODEL.parents[1] / "scenarios" / "studies" / f"{STUDY}.yaml"
VARIED = re.compile(r"  (policy\.\w+\.split\.|stance\.)")
"""Beginning of the lines of the file that follow from the registered levers."""
TABLE = MODEL / "measured" / "screening.csv"
ALPHA = 1e-3
"""Probability that any factor without effect is declared to have one."""
ELSEWHERE = {
    "stance.patrol_targeting": "The targeting of patrols affects single blocks, with too few offences in a city of this size: see *hot "
    "spots* in "
    "[calibration](calibration.md) and `tests/mechanisms/test_patrols.py`.",
}
"""Where to look for levers whose effects are not significant in a small city."""
SHOWN = ("stability", "satisfaction", "legitimacy", "gap_satisfaction", "wrongful_stops")
"""Outcomes that have columns of their own."""
NOTHING = "mechanisms.disputes.rate"
"""The factor of the study with almost no effect."""


def study_text(text: str) -> str:
    """The study's file with a factor for every instrument and stance that is registered; its other lines stay as they are.

    Weights of instruments go from half to twice the usual, stances over all of their range.
    """
    lines = text.splitlines(keepends=True)
    varied = [place for place, line in enumerate(lines) if VARIED.match(line)]
    return "".join([*lines[: varied[0]], *factors(), *lines[varied[-1] + 1 :]])


def factors() -> list[str]:
    """Lines of the factors that follow from the registered levers."""
    found = []
    for lever, weights in DEFAULT_SPLITS.items():
        found += [f"  policy.{lever}.split.{name}: {{low: {weight / 2:g}, high: {weight * 2:g}}}\n" for name, weight in weights.items()]
    for name, row in STANCES.items():
        values = f"[{', '.join(row.choices)}]" if row.choices else f"{{low: {row.low:g}, high: {row.high:g}}}"
        found.append(f"  stance.{name}: {values}\n")
    return found


def write_study() -> None:
    """Write the factors of the study again."""
    write(FILE, study_text(FILE.read_text(encoding="utf-8")))


def measure() -> None:
    """Do the runs and write the table."""
    from sim.experiments.studies.sweep import sweep

    with tempfile.TemporaryDirectory() as folder:
        keep(sweep(STUDY, folder))


def keep(found: "StudyResult") -> None:
    """Write the table of a finished study."""
    from sim.experiments.studies.analyze import analyze

    indices = analyze(found).sensitivity
    wide = indices[indices["method"] == "morris"].pivot_table(index=["outcome", "factor"], columns="measure", values="value", sort=False)
    bounds = indices[indices["measure"] == "mu_star"].set_index(["outcome", "factor"])[["low", "high"]]
    tested = pd.concat([beyond_luck(found, name) for name in found.study.outcomes])
    rows = wide[["mu_star", "sigma", "mu"]].join(bounds).join(tested).reset_index()
    order = {key: place for place, key in enumerate([*found.study.outcomes, *found.study.keys])}
    rows = rows.sort_values(["outcome", "factor"], key=lambda column: column.map(order), kind="stable")
    write(TABLE, rows.to_csv(index=False, float_format="%.5g", lineterminator="\n"))
    versions.keep("screening")


def beyond_luck(found: "StudyResult", outcome: str) -> pd.DataFrame:
    """Whether a factor's effects exceed random variation: all points share their seeds, so each effect has a value per replicate.

    Without any true effect, the mean squares of the effects' means over replicates, times replicates, and of the rest have the ratio F.

    Returns
    -------
    DataFrame
        By outcome and factor: ``luck``, the mu* of random variation alone, and ``p`` of the F test.
    """
    sample, levels = found.design.sample, found.design.levels
    assert sample is not None, "a study by trajectories has a sample"
    values = found.runs.pivot(index="point", columns="replicate", values=outcome).to_numpy()
    trajectories = values.reshape(-1, len(found.study.keys) + 1, values.shape[1])
    moved = np.diff(sample.reshape(*trajectories.shape[:2], -1), axis=1)
    by_factor = np.take_along_axis(np.diff(trajectories, axis=1), np.argsort(moved.astype(bool).argmax(axis=2), axis=1)[:, :, None], axis=1)
    effects = by_factor / (levels / (2.0 * (levels - 1.0)))  # shape (trajectories, factors, replicates)
    count, _, replicates = effects.shape
    rest = effects.var(axis=2, ddof=1).mean(axis=0)
    means = (effects.mean(axis=2) ** 2).mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(means > 0, stats.f.sf(replicates * means / rest, count, count * (replicates - 1)), 1.0)
    index = pd.MultiIndex.from_product([[outcome], found.study.keys], names=["outcome", "factor"])
    return pd.DataFrame({"luck": np.sqrt(2.0 / np.pi * rest / replicates), "p": p}, index=index)


def text() -> str:
    """The page, from the table."""
    found = pd.read_csv(TABLE)
    found["clear"] = found["p"] < ALPHA / len(found)
    levers = found[found["factor"] != NOTHING]
    clear = levers.groupby("factor", sort=False)["clear"].sum()
    share = levers["mu_star"] / levers.groupby("outcome")["mu_star"].transform("sum")
    levers = levers.assign(share=share)
    return page(
        "Screening",
        *versions.note("screening"),
        "Which levers, instruments and stances have an effect, and does one of them dominate? Morris' method changes one at a "
        "time over its whole range, from many starting points in which all others differ. mu\\* is the mean absolute effect on "
        "an outcome, sigma its spread: a lever whose sigma is near its mu\\* acts nonlinearly or interacts with others.",
        f"`sanzhi sweep {STUDY}`: a synthetic city of 2,048 residents, five years, a rumour a year; shares within the remaining budget, "
        "weights of instruments from half to twice the default, stances over their whole range. Intervals are 95 %, by bootstrap over "
        "trajectories. All numbers: `measured/screening.csv`.",
        "## Levers without effect",
        _dead(clear, found),
        "## Dominant levers",
        _dominant(levers),
        "## mu\\* and sigma",
        "mu\\* (sigma), in the unit of the outcome; **bold** where it exceeds random variation. The last column names the outcome, of "
        "all that "
        "were recorded, on which the lever's share is largest.",
        _table(found, levers, clear),
        *_not_measured(set(found["factor"])),
    )


def _not_measured(measured: set[str]) -> list[str]:
    """A line on levers that were registered after the runs."""
    keys = (line.strip().partition(":")[0] for line in factors())
    missing = [f"`{short(key)}`" for key in keys if key not in measured]
    return [f"Registered later, and not screened yet: {', '.join(missing)} (`make model-docs PARTS=screening`)."] if missing else []


def _dead(clear: pd.Series, found: pd.DataFrame) -> str:
    dead = [f"`{short(name)}`" for name in clear.index[clear == 0]]
    outcomes = found["outcome"].nunique()
    few = ", ".join(f"`{short(name)}` ({count})" for name, count in clear[clear > 0].sort_values(kind="stable").head(4).items())
    elsewhere = " ".join(ELSEWHERE[name] for name in clear.index[clear == 0] if name in ELSEWHERE)
    nothing = int(found.loc[found["factor"] == NOTHING, "clear"].sum())
    many = f"{len(clear) - len(dead)} of {len(clear)}" if dead else f"All {len(clear)}"
    without = f"; no significant effect here: {', '.join(dead)}" if dead else ""
    verdict = f"{many} change at least one of {outcomes} outcomes beyond random variation{without}."
    return (
        f"{verdict} All points share their seeds, so an effect has a value per seed, and an F test shows whether effects exceed "
        f"variation over seeds: at {ALPHA:g} divided by all {len(found)} pairs of factor and outcome, so that the probability of any "
        "false positive "
        f"is below {ALPHA:.1%}. Fewest outcomes: {few}. A factor with almost no effect (the rate of disputes, by four in ten "
        f"thousand) is significant in {nothing} of them. {elsewhere}"
    )


def _dominant(levers: pd.DataFrame) -> str:
    top = levers.loc[levers.groupby("outcome", sort=False)["share"].idxmax()]
    first = top["factor"].value_counts()
    named = "; ".join(f"`{row.outcome}`: `{short(row.factor)}` {row.share:.0%}" for row in top.itertuples())
    general = levers[levers["outcome"].isin(("stability", "satisfaction"))].groupby("factor")["share"].max().sort_values(ascending=False)
    heads = ", ".join(f"`{short(name)}` {value:.0%}" for name, value in general.head(5).items())
    return (
        f"Largest share of the sum of all mu\\*, by outcome: {named}. {len(first)} different levers rank first in the {len(top)} outcomes; "
        f"`{short(first.index[0])}` ranks first most often, in {first.iloc[0]}. On stability and satisfaction the largest shares are "
        f"{heads}. Outcomes of a single part of the model (suspicions, burden, rumours) depend on the few levers that act on it."
    )


def _table(found: pd.DataFrame, levers: pd.DataFrame, clear: pd.Series) -> str:
    by = found.set_index(["factor", "outcome"])
    best = levers.loc[levers.groupby("factor", sort=False)["share"].idxmax()].set_index("factor")
    head = ("lever", *(METRICS[name].title for name in SHOWN), "significant in", "largest share of")
    rows = []
    for name in found["factor"].unique():
        cells = [_cell(by.loc[(name, outcome)]) for outcome in SHOWN]
        last = (str(clear[name]), f"`{best.loc[name, 'outcome']}`") if name in clear.index else ("", "")
        rows.append((f"`{short(name)}`", *cells, *last))
    return table(head, rows, right=range(1, len(SHOWN) + 2))


def _cell(row: pd.Series) -> str:
    text = f"{row['mu_star']:.2g} ({row['sigma']:.2g})"
    return f"**{text}**" if row["clear"] else text


def short(name: str) -> str:
    """A key without its common prefixes."""
    return name.removeprefix("policy.").removeprefix("stance.").replace(".split.", ".")
