"""Every lever brings something and costs something: more of it moves some judged metric up and some other down.

For each lever, pairs of cities under the same luck, with and without more of it. A metric counts as moved when a t-test on the pairs
says so at `LUCK` shared out over all judged metrics, so that a lever without any effect would pass with a chance below `LUCK`. Pairs
under the same luck tell differences apart that nobody would notice: a metric has to move by a thousandth of its usual value, too.
"""

import numpy as np
import pytest
from arranged import LUCK, Pairs, assert_falls, assert_rises, more
from scipy import stats

from sim.levers import LEVERS
from sim.metrics import METRICS

ANY_SPENDING = ("budget_leaked",)
"""What whoever spends more pays, whatever it is spent on: no cost of the lever itself."""
JUDGED = {name: 1.0 if m.better == "more" else -1.0 for name, m in METRICS.items() if m.better != "neither" and name not in ANY_SPENDING}

WORTH = 1e-3
"""Part of its usual value by which a metric has to move."""


@pytest.fixture(scope="module")
def pairs():
    return Pairs(seeds=10, weeks=208, residents=6000, community_size=1000)


def moved(pairs, effect, sign):
    """Metrics that the lever improves (`sign` 1) or worsens (-1)."""
    line, usual, found = LUCK / len(JUDGED), pairs.arm(), {}
    for name, better in JUDGED.items():
        t = sign * better * effect[name]
        worth = np.isfinite(t).all() and t.mean() > WORTH * abs(usual[name].mean())
        if worth and stats.ttest_1samp(t, 0.0, alternative="greater").pvalue < line:
            found[name] = t.mean()
    return found


@pytest.mark.parametrize("lever", LEVERS)
def test_more_of_a_lever_improves_something_and_worsens_something(pairs, lever):
    effect = pairs.effect(more(lever))
    better, worse = moved(pairs, effect, 1), moved(pairs, effect, -1)
    assert better, f"{lever}: nothing is better"
    assert worse, f"{lever}: nothing is worse; better: {sorted(better)}"


@pytest.mark.parametrize(
    ("lever", "up", "down"),
    [
        ("self_governance", "efficacy rate_mediation belonging volunteers", ""),
        ("rule_of_law", "sanction_risk rate_stops wrongful_stops", "offences"),
        ("moral_education", "norm expectation", "credibility"),
        ("public_services", "service content happiness expectation", ""),
    ],
)
def test_each_lever_does_what_it_is_for_and_costs_what_it_costs(pairs, lever, up, down):
    effect = pairs.effect(more(lever))
    for name in up.split():
        assert_rises(effect[name])
    for name in down.split():
        assert_falls(effect[name])


def test_opening_services_to_migrants_narrows_the_gap(pairs):
    effect = pairs.effect({"stance.migrant_access": 1.0})
    assert_falls(effect["gap_service"])
    assert_falls(effect["gap_satisfaction"])


def test_transparency_raises_legitimacy(pairs):
    assert_rises(pairs.effect({"stance.transparency": 0.9})["legitimacy"])


@pytest.mark.parametrize(("stance", "value"), [("transparency", 1.0), ("migrant_access", 1.0)])
def test_every_stance_has_two_sides(pairs, stance, value):
    effect = pairs.effect({f"stance.{stance}": value})
    better, worse = moved(pairs, effect, 1), moved(pairs, effect, -1)
    assert better, f"{stance}: nothing is better; worse: {sorted(worse)}"
    assert worse, f"{stance}: nothing is worse; better: {sorted(better)}"
