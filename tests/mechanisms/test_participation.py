"""Participation: joining, fatigue, and committees' use of hours, in single weeks with common random numbers."""

import numpy as np
import pytest
from arranged import ALPHA, LEAN, after, arranged, default, more, total
from scipy import stats

from sim.city.codes import CALM, VOLUNTEERING
from sim.city.community import FIXED
from sim.levers import instrument

CONDITIONAL, FREE_RIDING = 0, 1
EAGER = {"participation.join": 0.2}


def joiners(changes=None, show=None, places=None, conditions=None, **columns):
    """Who begins to volunteer in the first week; `show` are residents who are seen volunteering, `places` those of organisations for each
    resident."""
    simulation = arranged(
        "participation", weeks=1, residents=4000, changes={**EAGER, **(changes or {})}, columns=columns, conditions=conditions
    )
    before = simulation.city.residents.values("status")
    if places is not None:
        simulation.city.world.districts["work"][:, instrument("self_governance.social_organisations")] = places
    if show is not None:
        seen = simulation.city.world.visible[0]
        seen[show] = (seen[show] & np.uint8(0b11111100)) | np.uint8(1)
    return (before == CALM) & (after(simulation)["status"] == VOLUNTEERING), simulation.city.residents


def fewer(some, many):
    """Whether the ones are among the others, and not all of them."""
    return bool((some <= many).all()) and some.sum() < many.sum()


def test_conditional_cooperators_join_more_when_others_volunteer_and_free_riders_do_not_care():
    alone, people = joiners()
    among, _ = joiners(show=np.arange(0, 4000, 3))
    kind = people.values("cooperation")
    assert fewer(alone[kind == CONDITIONAL], among[kind == CONDITIONAL])
    assert np.array_equal(alone[kind == FREE_RIDING], among[kind == FREE_RIDING])


def test_belief_trust_and_norms_draw_people_in_fatigue_and_good_services_keep_them_away():
    usual, _ = joiners()
    for name, value in (("efficacy", 0.9), ("cohesion", 0.95), ("norm", 0.95), ("service", 0.0)):
        assert fewer(usual, joiners(**{name: value})[0]), name
    for name, value in (("fatigue", 0.5), ("service", 1.0)):
        assert fewer(joiners(**{name: value})[0], usual), name


def test_children_do_not_join_and_nobody_where_no_post_is_open():
    joined, people = joiners()
    assert joined.any()
    assert not joined[people.values("age_group") == 0].any()
    assert not joiners({"participation.posts": 0.001}, places=0.0)[0].any()
    assert joiners({"participation.posts": 0.001}, places=0.2)[0].any()


def given(work, weeks=1, conditions=None, columns=None):
    """A city with so much work of councils and organisations for each resident and year."""
    simulation = arranged("participation", weeks=weeks, conditions=conditions, columns=columns)
    for name, value in work.items():
        simulation.city.world.districts["work"][:, instrument(f"self_governance.{name}")] = value
    simulation.advance(weeks)
    return simulation.city.world


def test_councils_hear_some_residents_twice_and_some_not_at_all():
    """Voice is the share who are heard at least once, times what committees make of it."""
    once = given({"councils": 0.3}).communities["voice"] / (1 - np.exp(-0.3))
    assert once == pytest.approx(given({"councils": 0.9}).communities["voice"] / (1 - np.exp(-0.9)), rel=5e-3)  # capture differs a little
    assert (given({"councils": 0.0}).communities["voice"] == 0).all()


def test_voice_is_worth_less_where_anger_is_unresolved():
    """The more anger remains, against the usual, the fewer of those consulted feel heard."""

    def voice(unresolved, need):
        changes = {"participation.need": need, "participation.strength": 0.0}  # so that what is unresolved stays as it is
        simulation = arranged("participation", weeks=1, changes=changes, conditions={"unresolved": unresolved, "heard": 0.0})
        simulation.advance(1)
        return simulation.city.world.communities["voice"].copy()

    need = default("participation.need")
    calm, usual, angry = (voice(level, need) for level in (0.0, 1.0, 5.0))
    assert usual == pytest.approx(voice(5.0, 0.0), rel=1e-4)
    assert calm == pytest.approx(usual / (1 - need), rel=1e-3)
    assert angry == pytest.approx(usual / (1 + 4 * need), rel=1e-3)
    assert np.isfinite(voice(0.0, 1.0)).all()


