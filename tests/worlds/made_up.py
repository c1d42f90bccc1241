"""A model made up for tests of the matching: every target depends on a few coefficients, and on luck, and costs no simulation.

Run as a script, it makes worlds in a folder until it is killed or done: ``python made_up.py FOLDER``.
"""

import sys
import time
import zlib

import numpy as np

from sim.experiments.worlds import make, trials
from sim.experiments.worlds.evidence import EFFECT, RATE, RATES, plain, targets
from sim.scenario import load_scenario
from sim.worlds.priors import shipped

SETTINGS = make.Settings(count=4, explored=120, batch=8, residents=2000, small=3000)
KNOWN = {one.name: one for one in targets(plain(load_scenario("baseline")))}
NAMES = [name for name, prior in shipped().items() if not prior.follows]
RNG = np.random.default_rng(3)
MATTERS = {name: (RNG.choice(len(NAMES), 3, replace=False), RNG.normal(0.0, 1.0, 3)) for name in KNOWN}
OFF = 0.35
"""How far the middle of the prior misses the middle of every range, in widths."""


def value(name, coefficients, seed, residents=2000):
    """A target in a world under a seed."""
    chosen, weights = MATTERS[name]
    at = np.array([shipped()[NAMES[one]].position(coefficients[NAMES[one]]) - 0.5 for one in chosen])
    luck = np.random.default_rng([seed, residents, zlib.crc32(name.encode())]).normal(0.0, 0.1)
    target = KNOWN[name]
    return float(0.5 * (target.low + target.high) + target.width * (1.5 * np.tanh(at @ weights) + OFF + luck))


def measured(scenario, trial, rates):
    """What `sim.experiments.worlds.evidence.measure` gives, made up."""
    names = [f"{RATE}:{name}" for name in rates] if trial.what == RATES else [f"{EFFECT}:{trial.what}"]
    return tuple(value(name, trial.coefficients, trial.seed, trial.residents) for name in names)


if __name__ == "__main__":

    def slowly(*job):
        """So that there is time for a kill."""
        time.sleep(0.002)
        return measured(*job)

    trials.measure = slowly
    make.make_worlds(sys.argv[1], settings=SETTINGS, workers=1)
