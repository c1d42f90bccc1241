"""The two indices that head every table: weighted means of their parts, with the weights of the scenario."""

import numpy as np

from sim.metrics.definitions.satisfaction import belonging, happiness, security
from sim.metrics.definitions.stability import calm, order, resolution
from sim.metrics.formulas import weighted_mean
from sim.metrics.metric import metric
from sim.metrics.record import Record


@metric(unit="index", high=1, better="more", group="headline", title="Stability", title_zh="社会稳定")
def stability(r: Record) -> np.ndarray:
    """Weighted mean of order, calm and resolution.

    治安秩序、社会平静与纠纷化解的加权平均。
    """
    parts = {part.name: part(r) for part in (order, calm, resolution)}
    return weighted_mean(parts, r.scenario.weights.stability.model_dump())


@metric(unit="index", high=1, better="more", group="headline", title="Satisfaction", title_zh="居民满意度")
def satisfaction(r: Record) -> np.ndarray:
    """Weighted mean of belonging, happiness and security over adults.

    成年人归属感、幸福感与安全感的加权平均。
    """
    parts = {part.name: part(r) for part in (belonging, happiness, security)}
    return weighted_mean(parts, r.scenario.weights.satisfaction.model_dump())
