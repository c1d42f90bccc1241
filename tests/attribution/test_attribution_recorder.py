"""The attribution recorder: moves that add up to what happened, in a run that goes the same way with it and without."""

from functools import cache

import numpy as np
import pytest
from alone import TALLIES
from cities import small

from sim import metrics
from sim.attribution.accounts import GRANTED
from sim.city.resident import Resident
from sim.mechanisms import MECHANISMS
from sim.metrics import attribution
from sim.metrics.attribution import NAMES, QUANTITIES, log_mean, moved
from sim.simulation import Simulation

WEEKS = 60
ROUNDING = 3e-6
"""Means are kept in whole units of 2**-20 and state in 32 bits: what a week of that can come to. State in 16 bits hides in it where
residents change by different amounts: rounding of 200 adults has a mean with a standard deviation of 3e-7."""
STEP = float(Resident.security.coding.step)
VERDICTS = ("satisfaction", "belonging", "happiness", "security", "legitimacy")
BUSY = {
    "stance.detection": 0.8,
    "stance.campaign": 0.6,
    "stance.information_stance": "suppress",
    "mechanisms.unrest.spontaneous": 0.2,
    "mechanisms.unrest.least": 100.0,
    "mechanisms.unrest.contagion": 0.1,
    "mechanisms.unrest.rest": 5.0,
    "mechanisms.offending.base": 0.2,
    "mechanisms.offending.internalised": 1.5,
    "mechanisms.participation.enforced": -0.8,
    "mechanisms.resolution.shadow": 0.4,
}
"""A city in which every account has something to book."""


@cache
def lived(*changes: tuple, attribution: bool = True, threads: int = 1) -> Simulation:
    shocks = [{"kind": "rumour", "at": 5, "lasts": 8, "strength": 1.0}, {"kind": "major_incident", "at": 20, "lasts": 4, "strength": 1.0}]
    scenario = small(WEEKS, residents=3000, community_size=500, shocks=shocks).with_changes(dict(changes))
    simulation = Simulation(scenario, 3, threads=threads, attribution=attribution)
    simulation.advance(WEEKS)
    return simulation


def busy(**more) -> Simulation:
    return lived(*BUSY.items(), **more)


def net(simulation: Simulation, quantity: str, name: str) -> float:
    """What a mechanism moved a quantity in all."""
    return float(moved(simulation)[quantity][:, NAMES.index(name)].sum())


def remainder(simulation: Simulation, quantity: str) -> np.ndarray:
    """What no account explains of the change of a quantity, week by week."""
    return moved(simulation)[quantity][:, NAMES.index("remainder")]


def unexplained(simulation: Simulation, quantity: str) -> float:
    """Most that may remain in a week.

    Security changes by the same amount for nearly all, who are therefore rounded alike: by up to half a step, while up to half a step fades
    of what earlier weeks left.
    """
    weights = simulation.scenario.weights.satisfaction.model_dump()
    part = {"security": 1.0, "satisfaction": weights["security"] / sum(weights.values())}
    return ROUNDING + part.get(quantity, 0.0) * STEP


@pytest.mark.parametrize("simulation", [lived, busy])
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_moves_add_up_to_the_change_of_the_metric(simulation, quantity):
    values = metrics.weekly(simulation())[quantity].to_numpy()
    moves = moved(simulation())[quantity]
    assert moves.sum(axis=1)[1:] == pytest.approx(np.diff(values), abs=1e-12)
    assert len(moves) == WEEKS
    assert np.isfinite(moves).all()


@pytest.mark.parametrize("simulation", [lived, busy])
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_accounts_explain_the_change_to_rounding(simulation, quantity):
    """A term of an equation that the recorder does not know would show here, as a remainder."""
    assert np.abs(remainder(simulation(), quantity)).max() < unexplained(simulation(), quantity)


