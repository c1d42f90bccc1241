"""Budget: money pays for staff, which comes and goes slowly and does its work; every fen is accounted for."""

import numpy as np
import pytest
from arranged import LEAN, arranged, default, more
from cities import small

from sim.levers import INSTRUMENTS, REFERENCE_SHARES, instrument

STAFFING = small().staffing
TODAY = {f"policy.{name}": {"staff": float(staff)} for name, staff in zip(INSTRUMENTS, STAFFING.staff, strict=True)}
"""Policy that pays for the staff with which the city starts."""
NO_LOSS = {"budget.waste": 0.0, "budget.usual_loss": 0.0}
CHEAP = {f"city.staffing.{name}.cost": 1000.0 for name in INSTRUMENTS}
"""Staff so cheap that the budget pays for many times as much."""


def staffed(factor, *names):
    """Policy that pays for so many times the staff of today in some instruments (or in all), as cheap as `CHEAP` says."""
    return {f"policy.{name}": {"staff": factor * float(STAFFING.staff[instrument(name)])} for name in names or INSTRUMENTS}


def lived(weeks, changes, *others, honest=False):
    """A city that has spent its budget for some weeks; `honest` officials take nothing as long as nobody asks what they fear."""
    simulation = arranged("budget", *others, weeks=weeks, changes={**changes, **(NO_LOSS if honest else {})})
    if honest:
        simulation.city.world.districts["corruption"] = 0.0
    simulation.advance(weeks)
    return simulation


def of(simulation, column, *names):
    """Staff, work or use of every instrument (or of some) in every district."""
    values = simulation.city.tables["DistrictGovernment"].values(column)
    return values[:, [instrument(name) for name in names]] if names else values


def test_whoever_pays_for_the_staff_of_today_keeps_it():
    staff = of(lived(260, TODAY, honest=True), "staff")
    assert staff == pytest.approx(np.broadcast_to(STAFFING.staff, staff.shape), rel=1e-5)


def test_usual_leakage_is_in_the_price_of_staff_and_more_of_it_costs_staff():
    def remains(corruption):
        simulation = arranged("budget", weeks=600, changes=TODAY)
        simulation.city.world.districts["corruption"] = corruption
        simulation.advance(600)
        return of(simulation, "staff") / STAFFING.staff

    usual = default("budget.usual_loss") - default("budget.waste")
    assert remains(usual) == pytest.approx(1.0, rel=1e-4)
    assert remains(usual + 0.2) == pytest.approx(1.0 - 0.2 / (1.0 - default("budget.usual_loss")), rel=5e-3)


@pytest.mark.parametrize("name", ["rule_of_law.policing", "rule_of_law.legislation", "moral_education.school"])
def test_staff_follows_its_money_with_its_own_time_constant(name):
    weeks, tau, start = 20, STAFFING.weeks[instrument(name)], STAFFING.staff[instrument(name)]
    expected = start * (1.5 - 0.5 * (1 - 1 / tau) ** weeks)
    assert of(lived(weeks, {**CHEAP, **TODAY, **staffed(1.5, name)}, honest=True), "staff", name) == pytest.approx(expected, rel=1e-4)


def test_twice_the_staff_does_twice_the_work():
    once, twice = (lived(1000, {**CHEAP, **staffed(factor)}, honest=True) for factor in (1.0, 2.0))
    assert of(once, "work") == pytest.approx(np.broadcast_to(STAFFING.work_of(STAFFING.staff), of(once, "work").shape), rel=1e-4)
    assert of(twice, "work") == pytest.approx(2 * of(once, "work"), rel=2e-3)


@pytest.mark.parametrize("returns", [0.0, 0.5])
def test_returns_below_one_bend_work_around_the_staff_that_was_observed(returns):
    bent = {f"city.staffing.{name}.returns": returns for name in INSTRUMENTS}
    usual = STAFFING.work_of(STAFFING.staff)
    for factor in (0.5, 1.0, 2.0):
        simulation = lived(1000, {**CHEAP, **bent, **staffed(factor)}, honest=True)
        work = of(simulation, "work")
        assert work == pytest.approx(np.broadcast_to(usual * factor**returns, work.shape), rel=2e-3)
        assert of(simulation, "staff") == pytest.approx(np.broadcast_to(factor * STAFFING.staff, work.shape), rel=2e-3)


