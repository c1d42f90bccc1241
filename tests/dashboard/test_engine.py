"""The engine behind the curves: same numbers as everywhere else, newest request first, nothing computed twice."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from sim import metrics
from sim.dashboard import engine
from sim.dashboard.engine import DRAG, SETTLED, CurveEngine
from sim.dashboard.heading import lead, which_city
from sim.dashboard.session import View
from sim.dashboard.small_city import MOST_COMMUNITIES, NAMES, RESIDENTS, CurveCache, in_small_city, is_substitute
from sim.experiments.runs.simulate import simulate
from sim.metrics import METRICS
from sim.scenario import load_scenario, read_scenario
from sim.scenario.cities.presets import preset_of
from sim.simulation import Simulation

ROOT = Path(__file__).parents[2]
WAIT = 60


@pytest.fixture(scope="module")
def short():
    return in_small_city(load_scenario("baseline").with_changes({"horizon": 30}))


class Page:
    """Collects the frames of an engine, and lets a test wait for them."""

    def __init__(self, cache, **more):
        self.frames, self.messages, self.news = [], [], threading.Condition()
        self.engine = CurveEngine(cache, self.show, self.fail, **more)

    def show(self, frame):
        with self.news:
            self.frames.append(frame)
            self.news.notify_all()

    def fail(self, message):
        with self.news:
            self.messages.append(message)
            self.news.notify_all()

    def wait(self, condition):
        with self.news:
            assert self.news.wait_for(condition, WAIT)


@pytest.fixture
def page(cache):
    opened = Page(cache)
    yield opened
    opened.engine.close()


def test_curves_are_those_of_a_run(cache, short):
    changed = short.with_changes({"policy.rule_of_law": 0.1, "stance.transparency": 0.9, "mechanisms.norms.step": 0.1})
    (curves,) = cache.curves([changed], 3)
    weekly = simulate(changed, replicates=3).weekly
    for place, name in enumerate(NAMES):
        there = weekly[name].to_numpy(float).reshape(3, 30).T
        np.testing.assert_allclose(curves[place], there, rtol=1e-6, atol=1e-7, err_msg=name)


def test_metrics_side_by_side_are_those_one_by_one(short):
    runs = [Simulation(short, seed) for seed in (1, 5)]
    for run in runs:
        run.advance(30)
    together = metrics.side_by_side(runs)
    assert list(together) == list(METRICS)
    for place, run in enumerate(runs):
        alone = metrics.weekly(run)
        for name, values in together.items():
            np.testing.assert_allclose(values[:, place], alone[name], rtol=1e-12, atol=1e-14, err_msg=name)


def test_more_runs_keep_those_before(cache, short):
    few = cache.curves([short], 2)[0][:, :, :2].copy()
    more = cache.curves([short], 5)[0]
    assert more.shape[2] >= 5
    np.testing.assert_array_equal(more[:, :, :2], few)


def test_same_random_numbers_under_both_policies(cache, short):
    same = short.with_changes({"name": "other"})
    mine, reference = cache.curves([same, short], 3)
    np.testing.assert_array_equal(mine[:, :, :3], reference[:, :, :3])


def test_small_city_is_small_and_keeps_the_policy():
    scenario = load_scenario("lean_rule_of_law")
    small = in_small_city(scenario)
    assert small.city.population == RESIDENTS
    assert (small.policy, small.stance, small.horizon, small.seed) == (scenario.policy, scenario.stance, scenario.horizon, scenario.seed)


def test_small_city_keeps_places_that_the_scenario_names():
    scenario = load_scenario("baseline").with_changes({"shocks": [{"kind": "rumour", "at": 10, "where": {"district": "Pudong"}}]})
    small = in_small_city(scenario)
    assert small.city.preset == scenario.city.preset
    assert small.city.population < scenario.city.population
    assert small.shocks == scenario.shocks


def test_small_city_keeps_the_communities_of_the_user():
    town = load_scenario(ROOT / "scenarios" / "cities" / "example" / "town.yaml")
    small = in_small_city(town)
    assert small.city.communities.rows == town.city.communities.rows
    assert small.city.adjacency == town.city.adjacency
    assert small.city.population == RESIDENTS
    assert not is_substitute(town, small)


def test_small_city_keeps_the_districts_of_the_users_preset(tmp_path):
    shutil.copytree(ROOT / "scenarios" / "cities" / "beijing_2020", tmp_path / "mine")
    (tmp_path / "mine.yaml").write_text("name: mine\ncity: {preset: ./mine}\n", encoding="utf-8")
    mine = load_scenario(tmp_path / "mine.yaml")
    small = in_small_city(mine)
    assert preset_of(small.city).districts == preset_of(mine.city).districts
    assert small.city.population < 5 * RESIDENTS


def test_small_synthetic_city_is_its_own_quick_city():
    own = load_scenario("baseline").with_changes({"city": {"preset": "synthetic", "residents": 1000, "districts": 3}})
    assert in_small_city(own).city == own.city
    large = in_small_city(own.with_changes({"city.residents": 30_000, "city.districts": 64}))
    assert (large.city.districts, large.city.population) == (64, 2 * RESIDENTS)


def test_synthetic_city_replaces_a_shipped_one_and_one_of_too_many_communities():
    shipped = load_scenario("baseline")
    rows = "\n".join(f"c{i},2000,D{i % 5}" for i in range(MOST_COMMUNITIES + 1))
    table = f"community,population,district\n{rows}\n"
    many = shipped.with_changes({"city": {"communities": table}})
    for scenario in (shipped, many):
        small = in_small_city(scenario)
        assert is_substitute(scenario, small)
        for lang in ("en", "zh"):
            assert f"{RESIDENTS:,}" in which_city(scenario, small, lang)


def test_first_lines_say_which_city_it_is_and_how_long_it_runs():
    town = load_scenario(ROOT / "scenarios" / "cities" / "example" / "town.yaml")
    said = lead(View("town.yaml", town))
    assert "3 years" in said
    assert f"{len(town.city.communities.rows)} communities" in said
    assert f"{town.city.population:,}" in said


def test_first_few_runs_while_moving_and_all_when_let_go(page, short):
    page.engine.ask(short, short, DRAG)
    page.wait(lambda: page.frames)
    assert page.frames[-1].done >= DRAG
    page.engine.ask(short.with_changes({"policy.rule_of_law": 0.2}), short, SETTLED)
    page.wait(lambda: page.frames[-1].done >= SETTLED and page.frames[-1].request.goal == SETTLED)
    done = [frame.done for frame in page.frames if frame.request.goal == SETTLED]
    assert done == sorted(done)
    assert done[0] < SETTLED


def test_newest_request_wins_and_the_others_are_dropped(page, short):
    asked = [short.with_changes({"policy.rule_of_law": share}) for share in np.linspace(0.05, 0.3, 40).tolist()]
    for scenario in asked:
        last = page.engine.ask(scenario, short, SETTLED)
    page.wait(lambda: page.frames and page.frames[-1].request.generation == last and page.frames[-1].done >= SETTLED)
    generations = [frame.request.generation for frame in page.frames]
    assert generations == sorted(generations)
    assert len(set(generations)) < len(asked)  # most were never begun
    assert page.frames[-1].request.yours == asked[-1]


def test_bands_keep_filling_when_the_page_rests(cache, short, monkeypatch):
    monkeypatch.setattr(engine, "REST", 0.01)
    rested = []
    page = Page(cache, rest=lambda frame, tick: rested.append((frame.done, tick(0, 1))))
    try:
        page.engine.ask(short, short)
        page.wait(lambda: page.frames and page.frames[-1].done > SETTLED)
    finally:
        page.engine.close()
    assert rested == [(rested[0][0], None)]
    assert rested[0][0] >= SETTLED


def test_a_request_that_fails_says_so_and_the_next_is_served(page, short, monkeypatch):
    monkeypatch.setattr(page.engine.cache, "curves", lambda *_: 1 / 0)
    page.engine.ask(short, short)
    page.wait(lambda: page.messages)
    assert "division by zero" in page.messages[0]
    monkeypatch.undo()
    page.engine.ask(short, short, DRAG)
    page.wait(lambda: page.frames)


def test_cache_drops_the_oldest_requests(monkeypatch):
    monkeypatch.setattr("sim.dashboard.small_city.MOST_KEPT", 4)
    small = CurveCache(1)
    base = read_scenario({"name": "tiny", "horizon": 3, "city": {"preset": "synthetic", "residents": 256, "districts": 1}})
    try:
        for seed in range(6):
            small.curves([base.with_changes({"seed": 100 * seed})], 2)
        assert small.known(base.with_changes({"seed": 0})) == 0
        assert small.known(base.with_changes({"seed": 500})) == 2
    finally:
        small.close()
