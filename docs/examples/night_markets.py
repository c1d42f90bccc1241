"""Night markets: they bring neighbours together and tire those who live beside them.

Claim. Where people meet in the evening, trust among neighbours grows; the noise tires everybody who lives there.

Equation. With a market on the share often of evenings (the lever), a resident goes with the chance often * comes a week; then cohesion
rises by warmth * (1 - cohesion). Everybody's fatigue rises by often * noise * (1 - fatigue) a week.

Source. Common spaces and ties among neighbours: Kuo et al. 1998, doi:10.1023/A:1022294028903, for the form. Noise, sleep and annoyance:
Basner et al. 2014, doi:10.1016/S0140-6736(13)61613-X, for the form. All sizes are assumptions.

Brings: trust among neighbours. Costs: tired residents.
"""

import numpy as np

from sanzhi.city.codes import JAILED
from sanzhi.draws import uniform
from sanzhi.kernel import kernel, tile_kernel
from sanzhi.mechanisms.base import Mechanism
from sanzhi.plugins import Condition, Lever, Plugin, metric
from sanzhi.spec import Spec, parameter


class Parameters(Spec):
    strength: float = parameter(1.0, "size of all effects; 0 switches them off", unit="factor", low=0.0, high=1.0)
    comes: float = parameter(0.10, "chance to go to a market that is held every evening", unit="per week", low=0.0, high=1.0)
    warmth: float = parameter(0.02, "share of the distance to 1 that a visit adds to cohesion", unit="share", low=0.0, high=1.0)
    noise: float = parameter(0.004, "share of the distance to 1 that daily markets add to fatigue", unit="per week", low=0.0, high=1.0)


@kernel
def plan_night_markets(world, week, p):
    """Communities hold their markets."""
    for k in range(len(world.communities)):
        world.communities[k].markets = world.levers[week].night_markets


@tile_kernel
def night_markets(tile, community, key, p):
    """Visitors' trust in their neighbours grows; the noise tires everybody."""
    first, often = tile.first, p.strength * community.markets
    goes, noise, visits = often * p.comes, often * p.noise, np.int32(0)
    for i in range(tile.count):
        there = (uniform(key, first + i, 0) < goes) & (tile.status[i] != JAILED)
        cohesion, fatigue = tile.cohesion[i], tile.fatigue[i]
        warmer = cohesion + p.warmth * (1.0 - cohesion)
        tile.cohesion[i] = warmer if there else cohesion
        tile.fatigue[i] = fatigue + noise * (1.0 - fatigue)
        visits = np.int32(visits + there)
    community.now.market_visits += visits


MECHANISM = Mechanism(
    name="night_markets",
    names={"en": "Night markets", "zh": "夜市"},
    stage="gather",
    before="norms",
    parameters=Parameters,
    reads=("cohesion", "fatigue", "status", "community.markets", "levers.night_markets"),
    writes=("cohesion", "fatigue", "community.markets"),
    counts=("market_visits",),
    brings="trust among neighbours",
    costs="tired residents",
    null={"strength": 0.0},
    plan=plan_night_markets,
    live=night_markets,
)

LEVER = Lever(
    names={"en": "Evenings with a night market", "zh": "夜市开放的夜晚比例"},
    doc="evenings on which communities hold a night market",
    default=0.0,
    low=0.0,
    high=1.0,
    brings={"en": "trust among neighbours", "zh": "邻里信任"},
    costs={"en": "tired residents", "zh": "居民疲劳"},
)


@metric(unit="per 1,000 residents and year", better="neither", group="flow", title="Visits to night markets", title_zh="夜市人次")
def market_visits_year(record):
    """Visits to night markets over the last 52 weeks.

    最近52周的夜市人次。
    """
    return record.yearly("market_visits")


PLUGIN = Plugin(
    mechanisms=[MECHANISM],
    levers={"night_markets": LEVER},
    metrics=[market_visits_year],
    conditions={"markets": Condition("evenings with a night market, 0..1")},
    counts={"market_visits": "visits to night markets"},
)
