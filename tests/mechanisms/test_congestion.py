"""Congestion: density and visitors weigh on a place; planning and homes lighten it, at the price of inflow and slack."""

import numpy as np
import pytest
from arranged import arranged


def lived(weeks=300, years=3.0, changes=None, **conditions):
    simulation = arranged("congestion", weeks=weeks, changes={"stance.planning_horizon": years, **(changes or {})}, conditions=conditions)
    simulation.advance(weeks)
    return simulation.city.world.communities


def test_the_burden_follows_density():
    places = lived()
    order = np.argsort(places["density"])
    assert (np.diff(places["burden"][order]) > 0).all()
    crowded = lived(density=4.0)["burden"] / lived(density=1.0)["burden"]
    assert crowded == pytest.approx(2.0, rel=0.01)


def test_visitors_add_to_it_and_homes_take_from_it():
    usual = lived()["burden"]
    assert (lived(visitors=0.5)["burden"] > usual).all()
    assert (lived(housing=2.0)["burden"] < usual).all()


def test_planning_lightens_the_burden_holds_inflow_back_and_leaves_less_slack():
    short, long = lived(years=0.5), lived(years=15.0)
    assert (long["burden"] < short["burden"]).all()
    assert (long["restraint"] > short["restraint"]).all()
    assert (long["slack"] < short["slack"]).all()
    assert lived(years=3.0)["slack"] == pytest.approx(1.0)
