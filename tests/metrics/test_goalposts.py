"""The parts of stability as indicators: scales from data, never better when the world is worse, and of one level in cities of any size."""

from pathlib import Path

import numpy as np
import pytest
from alone import TALLIES
from hypothesis import given
from hypothesis import strategies as st
from made_counts import made_up
from scipy import stats

from sim.metrics import series
from sim.metrics.goalposts import GOALPOSTS, TOO_WIDE

ROOT = Path(__file__).parents[2]
PARTS = tuple(GOALPOSTS)
SIZES = (5_000, 20_000, 80_000, 250_000)
WORSE = {"offences": ("order", 1), "active": ("calm", 1), "formal_closed": ("resolution", -1)} | {
    f"open_{where}": ("resolution", 1) for where in ("mediation", "office", "court")
}
"""Counts by which each part is worse: the part, and whether more (1) or fewer of them are worse."""


def column(name):
    return TALLIES.index(name)


# --- scales ---


@pytest.mark.parametrize("part", PARTS)
def test_goalposts_lie_in_their_ranges_and_have_sources(part):
    one = GOALPOSTS[part]
    assert one.good_range[0] <= one.good <= one.good_range[1] < one.bad_range[0] <= one.bad <= one.bad_range[1]
    assert one.good_source
    assert one.bad_source
    assert one.index(one.good) == pytest.approx(1 - one.index(one.bad))
    assert one.index(one.middle) == 0.5
    assert one.index(0.0) == 1.0


@pytest.mark.parametrize("part", PARTS)
@given(value=st.floats(0, 1e3), factor=st.floats(1.0001, 1e3))
def test_a_scale_falls_everywhere_and_is_never_cut_off(part, value, factor):
    one = GOALPOSTS[part]
    worse = (value + one.good * 1e-6) * factor
    assert 0.0 < one.index(worse) < one.index(value) <= 1.0


# --- worse in the world is never better in the index ---


@given(
    week=st.integers(0, 69),
    district=st.integers(0, 2),
    name=st.sampled_from(sorted(WORSE)),
    before=st.integers(0, 10_000),
    more=st.integers(1, 100_000),
    others=st.integers(0, 2000),
)
def test_more_of_what_is_bad_never_raises_a_part(week, district, name, before, more, others):
    """One count of one week and district is raised; every other count is the same, small or large."""
    part, sign = WORSE[name]
    made = made_up()
    made.city.world.history[:, :, [column(one) for one in WORSE]] %= others + 1
    made.city.world.history[week, district, column(name)] = before
    fewer = series(made, ["stability", *PARTS])
    made.city.world.history[week, district, column(name)] = before + more
    raised = series(made, ["stability", *PARTS])
    for one in ("stability", *PARTS):
        assert (sign * (raised[one] - fewer[one]) <= 1e-12).all()
    assert sign * (raised[part][week] - fewer[part][week]) < 0.0
    assert (raised[part][:week] == fewer[part][:week]).all()
    for one in set(PARTS) - {part}:
        assert (raised[one] == fewer[one]).all()


@given(factor=st.integers(2, 50), seed=st.integers(0, 100))
def test_bursts_are_not_rewarded_and_neither_is_an_even_flow_of_crime(factor, seed):
    """What steadiness got wrong: more offences in every week made it rise."""
    made = made_up()
    made.city.world.history[:, :, column("offences")] = np.random.default_rng(seed).poisson(3.0, (70, 3))
    few = series(made, ["stability", *PARTS])
    made.city.world.history[:, :, column("offences")] *= factor
    many = series(made, ["stability", *PARTS])
    assert (many["stability"] < few["stability"]).all()
    assert all((many[part] <= few[part]).all() for part in PARTS)


def test_no_part_knows_weeks_that_were_not_seen():
    """Nothing happens and nobody waits: each part rises from one half (nothing known) as quiet weeks go by, and never falls."""
    made = made_up()
    made.city.world.history[:, :, [column(name) for name in WORSE]] = 0
    seen = series(made, PARTS)
    for part in PARTS:
        assert (np.diff(seen[part]) >= 0).all()
        assert seen[part][0] >= 0.5
    assert seen["order"][51] > 0.95
    assert seen["resolution"] == pytest.approx(0.5)  # no case, so no wait is known


