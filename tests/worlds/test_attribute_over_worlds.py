"""A difference divided among levers in every plausible world, which are made up here."""

import numpy as np
import pytest
from cities import small
from test_world_set import ABOUT, some

import sim
from sim.report.attribute.page import write_attribution
from sim.worlds.world_set import WorldSet

WORLDS = 8
METRICS = ["stability", "satisfaction"]


@pytest.fixture(scope="module")
def result():
    city = {"weeks": 8, "residents": 400, "districts": 1}
    first = small(name="first", **city)
    second = small(name="second", policy={"rule_of_law": 0.45, "self_governance": 0.0}, stance={"transparency": 0.9}, **city)
    return sim.attribute(first, second, metrics=METRICS, worlds=WorldSet(some(WORLDS), ABOUT), seed=3, workers=1)


def test_every_combination_is_run_in_every_world_under_its_luck(result):
    table = result.batch.outcomes
    assert len(table) == WORLDS * 2 ** len(result.players)
    assert (table["seed"] == 3 + 2 * table["world"]).all()


def test_means_of_the_shares_sum_to_the_mean_difference_and_signs_are_counted(result):
    for metric in METRICS:
        rows = result.effects[result.effects["metric"] == metric].set_index("effect")
        total = rows.loc["total"]
        assert np.isclose(rows.loc["shapley", "mean"].sum(), total["mean"], rtol=0, atol=1e-12)
        whole = result.batch.once
        labels = whole.labels
        differences = whole.of(labels[-1], metric) - whole.of(labels[0], metric)
        assert (total["better"], total["worse"]) == ((differences > 0).sum(), (differences < 0).sum())
        assert total["median"] == np.median(differences)
        assert total["low"] <= total["median"] <= total["high"]


def test_it_is_written_with_its_worlds_and_the_page_counts_them(result, tmp_path):
    result.write(tmp_path)
    assert (tmp_path / "world_effects.parquet").is_file()
    source = write_attribution(result, tmp_path, "en").read_text(encoding="utf-8")
    assert f"of {WORLDS} plausible cities" in source
    assert f"{WORLDS}个可能的城市中" in source
    assert "luck alone" not in source


def test_by_luck_alone_where_seeds_are_asked_for(result):
    found = sim.attribute(*result.named, metrics=METRICS, replicates=3, workers=1)
    assert not found.over_worlds
    assert "median" not in found.effects
