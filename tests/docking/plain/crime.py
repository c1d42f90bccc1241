"""Offences, cameras, campaigns and police."""

from sim.city.codes import ARRESTED, CALM, FLAGGED, JAILED, OFFENDED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.mechanisms.policing import NORMAL_STOP

from .draws import clip, exp, logistic, power, unit
from .government import communities_of

PARTS = 4096  # propensities of a block are added up as whole numbers of 1 / 4096


def serve_sentence(r):
    """Reduce detention by one week; release those who have served it."""
    if r.status == JAILED:
        r.weeks_left = max(r.weeks_left - 1, 0)
        if r.weeks_left == 0:
            r.status = CALM


def plan_detection(city, lever, p):
    """What cameras see: a share of the guilty and, since most are innocent, many of those; what being watched costs."""
    looks = p.strength * p.reach * lever.detection / (lever.detection + 0.5)
    spared = 1.0 - p.protection * lever.privacy_protection
    guilty = logistic(p.slope * (0.5 * p.separation + 0.5 - lever.detection_threshold))
    innocent = logistic(p.slope * (0.5 - 0.5 * p.separation - lever.detection_threshold))
    for c in city.communities:
        c.cameras = p.strength * lever.detection
        c.flag_true = looks * guilty * (1.0 - p.blinding * lever.privacy_protection)
        c.flag_false = looks * p.screened * innocent * spared
        c.exposure = looks * spared
        c.chill = p.chill * c.exposure
        c.upkeep = p.strength * p.upkeep * lever.detection


def detection(r, c, p, key):
    """Somebody may be suspected of nothing he or she did."""
    if r.age_group > 0 and r.status != JAILED and key(r.number, 0) < c.flag_false:
        r.events |= FLAGGED
        c.now["flagged_falsely"] += 1


def campaign(city, lever, p):
    """A crackdown impresses while people are not used to it; when it ends they offend the more."""
    intensity, used = p.strength * lever.campaign, city.city.habituation
    weeks = p.tire if intensity > used else p.recover
    city.city.habituation = used + p.strength * (intensity - used) / weeks
    for c in city.communities:
        c.crackdown = intensity
        c.pulse = 1.0 + p.gain * intensity * (1.0 - used) - p.rebound * used * (1.0 - intensity)


def plan_offending(city, lever, p):
    """A block's heat is a four-week memory of its offences, what is known of it a slower one of records; people feel the level."""
    for c in city.communities:
        for block in c.blocks:
            heat = block.heat * 0.75 + 0.25 * block.now
            known = block.known + (block.seen - block.known) / p.level_weeks
            reports = block.reports + (block.reported - block.reports) / p.level_weeks
            block.heat = heat if heat > 1e-6 else city.number(0.0)
            block.known = known if known > 1e-6 else city.number(0.0)
            block.reports = reports if reports > 1e-6 else city.number(0.0)
            block.now = block.seen = block.reported = 0
        c.recording = p.recorded
        c.offence_level += (c.last["offences"] / (c.residents * p.usual / 52.0) - c.offence_level) / p.level_weeks


def propensity(r, p):
    """How much likelier than the reference a person is to offend, a thousand times at most; 0 for children."""
    push = p.hardship * (r.strain - 0.41) - p.norm * (r.norm - 0.64) - p.legitimacy * (r.legitimacy - 0.70)
    return min(exp(push) * {0: 0.0, 1: 1.9, 2: 1.15}.get(r.age_group, 0.6), 1000.0)


def opportunity(block, c, p):
    """What a block offers: its own attraction, against patrols, a campaign, a camera and the neighbourhood's watch."""
    seen = 1.0 - (p.camera if block.lot < c.cameras else 0.0)
    policed = power(c.patrol * block.focus + 0.1, p.presence) * power(c.pulse, p.certainty)
    return block.attraction * policed * seen * (1.0 - p.watch * c.watch)


def offending(r, c, p, key):
    """Rate = base * propensity * certainty**own elasticity * (1 - informal control) * opportunity, and near repeats by propensity."""
    s, block = propensity(r, p), r.block
    block.adding += int(s * PARTS)
    if r.status == JAILED:
        return
    control = max(1.0 - p.control * (c.collective_efficacy - 1.0), 0.1)
    fear = power(max(r.sanction_risk, 0.02) / p.reference_risk, p.certainty * max(1.0 + p.internalised * (r.norm - 0.64), 0.0))
    repeats = p.theta * block.heat / (block.propensity / PARTS) if block.propensity else 0.0
    if key(r.number, 0) < s * (p.base / 52.0 * control * opportunity(block, c, p) * fear + repeats):
        r.events |= OFFENDED
        c.now["offences"] += 1
        block.now += 1
        pursue(r, c, p, key)


def close_offending(city, lever, p):
    """This week's propensities of a block are what near repeats are shared out by next week."""
    for c in city.communities:
        for block in c.blocks:
            block.propensity, block.adding = block.adding, 0


