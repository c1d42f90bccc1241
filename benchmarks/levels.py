"""This version against the one before issue 18, each for this processor and for any with AVX2 (x86-64-v3): all take turns in one run.

Each of the four has processes of its own, and a folder of its own for machine code, which is empty at first.
"""

import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from functools import partial
from pathlib import Path
from typing import NamedTuple

import llvmlite.binding

from benchmarks import cities, machine, runs
from benchmarks.fresh_process import ROOT, child, city, processor_seconds
from benchmarks.measure import Figure, figure, interleaved

BEFORE = "482d7c2"
"""The last commit before the work on issue 18."""
NUMPY = "import numpy"
BYTES = 200
"""Bytes of memory that a resident may need, generously."""
HERE = "import json; from benchmarks.levels import here; print(json.dumps(here({ways}, {runs}, {updates})))"


class Case(NamedTuple):
    """A version for a level of processor."""

    name: str
    root: Path
    cache: Path
    variables: dict[str, str]

    def run(self, code: str) -> str:
        """What some lines of Python print."""
        return child(["-c", code], **self.how())

    def how(self) -> dict:
        """Arguments of `child`."""
        return {"cache": self.cache, "root": self.root, "variables": self.variables}


def levels() -> dict[str, dict[str, str]]:
    """Variables by level. Without features of its own, Numba would use this processor's; NumPy is told to do without AVX-512, too."""
    features = llvmlite.binding.get_host_cpu_features()
    found: dict[str, dict[str, str]] = {"native": {}}
    if features.get("avx2") and features.get("fma") and features.get("bmi2"):
        found["x86-64-v3"] = {"NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": "", "NPY_DISABLE_CPU_FEATURES": _beyond_avx2()}
    return found


def _beyond_avx2() -> str:
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    wide = [name for name in __cpu_dispatch__ if name == "X86_V4" or name.startswith("AVX512")]
    return " ".join(name for name in wide if __cpu_features__.get(name))


def export(commit: str, folder: Path) -> bool:
    """Write the model of an earlier commit into `folder`, with the present benchmarks; False where there is no such history.

    The mechanisms in whole-array NumPy stay as they were there, since they follow the model.
    """
    git = shutil.which("git")
    done = git and subprocess.run([git, "archive", commit], cwd=ROOT, capture_output=True)
    if not done or done.returncode:
        return False
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        files.extractall(folder, filter="data")
    shutil.copytree(ROOT / "benchmarks", folder / "benchmarks", ignore=shutil.ignore_patterns("whole_array"), dirs_exist_ok=True)
    return True


def measure(plan: dict, threads: int, say) -> dict[str, dict[str, Figure]]:
    """Figures by what was measured, then by level; those of the earlier version as ``before, native``.

    Parameters
    ----------
    plan : dict
        Sizes and repeats; with ``compare`` unset, only this version for this processor.
    threads : int
        Threads of the largest city.
    say : callable
        Called with the name of the next measurement.
    """
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "before"
        versions = {"": ROOT} | ({"before, ": old} if plan["compare"] and export(BEFORE, old) else {})
        cases = [
            Case(version + level, root, Path(folder) / f"cache of {version}{level}", variables)
            for version, root in versions.items()
            for level, variables in (levels() if plan["compare"] else {"native": {}}).items()
        ]
        found = {"compile": {case.name: _compile(case, say) for case in cases}}
        found["first week"] = _first_weeks(cases, plan["repeats"], say)
        found |= _weeks_and_runs(cases, plan, say)
        return found | _large(cases, plan, threads, say)


def _compile(case: Case, say) -> Figure:
    say(f"compiling into an empty folder: {case.name}")
    return figure([processor_seconds("first week", **case.how())], "s of processor time")


def _first_weeks(cases: list[Case], repeats: int, say) -> dict[str, Figure]:
    """Processor seconds of a first week with kernels cached, and of `NUMPY`."""
    say("first weeks and import numpy, by turns")
    timed = {NUMPY: partial(processor_seconds, NUMPY)}
    timed |= {case.name: partial(processor_seconds, "first week", **case.how()) for case in cases}
    return interleaved(timed, repeats, "s of processor time")


def here(ways: tuple[int, int], few: tuple[int, int, int], updates: int) -> dict[str, float]:
    """Rates of this process: weeks in several ways on one core, and whole runs, each once."""
    found = cities.ways(*ways, 3, updates) | runs.measure(*few, 1)
    return {name: value.median for name, value in found.items()}


def _weeks_and_runs(cases: list[Case], plan: dict, say) -> dict[str, dict[str, Figure]]:
    code = HERE.format(ways=plan["ways"], runs=plan["runs"], updates=min(plan["updates"], 2_000_000))
    values: dict[str, dict[str, list[float]]] = {}
    for turn in range(plan["few"]):
        for case in cases:
            say(f"weeks and runs, turn {turn + 1}: {case.name}")
            for what, value in json.loads(case.run(code)).items():
                values.setdefault(what, {}).setdefault(case.name, []).append(value)
    unit = dict.fromkeys(("kernels alone", "whole runs", "all metrics", "pool"), "runs/s")
    return {
        what: {name: figure(some, unit.get(what, "k resident-weeks/s")) for name, some in by_case.items()}
        for what, by_case in values.items()
    }


def _large(cases: list[Case], plan: dict, threads: int, say) -> dict[str, dict[str, Figure]]:
    """The largest city: share of STREAM's speed, which is measured just before, and peak memory."""
    residents = max(plan["sizes"])
    found: dict[str, dict[str, Figure]] = {"share of STREAM": {}, "peak": {}}
    if machine.free_bytes() < residents * BYTES:
        return found
    for case in cases:
        say(f"a city of {residents:,}: {case.name}")
        copied = machine.memory_speed(plan["few"], plan["mb"], 1_000, threads)[f"copy_{threads}"].median
        large = city(residents, threads, plan["few"], plan["updates"], **case.how())
        rate = large["rates"][max(large["rates"])].median  # million resident-weeks/s
        found["share of STREAM"][case.name] = figure([large["moved"] * rate / 1e3 / copied], "of STREAM")
        found["peak"][case.name] = large["peak"]
    return found
