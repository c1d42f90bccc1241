"""What the tests of sweeps do in processes of their own: runs that misbehave, and a sweep to be killed."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
from processes import wait_until
from studies import TEXT

import sim.experiments.studies.sweep as module
from sim.experiments.studies import worker as sweep_worker
from sim.experiments.studies.run_store import LOCK, SERIES

MARKS = "SANZHI_TEST_MARKS"
"""Folder in which runs that misbehave leave a mark."""
usual = sweep_worker.run_chunk


def killable(samples):
    """Text of a study that takes long enough to be killed in: two runs for each sample."""
    return TEXT.replace("horizon: 8", "horizon: 520").replace("samples: 12", f"samples: {samples}") + "record: series\n"


def wait_until_at_work(folder, process):
    """A sweep that ends before anybody sees it at work is no harm here: it was killed too late."""
    parts, door = folder / SERIES, folder / LOCK
    wait_until(lambda: process.poll() is not None or (parts.is_dir() and any(parts.iterdir()) and door.exists()))


def misbehaving(task, orders):
    """`run_chunk`, but some runs raise, hang, kill their worker or have no number to show, by their number in the plan."""
    from sim import metrics
    from sim.simulation import Simulation

    sweep_worker._get_ready(None)  # a worker that gets ready is left alone, however long that takes: only runs are to misbehave
    series, advance = metrics.series_of, Simulation.advance
    results, parts = [], None
    for order in orders:
        try:
            metrics.series_of, Simulation.advance = _series(order.run, series), _advance(order.run, advance)
            (result,), parts = usual(task, [order])
        finally:
            metrics.series_of, Simulation.advance = series, advance
        results.append(result)
    return results, parts


def _series(run, usual_series):
    def changed(records, *names):
        found = usual_series(records, *names)
        if run == 3:
            found[0]["stability"] = found[0]["stability"] * float("nan")
        return found

    return changed


def _advance(run, usual_advance):
    def changed(self, weeks=1, progress=None):
        if run == 5:
            raise ZeroDivisionError("no luck")
        if run == 7:
            time.sleep(600)
        if run == 9:
            (Path(os.environ[MARKS]) / f"died-{os.getpid()}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if run == 13:
            np.ones(1 << 48)  # a petabyte or two
        if run == 11 and not (Path(os.environ[MARKS]) / "once").exists():
            (Path(os.environ[MARKS]) / "once").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return usual_advance(self, weeks, progress)

    return changed


def main():
    """Sweep the study file given, into the folder given."""
    path, out, workers = sys.argv[1:4]
    print(module.sweep(path, out, workers=int(workers)).content_hash)


if __name__ == "__main__":
    main()
