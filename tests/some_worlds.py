"""A set of worlds for tests: drawn from the prior, and matched to nothing."""

import numpy as np
import pandas as pd

from sim.version import MODEL_VERSION
from sim.worlds.priors import shipped
from sim.worlds.world import CHOICES

ABOUT = {"model": MODEL_VERSION, "evidence": "x", "scenario": {}, "targets": [], "settings": {}}


def some(count=6, seed=0):
    """A table of worlds drawn from the prior."""
    rng = np.random.default_rng(seed)
    table = {name: [prior.value(place) for place in rng.random(count)] for name, prior in shipped().items()}
    forms = {choice.key: choice.options[number % len(choice.options)] for number, choice in enumerate(CHOICES)}
    return pd.DataFrame({"world": np.arange(1, count + 1), **table, **forms})
