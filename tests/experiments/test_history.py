"""History matching on functions of which the answer is known, and on a small city."""

import numpy as np
import pandas as pd
import pytest
from cities import small
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from workbooks import faults

from sim.cli import cli
from sim.errors import UserError
from sim.experiments.calibration import history_match as matching
from sim.experiments.calibration.calibrate import FREE
from sim.experiments.calibration.emulator import Emulator
from sim.experiments.calibration.history_match import history_match, write_history
from sim.experiments.calibration.implausibility import CUT, highest, implausibility, known
from sim.experiments.calibration.waves import everywhere, run_waves, worst

pytest.importorskip("sklearn", reason="the extra `analysis` is not installed")

ALARM = 1e-6


def straight(seed: int, inputs: int = 4, noise: float = 1e-4):
    """Returns the first inputs unchanged, in two replicates with very little noise."""
    luck = np.random.default_rng(seed)
    return lambda point: np.tile(point[:2], (2, 1)) + luck.normal(0, noise, (2, 2))


@pytest.fixture(scope="module")
def box():
    """Two outputs that are inputs, known to 0.2 either way: what is implausible lies beyond 0.3 of either."""
    ranges = [("a", -0.2, 0.2), ("b", 0.3, 0.7)]
    return run_waves(straight(1), np.zeros(4), ranges, points=30, waves=2, discrepancy=0.0, place=1, seed=1)


# --- implausibility


def test_implausibility_is_the_distance_in_deviations_of_all_that_is_unsure():
    about = known(2.0, 4.0, discrepancy=0.1, logarithm=False)
    assert (about.middle, about.deviation, about.model) == pytest.approx((3.0, 0.5, 0.3))
    found = implausibility(about, np.array([3.0, 5.0]), emulator=0.2, noise=0.1)
    assert found == pytest.approx([0.0, 2.0 / np.sqrt(0.25 + 0.09 + 0.2 + 0.1)])


@given(st.floats(0.01, 10), st.floats(1.1, 5), st.floats(0.1, 10))
def test_by_logarithms_it_knows_no_unit(low, ratio, unit):
    one, other = known(low, low * ratio, 0.05, True), known(low * unit, low * ratio * unit, 0.05, True)
    value = np.array([low * 1.3])
    of = [implausibility(about, about.scaled(value * scale), 0.0, 0.01) for about, scale in ((one, 1.0), (other, unit))]
    assert of[0] == pytest.approx(of[1])
    assert implausibility(one, one.scaled(np.array([low * ratio**0.5])), 0.0, 0.0) == pytest.approx(0.0, abs=1e-9)


def test_a_range_from_nothing_has_no_logarithm():
    assert not known(0.0, 1.0, 0.05, True).logarithm


@given(st.integers(1, 6), st.integers(1, 3), st.integers(0, 10**6))
def test_the_highest_of_a_place_is_that_of_the_sorted_row(outputs, place, seed):
    table = np.random.default_rng(seed).exponential(size=(5, outputs))
    expected = np.sort(table, axis=1)[:, -place] if outputs >= place else np.zeros(5)
    np.testing.assert_array_equal(highest(table, place), expected)


# --- emulator


def test_an_emulator_learns_a_smooth_function_and_knows_how_well():
    luck = np.random.default_rng(2)
    inputs, unseen = luck.uniform(-1, 1, (60, 3)), luck.uniform(-1, 1, (400, 3))

    def truth(u):
        return 5 + 2 * u[:, 0] - np.sin(2 * u[:, 1])

    emulator = Emulator(inputs, truth(inputs) + luck.normal(0, 0.02, 60))
    mean, variance = emulator.predict(unseen)
    assert emulator.explained > 0.95
    assert emulator.trusted
    assert np.abs(mean - truth(unseen)).max() < 0.3
    far = np.abs(mean - truth(unseen)) > 3 * np.sqrt(variance)
    assert far.mean() < 0.05


