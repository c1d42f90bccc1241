"""Measure speed, memory and start of this installation on this machine, and print a Markdown report."""

import json
import sys
from pathlib import Path

import click

from benchmarks import children, machine, speed
from benchmarks.measure import Figure
from benchmarks.table import report

FULL = {"sizes": (2_048, 100_000, 1_000_000), "ways": 2_048, "alone": 50_000, "repeats": 9, "few": 3, "updates": 2_000_000, "mb": 256}
QUICK = {"sizes": (2_048, 100_000), "ways": 1_024, "alone": 20_000, "repeats": 3, "few": 1, "updates": 400_000, "mb": 64}
TINY = {"sizes": (512,), "ways": 256, "alone": 512, "repeats": 1, "few": 1, "updates": 1_024, "mb": 1}
SAID = {
    "whole week against plain Python, one core": ("kernels", "plain Python"),
    "whole week against Mesa objects, one core": ("kernels", "Mesa objects"),
    "plain Python against Mesa objects": ("plain Python", "Mesa objects"),
}


def measure_all(plan: dict, say=lambda what: None, fresh: bool = True) -> dict:
    """All figures.

    Parameters
    ----------
    plan : dict
        Sizes and repeats, as `FULL` or `QUICK`.
    say : callable
        Told what is measured next.
    fresh : bool
        False to leave out what needs fresh processes.

    Returns
    -------
    dict
    """
    repeats, few = plan["repeats"], plan["few"]
    say("memory of the machine")
    found = {"machine": machine.describe(), "memory_speed": machine.memory_speed(repeats, plan["mb"], plan["mb"] * 2**14)}
    say("the same week three ways")
    found["ways"] = speed.ways(plan["ways"], repeats, plan["updates"])
    say("throughput")
    found["throughput"] = speed.throughput(plan["sizes"], repeats=repeats, updates=plan["updates"])
    say("mechanisms")
    found["mechanisms"] = speed.mechanisms(plan["alone"], repeats)
    found["units"] = speed.units(plan["alone"], repeats)
    found["cities"], found["starts"] = {}, {}
    if fresh:
        say("cities in fresh processes")
        found["cities"] = children.cities(plan["sizes"], few)
        say("cold start")
        found["starts"] = children.starts(repeats)
    if fresh and plan is FULL:
        say("the first run of an installation, which compiles")
        found["starts"]["first run ever"] = children.compiling()
    found["ratios"] = ratios(found)
    return found


def ratios(found: dict) -> dict[str, float]:
    """What may be compared between machines: how many times faster, what a second thread brings, how near to the memory's speed."""
    out = {what: found["ways"][a].median / found["ways"][b].median for what, (a, b) in SAID.items()}
    rates = found["throughput"]
    for name, rate in rates.items():
        size, threads = name.split("x")
        if threads != "1":
            out[f"{threads} threads against 1, {int(size):,} residents"] = rate.median / rates[f"{size}x1"].median
    for size, city in found["cities"].items():
        if f"{size}x1" in rates:
            weeks = city["build"].median * rates[f"{size}x1"].median * 1e6 / size
            out[f"weeks that could be lived while building, {size:,} residents"] = weeks
    biggest = max(found["cities"], default=None)
    if f"{biggest}x1" in rates:
        moved = found["cities"][biggest]["tile"].median * rates[f"{biggest}x1"].median / 1e3
        out["resident rows passed per second against copying memory"] = moved / found["memory_speed"]["copy_1"].median
    if len(found["cities"]) > 1 and _bytes_each(found["cities"]) > 0:  # small cities hide behind what importing takes
        out["peak bytes of a resident against its row"] = _bytes_each(found["cities"]) / found["cities"][biggest]["tile"].median
    return out


def _bytes_each(cities: dict) -> float:
    small, big = sorted(cities)[-2:]
    return (cities[big]["peak"].median - cities[small]["peak"].median) * 1e6 / (big - small)


def plain_data(found) -> dict:
    """The same as JSON can hold it."""
    if isinstance(found, dict):
        return {str(key): plain_data(value) for key, value in found.items()}
    return found.as_data() if isinstance(found, Figure) else found


@click.command()
@click.option("--quick", is_flag=True, help="Smaller cities and fewer repeats: half a minute.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, not Markdown.")
@click.option("--out", type=click.Path(path_type=Path), help="Also write the JSON there, such as results/benchmarks.json.")
def main(quick: bool, as_json: bool, out: Path | None) -> None:
    """Measure speed, memory and start of this installation on this machine."""
    found = measure_all(QUICK if quick else FULL, say=lambda what: print(f"measuring: {what} ...", file=sys.stderr))
    text = json.dumps(plain_data(found), indent=2)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n")
    click.echo(text if as_json else report(found))


if __name__ == "__main__":
    main()
