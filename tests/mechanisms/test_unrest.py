"""Unrest: what happens to people sets off protest, Epstein's rule decides who joins, ties and neighbours spread it, officials answer."""

import numpy as np
import pytest
from arranged import UNPROVOKED, after, arranged, assert_all_rise, default, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import ACTIVE, CALM, JAILED
from sim.city.ties import SHOWS_ACTIVE
from sim.levers import STANCES

BIG = {"residents": 6000, "districts": 1, "community_size": 3000}
MANY = {"residents": 6000, "districts": 1, "community_size": 200}
FURIOUS = {"grievance": 0.8, "legitimacy": 0.2, "status": CALM, "weeks_left": 0}
RESPONSES = tuple(STANCES["protest_response"].choices)
IGNORED = {"stance.protest_response": "ignore"}


def week(changes=None, conditions=None, **columns):
    columns = {"status": CALM, "weeks_left": 0, **columns}
    simulation = arranged("unrest", weeks=1, changes={**UNPROVOKED, **(changes or {})}, columns=columns, conditions=conditions, **BIG)
    return simulation, after(simulation)


def protesting(people):
    return (people["status"] == ACTIVE) | (people["status"] == JAILED)


def ties_protesting(simulation):
    """How many of their ten ties residents saw protest in the last week."""
    city = simulation.city
    first = city.world.communities["first"][city.residents.values("community")]
    ties = np.hstack([city.residents.values("near") + first[:, None], city.residents.values("far")])
    return ((city.world.visible[(simulation.week - 1) & 1] & 3)[ties] == SHOWS_ACTIVE).sum(axis=1)


def triggers(changes, last=None, conditions=None, weeks=20):
    """Triggers, and in how many weeks of how many communities: each week begins with these counts of the week before."""
    simulation = arranged("unrest", weeks=weeks, changes={**UNPROVOKED, **changes, "unrest.stir": 0.0}, conditions=conditions, **MANY)
    places = simulation.city.world.communities
    for _ in range(weeks):
        for name, value in (last or {}).items():
            places["last"][name] = value
        for name, value in (conditions or {}).items():
            places[name] = value
        simulation.advance(1)
    return total(simulation, "triggered"), weeks * len(places), places["residents"].mean()


# --- who protests ---


@pytest.mark.parametrize("officers", [0.1, 0.3, 1.0])
def test_people_protest_exactly_when_epstein_says(officers):
    key = np.random.default_rng(5)
    before = key.random(6000).astype(np.float32)
    simulation, people = week(conditions={"officers": officers}, grievance=before)
    k, threshold = default("unrest.arrest_constant"), default("unrest.threshold")
    home = simulation.city.residents.values("community")
    at_hand = default("unrest.on_duty") * officers * 3000.0 / simulation.city.world.communities["residents"][home]
    risk = 1 - np.exp(-k * np.floor(at_hand))
    voice = simulation.city.world.communities["voice"][home]
    faded = before * (1 - (0.7 + 0.83 * voice) / default("unrest.decay_weeks"))
    net = faded * (1 - people["legitimacy"]) - people["risk_aversion"] * risk - threshold
    able, clear = people["age_group"] > 0, np.abs(net) > 1e-5
    assert np.array_equal(protesting(people)[clear], ((net > 0) & able)[clear])
    assert 0 < protesting(people).sum() < able.sum()


def test_legitimacy_and_officers_keep_people_calm():
    key = np.random.default_rng(6)
    grievance = key.random(6000)
    usual = protesting(week(grievance=grievance)[1])
    for some in (week(grievance=grievance, legitimacy=0.95), week(grievance=grievance, conditions={"officers": 40.0})):
        assert (protesting(some[1]) <= usual).all()
        assert protesting(some[1]).sum() < usual.sum()
    assert protesting(week(grievance=grievance, legitimacy=0.1)[1]).sum() > usual.sum()


def test_grievance_fades_faster_where_voice_is_heard():
    def left(voice):
        simulation = arranged("unrest", weeks=30, changes=UNPROVOKED, columns={"grievance": 0.05}, conditions={"voice": voice})
        return after(simulation, 30)["grievance"]

    assert (left(1.0) < left(0.4)).all()
    assert (left(0.4) < left(0.0)).all()


