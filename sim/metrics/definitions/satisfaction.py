"""Satisfaction: its three parts, and its distribution over adults."""

import numpy as np

from sim.metrics.formulas import quantile
from sim.metrics.metric import ADULTS, metric
from sim.metrics.record import Record, ratio


@metric(unit="share", high=1, better="more", group="satisfaction", title="Belonging", title_zh="归属感")
def belonging(r: Record) -> np.ndarray:
    """Mean belonging of adults.

    成年人归属感的均值。
    """
    return r.mean("belonging")


@metric(unit="share", high=1, better="more", group="satisfaction", title="Happiness", title_zh="幸福感")
def happiness(r: Record) -> np.ndarray:
    """Mean happiness of adults.

    成年人幸福感的均值。
    """
    return r.mean("happiness")


@metric(unit="share", high=1, better="more", group="satisfaction", title="Security", title_zh="安全感")
def security(r: Record) -> np.ndarray:
    """Mean feeling of security of adults.

    成年人安全感的均值。
    """
    return r.mean("security")


@metric(unit="index", high=1, better="more", group="satisfaction", title="Satisfaction, 10th percentile", title_zh="满意度第10百分位")
def satisfaction_p10(r: Record) -> np.ndarray:
    """Satisfaction that one adult in ten falls short of.

    十分之一的成年人低于此满意度。
    """
    return quantile(r, 0.10)


@metric(unit="index", high=1, better="more", group="satisfaction", title="Satisfaction, median", title_zh="满意度中位数")
def satisfaction_p50(r: Record) -> np.ndarray:
    """Median satisfaction of adults.

    成年人满意度的中位数。
    """
    return quantile(r, 0.50)


@metric(unit="index", high=1, better="more", group="satisfaction", title="Satisfaction, 90th percentile", title_zh="满意度第90百分位")
def satisfaction_p90(r: Record) -> np.ndarray:
    """Satisfaction that one adult in ten exceeds.

    十分之一的成年人高于此满意度。
    """
    return quantile(r, 0.90)


@metric(unit="share", high=1, better="more", group="satisfaction", title="Satisfied adults", title_zh="满意的成年人占比", share_of=ADULTS)
def satisfied_share(r: Record) -> np.ndarray:
    """Adults with satisfaction of at least 0.65.

    满意度不低于0.65的成年人占比。
    """
    return ratio(r["satisfied"], r.adults)
