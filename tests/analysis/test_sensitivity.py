"""Indices of functions with known indices, missing runs, and when more runs are needed."""

import warnings

import numpy as np
import pandas as pd
import pytest
from functions import ISHIGAMI, ISHIGAMI_FIRST, ISHIGAMI_SECOND_13, ISHIGAMI_TOTAL, ishigami, ishigami_problem

from sim.analysis import sensitivity

pytest.importorskip("SALib", reason="the extra `analysis` is not installed")


def saltelli(samples: int, second: bool = True) -> np.ndarray:
    from SALib.sample import sobol

    return sobol.sample(ishigami_problem(), samples, calc_second_order=second, seed=1)


def values_of(table: pd.DataFrame, index: str) -> np.ndarray:
    return table.loc[table["measure"] == index, "value"].to_numpy()


def covered(table: pd.DataFrame, index: str, truth, slack: float = 0.0) -> bool:
    part = table[table["measure"] == index]
    low, high = part["low"].to_numpy(), part["high"].to_numpy()
    return bool(((low - slack <= np.array(truth)) & (np.array(truth) <= high + slack)).all())


def test_sobol_finds_the_exact_shares_of_ishigamis_function():
    table = sensitivity.sobol(ISHIGAMI, ishigami(saltelli(1024)), block=8)
    np.testing.assert_allclose(values_of(table, "first"), ISHIGAMI_FIRST, atol=0.05)
    np.testing.assert_allclose(values_of(table, "total"), ISHIGAMI_TOTAL, atol=0.05)
    pair = table[(table["measure"] == "second") & (table["factor"] == "x1") & (table["other"] == "x3")]
    assert pair["value"].item() == pytest.approx(ISHIGAMI_SECOND_13, abs=0.05)
    assert covered(table, "total", ISHIGAMI_TOTAL, slack=0.02)
    total = table[table["measure"] == "total"]
    assert total["matters"].all()
    assert total["settled"].all()
    first = table[table["measure"] == "first"].set_index("factor")
    assert not first.loc["x3", "matters"]


def test_few_samples_are_said_to_need_more_runs():
    table = sensitivity.sobol(ISHIGAMI, ishigami(saltelli(16)), block=8)
    assert not table.loc[table["measure"] == "total", "settled"].all()


def test_a_missing_run_costs_its_block_and_no_more():
    values = ishigami(saltelli(512))
    whole = sensitivity.sobol(ISHIGAMI, values, block=8)
    holed = values.copy()
    holed[[3, 811]] = np.nan
    less = sensitivity.sobol(ISHIGAMI, holed, block=8)
    kept = np.delete(values.reshape(-1, 8), [0, 101], axis=0).ravel()
    pd.testing.assert_frame_equal(less, sensitivity.sobol(ISHIGAMI, kept, block=8))
    np.testing.assert_allclose(values_of(less, "total"), values_of(whole, "total"), atol=0.05)


def test_without_second_order_there_are_no_pairs():
    table = sensitivity.sobol(ISHIGAMI, ishigami(saltelli(256, second=False)), block=5)
    assert set(table["measure"]) == {"first", "total"}


def test_morris_finds_the_slopes_of_a_linear_function():
    from SALib.sample import morris

    names, slopes = ["a", "b", "c"], np.array([3.0, -1.0, 0.0])
    points = morris.sample({"num_vars": 3, "names": names, "bounds": [[0, 1]] * 3}, 12, seed=1)
    table = sensitivity.morris(names, points, points @ slopes)
    np.testing.assert_allclose(values_of(table, "mu_star"), abs(slopes), atol=1e-9)
    np.testing.assert_allclose(values_of(table, "mu"), slopes, atol=1e-9)
    np.testing.assert_allclose(values_of(table, "sigma"), 0, atol=1e-9)
    assert table.loc[table["measure"] == "mu_star", "matters"].tolist() == [True, True, False]
    assert table.loc[table["measure"] == "mu", "matters"].tolist() == [True, True, False]


def test_morris_shows_an_interaction_in_sigma():
    from SALib.sample import morris

    names = ["a", "b"]
    points = morris.sample({"num_vars": 2, "names": names, "bounds": [[0, 1]] * 2}, 40, seed=1)
    table = sensitivity.morris(names, points, points[:, 0] * points[:, 1])
    assert table.loc[table["measure"] == "sigma", "matters"].all()


def test_given_data_ranks_dependent_factors_and_sees_through_an_inert_one():
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(4), 600)  # they sum to one: variance shares of a Sobol design would mean nothing
    inert = rng.random(600)
    values = 2 * shares[:, 0] + 0.2 * shares[:, 1] + rng.normal(0, 0.02, 600)
    table = sensitivity.given(["a", "b", "inert"], np.column_stack([shares[:, :2], inert]), values, seed=5)
    for index in ("delta", "first", "pawn"):
        part = table[table["measure"] == index].set_index("factor")
        assert part.loc["a", "value"] == part["value"].max()
        assert part.loc["a", "matters"]
        assert not part.loc["inert", "matters"], index


def test_first_order_shares_from_given_data_agree_with_the_exact_ones():
    points = np.random.default_rng(4).uniform(-np.pi, np.pi, (2000, 3))
    table = sensitivity.given(ISHIGAMI, points, ishigami(points))
    np.testing.assert_allclose(values_of(table, "first"), ISHIGAMI_FIRST, atol=0.08)


def test_choices_as_codes_are_judged_in_full():
    rng = np.random.default_rng(6)
    code = rng.integers(0, 2, 300)
    values = np.where(code == 1, 1.0, 0.0) + rng.normal(0, 0.1, 300)
    table = sensitivity.given(["choice", "inert"], np.column_stack([code, rng.random(300)]), values)
    pawn = table[table["measure"] == "pawn"].set_index("factor")
    assert pawn.loc["choice", "value"] > 0.4
    assert not pawn.loc["inert", "matters"]


@pytest.mark.parametrize("method", ["sobol", "given"])
def test_an_outcome_that_never_moves_has_no_indices(method):
    points = saltelli(16)
    constant = np.full(len(points), 0.5)
    table = sensitivity.sobol(ISHIGAMI, constant, 8) if method == "sobol" else sensitivity.given(ISHIGAMI, points, constant)
    assert table.empty
    assert list(table.columns) == list(sensitivity.COLUMNS)


def test_same_seed_same_table_and_no_other_random_state_is_changed():
    points = saltelli(32)
    np.random.seed(7)  # noqa: NPY002
    before, form = np.random.get_state()[1].copy(), warnings.formatwarning  # noqa: NPY002
    one, two = (sensitivity.given(ISHIGAMI, points, ishigami(points), seed=2) for _ in range(2))
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
    assert warnings.formatwarning is form
    pd.testing.assert_frame_equal(one, two)


def test_direction_is_the_rank_correlation():
    points = np.random.default_rng(1).random((200, 2))
    up, down = sensitivity.direction(points, np.exp(points[:, 0]) - 0.1 * points[:, 1])
    assert up > 0.9
    assert down < 0.1