def test_who_stops_does_not_join_again_for_some_weeks():
    rest = int(default("unrest.rest"))
    simulation = arranged(
        "unrest",
        weeks=rest + 2,
        changes={**UNPROVOKED, **IGNORED},
        columns={**FURIOUS, "grievance": 0.0, "status": ACTIVE},
        conditions={"officers": 0.0},
        **BIG,
    )
    people = after(simulation)
    assert (people["status"] == CALM).all()
    assert (people["tired"] == rest).all()
    everybody = np.arange(len(simulation.city.residents))
    for _ in range(rest):
        simulation.city.residents.set("grievance", everybody, 0.9)
        simulation.advance(1)
        assert not protesting({"status": simulation.city.residents.values("status")}).any()
    simulation.city.residents.set("grievance", everybody, 0.9)
    people = after(simulation)
    assert np.array_equal(protesting(people), people["age_group"] > 0)


# --- what sets it off ---


def test_nothing_happens_without_grievance_and_a_trigger_stirs_those_whom_it_concerns():
    assert not protesting(week(grievance=0.0)[1]).any()
    simulation, people = week(grievance=0.0, conditions={"shock_trigger": 1})
    stirred, adults = people["grievance"] > 0, people["age_group"] > 0
    assert not stirred[~adults].any()
    home = simulation.city.residents.values("community")
    for k, share in enumerate(simulation.city.world.communities["concerned"]):
        here = adults & (home == k)
        assert stats.binomtest(int(stirred[here].sum()), int(here.sum()), float(share)).pvalue > ALARM / 10


@pytest.mark.parametrize("tail", [1.0, 2.0])
def test_a_trigger_concerns_few_mostly_and_many_at_times(tail):
    """Group sizes follow a Pareto law, cut at half of a community; a Kolmogorov-Smirnov test of those below the cut."""
    changes = {**UNPROVOKED, "unrest.tail": tail, "unrest.stir": 0.0}
    simulation = arranged("unrest", weeks=60, changes=changes, conditions={"shock_trigger": 1}, **MANY)
    sizes = []
    for _ in range(60):
        simulation.advance(1)
        sizes.append(simulation.city.world.communities["concerned"] * 3000.0)
    sizes, least = np.concatenate(sizes).astype(float), default("unrest.least")
    assert sizes.max() <= 1500.0 + 1e-3
    below, law = sizes[sizes < 1499.0], stats.pareto(tail, scale=least)
    assert stats.kstest(below, lambda x: law.cdf(x) / law.cdf(1499.0)).pvalue > ALARM / 10
    assert stats.binomtest(len(below), len(sizes), law.cdf(1500.0)).pvalue > ALARM / 10
    assert sizes.max() > 50 * np.median(sizes) / tail**3, "no large group in many"


def test_events_without_a_cause_come_as_often_as_the_rate_says_whatever_the_size_of_communities():
    rate, weeks = 0.05, 200
    for size in (200, 2000):
        changes = {**UNPROVOKED, "unrest.spontaneous": rate, "unrest.stir": 0.0}
        simulation = arranged("unrest", weeks=weeks, residents=6000, community_size=size, changes=changes)
        after(simulation, weeks)
        expected = 6.0 * rate * weeks
        assert 2 * stats.norm.sf(abs(total(simulation, "triggered") - expected) / np.sqrt(expected)) > ALARM


@pytest.mark.parametrize(
    ("cause", "last", "events"),
    [
        ("by_case", {"withdrawn": 10}, 10),
        ("by_case", {"lost": 10}, 10),
        ("by_case", {"reopened": 10}, 10),
        ("by_delay", {"overdue": 10}, 10),
        ("by_request", {"requests": 12, "resolved": 2}, 10),
        ("by_layoff", {"lost_work": 10}, 10),
        ("by_police", {"fruitless": 10}, 10),
        ("by_police", {"wrongful": 1}, 10),
        ("by_rumour", {"believers": 10}, 10),
    ],
)
def test_each_cause_sets_off_protest_in_proportion(cause, last, events):
    weight = 0.02
    found, chances, _ = triggers({f"unrest.{cause}": weight}, last)
    assert stats.binomtest(found, chances, weight * events).pvalue > ALARM / 10
    assert triggers({}, last)[0] == 0


def test_failing_services_set_off_protest():
    found, chances, people = triggers({"unrest.by_outage": 1.0}, conditions={"shock_service": 0.4})
    assert stats.binomtest(found, chances, 0.6 * people / 1000).pvalue > ALARM
    assert triggers({"unrest.by_outage": 1.0}, conditions={"shock_service": 1.0})[0] == 0


