"""What was measured to be wrong with the centre of the model, each with a test that would have caught it: from conflict to protest.

Worlds and policies are compared under common random numbers. A relation passes by luck alone with a chance of `ALPHA` at most (one-sided
t-test over pairs); sizes are asserted of means, with room for luck where the text says so.
"""

import numpy as np
import pytest
from arranged import assert_falls, assert_rises, default
from differing import city, worlds

from sim.levers import INSTRUMENTS
from sim.mechanisms import MECHANISMS
from sim.simulation import Simulation

RESIDENTS, WEEKS, LAST = 80_000, 260, 156
SEEDS = range(1, 25)
PARTS = ("order", "calm", "resolution")
NAMES = ("incidents", "active", "legitimacy", *PARTS)
CAUSES = [f"unrest.{key}" for key in MECHANISMS["unrest"].parameters.model_fields if key.startswith("by_")] + ["unrest.spontaneous"]


def times(factor, *keys):
    """Changes that multiply parameters."""
    return {f"mechanisms.{key}": factor * default(key) for key in keys}


WORLDS = {
    "usual": {},
    "no disputes": times(0.0, "disputes.rate"),
    "twice the disputes": times(2.0, "disputes.rate"),
    "twice the offending": times(2.0, "offending.base"),
    "twice the triggers": times(2.0, *CAUSES),
    "three quarters of the staff": {"budget": 0.75},
    "five times the cases given up": times(5.0, "resolution.withdraw"),
}
WORSE = ("twice the disputes", "twice the offending", "twice the triggers")


@pytest.fixture(scope="module")
def lives():
    """Means of three years after two years, in a city of 80,000 residents, 24 paired seeds."""
    return worlds(WORLDS, NAMES, SEEDS, RESIDENTS, WEEKS, LAST)


@pytest.mark.parametrize("name", ["incidents", "active"])
def test_protest_owes_to_conflict(lives, name):
    """It owed nothing to it: +.0001 without disputes, 0 with twice as many. Now at least a third less, and at least half more."""
    usual, without, twice = (lives[world][name] for world in ("usual", "no disputes", "twice the disputes"))
    assert_falls(without - usual)
    assert_rises(twice - 1.5 * usual)
    assert without.mean() < 2 / 3 * usual.mean()  # measured: -64 % of incidents and -59 % of person-weeks, each +-15


@pytest.mark.parametrize("world", ["twice the offending", "three quarters of the staff"])
def test_offences_and_capacity_move_protest(lives, world):
    """Neither did: 0 for twice the offences, at most .0002 for capacities."""
    assert_rises(lives[world]["incidents"] - lives["usual"]["incidents"])


def test_more_conflict_lowers_legitimacy(lives):
    """It raised it by 1.4 points, as voice was credited whatever there was to voice."""
    assert_falls(lives["twice the disputes"]["legitimacy"] - lives["usual"]["legitimacy"])


@pytest.mark.parametrize("world", WORSE)
@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_stability_is_better_in_a_worse_world(lives, world, part):
    """Twice the offending raised steadiness by .167. Each part now falls in each of these worlds."""
    assert_falls(lives[world][part] - lives["usual"][part])


@pytest.mark.xfail(
    strict=True,
    reason="who gives up leaves the queue, so that others wait less: resolution rises by .014 (24 pairs, +-.002). It would take an index "
    "that counts a case given up as one that was never heard, and every number of stability anew: the next version of the model",
)
def test_cases_given_up_are_no_resolution(lives):
    """Found by a review. The same holds of the weeks until a case is closed, and of cases waiting."""
    assert_falls(lives["five times the cases given up"]["resolution"] - lives["usual"]["resolution"])


# --- sizes and places ---


@pytest.fixture(scope="module")
def decade():
    """Protesters and incidents of every week and community over ten years, in a city of 250,000."""
    simulation = Simulation(city(250_000, 520), 1)
    communities = simulation.city.world.communities
    protesters, began = np.zeros((2, 520, len(communities)), int)
    for week in range(520):
        simulation.advance(1)
        protesters[week], began[week] = communities["last"]["active"], communities["last"]["incidents"]
    return protesters, began, np.array(communities["residents"]), np.array(communities["subdistrict"])


