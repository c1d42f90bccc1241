"""Measurements of a city of a given size in a separate process: speed, build time, memory."""

import time
from functools import partial

from benchmarks.measure import Figure, interleaved, seconds
from sim.mechanisms import MECHANISMS
from sim.scenario import read_scenario
from sim.simulation import SMALL, Simulation

SHANGHAI = 24_870_895
PRESET_FROM = 100_000
"""Residents from which the city is Shanghai at that scale; smaller cities have a few districts only."""
MOST_WEEKS = 5_000
"""Maximum weeks of one city, below the longest horizon of a scenario."""


WARM = 2
"""Weeks simulated before timing."""


FOUR = ("participation", "disputes", "offending", "satisfaction")
"""Mechanisms of the baseline in whole-array NumPy (`benchmarks.whole_array`)."""


def others() -> list[str]:
    """The mechanisms of residents that are not in `FOUR`."""
    return [name for name, mechanism in MECHANISMS.items() if mechanism.live and name not in FOUR]


def scenario(residents: int, weeks: int, four: bool = False):
    """The reference city with this number of residents; with `four`, only the mechanisms in `FOUR` are enabled for residents."""
    if residents >= PRESET_FROM:
        city = {"preset": "shanghai_2020", "scale": residents / SHANGHAI}
    else:
        city = {"preset": "synthetic", "residents": residents, "districts": 4 if residents >= 1000 else 2}
    off = {"mechanisms": {name: {"enabled": False} for name in others()}} if four else {}
    return read_scenario({"name": "benchmark", "city": city, "horizon": weeks, **off})


def simulation(residents: int, weeks: int, threads: int = 1, seed: int = 1, four: bool = False) -> Simulation:
    """The city of `scenario`, built, with a horizon of `weeks` weeks."""
    return Simulation(scenario(residents, weeks, four), seed, threads=threads)


def weeks_of(residents: int, updates: int, repeats: int) -> int:
    """Weeks of one repeat: enough for timing, but with all repeats within the longest horizon."""
    return min(max(1, updates // residents), MOST_WEEKS // repeats - 1)


def describe(residents: int, threads: int, repeats: int, updates: int) -> dict:
    """Build a city of `residents`, simulate it alternately on one and on `threads` threads, and time the stages of its weeks.

    Returns
    -------
    dict
        ``build`` (s), ``peak`` (bytes), ``row`` and ``moved`` (bytes a resident), ``rates`` (resident-weeks/s by threads, one per repeat),
        ``parts`` (ns a resident of planning, living, closing; least of all repeats).
    """
    from benchmarks.fresh_process import peak_bytes
    from sim.simulation import compile_kernels

    compile_kernels()
    weeks = weeks_of(residents, updates, 2 * repeats)
    start = time.perf_counter()
    city = simulation(residents, 2 + (2 * weeks + 1) * repeats, threads)
    build = time.perf_counter() - start
    city.advance(2)
    ways = (1, threads) if residents >= SMALL and threads > 1 else (1,)
    rates: dict[int, list[float]] = {n: [] for n in ways}
    for _ in range(repeats):
        for n in ways:
            city.threads = n
            rates[n].append(residents * weeks / seconds(lambda: city.advance(weeks)))
    row, moved = bytes_of(city)
    return {"build": build, "row": row, "moved": moved, "rates": rates, "parts": parts(city, repeats), "peak": peak_bytes()}


def parts(city: Simulation, repeats: int) -> dict[str, float]:
    """Nanoseconds per resident of the three stages of a week on one core: the minimum of all repeats."""
    from benchmarks.measure import core_seconds
    from sim.mechanisms.week import begin_week, end_week, live_week

    world, people = city.city.world, len(city.city.residents)
    found = []
    for _ in range(repeats):
        steps = ((begin_week, ()), (live_week, (0, len(world.communities))), (end_week, ()))
        found.append([core_seconds(partial(step, world, city.week, *more)) / people * 1e9 for step, more in steps])
        city.week += 1
    return dict(zip(("plan", "live", "close"), map(min, zip(*found))))


def bytes_of(city: Simulation) -> tuple[float, float]:
    """Bytes of a resident's row, and the minimum memory traffic of a week: all columns read once, changing ones written once."""
    table = city.city.residents
    size = table.records.dtype["norm"].shape[0]
    row = table.records.dtype.itemsize / size
    width = {name: table.records.dtype[name].itemsize / size for name in table.columns}
    changing = sum(width[name] for name, column in table.columns.items() if not column.fixed)
    return row, row + changing + 2.0  # and the signals: one byte read, one written


def ways(small: int, large: int, repeats: int, updates: int) -> dict:
    """Thousand resident-weeks per second on one core, for several implementations of the same city, interleaved.

    Returns
    -------
    dict
        ``kernels``, ``plain Python`` and ``Mesa objects`` for a city of `small`; ``kernels, larger city``, ``kernels, four mechanisms``
        and ``NumPy, four mechanisms`` for one of `large`, with arrays long enough for NumPy to be efficient.
    """
    from benchmarks.mesa_objects import MesaCity
    from benchmarks.plain_model import PlainCity
    from benchmarks.whole_array import NumpyCity

    few, many, long = 2, weeks_of(small, updates, repeats), weeks_of(large, updates, repeats)
    lived = {
        "kernels": (simulation(small, many * repeats + WARM), small, many),
        "plain Python": (PlainCity(simulation(small, few * repeats + WARM)), small, few),
        "Mesa objects": (MesaCity(simulation(small, few * repeats + WARM)), small, few),
        "kernels, larger city": (simulation(large, long * repeats + WARM), large, long),
        "kernels, four mechanisms": (simulation(large, long * repeats + WARM, four=True), large, long),
        "NumPy, four mechanisms": (NumpyCity(simulation(large, few * repeats + WARM, four=True)), large, few),
    }
    return in_turns(lived, repeats)


def in_turns(lived: dict, repeats: int) -> dict[str, Figure]:
    """Thousand resident-weeks per second of some cities, each with its residents and the weeks of a repeat, after `WARM` weeks."""
    for model, _, _ in lived.values():
        model.advance(WARM)
    return interleaved({name: _rate(*what) for name, what in lived.items()}, repeats, "k resident-weeks/s")


def _rate(model, residents: int, weeks: int):
    from benchmarks.measure import core_seconds

    return lambda: residents * weeks / core_seconds(lambda: model.advance(weeks)) / 1e3
