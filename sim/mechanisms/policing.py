"""Policing: patrols, certainty of sanction, and police stops.

Claim. More hours for each case raise the share of offences cleared, up to those that leave a trace; people learn this certainty, and it
deters (see offending). Severity hardly deters. Patrols also stop innocent people, most where they patrol most.

Equation. Hours on duty go to investigation and to patrols. With h hours of investigation in the city for each offence that residents
or cameras report, clearance = solvable * (1 - exp(-h / hours)); what patrols come upon is not counted: more patrols record more, which must
not leave fewer hours for each case.
Perceived risk p moves to the certainty of the community by `learning` per week: clearance * recording * (1 - presence + presence * seen),
seen = 1 - exp(-patrol / visible). Stops are drawn at `stops` per 1,000 hours of patrol, fewer by `restraint` * (share of misconduct
examined, see integrity), more often among young and non-local residents; a share `hits` finds something, more under clear law. A station
spreads its patrols evenly, or over communities and blocks in proportion to recorded offences (stance patrol_targeting: reported), or
concentrates them on the blocks of highest risk score (risk_score), where more is then recorded. All three keep the mean. A campaign
multiplies stops and detains some innocent people.

Source. Stops 9.7 per 1,000 and 76 % without result: England and Wales 2023 (home office). Solvable share, hours: assumptions; 44 % of
larceny was cleared in China 2009. Learning of certainty: Anwar, Loughran 2011, doi:10.1111/j.1745-9125.2011.00233.x.

Refuted by. Twice the investigators for each case without more of them cleared; ten percent more money for police that leaves offences as
they are (-1.7 to -3.5 % is expected from studies); offences around hot spots that rise by as much as those at hot spots fall. Tried:
"money of the police" (test_effects_of_levers), "patrols by risk score" (test_effects_of_levers), "displacement" (test_effects_of_levers),
"coefficient of police per resident" (test_deterrence_panel). Not tried: clearance by hours of investigation against data.

Brings: certainty, hence fewer offences; a visible presence that raises security. Costs: fruitless stops of those who are patrolled most,
and thereby legitimacy.
"""

import numpy as np

from sim.city.codes import ARRESTED, JAILED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.city.community import BLOCK_SIZE
from sim.draws import uniform
from sim.kernel import kernel, tile_kernel
from sim.levers import instrument
from sim.maths import clip, exp, power
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

POLICING = instrument("rule_of_law.policing")


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on stops and on learning; 0 freezes both", unit="factor", low=0.0, high=1.0)
    investigating: float = parameter(0.25, "share of hours on duty spent on the investigation of offences", unit="share", low=0.0, high=1.0)
    patrolling: float = parameter(0.5, "share of hours on duty spent on patrols", unit="share", low=0.0, high=1.0)
    solvable: float = parameter(0.56, "recorded offences that leave a trace by which they can be solved", unit="share", low=0.0, high=1.0)
    hours: float = parameter(
        53.0,
        "hours of investigation for a reported offence at which 63 % of the solvable are cleared",
        unit="hours",
        low=1.0,
        high=1000.0,
        source="assumption; fitted to rate_cleared_share (0.4 to 0.55); 44 % larceny in China 2009",
    )
    visible: float = parameter(
        2.04, "hours of patrol at which 63 % of residents see one", unit="hours per resident and year", low=0.05, high=50.0
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
        7.29,
        "stops where no misconduct is examined",
        unit="per 1,000 hours of patrol",
        low=0.0,
        high=500.0,
        source="home office 2023: 9.7; fitted to rate_stops (5 to 15)",
    )
    restraint: float = parameter(0.667, "share of stops avoided where all misconduct is examined", unit="share", low=0.0, high=1.0)
    usual_stops: float = parameter(
        7.4, "fruitless stops that residents perceive as usual", unit="per 1,000 residents and year", low=0.1, high=500.0
    )
    hits: float = parameter(0.25, "share of stops that find something", unit="share", low=0.0, high=1.0, source="home office 2023: .24")
    young: float = parameter(2.2, "relative probability that a young resident is stopped", unit="factor", low=0.1, high=10.0)
    outsider: float = parameter(1.4, "relative probability that a non-local resident is stopped", unit="factor", low=0.1, high=10.0)
    presence: float = parameter(
        0.4, "part of certainty that depends on seeing patrols in the community itself", unit="share", low=0.0, high=1.0
    )
    certainty_weeks: float = parameter(8.0, "time constant with which certainty becomes known", unit="weeks", low=1.0, high=104.0)
    targeting: float = parameter(
        0.7, "part of patrols that follow recorded offences where targeting is not even", unit="share", low=0.0, high=1.0
    )
    sharpness: float = parameter(1.5, "exponent of a risk score relative to plain records", unit="exponent", low=1.0, high=4.0)
    most: float = parameter(8.0, "largest weight of a block relative to the mean", unit="factor", low=1.0, high=50.0)
    zeal: float = parameter(1.5, "stops added by a full campaign", unit="factor", low=0.0, high=20.0)
    haste: float = parameter(0.20, "fruitless stops that end in detention in a full campaign", unit="share", low=0.0, high=1.0)
    detention: float = parameter(2.0, "weeks in such detention", unit="weeks", low=1.0, high=52.0)