def test_without_conflict_fewer_protests_are_set_off_and_with_more_of_it_more():
    """Cases come from disputes alone, and only cases provoke; their weight is raised for the sake of numbers."""

    def set_off(rate):
        by_cases = {name: 50 * default(name) for name in ("unrest.by_case", "unrest.by_delay")}
        changes = {**UNPROVOKED, **by_cases, "unrest.stir": 0.0, "disputes.rate": rate * default("disputes.rate")}
        columns = {"case_stage": 0, "case_age": 0}
        return total_of(arranged("disputes", "resolution", "unrest", weeks=156, changes=changes, columns=columns, **MANY))

    def total_of(simulation):
        simulation.advance(156)
        return total(simulation, "triggered")

    none, usual, twice = (set_off(rate) for rate in (0.0, 1.0, 2.0))
    assert none == 0
    assert usual > 20
    assert stats.binomtest(twice, usual + twice, 0.5, alternative="greater").pvalue < 1e-3


# --- how it spreads ---


def test_every_protesting_tie_stirs_with_the_stated_probability():
    chance, key = 0.05, np.random.default_rng(7)
    status = np.where(key.random(6000) < 0.1, ACTIVE, CALM)
    simulation, people = week({"unrest.contagion": chance, **IGNORED}, grievance=0.0, status=status)
    seen, able = ties_protesting(simulation), (people["age_group"] > 0) & (status == CALM)
    stirred = people["grievance"] > 0
    assert not stirred[able & (seen == 0)].any()
    for ties in (1, 2):
        among = able & (seen == ties)
        assert among.sum() > 300
        assert stats.binomtest(int(stirred[among].sum()), int(among.sum()), ties * chance).pvalue > ALARM / 10


def test_protest_reaches_neighbouring_communities_and_no_others():
    city = {"residents": 12_000, "districts": 2, "community_size": 500}
    home = arranged("unrest", weeks=1, **city).city.residents.values("community")
    columns = {"status": np.where(home == 0, ACTIVE, CALM), "weeks_left": 0}
    simulation = arranged("unrest", weeks=1, changes={**UNPROVOKED, "unrest.spread": 10.0}, columns=columns, **city)
    simulation.advance(1)
    places = simulation.city.world.communities
    near = (places["subdistrict"] == places["subdistrict"][0]) & (np.arange(len(places)) > 0)
    assert near.any()
    assert np.array_equal(places["trigger"] == 1, near)


# --- how it ends ---


def protest(response, weeks=1, changes=None, **columns):
    """A city in which every third resident protests and goes on, under a response to it, which succeeds at once where it can."""
    protests = np.arange(6000) % 3 == 0
    columns = {"grievance": np.where(protests, 0.8, 0.0), "status": np.where(protests, ACTIVE, CALM), "legitimacy": 0.5, **columns}
    sure = {"unrest.conceded": 1.0, "unrest.mediated": 1.0, "unrest.contagion": 0.0, "unrest.arrests": 0.0}
    changes = {**UNPROVOKED, **sure, "stance.protest_response": response, **(changes or {})}
    return arranged("unrest", weeks=weeks, changes=changes, columns=columns, conditions={"officers": 2.0}, **BIG)


def test_a_response_takes_most_of_the_grievance_of_protesters_and_of_nobody_else():
    ignored, answered = (after(protest(response)) for response in ("ignore", "mediate"))
    status = protest("ignore").city.residents.values("status")
    adults = ignored["age_group"] > 0
    were, others = adults & (status == ACTIVE), status != ACTIVE
    held = ignored["grievance"][were] + default("unrest.vent")  # those who go on have vented some
    left = np.where(protesting(answered)[were], answered["grievance"][were] + default("unrest.vent"), answered["grievance"][were])
    assert left == pytest.approx((1 - default("unrest.calmed")) * held, abs=1e-4)
    assert np.array_equal(ignored["grievance"][others], answered["grievance"][others])
    assert protesting(answered).sum() < 0.5 * protesting(ignored).sum()


def test_a_concession_sets_a_precedent_that_invites_protest_and_fades():
    simulations = {response: protest(response, weeks=27) for response in RESPONSES}
    for response, simulation in simulations.items():
        simulation.advance(1)
        assert simulation.city.world.communities["precedent"] == pytest.approx(1.0 if response == "concede" else 0.0)
    simulation = simulations["concede"]
    simulation.advance(26)
    more = total(simulation, "calmed", since=1)
    assert more == 0, "it was over"
    keep = (1 - 1 / default("unrest.precedent_weeks")) ** 26
    assert simulation.city.world.communities["precedent"] == pytest.approx(keep, rel=1e-3)
    found, chances, _ = triggers({"unrest.by_case": 0.02}, {"lost": 10}, {"precedent": 1.0})
    assert stats.binomtest(found, chances, 0.2 * (1 + default("unrest.precedent"))).pvalue > ALARM


