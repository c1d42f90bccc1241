"""Policing: patrols, certainty of sanction, police stops, and arrests at officers' discretion.

Claim. More hours for each case raise the share of offences cleared, up to those that leave a trace; people learn from what follows
(clearance, prosecution, prison) how certain a sanction is, and it deters (see offending). Time of patrols that no call binds prevents
nothing while it passes in driving around; directed to hot spots it prevents offences there and next to them and takes nothing from
other places. Patrols stop innocent people and arrest for trifles, most where they patrol most; oversight and clear law narrow this
discretion, and fair treatment prevents offences on the spot.

Equation. h hours of investigation for each reported offence, `urgency` times as many for a violent one: clearance of a kind = its solvable
share * (1 - exp(-its h / hours)). Reports count, not what patrols come upon: more patrols must not leave fewer hours for each case.
Perceived risk p moves by `learning` a week to certainty = recording * clearance * (1 - presence + presence * seen) * C^conviction *
J^imprisonment, seen = 1 - exp(-patrol / visible); under ``learned_from: city`` to the city's mean of it, under ``own`` only in a week with
an offence or an arrest, to 1 if arrested and else to 0. C and J: prosecuted of those cleared and jailed of those prosecuted in the
station's area over a year, relative to usual (`prior` cases of the usual share are added).
Of hours of patrol a share `free` is not bound to calls. Under `even` it is spread evenly. Otherwise `targeting` of it goes to blocks whose
weight is above `hot`: of a station's mean records (reported), of its mean risk score (past records with `recent` of the last quarter's
deviation, to the power `sharpness`), or of its mean attraction (busy_places: stations, markets, bars); nowhere more than `most` times the
mean. With d hours directed to a block relative to all even hours there, presence * = 1 + (d + diffusion * d of both neighbours) / (1 -
free); `focus` moves to it with the time constant `lasting`.
Stops (`stops` per 1,000 hours, fewer by restraint * oversight; `hits` find something, more under clear law) and arrests for trifles
(`arrests` per 1,000 hours, * (1 - curbed * oversight) * (1 - ruled * clarity)) follow the hours, more often of the young and non-local.
Conduct = exp(-manner * ((oversight + clarity) / 2 - usual_conduct) * hours not bound to calls). A campaign multiplies stops and arrests
and detains some innocent people.

Source. Undirected preventive patrol: Kelling et al. 1974 (no effect). Free time: three quarters of shifts in Baltimore, 6 % of it directed
(Famega 2003); 40 % is a usual aim. Hot spots: -16 %, Braga, Weisburd 2022, doi:10.1007/s10940-020-09481-7; benefits diffuse: Braga et al.
2019, doi:10.1002/cl2.1046. No residual deterrence after foot patrols; in beats of 22 weeks it decayed while they went on, which the model
does not have: Sorg et al. 2013, Criminology 51(1):65-102. Forecasts from past and recent records: Mohler et al. 2015,
doi:10.1080/01621459.2015.1077710. Certainty in steps: Cornwell, Trumbull 1994, doi:10.2307/2109893 (arrest -.355, conviction -.286, prison
-.183). Stops: England and Wales, 9.7 per 1,000 and 76 % without result in the year to March 2020, 9.2 in the year to March 2023 (Home
Office). Learning: Anwar, Loughran 2011, doi:10.1111/j.1745-9125.2011.00233.x (direction). Treatment: Weisburd et al. 2022,
doi:10.1073/pnas.2118780119 (offences -14 %, many fewer arrests). The rest: assumptions.

Refuted by. Twice the investigators for each case without more of them cleared; ten percent more money for police that leaves offences as
they are (-1.7 to -3.5 % is expected from studies); patrols by risk score that leave the city's offences as they are, or that move them next
door; hot spots that keep fewer offences half a year after patrols ended; more police who arrest more people for violence. Tried:
"money of the police" (test_effects_of_levers), "patrols by risk score" (test_effects_of_levers),
"displacement" (test_effects_of_levers), "prediction over ordinary patrols" (test_effects_of_levers),
"half as much money again for the police" (test_effects_of_levers), "fair procedure" (test_effects_of_levers),
"coefficient of police per resident" (test_deterrence_panel). Not tried: clearance by hours of investigation against data.

Brings: certainty, hence fewer offences; a visible presence that raises security. Costs: fruitless stops and arrests for trifles of those
who are patrolled most, and thereby legitimacy; records that follow patrols.
"""

