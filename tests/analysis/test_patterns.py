"""Patterns against plain formulas, known answers, invariances, and what a null model must do."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statistics_helper import ALARM, assert_frequencies

from sim.analysis.patterns import blocks, concentration, elasticity, gap, gradient, jump, lag, neighbours

SEEDS = st.integers(0, 10**6)


def areas(seed: int, count: int = 30) -> dict[str, np.ndarray]:
    """Places, residents, hardship and counts of made-up areas."""
    luck = np.random.default_rng(seed)
    residents = luck.integers(500, 5000, count).astype(float)
    return {
        "x": luck.uniform(0, 10, count),
        "y": luck.uniform(0, 10, count),
        "residents": residents,
        "hardship": luck.uniform(0, 1, count),
        "counts": luck.poisson(0.01 * residents),
        "values": luck.normal(0.5, 0.1, count),
    }


def assert_share(hits: int, draws: int, expected: float, alarm: float = ALARM) -> None:
    """Fail unless so many hits fit their chance (exact binomial test)."""
    p = stats.binomtest(hits, draws, expected).pvalue
    assert p > alarm, f"{hits} of {draws}, expected a share of {expected:g}: p = {p:.2g}"


# --- neighbours


def plain_moran(values, x, y, count):
    n = len(values)
    mean, total, squares, weight = sum(values) / n, 0.0, 0.0, 0.0
    for i in range(n):
        by_distance = sorted((j for j in range(n) if j != i), key=lambda j: (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2)
        for j in by_distance[:count]:
            weight += 1 / count
            total += (values[i] - mean) * (values[j] - mean) / count
        squares += (values[i] - mean) ** 2
    return n / weight * total / squares


@given(SEEDS, st.integers(4, 40), st.integers(1, 8))
def test_moran_is_the_plain_formula(seed, count, nearest):
    made = areas(seed, count)
    nearest = min(nearest, count - 1)
    found = neighbours.moran(made["values"], neighbours.nearest(made["x"], made["y"], nearest))
    assert found == pytest.approx(plain_moran(made["values"], made["x"], made["y"], nearest), abs=1e-9)


def test_moran_is_one_where_all_neighbours_are_alike_and_has_no_value_where_all_areas_are():
    x = np.repeat([0.0, 100.0], 7) + np.tile(np.arange(7) * 0.1, 2)
    around = neighbours.nearest(x, np.zeros(14))
    assert neighbours.moran(np.repeat([1.0, 2.0], 7), around) == pytest.approx(1.0)
    assert np.isnan(neighbours.moran(np.full(14, 0.3), around))


def test_moran_of_a_line_that_alternates_is_minus_one():
    """Far enough apart in pairs, each area's nearest is its opposite."""
    x = np.array([0.0, 1.0, 10.0, 11.0, 20.0, 21.0])
    assert neighbours.moran(np.array([1.0, -1.0] * 3), neighbours.nearest(x, np.zeros(6), 1)) == pytest.approx(-1.0)


@given(SEEDS, st.floats(0.1, 100), st.floats(-50, 50), st.floats(0, 6.28))
def test_moran_knows_no_unit_origin_direction_or_order(seed, scale, shift, angle):
    made = areas(seed)
    x, y, values = made["x"], made["y"], made["values"]
    found = neighbours.moran(values, neighbours.nearest(x, y))
    turned = neighbours.nearest(np.cos(angle) * x - np.sin(angle) * y + shift, np.sin(angle) * x + np.cos(angle) * y - shift)
    assert neighbours.moran(scale * values + shift, turned) == pytest.approx(found, abs=1e-6)
    order = np.random.default_rng(seed).permutation(len(x))
    assert neighbours.moran(values[order], neighbours.nearest(x[order], y[order])) == pytest.approx(found, abs=1e-9)


def test_areas_at_one_spot_are_not_their_own_neighbours():
    around = neighbours.nearest(np.zeros(9), np.zeros(9), 3)
    assert not (around == np.arange(9)[:, None]).any()


