"""Resident-weeks a second: kernels on one and two threads, plain Python, Mesa objects; and what each mechanism takes."""

from benchmarks.measure import Figure, core_seconds, interleaved, seconds
from benchmarks.mesa_objects import MesaCity
from benchmarks.plain_model import PlainCity
from sim.city.community import LAST
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import live_week
from sim.scenario import read_scenario
from sim.simulation import SMALL, Simulation

WARM_WEEKS, MOST_WEEKS = 2, 5_000  # the last is under the longest horizon of a scenario
UPDATES = 2_000_000
"""Resident-weeks of one repeat, about a twentieth of a second or more."""
OBJECT_WEEKS = 2


def city(residents: int, weeks: int, threads: int = 1, seed: int = 1) -> Simulation:
    """A synthetic reference city of `residents` people that can live `weeks` weeks."""
    what = {"preset": "synthetic", "residents": residents, "districts": 4 if residents >= 1000 else 2}
    return Simulation(read_scenario({"name": "benchmark", "city": what, "horizon": weeks}), seed, threads=threads)


def _weeks(residents: int, repeats: int, updates: int) -> int:
    """Weeks of one repeat: enough to time, not so many that all repeats pass the longest horizon."""
    return min(max(2, updates // residents), (MOST_WEEKS - WARM_WEEKS) // repeats)


def throughput(sizes, threads=(1, 2), repeats: int = 7, updates: int = UPDATES) -> dict[str, Figure]:
    """Million resident-weeks a second of the whole week, by ``residents x threads``.

    Cities too small for threads (`sim.simulation.SMALL`) run on one only.
    """
    cases = {}
    for size in sizes:
        for n in threads if size >= SMALL else (1,):
            weeks = _weeks(size, repeats, updates)
            simulation = city(size, weeks * repeats + WARM_WEEKS, n)
            simulation.advance(WARM_WEEKS)
            cases[f"{size}x{n}"] = lambda simulation=simulation, weeks=weeks: _millions(simulation, weeks)
    return interleaved(cases, repeats, "M resident-weeks/s")


def _millions(simulation, weeks: int) -> float:
    people = len(simulation.city.residents)
    return people * weeks / seconds(lambda: simulation.advance(weeks)) / 1e6


def ways(residents: int, repeats: int = 5, updates: int = UPDATES) -> dict[str, Figure]:
    """Thousand resident-weeks a second on one core of the same city lived three ways: kernels, plain Python, Mesa objects."""
    weeks = _weeks(residents, repeats, updates)
    kernels = city(residents, weeks * repeats + WARM_WEEKS)
    plain, objects = (kind(city(residents, OBJECT_WEEKS * repeats + 1)) for kind in (PlainCity, MesaCity))
    for model, first in ((kernels, WARM_WEEKS), (plain, 1), (objects, 1)):
        model.advance(first)

    def rate(model, weeks):
        return lambda: residents * weeks / core_seconds(lambda: model.advance(weeks)) / 1e3

    cases = {"kernels": rate(kernels, weeks), "plain Python": rate(plain, OBJECT_WEEKS), "Mesa objects": rate(objects, OBJECT_WEEKS)}
    return interleaved(cases, repeats, "k resident-weeks/s")


def mechanisms(residents: int, repeats: int = 7) -> dict[str, float]:
    """Nanoseconds a resident-week of each mechanism switched on alone, beyond the week with none.

    The least of all repeats: a difference between two medians would drown in the noise of a busy machine.

    ``(none)`` is that week: looking around, serving sentences, measuring, expressing; ``(all)`` the whole week of residents.
    """
    simulation = city(residents, 10)
    simulation.advance(4)
    world = simulation.city.world
    on, places = world.enabled.copy(), len(world.communities)

    def case(*numbers):
        def once():
            world.enabled[:] = 0
            world.enabled[list(numbers)] = 1
            taken = core_seconds(lambda: live_week(world, 4, 0, places))
            world.tallies[:, :LAST] = 0
            world.histogram[:] = 0
            return taken / residents * 1e9

        return once

    live_week(world, 4, 0, places)
    cases = {"(none)": case(), **{name: case(number) for number, name in enumerate(MECHANISMS)}, "(all)": case(*range(len(on)))}
    found = interleaved(cases, repeats, "ns")
    world.enabled[:] = on
    none = found["(none)"].low
    return {"(all)": found["(all)"].low, "(none)": none, **{name: found[name].low - none for name in MECHANISMS}}


def units(residents: int, repeats: int = 7) -> dict[str, Figure]:
    """Microseconds of planning and closing a week: what units do, whatever the number of residents in a community."""
    from sim.mechanisms.week import begin_week, end_week

    simulation = city(residents, 10)
    simulation.advance(4)
    world = simulation.city.world
    cases = {
        "plan": lambda: core_seconds(lambda: begin_week(world, 4)) * 1e6,
        "close": lambda: core_seconds(lambda: end_week(world, 4)) * 1e6,
    }
    for case in cases.values():
        case()
    return interleaved(cases, repeats, "us")