from typing import Literal

import numpy as np

from sim.city.codes import ARRESTED, JAILED, OFFENDED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.city.community import BLOCK_SIZE
from sim.draws import uniform, uniforms
from sim.kernel import kernel, tile_kernel
from sim.levers import instrument
from sim.maths import exp, power, unit
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, Option, Spec, choice, parameter

POLICING = instrument("rule_of_law.policing")
COMMUNITY, OWN, CITY = 0, 1, 2
"""Codes of the choice `learned_from`."""

STEPS = "assumption; ratio of elasticities in doi:10.2307/2109893"


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on stops and on learning; 0 freezes both", unit="factor", low=0.0, high=1.0)
    investigating: float = parameter(0.25, "share of hours on duty spent on the investigation of offences", unit="share", low=0.0, high=1.0)
    patrolling: float = parameter(0.5, "share of hours on duty spent on patrols", unit="share", low=0.0, high=1.0)
    solvable: float = parameter(
        0.52, "recorded acquisitive offences that leave a trace by which they can be solved", unit="share", low=0.0, high=1.0
    )
    solvable_violent: float = parameter(0.81, "recorded violent offences that can be solved", unit="share", low=0.0, high=1.0)
    violent: float = parameter(0.15, "share of reported offences that are violent", unit="share", low=0.0, high=1.0)
    urgency: float = parameter(
        3.0, "hours of investigation for a violent offence relative to an acquisitive one", unit="factor", low=1.0, high=50.0
    )
    hours: float = parameter(
        66.0,
        "hours of investigation for an acquisitive offence at which 63 % of the solvable are cleared",
        unit="hours",
        low=1.0,
        high=1000.0,
        source="assumption; fitted to rate_cleared_share (0.4 to 0.55)",
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
    learned_from: Literal["community", "own", "city"] = choice(
        "community",
        "from whom people learn how certain a sanction is",
        {
            "community": Option("from what happens to offenders in their own community", "从本社区违法者的遭遇中得知"),
            "own": Option(
                "from their own experience alone: risk rises with an arrest, and falls with an offence that had no consequences",
                "只从自身经历中得知：被拘捕后认为风险上升，违法而未受追究后认为风险下降",
            ),
            "city": Option("from the reputation of the city's police, the same for all", "从全市警察的名声中得知，人人相同"),
        },
        source="doi:10.1111/j.1745-9125.2011.00233.x (own); doi:10.1111/j.0011-1348.2005.00019.x (not from the area one lives in)",
    )
    stops: float = parameter(
        7.29,
        "stops where no misconduct is examined",
        unit="per 1,000 hours of patrol",
        low=0.0,
        high=500.0,
        source="England and Wales, 9.7 per 1,000 residents in the year to March 2020; fitted to rate_stops (5 to 15)",
    )
    restraint: float = parameter(0.667, "share of stops avoided where all misconduct is examined", unit="share", low=0.0, high=1.0)
    usual_stops: float = parameter(
        7.4, "fruitless stops that residents perceive as usual", unit="per 1,000 residents and year", low=0.1, high=500.0, prior=ANCHOR
    )
    hits: float = parameter(
        0.25,
        "share of stops that find something",
        unit="share",
        low=0.0,
        high=1.0,
        source="England and Wales, .24 in the year to March 2020",
    )
    arrests: float = parameter(
        9.6,
        "arrests for trifles where neither oversight nor clear law limits discretion",
        unit="per 1,000 hours of patrol",
        low=0.0,
        high=500.0,
    )
    curbed: float = parameter(
        1.0,
        "share of arrests for trifles avoided where all misconduct is examined",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; many fewer arrests by trained officers: doi:10.1073/pnas.2118780119",
    )
    ruled: float = parameter(1.0, "share of arrests for trifles avoided where all rules are clear", unit="share", low=0.0, high=1.0)
    manner: float = parameter(
        0.75,
        "offences that fair treatment prevents at patrols, for full against no oversight and clarity, in hours not bound to calls",
        unit="log rate",
        low=0.0,
        high=5.0,
        source="assumption; set to -14 % at hot spots: doi:10.1073/pnas.2118780119",
    )
    usual_conduct: float = parameter(
        0.5, "mean of oversight and clarity at which officers treat people as usual", unit="share", low=0.0, high=1.0, prior=ANCHOR
    )
    young: float = parameter(2.2, "relative probability that a young resident is stopped", unit="factor", low=0.1, high=10.0)
    outsider: float = parameter(1.4, "relative probability that a non-local resident is stopped", unit="factor", low=0.1, high=10.0)
    presence: float = parameter(
        0.4, "part of certainty that depends on seeing patrols in the community itself", unit="share", low=0.0, high=1.0
    )
    certainty_weeks: float = parameter(8.0, "time constant with which certainty becomes known", unit="weeks", low=1.0, high=104.0)
    conviction: float = parameter(
        0.8, "exponent of the share of cleared offences that are prosecuted in certainty", unit="exponent", low=0.0, high=3.0, source=STEPS
    )
    imprisonment: float = parameter(
        0.5, "exponent of the share of the prosecuted who go to jail in certainty", unit="exponent", low=0.0, high=3.0, source=STEPS
    )
    usual_prosecuted: float = parameter(
        0.3297, "share of cleared offences that are usually prosecuted", unit="share", low=0.01, high=1.0, prior=ANCHOR
    )
    usual_jailed: float = parameter(0.66, "share of the prosecuted who usually go to jail", unit="share", low=0.01, high=1.0, prior=ANCHOR)
    prior: float = parameter(
        50.0, "cases of the usual share that are added to a year's cases around a place", unit="cases", low=1.0, high=10_000.0
    )
    free: float = parameter(
        0.4,
        "share of hours of patrol that are not bound to calls",
        unit="share",
        low=0.0,
        high=0.9,
        source="assumption; a usual aim of planning; three quarters of shifts in Baltimore: Famega 2003",
    )
    targeting: float = parameter(
        0.7, "part of free hours of patrol directed to hot spots where targeting is not even", unit="share", low=0.0, high=1.0
    )
    hot: float = parameter(3.0, "weight of a block relative to the mean from which it is a hot spot", unit="factor", low=0.0, high=20.0)
    diffusion: float = parameter(
        0.2,
        "part of the presence directed to a block that is felt in each block next to it",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; benefits diffuse: doi:10.1002/cl2.1046",
    )
    lasting: float = parameter(
        3.0,
        "time constant with which the effect of directed patrols comes and goes",
        unit="weeks",
        low=1.0,
        high=104.0,
        source="assumption; no residual deterrence was found: Sorg et al. 2013, Criminology 51(1):65-102",
    )
    memory: float = parameter(104.0, "time over which a risk score knows past records", unit="weeks", low=13.0, high=1040.0)
    recent: float = parameter(0.25, "part of the last quarter's deviation that counts in a risk score", unit="share", low=0.0, high=1.0)
    sharpness: float = parameter(1.5, "exponent of a risk score relative to plain records", unit="exponent", low=1.0, high=4.0)
    most: float = parameter(8.0, "most directed hours of a block relative to the mean", unit="factor", low=1.0, high=50.0)
    zeal: float = parameter(1.5, "stops added by a full campaign", unit="factor", low=0.0, high=20.0)
    haste: float = parameter(0.20, "fruitless stops that end in detention in a full campaign", unit="share", low=0.0, high=1.0)
    detention: float = parameter(2.0, "weeks in such detention", unit="weeks", low=1.0, high=52.0)


EVEN, REPORTED, RISK_SCORE, BUSY_PLACES = 0, 1, 2, 3
NORMAL_STOP = 1.27  # mean of the factors young and outsider over adults, so that `stops` is the mean rate
LIKELY, DRAW = 0, 1  # rows of `scratch`


@kernel
def plan_policing(world, week, p):
    """Clearance of every station, what follows it, and its patrols over blocks."""
    cases = _reported_in_the_city(world) * (1.0 - p.violent + p.violent * p.urgency)
    for s in range(len(world.stations)):
        station, office = world.stations[s], world.offices[s]
        district = world.districts[station.district]
        targeting = world.policies[week, world.policy_of[station.district]].patrol_targeting
        level = np.float32(0.0)
        for k in range(office.first_community, office.last_community):
            level += world.communities[k].offence_level * np.float32(world.communities[k].residents)
        station.officers = np.float32(office.residents) * district.staff[POLICING] / 10_000.0
        station.load = level / np.float32(office.residents)
        here = world.communities[office.first_community]
        driven = 1.0 + 0.5 * (here.effort if here.measured_services < 0.5 else -here.neglect)
        hours = district.work[POLICING] * (1.0 - here.upkeep) * driven
        each = p.investigating * hours / (cases * p.hours + 1e-9)
        acquisitive = p.solvable * (1.0 - exp(-each))
        violent = p.solvable_violent * (1.0 - exp(-p.urgency * each))
        station.clearance = (1.0 - p.violent) * acquisitive + p.violent * violent
        sanctioned = station.clearance * _what_follows(world, station, office, p)
        directed = _direct(world, office, targeting, p)
        for k in range(office.first_community, office.last_community):
            community = world.communities[k]
            community.clearance, community.clearance_violent = acquisitive, violent
            community.patrol = p.patrolling * hours
            patrolled = community.patrol * _patrol(world, community, directed, p)
            there = patrolled / (p.patrolling * district.work[POLICING] + 1e-9)
            community.officers = there * np.float32(community.residents) * district.staff[POLICING] / 10_000.0
            seen = 1.0 - exp(-patrolled / p.visible)
            certain = unit(community.recording * sanctioned * (1.0 - p.presence + p.presence * seen))
            community.certainty += p.strength * (certain - community.certainty) / p.certainty_weeks
            fruitless = np.float32(community.last.fruitless) / (np.float32(community.residents) * p.usual_stops / 52000.0 + 1e-6)
            community.wrongful_level += (fruitless - community.wrongful_level) / 26.0
    if p.learned_from == CITY:
        _share_reputation(world)


@kernel
def _share_reputation(world):
    """Give all communities the mean certainty of the city's residents."""
    total, residents = np.float32(0.0), np.float32(0.0)
    for k in range(len(world.communities)):
        total += world.communities[k].certainty * np.float32(world.communities[k].residents)
        residents += np.float32(world.communities[k].residents)
    for k in range(len(world.communities)):
        world.communities[k].certainty = total / residents


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
def _what_follows(world, station, office, p):
    """Factor on certainty from how many of those cleared are prosecuted and of these jailed, over a year; 1 where both are as usual."""
    cleared, prosecuted, imprisoned = np.float32(0.0), np.float32(0.0), np.float32(0.0)
    for k in range(office.first_community, office.last_community):
        last = world.communities[k].last
        cleared += np.float32(last.cleared)
        prosecuted += np.float32(last.prosecuted)
        imprisoned += np.float32(last.jailed - last.wrongful - last.arrested)  # not those detained in campaigns or for protest
    station.cleared += (cleared - station.cleared) / 52.0
    station.prosecuted += (prosecuted - station.prosecuted) / 52.0
    station.imprisoned += (imprisoned - station.imprisoned) / 52.0
    convicted = (52.0 * station.prosecuted / p.usual_prosecuted + p.prior) / (52.0 * station.cleared + p.prior)
    jailed = (52.0 * station.imprisoned / p.usual_jailed + p.prior) / (52.0 * station.prosecuted + p.prior)
    return power(convicted, p.conviction) * power(jailed, p.imprisonment)


@kernel
def _direct(world, office, targeting, p):
    """Write into `hours` of a station's blocks what of their even hours is directed there in free time; returns the mean."""
    first = world.communities[office.first_community].first_block
    end = world.communities[office.last_community - 1].last_block
    known = np.float32(0.0)
    for q in range(first, end):
        block = world.blocks[q]
        past = block.past + (block.known - block.past) / p.memory
        block.past = past if past > 1e-6 else np.float32(0.0)
        weight = block.attraction if targeting == BUSY_PLACES else block.known
        block.hours = block.past + p.recent * (block.known - block.past) if targeting == RISK_SCORE else weight
        known += block.hours
    mean = known / np.float32(end - first) + 1e-6
    total, directed = np.float32(0.0), np.float32(0.0)
    for q in range(first, end):
        block = world.blocks[q]
        weight = (block.hours + 0.1 * mean) / (1.1 * mean)
        weight = power(weight, p.sharpness) if targeting == RISK_SCORE else weight
        block.hours = weight if (weight > p.hot) & (targeting != EVEN) else np.float32(0.0)
        total += block.hours
    scale = np.float32(end - first) / total if total > 0.0 else np.float32(0.0)
    for q in range(first, end):
        block = world.blocks[q]
        weight = block.hours * scale
        block.hours = p.free * p.targeting * (weight if weight < p.most else p.most)
        directed += block.hours
    return directed / np.float32(end - first)


@kernel
def _patrol(world, community, directed, p):
    """Presence, hours and conduct of patrols at a community's blocks; returns its mean hours relative to even patrols.

    `directed` is the mean of directed hours: what is left is spread evenly.
    """
    gained = p.manner * (0.5 * (community.oversight + community.clarity) - p.usual_conduct)
    before, patrolled = np.float32(0.0), np.float32(0.0)
    for q in range(community.first_block, community.last_block):
        block = world.blocks[q]
        beside = before + (world.blocks[q + 1].hours if q + 1 < community.last_block else np.float32(0.0))
        gap = 1.0 + (block.hours + p.diffusion * beside) / (1.0 - p.free) - block.focus
        block.focus += gap / p.lasting if abs(gap) > 1e-5 else gap  # equal everywhere again once patrols have ended
        before = block.hours
        block.hours += 1.0 - directed
        unbound = block.hours - (1.0 - p.free)
        block.conduct = exp(-gained * (unbound if unbound > 0.0 else np.float32(0.0)))
        patrolled += block.hours
    return patrolled / np.float32(community.last_block - community.first_block)


@tile_kernel
def policing(tile, community, blocks, scratch, key, p):
    """People learn the certainty of sanction; some are stopped or arrested for trifles, most where patrols are most frequent."""
    _notice(tile, scratch, key, p)
    first = community.first_block + (tile.first - community.first) // BLOCK_SIZE
    zeal = 1.0 + p.zeal * community.crackdown
    patrol = p.strength / 52000.0 / NORMAL_STOP * community.patrol * zeal
    rate = p.stops * (1.0 - p.restraint * community.oversight)
    petty = p.arrests * unit(1.0 - p.curbed * community.oversight) * unit(1.0 - p.ruled * community.clarity)
    hits = p.hits * (0.75 + 0.5 * community.clarity)
    hits = (hits if hits < 1.0 else np.float32(1.0)) / (0.5 + 0.5 * zeal)
    fruitless = 0
    for q in range((tile.count + BLOCK_SIZE - 1) // BLOCK_SIZE):
        start = q * BLOCK_SIZE
        end = min(start + BLOCK_SIZE, tile.count)
        hours = patrol * blocks[first + q].hours
        if _stopped(scratch, start, end, hours * (rate + petty)) > 0:
            fruitless += _stop(tile, community, scratch, start, end, hours * rate, hours * rate * hits, hours * (rate + petty))
    if (fruitless > 0) & (community.crackdown > 0.0):
        _detain(tile, community, p.haste * community.crackdown, key, p)
    if p.learned_from == OWN:
        _learn_by_experience(tile, p)
    else:
        _learn(tile, community.certainty, p)


@kernel
def _notice(tile, scratch, key, p):
    """Relative probability of a stop (1 for a local adult of 30 or more) and draw of every resident."""
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    for i in range(tile.count):
        age = tile.age_group[i]
        likely = p.young if age == 1 else np.float32(1.0)
        likely = likely if tile.local[i] == 1 else likely * p.outsider
        scratch[LIKELY, i] = likely if (age > 0) & (tile.status[i] != JAILED) else np.float32(0.0)


@tile_kernel
def _stopped(scratch, start, end, rate):
    """Number of stops and arrests for trifles in one block."""
    begin, stops = np.uint64(start), np.int32(0)  # unsigned: numba checks a signed index for negative values
    for j in range(end - start):
        stops = np.int32(stops + (scratch[DRAW, begin + np.uint64(j)] < rate * scratch[LIKELY, begin + np.uint64(j)]))
    return stops


@kernel
def _stop(tile, community, scratch, start, end, rate, found, most):
    """Record and count in one block the stops (draws below `rate`) and arrests for trifles (from there to `most`).

    Returns the number of stops without result.
    """
    fruitless = 0
    for i in range(start, end):
        draw, likely = scratch[DRAW, i], scratch[LIKELY, i]
        if draw < rate * likely:
            rightly = draw < found * likely
            tile.events[i] |= np.uint8(STOPPED_RIGHTLY) if rightly else np.uint8(STOPPED_FOR_NOTHING)
            community.now.stops += 1
            fruitless += not rightly
        elif draw < most * likely:
            tile.events[i] |= np.uint8(ARRESTED)
            community.now.petty_arrests += 1
    community.now.fruitless += fruitless
    return fruitless


@tile_kernel
def _learn(tile, certainty, p):
    """Perceived risk of sanction moves to the true certainty."""
    learning = p.learning * p.strength
    for i in range(tile.count):
        risk = tile.sanction_risk[i]
        tile.sanction_risk[i] = risk + learning * (certainty - risk)


@tile_kernel
def _learn_by_experience(tile, p):
    """Perceived risk of those who offended or were arrested this week moves to what happened to them: 1 for an arrest, 0 for none."""
    learning = p.learning * p.strength
    for i in range(tile.count):
        event, risk = tile.events[i], tile.sanction_risk[i]
        caught = np.float32(1.0) if event & ARRESTED else np.float32(0.0)
        tile.sanction_risk[i] = risk + learning * (caught - risk) if event & (OFFENDED | ARRESTED) else risk


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
        "events status weeks_left sanction_risk stations.officers stations.load stations.clearance stations.cleared"
        " stations.prosecuted stations.imprisoned community.patrol community.officers community.clearance community.clearance_violent"
        " community.certainty community.wrongful_level blocks.past blocks.hours blocks.focus blocks.conduct"
    ).split(),
    counts=("stops", "fruitless", "petty_arrests", "wrongful", "jailed"),
    brings="certainty of sanction, presence",
    costs="fruitless stops and arrests for trifles where patrols are most frequent; legitimacy; wrongful detention in campaigns",
    null={"strength": 0.0},
    plan=plan_policing,
    live=policing,
)
