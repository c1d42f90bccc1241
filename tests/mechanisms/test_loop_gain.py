"""Offences feed back on trust, legitimacy and policing, and these on offences: the loop must stay weak, or the model runs away.

Meaning. The gain g is the part of a change in offences that comes back as further offences: the sum of all rounds is 1 / (1 - g) times the
change itself. At g = 1 there is no steady level; at 1/2 a cause counts twice. Measured: .32, at most .36 (elasticity 1.46, standard error
.035). The largest part is the congestion of investigation: the more cases, the fewer hours for each, and the fewer are cleared. It is meant
to be there, so the bound is one half.

Procedure. If the base rate of offending is multiplied by r and everything else answers, steady offences are multiplied by r^e, with
e = 1 / (1 - g) and g the gain of all loops together (near repeats are linear and leave e alone). e is measured by ln(O2 / O1) / ln(r)
on pairs of cities with common random numbers, one pair a seed, over weeks in which both are steady. Base rate and reference level are both
multiplied by ten, and what an arrest does to the arrested and the hours that an investigation takes are divided by ten: levels, which
are all that the loops see, stay the same, with a tenth of the noise.

Error. The standard error of e over seeds is asserted to be below 0.04. The bound on g is asserted 3.1 standard errors away: a gain that is
at the bound would pass with a chance below 1e-3.
"""

import numpy as np
import pytest
from alone import TALLIES
from arranged import default
from cities import small
from scipy import stats

from sim.simulation import Simulation

SCALE, RATIO, START, WEEKS, SEEDS = 10, 1.5, 208, 468, range(1, 17)
LARGEST_GAIN = 0.5


def steady_offences(factor, seed):
    changes = {
        "mechanisms.offending.base": SCALE * factor * default("offending.base"),
        "mechanisms.offending.usual": SCALE * default("offending.usual"),
        "mechanisms.offending.jailed": default("offending.jailed") / SCALE,
        "mechanisms.procedural_justice.arrest": default("procedural_justice.arrest") / SCALE,
        "mechanisms.policing.hours": default("policing.hours") / SCALE,
    }
    simulation = Simulation(small(WEEKS, residents=6000, community_size=1500, districts=2).with_changes(changes), seed)
    simulation.advance(WEEKS)
    return simulation.city.world.history[START:, :, TALLIES.index("offences")].sum()


@pytest.fixture(scope="module")
def elasticity():
    """Elasticity of steady offences to the base rate, one value a seed."""
    low, high = RATIO**-0.5, RATIO**0.5
    return np.array([np.log(steady_offences(high, seed) / steady_offences(low, seed)) / np.log(RATIO) for seed in SEEDS])


def test_the_loop_gain_is_measured_well_enough(elasticity):
    assert stats.sem(elasticity) < 0.04


def test_the_total_loop_gain_of_offending_is_below_one_half(elasticity):
    gain = 1 - 1 / (elasticity.mean() + 3.1 * stats.sem(elasticity))
    assert gain < LARGEST_GAIN, f"gain up to {gain:.2f} (elasticity {elasticity.mean():.3f}, standard error {stats.sem(elasticity):.3f})"


def test_the_loops_do_not_swallow_a_change_either(elasticity):
    assert elasticity.mean() - 3.1 * stats.sem(elasticity) > 0.5
