"""Simulate up to a week in steps short enough for a progress bar and for Ctrl-C."""

import time
from collections.abc import Callable

from sim.simulation import Simulation

STEP_SECONDS = 0.2
"""Seconds of simulation between two checks for Ctrl-C and updates of the progress bar."""


def advance_to(simulation: Simulation, week: int, progress: Callable[[int], None] | None = None) -> None:
    """Simulate every week up to `week`, and call `progress` with the weeks done several times a second.

    The length of the steps adapts to the elapsed time; it does not affect results.
    """
    step = 1
    while simulation.week < week:
        weeks = min(step, week - simulation.week)
        before = time.perf_counter()
        simulation.advance(weeks)
        per_week = (time.perf_counter() - before) / weeks
        # At most twice the last: the first call may include compilation.
        step = max(1, min(2 * weeks, int(STEP_SECONDS / max(per_week, 1e-9))))
        if progress:
            progress(simulation.week)
