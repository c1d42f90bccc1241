"""The engine behind the curves: same numbers as everywhere else, newest request first, nothing computed twice."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from sim import metrics
from sim.dashboard import engine
from sim.dashboard.engine import DRAG, SETTLED, Conductor
from sim.dashboard.heading import lead, which_city
from sim.dashboard.quick import MOST_COMMUNITIES, NAMES, RESIDENTS, Library, quick, stands_in
from sim.dashboard.session import View
from sim.experiments.runs.simulate import simulate
from sim.metrics import METRICS
from sim.scenario import load_scenario, read_scenario
from sim.scenario.cities.presets import preset_of
from sim.simulation import Simulation

ROOT = Path(__file__).parents[2]
WAIT = 60


@pytest.fixture(scope="module")
def short():
    return quick(load_scenario("baseline").with_changes({"horizon": 30}))


class Page:
    """Collects what a conductor shows, and lets a test wait for it."""

    def __init__(self, library, **more):
        self.frames, self.messages, self.news = [], [], threading.Condition()
        self.conductor = Conductor(library, self.show, self.fail, **more)

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
def page(library):
    opened = Page(library)
    yield opened
    opened.conductor.close()


def test_curves_are_those_of_a_run(library, short):
    changed = short.with_changes({"policy.rule_of_law": 0.1, "stance.transparency": 0.9, "mechanisms.norms.step": 0.1})
    (curves,) = library.curves([changed], 3)
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


def test_more_runs_keep_those_before(library, short):
    few = library.curves([short], 2)[0][:, :, :2].copy()
    more = library.curves([short], 5)[0]
    assert more.shape[2] >= 5
    np.testing.assert_array_equal(more[:, :, :2], few)


def test_same_luck_under_both_policies(library, short):
    same = short.with_changes({"name": "other"})
    mine, usual = library.curves([same, short], 3)
    np.testing.assert_array_equal(mine[:, :, :3], usual[:, :, :3])


def test_quick_city_is_small_and_keeps_the_policy():
    scenario = load_scenario("lean_rule_of_law")
    small = quick(scenario)
    assert small.city.population == RESIDENTS
    assert (small.policy, small.stance, small.horizon, small.seed) == (scenario.policy, scenario.stance, scenario.horizon, scenario.seed)


def test_quick_city_keeps_places_that_the_scenario_names():
    scenario = load_scenario("baseline").with_changes({"shocks": [{"kind": "rumour", "at": 10, "where": {"district": "Pudong"}}]})
    small = quick(scenario)
    assert small.city.preset == scenario.city.preset
    assert small.city.population < scenario.city.population
    assert small.shocks == scenario.shocks


def test_quick_city_keeps_the_communities_of_ones_own():
    town = load_scenario(ROOT / "scenarios" / "cities" / "example" / "town.yaml")
    small = quick(town)
    assert small.city.communities.rows == town.city.communities.rows
    assert small.city.adjacency == town.city.adjacency
    assert small.city.population == RESIDENTS
    assert not stands_in(town, small)


def test_quick_city_keeps_the_districts_of_ones_own_preset(tmp_path):
    shutil.copytree(ROOT / "scenarios" / "cities" / "beijing_2020", tmp_path / "mine")
    (tmp_path / "mine.yaml").write_text("name: mine\ncity: {preset: ./mine}\n", encoding="utf-8")
    mine = load_scenario(tmp_path / "mine.yaml")
    small = quick(mine)
    assert preset_of(small.city).districts == preset_of(mine.city).districts
    assert small.city.population < 5 * RESIDENTS


def test_small_synthetic_city_is_its_own_quick_city():
    own = load_scenario("baseline").with_changes({"city": {"preset": "synthetic", "residents": 1000, "districts": 3}})
    assert quick(own).city == own.city
    large = quick(own.with_changes({"city.residents": 30_000, "city.districts": 64}))
    assert (large.city.districts, large.city.population) == (64, 2 * RESIDENTS)


def test_made_up_city_stands_in_for_a_shipped_one_and_for_one_of_too_many_communities():
    shipped = load_scenario("baseline")
    rows = "\n".join(f"c{i},2000,D{i % 5}" for i in range(MOST_COMMUNITIES + 1))
    table = f"community,population,district\n{rows}\n"
    many = shipped.with_changes({"city": {"communities": table}})
    for scenario in (shipped, many):
        small = quick(scenario)
        assert stands_in(scenario, small)
        for lang in ("en", "zh"):
            assert f"{RESIDENTS:,}" in which_city(scenario, small, lang)


def test_first_lines_say_which_city_it_is_and_how_long_it_lives():
    town = load_scenario(ROOT / "scenarios" / "cities" / "example" / "town.yaml")
    said = lead(View("town.yaml", town))
    assert "3 years" in said
    assert f"{len(town.city.communities.rows)} communities" in said
    assert f"{town.city.population:,}" in said


def test_first_few_runs_while_moving_and_all_when_let_go(page, short):
    page.conductor.ask(short, short, DRAG)
    page.wait(lambda: page.frames)
    assert page.frames[-1].done >= DRAG
    page.conductor.ask(short.with_changes({"policy.rule_of_law": 0.2}), short, SETTLED)
    page.wait(lambda: page.frames[-1].done >= SETTLED and page.frames[-1].request.goal == SETTLED)
    done = [frame.done for frame in page.frames if frame.request.goal == SETTLED]
    assert done == sorted(done)
    assert done[0] < SETTLED


def test_newest_request_wins_and_the_others_are_dropped(page, short):
    asked = [short.with_changes({"policy.rule_of_law": share}) for share in np.linspace(0.05, 0.3, 40).tolist()]
    for scenario in asked:
        last = page.conductor.ask(scenario, short, SETTLED)
    page.wait(lambda: page.frames and page.frames[-1].request.generation == last and page.frames[-1].done >= SETTLED)
    generations = [frame.request.generation for frame in page.frames]
    assert generations == sorted(generations)
    assert len(set(generations)) < len(asked)  # most were never begun
    assert page.frames[-1].request.yours == asked[-1]


def test_bands_go_on_filling_when_the_page_rests(library, short, monkeypatch):
    monkeypatch.setattr(engine, "REST", 0.01)
    rested = []
    page = Page(library, rest=lambda frame, tick: rested.append((frame.done, tick(0, 1))))
    try:
        page.conductor.ask(short, short)
        page.wait(lambda: page.frames and page.frames[-1].done > SETTLED)
    finally:
        page.conductor.close()
    assert rested == [(rested[0][0], None)]
    assert rested[0][0] >= SETTLED


def test_a_request_that_fails_says_so_and_the_next_is_served(page, short, monkeypatch):
    monkeypatch.setattr(page.conductor.library, "curves", lambda *_: 1 / 0)
    page.conductor.ask(short, short)
    page.wait(lambda: page.messages)
    assert "division by zero" in page.messages[0]
    monkeypatch.undo()
    page.conductor.ask(short, short, DRAG)
    page.wait(lambda: page.frames)


def test_library_forgets_what_was_asked_long_ago(monkeypatch):
    monkeypatch.setattr("sim.dashboard.quick.MOST_KEPT", 4)
    small = Library(1)
    base = read_scenario({"name": "tiny", "horizon": 3, "city": {"preset": "synthetic", "residents": 256, "districts": 1}})
    try:
        for seed in range(6):
            small.curves([base.with_changes({"seed": 100 * seed})], 2)
        assert small.known(base.with_changes({"seed": 0})) == 0
        assert small.known(base.with_changes({"seed": 500})) == 2
    finally:
        small.close()
