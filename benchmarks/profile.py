"""Profile of a week: nanoseconds per resident of every mechanism, and of the rest of the week."""

from benchmarks import cities
from benchmarks.measure import core_seconds, interleaved
from sim.city.community import LAST
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import live_week


def mechanisms(residents: int, repeats: int = 7) -> dict[str, float]:
    """Nanoseconds per resident-week of each mechanism enabled alone, relative to the week with none.

    The minimum of all repeats, since differences between medians are too noisy on a busy machine.

    ``(none)`` is that week: reading signals, serving sentences, measuring, expressing; ``(all)`` is the complete week of residents.
    """
    simulation = cities.simulation(residents, 10)
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
