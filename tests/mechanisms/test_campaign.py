"""Campaign: a crackdown frightens while it is new, wears off while it lasts, and leaves a little; haste detains the innocent."""

import pytest
from arranged import after, arranged, default, total

from sim.city.codes import JAILED


def lived(weeks, intensity=1.0, until=None, others=(), changes=None, **columns):
    """A campaign from the first week on, to the week `until`."""
    ends = [{"at": until, "set": {"stance.campaign": 0.0}}] if until else []
    changes = {"stance.campaign": intensity, "timeline": ends, **(changes or {})}
    simulation = arranged("campaign", *others, weeks=120, residents=4000, changes=changes, columns=columns)
    return simulation, after(simulation, weeks)


def pulse(weeks, **more):
    return lived(weeks, **more)[0].city.world.communities["pulse"]


def test_it_frightens_at_first_and_wears_off_while_it_lasts():
    assert pulse(1) == pytest.approx(1 + default("campaign.gain"))
    assert (pulse(1) > pulse(10)).all()
    assert (pulse(10) > pulse(60)).all()
    assert pulse(110) == pytest.approx(1.0, abs=0.01)


def test_it_leaves_a_residue_that_is_forgotten():
    just_after, later = pulse(22, until=20), pulse(100, until=20)
    assert (just_after > 1).all()
    assert (just_after < 1 + default("campaign.residue")).all()
    assert ((later > 1) & (later < just_after)).all()
    assert pulse(60, intensity=0.0) == pytest.approx(1.0)


def test_a_rebound_can_be_tried():
    after_it = pulse(22, until=20, changes={"campaign.residue": 0.0, "campaign.rebound": 0.2})
    assert (after_it < 1).all()


def test_police_slacken_as_all_get_used_to_it():
    new, old = (lived(weeks)[0].city.world.communities["crackdown"] for weeks in (1, 110))
    assert new == pytest.approx(1.0)
    assert old == pytest.approx(1.0 - default("campaign.slack"), abs=0.01)


def test_a_milder_one_frightens_less():
    assert (pulse(1, intensity=0.3) < pulse(1)).all()


def test_while_it_is_new_fewer_offend_and_a_rebound_would_be_made_up_for():
    often = {"offending.base": 0.5, "offending.theta": 0.0, "offending.recorded": 0.0, "offending.recorded_violent": 0.0}
    often |= {"campaign.residue": 0.0, "campaign.rebound": 0.2}
    calm, hard = (lived(60, intensity=c, until=20, others=("offending",), changes=often)[0] for c in (0.0, 1.0))
    during = [total(s, "offences") - total(s, "offences", 6) for s in (hard, calm)]
    later = [total(s, "offences", 22) for s in (hard, calm)]
    assert during[0] < 0.95 * during[1]
    assert later[0] > 1.01 * later[1]


def test_stops_rise_and_some_are_detained_for_nothing():
    busy = {"policing.stops": 200.0}
    calm, hard = (lived(12, intensity=c, others=("policing",), changes=busy, status=0, weeks_left=0) for c in (0.0, 1.0))
    assert total(hard[0], "stops") > 0.65 * (1 + default("policing.zeal")) * total(calm[0], "stops")
    assert total(calm[0], "wrongful") == 0
    assert total(hard[0], "wrongful") == total(hard[0], "jailed") > 0
    assert (hard[1]["status"] == JAILED).sum() <= total(hard[0], "wrongful")
    found = [1 - total(s, "fruitless") / total(s, "stops") for s, _ in (hard, calm)]
    assert found[0] < found[1]
