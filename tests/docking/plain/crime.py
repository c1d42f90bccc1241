"""Offences, cameras, campaigns and police."""

from sim.city.codes import ARRESTED, CALM, FLAGGED, JAILED, OFFENDED, STOPPED_FOR_NOTHING, STOPPED_RIGHTLY
from sim.mechanisms.policing import NORMAL_STOP

from .draws import clip, exp, logistic, power, rounded, unit
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
    for c in city.communities:
        lever = city.policy(c.district)
        looks = p.strength * p.reach * lever.detection / (lever.detection + 0.5)
        spared = 1.0 - p.protection * lever.privacy_protection
        guilty = logistic(p.slope * (0.5 * p.separation + 0.5 - lever.detection_threshold))
        innocent = logistic(p.slope * (0.5 - 0.5 * p.separation - lever.detection_threshold))
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
    """A crackdown impresses while people are not used to it, and police slacken as they are; something may be left when it ends."""
    intensity, used = p.strength * lever.campaign, city.city.habituation
    weeks = p.tire if intensity > used else p.recover
    city.city.habituation = used + p.strength * (intensity - used) / weeks
    for c in city.communities:
        c.crackdown = intensity - p.slack * intensity * used
        c.pulse = clip(1.0 + p.gain * intensity * (1.0 - used) + (p.residue - p.rebound) * used * (1.0 - intensity), 0.1, 6.0)


KINDS = ("acquisitive", "violent")  # in the order of what is kept by kind
FIRST_PLACE = 16  # number of the first of a block's draws


def plan_offending(city, lever, p):
    """A block's heat is a four-week memory of its offences, what is known of it a slower one of records; people feel the level around."""
    for c in city.communities:
        for block in c.blocks:
            heat = block.heat * 0.75 + 0.25 * block.now
            known = block.known + (block.seen - block.known) / p.level_weeks
            reports = block.reports + (block.reported - block.reports) / p.level_weeks
            block.heat = heat if heat > 1e-6 else city.number(0.0)
            block.known = known if known > 1e-6 else city.number(0.0)
            block.reports = reports if reports > 1e-6 else city.number(0.0)
            block.now = block.seen = block.reported = 0
            block.opportunity = [opportunity(block, c, p, kind) for kind in KINDS]
        c.recording = (1.0 - p.violent) * p.recorded + p.violent * p.recorded_violent
        c.opportunity = [sum(block.homes * block.opportunity[kind] for block in c.blocks) / c.residents for kind in (0, 1)]
    levels = {id(c): c.last["offences"] / (c.residents * p.usual / 52.0) for c in city.communities}
    for c in city.communities:
        around = [levels[id(other)] for other in c.around] or [levels[id(c)]]
        level = levels[id(c)] + p.spill * (sum(around) / len(around) - levels[id(c)])
        c.offence_level += (level - c.offence_level) / p.level_weeks
        near = journeys(c, p)
        c.elsewhere = [sum(w * other.opportunity[kind] for other, w in near) / sum(w for _, w in near) for kind in (0, 1)]


def leaves(kind, p):
    """Share of offences of a kind for which offenders look next door, where there is as much to take."""
    return 0.0 if p.journey == "home" else (p.away_violent if kind == "violent" else p.away)


def journeys(c, p):
    """Communities in reach of an offender who leaves, each with its weight by distance; one that borders on none is its own."""
    decay = 0.0 if p.journey == "targets" else p.decay
    far = [(other, (other.x - c.x) ** 2 + (other.y - c.y) ** 2 + 1e-4) for other in c.around]
    return [(other, other.residents * power(type(c.x)(square), -decay / 2)) for other, square in far] or [(c, type(c.x)(1.0))]


def propensity(r, p):
    """How much likelier than the reference a person is to offend, a thousand times at most; 0 for children."""
    push = p.hardship * (r.strain - 0.41) - p.norm * (r.norm - 0.64) - p.legitimacy * (r.legitimacy - 0.70)
    push += p.idle if r.jobless else 0.0
    return min(exp(push) * {0: 0.0, 1: 1.9, 2: 1.15}.get(r.age_group, 0.6), 1000.0)