EVEN, REPORTED, RISK_SCORE = 0, 1, 2
NORMAL_STOP = 1.27  # mean of the factors young and outsider over adults, so that `stops` is the mean rate
LIKELY, DRAW = 0, 1  # rows of `scratch`


@kernel
def plan_policing(world, week, p):
    """Clearance of every station, and its patrols over communities and blocks."""
    targeting = world.levers[week].patrol_targeting
    reported = np.float32(1.0) if targeting != EVEN else np.float32(0.0)
    cases = _reported_in_the_city(world)
    for s in range(len(world.stations)):
        station, office = world.stations[s], world.offices[s]
        district = world.districts[station.district]
        level, records = np.float32(0.0), np.float32(0.0)
        for k in range(office.first_community, office.last_community):
            level += world.communities[k].offence_level * np.float32(world.communities[k].residents)
            records += _records(world, world.communities[k])
        level, records = level / np.float32(office.residents), records / np.float32(office.residents)
        station.officers = np.float32(office.residents) * district.staff[POLICING] / 10_000.0
        station.load = level
        here = world.communities[office.first_community]
        driven = 1.0 + 0.5 * (here.effort if here.measured_services < 0.5 else -here.neglect)
        hours = district.work[POLICING] * (1.0 - here.upkeep) * driven
        station.clearance = p.solvable * (1.0 - exp(-p.investigating * hours / (cases * p.hours + 1e-9)))
        for k in range(office.first_community, office.last_community):
            community = world.communities[k]
            focus = (_records(world, community) / np.float32(community.residents) + 1e-6) / (records + 1e-6)
            follow = p.targeting * reported
            community.patrol = p.patrolling * hours * (1.0 - follow + follow * clip(focus, np.float32(0.0), np.float32(4.0)))
            _spread(world, community, targeting, p)
            there = community.patrol / (p.patrolling * district.work[POLICING] + 1e-9)
            community.officers = there * np.float32(community.residents) * district.staff[POLICING] / 10_000.0
            seen = 1.0 - exp(-community.patrol / p.visible)
            certain = community.recording * station.clearance * (1.0 - p.presence + p.presence * seen)
            community.certainty += p.strength * (certain - community.certainty) / p.certainty_weeks
            fruitless = np.float32(community.last.fruitless) / (np.float32(community.residents) * p.usual_stops / 52000.0 + 1e-6)
            community.wrongful_level += (fruitless - community.wrongful_level) / 26.0


@kernel
def _reported_in_the_city(world):
    """Reported offences per resident and year, over the last quarter; half a case is added so that a quiet village has a rate, too."""
    reports, residents = np.float32(0.5 / 13.0), np.float32(0.0)
    for k in range(len(world.communities)):
        community = world.communities[k]
        for q in range(community.first_block, community.last_block):
            reports += world.blocks[q].reports
        residents += np.float32(community.residents)
    return 52.0 * reports / residents


@kernel
def _records(world, community):
    """Known offences of a community (the police have no other information)."""
    known = np.float32(0.0)
    for q in range(community.first_block, community.last_block):
        known += world.blocks[q].known
    return known


@kernel
def _spread(world, community, targeting, p):
    """Spread a community's patrols over its blocks: evenly, by records, or by risk score. The mean focus stays 1."""
    count = np.float32(community.last_block - community.first_block)
    mean = _records(world, community) / count + 1e-6
    total = np.float32(0.0)
    for q in range(community.first_block, community.last_block):
        block = world.blocks[q]
        weight = (block.known + 0.1 * mean) / (1.1 * mean)
        weight = power(weight, p.sharpness) if targeting == RISK_SCORE else weight
        block.focus = weight if weight < p.most else p.most
        total += block.focus
    follow = np.float32(0.0) if targeting == EVEN else p.targeting
    for q in range(community.first_block, community.last_block):
        block = world.blocks[q]
        block.focus = 1.0 - follow + follow * block.focus * count / (total + 1e-6)


