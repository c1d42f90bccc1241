"""Jobs for the tests of the pool: worker processes import them by name."""

import os
import signal
import time
from pathlib import Path


def square(number, tick):
    tick(number)
    return number * number


def kill_worker_on_three(number, tick):
    """Job 3 takes its worker with it, every time."""
    if number == 3:
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.1)
    return number


def kill_worker_once(argument, tick):
    """The job takes its worker with it the first time it is tried."""
    number, marker = argument
    if number == 1 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def raise_on_two(number, tick):
    if number == 2:
        raise ValueError("two is out of the question")
    return number


def count_slowly(argument, tick):
    """Ticks for ten minutes, writing down that it began and how it ended."""
    marker = Path(argument)
    marker.write_text("began")
    try:
        for i in range(6000):
            tick(i)
            time.sleep(0.1)
    except BaseException as error:
        marker.write_text(type(error).__name__)
        raise
    return 0
