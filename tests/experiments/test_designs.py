"""Designs: the right number of points, in the right type, evenly spread, within every bound; what SALib needs to analyse them."""

import numpy as np
import pytest
from scipy import stats
from studies import SHARES, study

from sim.errors import ScenarioError, UserError
from sim.experiments.studies import designs
from sim.experiments.studies.study import KINDS, Group
from sim.experiments.studies.sweep import planned

MIX = {"mix": {"shares": SHARES, "at_most": 0.6, "low": 0.02}}
ALARM = 1e-6
DESIGNS = {
    "grid": {"kind": "grid", "levels": 3},
    "lhs": {"kind": "lhs", "samples": 20},
    "sobol": {"kind": "sobol", "samples": 8},
    "morris": {"kind": "morris", "samples": 5},
    "simplex": {"kind": "simplex", "samples": 20},
}


def test_every_kind_is_tested_here():
    assert set(DESIGNS) | {"list", "policies"} == set(KINDS)  # policies: test_policies.py


@pytest.mark.parametrize("kind", DESIGNS)
def test_points_are_counted_before_they_are_made_and_all_are_valid(kind):
    found = study(design=DESIGNS[kind], groups=MIX)
    plan = planned(found)
    assert len(plan) == designs.count(found)
    assert tuple(plan.columns) == found.keys
    shares = plan[SHARES].to_numpy()
    assert shares.min() >= 0.02
    assert shares.sum(axis=1).max() <= 0.6 + 1e-12
    assert plan["stance.transparency"].between(0, 1).all()
    assert set(plan["stance.patrol_targeting"]) == {"even", "reported"}
    assert not plan.duplicated().all()