@tile_kernel
def policing(tile, community, blocks, scratch, key, p):
    """People learn the certainty of sanction; some are stopped, most where patrols are most frequent."""
    _notice(tile, scratch, key, p)
    first = community.first_block + (tile.first - community.first) // BLOCK_SIZE
    zeal = 1.0 + p.zeal * community.crackdown
    rate = p.strength * p.stops / 52000.0 / NORMAL_STOP * community.patrol * (1.0 - p.restraint * community.oversight) * zeal
    hits = p.hits * (0.75 + 0.5 * community.clarity)
    hits = (hits if hits < 1.0 else np.float32(1.0)) / (0.5 + 0.5 * zeal)
    fruitless = 0
    for q in range((tile.count + BLOCK_SIZE - 1) // BLOCK_SIZE):
        start = q * BLOCK_SIZE
        end = min(start + BLOCK_SIZE, tile.count)
        here = rate * blocks[first + q].focus
        if _stopped(scratch, start, end, here) > 0:
            fruitless += _stop(tile, community, scratch, start, end, here, here * hits)
    _learn(tile, community.certainty, p)
    if (fruitless > 0) & (community.crackdown > 0.0):
        _detain(tile, community, p.haste * community.crackdown, key, p)


@kernel
def _notice(tile, scratch, key, p):
    """Relative probability of a stop (1 for a local adult of 30 or more) and draw of every resident."""
    first = tile.first
    for i in range(tile.count):
        age = tile.age_group[i]
        likely = p.young if age == 1 else np.float32(1.0)
        likely = likely if tile.local[i] == 1 else likely * p.outsider
        scratch[LIKELY, i] = likely if (age > 0) & (tile.status[i] != JAILED) else np.float32(0.0)
        scratch[DRAW, i] = uniform(key, first + i, 0)


@tile_kernel
def _stopped(scratch, start, end, rate):
    """Number of stops in one block."""
    begin, stops = np.uint64(start), np.int32(0)  # unsigned: numba checks a signed index for negative values
    for j in range(end - start):
        stops = np.int32(stops + (scratch[DRAW, begin + np.uint64(j)] < rate * scratch[LIKELY, begin + np.uint64(j)]))
    return stops


@kernel
def _stop(tile, community, scratch, start, end, rate, found):
    """Record and count the stops in one block; returns the number without result."""
    fruitless = 0
    for i in range(start, end):
        draw, likely = scratch[DRAW, i], scratch[LIKELY, i]
        if draw < rate * likely:
            rightly = draw < found * likely
            tile.events[i] |= np.uint8(STOPPED_RIGHTLY) if rightly else np.uint8(STOPPED_FOR_NOTHING)
            community.now.stops += 1
            fruitless += not rightly
    community.now.fruitless += fruitless
    return fruitless


@tile_kernel
def _learn(tile, certainty, p):
    """Perceived risk of sanction moves to the true certainty."""
    learning = p.learning * p.strength
    for i in range(tile.count):
        risk = tile.sanction_risk[i]
        tile.sanction_risk[i] = risk + learning * (certainty - risk)


@kernel
def _detain(tile, community, chance, key, p):
    """During a campaign, detain a share of those stopped without result."""
    for i in range(tile.count):
        if (tile.events[i] & STOPPED_FOR_NOTHING) and (uniform(key, tile.first + i, 1) < chance):
            tile.status[i] = np.uint8(JAILED)
            tile.weeks_left[i] = np.uint8(p.detention)
            tile.events[i] |= np.uint8(ARRESTED)
            community.now.wrongful += 1
            community.now.jailed += 1


MECHANISM = Mechanism(
    name="policing",
    names={"en": "Policing", "zh": "警务"},
    stage="offend",
    parameters=Parameters,
    reads=(
        "age_group local status events weeks_left sanction_risk districts.work.rule_of_law.policing districts.staff.rule_of_law.policing"
        " community.oversight levers.patrol_targeting community.offence_level"
        " community.clarity community.recording community.upkeep community.crackdown community.effort"
        " community.neglect community.measured_services blocks.known blocks.reports"
    ).split(),
    writes=(
        "events status weeks_left sanction_risk stations.officers stations.load stations.clearance community.patrol community.officers"
        " community.certainty community.wrongful_level blocks.focus"
    ).split(),
    counts=("stops", "fruitless", "wrongful", "jailed"),
    brings="certainty of sanction, presence",
    costs="fruitless stops where patrols are most frequent; legitimacy; wrongful detention in campaigns",
    null={"strength": 0.0},
    plan=plan_policing,
    live=policing,
)
