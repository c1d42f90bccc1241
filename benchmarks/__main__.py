"""Measure speed, memory and start-up of this installation on this machine, and print a Markdown report."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from benchmarks import check, cities, fresh_process, growth, levels, machine, other_models, profile, runs
from benchmarks.measure import Figure
from benchmarks.table import report
from sim.simulation import SMALL

Plan = dict[str, Any]
SIZES = (2_048, 100_000, 1_000_000, 10_000_000, cities.SHANGHAI)
FULL: Plan = {
    "sizes": SIZES,
    "ways": (2_048, 100_000),
    "profile": 1_000_000,
    "repeats": 7,
    "few": 3,
    "updates": 100_000_000,
    "mb": 512,
}
FULL |= {"runs": (2_048, 260, 40), "pairs": 5, "compare": True}
QUICK: Plan = {
    "sizes": SIZES[:3],
    "ways": (1_024, 100_000),
    "profile": 50_000,
    "repeats": 3,
    "few": 2,
    "updates": 1_000_000,
    "mb": 64,
}
QUICK |= {"runs": (2_048, 260, 8), "pairs": 3, "compare": False}
TINY = {
    "sizes": (512,),
    "ways": (256, 512),
    "profile": 512,
    "repeats": 1,
    "few": 1,
    "updates": 1_024,
    "mb": 1,
    "runs": (256, 8, 2),
    "pairs": 1,
    "compare": False,
}
THREADS = 2
SAID = {
    "the whole week against the same model as Mesa objects, one core": ("kernels", "Mesa objects"),
    "the whole week against the same model in plain Python, one core": ("kernels", "plain Python"),
    "four mechanisms against the same in whole-array NumPy, one core": ("kernels, four mechanisms", "NumPy, four mechanisms"),
}


def measure_all(plan: dict, say=lambda what: None, fresh: bool = True, starsim: str | None = None) -> dict:
    """All figures.

    Parameters
    ----------
    plan : dict
        Sizes and repeats, as `FULL` or `QUICK`.
    say : callable
        Called with the name of the next measurement.
    fresh : bool
        False to skip measurements that need fresh processes.
    starsim : str, optional
        A Python interpreter with starsim.

    Returns
    -------
    dict
    """
    repeats, few = plan["repeats"], plan["few"]
    say("memory of the machine")
    found: dict[str, Any] = {
        "machine": machine.describe(),
        "memory_speed": machine.memory_speed(repeats, plan["mb"], plan["mb"] * 2**14, THREADS),
    }
    say("the same week in several ways")
    small, large = plan["ways"]
    found["ways"] = cities.ways(small, large, repeats, min(plan["updates"], 2_000_000))
    say("mechanisms")
    found["profile_size"], found["mechanisms"] = (
        plan["profile"],
        profile.mechanisms(plan["profile"], 2 * repeats, min(plan["updates"], 4_000_000)),
    )
    found |= {name: {} for name in ("levels", "runs", "cities", "starts", "other models", "stated")} | {"growth": ""}
    found["large"] = max(plan["sizes"])
    found["left out"] = [size for size in plan["sizes"] if size * levels.BYTES > machine.free_bytes()]
    if fresh:
        found["levels"] = levels.measure(plan, THREADS, say)
        for size in (size for size in plan["sizes"] if size not in found["left out"]):
            say(f"a city of {size:,} in a process of its own")
            found["cities"][size] = fresh_process.city(size, THREADS, few, plan["updates"])
        say("whole runs, here and over the pool")
        residents, weeks, count = plan["runs"]
        found["runs"] = runs.measure(residents, weeks, count, few)
        say("cold start")
        found["starts"] = fresh_process.starts(repeats)
        say("other models")
        found["other models"] = other_models.measure(few, starsim)
        say("the ratios that continuous integration compares")
        found["stated"] = check.ratios(plan["pairs"])
        say("what grows, and how fast")
        found["growth"] = growth.growth_table(growth.measured(repeats=few))
    if fresh and plan is FULL:
        say("the first run of an installation, which compiles")
        found["starts"]["first run ever"] = fresh_process.compiling()
    found["ratios"] = ratios(found)
    return found


def ratios(found: dict) -> dict[str, float]:
    """Figures that are comparable between machines: speed-up, gain by a second thread, share of the memory bandwidth."""
    ways = found["ways"]
    out = {what: ways[a].median / ways[b].median for what, (a, b) in SAID.items() if isinstance(ways.get(b), Figure)}
    for size, city in found["cities"].items():
        rates = city["rates"]
        if size >= SMALL:
            out[f"{THREADS} threads against 1, {size:,} residents"] = rates[THREADS].median / rates[1].median
    if found["cities"]:
        size, city = max(found["cities"].items())
        threads, rate = max(city["rates"].items())
        moved = city["moved"] * rate.median / 1e3  # GB/s: rates are in millions
        out[f"bytes moved against STREAM, {size:,} residents, {threads} threads"] = moved / found["memory_speed"][f"copy_{threads}"].median
        out[f"peak memory against the rows of residents, {size:,}"] = city["peak"].median * 1e6 / (city["row"] * size)
    if found["runs"]:
        out["whole runs against kernels alone"] = found["runs"]["whole runs"].median / found["runs"]["kernels alone"].median
        out["the pool against one process"] = found["runs"]["pool"].median / found["runs"]["whole runs"].median
    return out


def plain_data(found):
    """The figures as JSON data."""
    if isinstance(found, dict):
        return {str(key): plain_data(value) for key, value in found.items()}
    return found.as_data() if isinstance(found, Figure) else found


@click.command()
@click.option("--quick", is_flag=True, help="Smaller cities, fewer repeats, this version and processor only: a few minutes.")
@click.option("--json", "data", type=click.Path(dir_okay=False, path_type=Path), help="Also write every figure there, as JSON.")
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="Write the report there, as docs/performance.md.")
@click.option("--growth", "only_growth", is_flag=True, help="Only what grows, and how fast: under a minute.")
@click.option("--starsim", type=click.Path(exists=True, dir_okay=False), help="A Python that has starsim, to measure that too.")
def main(quick: bool, data: Path | None, write: Path | None, only_growth: bool, starsim: str | None) -> None:
    """Measure speed, memory and start-up of this installation on this machine.

    With --write the reference ratios of `python -m benchmarks.check` are updated, too.
    """
    if only_growth:
        click.echo(growth.growth_table(growth.measured()))
        return
    found = measure_all(QUICK if quick else FULL, lambda what: print(f"measuring: {what} ...", file=sys.stderr), starsim=starsim)
    text = report(found, quick)
    if data:
        data.parent.mkdir(parents=True, exist_ok=True)
        data.write_text(json.dumps(plain_data(found), indent=2) + "\n")
    if write:
        write.write_text(text)
        check.state(found["stated"])
    else:
        click.echo(text)


if __name__ == "__main__":
    main()
