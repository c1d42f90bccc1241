"""Structural choices: every form does what it claims, in a city where little else happens; what only sets numbers is those numbers."""

import numpy as np
import pytest
from alone import limits, switched
from arranged import after, arranged, default, total
from cities import small

from sim.city.codes import ARRESTED, OFFENDED
from sim.levers import instrument
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import pack
from sim.mechanisms.unrest import arrest_risk, fear_of_arrest
from sim.scenario.costs import costs
from sim.simulation import Simulation
from sim.spec import choices_of, numbers_of

SETTING = [
    (name, key, option, sets)
    for name, one in MECHANISMS.items()
    for key, options in choices_of(one.parameters).items()
    for option, (*_, sets) in options.items()
    if sets
]
LIVELY = {
    "policy.rule_of_law": 0.4,
    "policy.public_services": 0.3,
    "mechanisms.offending.base": 0.9,
    "mechanisms.disputes.rate": 2.0,
    "mechanisms.participation.join": 0.1,
    "mechanisms.resolution.way_mediation": 0.6,
    "city.staffing.self_governance.mediation.throughput": 3600.0,
}


def outcome(weeks, **changes):
    simulation = Simulation(small(weeks, residents=2000, districts=1).with_changes({**LIVELY, **changes}), 1)
    simulation.advance(weeks)
    return simulation.content_hash()


@pytest.mark.parametrize(("name", "key", "option", "sets"), SETTING, ids=lambda value: value if isinstance(value, str) else "")
def test_an_option_that_sets_numbers_is_those_numbers_whatever_is_given_for_them(name, key, option, sets):
    kind = MECHANISMS[name].parameters
    chosen, given = kind(**{key: option}), kind(**sets)
    assert {**numbers_of(chosen), key: 0} == {**numbers_of(given), key: 0}
    others = {number: limits(kind.model_fields[number])[1] for number in sets}
    assert numbers_of(kind(**{key: option, **others})) == numbers_of(chosen)
    weeks = 156 if name == "resolution" else 40  # until rules are clearer than they were
    lived = outcome(weeks, **{f"mechanisms.{name}.{key}": option})
    assert lived != outcome(weeks)


def test_choices_are_packed_as_the_numbers_of_their_options():
    settings = {"policing": MECHANISMS["policing"].parameters(learned_from="city"), "norms": MECHANISMS["norms"].parameters()}
    record = pack(MECHANISMS, settings)
    assert record["policing"]["learned_from"] == 2
    assert record["norms"]["influence"] == 0
    assert record["unrest"]["arrest_ratio"] == 0


def test_diminishing_returns_take_the_root_of_staff_and_leave_the_staff_of_today_as_it_works():
    def work(staff, **changes):
        simulation = arranged("budget", weeks=1, changes={"budget.strength": 0.0, **changes})
        districts = simulation.city.world.districts
        districts["staff"] = staff * np.asarray(simulation.city.world.city["observed"])
        simulation.advance(1)
        return districts["work"].copy()

    bent = {"budget.returns": "diminishing"}
    assert work(1.0, **bent) == pytest.approx(work(1.0), rel=1e-5)
    assert work(2.0, **bent) == pytest.approx(np.sqrt(2.0) * work(1.0), rel=1e-4)
    assert work(2.0) == pytest.approx(2.0 * work(1.0), rel=1e-5)


def test_what_a_policy_costs_counts_the_work_of_its_staff_under_the_chosen_returns():
    scenario = small().with_changes({"policy.rule_of_law.courts.staff": 2.0})
    usual = scenario.staffing.staff[instrument("rule_of_law.courts")]
    bent = scenario.with_changes({"mechanisms.budget.returns": "diminishing"})
    ratio = costs(bent)["rule_of_law.courts"].work / costs(scenario)["rule_of_law.courts"].work
    assert ratio == pytest.approx((2.0 / usual) ** -0.5, rel=1e-6)


def test_fear_of_arrest_falls_step_by_step_or_smoothly_with_the_crowd():
    crowds = [np.float32(n) for n in (1.0, 1.5, 2.0, 3.9, 4.1, 8.0)]
    police, k = np.float32(4.0), np.float32(default("unrest.arrest_constant"))
    fears = {}
    for form in ("floor", "smooth"):
        p = pack(MECHANISMS, {"unrest": MECHANISMS["unrest"].parameters(arrest_ratio=form)})["unrest"].view(np.recarray)[0]
        fears[form] = np.array([fear_of_arrest(police, n, p) for n in crowds])
    assert fears["floor"] == pytest.approx([arrest_risk(police, n, k) for n in crowds], rel=1e-6)
    assert (fears["floor"][-2:] == 0.0).all()  # they outnumber the police
    assert fears["smooth"] == pytest.approx(1 - np.exp(-k * police / np.array(crowds)), rel=1e-5)
    assert (np.diff(fears["smooth"]) < 0).all()
    assert (fears["smooth"] >= fears["floor"]).all()


