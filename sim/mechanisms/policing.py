"""Policing: patrols, certainty of sanction, and the stops they cost.

Claim. More police at work raise the share of offences cleared; people learn that certainty, and it deters (see offending). Severity hardly
does. Patrols also stop people who did nothing, most where they patrol most.

Equation. Clearance of a station = clearance * 2 K / (K + load^.25), load its recorded offences against the reference. Perceived
risk p moves to the certainty of the community by `learning` a week. Stops are drawn at stops / 1,000 a year * patrol * 2 / (1 +
K_oversight), more often among the young and the non-local; a share `hits` finds something, more under clear law. A station spreads
its patrols evenly, or by what was recorded where (stance patrol_targeting).

Source. Stops 9.7 per 1,000 and 76 % without result: England and Wales 2023 (home office). Clearance of recorded offences, form of
load: assumptions. Learning of certainty: Anwar, Loughran 2011, doi:10.1111/j.1745-9125.2011.00233.x.

Brings: certainty, hence fewer offences; presence that feels safe. Costs: fruitless stops that fall on whoever is patrolled, and with them
legitimacy.
"""

import numpy as np

from sim.city.codes import JAILED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.draws import uniform
from sim.kernel import kernel, phase
from sim.levers import instrument
from sim.maths import clip, power
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

POLICING = instrument("rule_of_law.policing")
OVERSIGHT = instrument("rule_of_law.oversight")


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on stops and on learning; 0 freezes both", unit="factor", low=0.0, high=1.0)
    clearance: float = parameter(
        0.48, "recorded offences cleared at the reference", unit="share", low=0.0, high=0.5, source="assumption; 44 % larceny in China 2009"
    )
    officers: float = parameter(
        1.9, "officers at the reference", unit="per 1,000 residents", low=0.1, high=10.0, source="China 1.2 to 2.6, sources conflict"
    )
    learning: float = parameter(
        0.05,
        "share of the gap between perceived and real certainty closed in a week",
        unit="per week",
        low=0.0,
        high=1.0,
        source="assumption; doi:10.1111/j.1745-9125.2011.00233.x",
    )
    stops: float = parameter(
        10.0, "police stops at the reference", unit="per 1,000 residents and year", low=0.0, high=500.0, source="home office 2023: 9.7"
    )
    hits: float = parameter(0.25, "share of stops that find something", unit="share", low=0.0, high=1.0, source="home office 2023: .24")
    young: float = parameter(2.2, "how much likelier the young are to be stopped", unit="factor", low=0.1, high=10.0)
    outsider: float = parameter(1.4, "how much likelier non-local residents are to be stopped", unit="factor", low=0.1, high=10.0)
    presence: float = parameter(0.3, "part of certainty that depends on patrols in the community itself", unit="share", low=0.0, high=1.0)
    certainty_weeks: float = parameter(8.0, "time in which certainty becomes known", unit="weeks", low=1.0, high=104.0)
    targeting: float = parameter(
        0.7, "part of patrols that follow recorded offences when targeting is 'reported'", unit="share", low=0.0, high=1.0
    )


MECHANISM = Mechanism(
    name="policing",
    phase="offend",
    parameters=Parameters,
    reads=(
        "age_group local status events sanction_risk districts.capacity levers.patrol_targeting community.offence_level community.clarity"
        " community.recording"
    ).split(),
    writes=(
        "events sanction_risk stations.officers stations.load stations.clearance community.patrol community.officers community.certainty"
        " community.wrongful_level community.oversight"
    ).split(),
    counts=("stops", "fruitless"),
    brings="certainty of sanction, presence",
    costs="fruitless stops, most where patrols are; legitimacy",
    null={"strength": 0.0},
)
NORMAL_STOP = 1.27  # mean of the factors young and outsider over adults, so that `stops` is the mean rate


@kernel
def plan_policing(world, week, p):
    """Every station counts its work and spreads its patrols over its communities."""
    reported = np.float32(world.levers[week].patrol_targeting)
    for s in range(len(world.stations)):
        station, office = world.stations[s], world.offices[s]
        capacity = world.districts[station.district].capacity
        level = np.float32(0.0)
        for k in range(office.first_community, office.last_community):
            level += world.communities[k].offence_level * np.float32(world.communities[k].residents)
        level = level / np.float32(office.residents)
        station.officers = np.float32(office.residents) * p.officers * 0.001 * capacity[POLICING]
        station.load = level
        k_police = capacity[POLICING] + 1e-6
        station.clearance = clip(
            p.clearance * 2.0 * k_police / (k_police + power(level + 0.01, np.float32(0.25))), np.float32(0.0), np.float32(0.98)
        )
        for k in range(office.first_community, office.last_community):
            community = world.communities[k]
            focus = community.offence_level / (level + 1e-3)
            follow = p.targeting * reported
            community.patrol = capacity[POLICING] * (1.0 - follow + follow * clip(focus, np.float32(0.0), np.float32(4.0)))
            community.officers = community.patrol * np.float32(community.residents) * p.officers * 0.001
            certain = (
                community.recording
                * station.clearance
                * (1.0 - p.presence + p.presence * clip(community.patrol, np.float32(0.0), np.float32(2.0)))
            )
            community.certainty += p.strength * (certain - community.certainty) / p.certainty_weeks
            community.oversight = capacity[OVERSIGHT]
            fruitless = np.float32(community.last.fruitless) / (np.float32(community.residents) * p.stops * (1.0 - p.hits) / 52000.0 + 1e-6)
            community.wrongful_level += (fruitless - community.wrongful_level) / 26.0


@phase
def policing(tile, community, luck, p):
    """People learn the certainty of sanction; some are stopped."""
    first = tile.first
    rate = p.strength * p.stops / 52000.0 / NORMAL_STOP * community.patrol * 2.0 / (1.0 + community.oversight)
    hits = p.hits * (0.75 + 0.25 * community.clarity)
    hits = hits if hits < 1.0 else np.float32(1.0)
    found = rate * hits
    learning = p.learning * p.strength
    certainty = community.certainty
    stops, fruitless = np.int32(0), np.int32(0)
    for i in range(tile.count):
        age = tile.age_group[i]
        risk = tile.sanction_risk[i]
        event = tile.events[i]
        likely = p.young if age == 1 else np.float32(1.0)
        likely = likely if tile.local[i] == 1 else likely * p.outsider
        u = uniform(luck, first + i, 0)
        there = (age > 0) & (tile.status[i] != JAILED)
        stopped = (u < rate * likely) & there
        rightly = (u < found * likely) & there
        mark = np.uint8(STOPPED_RIGHTLY) if rightly else np.uint8(STOPPED_FOR_NOTHING)
        tile.events[i] = np.uint8(event | mark if stopped else event)
        tile.sanction_risk[i] = risk + learning * (certainty - risk)
        stops = np.int32(stops + stopped)
        fruitless = np.int32(fruitless + (stopped & (not rightly)))
    community.now.stops += stops
    community.now.fruitless += fruitless
