"""What government decides for everybody: money, honesty, coordination, appraisal, openness."""

from sim.levers import DEFAULT_SPLITS, INSTRUMENT_ROWS, INSTRUMENTS, REFERENCE_SHARES

from .draws import unit

MONEY = 10_000  # money is whole: ten-thousandths of a resident's reference budget of a week


def communities_of(city, unit):
    """Communities of a district or sub-district."""
    return city.communities[unit.first_community : unit.last_community]


def integrity(city, lever, p):
    """Officials take most / (1 + (seen * stake)**2); what holds them back makes them cautious."""
    for district in city.districts:
        oversight = district.capacity["rule_of_law.oversight"]
        seen = p.audits * lever.audit + p.openness * lever.transparency + p.supervision * oversight / (1.0 + oversight)
        feared = unit(seen) * p.stake
        district.corruption += p.strength * (p.most / (1.0 + feared**2) - district.corruption) / p.weeks
        district.caution = unit(p.strength * (p.paperwork * lever.audit + p.timidity * lever.audit**2 + p.slowness * oversight))
        for community in communities_of(city, district):
            community.corruption, community.caution = district.corruption, district.caution


def reference_share(name):
    """Share of the budget that an instrument has in the reference city."""
    lever, part = name.split(".")
    split = DEFAULT_SPLITS[lever]
    return REFERENCE_SHARES[lever] * split[part] / sum(split.values())


def weeks_to_build(name, p):
    """Time constant of an instrument's capacity."""
    return getattr(p, f"{INSTRUMENT_ROWS[name].pace}_weeks")


def upheaval(city, lever, p):
    """Effort lost to reorganising, at most 60 %: it settles, and grows with the square of what is moved in a week."""
    moved = city.number(0.0)
    if city.week > 0:
        before = city.levers[city.week - 1].share
        for name in INSTRUMENTS:
            moved += abs(lever.share[name] - before[name])
    left = city.city.upheaval * (1.0 - 1.0 / p.settling) + p.strength * p.reform * moved**2 / (moved + p.tolerated)
    return min(left if left > 1e-6 else city.number(0.0), 0.6)


def budget(city, lever, p):
    """Every district spends its part; K moves to 2x / (x + x0); some of the money leaks, some effort goes into reorganising."""
    city.city.upheaval = upheaval(city, lever, p)
    for district in city.districts:
        pot = int(district.residents * float(lever.budget) * MONEY)
        leak = unit(p.waste + district.corruption)
        works = (1.0 - city.city.upheaval) * (1.0 - leak) / (1.0 - p.usual_loss)
        given, lost = 0, 0
        for name in INSTRUMENTS:
            part = int(pot * float(lever.share[name]))
            given += part
            lost += int(part * float(leak))
            x = lever.budget * lever.share[name] * works
            steady = 2.0 * x / (x + city.number(reference_share(name)))
            district.capacity[name] += p.strength * (steady - district.capacity[name]) / weeks_to_build(name, p)
        given = min(given, pot)
        district.leakage = leak
        for account, amount in zip(("allotted", "spent", "leaked", "unspent"), (pot, given - lost, lost, pot - given)):
            setattr(city.city, account, getattr(city.city, account) + amount)
            city.money[account] += amount


def coordination(city, lever, p):
    """One lead is fast and fits less where a community differs; flat governments overlook more."""
    for community in city.communities:
        community.delay = p.strength * p.handoff * lever.layers / 3.0 * (1.0 - p.speed * lever.coordination)
        lost = p.loss * lever.coordination**2 * community.diversity + p.span * (3.0 / lever.layers) ** 2
        community.fit = unit(1.0 - p.strength * lost)


def plan_appraisal(city, lever, p):
    """Pressure draws effort to what is measured and away from the rest."""
    for district in city.districts:
        district.effort = p.strength * p.drive * lever.appraisal_pressure
        district.neglect = p.strength * p.shift * lever.appraisal_pressure**2
        for community in communities_of(city, district):
            community.effort, community.neglect = district.effort, district.neglect
            community.measured_services = float(lever.appraisal_by == "residents")
            community.overstated = district.reported - district.performance


def close_appraisal(city, lever, p):
    """A district's performance is judged, and reported better than it is where nobody checks."""
    gaming = p.strength * p.dress * lever.appraisal_pressure**2 * (1.0 - lever.audit)
    if lever.appraisal_by == "residents":
        gaming = gaming * p.witnesses
    for district in city.districts:
        district.performance += p.strength * (performance(city, district) - district.performance) / p.weeks
        district.reported = unit(district.performance + gaming * (1.0 - district.performance))


def performance(city, district):
    """Mean of three shares: adults content with services, cases dealt with, order kept."""
    here = communities_of(city, district)
    content = sum(c.now["content"] for c in here) / city.number(district.adults)
    waiting = sum(c.now["open_mediation"] + c.now["open_office"] + c.now["open_court"] for c in here)
    closed = sum(c.now["formal_closed"] for c in here) + 0.5
    offences = sum(c.offence_level * c.residents for c in here) / city.number(district.residents)
    return (content + closed / (closed + 0.25 * waiting) + unit(1.0 - 0.5 * offences)) / 3.0


def openness(city, lever, p):
    """The city's openness is the same everywhere."""
    for community in city.communities:
        community.transparency = lever.transparency
