"""Resilience: area lost, deepest loss and half-recovery against the same city without the shocks."""

import numpy as np
import pytest

from sim.errors import UserError
from sim.experiments.resilience import SMOOTH, judge, resilience
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


def test_no_loss_no_recovery():
    found = judge(np.full(30, -0.1), first=0)
    assert (found["area_lost"], found["deepest"], found["censored"]) == (0.0, 0.0, False)


def test_an_outage_costs_satisfaction_and_more_of_it_costs_more():
    shock = {"kind": "service_outage", "at": 20, "lasts": 8}
    lost = [
        resilience(scenario(shocks=[{**shock, "strength": strength}]), ["satisfaction", "happiness"]).groupby("metric")["area_lost"].mean()
        for strength in (0.2, 0.8)
    ]
    assert (lost[0] > 0).all()
    assert (lost[1] > lost[0]).all()


def test_mistakes_are_named():
    with pytest.raises(UserError, match="no shocks"):
        resilience(scenario())
    with pytest.raises(UserError, match="expectation"):
        resilience(scenario(shocks=[{"kind": "rumour", "at": 1}]), ["expectation"])