@given(SEEDS)
def test_over_all_orders_moran_is_minus_one_over_n_minus_one(seed):
    made = areas(seed, 6)
    orders = np.array(list(itertools.permutations(made["values"])))
    assert neighbours.moran(orders, neighbours.nearest(made["x"], made["y"], 2)).mean() == pytest.approx(-1 / 5)


def test_p_of_moran_is_uniform_where_there_is_no_pattern():
    """False-alarm rate 1e-6."""
    luck = np.random.default_rng(2)
    x, y = luck.uniform(0, 1, (2, 40))
    around = neighbours.nearest(x, y)
    values = luck.normal(size=(600, 40))
    found = [neighbours.p_of(neighbours.moran(v, around), neighbours.shuffled(v, around, 99, seed)) for seed, v in enumerate(values)]
    assert_frequencies(np.bincount((np.round(np.array(found) * 100).astype(int) - 1) // 10, minlength=10), np.ones(10))


def test_p_is_least_where_no_draw_reaches_the_value_and_one_where_all_do():
    null = np.linspace(-1, 0, 99)
    assert neighbours.p_of(0.5, null) == pytest.approx(0.01)
    assert neighbours.p_of(-2.0, null) == 1.0


# --- concentration


@given(st.lists(st.integers(0, 50), min_size=2, max_size=60).filter(any), SEEDS)
def test_a_curve_rises_ever_slower_from_nothing_to_all(counts, seed):
    found = concentration.curve(np.array(counts))
    assert found[0] == 0
    assert found[-1] == pytest.approx(1)
    steps = np.diff(found)
    assert (steps >= 0).all()
    assert (np.diff(steps) <= 1e-12).all()
    shuffled = np.random.default_rng(seed).permutation(counts)
    np.testing.assert_allclose(concentration.curve(shuffled), found)
    np.testing.assert_allclose(concentration.curve(7 * np.array(counts)), found)


@given(st.floats(0.01, 1.0), st.integers(2, 40))
def test_the_worst_areas_hold_their_share_where_all_are_alike_and_all_where_one_has_it_all(worst, count):
    assert concentration.worst_share(np.full(count, 3), worst) == pytest.approx(worst)
    one = np.zeros(count)
    one[count // 2] = 9
    assert concentration.worst_share(one, worst) == pytest.approx(min(1.0, worst * count))


def test_nothing_happened_has_no_share():
    assert np.isnan(concentration.worst_share(np.zeros(10)))
    for number in (concentration.places_with, concentration.gini, concentration.generalised_gini, concentration.adjusted_gini):
        assert np.isnan(number(np.zeros(10)))
    assert np.isnan(concentration.adjusted_gini(np.array([0, 1, 0])))  # one event can only be in one place


@pytest.mark.parametrize(
    ("counts", "plain", "general", "adjusted"),
    [
        ([3, 1, 1] + [0] * 7, 0.78, 0.56, 0.7),
        ([5, 2, 1] + [0] * 7, 0.80, 0.75, 6 / 7),
        ([10, 8, 2] + [0] * 7, 0.78, 0.78, 13 / 15),
        ([1] * 5 + [0] * 5, 0.5, 0.0, 0.0),
        ([5] + [0] * 9, 0.9, 0.8, 1.0),
        ([10] + [0] * 9, 0.9, 0.9, 1.0),
        ([3] * 10, 0.0, 0.0, 0.0),
        ([2, 1, 1], 1 / 6, 1 / 6, 0.0),  # more events than places, but no multiple: it cannot be more even
    ],
)
def test_gini_coefficients_have_their_exact_values(counts, plain, general, adjusted):
    """By hand; the first three also with the authors' R package (biased; it rounds to two places)."""
    counts = np.array(counts)
    assert concentration.gini(counts) == pytest.approx(plain)
    assert concentration.generalised_gini(counts) == pytest.approx(general, abs=1e-12)
    assert concentration.adjusted_gini(counts) == pytest.approx(adjusted, abs=1e-12)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=30).filter(lambda counts: sum(counts) > 1))
def test_the_adjusted_coefficient_is_0_only_at_the_most_even_and_1_only_for_all_in_one(counts):
    counts = np.array(counts)
    found, total, areas = concentration.adjusted_gini(counts), counts.sum(), len(counts)
    assert -1e-12 <= found <= 1 + 1e-12
    assert (found < 1e-9) == (np.sort(counts) == np.sort(concentration.evenest(total, areas))).all()
    assert (found > 1 - 1e-9) == (counts.max() == total)
    if total <= areas:
        assert found == pytest.approx(concentration.generalised_gini(counts) * total / (total - 1), abs=1e-12)
    plain = np.abs(counts[:, None] - counts).sum() / (2 * areas * total)
    assert concentration.gini(counts) == pytest.approx(plain)


def test_places_with_half_of_the_events():
    assert concentration.places_with(np.array([5, 3, 1, 1])) == pytest.approx(1 / 4)
    assert concentration.places_with(np.array([4, 4, 1, 1])) == pytest.approx((1 + 1 / 4) / 4)
    assert concentration.places_with(np.full(8, 2), 0.25) == pytest.approx(0.25)
    assert concentration.places_with(np.array([1, 1, 0, 0, 0, 0, 0, 0])) == pytest.approx(1 / 8)
    assert concentration.places_with(np.array([7, 0, 0, 0]), 1.0) == pytest.approx(1 / 4)
    draws = np.array([[5, 3, 1, 1], [1, 1, 1, 1]])
    assert concentration.places_with(draws) == pytest.approx([0.25, 0.5])


def test_places_with_half_of_the_events_against_the_most_even():
    """Four events over eight places lie in four of them at best, and half of the events in two."""
    assert concentration.evenest(11, 4).tolist() == [3, 3, 3, 2]
    assert concentration.places_against_evenest(np.array([1, 1, 1, 1, 0, 0, 0, 0])) == pytest.approx(1.0)
    assert concentration.places_against_evenest(np.array([2, 2, 0, 0, 0, 0, 0, 0])) == pytest.approx(0.5)
    assert concentration.places_against_evenest(np.array([4, 0, 0, 0, 0, 0, 0, 0])) == pytest.approx(0.25)
    assert concentration.places_against_evenest(np.array([[3, 3, 3, 2], [11, 0, 0, 0]])) == pytest.approx([1.0, 0.5 / (11 / 6)])


def test_the_correction_is_for_few_events_and_not_for_chance():
    """Events thrown at places alike look concentrated; corrected hardly. The same unlike places still differ with the number of events."""
    luck = np.random.default_rng(8)
    rate = luck.lognormal(-0.72, 1.2, 4000) * 0.2
    one, five = (years := luck.poisson(rate, (5, 4000)))[0], years.sum(axis=0)
    chance = luck.poisson(0.2, 4000)
    assert concentration.gini(chance) > 0.8
    assert concentration.adjusted_gini(chance) < 0.2
    assert concentration.adjusted_gini(one) > 2 * concentration.adjusted_gini(chance)
    assert concentration.places_with(five) > 1.5 * concentration.places_with(one)
    assert concentration.adjusted_gini(one) < concentration.adjusted_gini(1e6 * rate) < concentration.adjusted_gini(five)


def test_chance_alone_stays_within_its_own_interval():
    """95 % of tables without a pattern lie in the middle 95 % of the null model. False-alarm rate 1e-6."""
    luck = np.random.default_rng(3)
    residents = luck.integers(500, 3000, 30)
    inside = 0
    for seed in range(300):
        counts = luck.poisson(0.01 * residents)
        low, high = np.quantile(concentration.worst_share(concentration.by_chance(counts.sum(), residents, 999, seed)), (0.025, 0.975))
        inside += low <= concentration.worst_share(counts) <= high
    assert_share(inside, 300, 0.95)


@given(SEEDS, st.integers(0, 5000))
def test_chance_spreads_exactly_as_many_events(seed, total):
    assert (concentration.by_chance(total, np.array([1.0, 5.0, 3.0]), 20, seed).sum(axis=1) == total).all()


def test_thinned_counts_are_as_if_less_had_happened():
    """Poisson around 20, of which three in ten stay, is Poisson around 6. False-alarm rate 1e-6."""
    counts = np.random.default_rng(4).poisson(20, 20_000)
    found = concentration.thinned(counts, 0.3, 1, 5)[0].astype(int)
    assert_frequencies(np.bincount(found, minlength=30)[:30], stats.poisson.pmf(np.arange(30), 6))
    np.testing.assert_array_equal(concentration.thinned(counts, 1.0)[0], counts)


# --- gradient


@given(SEEDS, st.floats(-2, 2), st.floats(-2, 2))
def test_the_slope_index_is_the_slope_over_the_rank(seed, level, slope):
    made = areas(seed)
    values = level + slope * gradient.rank(made["hardship"], made["residents"])
    assert gradient.slope_index(values, made["hardship"], made["residents"]) == pytest.approx(slope, abs=1e-9)


@given(SEEDS)
def test_the_slope_index_turns_with_hardship_and_knows_only_its_order(seed):
    made = areas(seed)
    of = gradient.slope_index(made["values"], made["hardship"], made["residents"])
    assert gradient.slope_index(made["values"], made["hardship"] ** 3, made["residents"]) == pytest.approx(of)
    assert gradient.slope_index(made["values"], -made["hardship"], made["residents"]) == pytest.approx(-of)
    assert gradient.slope_index(3 + 2 * made["values"], made["hardship"], made["residents"]) == pytest.approx(2 * of)


@given(SEEDS, st.integers(0, 29))
def test_an_area_cut_in_two_changes_no_slope_index(seed, place):
    made = areas(seed)
    cut = {name: np.append(made[name], made[name][place]) for name in ("values", "hardship", "residents")}
    cut["residents"][[place, -1]] /= 2
    whole = gradient.slope_index(made["values"], made["hardship"], made["residents"])
    assert gradient.slope_index(cut["values"], cut["hardship"], cut["residents"]) == pytest.approx(whole)


def test_equal_hardship_has_no_slope():
    assert np.isnan(gradient.slope_index(np.arange(5.0), np.full(5, 0.3), np.ones(5)))


@given(SEEDS, st.sampled_from([3, 10]))
def test_parts_by_hardship_average_to_the_whole(seed, parts):
    made = areas(seed)
    found = gradient.by_parts(made["values"], made["hardship"], made["residents"], parts)
    people = gradient.by_parts(made["residents"], made["hardship"], np.ones(30), parts)
    assert len(found) == parts
    assert np.average(found, weights=people) == pytest.approx(np.average(made["values"], weights=made["residents"]))


def test_a_slope_without_a_gradient_lies_within_its_null():
    """False-alarm rate 1e-6."""
    luck, inside = np.random.default_rng(6), 0
    for seed in range(300):
        values, hardship, residents = luck.normal(size=25), luck.uniform(size=25), luck.integers(100, 900, 25)
        low, high = np.quantile(gradient.shuffled(values, hardship, residents, 199, seed), (0.025, 0.975))
        inside += low <= gradient.slope_index(values, hardship, residents) <= high
    assert_share(inside, 300, 0.95, 1e-6)


# --- elasticity


def a_map(seed: int, count: int = 60):
    """Hardship of areas at random places, and their nearest neighbours."""
    luck = np.random.default_rng(seed)
    return luck, luck.normal(size=count), neighbours.nearest(*luck.uniform(size=(2, count)))


@given(st.integers(0, 99), st.floats(-1, 1), st.floats(-1, 1), st.floats(-5, 5))
def test_the_spatial_lag_is_the_part_of_hardship_around(seed, own, around, level):
    _, hardship, nearest = a_map(seed)
    there = hardship[nearest].mean(axis=1)
    rates = level + own * hardship + around * there
    assert lag.spatial_lag(rates, hardship, nearest) == pytest.approx(around * there.std(), abs=1e-9)


def test_own_hardship_alone_has_no_spatial_lag_and_lies_within_the_null():
    inside = 0
    for seed in range(60):
        luck, hardship, nearest = a_map(seed)
        rates = hardship + luck.normal(size=len(hardship))
        low, high = np.quantile(lag.shuffled(rates, hardship, nearest, 199, seed), (0.025, 0.975))
        inside += low <= lag.spatial_lag(rates, hardship, nearest) <= high
    assert stats.binomtest(inside, 60, 0.95).pvalue > ALARM


def test_equal_hardship_has_no_spatial_lag():
    luck, _, nearest = a_map(1)
    assert np.isnan(lag.spatial_lag(luck.normal(size=60), np.full(60, 0.4), nearest))
    assert np.isnan(lag.shuffled(luck.normal(size=60), np.full(60, 0.4), nearest, 9)).all()


@given(SEEDS, st.floats(-3, 3), st.floats(0.01, 100), st.floats(0.01, 100))
def test_the_elasticity_of_a_power_is_its_exponent_in_any_unit(seed, exponent, scale, unit):
    factor = np.random.default_rng(seed).uniform(0.5, 5.0, 12)
    assert elasticity.elasticity(scale * factor**exponent, unit * factor) == pytest.approx(exponent, abs=1e-6)


def test_few_zeros_are_left_out_and_many_have_no_elasticity():
    factor = np.linspace(1, 2, 20)
    outcome = factor**2
    outcome[3] = 0
    assert elasticity.elasticity(outcome, factor) == pytest.approx(2)
    outcome[:5] = 0
    assert np.isnan(elasticity.elasticity(outcome, factor))
    assert np.isnan(elasticity.elasticity(outcome, np.ones(20)))


@given(SEEDS)
def test_shuffled_factors_have_no_elasticity_on_average(seed):
    luck = np.random.default_rng(seed)
    outcome, factor = np.exp(luck.normal(size=(2, 15)))
    null = elasticity.shuffled(outcome, factor, 400, seed)
    spread = np.log(outcome).std() / np.log(factor).std() / np.sqrt(14)  # exact over all orders
    assert abs(null.mean()) < 5.5 * spread / np.sqrt(400)  # false-alarm rate below 1e-6 an example


@given(st.floats(-2, 2), st.floats(1.05, 3))
def test_pairs_of_runs_give_the_exponent(exponent, ratio):
    lower = np.array([2.0, 3.0, 5.0])
    np.testing.assert_allclose(elasticity.paired(lower, lower * ratio**exponent, ratio), exponent, atol=1e-9)
    assert np.isnan(elasticity.paired(np.zeros(1), np.ones(1), ratio)).all()


def test_a_study_gives_every_elasticity_with_an_interval_that_holds():
    """Of 300 studies with noise the interval covers the truth in 95 %; replicates of a point add nothing. False-alarm rate 1e-6 each."""
    luck, covered = np.random.default_rng(7), 0
    for _ in range(300):
        factors = luck.uniform(0.5, 2.0, (25, 2))
        noise = np.exp(luck.normal(0, 0.2, 25))
        outcome = 3 * factors[:, 0] ** -0.4 * factors[:, 1] ** 0.7 * noise
        runs = pd.DataFrame({"point": np.arange(25), "out": outcome, "a": factors[:, 0], "b": factors[:, 1]})
        found = elasticity.over_study(pd.concat([runs, runs]), "out", ["a", "b"])
        covered += found["a"].low <= -0.4 <= found["a"].high
    assert_share(covered, 300, 0.95)
    exact = runs.assign(out=runs["a"] ** -0.4 * runs["b"] ** 0.7)
    assert elasticity.over_study(exact, "out", ["a", "b"])["b"].value == pytest.approx(0.7)


def test_a_study_that_cannot_tell_says_so():
    runs = pd.DataFrame({"point": range(6), "out": [1.0] * 6, "a": range(1, 7), "b": range(1, 7)})
    with pytest.raises(ValueError, match="move together"):
        elasticity.over_study(runs, "out", ["a", "b"])
    with pytest.raises(ValueError, match="expected more than 3"):
        elasticity.over_study(runs.head(3), "out", ["a", "b"])


# --- gap


def test_gaps():
    assert gap.reported_share(np.array([1, 2]), np.array([4, 6])) == pytest.approx(0.3)
    assert np.isnan(gap.reported_share(np.zeros(2), np.zeros(2)))
    assert gap.overstated(np.array([0.9, 0.5]), np.array([0.7, 0.5]), np.array([3.0, 1.0])) == pytest.approx(0.15)


# --- jump


@given(SEEDS, st.floats(-3, 3), st.floats(-3, 3), st.floats(-1, 1))
def test_a_jump_is_what_is_added_above_the_threshold(seed, level, slope, size):
    service = np.random.default_rng(seed).uniform(0.2, 0.8, 60)
    assume(min((service >= 0.5).sum(), (service < 0.5).sum()) >= 15)
    support = level + slope * service + size * (service >= 0.5)
    found = jump.jump(support, service, 0.5)
    assume(np.isfinite(found))
    assert found == pytest.approx(size, abs=1e-6)
    assert jump.jump(2 * support + 1, service, 0.5) == pytest.approx(2 * size, abs=1e-6)


def test_no_jump_is_reported_with_too_few_areas_on_a_side():
    service = np.linspace(0.1, 0.9, 30)
    assert np.isnan(jump.jump(service, service, 0.86, 0.2))
    assert np.isnan(jump.shuffled(service, service, 0.86, 0.2, 5)).all()


def test_the_bandwidth_holds_half_of_the_areas_and_areas_beyond_it_count_nothing():
    service = np.linspace(0, 1, 101)
    width = jump.bandwidth_of(service, 0.4)
    assert (np.abs(service - 0.4) <= width + 1e-9).mean() == pytest.approx(0.5, abs=0.02)
    support = service + 0.2 * (service >= 0.4)
    wild = support.copy()
    wild[np.abs(service - 0.4) > width] = 99
    assert jump.jump(wild, service, 0.4) == pytest.approx(jump.jump(support, service, 0.4))


def test_a_straight_line_with_noise_lies_within_its_null():
    """False-alarm rate 1e-6; the null model refits nothing, so that it is a little too narrow: 92 % or more is asked for."""
    luck, inside = np.random.default_rng(8), 0
    for seed in range(300):
        service = luck.uniform(0, 1, 80)
        support = 0.3 + 0.4 * service + luck.normal(0, 0.1, 80)
        low, high = np.quantile(jump.shuffled(support, service, 0.5, None, 199, seed), (0.025, 0.975))
        inside += low <= jump.jump(support, service, 0.5) <= high
    assert stats.binom.cdf(inside, 300, 0.92) > ALARM


# --- blocks


@given(SEEDS, st.integers(1, 120))
def test_every_area_is_in_one_block(seed, count):
    made = areas(seed, count)
    for x, y in ((made["x"], made["y"]), (None, None)):
        found = blocks.blocks_of(x, y, count)
        assert sorted(np.concatenate(found)) == list(range(count))
        assert len(found) == min(blocks.MOST_BLOCKS, count)
        assert max(map(len, found)) - min(map(len, found)) <= 2


def test_blocks_are_of_neighbours():
    side = np.arange(20.0)
    x, y = (part.ravel() for part in np.meshgrid(side, side))
    spread = [np.hypot(x[b] - x[b].mean(), y[b] - y[b].mean()).max() for b in blocks.blocks_of(x, y, 400)]
    assert max(spread) < 4.5  # blocks of about 4 by 5


def test_the_interval_of_a_mean_is_that_of_students_t():
    values = np.random.default_rng(9).normal(size=15)
    value, low, high = blocks.jackknife(lambda rows: float(values[rows].mean()), blocks.blocks_of(None, None, 15))
    half = stats.t.ppf(0.975, 14) * values.std(ddof=1) / np.sqrt(15)
    assert (value, low, high) == pytest.approx((values.mean(), values.mean() - half, values.mean() + half))


def test_too_few_areas_have_no_interval():
    value, low, high = blocks.jackknife(lambda rows: float(len(rows)), blocks.blocks_of(None, None, 7))
    assert value == 7
    assert np.isnan([low, high]).all()