def episodes(protesters, line=1):
    """Weeks and peaks of all spells in which a community has some protesters."""
    weeks, peaks = [], []
    for column in protesters.T:
        edges = np.diff(np.concatenate([[0], (column >= line).astype(int), [0]]))
        for begins, ends in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
            weeks.append(ends - begins)
            peaks.append(column[begins:ends].max())
    return np.array(weeks), np.array(peaks)


def test_sizes_and_lengths_of_protests_have_heavy_tails(decade):
    """151 incidents peaked between 103 and 235 people (coefficient of variation .14). Now over two decades and more."""
    weeks, peaks = episodes(decade[0])
    low, high = np.quantile(peaks, [0.5, 1.0])
    assert high > 100 * low
    assert peaks.max() > 1000
    assert peaks.std() > 1.5 * peaks.mean()
    largest = np.sort(peaks)[::-1][: len(peaks) // 10]
    assert largest.sum() > 0.5 * peaks.sum()  # the largest tenth has most participants, as Biggs 2018 reports
    assert weeks.std() > 0.7 * weeks.mean()
    assert weeks.max() > 10 * np.median(weeks) or weeks.max() > 20


def test_incidents_are_repeated_where_they_were(decade):
    _, began, _, _ = decade
    again = sum((np.diff(np.flatnonzero(column)) <= 52).sum() for column in began.T)
    assert again >= 10


def preceded(began, protesters, place):
    """Incidents before which, within eight weeks, at least ten people protested in another community of the same place."""
    found = 0
    for week, k in zip(*np.nonzero(began), strict=True):
        others = (place == place[k]) & (np.arange(len(place)) != k)
        found += protesters[max(0, week - 8) : week, others].max(initial=0) >= 10
    return found


def test_protest_crosses_the_borders_of_communities(decade):
    """Incidents follow protest in the same sub-district more often than in 99 of 100 sub-districts that are put together at random."""
    protesters, began, _, place = decade
    rng = np.random.default_rng(1)
    shuffled = [preceded(began, protesters, rng.permutation(place)) for _ in range(99)]
    assert preceded(began, protesters, place) > max(shuffled)


# --- what officials do ---

RESPONSES = ("ignore", "mediate", "concede", "disperse")
STRUCK = [{"kind": "major_incident", "at": 52 + 26 * number, "lasts": 1, "strength": 1.0} for number in range(6)]
PAID = ("active", "incidents", "legitimacy", "closed_mediation", "waiting_mediation", "jailed", "legitimacy_in_conflict")


@pytest.fixture(scope="module")
def answers():
    """Three years with an incident every half year that could start protest everywhere, under each response, 8 paired seeds."""
    changes = {response: {"stance.protest_response": response, "shocks": STRUCK} for response in RESPONSES}
    return worlds(changes, PAID, range(1, 13), RESIDENTS, 208, 156)


@pytest.mark.parametrize(
    ("response", "other", "better", "worse"),
    [
        ("mediate", "ignore", {"active": -1, "legitimacy": 1}, {"closed_mediation": -1, "waiting_mediation": 1}),
        ("concede", "ignore", {"active": -1, "legitimacy": 1}, {"incidents": 1}),
        ("concede", "mediate", {"closed_mediation": 1, "waiting_mediation": -1}, {"incidents": 1}),
        ("ignore", "concede", {"incidents": -1}, {"active": 1}),
        ("ignore", "mediate", {"closed_mediation": 1}, {"active": 1, "legitimacy": -1}),
    ],
)
def test_each_response_to_protest_is_better_in_one_thing_and_worse_in_another(answers, response, other, better, worse):
    for name, sign in (better | worse).items():
        assert_rises(sign * (answers[response][name] - answers[other][name]))


def test_dispersal_keeps_the_streets_calmer_than_looking_on(answers):
    assert_falls(answers["disperse"]["active"] - answers["ignore"]["active"])


def test_dispersal_jails_people_and_costs_legitimacy(answers):
    """Beside mediation; beside looking on it costs legitimacy only among those in conflict, since protest is over sooner."""
    assert_rises(answers["disperse"]["jailed"] - answers["mediate"]["jailed"])
    assert_falls(answers["disperse"]["legitimacy_in_conflict"] - answers["mediate"]["legitimacy_in_conflict"])


# --- those in conflict ---

THEIRS = ("satisfaction_in_conflict", "legitimacy_in_conflict", "in_conflict", "withdrawn", "active")
STAFF = {
    name: {f"policy.{name}": {"staff": 1.5 * float(city(1000, 1).staffing.staff[INSTRUMENTS.index(name)])}}
    for name in ("self_governance.mediation", "rule_of_law.courts", "rule_of_law.legal_aid")
}


@pytest.fixture(scope="module")
def helped():
    """Half as many staff again in each institution of conflict, 40 paired seeds."""
    return worlds({"usual": {}, **STAFF}, THEIRS, range(1, 41), RESIDENTS, WEEKS, LAST)


WOULD_TAKE = {
    "rule_of_law.courts": "more pairs: t 2.4 in these 40, and 1.9 in 60 others, since few of all cases reach a court",
    "rule_of_law.legal_aid": "more suits meet the same judges: what is gained by being heard is lost by waiting and by losing",
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.xfail(reason=WOULD_TAKE[name], strict=True) if name in WOULD_TAKE else ()) for name in STAFF],
)
def test_institutions_of_conflict_reach_those_in_conflict(helped, name):
    """Their satisfaction per unit of capacity was -.0001 (mediation), -.0017 (courts), -.0011 (legal aid)."""
    differences = {metric: helped[name][metric] - helped["usual"][metric] for metric in THEIRS}
    assert_rises(differences["satisfaction_in_conflict"] + differences["legitimacy_in_conflict"], 0.01)


