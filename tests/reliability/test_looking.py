"""Whoever looks on changes nothing: recording more, the ledger of attribution, views of agents, an open dashboard."""

import threading

import pytest
from hash_elsewhere import lived

import sim
from sim.experiments.runs.simulate import simulate
from sim.metrics import communities, districts, flows, weekly
from sim.simulation import Simulation

PART = "Same bits"
WEEKS = 30


@pytest.fixture(scope="module")
def usual():
    return lived().content_hash()


@pytest.fixture
def same(usual, finding):
    def check(claim, found):
        reached = found == usual
        result = "the same trajectory" if reached else "another trajectory"
        finding(claim, wanted="the same trajectory", found=result, reached=reached, part=PART, kind="exact")

    return check


def test_recording(same):
    simulation = Simulation(lived().scenario, 17)
    for _ in range(WEEKS):
        simulation.advance(1)
        weekly(simulation), districts(simulation), flows(simulation), communities(simulation), simulation.content_hash()
        simulation.city.residents.values("norm")
    same("every table and the hash taken every week", simulation.content_hash())


def test_attribution(same):
    booked = Simulation(lived().scenario, 17, attribution=True)
    booked.advance(WEEKS)
    same("attribution on", booked.content_hash())


def test_agents(same):
    model = sim.GovernanceModel(lived().scenario, seed=17)
    while model.running:
        model.step()
        {agent.unique_id: agent.as_dict() for agent in model.agents.select(at_most=50)}
        model.residents.get("legitimacy")
    same("agents looked at and read every week", model.simulation.content_hash())


def test_dashboard(same):
    """A page is open and keeps its workers busy with the same policy and others, while a run of the same process goes on."""
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    from sim.dashboard.engine import CurveEngine
    from sim.dashboard.small_city import CurveCache

    scenario, shown, cache = lived().scenario, threading.Event(), CurveCache()
    page = CurveEngine(cache, lambda frame: shown.set(), lambda message: pytest.fail(message))
    try:
        page.ask(scenario.with_changes({"policy.rule_of_law": 0.1}), scenario)
        run = simulate(scenario, seed=17)
        assert shown.wait(600)
    finally:
        page.close()
        cache.close()
    same("dashboard open", run.manifest["content_hashes"]["17"])
