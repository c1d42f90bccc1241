"""Processes that tests start, watch and end. Patience is for a slow machine that also compiles; nothing waits longer than it must."""

import os
import signal
import sys
import time
from collections.abc import Callable
from subprocess import Popen
from typing import Any

PATIENCE = 600.0
"""Seconds after which something will not come any more."""
CPU_SECONDS = 3.0
"""Processor time that answers to bad input stay under, see `processor_seconds`: on the slowest machines, three times a current one's."""


def processor_seconds(call: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives, and its processor time, which a busy machine hardly stretches.

    Over the limit it is called again, and the best of three counts: a bomb goes off each time, a page fault or a collection of garbage
    does not.
    """
    least = float("inf")
    for _ in range(3):
        start = time.process_time()
        given = call()
        least = min(least, time.process_time() - start)
        if least < CPU_SECONDS:
            break
    return given, least


def environment(**more: str) -> dict[str, str]:
    """Variables of a process that imports the package as this one does."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | more


def heed_interrupts() -> None:
    """Undo what a shell does to its background jobs, and so to tests that run in one: it has them ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_until(happened: Callable[[], Any], process: Popen | None = None, patience: float = PATIENCE) -> Any:
    """What `happened` gives once that is true; fails where the process ends first, or it does not happen at all."""
    end = time.monotonic() + patience
    while not (found := happened()):
        assert process is None or process.poll() is None, f"ended with {process.returncode} before it happened"
        assert time.monotonic() < end, f"did not happen in {patience:g} s"
        time.sleep(0.02)
    return found


def gone(group: int) -> bool:
    """Whether no process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
