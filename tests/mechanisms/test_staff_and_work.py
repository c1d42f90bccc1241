"""Money buys staff and staff does work: what follows for whole cities, in elasticities, sizes, idle staff and queues.

Nothing here is put in by a parameter of its own: not the elasticity of offences to police, not that a city of twice the size at the same
staff per resident lives at the same rates, not where staff is idle. Policies are given in staff, so shares of a reference play no part.
Arms of a comparison have the same seeds and so common random numbers, except for cities of different make, which have luck of their own.
"""

from functools import cache

import numpy as np
import pytest
from alone import TALLIES
from arranged import assert_falls, assert_rises, default
from cities import small
from scipy import stats
from statistics_helper import ALARM

from sim.levers import INSTRUMENTS, instrument
from sim.simulation import Simulation

STAFFING = small().staffing
CITY = {"residents": 12_000, "districts": 2, "community_size": 1000}
SEEDS = range(1, 25)
WEEKS, START = 156, 52
"""Weeks lived, and the first that counts: staff needs half a year to follow its money."""
RATES = "opened mediated closed_court to_court offences stops contacts closed_office".split()
MEDIATORS, JUDGES, LAWYERS = "self_governance.mediation", "rule_of_law.courts", "rule_of_law.legal_aid"
POLICE = "rule_of_law.policing"
CLERKS = tuple(name for name in INSTRUMENTS if name.startswith("public_services."))
OFTEN = 20
PLENTIFUL = {
    "mechanisms.offending.base": OFTEN * default("offending.base"),
    "mechanisms.offending.usual": OFTEN * default("offending.usual"),
    "mechanisms.offending.jailed": default("offending.jailed") / OFTEN,
    "mechanisms.procedural_justice.arrest": default("procedural_justice.arrest") / OFTEN,
    "mechanisms.policing.hours": default("policing.hours") / OFTEN,
}
"""Twenty times the offences, measured against twenty times the usual and investigated in a twentieth of the time: levels and effects as
ever, with a twentieth of the noise."""


def staffed(factor=1.0, *names):
    """Policy that pays for the staff of today, and for so many times as much in some instruments; the budget has room for it."""
    money = {f"policy.{name}": {"staff": float(staff)} for name, staff in zip(INSTRUMENTS, STAFFING.staff, strict=True)}
    more = {f"policy.{name}": {"staff": factor * float(STAFFING.staff[instrument(name)])} for name in names}
    return {"budget": 2.0, **money, **more}


def lived(changes, seed, weeks=WEEKS, start=START, **city):
    """Counts per 1,000 residents and year, the share of idle staff of every instrument, and expected weeks of waiting."""
    simulation = Simulation(small(weeks, **{**CITY, **city}).with_changes(changes), seed)
    simulation.advance(weeks)
    world = simulation.city.world
    counted = world.history[start:].sum(axis=(0, 1)) / world.districts["residents"].sum() * 52_000 / (weeks - start)
    found = dict(zip(TALLIES, counted, strict=True))
    found["mediated"] = found["closed_mediation"] + found["failed_mediation"]
    staff, idle = world.history_staff[-52:].mean(axis=0)
    found |= {f"idle.{name}": idle[number] / staff[number] for number, name in enumerate(INSTRUMENTS)}
    people = world.communities["residents"] / world.communities["residents"].sum()
    return found | {name: people @ world.communities[name] for name in ("mediation_wait", "office_wait", "court_wait")}


@cache
def arm(*changes, seeds=SEEDS, **more):
    """Everything that `lived` finds, an array with a value for each seed; `changes` are those of `staffed`."""
    rows = [lived(staffed(*changes), seed, **more) for seed in seeds]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def assert_same_rates(one, other, names=RATES, alarm=ALARM):
    """Fail unless rates are the same within luck: Welch's test for each, with the false alarms of all together."""
    for name in names:
        p = stats.ttest_ind(one[name], other[name], equal_var=False).pvalue
        assert p > alarm / len(names), f"{name}: {one[name].mean():.4g} and {other[name].mean():.4g}, p = {p:.2g}"


# --- elasticities ---


def test_ten_percent_more_police_bring_2_to_3_percent_fewer_offences():
    """Elasticity of -.17 (property) to -.35 (violence) in American cities (Chalfin, McCrary 2018): the interval lies between the two.

    The interval has 3.1 standard errors on each side, so an elasticity at a bound would pass with a chance below 1e-3. It is -2.5 % with a
    standard error of .11: with luck drawn afresh the test fails by chance in fewer than one of 1,000 cases.
    """
    usual, more = (
        [lived({**staffed(factor, POLICE), **PLENTIFUL}, seed, weeks=364, start=104, residents=6000)["offences"] for seed in SEEDS]
        for factor in (1.0, 1.1)
    )
    change = np.array(more) / np.array(usual) - 1
    low, high = change.mean() - 3.1 * stats.sem(change), change.mean() + 3.1 * stats.sem(change)
    assert -0.035 < low < high < -0.017, f"{change.mean():+.2%} (interval {low:+.2%} to {high:+.2%})"


