"""Regret and satisficing of tables small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from sim.analysis.robustness import meets, regret, robustness, satisficing, shortfall

TABLE = pd.DataFrame({"dry": [0.6, 0.4, 0.5], "wet": [0.2, 0.7, 0.5]}, index=["bold", "slow", "even"])
RUNS = pd.DataFrame(
    {
        "lever": [0.1] * 4 + [0.3] * 4,
        "future": [1, 1, 2, 2] * 2,
        "stability": [0.5, 0.7, 0.2, 0.2, 0.5, 0.5, 0.4, 0.6],
        "cost": [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.5, 1.5],
    }
)


def test_regret_is_the_loss_against_the_best_in_each_future():
    lost = regret(TABLE, "more")
    np.testing.assert_allclose(lost.loc["bold"], [0.0, 0.5])
    np.testing.assert_allclose(lost.loc["slow"], [0.2, 0.0])
    np.testing.assert_allclose(lost.loc["even"], [0.1, 0.2])
    np.testing.assert_allclose(regret(-TABLE, "less"), lost)


def test_futures_that_not_all_have_run_are_left_out_of_regret():
    holed = TABLE.copy()
    holed.loc["bold", "wet"] = np.nan
    assert list(regret(holed, "more").columns) == ["dry"]


def test_satisficing_counts_what_is_known_and_says_how_sure():
    met = pd.DataFrame([[1, 1, 1, 0], [1, np.nan, np.nan, np.nan], [np.nan] * 4])
    found = satisficing(met)
    assert found["futures"].tolist() == [4, 1, 0]
    assert found["share"].tolist()[:2] == [0.75, 1.0]
    assert np.isnan(found["share"].iloc[2])
    # Wilson's interval of 3 in 4, by its formula.
    z, p, n = 1.959963984540054, 0.75, 4
    middle, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert found.loc[0, ["low", "high"]].tolist() == pytest.approx([middle - half, middle + half])


@pytest.mark.parametrize("count", [1, 4, 30])
def test_the_interval_of_a_share_is_the_librarys(count):
    for good in range(count + 1):
        found = satisficing(pd.DataFrame([[1.0] * good + [0.0] * (count - good)]))
        wanted = binomtest(good, count).proportion_ci(method="wilson")
        assert found.loc[0, ["low", "high"]].tolist() == pytest.approx([wanted.low, wanted.high])


def test_seeds_of_a_future_are_not_futures():
    """Targets met in half of the futures, whatever the seed: ten seeds of each say no more than one."""
    once = pd.DataFrame({"lever": 0.1, "future": range(8), "stability": [0.6, 0.4] * 4})
    one, ten = (robustness(runs, ["lever"], ["future"], {}, {"stability": ("at_least", 0.5)}) for runs in (once, pd.concat([once] * 10)))
    assert ten[["share", "low", "high"]].iloc[0].tolist() == one[["share", "low", "high"]].iloc[0].tolist()


def test_who_is_worse_in_the_same_futures_is_no_rival_however_wide_the_intervals():
    future = np.arange(60)
    good = {"often": future < 30, "less": future < 20, "chance": (future % 2 == 0)}
    parts = [pd.DataFrame({"lever": name, "future": future, "stability": np.where(met, 0.6, 0.4)}) for name, met in good.items()]
    found = robustness(pd.concat(parts), ["lever"], ["future"], {}, {"stability": ("at_least", 0.5)}).set_index("lever")
    assert found.loc["less", "high"] > found.loc["often", "low"]
    assert found["rival"].to_dict() == {"often": True, "less": False, "chance": True}


def test_a_run_that_failed_meets_no_target():
    runs = pd.DataFrame({"stability": [0.6, np.nan, np.nan]})
    found = meets(runs, {"stability": ("at_least", 0.5)}, pd.Series([True, True, False]))
    np.testing.assert_array_equal(found, [1.0, np.nan, 0.0])
    assert shortfall(pd.Series([0.9, 0.5, np.nan]), 0.8).tolist() == pytest.approx([0.0, 0.3, 0.8])


def test_policies_over_futures_by_hand():
    found = robustness(RUNS, ["lever"], ["future"], {"stability": "more", "cost": "less"}, {"stability": ("at_least", 0.5)})
    by = found.set_index("lever")
    assert by["futures"].tolist() == [2, 2]
    assert by.loc[0.1, "mean_stability"] == pytest.approx(0.4)  # of 0.6 and 0.2
    assert by.loc[0.1, "worst_stability"] == pytest.approx(0.2)
    assert by.loc[0.3, "worst_cost"] == pytest.approx(2.0)
    assert by.loc[0.1, "regret_max_stability"] == pytest.approx(0.3)  # 0.5 - 0.2 in future 2
    assert by.loc[0.3, "regret_max_stability"] == pytest.approx(0.1)  # 0.6 - 0.5 in future 1
    assert by.loc[0.3, "regret_max_cost"] == pytest.approx(1.0)
    assert by.loc[0.1, "share"] == pytest.approx(2 / 4)
    assert by.loc[0.3, "share"] == pytest.approx(3 / 4)
    assert by["rival"].all()  # two futures tell nothing apart
    assert found["lever"].tolist() == [0.3, 0.1]


def test_seeds_can_be_the_future():
    runs = RUNS.assign(seed=[1, 2, 3, 4] * 2)
    found = robustness(runs, ["lever"], ["seed"], {"stability": "more"})
    assert found["futures"].tolist() == [4, 4]
    assert found.set_index("lever").loc[0.1, "regret_max_stability"] == pytest.approx(0.4)


def test_policies_that_met_one_future_each_are_not_compared():
    runs = RUNS.assign(future=[1] * 4 + [2] * 4)
    assert robustness(runs, ["lever"], ["future"], {"stability": "more"}).empty


def test_an_unknown_outcome_is_neither_met_nor_missed():
    runs = pd.DataFrame({"stability": [0.6, np.nan, 0.4], "cost": [1.0, 1.0, 3.0]})
    found = meets(runs, {"stability": ("at_least", 0.5), "cost": ("at_most", 2.0)})
    assert found.tolist()[::2] == [1.0, 0.0]
    assert np.isnan(found[1])
