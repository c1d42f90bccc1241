"""Totals of the real city: scaled by residents, with intervals that cover luck and clusters."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis import real_size
from sim.analysis.intervals import FEWEST, mean_interval
from sim.analysis.real_size import (
    COUNT,
    DISTRICTS,
    EFFECTS,
    FIXED,
    LEADING,
    NONE,
    REPLICATES,
    poisson_interval,
    real_result,
    real_results,
    total_factor,
)
from sim.metrics import METRICS
from sim.scenario import read_scenario
from sim.scenario.costs import real_residents

ALARM = 1e-6
"""Chance that a test of a rate fails although the rate is what it should be (exact binomial bounds)."""


def test_a_total_is_the_rate_times_the_real_residents_whatever_share_is_simulated():
    for share in (1.0, 0.01):
        found = real_result("offences", [0.5] * 3, 1e6, 1e6 * share)
        assert found.total[0] == pytest.approx(0.5 * 52 * 1000)  # 0.5 per 1,000 a week
    assert real_result("waiting_cases", [3.0], 1e6, 1e4).total[0] == pytest.approx(3000)
    assert real_result("volunteer_hours", [7.0], 1e6, 1e4).total[0] == pytest.approx(7e6)


def test_a_metric_without_a_total_keeps_its_unit():
    found = real_result("case_weeks", [4.0, 4.2, 4.1, 4.4, 3.9], 1e6, 1e4)
    assert math.isnan(found.factor)
    assert found.total == (found.rate, found.low, found.high)


def test_replicates_give_the_usual_interval_scaled():
    values = np.array([0.4, 0.5, 0.45, 0.55, 0.42, 0.47])
    found, usual = real_result("offences", values, 1e6, 1e4), mean_interval(values)
    assert found.basis == REPLICATES
    assert found.total[1:] == pytest.approx((float(usual.low) * 52e3, float(usual.high) * 52e3))


def test_intervals_stay_within_the_bounds_of_the_metric():
    found = real_result("incidents", [0.0, 0.0, 0.01, 0.0, 0.02, 0.05, 0.001, 0.002], 1e6, 1e4)
    assert found.low == 0


def test_one_run_of_a_smaller_share_has_a_wider_interval():
    widths = [np.ptp(real_result("offences", [0.5], 1e6, simulated).total[1:]) for simulated in (1e6, 1e5, 1e4)]
    assert widths[0] < widths[1] < widths[2]
    assert real_result("offences", [0.5], 1e6, 1e4).basis == COUNT


def test_no_event_seen_is_not_no_event_in_the_real_city():
    found = real_result("incidents", [0.0], 1e6, 1e4)
    assert found.total[0] == 0
    assert found.total[2] == pytest.approx(-math.log(0.025) * 100)  # the exact upper end for a count of 0, at 1 %


def test_one_run_without_districts_has_no_interval_for_what_is_not_counted():
    for name in ("case_weeks", "content_residents", "active"):
        found = real_result(name, [3.0], 1e6, 1e4)
        assert found.basis == NONE
        assert math.isnan(found.low)
    assert real_result("waiting_cases", [0.0], 1e6, 1e4, np.zeros(9), np.ones(9)).basis == NONE
    assert real_result("content_residents", [650.0, 650.0], 1e6, 1e4).basis == FIXED


def test_the_interval_from_districts_covers_clustered_events_where_poisson_does_not():
    """In bursts of 20 people, 16 districts: the share of runs whose interval misses the truth, against that of a Poisson count."""
    rng, trials, simulated = np.random.default_rng(6), 1000, 160_000.0
    missed = poisson = 0
    for _ in range(trials):
        bursts = rng.poisson(6.0, 16) * 20.0
        rate = bursts.sum() / simulated * 1000 / 52
        by_district = bursts / (simulated / 16) * 1000 / 52
        true = 16 * 6.0 * 20.0
        found = real_result("offences", [rate], simulated, simulated, by_district, np.full(16, 1.0))
        assert found.basis == DISTRICTS
        missed += not found.total[1] <= true <= found.total[2]
        low, high = poisson_interval(bursts.sum())
        poisson += not low <= true <= high
    assert missed <= stats.binom.ppf(1 - ALARM, trials, 0.05)
    assert poisson > trials / 3


def test_fewer_districts_than_an_interval_needs_give_none():
    few = real_result("waiting_cases", [3.0], 1e6, 1e4, np.linspace(2, 4, FEWEST - 1), np.ones(FEWEST - 1))
    assert few.basis == NONE


def test_leading_results_come_in_their_order_over_the_last_year_only():
    weekly = {"active": np.full((104, 3), 0.2), "offences": np.vstack([np.full((52, 3), 9.0), np.full((52, 3), 0.5)])}
    found = real_results(weekly | {"calm": np.ones((104, 3))}, 1e6, 1e4)
    assert [one.metric for one in found] == ["offences", "active"]
    assert found[0].rate == pytest.approx(0.5)


def test_every_leading_metric_has_a_unit_that_is_known():
    assert all(METRICS[name].unit == "weeks" or math.isfinite(total_factor(name, 1.0)) for name in LEADING)
    assert all(METRICS[name].better in ("more", "less") for name in EFFECTS)


def test_money_has_a_total_in_the_currency_of_the_city():
    assert total_factor("budget_spent", 2e7) == 2e7
    assert [name for name in LEADING if real_size.is_money(name)] == ["budget_spent", "budget_leaked"]


@pytest.mark.parametrize(
    ("city", "residents"),
    [({"preset": "shanghai_2020", "scale": 0.01}, 24_870_895), ({"preset": "synthetic", "residents": 5000}, 5000)],
)
def test_real_size_of_a_city(city, residents):
    assert real_residents(read_scenario({"name": "a", "city": city})) == residents
