"""Spatial lag of hardship: events rise with the hardship of the areas around, beyond an area's own.

    log rate_i = a + b h_i + c (mean of h over the nearest areas of i)

The value is c per standard deviation of the mean around: 0 if an area's own hardship is all that counts, above 0 if offences, or what
causes them, cross borders. The null model: residuals of the line on own hardship, shuffled over the areas, so that own hardship keeps its
effect.

References
----------
- Halleck Vega & Elhorst (2015), The SLX model, doi:10.1111/jors.12188
- Freedman & Lane (1983), A nonstochastic interpretation of reported significance levels, doi:10.1080/07350015.1983.10509354
"""

import numpy as np


def spatial_lag(rates: np.ndarray, hardship: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Log rate per standard deviation of the neighbours' mean hardship, own hardship held fixed.

    Parameters
    ----------
    rates : ndarray, shape (areas,) or (draws, areas)
        Logarithms of events per resident.
    hardship : ndarray, shape (areas,)
    neighbours : ndarray of int, shape (areas, count)
        As from `sim.analysis.patterns.neighbours.nearest`.

    Returns
    -------
    float or ndarray, shape (draws,)
        NaN where the hardship around says nothing beyond an area's own.
    """
    around = hardship[neighbours].mean(axis=1)
    rest = around - _on_own(around, hardship)
    squares = (rest * rest).sum()
    if squares < 1e-12:
        return np.full(rates.shape[:-1], np.nan)[()]
    return ((rates * rest).sum(axis=-1) / squares * around.std())[()]


def shuffled(rates: np.ndarray, hardship: np.ndarray, neighbours: np.ndarray, draws: int = 999, seed: int = 0) -> np.ndarray:
    """Spatial lags where residuals of the line on own hardship are shuffled over the areas, shape (draws,)."""
    line = _on_own(rates, hardship)
    residuals = np.random.default_rng(seed).permuted(np.tile(rates - line, (draws, 1)), axis=1)
    return spatial_lag(line + residuals, hardship, neighbours)


def _on_own(values: np.ndarray, hardship: np.ndarray) -> np.ndarray:
    """Least-squares line of values on own hardship."""
    own = hardship - hardship.mean()
    squares = (own * own).sum()
    return values.mean() + own * ((own * values).sum() / squares if squares > 1e-12 else 0.0)