def test_nobody_works_where_nobody_is_paid():
    weeks = {f"city.staffing.{name}.weeks": 1.0 for name in INSTRUMENTS}
    bent = {f"city.staffing.{name}.returns": 0.0 for name in INSTRUMENTS}
    nothing = {f"policy.{lever}": 0.0 for lever in REFERENCE_SHARES}
    simulation = lived(3, {**weeks, **bent, **nothing})
    assert (of(simulation, "staff") == 0).all()
    assert (of(simulation, "work") == 0).all()
    money = simulation.city.world.history_money
    assert (money[:, 1:3] == 0).all()
    assert (money[:, 3] == money[:, 0]).all()


def test_every_fen_is_spent_leaked_or_unspent():
    simulation = lived(30, {**LEAN, "budget": 0.7})
    allotted, spent, leaked, unspent = simulation.city.world.history_money.T
    people = simulation.city.world.districts["residents"]
    assert (allotted == spent + leaked + unspent).all()
    assert allotted == pytest.approx(people.sum() * 0.7 * STAFFING.budget * 100 / 52, abs=len(people))
    assert unspent / allotted == pytest.approx(1.0 - sum(LEAN.values()), abs=1e-4)
    assert leaked / (leaked + spent) == pytest.approx(default("budget.waste") + 0.10, abs=1e-4)
    account = simulation.city.tables["CityGovernment"]
    assert [int(account.values(n)[0]) for n in ("allotted", "spent", "leaked", "unspent")] == simulation.city.world.history_money.sum(
        0
    ).tolist()


def test_money_of_staff_is_what_is_spent():
    """No more and no less than the staff costs by the table."""
    money = lived(5, TODAY).city.world.history_money
    cost = STAFFING.money_for(STAFFING.staff).sum() / STAFFING.budget
    assert (money[:, 1] + money[:, 2]) / money[:, 0] == pytest.approx(cost, abs=1e-4)


def test_oversight_lowers_leakage():
    leak = [lived(150, {**LEAN, **more("rule_of_law.oversight", x)}, "integrity").city.world.history_money[-1] for x in (0.0, 0.1)]
    assert leak[1][2] / leak[1][1] < leak[0][2] / leak[0][1]


def test_the_books_hold_the_staff_of_the_city_and_who_of_them_is_idle():
    many = {**CHEAP, **TODAY, **staffed(5.0, "public_services.health")}
    simulation = lived(100, many, "services", honest=True)
    districts, (staff, idle) = simulation.city.world.districts, simulation.city.world.history_staff[-1]
    share = districts["residents"] / districts["residents"].sum()
    assert staff == pytest.approx(share @ of(simulation, "staff"), rel=1e-5)
    assert idle == pytest.approx(share @ (of(simulation, "staff") * (1 - of(simulation, "used"))), abs=1e-5)
    health = instrument("public_services.health")
    assert 0.5 * staff[health] < idle[health] < staff[health]
    assert (idle >= 0).all()
    assert (idle <= staff).all()


def upheaval(*changes, weeks=30):
    """Share of effort lost to reorganising, week by week."""
    simulation, lost = arranged("budget", weeks=weeks, changes={**LEAN, "timeline": list(changes)}), []
    for _ in range(weeks):
        simulation.advance(1)
        lost.append(float(simulation.city.world.city["upheaval"][0]))
    return np.array(lost)


def test_levers_that_change_fast_cost_effort_and_the_upheaval_settles():
    assert (upheaval() == 0).all()
    lost = upheaval({"at": 5, "set": {"policy.rule_of_law": 0.1}})
    assert (lost[:5] == 0).all()
    assert lost[5] > 0
    assert (np.diff(lost[5:]) < 0).all()
    assert lost[18] == pytest.approx(lost[5] * (1 - 1 / default("budget.settling")) ** 13, rel=1e-3)


def test_the_same_change_costs_less_over_months_than_at_once():
    change = {"policy.rule_of_law": 0.1, "policy.self_governance": 0.3}
    assert upheaval({"at": 5, "over": 20, "set": change}).sum() < 0.5 * upheaval({"at": 5, "set": change}).sum()


def test_an_upheaval_holds_work_back_but_not_the_staff():
    at_once, never = (lived(20, {**LEAN, "timeline": entries}) for entries in ([{"at": 2, "set": {"policy.rule_of_law": 0.0}}], []))
    lost = at_once.city.world.city["upheaval"][0]
    for name in ("self_governance.councils", "public_services.health"):
        assert (of(at_once, "staff", name) == of(never, "staff", name)).all()
        assert of(at_once, "work", name) == pytest.approx((1 - lost) * of(never, "work", name), rel=1e-5)
    assert lost > 0.01
