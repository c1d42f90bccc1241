"""Fairness: gaps between local and non-local residents, and between communities."""

import numpy as np

from sim.metrics.formulas import gap
from sim.metrics.metric import metric
from sim.metrics.record import Record


@metric(
    unit="index points",
    low=-1,
    high=1,
    better="less",
    group="fairness",
    title="Satisfaction gap, local minus non-local",
    title_zh="满意度差距（本地减外来）",
)
def gap_satisfaction(r: Record) -> np.ndarray:
    """Satisfaction of local minus non-local adults.

    本地成年人与外来成年人的满意度之差。
    """
    return gap(r, "satisfaction")


@metric(
    unit="index points",
    low=-1,
    high=1,
    better="less",
    group="fairness",
    title="Service gap, local minus non-local",
    title_zh="公共服务差距（本地减外来）",
)
def gap_service(r: Record) -> np.ndarray:
    """Perceived service of local minus non-local adults.

    本地成年人与外来成年人感受到的公共服务之差。
    """
    return gap(r, "service")


@metric(
    unit="index points",
    low=-1,
    high=1,
    better="less",
    group="fairness",
    title="Belonging gap, local minus non-local",
    title_zh="归属感差距（本地减外来）",
)
def gap_belonging(r: Record) -> np.ndarray:
    """Belonging of local minus non-local adults.

    本地成年人与外来成年人的归属感之差。
    """
    return gap(r, "belonging")


@metric(
    unit="index points",
    high=1,
    better="less",
    group="fairness",
    title="Spread of satisfaction between communities",
    title_zh="社区间满意度离散程度",
    city_only=True,
)
def spread_satisfaction(r: Record) -> np.ndarray:
    """Standard deviation of mean satisfaction between communities.

    各社区平均满意度的标准差。
    """
    return r.spread[:, None]