def test_unresolved_anger_follows_grievance_within_a_quarter():
    def unresolved(grievance):
        simulation = arranged("participation", weeks=60, columns={"grievance": grievance})
        simulation.advance(60)
        return simulation.city.world.communities["unresolved"]

    none, some = unresolved(0.0), unresolved(0.007)
    assert none == pytest.approx(0.0, abs=0.02)
    assert (some > 1.0).all()


@pytest.mark.parametrize("sign", [-1, 1])
def test_enforcement_crowds_volunteering_in_or_out_or_does_neither(sign):
    assert default("participation.enforced") == 0.0
    conditions = {"patrol": 4.08}
    usual, _ = joiners(conditions=conditions)
    moved, _ = joiners({"participation.enforced": 0.8 * sign}, conditions=conditions)
    assert fewer(usual, moved) if sign > 0 else fewer(moved, usual)


def test_places_that_nobody_fills_are_idle_staff_and_help_nobody():
    def lived(places, status):
        world = given({"social_organisations": places}, columns={"status": status, "weeks_left": 0})
        return world, float(world.districts["used"][:, instrument("self_governance.social_organisations")].mean())

    (_, wanted), (_, idle) = lived(0.1, VOLUNTEERING), lived(0.1, CALM)
    assert (wanted, idle) == (1.0, 0.0)
    some = np.arange(1200) % 25 == 0  # 4 % of residents
    (few, used), (many, spare) = (lived(places, some * np.uint8(VOLUNTEERING)) for places in (0.01, 0.5))
    assert 0 < spare < 0.5 * used
    assert (few.communities["posts_open"] < many.communities["posts_open"]).all()


def test_more_places_bring_more_aid_only_as_far_as_they_are_filled():
    some = {"status": (np.arange(1200) % 25 == 0) * np.uint8(VOLUNTEERING), "weeks_left": 0}

    def effort(places, columns):
        return float(given({"social_organisations": places}, weeks=26, columns=columns).organisations["effort"].mean())

    assert effort(0.06, some) > effort(0.03, some) > effort(0.0, some)
    nobody = {"status": CALM, "weeks_left": 0, "cooperation": FREE_RIDING, "norm": 0.0, "cohesion": 0.0}
    assert effort(0.5, nobody) < effort(0.03, some)


def test_volunteering_tires_and_more_work_asked_burns_more_people_out():
    burnt = []
    for asked in (0.0, 1.0):
        asking = {f"participation.{name}": asked for name in ("asked_own", "asked", "asked_post")}
        simulation = arranged("participation", weeks=150, residents=4000, changes={**asking, "participation.tiring": 0.06})
        people = after(simulation, 150)
        burnt.append(total(simulation, "burned_out"))
        assert people["fatigue"][people["status"] == VOLUNTEERING].mean() > people["fatigue"][people["status"] == CALM].mean()
    assert stats.binomtest(burnt[1], sum(burnt), 0.5, alternative="greater").pvalue < ALPHA


def test_money_for_councils_raises_voice_and_with_time_capture():
    found = []
    for changes in (LEAN, {**LEAN, **more("self_governance.councils", 0.1)}):
        simulation = arranged("budget", "participation", weeks=200, changes=changes)
        people = after(simulation, 200)
        committees, places = simulation.city.tables["ResidentsCommittee"], simulation.city.world.communities
        found.append((committees.values("capture").mean(), places["voice"].mean(), people["efficacy"].mean()))
    assert all(rich > lean for lean, rich in zip(*found))


def test_capture_fades_where_many_take_part():
    def capture(status):
        still = {"participation.join": 0.0, "participation.quit": 0.0}
        simulation = arranged("participation", weeks=100, changes=still, columns={"status": status, "weeks_left": 0})
        after(simulation, 100)
        return simulation.city.tables["ResidentsCommittee"].values("capture")

    assert (capture(VOLUNTEERING) < capture(CALM) - 0.05).all()