@pytest.mark.parametrize("simulation", [lived, busy])
def test_rounding_of_security_does_not_add_up(simulation):
    """Half a step a week fades with the time constant, so that the sum stays below that many halves; a term left out would pile up."""
    weeks = simulation().scenario.mechanisms["satisfaction"].weeks
    assert np.abs(np.cumsum(remainder(simulation(), "security"))).max() < 0.5 * STEP * weeks + ROUNDING


@pytest.mark.parametrize("simulation", [lived, busy])
def test_what_is_attributed_of_offences_adds_up_to_the_change_of_what_was_expected(simulation):
    """Chance takes what was not expected, so that a slip here would not show in the sums above."""
    recorded = simulation().attribution
    attributed, change = recorded.offences[1:].sum(axis=1), np.diff(recorded.expected)
    assert np.abs(change).max() > 0.01
    assert attributed == pytest.approx(change, abs=1e-4 * recorded.expected.max())


@pytest.mark.parametrize("simulation", [lived, busy])
def test_what_is_attributed_of_protest_adds_up_to_the_change_of_protesters(simulation):
    active = simulation().city.world.history.sum(axis=1)[:, TALLIES.index("active")]
    assert simulation().attribution.protest[1 : WEEKS + 1].sum(axis=1) == pytest.approx(np.diff(active, prepend=0), abs=1e-6)


@pytest.mark.parametrize("residents", [256, 500])
def test_a_city_with_few_events_is_recorded_too(residents):
    simulation = Simulation(small(WEEKS, residents=residents, districts=1), 1, attribution=True)
    simulation.advance(WEEKS)
    for quantity, moves in moved(simulation).items():
        values = metrics.weekly(simulation)[quantity].to_numpy()
        assert moves.sum(axis=1)[1:] == pytest.approx(np.diff(values), abs=1e-12)
        assert np.abs(remainder(simulation, quantity)).max() < unexplained(simulation, quantity)


def test_the_busy_city_fills_the_accounts_it_should():
    moves = moved(busy())
    filled = {quantity: {NAMES[i] for i in np.flatnonzero(np.abs(moves[quantity]).max(axis=0) > 1e-6)} for quantity in QUANTITIES}
    assert filled["happiness"] >= {"services", "livelihood", "resolution", "unrest", "rumour", "start", "satisfaction", "participation"}
    assert filled["security"] >= {"offending", "unrest", "shocks", "rumour", "policing", "detection"}
    assert filled["legitimacy"] >= set(GRANTED) - {"limits", "integrity", "procedural_justice"}
    assert filled["order"] >= {"norms", "livelihood", "policing", "participation", "collective_efficacy", "procedural_justice", "chance"}
    assert filled["calm"] >= {"unrest", "procedural_justice"}
    assert filled["resolution"] >= {"resolution", "disputes"}


@pytest.mark.parametrize("changes", [(), tuple(BUSY.items())], ids=["calm", "busy"])
def test_a_run_with_attribution_goes_the_same_way_to_the_last_bit(changes):
    assert lived(*changes).content_hash() == lived(*changes, attribution=False).content_hash()


def test_the_recorder_is_off_by_default_and_takes_no_memory():
    simulation = lived(attribution=False)
    assert simulation.attribution is None
    assert attribution(simulation) is None
    assert simulation.city.world.kept_events.nbytes == simulation.city.world.kept_grievance.nbytes == 0


def test_threads_book_the_same():
    scenario = small(8, residents=24_000, community_size=2000)
    attributed = []
    for threads in (1, 2):
        simulation = Simulation(scenario, 1, threads=threads, attribution=True)
        simulation.advance(8)
        assert simulation.threads == threads
        attributed.append(attribution(simulation))
    assert attributed[0].equals(attributed[1])


@pytest.mark.parametrize("name", ["rumour", "detection", "policing", "congestion", "livelihood", "services", "integration"])
def test_a_mechanism_that_is_switched_off_moves_nothing(name):
    table = attribution(lived((f"mechanisms.{name}.enabled", False)))
    assert name not in set(table["mechanism"])