def opportunity(block, c, p, kind):
    """What a block offers: its attraction, against neighbours, patrols, police conduct and a campaign; cameras and watches stop theft."""
    theft = kind == "acquisitive"
    presence, certainty = (p.presence, p.certainty) if theft else (p.presence_violent, p.certainty_violent)
    open_ = max(1.0 - p.control * (c.collective_efficacy - 1.0), 0.1) * block.attraction * block.conduct
    open_ *= power(c.patrol * block.focus + 0.1, presence) * power(c.pulse, certainty)
    if theft:
        open_ *= (1.0 - p.watch * c.watch) * (1.0 - (p.camera if block.lot < c.cameras else 0.0))
    return open_


def offending(r, c, p, key):
    """For each kind base * propensity * certainty**own elasticity * opportunities at home and away; and near repeats by propensity."""
    s, block = propensity(r, p), r.block
    block.adding += int(s * PARTS)
    if r.status == JAILED:
        return
    by_norm = {"independent": p.internalised, "substitute": -2.0, "complement": 2.0}[p.conscience]
    risk, minds = max(r.sanction_risk, 0.02) / p.reference_risk, max(1.0 + by_norm * (r.norm - 0.64), 0.0)
    rates, gone = [], []
    for kind, share, away, certainty in (
        (0, 1.0 - p.violent, leaves("acquisitive", p), p.certainty),
        (1, p.violent, leaves("violent", p), p.certainty_violent),
    ):
        near, far = (1.0 - away) * block.opportunity[kind], away * c.elsewhere[kind]
        harder = exp((p.hardship_violent - p.hardship) * (r.strain - 0.41)) if kind else 1.0
        rates.append(p.base / 52.0 * share * (near + far) * power(risk, certainty * minds) * harder)
        gone.append(far / (near + far + 1e-30))
    repeats = p.theta * block.heat / (block.propensity / PARTS) if block.propensity else 0.0
    if key(r.number, 0) < s * (rates[0] + rates[1] + repeats):
        r.events |= OFFENDED
        lot = key(r.number, 8) * (sum(rates) + repeats)
        if lot >= rates[0] + rates[1]:
            kind, away = int(key(r.number, 9) < p.violent), False
        else:
            kind = int(lot >= rates[0])
            away = bool(key(r.number, 10) < gone[kind])
        pursue(r, c, p, key, kind, away)


def close_offending(city, lever, p):
    """Offences away find their places; this week's propensities of a block are what near repeats are shared out by next week."""
    key = city.key("offending")
    for c in city.communities:
        for block in c.blocks:
            for kind in (0, 1):
                mine = [offence for offence in block.gone if offence["violent"] == kind]
                before = sum(not offence["violent"] for offence in block.gone) if kind else 0
                for n in range(len(mine)):
                    draws = [key(block.number, FIRST_PLACE + 2 * (before + n) + d) for d in (0, 1)]
                    there = pick([(other, w * other.opportunity[kind]) for other, w in journeys(c, p)], draws[0])
                    place = pick([(b, b.homes * b.opportunity[kind]) for b in there.blocks], draws[1])
                    what = {name: n < sum(offence[name] for offence in mine) for name in mine[n] if name != "violent"}
                    count_offence(there, place, {**what, "violent": kind})
            block.gone = []
            block.propensity, block.adding = block.adding, 0


def pick(weighted, u):
    """One of several by weight."""
    left = u * sum(weight for _, weight in weighted)
    for one, weight in weighted:
        if left < weight:
            return one
        left -= weight
    return weighted[-1][0]


def count_offence(c, block, what):
    """An offence in the books of the community and the block where it happened."""
    block.now += 1
    block.reported += what["reported"]
    block.seen += what["recorded"]
    c.now["offences"] += 1
    c.now["violent"] += what["violent"]
    c.now["recorded"] += what["recorded"]
    c.now["recorded_violent"] += what["violent"] * what["recorded"]
    c.now["criminal"] += what["criminal"]
    c.now["flagged_rightly"] += what["found"]


