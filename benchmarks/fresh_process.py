"""Measurements that need a fresh process: cold start, time to build a city, peak memory."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Figure, figure, interleaved, seconds

ROOT = Path(__file__).parents[1]
CITY = """
import json
from benchmarks.cities import describe
print(json.dumps(describe({residents}, {threads}, {repeats}, {updates})))
"""
FIRST_WEEK = """
from sim.scenario import read_scenario
from sim.simulation import Simulation
Simulation(read_scenario({"name": "first", "city": {"preset": "synthetic", "residents": 2048}, "horizon": 4}), 1).advance(1)
"""
STARTS = {
    "python": ["-c", "pass"],
    "import numpy": ["-c", "import numpy"],
    "import sim": ["-c", "import sim"],
    "sanzhi --help": ["-m", "sim.cli", "--help"],
    "first week": ["-c", FIRST_WEEK],
}


def peak_bytes() -> int:
    """Peak memory of this process, in bytes.

    On Linux, a child inherits the peak of its parent in `getrusage`, so the kernel's record of this program is read instead.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def child(
    arguments, cache: Path | None = None, python: str | None = None, root: Path = ROOT, variables: dict[str, str] | None = None
) -> str:
    """Run Python with `arguments` in a fresh process and return its output.

    Parameters
    ----------
    arguments : list of str
    cache : Path, optional
        Folder for machine code; the user's own by default.
    python : str, optional
        Another interpreter.
    root : Path
        The working folder, from which `sim` and `benchmarks` are imported.
    variables : dict of str, optional
        Additional variables of the environment.

    Raises
    ------
    RuntimeError
        If it fails; with its output.
    """
    environment = {**os.environ, **({"XDG_CACHE_HOME": str(cache)} if cache else {}), **(variables or {})}
    if cache:
        environment.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run([python or sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)[:60]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def processor_seconds(name: str, **how) -> float:
    """Processor time of a process of `STARTS`; `how` as for `child`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child(STARTS[name], **how)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def starts(repeats: int) -> dict[str, Figure]:
    """Wall seconds of whole processes of `STARTS`, with cached kernels; a first week has 2,048 residents."""
    child(STARTS["first week"])
    return interleaved({name: lambda a=a: seconds(lambda: child(a)) for name, a in STARTS.items()}, repeats, "s")


def compiling() -> Figure:
    """Wall seconds of the first run of an installation, which compiles all kernels. Measured once."""
    with tempfile.TemporaryDirectory() as folder:
        return figure([seconds(lambda: child(STARTS["first week"], cache=Path(folder)))], "s")


def city(residents: int, threads: int, repeats: int, updates: int, **how) -> dict:
    """`benchmarks.cities.describe` in a separate process, as figures; `how` as for `child`.

    Returns
    -------
    dict
        ``build`` (s), ``peak`` (MB), ``row`` and ``moved`` (bytes a resident), ``rates`` (M resident-weeks/s by threads), ``parts``
        (ns a resident).
    """
    found = json.loads(child(["-c", CITY.format(residents=residents, threads=threads, repeats=repeats, updates=updates)], **how))
    return {
        "build": figure([found["build"]], "s"),
        "peak": figure([found["peak"] / 1e6], "MB"),
        "row": found["row"],
        "moved": found["moved"],
        "rates": {int(n): figure([rate / 1e6 for rate in rates], "M resident-weeks/s") for n, rates in found["rates"].items()},
        "parts": found["parts"],
    }
