"""Detection: it finds offences, suspects many who did nothing, and exposes everybody; thresholds and privacy trade one for the other."""

import pytest
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

OFTEN = {"offending.base": 0.3, "offending.recorded": 0.3}


def lived(detection=0.5, threshold=0.5, privacy=0.5, weeks=30, others=(), changes=None):
    levers = {"stance.detection": detection, "stance.detection_threshold": threshold, "stance.privacy_protection": privacy}
    simulation = arranged(
        "detection", *others, weeks=weeks, residents=4000, changes={**levers, **(changes or {})}, columns={"status": 0, "weeks_left": 0}
    )
    return simulation, after(simulation, weeks)


def flags(**more):
    """Offences found and people suspected of nothing."""
    simulation, _ = lived(others=("offending",), changes=OFTEN, **more)
    return total(simulation, "flagged_rightly"), total(simulation, "flagged_falsely")


def test_more_of_it_finds_more_and_suspects_more_and_exposes_more():
    assert flags(detection=0.0) == (0, 0)
    (right, wrong), (more_right, more_wrong) = flags(detection=0.2), flags(detection=1.0)
    assert more_right > right > 0
    assert more_wrong > wrong > 0
    little, much = (lived(detection=d, weeks=1)[0].city.world.communities for d in (0.2, 1.0))
    for name in ("exposure", "chill", "upkeep", "cameras"):
        assert (much[name] > little[name]).all(), name


def test_a_higher_threshold_suspects_fewer_and_finds_fewer():
    (right, wrong), (less_right, less_wrong) = flags(threshold=0.3), flags(threshold=0.9)
    assert less_right < right
    assert less_wrong < wrong
    assert less_right / (less_right + less_wrong) > right / (right + wrong)


def test_privacy_spares_people_and_blinds_in_part():
    free, protected = (lived(privacy=v, weeks=1)[0].city.world.communities for v in (0.0, 1.0))
    left = 1 - default("detection.protection")
    assert protected["exposure"] == pytest.approx(left * free["exposure"], rel=1e-5)
    assert protected["flag_false"] == pytest.approx(left * free["flag_false"], rel=1e-5)
    assert protected["flag_true"] == pytest.approx((1 - default("detection.blinding")) * free["flag_true"], rel=1e-5)


def test_as_many_are_suspected_of_nothing_as_the_chance_says():
    simulation, people = lived(threshold=0.2, weeks=40)
    (rate,) = set(simulation.city.world.communities["flag_false"].tolist())
    asked = 40 * int((people["age_group"] > 0).sum())
    assert stats.binomtest(total(simulation, "flagged_falsely"), asked, rate).pvalue > ALARM


def test_being_watched_chills_taking_part():
    join = {"participation.join": 0.03}
    unwatched, watched = (lived(detection=d, privacy=0.0, others=("participation",), changes=join)[0] for d in (0.0, 1.0))
    assert total(watched, "joined") < total(unwatched, "joined")