def pursue(r, c, p, key, kind, away):
    """Found by detection or recorded? Criminal? Cleared? Prosecuted? Jailed?"""
    found = bool(key(r.number, 7) < c.flag_true)
    noticed = 1.0 + p.seen * (c.patrol * (1.0 if away else r.block.focus) / p.patrolled - 1.0)
    report, u = (p.recorded, p.recorded_violent)[kind] * (1.0 + p.reporting * (r.legitimacy - 0.70)), key(r.number, 1)
    recorded = bool(found or u < report * noticed)
    criminal = bool(recorded and key(r.number, 2) < p.criminal)
    what = {"violent": kind, "found": found, "reported": bool(found or u < report), "recorded": recorded, "criminal": criminal}
    if away:
        r.block.gone.append(what)
    else:
        count_offence(c, r.block, what)
    solved = (c.clearance, c.clearance_violent)[kind] + (p.evidence if found else 0.0)
    if not recorded or key(r.number, 3) >= unit(solved):
        return
    c.now["cleared"] += 1
    c.now["cleared_violent"] += kind
    r.events |= ARRESTED
    if criminal and key(r.number, 4) < p.prosecuted:
        c.now["prosecuted"] += 1
        if key(r.number, 5) < p.jailed:
            c.now["jailed"] += 1
            r.status = JAILED
            r.weeks_left = 1 + int(key(r.number, 6) * 2.0 * p.sentence)


def plan_policing(city, lever, p):
    """A station investigates what is reported in the city, violence first, and patrols; word gets round of what follows."""
    everywhere = sum(block.reports for c in city.communities for block in c.blocks) + city.number(0.5 / 13.0)
    cases = 52.0 * everywhere / sum(c.residents for c in city.communities)
    for station, office in zip(city.stations, city.offices):
        district, here = city.districts[station.district], communities_of(city, office)
        drive = 1.0 + 0.5 * (-here[0].neglect if here[0].measured_services > 0.5 else here[0].effort)
        station.load = sum(c.offence_level * c.residents for c in here) / city.number(office.residents)
        station.officers = district.staff["rule_of_law.policing"] / 10_000.0 * office.residents
        duty = district.work["rule_of_law.policing"]
        hours = duty * (1.0 - here[0].upkeep) * drive
        kinds = clearances(p.investigating * hours, cases, p)
        station.clearance = kinds[0] + p.violent * (kinds[1] - kinds[0])
        follows = what_follows(station, here, p)
        patrolled = patrol(here, p.patrolling * hours, city.policy(station.district), p)
        for c in here:
            c.patrol = p.patrolling * hours
            c.clearance, c.clearance_violent = kinds
            there = patrolled[id(c)]
            remember_police(c, c.recording * station.clearance * follows, there, p)
            c.officers = there / (p.patrolling * duty + 1e-9) * district.staff["rule_of_law.policing"] / 10_000.0 * c.residents
    if p.learned_from == "city":
        known = sum(c.certainty * c.residents for c in city.communities) / sum(c.residents for c in city.communities)
        for c in city.communities:
            c.certainty = known


def clearances(hours, cases, p):
    """Share cleared of acquisitive and of violent offences where a violent one gets `urgency` times the hours of another."""
    each = hours / (cases * ((1.0 - p.violent) + p.violent * p.urgency) * p.hours + 1e-9)
    return p.solvable * (1.0 - exp(-each)), p.solvable_violent * (1.0 - exp(-p.urgency * each))


def what_follows(station, here, p):
    """Of those cleared a share is prosecuted, of these a share goes to prison: a year's shares around, against the usual ones."""
    seen = {"cleared": ("cleared",), "prosecuted": ("prosecuted",), "imprisoned": ("jailed",)}
    for name, (count,) in seen.items():
        number = sum(c.last[count] for c in here)
        if name == "imprisoned":
            number -= sum(c.last["wrongful"] + c.last["arrested"] for c in here)
        before = getattr(station, name)
        setattr(station, name, before + (number - before) / 52.0)
    convicted = (52.0 * station.prosecuted / p.usual_prosecuted + p.prior) / (52.0 * station.cleared + p.prior)
    jailed = (52.0 * station.imprisoned / p.usual_jailed + p.prior) / (52.0 * station.prosecuted + p.prior)
    return power(convicted, p.conviction) * power(jailed, p.imprisonment)


def patrol(here, hours, lever, p):
    """Patrols of a station: free time goes to hot spots, if anywhere; returns hours of each community, per resident."""
    blocks = [block for c in here for block in c.blocks]
    for block in blocks:
        past = block.past + (block.known - block.past) / p.memory
        block.past = past if past > 1e-6 else past * 0.0
    directed = {id(block): share for block, share in zip(blocks, direct(blocks, lever.patrol_targeting, p))}
    mean = sum(directed.values()) / len(blocks)
    patrolled = {}
    for c in here:
        row = [directed[id(block)] for block in c.blocks]
        for place, block in enumerate(c.blocks):
            beside = sum(row[n] for n in (place - 1, place + 1) if 0 <= n < len(row))
            be_present(block, 1.0 + (row[place] + p.diffusion * beside) / (1.0 - p.free), p)
            block.hours = row[place] + (1.0 - mean)
            unfair = p.usual_conduct - 0.5 * (c.oversight + c.clarity)
            block.conduct = exp(p.manner * unfair * max(block.hours - (1.0 - p.free), 0.0))
        patrolled[id(c)] = hours * sum(block.hours for block in c.blocks) / len(c.blocks)
    return patrolled