def test_what_it_says_of_left_out_points_is_what_leaving_them_out_gives():
    from sklearn.base import clone

    luck = np.random.default_rng(3)
    inputs = luck.uniform(-1, 1, (15, 2))
    values = inputs[:, 0] + luck.normal(0, 0.3, 15)
    emulator = Emulator(inputs, values)
    scaled = (values - emulator.centre) / emulator.unit
    errors = []
    for out in range(15):
        kept = np.arange(15) != out
        again = clone(emulator.process).set_params(kernel=emulator.process.kernel_, optimizer=None).fit(inputs[kept], scaled[kept])
        errors.append(scaled[out] - again.predict(inputs[[out]])[0])
    assert emulator.explained == pytest.approx(1 - np.mean(np.square(errors)) / scaled.var(), abs=1e-6)


def test_it_predicts_as_the_library_does():
    luck = np.random.default_rng(9)
    inputs, unseen = luck.uniform(-1, 1, (25, 3)), luck.uniform(-1, 1, (50, 3))
    emulator = Emulator(inputs, np.sin(2 * inputs[:, 0]) + inputs[:, 1] + luck.normal(0, 0.1, 25))
    mean, deviation = emulator.process.predict(unseen, return_std=True)
    found = emulator.predict(unseen)
    np.testing.assert_allclose(found[0], emulator.centre + emulator.unit * mean, atol=1e-6)
    np.testing.assert_allclose(np.sqrt(found[1]), emulator.unit * deviation, atol=1e-5)


def test_pure_noise_is_not_explained_and_a_constant_is_known():
    luck = np.random.default_rng(4)
    assert Emulator(luck.uniform(-1, 1, (40, 3)), luck.normal(size=40)).explained < 0.3
    mean, variance = Emulator(np.zeros((5, 2)), np.full(5, 3.0)).predict(np.zeros((2, 2)))
    assert mean.tolist() == [3.0, 3.0]
    assert variance.tolist() == [0.0, 0.0]


# --- waves


def test_what_is_left_of_a_linear_toy_is_the_box_that_is_known(box):
    """Its share is 0.09; over seeds the estimate has a standard deviation of a tenth, so 60 % is a false alarm below one in a million."""
    left = box[-1].left
    assert box[-1].share[1] == pytest.approx(0.09, rel=0.6)
    assert np.abs(left[:, 0]).max() < 0.31
    assert np.abs(left[:, 1] - 0.5).max() < 0.31
    assert left[:, 0].min() < -0.25
    assert left[:, 0].max() > 0.25


def test_what_is_left_is_spread_evenly_over_inputs_that_do_nothing(box):
    """Chi-square over eight classes; walkers share ancestors, so that a fifth of them is taken as the number of independent ones."""
    counts = np.histogram(box[-1].left[:, 3], bins=8, range=(-1, 1))[0] / 5
    assert stats.chisquare(counts, np.full(8, counts.sum() / 8)).pvalue > ALARM


def test_points_of_the_later_wave_lie_in_what_the_earlier_left(box):
    first, second = box
    assert (first.points[0] == 0).all()
    assert (worst([first], second.points, 1) <= CUT).all()
    assert second.share[1] <= first.share[1] * 1.01


def test_one_output_that_is_never_reached_rules_out_nothing_by_the_second_highest():
    ranges = [("a", -0.2, 0.2), ("b", 50.0, 60.0)]
    strict = run_waves(straight(5), np.zeros(4), ranges, 30, 2, 0.0, place=1, seed=1)
    lenient = run_waves(straight(5), np.zeros(4), ranges, 30, 1, 0.0, place=2, seed=1)
    assert len(strict) == 1
    assert strict[-1].share[1] == 0
    assert len(strict[-1].left) == 0
    assert lenient[-1].share[2] == pytest.approx(0.3, rel=0.6)


def test_an_emulator_that_is_not_trusted_rules_out_nothing(monkeypatch):
    monkeypatch.setattr(Emulator, "trusted", False)
    (wave,) = run_waves(straight(6), np.zeros(4), [("a", 5.0, 6.0), ("b", 5.0, 6.0)], 20, 1, 0.0, place=1, seed=1)
    assert wave.share[1] == 1.0


def test_an_output_without_values_is_left_out():
    def live(point):
        return np.tile([point[0], np.nan], (2, 1))

    (wave,) = run_waves(live, np.zeros(4), [("a", -0.2, 0.2), ("b", 0.0, 1.0)], 20, 1, 0.0, place=1, seed=1)
    assert [output.name for output in wave.outputs] == ["a"]


