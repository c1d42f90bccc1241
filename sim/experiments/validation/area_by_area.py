"""Whether a run predicts single areas better than hardship alone does, for a table whose areas are those of the simulated city.

Patterns over areas can agree although the wrong areas are the worst. Here every area's rate is predicted without its own value, by
the run, by a straight line on the hardship that the run was fed with, and by the mean of the nearest areas
(`sim.analysis.patterns.prediction`). A run that does not beat the straight line says nothing about single areas that a planner could not
read from a list of hardship.
"""

import numpy as np
import pandas as pd

from sim.analysis.areas import Areas
from sim.analysis.patterns import prediction
from sim.analysis.patterns.blocks import FEWEST_AREAS
from sim.analysis.patterns.named import COUNTS
from sim.analysis.patterns.neighbours import nearest
from sim.results import Run

BETTER, SAME, WORSE = "better than hardship alone", "no clear difference", "hardship alone is better"
SURE = 0.95
"""Share of bootstrap draws from which on one prediction counts as better."""
COLUMNS = ("events", "areas", "simulation", "hardship", "neighbours", "better", "verdict")


def predict_areas(run: Run, data: Areas, names: tuple[str, ...]) -> pd.DataFrame:
    """How well single areas are predicted, out of sample.

    Parameters
    ----------
    run : Run
        Its rates are means of the last complete year over replicates: the more replicates, the less luck in them.
    data : Areas
        Counts of a year, by area.
    names : tuple of str
        Names of the areas; only those that are communities of the run are compared.

    Returns
    -------
    DataFrame
        A row per kind of event: ``events``; ``areas`` compared; R2 out of sample of the ``simulation``, of ``hardship`` alone and of the
        ``neighbours``' mean; ``better``, the share of bootstrap draws of areas in which the simulation is closer than hardship alone; and
        ``verdict``. Empty with fewer than eight areas in common.
    """
    rows = [_row(name, *both) for name in COUNTS if name in data.columns and (both := _joined(run, data, names, name)) is not None]
    return pd.DataFrame(rows, columns=COLUMNS)


def _joined(run: Run, data: Areas, names: tuple[str, ...], of: str) -> tuple[pd.DataFrame, np.ndarray] | None:
    """Areas known on both sides, and the logarithms of their real rates."""
    table = run.communities
    last = table[table["year"] == table["year"].max()] if len(table) else table
    if of not in last.columns:
        return None
    summed = last.groupby(last["community"].astype(str), observed=True).agg(
        {of: "sum", "residents": "sum", "hardship": "mean", "x": "mean", "y": "mean"}
    )
    counts = pd.DataFrame({"real": data.columns[of], "people": data.columns["residents"]}, index=list(names)).dropna()
    both = summed.join(counts, how="inner")
    if len(both) < FEWEST_AREAS:
        return None
    both["simulated"] = prediction.log_rates(both[of].to_numpy(float), both["residents"].to_numpy(float))
    return both, prediction.log_rates(both["real"].to_numpy(float), both["people"].to_numpy(float))


def _row(of: str, both: pd.DataFrame, real: np.ndarray) -> dict:
    model = prediction.by_level(real, both["simulated"].to_numpy())
    alone = prediction.by_line(real, both["hardship"].to_numpy())
    around = prediction.by_neighbours(real, nearest(both["x"].to_numpy(), both["y"].to_numpy()))
    better = prediction.share_better(real, model, alone)
    verdict = BETTER if better >= SURE else WORSE if better <= 1 - SURE else SAME
    r2 = (prediction.explained(real, one) for one in (model, alone, around))
    return dict(zip(COLUMNS, (of, len(both), *r2, better, verdict), strict=True))
