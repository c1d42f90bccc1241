"""Coordination: hand-offs get faster, and what is decided for all fits the different less."""

import numpy as np
import pytest
from arranged import arranged, default


def lived(coordination=0.5, layers=3.0):
    simulation = arranged("coordination", weeks=2, changes={"stance.coordination": coordination, "stance.layers": layers})
    simulation.advance(2)
    return simulation.city.world.communities


def test_hand_offs_are_faster_under_one_lead_and_slower_through_many_layers():
    loose, tight, tall = lived(0.0), lived(1.0), lived(0.0, layers=6.0)
    assert loose["delay"] == pytest.approx(default("coordination.handoff"))
    assert tight["delay"] == pytest.approx(default("coordination.handoff") * (1 - default("coordination.speed")))
    assert tall["delay"] == pytest.approx(2 * default("coordination.handoff"))


def test_one_lead_for_all_fits_the_different_worst():
    loose, tight = lived(0.0), lived(1.0)
    lost = loose["fit"] - tight["fit"]
    assert (lost > 0).all()
    assert lost == pytest.approx(default("coordination.loss") * tight["diversity"], rel=1e-4)
    order = np.argsort(tight["diversity"])
    assert (np.diff(tight["fit"][order]) <= 0).all()


def test_a_flat_government_overlooks_more():
    assert (lived(layers=1.0)["fit"] < lived(layers=3.0)["fit"]).all()
    assert (lived(layers=3.0)["fit"] < lived(layers=6.0)["fit"]).all()
