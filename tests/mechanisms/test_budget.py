"""Budget: money becomes capacity slowly and with losses, and every unit of it is accounted for."""

import numpy as np
import pytest
from arranged import LEAN, arranged, default, more

from sim.levers import REFERENCE_SHARES, instrument

REFERENCE = {f"policy.{lever}": share for lever, share in REFERENCE_SHARES.items()}
NO_LOSS = {"budget.waste": 0.0, "budget.usual_loss": 0.0}


def lived(weeks, changes, *others, honest=False):
    """A city that has spent its budget for some weeks; `honest` officials take nothing as long as nobody asks what they fear."""
    simulation = arranged("budget", *others, weeks=weeks, changes={**changes, **(NO_LOSS if honest else {})})
    if honest:
        simulation.city.world.districts["corruption"] = 0.0
    simulation.advance(weeks)
    return simulation


def capacity(simulation, name):
    return simulation.city.tables["DistrictGovernment"].values("capacity")[:, instrument(name)]


def test_the_reference_budget_keeps_every_capacity_at_one():
    capacities = lived(260, REFERENCE).city.tables["DistrictGovernment"].values("capacity")
    assert np.abs(capacities - 1.0).max() < 1e-4


@pytest.mark.parametrize(("name", "pace"), [("rule_of_law.policing", "policing_weeks"), ("rule_of_law.legislation", "slow_weeks")])
def test_capacity_follows_its_money_with_its_own_time_constant(name, pace):
    weeks, tau = 20, default(f"budget.{pace}")
    lever = name.split(".")[0]
    x0 = REFERENCE[f"policy.{lever}"]
    changes = {**LEAN, f"policy.{lever}": 1.5 * x0}
    steady = 2 * 1.5 / (1.5 + 1)
    expected = steady + (1 - steady) * (1 - 1 / tau) ** weeks
    assert capacity(lived(weeks, changes, honest=True), name) == pytest.approx(expected, rel=1e-4)


def test_the_second_helping_brings_less_than_the_first():
    name = "rule_of_law.policing"
    once, twice, thrice = (capacity(lived(200, {**LEAN, **more(name, x)}, honest=True), name)[0] for x in (0.0, 0.07, 0.14))
    assert twice - once > thrice - twice > 0


def test_every_unit_is_spent_leaked_or_unspent():
    simulation = lived(30, {**LEAN, "budget": 0.7})
    allotted, spent, leaked, unspent = simulation.city.world.history_money.T
    people = simulation.city.world.districts["residents"]
    assert (allotted == spent + leaked + unspent).all()
    assert allotted == pytest.approx(people.sum() * 0.7 * 10_000, abs=len(people))
    assert (leaked > 0).all()
    account = simulation.city.tables["CityGovernment"]
    assert [int(account.values(n)[0]) for n in ("allotted", "spent", "leaked", "unspent")] == simulation.city.world.history_money.sum(
        0
    ).tolist()


def test_oversight_lowers_leakage_and_nothing_given_leaks_nothing():
    leak = [lived(150, {**LEAN, **more("rule_of_law.oversight", x)}, "integrity").city.world.history_money[-1] for x in (0.0, 0.1)]
    assert leak[1][2] / leak[1][1] < leak[0][2] / leak[0][1]
    nothing = lived(5, {f"policy.{lever}": 0.0 for lever in REFERENCE_SHARES}).city.world.history_money
    assert (nothing[:, 1:3] == 0).all()
    assert (nothing[:, 3] == nothing[:, 0]).all()


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


def test_an_upheaval_holds_capacity_back():
    at_once, never = (lived(20, {**LEAN, "timeline": entries}) for entries in ([{"at": 2, "set": {"policy.rule_of_law": 0.0}}], []))
    for name in ("self_governance.councils", "public_services.health"):
        assert (capacity(at_once, name) < capacity(never, name)).all()