def pursue(r, c, p, key):
    """Found by detection or recorded? Criminal? Cleared? Prosecuted? Jailed?"""
    found = bool(key(r.number, 7) < c.flag_true)
    noticed = 1.0 + p.seen * (c.patrol * r.block.focus / p.patrolled - 1.0)
    report, u = p.recorded * (1.0 + p.reporting * (r.legitimacy - 0.70)), key(r.number, 1)
    r.block.reported += bool(found or u < report)
    if not found and u >= report * noticed:
        return
    criminal = bool(key(r.number, 2) < p.criminal)
    c.now["flagged_rightly"] += found
    c.now["recorded"] += 1
    c.now["criminal"] += criminal
    r.block.seen += 1
    solved = c.certainty / p.recorded if p.recorded > 0.0 else 0.0
    if key(r.number, 3) >= unit(solved + (p.evidence if found else 0.0)):
        return
    c.now["cleared"] += 1
    r.events |= ARRESTED
    if criminal and key(r.number, 4) < p.prosecuted:
        c.now["prosecuted"] += 1
        if key(r.number, 5) < p.jailed:
            c.now["jailed"] += 1
            r.status = JAILED
            r.weeks_left = 1 + int(key(r.number, 6) * 2.0 * p.sentence)


def plan_policing(city, lever, p):
    """A station investigates what is reported in the city, clears 1 - exp(-hours for a case) of the solvable, and patrols."""
    everywhere = sum(block.reports for c in city.communities for block in c.blocks) + city.number(0.5 / 13.0)
    cases = 52.0 * everywhere / sum(c.residents for c in city.communities)
    for station, office in zip(city.stations, city.offices):
        district, here = city.districts[station.district], communities_of(city, office)
        drive = 1.0 + 0.5 * (-here[0].neglect if here[0].measured_services > 0.5 else here[0].effort)
        station.load = sum(c.offence_level * c.residents for c in here) / city.number(office.residents)
        station.officers = district.staff["rule_of_law.policing"] / 10_000.0 * office.residents
        duty = district.work["rule_of_law.policing"]
        hours = duty * (1.0 - here[0].upkeep) * drive
        station.clearance = p.solvable * (1.0 - exp(-p.investigating * hours / (cases * p.hours + 1e-9)))
        patrol(here, p.patrolling * hours, lever, p)
        for c in here:
            remember_police(c, station, p)
            c.officers = c.patrol / (p.patrolling * duty + 1e-9) * district.staff["rule_of_law.policing"] / 10_000.0 * c.residents


def patrol(here, hours, lever, p):
    """Spread the patrols of a station over its communities, and of each of these over its blocks."""
    follow = 0.0 if lever.patrol_targeting == "even" else p.targeting
    known = {id(c): sum(block.known for block in c.blocks) for c in here}
    mean = sum(known.values()) / sum(c.residents for c in here)
    for c in here:
        records = (known[id(c)] / c.residents + 1e-6) / (mean + 1e-6)
        c.patrol = hours * (1.0 - follow + follow * clip(records, 0.0, 4.0))
        sharp = p.sharpness if lever.patrol_targeting == "risk_score" else 1.0
        focus_patrols(c.blocks, follow, sharp, p)


def focus_patrols(blocks, follow, sharp, p):
    """Weights by what is known of blocks, none quite without; their mean is 1."""
    mean = sum(block.known for block in blocks) / len(blocks) + 1e-6
    weights = [min(((block.known + 0.1 * mean) / (1.1 * mean)) ** sharp, p.most) for block in blocks]
    for block, weight in zip(blocks, weights):
        block.focus = 1.0 - follow + follow * weight * len(blocks) / (sum(weights) + 1e-6)


def remember_police(c, station, p):
    """The certainty of sanction that becomes known in a community, and the fruitless stops that people remember."""
    unseen = exp(-c.patrol / p.visible)
    certain = c.recording * station.clearance * (1.0 - p.presence * unseen)
    c.certainty += p.strength * (certain - c.certainty) / p.certainty_weeks
    usual = c.residents * p.usual_stops / 52000.0 + 1e-6
    c.wrongful_level += (c.last["fruitless"] / usual - c.wrongful_level) / 26.0


def policing(r, c, p, key):
    """Perceived risk moves to certainty; the young and the non-local are stopped more often, and everybody where patrols are."""
    r.sanction_risk += p.learning * p.strength * (c.certainty - r.sanction_risk)
    if r.age_group == 0 or r.status == JAILED:
        return
    zeal = 1.0 + p.zeal * c.crackdown
    rate = p.strength * p.stops / 52000.0 / NORMAL_STOP * c.patrol * (1.0 - p.restraint * c.oversight) * zeal * r.block.focus
    hits = min(p.hits * (0.75 + 0.5 * c.clarity), 1.0) / (0.5 + 0.5 * zeal)
    likely = (p.young if r.age_group == 1 else 1.0) * (1.0 if r.local else p.outsider)
    u = key(r.number, 0)
    if u < rate * likely:
        c.now["stops"] += 1
        if u < rate * hits * likely:
            r.events |= STOPPED_RIGHTLY
        else:
            r.events |= STOPPED_FOR_NOTHING
            c.now["fruitless"] += 1
            detain(r, c, p, key(r.number, 1))


def detain(r, c, p, u):
    """In a campaign some who were stopped for nothing are detained all the same."""
    if u < p.haste * c.crackdown:
        r.status, r.weeks_left = JAILED, int(p.detention)
        r.events |= ARRESTED
        c.now["wrongful"] += 1
        c.now["jailed"] += 1