def test_twice_the_staff_of_offices_shortens_waiting_and_contacts_hardly_rise():
    usual, twice = arm(), arm(2.0, *CLERKS)
    assert_falls(twice["office_wait"] - usual["office_wait"])
    assert twice["office_wait"].mean() < 0.9 * usual["office_wait"].mean()
    rise = twice["contacts"] / usual["contacts"] - 1
    assert rise.mean() + 3.1 * stats.sem(rise) < 0.02, f"{rise.mean():+.1%} contacts"


# --- size ---


def test_twice_the_city_with_twice_the_staff_lives_at_the_same_rates():
    assert_same_rates(arm(), arm(residents=24_000))


def of_large_and_small_communities():
    """The same city in communities of 3,000 and of 500 residents, 48 seeds each."""
    return tuple(arm(residents=24_000, community_size=size, seeds=range(1, 49)) for size in (3000, 500))


def test_small_communities_live_at_the_same_rates_as_large_ones():
    """All but mediations are the same within luck: 500 or 3,000 residents make no difference."""
    assert_same_rates(*of_large_and_small_communities(), [name for name in RATES if name != "mediated"])


def test_small_communities_mediate_hardly_less_than_large_ones():
    large, little = of_large_and_small_communities()
    assert little["mediated"].mean() == pytest.approx(large["mediated"].mean(), rel=0.1)


@pytest.mark.xfail(
    reason="8 % fewer: 7.19 and 7.81 per 1,000 residents and year in 48 other seeds, 7.22 and 7.83 in version 4.1, of which 24 seeds were"
    " too few to tell. Skill follows a committee's cases of one week, of which more than twice the usual do not count, and in a small"
    " community a week has many or none, so skill is .89 instead of .97. Where skill is held the same 3 % remain, since what hours of its"
    " few volunteers add is capped as well. It would take practice that is averaged over months before it is capped.",
    strict=True,
)
def test_small_communities_mediate_as_much_as_large_ones():
    """Hours of part-time mediators add up over a sub-district: 500 or 3,000 residents make no difference beyond luck."""
    assert_same_rates(*of_large_and_small_communities(), ["mediated"])


# --- demand that is met, and demand that is not ---


def test_lawyers_beyond_those_who_need_one_are_idle_and_change_nothing():
    usual, many, plenty = (arm(factor, LAWYERS) for factor in (1.0, 5.0, 20.0))
    assert (usual[f"idle.{LAWYERS}"] < 0.05).all()
    assert_rises(many["to_court"] - usual["to_court"])
    assert (many[f"idle.{LAWYERS}"] > 0.2).all()
    assert (plenty[f"idle.{LAWYERS}"] > 0.75).all()
    for name in RATES:
        further = plenty[name] / many[name] - 1
        assert abs(further.mean()) < 0.01, f"{name} {further.mean():+.2%}"


def test_mediators_without_cases_are_idle_and_seek_out_few_more():
    """In idle time they can make mediation more likely by `outreach` at most; where they cannot, more of them change nothing."""
    usual, many, plenty = (arm(factor, MEDIATORS) for factor in (1.0, 8.0, 24.0))
    assert (many[f"idle.{MEDIATORS}"] > 0.6).all()
    assert (plenty[f"idle.{MEDIATORS}"] > 0.85).all()
    assert_rises(many["mediated"] - usual["mediated"])
    further = plenty["mediated"] / many["mediated"] - 1
    assert further.mean() < 0.12, f"{further.mean():+.1%} for three times the mediators"
    passive = {"mechanisms.resolution.outreach": 0.0, "mechanisms.resolution.referred": 0.0}
    without = [np.mean([lived({**staffed(factor, MEDIATORS), **passive}, seed)["mediated"] for seed in SEEDS]) for factor in (8.0, 24.0)]
    assert without[1] / without[0] == pytest.approx(1.0, abs=0.02)


def test_a_third_of_the_judges_means_queues_and_nobody_idle():
    usual, few = arm(), arm(1 / 3, JUDGES)
    assert_rises(few["open_court"] - 2 * usual["open_court"])
    assert_rises(few["court_wait"] - 3 * usual["court_wait"])
    assert_falls(few["closed_court"] - 0.7 * usual["closed_court"])
    assert few[f"idle.{JUDGES}"] == pytest.approx(0.0, abs=1e-6)


def test_twice_the_judges_means_short_queues_and_many_idle():
    usual, twice = arm(), arm(2.0, JUDGES)
    assert_falls(twice["court_wait"] - usual["court_wait"])
    assert_rises(twice[f"idle.{JUDGES}"] - usual[f"idle.{JUDGES}"])
    assert (twice[f"idle.{JUDGES}"] > 0.2).all()
