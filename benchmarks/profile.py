"""Profile of a week: nanoseconds per resident of every mechanism, and of the rest of the week."""

import numpy as np

from benchmarks import cities
from benchmarks.measure import core_seconds, interleaved
from sim.city.community import LAST
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import live_week


def mechanisms(residents: int, repeats: int = 7, updates: int = 4_000_000) -> dict[str, float]:
    """Nanoseconds per resident-week of each mechanism enabled alone, relative to the week with none.

    All cases take turns, each from the same state and for `updates` resident-weeks; the minimum of all repeats counts, since a busy
    machine only adds to processor time. Mechanisms of units only have no part in the week of residents: 0.

    ``(none)`` is that week: reading signals, serving sentences, measuring, expressing; ``(all)`` is the complete week of residents.
    """
    simulation = cities.simulation(residents, 10)
    simulation.advance(4)
    world, rows = simulation.city.world, simulation.city.residents.records.view(np.uint8)
    on, places, state = world.enabled.copy(), len(world.communities), rows.copy()
    weeks = max(1, updates // residents)

    def live() -> None:
        for _ in range(weeks):
            live_week(world, 4, 0, places)

    def case(*numbers):
        def once():
            rows[:] = state
            world.enabled[:] = 0
            world.enabled[list(numbers)] = 1
            taken = core_seconds(live)
            world.tallies[:, :LAST] = 0
            world.histogram[:] = 0
            return taken / (residents * weeks) * 1e9

        return once

    live_week(world, 4, 0, places)
    alone = {name: case(number) for number, (name, mechanism) in enumerate(MECHANISMS.items()) if mechanism.live}
    cases = {"(none)": case(), **alone, "(all)": case(*range(len(on)))}
    found = interleaved(cases, repeats, "ns")
    rows[:] = state
    world.enabled[:] = on
    none = found["(none)"].low
    return {"(all)": found["(all)"].low, "(none)": none, **{name: found[name].low - none if name in alone else 0.0 for name in MECHANISMS}}
