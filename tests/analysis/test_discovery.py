"""Peeling finds a planted box, agrees with a published implementation, and does not find one in noise."""

import warnings

import numpy as np
import pandas as pd
import pytest

from sim.analysis.discovery import discover, inside, peel


def planted(n: int = 1000, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """Cases of interest where a > 0.7 and b < 0.4, of four factors; shape (n, 4) and (n,)."""
    points = pd.DataFrame(np.random.default_rng(seed).random((n, 4)), columns=list("abcd"))
    return points, ((points["a"] > 0.7) & (points["b"] < 0.4)).to_numpy()


def test_a_planted_box_is_found_with_its_bounds():
    points, interest = planted()
    (found,) = discover(points, interest, most=1)
    box = found.boxes[found.chosen]
    assert box.coverage > 0.9
    assert box.density > 0.9
    bounds = found.restrictions(found.chosen).set_index(["factor", "side"])
    assert bounds.loc[("a", "at_least"), "bound"] == pytest.approx(0.7, abs=0.05)
    assert bounds.loc[("b", "at_most"), "bound"] == pytest.approx(0.4, abs=0.05)
    assert bounds.loc[("a", "at_least"), "p"] < 0.001
    assert bounds.loc[("b", "at_most"), "p"] < 0.001
    assert not {"c", "d"} & {factor for factor, side in bounds.index if bounds.loc[(factor, side), "p"] < 0.001}


def test_coverage_density_and_mass_are_what_they_say():
    points, interest = planted(400)
    found = peel(points, interest)
    for box, row in zip(found.boxes, found.trajectory.itertuples(), strict=True):
        held = inside(points, box.limits)
        assert (held == box.inside).all()
        assert row.coverage == pytest.approx(interest[held].sum() / interest.sum())
        assert row.density == pytest.approx(interest[held].mean())
        assert row.mass == pytest.approx(held.mean())
    assert found.trajectory["mass"].is_monotonic_decreasing
    assert found.trajectory["density"].is_monotonic_increasing


@pytest.mark.parametrize("levels", [None, 8])
def test_the_published_implementation_peels_the_same_boxes(levels):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prim = pytest.importorskip("ema_workbench.analysis.prim", reason="the extra `emulate` is not installed")
        points, interest = planted(600, seed=2)
        noisy = np.random.default_rng(3).random(600) < 0.05
        if levels:
            points = (points * levels).round() / levels  # a grid: whole levels are peeled
        interest = interest | noisy
        theirs = prim.Prim(points, interest.astype(int), threshold=0.1, peel_alpha=0.05, mass_min=0.05).find_box()
    ours = peel(points, interest)
    steps = len(ours.boxes)
    assert steps > 10
    columns = ["coverage", "density", "mass"]
    np.testing.assert_allclose(ours.trajectory[columns], theirs.peeling_trajectory[columns].iloc[:steps], rtol=1e-12)
    for step, box in enumerate(ours.boxes):
        for name, limit in box.limits.items():
            assert limit == pytest.approx(theirs.box_lims[step][name].tolist()), (step, name)
        bounds = ours.restrictions(step)
        for row in bounds.itertuples():
            assert row.p == pytest.approx(theirs.qp[step][row.factor][0 if row.side == "at_least" else 1])


def test_choices_are_peeled_one_by_one():
    rng = np.random.default_rng(4)
    points = pd.DataFrame({"kind": rng.choice(["answer", "silence", "deny"], 600), "x": rng.random(600)})
    interest = ((points["kind"] == "deny") & (points["x"] > 0.5)).to_numpy()
    (found,) = discover(points, interest, most=1)
    bounds = found.restrictions(found.chosen).set_index("factor")
    assert bounds.loc["kind", "bound"] == frozenset({"deny"})
    assert bounds.loc["kind", "side"] == "one_of"
    assert bounds.loc["kind", "p"] < 0.001


def test_two_regions_are_two_boxes():
    points = pd.DataFrame(np.random.default_rng(5).random((1500, 3)), columns=list("abc"))
    block, other = (points["a"] > 0.75) & (points["b"] > 0.75), (points["a"] < 0.25) & (points["c"] < 0.25)
    found = discover(points, (block | other).to_numpy())
    boxes = [peeling.boxes[peeling.chosen] for peeling in found[:2]]
    assert sum(box.coverage for box in boxes) > 0.8
    assert not (boxes[0].inside & boxes[1].inside).any()
    for peeling in found:  # a later search changes nothing in what was found before
        assert (inside(points, peeling.boxes[-1].limits) & peeling.boxes[0].inside == peeling.boxes[-1].inside).all()
    assert found[0].boxes[0].inside.all()


def test_nothing_is_found_where_all_or_too_few_are_of_interest():
    points, _ = planted(200)
    few = np.zeros(200, bool)
    few[:5] = True
    assert discover(points, np.ones(200, bool)) == []
    assert discover(points, few) == []


def test_a_factor_that_does_not_vary_is_left_alone():
    points, interest = planted(300)
    found = peel(points.assign(fixed=1.0, word="same"), interest)
    assert found.boxes[-1].limits["fixed"] == (1.0, 1.0)
    assert found.boxes[-1].limits["word"] == frozenset({"same"})
