"""Studies with made-up outcomes: the table of runs that a sweep would have left, without simulating anything."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from sim.experiments.studies.designs import points
from sim.experiments.studies.study_file import make_study

LEVERS = {"policy.self_governance": {"low": 0.0, "high": 0.2}, "policy.rule_of_law": {"low": 0.0, "high": 0.3}}
CITY = {"preset": "synthetic", "residents": 1200, "districts": 2}


def study(kind: str = "lhs", replicates: int = 2, **more):
    """A study of two levers and one stance on a small made-up city."""
    design = {"kind": kind, **({"samples": 64} if kind in ("lhs", "sobol", "simplex") else {"samples": 10} if kind == "morris" else {})}
    data = {
        "name": "made",
        "scenario": {"name": "made", "city": CITY, "horizon": 10, **more.pop("scenario", {})},
        "design": design,
        "factors": {**LEVERS, "stance.transparency": {"low": 0.0, "high": 1.0}},
        "outcomes": ["stability", "satisfaction"],
        "replicates": replicates,
    }
    return make_study({**data, **more})


def outcomes_of(table: pd.DataFrame, luck: np.ndarray) -> dict[str, np.ndarray]:
    """Stability rises with self-governance, satisfaction falls with it; transparency does nothing."""
    order, rule = table["policy.self_governance"].to_numpy(float), table["policy.rule_of_law"].to_numpy(float)
    return {"stability": 0.3 + 2 * order + 0.4 * rule + luck, "satisfaction": 0.7 - order + 0.5 * rule + luck}


def result_of(asked, spread: float = 0.005, made=outcomes_of, undone=(), shared: bool = True) -> SimpleNamespace:
    """What `read_study` would give of it; runs whose number is in `undone` are planned only. Luck is shared by all points, or not."""
    table = points(asked)
    rows = table.loc[table.index.repeat(asked.replicates)].reset_index(drop=True)
    rows.insert(0, "run", range(len(rows)))
    rows.insert(1, "point", rows["run"] // asked.replicates)
    rows.insert(2, "replicate", rows["run"] % asked.replicates)
    rows.insert(3, "seed", [asked.seed_of(p, r) for p, r in zip(rows["point"], rows["replicate"])])
    lucky = np.random.default_rng(1).normal(0, spread, len(rows))[rows["replicate"] if shared else rows["run"]]
    rows = rows.assign(**made(rows, lucky), state="done", error=None)
    bad = rows["run"].isin(list(undone))
    rows.loc[bad, list(asked.outcomes)] = np.nan
    rows.loc[bad, "state"] = "planned"
    return SimpleNamespace(study=asked, runs=rows)
