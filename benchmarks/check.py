"""Compare this machine's ratios with the reference: ``python -m benchmarks.check``. Fails on a loss of more than 30 %.

Each ratio is the median over interleaved measurements of processor time of two implementations, so that it depends little on the machine
and its load. It does depend on the vector width, so twice the loss is allowed on another kind of processor than that of the reference. A
loss is measured again before it counts. ``--state`` writes the current ratios into ``stated.json``.
"""

import json
import statistics
import sys
from functools import partial
from pathlib import Path

import click

from benchmarks import cities, runs
from benchmarks.fresh_process import STARTS, child, processor_seconds
from benchmarks.measure import core_seconds, interleaved

STATED = Path(__file__).with_name("stated.json")
LOSS, LOSS_ELSEWHERE = 0.30, 0.60
SMALL, LARGE, WEEKS = 1_024, 100_000, 260
PLAIN, NUMPY = "kernels against plain Python", "kernels against NumPy, four mechanisms"
WHOLE, POOL = "whole runs against plain Python", "a run here against one in the pool"
FIRST = "import numpy against a first week"
COMPARED = (PLAIN, NUMPY, WHOLE, POOL, FIRST)


def ratios(repeats: int = 5) -> dict[str, float]:
    """Speed-up by comparison; medians of `repeats` interleaved pairs, but for whole processes the least of each."""
    found: dict[str, list[float]] = {name: [] for name in (PLAIN, NUMPY, WHOLE)}
    plain, numpy, kernels, large = _models(repeats)
    what = runs.task(2_048, WEEKS)
    for _ in range(repeats):
        slow = _per(plain, SMALL, 1)
        found[PLAIN].append(slow / _per(kernels, SMALL, 200))
        found[NUMPY].append(_per(numpy, LARGE, 1) / _per(large, LARGE, 4))
        found[WHOLE].append(slow * 2_048 * WEEKS / runs.timed_chunk(what, runs.orders(4)))
    here, there = runs.timed_chunk(what, runs.orders(16)), runs.pool_seconds(what, 16)
    return {name: statistics.median(values) for name, values in found.items()} | {POOL: here / there, FIRST: _first_week(repeats)}


def _first_week(repeats: int) -> float:
    """Processor time of a process that imports NumPy, for that of one which simulates a first week; least of the repeats."""
    child(STARTS["first week"])
    found = interleaved({name: partial(processor_seconds, name) for name in ("import numpy", "first week")}, repeats, "s")
    return found["import numpy"].low / found["first week"].low


def _models(repeats: int):
    from benchmarks.plain_model import PlainCity
    from benchmarks.whole_array import NumpyCity

    weeks = repeats + 2
    models = (
        PlainCity(cities.simulation(SMALL, weeks)),
        NumpyCity(cities.simulation(LARGE, weeks, four=True)),
        cities.simulation(SMALL, 200 * repeats + 2),
        cities.simulation(LARGE, 4 * repeats + 2, four=True),
    )
    for model in models:
        model.advance(1)
    return models


def _per(model, residents: int, weeks: int) -> float:
    """Processor seconds per resident-week."""
    return core_seconds(lambda: model.advance(weeks)) / (residents * weeks)


def lost(found: dict[str, float], stated: dict[str, float], most: float = LOSS) -> list[str]:
    """Ratios more than `most` below the reference."""
    return [name for name, value in stated.items() if found[name] < (1.0 - most) * value]


def processor() -> str:
    """Kind of this processor, as named by the compiler."""
    import llvmlite.binding

    return llvmlite.binding.get_host_cpu_name()


def state(found: dict[str, float]) -> None:
    """Write ratios as the new reference."""
    ratios = {name: float(f"{value:.3g}") for name, value in found.items()}
    STATED.write_text(json.dumps({"processor": processor(), "ratios": ratios}, indent=2) + "\n")


@click.command()
@click.option("--state", "write", is_flag=True, help="Write today's ratios into stated.json instead.")
def main(write: bool) -> None:
    """Compare this machine's ratios with the reference, and fail on a loss of more than 30 %."""
    found = ratios()
    if write:
        state(found)
        return
    known = json.loads(STATED.read_text())
    stated, most = known["ratios"], LOSS if known["processor"] == processor() else LOSS_ELSEWHERE
    missing = lost(found, stated, most)
    if missing:
        again = ratios()
        found |= {name: max(found[name], again[name]) for name in missing}
    for name, value in stated.items():
        click.echo(f"{name}: {found[name]:.3g} (stated: {value:.3g})")
    if missing := lost(found, stated, most):
        click.echo(f"lost more than {most:.0%}: {'; '.join(missing)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
