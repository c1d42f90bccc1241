"""Integrity: fear of being found out keeps officials honest, and takes time and courage from them."""

import numpy as np
import pytest
from arranged import LEAN, arranged, default, more

from sim.levers import instrument


def lived(weeks=200, **changes):
    simulation = arranged("integrity", "budget", weeks=weeks, changes={**LEAN, **changes})
    simulation.advance(weeks)
    return simulation


def officials(simulation):
    return simulation.city.world.districts


def test_corruption_settles_where_gain_meets_fear():
    audit, openness = 0.5, 0.3
    district = officials(lived(400, **{"stance.audit": audit, "stance.transparency": openness}))
    cases = 1000 * district["work"][:, instrument("rule_of_law.oversight")]
    p = {name: default(f"integrity.{name}") for name in ("most", "stake", "audits", "supervision", "covers", "openness")}
    seen = p["audits"] * audit + p["supervision"] * (1 - np.exp(-cases / p["covers"])) + p["openness"] * openness
    assert district["corruption"] == pytest.approx(p["most"] / (1 + (seen * p["stake"]) ** 2), rel=1e-3)


@pytest.mark.parametrize("watching", [{"stance.audit": 1.0}, {"stance.transparency": 1.0}, more("rule_of_law.oversight", 0.1)])
def test_whatever_brings_things_to_light_keeps_officials_honest_and_less_leaks(watching):
    usual, watched = (
        lived(**{"stance.audit": 0.2, "stance.transparency": 0.2}),
        lived(**{"stance.audit": 0.2, "stance.transparency": 0.2, **watching}),
    )
    assert (officials(watched)["corruption"] < officials(usual)["corruption"]).all()
    lost = [s.city.world.history_money[-1][2] / s.city.world.history_money[-1][1:3].sum() for s in (watched, usual)]
    assert lost[0] < lost[1]


def test_audits_make_officials_cautious_more_than_in_proportion():
    none, half, full = (officials(lived(30, **{"stance.audit": audit}))["caution"] for audit in (0.0, 0.5, 1.0))
    assert ((half - none) * 2 < full - none).all()
    assert (half > none).all()


def test_cases_examine_misconduct_at_random_so_that_the_second_hundred_finds_less_than_the_first():
    examined = []
    for cases in (0.0, 0.5, 1.0):
        simulation = arranged("integrity", weeks=1)
        simulation.city.world.districts["work"][:, instrument("rule_of_law.oversight")] = cases / 1000
        simulation.advance(1)
        examined.append(simulation.city.world.communities["oversight"].copy())
    assert examined == [pytest.approx(1 - np.exp(-cases / default("integrity.covers")), abs=1e-6) for cases in (0.0, 0.5, 1.0)]


def test_officials_learn_what_they_must_fear_in_time():
    early, late = (officials(lived(weeks, **{"stance.audit": 1.0}))["corruption"] for weeks in (4, 100))
    assert (late < early).all()
    first = np.float32(0.10)
    assert (early < first).all()
