"""Resilience: area lost, deepest loss and half-recovery against the same city without the shocks."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim.experiments.comparisons.shock_pairs as pairs_module
from sim.analysis.paired import paired
from sim.errors import UserError
from sim.experiments.comparisons.resilience import SMOOTH, judge, resilience
from sim.experiments.runs.simulate import simulate
from sim.metrics.columns import about
from sim.scenario import read_scenario

CITY = {"preset": "synthetic", "residents": 4000, "districts": 2, "community_size": 1000}


def scenario(**more):
    return read_scenario({"name": "struck", "city": CITY, "horizon": 104, "seed": 3, "replicates": 2, **more})


def test_a_loss_that_halves_is_found_where_it_halves():
    loss = np.zeros(60)
    loss[10:20], loss[20:30] = 0.4, 0.1
    found = judge(loss, first=10)
    assert found["area_lost"] == pytest.approx(5.0)
    assert found["deepest"] == pytest.approx(0.4)
    assert not found["censored"]
    assert 10 <= found["deepest_week"] + found["half_recovery"] - 10 <= 10 + SMOOTH


def test_what_has_not_come_back_is_censored_and_no_zero():
    found = judge(np.concatenate([np.zeros(5), np.full(40, 0.3)]), first=5)
    assert found["censored"]
    assert np.isnan(found["half_recovery"])


def test_weeks_without_a_value_are_no_recovery():
    loss = np.full(20, np.nan)
    loss[2:6] = 1.0
    found = judge(loss, first=2)
    assert found["censored"]
    assert found["area_lost"] == pytest.approx(4.0)
    loss[12:] = 0.0
    found = judge(loss, first=2)
    assert not found["censored"]
    assert found["deepest_week"] + found["half_recovery"] >= 12  # first seen then
    assert all(np.isnan(judge(np.full(9, np.nan), 0)[key]) for key in ("area_lost", "deepest", "half_recovery"))


def test_no_loss_no_recovery():
    found = judge(np.full(30, -0.1), first=0)
    assert (found["area_lost"], found["deepest"], found["censored"]) == (0.0, 0.0, False)


def test_an_outage_costs_satisfaction_and_more_of_it_costs_more():
    shock = {"kind": "service_outage", "at": 20, "lasts": 8}
    lost = []
    for strength in (0.2, 0.8):
        found = resilience(scenario(shocks=[{**shock, "strength": strength}]), ["satisfaction", "happiness"], replicates=2, workers=1)
        lost.append(found.losses.groupby("metric")["area_lost"].mean())
    assert (lost[0] > 0).all()
    assert (lost[1] > lost[0]).all()


@pytest.fixture(scope="module")
def outage():
    """Services fail in one of two districts for 20 weeks."""
    where = {"district": "District 2"}
    shocks = [{"kind": "service_outage", "at": 20, "lasts": 20, "strength": 0.9, "where": where}]
    return resilience(scenario(shocks=shocks), ["satisfaction", "legitimacy"], replicates=8, workers=1)


def test_differences_are_those_of_runs_with_and_without_the_shocks(outage):
    struck, spared = (simulate(each, replicates=8).weekly for each in outage.batch.scenarios)
    periods = {"during": (20, 40), "end": (104 - outage.batch.window, 104)}
    for row in outage.effects.to_dict("records"):
        first, after = periods[row["period"]]
        means = [
            table[(table["week"] >= first) & (table["week"] < after)].groupby("seed")[row["metric"]].mean() for table in (spared, struck)
        ]
        expected = paired(*(mean.to_numpy(float) for mean in means))
        assert (row["mean"], row["low"], row["high"]) == pytest.approx((expected.mean, expected.low, expected.high), nan_ok=True)
        assert row["value"] - row["base"] == pytest.approx(row["mean"])


def test_the_district_that_a_shock_affects_is_named_and_loses_most(outage):
    rows = outage.districts[(outage.districts["metric"] == "satisfaction") & (outage.districts["period"] == "during")]
    rows = rows.set_index("district")
    assert rows["struck"].to_dict() == {"District 1": False, "District 2": True}
    assert rows.loc["District 2", "high"] < 0
    assert rows.loc["District 2", "mean"] < rows.loc["District 1", "mean"]


def test_nothing_differs_before_the_shock(outage):
    early = outage.weekly[outage.weekly["week"] < 20]
    assert (early["mean"] == 0).all()


def test_processes_change_nothing(outage):
    again = resilience(outage.named[0], ["satisfaction", "legitimacy"], replicates=8, workers=2)
    for name, table in outage.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)


def test_a_community_stands_for_its_district():
    shock = {"kind": "rumour", "at": 2, "where": {"community": 0}}
    found = resilience(scenario(horizon=6, shocks=[shock]), ["satisfaction"], replicates=2, workers=1)
    assert found.districts.loc[found.districts["struck"], "district"].unique().tolist() == ["District 1"]


def test_a_seed_that_fails_is_named_and_the_others_are_kept(monkeypatch):
    run = pairs_module.run_pair

    def unlucky(argument, tick):
        if argument[2] == 4:
            raise ZeroDivisionError("unlucky")
        return run(argument, tick)

    monkeypatch.setattr(pairs_module, "run_pair", unlucky)
    found = resilience(scenario(horizon=6, shocks=[{"kind": "rumour", "at": 2}]), ["satisfaction"], replicates=3, workers=1)
    assert found.batch.seeds == (3, 5)
    assert [failure["seed"] for failure in found.batch.failures] == [4]


def test_mistakes_are_named():
    with pytest.raises(UserError, match="no shocks"):
        resilience(scenario())
    struck = scenario(shocks=[{"kind": "rumour", "at": 1}])
    with pytest.raises(UserError, match="expectation"):
        resilience(struck, ["expectation"])
    with pytest.raises(UserError, match="did you mean stability"):
        resilience(struck, ["stabilty"])
    for wrong in ({"replicates": 1}, {"seed": -1}, {"window": 105}):
        with pytest.raises(UserError, match=f"^{next(iter(wrong))}"):
            resilience(struck, **wrong)


def test_columns_of_its_files_say_what_they_mean_here(outage, tmp_path):
    """In a comparison `base` is the first scenario, here it is the city without shocks."""
    folder = outage.write(tmp_path / "out")
    names = [name for name, table in outage.tables.items() if "base" in table]
    for name in names:
        titles = {field.name: field.metadata[b"title"].decode() for field in pq.read_schema(folder / f"{name}.parquet")}
        assert titles["base"] == about(name, "base", "resilience")["title"] != about(name, "base")["title"]
    assert len(names) > 1