def test_under_bounded_influence_peers_count_within_the_bound_and_not_beyond_it():
    norms = np.where(np.arange(2000) % 7 == 0, 0.1, 0.8)

    def lived(**changes):
        simulation = arranged("norms", weeks=1, residents=2000, changes={"norms.kappa": 0.0, **changes}, columns={"norm": norms})
        return after(simulation)

    anchored, bounded = lived(), lived(**{"norms.influence": "bounded"})
    alone = lived(**{"norms.influence": "bounded", "norms.bound": 0.0})
    gap = (anchored["norm"] - alone["norm"]) / (default("norms.step") * anchored["susceptibility"])  # of peers' norm and one's own
    bound = default("norms.bound") * anchored["confidence_bound"]
    inside, outside = np.abs(gap) < bound - 1e-3, np.abs(gap) > bound + 1e-3
    assert min(inside.sum(), outside.sum()) > 100
    assert np.array_equal(bounded["norm"][inside], anchored["norm"][inside])
    assert np.array_equal(bounded["norm"][outside], alone["norm"][outside])


def test_independent_disputes_do_not_depend_on_open_cases():
    def opened(form, waiting):
        simulation = arranged("disputes", weeks=1, residents=4000, changes={"disputes.rate": 3.0, "disputes.spread": form})
        simulation.city.world.communities["last"]["open_office"] = waiting
        simulation.advance(1)
        return total(simulation, "opened")

    assert opened("independent", 0) == opened("independent", 40)
    assert opened("contagious", 0) < opened("independent", 0) < opened("contagious", 40)


def test_who_offends_at_home_leaves_places_where_nobody_offends_in_peace():
    children = np.zeros(2000, np.uint8)

    def seen(form):
        simulation = arranged("offending", weeks=20, residents=2000, changes={"offending.base": 0.9, "offending.journey": form})
        ages = simulation.city.residents.values("age_group")
        home = simulation.city.residents.values("community")
        simulation.city.residents.set("age_group", np.arange(len(ages)), np.where(home == 0, children, np.maximum(ages, 1)))
        found = np.zeros(len(simulation.city.world.communities), int)
        for _ in range(20):
            simulation.advance(1)
            found += simulation.city.world.communities["last"]["offences"]
        return found

    home, decay, targets = (seen(form) for form in ("home", "decay", "targets"))
    assert home[0] == 0 < min(decay[0], targets[0])
    assert home[1:].sum() > 0
    assert not np.array_equal(decay, targets)


def test_people_learn_from_their_own_experience_alone():
    """Who did nothing keeps the view; an arrest raises it, an offence without one lowers it."""
    changes = {**switched({"policing", "offending"}), "mechanisms.offending.base": 0.9}
    own = {**changes, "mechanisms.policing.learned_from": "own"}
    simulation = Simulation(small(1, residents=4000).with_changes(own), 1, attribution=True)
    before = simulation.city.residents.values("sanction_risk").copy()
    simulation.advance(1)
    events, learned = simulation.city.world.kept_events, simulation.city.residents.values("sanction_risk")
    offended, arrested = (events & OFFENDED) > 0, (events & ARRESTED) > 0
    assert min((offended & ~arrested).sum(), arrested.sum()) > 5
    step = default("policing.learning")
    assert np.array_equal(learned[~offended & ~arrested], before[~offended & ~arrested])
    assert learned[arrested] == pytest.approx(before[arrested] + step * (1 - before[arrested]), rel=1e-5)
    assert learned[offended & ~arrested] == pytest.approx(before[offended & ~arrested] * (1 - step), rel=1e-5)
    others = Simulation(small(1, residents=4000).with_changes(changes), 1)
    others.advance(1)
    assert (others.city.residents.values("sanction_risk") != before).all()


def test_the_reputation_of_the_police_is_one_for_the_city():
    def certain(form):
        changes = {"policing.learned_from": form, "stance.patrol_targeting": "reported", "offending.base": 0.9}
        simulation = arranged("policing", "offending", weeks=30, residents=4000, changes=changes)
        simulation.city.world.communities["oversight"] = 0.5
        simulation.advance(30)
        communities = simulation.city.world.communities
        return communities["certainty"].astype(float), communities["residents"]

    (known, residents), (shared, _) = certain("community"), certain("city")
    assert known.std() > 1e-4
    assert shared == pytest.approx(np.full(len(shared), shared[0]), rel=1e-6)
    assert shared[0] == pytest.approx(np.average(known, weights=residents), rel=0.05)


STEP = 1 / 65535  # to which services are kept


def test_services_that_failed_are_remembered_as_long_longer_or_not_at_all():
    def moved(form, start):
        simulation = arranged("services", weeks=1, changes={"services.memory": form}, columns={"service": start})
        return after(simulation)["service"].astype(float) - start

    falls, rises = ({form: moved(form, start) for form in ("even", "asymmetric", "none")} for start in (1.0, 0.0))
    assert falls["asymmetric"] == pytest.approx(falls["even"])
    assert rises["asymmetric"] == pytest.approx(rises["even"] / 3.0, abs=STEP)
    for even, none in ((falls["even"], falls["none"]), (rises["even"], rises["none"])):
        assert none == pytest.approx(default("services.weeks") * even, abs=default("services.weeks") * STEP)
