"""Memory over thousands of small runs in one process: flat."""

import subprocess
import sys

import pytest
from processes import environment

MOST = 15
"""Megabytes more that are no leak: caches that fill once, and what the allocator keeps."""
CODE = """
import resource, sys
from studies import study
from sim.experiments.studies.worker import Order, Task, run_chunk
from sim.experiments.runs.model_source import source_hash
task = Task(study().scenario, {"stability": "end"}, True, 600.0, source_hash())
def some(first, last):
    for run in range(first, last, 50):
        results, _ = run_chunk(task, [Order(r, {}, r) for r in range(run, run + 50)])
        assert not [result.error for result in results if result.error]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
first, last = map(int, sys.argv[1:])
print(some(0, first), some(first, last))
"""


def check(finding, runs):
    first = 200
    command = [sys.executable, "-c", CODE, str(first), str(runs)]
    text = subprocess.run(command, capture_output=True, text=True, check=True, env=environment()).stdout
    before, after = (int(kilobytes) / 1024 for kilobytes in text.split())
    finding(
        "small runs in one process",
        wanted=f"memory flat: at most {MOST} MB more at the peak than after {first} runs",
        found=f"{after - before:.1f} MB more after {runs:,} runs, {after:.0f} MB in all",
        reached=after - before < MOST,
        part="Kills and failures",
        kind="promise",
    )


def test_eight_hundred_runs(finding):
    check(finding, 800)


@pytest.mark.soak
def test_ten_thousand_runs(finding):
    check(finding, 10_000)