# --- size ---


def years_of(part, residents, seeds, value, rng):
    """A part over made years: counts with the measured spread, in clusters of that size on average."""
    one = GOALPOSTS[part]
    exposure = residents * one.per_resident
    clusters = rng.poisson(exposure * value / (one.spread / 2.0), seeds)
    count = rng.gamma(np.maximum(clusters, 1e-9), one.spread / 2.0) * (clusters > 0)  # compound Poisson: variance = spread * mean
    return one.index(one.estimate(count, exposure))


@pytest.mark.parametrize("part", PARTS)
def test_levels_agree_between_sizes_at_the_middle_and_luck_stays_small(part):
    rng = np.random.default_rng(7)
    found = [years_of(part, size, 20_000, GOALPOSTS[part].middle, rng) for size in SIZES]
    means, deviations = [one.mean() for one in found], [one.std() for one in found]
    assert max(means) - min(means) < 0.02
    assert max(deviations) < 0.08


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("factor", [0.33, 3.0])
def test_levels_away_from_the_middle(part, factor):
    """The price of a prior: calm of a small city answers little. Order and resolution are of one level everywhere."""
    rng, one = np.random.default_rng(8), GOALPOSTS[part]
    small, large = (years_of(part, size, 20_000, factor * one.middle, rng).mean() for size in (SIZES[0], 2_000_000))
    if part == "calm":
        assert abs(small - large) > TOO_WIDE / 2
        assert abs(small - 0.5) < 0.05
        assert one.too_small(SIZES[0])
    else:
        assert abs(small - large) < 0.03
        assert not one.too_small(SIZES[0])


@pytest.mark.parametrize("part", PARTS)
def test_the_interval_of_luck_holds_what_it_says(part):
    """Of made years without a prior, 95 in 100 lie in it, at a size at which the part means something (false alarm 1e-6)."""
    one, rng, draws = GOALPOSTS[part], np.random.default_rng(9), 4000
    for factor in (0.5, 1.0, 2.0):
        size, value = 2 * one.smallest(), factor * one.middle
        exposure = size * one.per_resident
        rates = rng.gamma(exposure * value / one.spread, one.spread, draws) / exposure
        low, high = one.luck(size, value=value)
        inside = int(((one.index(rates) >= low) & (one.index(rates) <= high)).sum())
        few, many = stats.binom.interval(1 - 1e-6, draws, 0.95)
        assert few <= inside <= many


@pytest.mark.parametrize("part", PARTS)
def test_a_city_is_large_enough_from_one_size_on(part):
    one = GOALPOSTS[part]
    smallest = one.smallest()
    assert one.too_small(0.9 * smallest)
    assert not one.too_small(smallest)
    assert not one.too_small(smallest / 10, runs=10)
    widths = [high - low for low, high in (one.luck(size) for size in (smallest, 4 * smallest, 16 * smallest))]
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.1)
    assert widths[1] / widths[2] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("part", PARTS)
def test_the_page_states_the_numbers_that_are_used(part):
    one, lines = GOALPOSTS[part], (ROOT / "docs" / "model" / "indices.md").read_text(encoding="utf-8").splitlines()
    (low, high), (least, most) = one.good_range, one.bad_range
    stated = " | ".join(
        [part, f"{one.good:g} ({low:g} to {high:g})", f"{one.bad:g} ({least:g} to {most:g})", f"{one.middle:.3g}"]
        + [f"{one.index(one.good):.2f}, {one.index(one.bad):.2f}"]
    )
    assert f"| {stated} |" in lines
    sizes = ", ".join(f"{one.smallest(runs):,}" for runs in (1, 10, 30))
    assert f"| {part} | {one.weight:.0f} {one.exposure} | {one.spread:g} | {sizes} residents |" in lines
    column = 1 + PARTS.index(part)
    for size in (*SIZES, 2_000_000):
        (row,) = [line.strip("| ").split(" | ") for line in lines if line.startswith(f"| {size:,} |")]
        low, high = one.luck(size)
        assert row[column] == f"{low:.2f} to {high:.2f}"