def direct(blocks, targeting, p):
    """Hours directed to each block, relative to the hours that all get under even patrols."""
    if targeting == "even":
        return [0.0 for _ in blocks]
    if targeting == "reported":
        risks, sharpness = [block.known for block in blocks], 1.0
    elif targeting == "busy_places":
        risks, sharpness = [block.attraction for block in blocks], 1.0
    else:
        risks, sharpness = [block.past + p.recent * (block.known - block.past) for block in blocks], p.sharpness
    mean = sum(risks) / len(blocks) + 1e-6
    weights = [power((risk + 0.1 * mean) / (1.1 * mean), sharpness) for risk in risks]
    weights = [weight if weight > p.hot else 0.0 for weight in weights]
    total = sum(weights)
    return [p.free * p.targeting * min(weight * len(blocks) / total, p.most) if total > 0.0 else 0.0 for weight in weights]


def be_present(block, presence, p):
    """What patrols do at a place comes and goes with time."""
    gap = presence - block.focus
    block.focus += gap / p.lasting if abs(gap) > 1e-5 else gap


def remember_police(c, sanctioned, patrolled, p):
    """The certainty of sanction that becomes known in a community, and the fruitless stops that people remember."""
    unseen = exp(-patrolled / p.visible)
    certain = unit(sanctioned * (1.0 - p.presence * unseen))
    c.certainty += p.strength * (certain - c.certainty) / p.certainty_weeks
    usual = c.residents * p.usual_stops / 52000.0 + 1e-6
    c.wrongful_level += (c.last["fruitless"] / usual - c.wrongful_level) / 26.0


def policing(r, c, p, key):
    """The young and the non-local are stopped, or arrested for trifles, more often than others; all learn the risk of a sanction."""
    stop(r, c, p, key)
    learn(r, c, p)


def learn(r, c, p):
    """Perceived risk moves to what is known of the community, or to what happened to oneself."""
    if p.learned_from != "own":
        r.sanction_risk = rounded(r.sanction_risk + p.learning * p.strength * (c.certainty - r.sanction_risk))
    elif r.events & (OFFENDED | ARRESTED):
        met = 1.0 if r.events & ARRESTED else 0.0
        r.sanction_risk = rounded(r.sanction_risk + p.learning * p.strength * (met - r.sanction_risk))


def stop(r, c, p, key):
    """Stops, with or without result, and arrests for trifles."""
    if r.age_group == 0 or r.status == JAILED:
        return
    zeal = 1.0 + p.zeal * c.crackdown
    hours = p.strength / 52000.0 / NORMAL_STOP * c.patrol * zeal * r.block.hours
    stops = hours * p.stops * (1.0 - p.restraint * c.oversight)
    petty = hours * p.arrests * unit(1.0 - p.curbed * c.oversight) * unit(1.0 - p.ruled * c.clarity)
    hits = min(p.hits * (0.75 + 0.5 * c.clarity), 1.0) / (0.5 + 0.5 * zeal)
    likely = (p.young if r.age_group == 1 else 1.0) * (1.0 if r.local else p.outsider)
    u = key(r.number, 0)
    if u < stops * likely:
        c.now["stops"] += 1
        if u < stops * hits * likely:
            r.events |= STOPPED_RIGHTLY
        else:
            r.events |= STOPPED_FOR_NOTHING
            c.now["fruitless"] += 1
            detain(r, c, p, key(r.number, 1))
    elif u < (stops + petty) * likely:
        r.events |= ARRESTED
        c.now["petty_arrests"] += 1


def detain(r, c, p, u):
    """In a campaign some who were stopped for nothing are detained all the same."""
    if u < p.haste * c.crackdown:
        r.status, r.weeks_left = JAILED, int(p.detention)
        r.events |= ARRESTED
        c.now["wrongful"] += 1
        c.now["jailed"] += 1