@pytest.mark.parametrize("name", STAFF)
def test_institutions_of_conflict_leave_fewer_cases_given_up(helped, name):
    assert_falls(helped[name]["withdrawn"] - helped["usual"]["withdrawn"])


# --- crackdowns ---

CAMPAIGN = {"timeline": [{"at": 52, "set": {"stance.campaign": 1.0}}, {"at": 104, "set": {"stance.campaign": 0.0}}]}
SOFT = {"mechanisms.policing.zeal": 0.0, "mechanisms.policing.haste": 0.0}
STOPS = {"mechanisms.campaign.residue": 0.0, "mechanisms.procedural_justice.strength": 0.0}
UNCHILLED = {**STOPS, "mechanisms.participation.chill": 0.0}


@pytest.fixture(scope="module")
def ended():
    """Offences of the two years after a crackdown of a year, and the same years without it, 12 paired seeds."""
    kinds = {"soft": SOFT, "stops": STOPS, "unchilled": UNCHILLED}
    both = {**kinds, **{f"{kind}, ended": {**settings, **CAMPAIGN} for kind, settings in kinds.items()}}
    found = worlds(both, ("offences", "volunteers"), range(1, 13), RESIDENTS, 208, 104)
    return {kind: {name: found[f"{kind}, ended"][name] / found[kind][name] - 1.0 for name in found[kind]} for kind in kinds}


def test_a_crackdown_without_more_stops_leaves_deterrence(ended):
    """Without more stops, those who learned that sanctions are certain offend a little less until it is forgotten."""
    assert_falls(ended["soft"]["offences"], 0.01)


def test_fruitless_stops_of_a_crackdown_leave_fewer_volunteers(ended):
    assert_falls(ended["stops"]["volunteers"] - ended["unchilled"]["volunteers"])


@pytest.mark.soak
def test_fruitless_stops_of_a_crackdown_leave_hardly_more_offences():
    """With residue and legitimacy at 0 they left 4.6 % more offences. Now less than 1 %: .5 % (standard error .09) in these 94 pairs.

    Pairs differ by .9 (SD), so 12 of them tell .5 % from 1 % only by luck: p was .002, and with 40 pairs .0025.
    """
    seeds = [*range(1, 59), *range(101, 137)]
    found = worlds({"never": STOPS, "ended": {**STOPS, **CAMPAIGN}}, ("offences",), seeds, RESIDENTS, 208, 104)
    assert_falls(found["ended"]["offences"] / found["never"]["offences"] - 1.01)
