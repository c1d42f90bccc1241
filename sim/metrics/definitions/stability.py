"""The four parts of stability: order, calm, resolution and steadiness.

Each is one half at a reference level, which is a constant of the model version. Before the first week, the city counts as being at the
reference.
"""

import numpy as np

from sim.maths import exp2
from sim.metrics.formulas import cumulated
from sim.metrics.metric import metric
from sim.metrics.record import QUARTER, YEAR, Record, ratio

OFFENCES_REFERENCE = 0.021
"""Offences per resident and year at which order is one half."""
ACTIVE_REFERENCE = 20.0
"""Person-weeks of protest per 1,000 residents and year at which calm is one half."""
DURATION_REFERENCE = 3.5
"""Weeks of a formal case at which resolution is one half."""
UNSTEADINESS_REFERENCE = 0.30
"""Fluctuation of four-week counts (phi of `steadiness`) at which steadiness is one half."""
WINDOW = 4
"""Weeks over which events are summed for steadiness."""


@metric(unit="index", high=1, better="more", group="stability", title="Order", title_zh="治安秩序")
def order(r: Record) -> np.ndarray:
    """2^(-offences of 13 weeks / 0.021 per resident and year).

    2^（−最近13周的违法犯罪折算为每人每年的数量 / 0.021）。
    """
    offences = r.recent("offences", QUARTER, before=OFFENCES_REFERENCE / YEAR)
    return exp2(-offences * (YEAR / QUARTER) / (r.residents * OFFENCES_REFERENCE))


@metric(unit="index", high=1, better="more", group="stability", title="Calm", title_zh="社会平静")
def calm(r: Record) -> np.ndarray:
    """2^(-protest person-weeks of 52 weeks / 20 per 1,000).

    2^（−最近52周每千人公开抗议的人周数 / 20）。
    """
    active = r.recent("active", YEAR, before=ACTIVE_REFERENCE / 1000.0 / YEAR)
    return exp2(-active * 1000.0 / (r.residents * ACTIVE_REFERENCE))


@metric(unit="index", high=1, better="more", group="stability", title="Resolution", title_zh="纠纷化解")
def resolution(r: Record) -> np.ndarray:
    """2^(-weeks of formal cases, observed and expected from the queue / 3.5).

    2^（−正式案件用时 / 3.5），用时（周）为已结案件实际用时与按排队预计用时的平均。

    The mean of the age of closed formal cases and the wait expected from the queue (Little's law).
    """
    closed = r.recent("formal_closed", QUARTER)
    seen = ratio(r.recent("formal_weeks", QUARTER), closed, empty=0.0)
    waiting = r["open_mediation"] + r["open_office"] + r["open_court"]
    expected = 1.0 + ratio(waiting * QUARTER, closed, empty=0.0)
    nothing_moves = (closed == 0) & (waiting > 0)
    return np.where(nothing_moves, 0.0, exp2(-0.5 * (seen + expected) / DURATION_REFERENCE))


@metric(unit="index", high=1, better="more", group="stability", title="Steadiness", title_zh="运行平稳")
def steadiness(r: Record) -> np.ndarray:
    """1 / (1 + phi / 0.3), phi the fluctuation beyond chance of four-week counts of offences and protest in a year, per 100,000 residents.

    1 /（1 + φ / 0.3），φ为一年内违法犯罪与抗议的四周计数超出随机波动的起伏，按每10万居民计。

    phi = (variance - mean) / (mean * mean per 100,000 residents): for bursts in single communities, independent of the size of the city.
    In the first year, missing weeks are filled with the reference.
    """
    events = r["offences"] + r["active"]
    total = cumulated(events)
    sums = total[WINDOW:] - total[:-WINDOW]  # sums of all four-week windows: integers, so exact
    once, twice = cumulated(sums), cumulated(sums * sums)
    windows = YEAR - WINDOW + 1
    last = np.arange(YEAR // 4 - 1, r.weeks) + 2 - WINDOW  # last window that has ended by each week
    count = np.minimum(last, windows)
    first, count = last - count, count[:, None]
    mean = (once[last] - once[first]) / count
    variance = (twice[last] - twice[first]) / (count - 1) - mean * mean * count / (count - 1)
    seen = np.maximum(0.0, ratio(variance - mean, mean * mean * 100_000.0 / r.residents, empty=0.0))
    phi = np.full(events.shape, UNSTEADINESS_REFERENCE)
    phi[YEAR // 4 - 1 :] = (count * seen + (windows - count) * UNSTEADINESS_REFERENCE) / windows
    return 1.0 / (1.0 + phi / UNSTEADINESS_REFERENCE)