@pytest.mark.parametrize("name", ["satisfaction", "procedural_justice", "offending", "unrest", "resolution"])
def test_what_is_not_judged_does_not_move(name):
    """Without the mechanism that writes it a verdict stays where it was, and the recorded says so."""
    simulation = lived((f"mechanisms.{name}.enabled", False))
    frozen = {"satisfaction": VERDICTS[:4], "procedural_justice": ("legitimacy",)}.get(name, ())
    for quantity, moves in moved(simulation).items():
        assert np.abs(remainder(simulation, quantity)).max() < unexplained(simulation, quantity)
        if quantity in frozen:
            assert np.abs(moves).max() < ROUNDING


def test_the_recorder_follows_a_verdict_that_weighs_nothing():
    table = attribution(lived(("weights.satisfaction.happiness", 0.0), ("weights.stability.calm", 0.0)))
    assert {"happiness", "calm"} <= set(table["quantity"])


@pytest.mark.parametrize(
    ("change", "quantity", "mechanism", "sign"),
    [
        (("policy.public_services", 0.10), "happiness", "services", -1),
        (("policy.public_services", 0.10), "legitimacy", "services", -1),
        (("stance.transparency", 1.0), "legitimacy", "procedural_justice", 1),
        (("stance.detection", 1.0), "belonging", "detection", -1),
        (("mechanisms.satisfaction.safe_alarm", 0.0), "security", "shocks", 1),
        (("mechanisms.norms.enabled", False), "order", "norms", -1),
        (("mechanisms.offending.base", 0.1), "security", "offending", -1),
        (("mechanisms.unrest.spontaneous", 0.3), "calm", "unrest", -1),
        (("mechanisms.unrest.spontaneous", 0.3), "legitimacy", "unrest", -1),
        (("mechanisms.resolution.failing_hurts", 0.8), "legitimacy", "resolution", -1),
        (("stance.campaign", 0.8), "order", "campaign", 1),
        (("mechanisms.disputes.rate", 0.5), "resolution", "disputes", -1),
    ],
)
def test_a_change_shows_in_the_account_of_its_mechanism(change, quantity, mechanism, sign):
    """Common random numbers, one change: the account differs the way the equation says. No chance is involved in the sign."""
    difference = (moved(lived(change))[quantity] - moved(lived())[quantity])[:, NAMES.index(mechanism)]
    best = np.cumsum(difference)[np.argmax(np.abs(np.cumsum(difference)))]
    assert np.sign(best) == sign


def test_between_two_scenarios_the_accounts_explain_the_whole_difference():
    """Both start from the same city, so the difference of the parts is the difference of the verdicts, none of it from the start."""
    a, b = lived(), lived(("policy.public_services", 0.10))
    for quantity in VERDICTS:
        gap = (metrics.weekly(b)[quantity] - metrics.weekly(a)[quantity]).to_numpy()
        parts = np.cumsum(moved(b)[quantity] - moved(a)[quantity], axis=0)
        assert parts.sum(axis=1) == pytest.approx(gap, abs=1e-9)
        if quantity != "legitimacy":  # what there was fades at a pace that depends on whether one's legitimacy rises or falls
            assert np.abs(parts[:, NAMES.index("start")]).max() < 1e-9


def test_the_table_names_quantities_and_accounts():
    table = attribution(lived())
    assert list(table.columns) == ["week", "quantity", "mechanism", "moved"]
    assert tuple(table["quantity"].unique()) == QUANTITIES
    assert set(table["mechanism"]) <= {*MECHANISMS, "start", "limits", "chance", "remainder"}
    assert sorted(table["week"].unique()) == list(range(WEEKS))


def test_the_logarithmic_mean_lies_between_and_is_0_where_there_is_nothing():
    a, b = np.array([1.0, 2.0, 0.0, 3.0]), np.array([4.0, 2.0, 1.0, 3.0 + 1e-9])
    mean = log_mean(a, b)
    assert mean[0] == pytest.approx(3.0 / np.log(4.0))
    assert mean[1:3].tolist() == [2.0, 0.0]
    assert mean[3] == pytest.approx(3.0)
