"""The three parts of stability: order, calm and resolution, each from one value in its natural unit (see `sim.metrics.goalposts`)."""

import numpy as np

from sim.metrics.formulas import sums, years
from sim.metrics.goalposts import GOALPOSTS
from sim.metrics.metric import metric
from sim.metrics.record import QUARTER, YEAR, Record


@metric(unit="index", high=1, better="more", group="stability", title="Order", title_zh="治安秩序")
def order(r: Record) -> np.ndarray:
    """0.0592 / (0.0592 + offences of 13 weeks per resident and year).

    0.0592 /（0.0592 + 最近13周的违法犯罪折算为每人每年的数量）。
    """
    scale = GOALPOSTS["order"]
    return scale.index(scale.estimate(sums(r["offences"], QUARTER), years(r, QUARTER)))


@metric(unit="index", high=1, better="more", group="stability", title="Calm", title_zh="社会平静")
def calm(r: Record) -> np.ndarray:
    """20 / (20 + protest person-weeks of 52 weeks per 1,000), shrunk towards 20 in small cities.

    20 /（20 + 最近52周每千人公开抗议的人周数），城市较小时向20收缩。
    """
    scale = GOALPOSTS["calm"]
    return scale.index(scale.estimate(sums(r["active"], YEAR), years(r, YEAR)))


@metric(unit="index", high=1, better="more", group="stability", title="Resolution", title_zh="纠纷化解")
def resolution(r: Record) -> np.ndarray:
    """5.1 / (5.1 + weeks per formal case closed in 13 weeks).

    5.1 /（5.1 + 最近13周每件办结的正式案件所用周数）。

    A week, and the weeks that cases waited for each that was closed (Little's law). Cases given up shorten the wait of the others and are
    not counted as closed.
    """
    scale = GOALPOSTS["resolution"]
    waited = sums(r["open_mediation"] + r["open_office"] + r["open_court"], QUARTER)
    closed = sums(r["formal_closed"], QUARTER)
    return scale.index(scale.estimate(waited + closed, closed))  # every case takes at least the week in which it is heard