def test_mediation_takes_the_time_of_mediators_and_other_responses_do_not():
    def taken(response):
        simulation = protest(response, changes={"unrest.hearing": 0.5})
        simulation.city.world.offices["mediation_kept"] = 0.0
        active = int(simulation.city.world.communities["last"]["active"].sum())
        simulation.advance(1)
        return -float(simulation.city.world.offices["mediation_kept"].sum()), active

    hours, active = taken("mediate")
    assert hours == pytest.approx(0.5 * active, rel=1e-4)
    assert all(taken(response)[0] == 0 for response in RESPONSES if response != "mediate")


def test_dispersal_arrests_more_and_angers_those_who_see_it():
    changes = {"unrest.arrests": 1.0}
    (left, ignored), (sent, dispersed) = ((s, after(s)) for s in (protest(r, changes=changes) for r in ("ignore", "disperse")))
    few, many = total(left, "arrested"), total(sent, "arrested")
    part = default("unrest.dispersal") / (1 + default("unrest.dispersal"))
    assert few > 20
    assert stats.binomtest(many, few + many, part).pvalue > ALARM
    seen, adults = ties_protesting(left) > 0, ignored["age_group"] > 0
    idle = adults & ~protesting(ignored) & ~protesting(dispersed) & (ignored["tired"] == 0)
    added = dispersed["grievance"] - ignored["grievance"]
    assert added[idle & seen] == pytest.approx(default("unrest.outrage"), abs=1e-5)
    assert not added[idle & ~seen].any()


def test_dispersal_clears_the_street_and_leaves_the_grievance():
    """Those who are sent home rest; they are as aggrieved as those who were left alone, and more."""
    ignored, dispersed = (after(protest(response)) for response in ("ignore", "disperse"))
    before, gone = protesting(ignored), protesting(ignored) & ~protesting(dispersed)
    assert stats.binomtest(int(gone.sum()), int(before.sum()), default("unrest.cleared")).pvalue > ALARM
    assert (dispersed["tired"][gone] == int(default("unrest.rest"))).all()
    assert (dispersed["grievance"][gone] >= ignored["grievance"][gone] - 1e-6).all()
    assert dispersed["grievance"].mean() > ignored["grievance"].mean()


def test_the_sooner_officials_answer_the_shorter_it_lasts():
    """With the stated chances of success; who is left alone goes on until tired."""
    defaults = {name: default(name) for name in ("unrest.conceded", "unrest.mediated")}

    def lasted(response):
        simulation = protest(response, weeks=12, changes=defaults)
        simulation.advance(12)
        return total(simulation, "active")

    conceded, mediated, ignored = (lasted(response) for response in ("concede", "mediate", "ignore"))
    assert conceded <= mediated < ignored


def test_those_arrested_are_detained_and_come_home():
    simulation = arranged(
        "unrest",
        weeks=40,
        columns={"grievance": 0.9, "status": CALM, "weeks_left": 0},
        changes={**UNPROVOKED, **IGNORED},
        conditions={"officers": 3.5},
        **BIG,
    )
    simulation.advance(1)
    assert total(simulation, "arrested") == total(simulation, "jailed") == (simulation.city.residents.values("status") == JAILED).sum() > 0
    people = after(simulation, 39)
    assert (people["status"] == CALM).all()


def furious(weeks):
    return arranged("unrest", weeks=weeks, columns=FURIOUS, changes={**UNPROVOKED, **IGNORED}, conditions={"officers": 0.0}, **BIG)


def test_an_incident_begins_when_protest_passes_the_line_and_not_again_while_it_lasts():
    simulation = furious(6)
    after(simulation, 6)
    assert total(simulation, "active") > 0
    assert total(simulation, "incidents") == len(simulation.city.world.communities)


def test_an_incident_is_remembered_and_fades():
    simulation = furious(8)
    simulation.advance(2)
    places, keep = simulation.city.world.communities, 1 - 1 / default("unrest.memory_weeks")
    assert total(simulation, "incidents") == len(places)
    assert places["incident_level"] == pytest.approx(1.0)
    simulation.advance(6)
    assert places["incident_level"] == pytest.approx(keep**6, rel=1e-4)


def test_suppression_and_surveillance_keep_protest_down():
    grievance = np.random.default_rng(8).random(6000)
    usual = protesting(week(grievance=grievance)[1])
    for conditions in ({"hush": 1.0}, {"exposure": 1.0}):
        fewer = protesting(week(grievance=grievance, conditions=conditions)[1])
        assert_all_rise(usual.astype(int) - fewer)