@pytest.mark.parametrize("kind", ["lhs", "sobol", "morris", "simplex"])
def test_a_sample_is_the_same_again_and_another_with_another_seed(kind):
    first, again, other = (designs.points(study(design=DESIGNS[kind] | {"seed": seed}, groups=MIX)) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_whole_numbers_stay_whole_and_reach_both_ends():
    plan = designs.points(study(factors={"horizon": {"low": 3, "high": 5}}, design={"kind": "lhs", "samples": 60}))
    assert plan["horizon"].dtype == np.int64
    assert plan["horizon"].value_counts().to_dict() == {3: 20, 4: 20, 5: 20}


def test_a_grid_has_every_combination_once():
    found = study(design={"kind": "grid", "levels": 3}, factors={"budget": {"low": 1, "high": 2}, "horizon": {"low": 4, "high": 5}})
    rows = set(designs.points(found).itertuples(index=False, name=None))
    assert rows == {(budget, weeks) for budget in (1.0, 1.5, 2.0) for weeks in (4, 5)}


def test_a_list_is_taken_row_by_row():
    found = study(design={"kind": "list"}, factors={"budget": [0.5, 1, 1.5], "stance.patrol_targeting": ["even", "reported", "even"]})
    assert list(designs.points(found).itertuples(index=False, name=None)) == [(0.5, "even"), (1.0, "reported"), (1.5, "even")]


def test_shares_spread_evenly_over_the_simplex():
    """Each of k shares and what is left is Beta(1, k) in an even sample of the simplex; false-alarm rate 4e-6 in all."""
    unit = np.random.default_rng(5).random((4000, 3))
    shares = designs.simplex(unit, Group("mix", ("a", "b", "c"), 0.5)) / 0.5
    for column in (*shares.T, 1 - shares.sum(axis=1)):
        assert stats.kstest(column, stats.beta(1, 3).cdf).pvalue > ALARM


def test_shares_that_use_the_whole_budget_do_and_are_even_too():
    unit = np.random.default_rng(6).random((4000, 2))
    shares = designs.simplex(unit, Group("mix", ("a", "b", "c"), 0.8, exact=True, low=0.1))
    np.testing.assert_allclose(shares.sum(axis=1), 0.8, atol=1e-12)
    for column in shares.T:
        assert column.min() >= 0.1
        assert stats.kstest((column - 0.1) / 0.5, stats.beta(1, 2).cdf).pvalue > ALARM


def test_corners_of_the_cube_are_corners_of_the_simplex():
    group = Group("mix", ("a", "b"), 1.0)
    blocks = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    assert designs.simplex(blocks, group).tolist() == [[0, 0], [1, 0], [1, 0], [0, 1]]


def test_shares_on_a_grid_are_a_lattice():
    found = study(design={"kind": "grid", "levels": 3}, factors={}, groups={"mix": {"shares": SHARES[:2], "exactly": 0.4}})
    assert designs.points(found).to_numpy().tolist() == [[0.0, 0.4], [0.2, 0.2], [0.4, 0.0]]


def test_a_group_is_one_factor_of_a_saltelli_sample():
    """Its rows come in blocks: A, then A with one group taken from B at a time, then B; shares of a group change together."""
    found = study(design={"kind": "sobol", "samples": 8}, groups=MIX)
    plan, blocks = designs.points(found), 3 + 2
    for base in range(0, len(plan), blocks):
        a, b = plan.iloc[base], plan.iloc[base + blocks - 1]
        for block, own in enumerate((["stance.transparency"], ["stance.patrol_targeting"], SHARES), 1):
            for key in plan.columns:
                assert plan.iloc[base + block][key] == (b if key in own else a)[key]


def test_indices_of_a_known_function_come_out_right():
    """Y = 4 x + 1 y + sum of shares: variances 16/12, 1/12 and that of a sum of three even shares, 3/80 of the budget squared."""
    from SALib.analyze import sobol

    factors = {"stance.transparency": {"low": 0, "high": 1}, "stance.migrant_access": {"low": 0, "high": 1}}
    found = study(design={"kind": "sobol", "samples": 1024}, factors=factors, groups={"mix": {"shares": SHARES, "at_most": 0.6}})
    plan = designs.points(found)
    y = 4 * plan["stance.transparency"] + plan["stance.migrant_access"] + plan[SHARES].sum(axis=1)
    indices = sobol.analyze(designs.problem(found), y.to_numpy(), calc_second_order=False, seed=1)
    parts = np.array([16 / 12, 1 / 12, 0.36 * 3 / 80])
    np.testing.assert_allclose(indices["S1"], parts / parts.sum(), atol=0.02)
    np.testing.assert_allclose(indices["ST"], parts / parts.sum(), atol=0.02)


def test_elementary_effects_of_a_straight_line_are_its_slopes():
    from SALib.analyze import morris

    factors = {"stance.transparency": {"low": 0, "high": 1}, "budget": {"low": 0.5, "high": 1.5}}
    found = study(design={"kind": "morris", "samples": 10}, factors=factors)
    plan = designs.points(found)
    y = (3 * plan["stance.transparency"] - 2 * plan["budget"]).to_numpy()
    effects = morris.analyze(designs.problem(found), designs.sample(found), y, num_levels=4, seed=1)
    np.testing.assert_allclose(effects["mu"], [3, -2], rtol=1e-6)


def test_words_count_by_their_place():
    factor = study().factors[1]
    assert designs.numbers(factor, ["reported", "even"]).tolist() == [1, 0]


TYPED = {
    "city.residents": [1000, 2000],
    "horizon": [4, 5],
    "stance.transparency": [0, 1],
    "mechanisms.norms.enabled": [True, False],
    "stance.patrol_targeting": ["even", "reported"],
    "policy.self_governance": [0, 0.1],
    "policy.self_governance.split.councils": [1, 2],
}
KIND_OF = dict(zip(TYPED, (int, int, float, bool, str, float, float)))


@pytest.mark.parametrize("design", [{"kind": "grid"}, {"kind": "list"}, {"kind": "lhs", "samples": 4}, {"kind": "morris", "samples": 2}])
def test_a_value_stays_what_was_typed_unless_the_key_is_a_float(design):
    found = study(set={"city.preset": "synthetic", "city.districts": 1}, horizon=None, factors=TYPED, design=design)
    plan = planned(found)
    for key, kind in KIND_OF.items():
        values = {
            type(plan[key].iat[row].item() if hasattr(plan[key].iat[row], "item") else plan[key].iat[row]) for row in range(len(plan))
        }
        assert values == {kind}, key
        assert set(plan[key]) == set(TYPED[key])


TOO_NARROW = [(0, 1e-320), (5e-324, 1e-323), (0.5, 0.5 + 1e-16), (0, 1e-300), (-0.0, 5e-324)]


@pytest.mark.parametrize(("low", "high"), TOO_NARROW)
def test_a_range_too_narrow_to_have_values_in_between_is_refused(low, high):
    with pytest.raises(ScenarioError, match=r"more than low|at least 2\.3e-308"):
        study(factors={"stance.transparency": {"low": low, "high": high}})


def test_a_narrow_range_and_a_low_that_is_next_to_nothing_are_taken():
    for low, high in ((0, 1e-90), (1e-300, 1), (0.5, 0.5 + 1e-8)):
        for design in ({"kind": "grid", "levels": 3}, {"kind": "lhs", "samples": 5}):
            plan = planned(study(factors={"stance.transparency": {"low": low, "high": high}}, design=design))
            assert plan["stance.transparency"].between(low, high).all()
            assert plan["stance.transparency"].nunique() >= 3


def test_designs_that_would_not_end_are_refused_with_the_bound():
    with pytest.raises(ScenarioError, match="a whole number from 1 to 10,000"):
        study(design={"kind": "morris", "samples": 1_000_000, "levels": 1000})
    keys = {
        f"mechanisms.resolution.{key}": {"low": 0.1, "high": 0.2} for key in ("settle", "drop", "escalate", "withdraw", "scar", "aided")
    }
    with pytest.raises(UserError, match="at most 50,000,000 numbers"):
        designs.points(study(design={"kind": "grid", "levels": 20}, factors=keys))
    many = [f"policy.rule_of_law.split.{name}" for name in ("policing", "courts", "oversight", "legal_aid", "legislation")]
    groups = {"a": {"shares": many, "exactly": 1.0}, "b": {"shares": SHARES, "at_most": 0.6}}
    ended = designs.points(study(design={"kind": "grid", "levels": 5}, factors={}, groups=groups))
    assert len(ended) == 70 * 35
