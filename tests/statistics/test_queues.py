"""The queues of the ladder against M/M/c, against their own equation, and without any service."""

import numpy as np
from alone import TALLIES
from arranged import arranged
from scipy import stats
from scipy.integrate import quad

PEOPLE, DISTRICTS, WEEKS, START = 1500, 8, 3000, 300
SERVERS, LOADS = (4, 20), (0.55, 0.75, 0.9)
TUNED = {
    f"resolution.{name}": 0.0
    for name in "settle drop way_mediation way_court surge withdraw pass_on climb_office online norm_settles".split()
}
ONLY_OFFICES = {**TUNED, "resolution.escalate": 1.0, "resolution.way_office": 1.0, "resolution.patience": 104.0, "disputes.contagion": 0.0}
"""Every case goes to the office after a week, nobody gives up, and a case that fails leaves as one that succeeds does."""


def erlang(servers: float, load: float) -> float:
    """Mean number of cases in M/M/c, with Erlang's formula continued to any number of servers."""
    blocked = 1.0 / (load * quad(lambda t: np.exp(servers * np.log1p(t) - load * t), 0, np.inf, limit=500)[0])
    share = load / servers
    waits = blocked / (1.0 - share + share * blocked)
    return load + waits * load / (servers - load)


def own_equation(capacity: float, arrivals: float, most: int = 250) -> float:
    """Mean of the stationary law of B <- B + Poisson(arrivals) - Binomial(B, min(1, capacity / B))."""
    now = np.arange(most)
    chance = np.minimum(1.0, capacity / np.maximum(now, 1))
    stay = stats.binom.pmf(now[None, :], now[:, None], 1.0 - chance[:, None])
    come = stats.poisson.pmf(now[None, :] - now[:, None], arrivals)
    step = stay @ come
    law = np.linalg.lstsq(np.vstack([step.T - np.eye(most), np.ones(most)]), np.append(np.zeros(most), 1.0), rcond=None)[0]
    return float(law @ now)


def queues(servers, load, weeks=WEEKS, office_rate=None):
    """Mean cases waiting, arrivals a week and capacity of eight offices."""
    rate = servers * 52_000 / PEOPLE if office_rate is None else office_rate
    changes = {**ONLY_OFFICES, "resolution.office_rate": rate, "disputes.rate": load * servers * 52 / PEOPLE}
    city = {"residents": PEOPLE * DISTRICTS, "districts": DISTRICTS, "community_size": PEOPLE}
    simulation = arranged("disputes", "resolution", weeks=weeks, changes=changes, conditions={"delay": 0.0}, **city)
    simulation.advance(weeks)
    lived = simulation.city.world.history[min(START, weeks // 2) : weeks].astype(float)
    waiting, came = (lived[:, :, TALLIES.index(name)].mean(axis=0) for name in ("open_office", "to_office"))
    return waiting, came, simulation.city.world.offices["capacity"].astype(float)


def test_the_queue_of_the_ladder(finding):
    waiting, came, capacity = (
        np.concatenate(parts) for parts in zip(*(queues(c, load * 1.25) for c in SERVERS for load in LOADS), strict=True)
    )
    busy = came / capacity
    kept = busy < 0.93
    waiting, came, capacity, busy = waiting[kept], came[kept], capacity[kept], busy[kept]
    theory, own = (np.array([law(c, a) for c, a in zip(capacity, came, strict=True)]) for law in (erlang, own_equation))
    unserved = queues(SERVERS[0], LOADS[0], weeks=400, office_rate=0.0)[0]
    finding.draw("test_queues.against_erlang", load=busy, queue=waiting / theory - 1, few=capacity < 10)
    about = {
        "part": "Textbook limits",
        "seeds": "1",
        "null": f"no service: {unserved.mean():.0f} cases wait at each office after a few years, and all stay",
    }
    finding(
        "queue of an office against its own equation (stationary law, solved)",
        wanted="total within 5 %",
        found=f"{waiting.sum() / own.sum() - 1:+.1%} over {len(own)} queues with loads of {busy.min():.2f} to {busy.max():.2f}",
        reached=bool(abs(waiting.sum() / own.sum() - 1) <= 0.05),
        kind="built in",
        source="mechanism `resolution`",
        **about,
    )
    gap = waiting / theory - 1
    finding(
        "queue of an office against M/M/c (mean cases in it)",
        wanted="every queue within 5 %",
        found=f"{(np.abs(gap) <= 0.05).sum()} of {len(gap)} queues; {gap[busy < 0.7].mean():+.1%} on average below a load of .7,"
        f" {gap[busy >= 0.7].mean():+.1%} above",
        reached=bool((np.abs(gap) <= 0.05).all()),
        source="Erlang 1917; any textbook",
        would_take="A week is one step in the model: a case that the office can take up is heard in the same week, so service times"
        " vary much less than exponential times, and queues under load are shorter. A continuous clock, or several steps a week, would"
        " close the gap; capacities are calibrated to waiting times, which hides it at the reference. Where an office is close to its"
        " limit, real queues may be longer than the model's.",
        **about,
    )
