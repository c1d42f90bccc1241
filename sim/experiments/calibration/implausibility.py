"""Implausibility: distance of a rate from its known value, in standard deviations of the combined uncertainty.

    I^2 = (z - E[f])^2 / (V_known + V_noise + V_emulator + V_model)

z is the middle of the known range, and V_known the square of a quarter of its width (the range is read as two standard deviations either
way: an assumption, since sources name ranges and no probabilities). V_noise is the variance between replicates, V_emulator the variance of
the emulator, V_model the discrepancy between the best model of this kind and the real world (an assumption, stated with every result).
Where I > 3 the point is implausible: at least 95 % of any unimodal distribution lies within three standard deviations (Pukelsheim 1994).

Rates that were above 0 wherever they were simulated are compared by their logarithms, since most coefficients are factors.

References
----------
- Craig, Goldstein, Seheult & Smith (1997), Pressure matching for hydrocarbon reservoirs, doi:10.1007/978-1-4612-2290-3_2
- Vernon, Goldstein & Bower (2010), Galaxy formation: a Bayesian uncertainty analysis, doi:10.1214/10-BA524
- Andrianakis et al. (2015), Bayesian history matching of complex infectious disease models, doi:10.1371/journal.pcbi.1003968
- Pukelsheim (1994), The three sigma rule, doi:10.1080/00031305.1994.10476030
"""

from typing import NamedTuple

import numpy as np

CUT = 3.0
"""Implausibility above which a point is ruled out."""


class Known(NamedTuple):
    """The known range of one output, on the scale of comparison.

    Parameters
    ----------
    middle, deviation : float
        Middle of the range, and its standard deviation.
    model : float
        Standard deviation of the model's own discrepancy.
    logarithm : bool
        Whether the scale is the logarithm.
    """

    middle: float
    deviation: float
    model: float
    logarithm: bool

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Values on the scale of comparison."""
        return np.log(values) if self.logarithm else np.asarray(values, float)


def known(low: float, high: float, discrepancy: float, logarithm: bool) -> Known:
    """A range as `Known`; `discrepancy` is the model's, as a share of the middle of the range."""
    middle = 0.5 * (low + high)
    if logarithm and low > 0:
        return Known(0.5 * float(np.log(low * high)), 0.25 * float(np.log(high / low)), discrepancy, True)
    return Known(middle, 0.25 * (high - low), discrepancy * abs(middle), False)


def implausibility(about: Known, mean: np.ndarray, emulator: np.ndarray | float, noise: float) -> np.ndarray:
    """Implausibility of means on the scale of `about`; `emulator` and `noise` (between replicates) are variances."""
    variance = about.deviation**2 + about.model**2 + noise + emulator
    return np.abs(mean - about.middle) / np.sqrt(variance)


def highest(table: np.ndarray, place: int) -> np.ndarray:
    """The first, second, ... highest implausibility of every point.

    Parameters
    ----------
    table : ndarray, shape (points, outputs)
    place : int
        1 is the highest. With the second highest, a point may miss one output completely: no single range or emulator rules it out.

    Returns
    -------
    ndarray, shape (points,)
        Zeros if there are fewer outputs than `place`.
    """
    if table.shape[1] < place:
        return np.zeros(len(table))
    return np.partition(table, table.shape[1] - place, axis=1)[:, table.shape[1] - place]
