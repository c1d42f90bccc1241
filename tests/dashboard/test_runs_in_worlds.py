"""Runs in plausible worlds: the same ones as in a comparison, few while a lever moves, and what the page says of them."""

import numpy as np
import pytest
from some_worlds import ABOUT, some
from test_engine import Page

import sim
from sim.dashboard import charts, places, summary
from sim.dashboard.engine import DRAG, SETTLED, Frame, Request
from sim.dashboard.places import Places, in_order, places_in
from sim.dashboard.small_city import NAMES, CurveCache, in_small_city
from sim.errors import UserError
from sim.scenario import load_scenario
from sim.worlds import world_set
from sim.worlds.world_set import WorldSet, write_worlds

WORLDS = 7


@pytest.fixture(scope="module")
def worlds():
    return WorldSet(some(WORLDS), ABOUT)


@pytest.fixture(scope="module")
def over(worlds):
    cache = CurveCache(places=Places(worlds))
    yield cache
    cache.close()


@pytest.fixture(scope="module")
def pair():
    city = {"preset": "synthetic", "residents": 400, "districts": 1}
    baseline = in_small_city(load_scenario("baseline").with_changes({"horizon": 9, "city": city}))
    return baseline.with_changes({"name": "law", "policy.rule_of_law": 0.1}), baseline


@pytest.fixture
def page(over):
    opened = Page(over)
    yield opened
    opened.engine.close()


def frame_of(cache, pair, count=WORLDS):
    return Frame(Request(*pair, count, 0, cache.places.count(pair[1])), *cache.curves(pair, count))


def test_page_counts_as_a_comparison_over_the_same_worlds(over, pair, worlds):
    yours, baseline = pair
    frame = frame_of(over, pair)
    found = sim.compare([baseline, yours], worlds=worlds, workers=1, metrics=["stability", "content", "rate_disputes"], window=9)
    for row in found.verdicts.to_dict("records"):
        mine = summary.over_worlds(frame, row["metric"])
        assert (mine.n, mine.better, mine.worse, mine.word) == (WORLDS, row["better"], row["worse"], row["word"])
        assert mine.median == pytest.approx(row["median"], rel=1e-4, abs=1e-6)


def test_first_worlds_are_those_that_a_comparison_of_few_takes(worlds):
    order = [world.number for world in in_order(worlds)]
    assert sorted(order[: places.FEW]) == [world.number for world in worlds.sample(places.FEW)]
    assert sorted(order) == list(range(1, WORLDS + 1))


def test_a_scenario_takes_place_in_the_world_of_a_run_and_later_under_a_second_seed(over, pair):
    yours, _ = pair
    world = over.places.worlds(yours)[2]
    scenario, seed = over.places.of(yours, 2)
    assert scenario.hash == world.apply(yours).hash
    assert scenario.policy == yours.policy
    again, second = over.places.of(yours, 2 + WORLDS)
    assert (again.hash, second) == (scenario.hash, seed + 1)


def test_few_worlds_while_moving_and_no_more_than_there_are_when_let_go(page, pair):
    moved = (pair[0].with_changes({"policy.rule_of_law": 0.05}), pair[1])
    page.engine.ask(*moved, DRAG)
    page.wait(lambda: page.frames)
    assert page.frames[-1].done == DRAG
    page.engine.ask(*moved, SETTLED)
    page.wait(lambda: page.frames[-1].done == WORLDS)
    assert page.frames[-1].request.goal == WORLDS


def test_few_worlds_are_the_first_of_many(over, pair):
    few = frame_of(CurveCache(places=over.places), pair, DRAG)
    many = frame_of(over, pair)
    np.testing.assert_array_equal(few.yours, many.yours[:, :, :DRAG])
    assert few.yours.shape[0] == len(NAMES)


def test_page_says_how_many_worlds_the_band_shows_and_how_they_divide(over, pair):
    frame = frame_of(over, pair)
    assert f"{WORLDS} plausible worlds" in charts.chart("stability", frame, None, "en", big=True)
    assert f"{WORLDS}个可能的世界" in charts.chart("stability", frame, None, "zh", big=True)
    found = summary.over_worlds(frame, "stability")
    count = max(found.better, found.worse)
    side = "better" if found.better >= found.worse else "worse"
    assert f"{side} in {count} of {WORLDS} plausible cities: {found.word}" in summary.cards(frame, "en")
    assert f"在{WORLDS}座可能的城市中" in summary.cards(frame, "zh")


def test_a_policy_against_itself_is_open_in_every_cell(over, pair):
    same = (pair[1], pair[1])
    frame = frame_of(over, same)
    assert summary.over_worlds(frame, "stability").same == WORLDS
    assert "plausible cities" not in summary.cards(frame, "en")


def test_without_a_set_luck_alone_is_shown_and_said(monkeypatch, tmp_path, pair):
    monkeypatch.setattr(world_set, "SHIPPED", tmp_path / "none.parquet")
    without = places_in()
    assert without.count(pair[1]) == 0
    assert without.of(pair[1], 3) == (pair[1], pair[1].seed + 3)
    cache = CurveCache(places=without)
    frame = frame_of(cache, pair, 2)
    cache.close()
    assert "luck only" in charts.band_note(frame, "en")
    assert "no set of plausible worlds" in without.said(pair[1], "en")
    assert "plausible cities" not in summary.cards(frame, "en")


def test_set_of_another_model_is_no_set_for_the_page_but_refused_as_a_file(monkeypatch, tmp_path, pair):
    path = write_worlds(some(), {**ABOUT, "model": "1.0"}, tmp_path / "worlds.parquet")
    monkeypatch.setattr(world_set, "SHIPPED", path)
    assert places_in().count(pair[1]) == 0
    with pytest.raises(UserError, match=r"made with model 1\.0"):
        places_in(str(path))
    good = write_worlds(some(), ABOUT, tmp_path / "good.parquet")
    assert places_in(str(good)).count(pair[1]) == len(some())
