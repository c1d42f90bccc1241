"""The queues of the ladder against their own equation, the stationary law of a weekly queue, and without any service."""

import numpy as np
from alone import TALLIES
from arranged import arranged, default
from cities import small

from sim.levers import INSTRUMENTS

PEOPLE, DISTRICTS, WEEKS, START = 1500, 8, 3000, 300
SERVERS, LOADS = (4, 20), (0.55, 0.75, 0.9)
TUNED = {
    f"resolution.{name}": 0.0
    for name in "settle drop way_mediation way_court surge withdraw pass_on climb_office online norm_settles".split()
}
ONLY_OFFICES = {**TUNED, "resolution.escalate": 1.0, "resolution.way_office": 1.0, "resolution.patience": 104.0, "disputes.contagion": 0.0}
"""Every case goes to the office after a week, nobody gives up, and a case that fails leaves as one that succeeds does."""


def own_equation(capacity: float, arrivals: float, kept_weeks: float, chains: int = 2000, weeks: int = 600) -> float:
    """Mean of B after many weeks of B <- B + Poisson(arrivals) - H, H from Binomial(B, min(1, (capacity + kept) / B)).

    kept <- kept + capacity - H, at most some weeks of work, one case, or what waits.
    """
    luck = np.random.default_rng(1)
    waiting, kept, seen = np.zeros(chains, np.int64), np.zeros(chains), []
    for _ in range(weeks):
        heard = luck.binomial(waiting, np.clip((capacity + kept) / np.maximum(waiting, 1), 0.0, 1.0))
        waiting = waiting - heard + luck.poisson(arrivals, chains)
        kept = np.minimum(kept + capacity - heard, np.maximum(waiting, max(kept_weeks * capacity, 1.0)))
        seen.append(waiting.mean())
    return float(np.mean(seen[weeks // 2 :]))


def queues(servers, load, weeks=WEEKS, served=True, **changes):
    """Mean cases waiting, arrivals a week and capacity of eight offices whose staff can hear about so many cases a week."""
    staff = sum(value for name, value in zip(INSTRUMENTS, small().staffing.staff, strict=True) if name.startswith("public_services."))
    cases = servers * 52 / (PEOPLE * staff / 10_000) if served else 0.0
    changes = {**ONLY_OFFICES, "resolution.office_cases": cases, "disputes.rate": load * servers * 52 / PEOPLE, **changes}
    city = {"residents": PEOPLE * DISTRICTS, "districts": DISTRICTS, "community_size": PEOPLE}
    simulation = arranged("disputes", "resolution", weeks=weeks, changes=changes, conditions={"delay": 0.0}, **city)
    simulation.advance(weeks)
    lived = simulation.city.world.history[min(START, weeks // 2) : weeks].astype(float)
    waiting, came = (lived[:, :, TALLIES.index(name)].mean(axis=0) for name in ("open_office", "to_office"))
    return waiting, came, simulation.city.world.offices["capacity"].astype(float)


def all_queues():
    """Queues of offices of both sizes under all loads, but for those so close to their limit that their mean is mostly luck."""
    found = [np.concatenate(parts) for parts in zip(*(queues(c, load * 1.25) for c in SERVERS for load in LOADS), strict=True)]
    return [values[found[1] / found[2] < 0.93] for values in found]


def test_the_queue_of_the_ladder(finding):
    waiting, came, capacity = all_queues()
    busy = came / capacity
    own = np.array([own_equation(c, a, default("resolution.kept_weeks")) for c, a in zip(capacity, came, strict=True)])
    unserved = queues(SERVERS[0], LOADS[0], weeks=400, served=False)[0]
    finding(
        "queue of an office against its own equation, drawn by itself",
        wanted="total within 5 %",
        found=f"{waiting.sum() / own.sum() - 1:+.1%} over {len(own)} queues with loads of {busy.min():.2f} to {busy.max():.2f}",
        reached=bool(abs(waiting.sum() / own.sum() - 1) <= 0.05),
        kind="built in",
        null=f"no service: {unserved.mean():.0f} cases wait at each office after a few years, and all stay",
        null_reached=bool(abs(unserved.mean() / own.mean() - 1) <= 0.05),
        part="Textbook limits",
        seeds="1",
        source="mechanism `resolution`",
    )
