"""SALib runs the model directly: shares of variance of three factors, by Saltelli's design.

    pip install 'sanzhi[analysis]'
    python docs/examples/salib_recipe.py

For thousands of runs use `sanzhi sweep` and `sanzhi analyze`: they use every processor, lose no runs and resume after an interruption. This
example is for users who already have a workflow around SALib.
"""

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling

import sanzhi

PROBLEM = {
    "num_vars": 3,
    "names": ["stance.transparency", "stance.migrant_access", "policy.self_governance"],
    "bounds": [[0.0, 1.0], [0.0, 1.0], [0.0, 0.2]],
}


def outcome(point: np.ndarray, scenario: sanzhi.Scenario, seeds: range) -> float:
    """Satisfaction in the last week, mean over seeds; the same seeds at every point, so that points differ only in their factors."""
    changed = scenario.with_changes(dict(zip(PROBLEM["names"], map(float, point), strict=True)))
    run = sanzhi.simulate(changed, seed=seeds.start, replicates=len(seeds))
    return float(run.weekly.loc[run.weekly["week"] == changed.horizon - 1, "satisfaction"].mean())


def main(samples: int = 16, weeks: int = 52, seeds: range = range(1, 3)) -> dict:
    """Sample, simulate and analyse; returns the indices of SALib."""
    scenario = sanzhi.load_scenario("baseline").with_changes({"city": {"preset": "synthetic", "residents": 1024}, "horizon": weeks})
    points = sampling.sample(PROBLEM, samples, calc_second_order=False, seed=1)
    values = np.array([outcome(point, scenario, seeds) for point in points])
    return analysis.analyze(PROBLEM, values, calc_second_order=False, seed=1)


if __name__ == "__main__":
    found = main()
    print(found.to_df()[0])
