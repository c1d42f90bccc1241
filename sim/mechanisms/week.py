"""A week of the model, from planning to measurement: the driver derived from the mechanisms and the kernels around them.

Residents read only last week's results and the conditions that units wrote when the week was planned. All stages of one tile can
therefore run without waiting for other tiles: a week is one pass through memory, and its result does not depend on the number of
threads, the order of communities or the size of a tile.

The order in which mechanisms act is `ORDER` in `sim/mechanisms/order.py`. From it and the
mechanisms' registrations, `sim.mechanisms.week_source` generates the calls, and `sanzhi describe week` prints them as a table of contents.
"""

import hashlib
import linecache
import sys
import types
from collections.abc import Iterable

import numpy as np

from sim.city.measure import close_week, express, keep_events, keep_grievance, measure, record_week
from sim.city.ties import look_around, read_signals
from sim.draws import random_key
from sim.kernel import driver, kernel, shared, values_of
from sim.kernel.cache import STAMP, source_file
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.mechanisms.prosecution import serve_sentences
from sim.mechanisms.week_source import names_of, week_source


@kernel
def measure_built(world, scratch):
    """Measure the city as built, which provides last week's counts for the first week."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        for t in range(community.first_tile, community.last_tile):
            measure(world.tiles[t], community, scratch, world.weights, world.histogram[k])
            express(world.tiles[t], scratch, world.visible[0], community.hush)
        for b in range(world.histogram.shape[1]):
            world.histogram[k, b] = 0
    close_week(world)


OPEN, PLAN, LIVE, CLOSE = 1, 2, 4, 8
SCRATCH = 7  # values per resident that one kernel may pass to the next
FRAME = {
    **{"np": np, "kernel": kernel, "driver": driver, "shared": shared, "values_of": values_of, "random_key": random_key},
    **{
        "read_signals": read_signals,
        "look_around": look_around,
        "serve_sentences": serve_sentences,
        "measure": measure,
        "express": express,
    },
    **{"keep_grievance": keep_grievance, "keep_events": keep_events, "record_week": record_week, "close_week": close_week},
    **{"measure_built": measure_built, "OPEN": OPEN, "PLAN": PLAN, "LIVE": LIVE, "CLOSE": CLOSE},
}
"""Names used in the source of a week, apart from its mechanisms."""


class Week:
    """The week of a set of mechanisms. Its kernels are compiled when first needed, and cached on disk under a hash of their source.

    Parameters
    ----------
    mechanisms : iterable of Mechanism
        In the order of the week.
    numbers : dict, optional
        Position of each in ``world.enabled``, by name; its position in the week by default.
    origin : str
        Identifies the code of mechanisms from outside the package; empty without any.
    """

    def __init__(self, mechanisms: Iterable[Mechanism], numbers: dict[str, int] | None = None, origin: str = ""):
        self.mechanisms = tuple(mechanisms)
        self.numbers = numbers or {one.name: number for number, one in enumerate(self.mechanisms)}
        self.source = week_source(self.mechanisms)
        self.steps = self._module(hashlib.blake2b(f"{origin}\0{self.numbers}\0{self.source}".encode(), digest_size=8).hexdigest()).steps

    def _module(self, stamp: str) -> types.ModuleType:
        """The source as a module in `sys.modules`, where cached machine code looks up its globals."""
        module = types.ModuleType(f"sim.mechanisms.week_{stamp}")
        label = source_file(f"week-{stamp}", self.source)
        vars(module).update({**FRAME, **names_of(self.mechanisms, self.numbers), STAMP: stamp})
        linecache.cache[label] = (len(self.source), None, self.source.splitlines(keepends=True), label)
        exec(compile(self.source, label, "exec"), vars(module))  # noqa: S102  (written by week_source)
        sys.modules[module.__name__] = module
        return module

    def _run(self, world, first, last, k0, k1, which):
        """Run steps with arrays of their own, which several threads cannot share. A driver that makes none is loaded faster."""
        signals = np.empty(int(world.communities["residents"].max()), np.uint32)
        size = world.tiles["norm"].shape[1]
        peers, scratch = np.empty(size, np.uint32), np.empty((SCRATCH, size), np.float32)
        self.steps(world, first, last, k0, k1, which, signals, peers, scratch)

    def measure_start(self, world, k0, k1):
        """Measure the city as built, which provides last week's counts for the first week."""
        self._run(world, 0, 0, k0, k1, OPEN)

    def run(self, world, first, last):
        """Run weeks `first` to `last` (exclusive) in one thread: the fastest way for a small city."""
        self._run(world, first, last, 0, len(world.communities), PLAN | LIVE | CLOSE)

    def begin(self, world, week):
        """Plan one week (before several threads run its communities)."""
        self._run(world, week, week + 1, 0, 0, PLAN)

    def live(self, world, week, k0, k1):
        """Run residents' part of one week in communities `k0` to `k1` (exclusive): one thread's share."""
        self._run(world, week, week + 1, k0, k1, LIVE)

    def end(self, world, week):
        """Close one week."""
        self._run(world, week, week + 1, 0, 0, CLOSE)


USUAL = Week(MECHANISMS.values())
"""The week of the package's own mechanisms."""
measure_start, run_weeks, begin_week, live_week, end_week = USUAL.measure_start, USUAL.run, USUAL.begin, USUAL.live, USUAL.end