def test_noise_and_discrepancy_leave_more():
    ranges = [("a", -0.05, 0.05), ("b", 0.45, 0.55)]
    sure = run_waves(straight(7), np.zeros(4), ranges, 30, 1, 0.0, place=1, seed=1)
    unsure = run_waves(straight(7, noise=0.1), np.zeros(4), ranges, 30, 1, 0.2, place=1, seed=1)
    assert unsure[-1].share[1] > 2 * sure[-1].share[1]


def test_everywhere_fills_the_cube():
    points = everywhere(3, 1)[:512]
    assert np.abs(points).max() <= 1
    assert np.histogram(points[:, 2], bins=8, range=(-1, 1))[0].tolist() == [64] * 8


# --- a small city

TWO = {name: FREE[name] for name in ("policing.stops", "disputes.rate")}


@pytest.fixture(scope="module")
def found():
    return history_match(small(52), residents=2000, weeks=52, replicates=2, points=12, waves=1, free=TWO)


def test_of_a_city_the_rates_bound_what_moves_them(found):
    """Only these rates are looked at closely: each is nearly proportional to its coefficient."""
    rows = found.coefficients.set_index("coefficient")
    assert "rate_disputes" in rows.loc["disputes.rate", "bounded_by"].split()
    assert "rate_stops" in rows.loc["policing.stops", "bounded_by"].split()
    rates = found.rates.set_index("rate")
    assert rates.loc[["rate_disputes", "rate_stops"], "explained"].min() > 0.9
    assert (rates["ruled_out"] <= 1).all()


def test_the_first_point_is_the_city_as_it_is(found):
    start = found.points.iloc[0]
    assert start[list(TWO)].tolist() == pytest.approx(found.coefficients["present"].tolist(), rel=1e-4)
    assert start[found.rates["rate"]].tolist() == pytest.approx(found.rates["present"].tolist(), nan_ok=True)


def test_present_values_that_are_implausible_are_named(found):
    rates = found.rates
    assert found.implausible == rates.loc[rates["implausibility"] > CUT, "rate"].tolist()
    wrong = rates.assign(implausibility=np.where(rates["rate"] == "turnout", 4.2, 0.0))
    from sim.report.history.sentences import lines

    said = lines(found.waves, found.coefficients, wrong, found.settings)
    assert "The present values are themselves implausible for turnout (4.2)." in said


def test_what_is_left_lies_in_the_space_and_pairs_sum_to_all_of_it(found):
    rows = found.coefficients
    if found.left > 0:
        assert (rows["left_low"] >= rows["low"] * 0.999).all()
        assert (rows["left_high"] <= rows["high"] * 1.001).all()
        assert found.pairs["share_left"].sum() == pytest.approx(1.0)


def test_every_table_is_written(found, tmp_path):
    folder = write_history(found, small(52), tmp_path)
    for name, table in found.tables.items():
        assert len(pd.read_csv(folder / f"{name}.csv")) == len(table)
    assert pd.read_csv(folder / "settings.csv").loc[0, "cut"] == CUT


@pytest.mark.parametrize("wrong", [{"points": 3}, {"waves": 0}, {"replicates": 1}, {"highest": 4}, {"discrepancy": 2.0}])
def test_what_makes_no_design_is_reported(wrong):
    with pytest.raises(UserError, match=r"(history matching|points|waves|replicates): .*expected"):
        history_match(small(52), **wrong)


def test_a_coefficient_that_does_not_exist_is_reported():
    with pytest.raises(UserError, match=r"got offending\.bse; expected a coefficient"):
        history_match(small(52), free={"offending.bse": ()})


def test_the_command_prints_writes_and_draws(found, monkeypatch, tmp_path):
    """The match itself is that of the fixture."""
    monkeypatch.setattr(matching, "history_match", lambda *_, **__: found)
    result = CliRunner().invoke(cli, ["history-match", "baseline", "--out", str(tmp_path), "--xlsx"], prog_name="sanzhi")
    assert result.exit_code == (1 if found.implausible or found.left == 0 else 0), result.output
    (folder,) = (tmp_path / "baseline" / "history-match").iterdir()
    assert {path.name for path in folder.iterdir()} >= {"waves.csv", "rates.csv", "pairs.png"}
    assert faults(folder / "tables.xlsx") == []
    assert "disputes.rate" in result.output
    assert str(folder) in result.output
