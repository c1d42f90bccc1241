"""The recipes for other tools run as they stand, on small cities, and give what the tools promise."""

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def recipe(name: str):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_salib_drives_the_model():
    pytest.importorskip("SALib", reason="the extra `analysis` is not installed")
    module = recipe("salib_recipe")
    found = module.main(samples=8, weeks=13, seeds=range(1, 2))
    assert list(found.to_df()[0].index) == module.PROBLEM["names"]
    assert np.isfinite(found["ST"]).all()
    assert found["ST"].max() > 0.1
    again = module.main(samples=8, weeks=13, seeds=range(1, 2))
    np.testing.assert_array_equal(again["ST"], found["ST"])


def test_the_ema_workbench_drives_the_model():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ema_workbench", reason="the extra `emulate` is not installed")
        module = recipe("ema_recipe")
        experiments, outcomes, box = module.main(scenarios=12, weeks=8, residents=512)
    assert len(experiments) == 12 * len(module.POLICIES)
    assert set(outcomes) == {"stability", "satisfaction"}
    assert len(np.unique(outcomes["satisfaction"])) == len(experiments)  # factors arrive in the model
    assert 0 < box.coverage <= 1
    # Run again by hand, an experiment gives the same.
    row = experiments.iloc[5]
    import sim

    changes = {key: float(row[name]) for name, key in module.KEYS.items()}
    scenario = sim.load_scenario("baseline").with_changes({"city": {"preset": "synthetic", "residents": 512}, "horizon": 8, **changes})
    assert sim.simulate(scenario, seed=1).weekly["satisfaction"].iloc[-1] == outcomes["satisfaction"][5]
