"""Parts of the indices between policies: which of them luck covers, and ranks without those."""

import numpy as np
import pytest

from sim.experiments.comparisons.index_parts import BOTH, Parts, effective_weights, ranks, untold
from sim.report.parts import indices

SEEDS, LABELS = 12, ["a", "b", "c"]


def made(names, spreads, luck, seed=1):
    """Parts that differ between three policies by these spreads, and by luck of a standard deviation of `luck` from seed to seed."""
    rng = np.random.default_rng(seed)
    true = 0.5 + np.outer([-1.0, 0.0, 1.0], spreads)
    return Parts(names, np.full(len(names), 1 / len(names)), true + luck * rng.standard_normal((SEEDS, 3, len(names))))


def both(luck=0.02):
    return {"stability": made(["order", "calm"], [0.05, 0.0], luck), "satisfaction": made(["belonging", "security"], [-0.1, -0.1], luck, 2)}


def test_a_part_that_differs_by_luck_alone_is_not_told():
    table = effective_weights(both()).set_index("part")
    assert table["told"].to_dict() == {"order": True, "calm": False, "belonging": True, "security": True}
    assert untold(table.reset_index()) == {"stability": ["calm"]}
    said = indices.untold_sentences(table.reset_index(), "en")
    assert len(said) == 1
    assert "Calm" in said[0]


def test_ranks_leave_out_what_luck_covers():
    parts = both()
    calm = np.where(np.arange(SEEDS)[:, None] % 2 == 0, 0.55, 0.45) + np.array([0.01, 0.0, 0.0])
    parts["stability"].values[:, :, 1] = calm  # would put the first policy ahead if calm alone counted
    weighed = effective_weights(parts)
    found = ranks(parts, LABELS, 1, weighed).set_index(["ranked_by", "scenario"])
    assert found.loc[("stability", "c"), "first"] == 1.0
    assert found.loc[("stability", "c"), "first_geometric"] == 1.0
    assert found.loc[("satisfaction", "a"), "rank"] == 1
    assert set(found.index.get_level_values(0)) == {"stability", "satisfaction", BOTH}
    whole = ranks(parts, LABELS, 1, weighed.assign(told=True)).set_index(["ranked_by", "scenario"])
    assert whole.loc[("stability", "c"), "first"] < 1.0


def test_where_luck_covers_every_part_all_of_them_rank_and_the_page_says_so():
    parts = {"stability": made(["order", "calm"], [0.0, 0.0], 0.02)}
    weighed = effective_weights(parts).assign(told=False)
    found = ranks(parts, LABELS, 1, weighed)
    assert found["first"].sum() == pytest.approx(1)
    assert set(found["ranked_by"]) == {"stability"}
    assert "say nothing" in indices.untold_sentences(weighed, "en")[0]


def test_one_seed_has_no_luck_to_compare_with():
    parts = {"stability": Parts(["order"], np.ones(1), np.array([[[0.4], [0.6]]]))}
    weighed = effective_weights(parts)
    assert weighed.empty
    assert ranks(parts, ["a", "b"], 1, weighed)["rank"].tolist() == [2, 1]


def test_the_table_of_firsts_holds_those_first_under_the_given_weights():
    parts = both()
    weighed = effective_weights(parts)
    table = indices.first_table(ranks(parts, LABELS, 1, weighed), {label: label.upper() for label in LABELS}, "zh")
    assert table.rows[0][1] == "C"
    assert len(table.rows) == 9
    assert {row[-1].split(" / ")[0] for row in table.rows} == {"1", "2", "3"}