def test_committees_turn_to_what_presses_and_all_hours_are_spent():
    simulation = arranged("participation", weeks=60, conditions={"offence_level": 3.0})
    after(simulation, 60)
    duty = simulation.city.tables["ResidentsCommittee"].values("duty")
    assert np.abs(duty.sum(1) - 1.0).max() < 1e-3
    assert (duty[:, 1] > 0.25).all()


def test_who_is_more_inclined_gives_more_and_all_alike_where_hours_do_not_follow():
    def given(**changes):
        engaged = np.where(np.arange(1200) % 2, 2.0, 0.5)
        columns = {"status": VOLUNTEERING, "weeks_left": 0, "age_group": 2, "fatigue": 0.0}
        changes = {f"participation.{name}": value for name, value in {"quit": 0.0, **changes}.items()}
        simulation = arranged("participation", weeks=1, changes=changes, columns=columns)
        people = simulation.city.residents
        column = people.columns["engagement"]
        column.fixed = False
        people.set("engagement", np.arange(1200), engaged.astype(np.float32))
        column.fixed = True
        simulation.advance(1)
        communities = simulation.city.world.communities
        return 40 * communities["last"]["time_given"].sum() / FIXED / 1200, people.values("fatigue"), engaged

    alike, tired, engaged = given(unequal=0.0, hours=2.0)
    assert alike == pytest.approx(2.0, rel=1e-3)
    assert tired[engaged > 1].mean() == pytest.approx(tired[engaged < 1].mean(), rel=1e-3)
    unequal, _, _ = given(unequal=2.0, hours=2.0)
    mean = np.exp(4 * np.log(np.sinh(3 * 0.7 * 0.75**0.5) / 3 / np.sinh(0.7 * 0.75**0.5)) - 0.49)
    assert unequal == pytest.approx(2.0 * (4.0 + 0.25) / 2 / mean, rel=1e-3)


def test_who_gives_more_tires_by_the_root_of_it():
    def tired(hours):
        columns = {"status": VOLUNTEERING, "weeks_left": 0, "fatigue": 0.0, "age_group": 4}
        changes = {"participation.unequal": 0.0, "participation.retired_hours": hours, "participation.quit": 0.0}
        return after(arranged("participation", weeks=1, changes=changes, columns=columns))["fatigue"].mean()

    assert tired(4.0) == pytest.approx(2 * tired(1.0), rel=1e-3)


def test_the_retired_join_more_and_residents_of_estates_less():
    usual, people = joiners({"participation.retired": 0.0, "participation.estates": 0.0})
    old = people.values("age_group") == 4
    more_old, _ = joiners({"participation.retired": 1.0, "participation.estates": 0.0})
    assert np.array_equal(usual[~old], more_old[~old])
    assert fewer(usual[old], more_old[old])
    housing = {"participation.retired": 0.0, "participation.estates": 1.0}
    assert fewer(joiners(housing, conditions={"estates": 1.0})[0], joiners(housing, conditions={"estates": 0.0})[0])


def test_who_is_more_inclined_stays_longer_and_all_alike_without_loyalty():
    def stayed(loyalty):
        columns = {"status": VOLUNTEERING, "weeks_left": 0, "fatigue": 0.0, "age_group": 2}
        changes = {"participation.loyalty": loyalty, "participation.join": 0.0, "participation.quit": 0.1, "participation.tiring": 0.0}
        simulation = arranged("participation", weeks=5, residents=12_000, changes=changes, columns=columns)
        stay = after(simulation, 5)["status"] == VOLUNTEERING
        engaged = simulation.city.residents.values("engagement")
        return stay[engaged > 1].mean() - stay[engaged < 0.7].mean()

    assert stayed(1.0) > 0.15
    assert abs(stayed(0.0)) < 0.03


def test_the_poor_join_less():
    usual, people = joiners({"participation.hardship": 0.0})
    poor = people.values("hardship") > 0.41
    harder, _ = joiners({"participation.hardship": 5.0})
    assert fewer(harder[poor], usual[poor])
