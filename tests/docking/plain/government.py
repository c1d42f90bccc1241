"""What government decides for everybody: money and staff, honesty, coordination, appraisal, openness."""

from sim.levers import INSTRUMENTS

from .draws import exp, power, unit

CENTS, WEEKS = 100, 52  # money is whole: hundredths of the currency, of a week


def communities_of(city, unit):
    """Communities of a district or sub-district."""
    return city.communities[unit.first_community : unit.last_community]


def integrity(city, lever, p):
    """Officials take most / (1 + (seen * stake)**2); what holds them back makes them cautious."""
    for number, district in enumerate(city.districts):
        lever, cases = city.policy(number), 1000.0 * district.work["rule_of_law.oversight"]
        examined = 1.0 - exp(-cases / p.covers)
        seen = unit(p.audits * lever.audit + p.openness * lever.transparency + p.supervision * examined)
        district.corruption += p.strength * (p.most / (1.0 + (seen * p.stake) ** 2) - district.corruption) / p.weeks
        district.caution = unit(p.strength * (p.paperwork * lever.audit + p.timidity * lever.audit**2 + p.slowness * cases))
        for community in communities_of(city, district):
            community.corruption, community.caution, community.oversight = district.corruption, district.caution, examined


def upheaval(city, lever, p):
    """Effort lost to reorganising, at most 60 %: it settles, and grows with the square of the share of money that moves in a week."""
    moved = city.number(0.0)
    if city.week > 0:
        each = [money_moved(city, policy) for policy in city.policies]
        people = sum(city.number(district.residents) for district in city.districts)
        moved = each[0] + sum(
            city.number(d.residents) / people * (each[policy] - each[0]) for d, policy in zip(city.districts, city.policy_of)
        )
    left = city.city.upheaval * (1.0 - 1.0 / p.settling) + p.strength * p.reform * moved**2 / (moved + p.tolerated)
    return min(left if left > 1e-6 else city.number(0.0), 0.6)


def money_moved(city, policy):
    """Share of a policy's money that moves this week."""
    now, before = policy[city.week].money, policy[city.week - 1].money
    total = sum(max(now[name], before[name]) for name in INSTRUMENTS) + 1e-6
    return sum(abs(now[name] - before[name]) for name in INSTRUMENTS) / total


def weekly(residents, yearly):
    """Whole money of a week."""
    return int(residents * float(yearly) * CENTS / WEEKS)


def output(city, name, staff, p):
    """Work of an instrument's staff: throughput times staff; with returns below 1 it bends around the staff observed."""
    usual, returns = city.city.observed[name], city.city.returns[name] * (0.5 if p.returns == "diminishing" else p.exponent)
    work = city.city.throughput[name] * staff / 10_000.0
    if returns == 1.0 or usual <= 0.0:
        return work
    return work * power(staff / usual, returns - 1.0) if staff > 0.0 else city.number(0.0)


def budget(city, lever, p):
    """Every district spends its part; staff follows what reaches it of its money, each instrument at its own pace, and works."""
    city.city.upheaval = upheaval(city, lever, p)
    for number, district in enumerate(city.districts):
        lever = city.policy(number)
        pot = weekly(district.residents, lever.budget)
        leak = district.leakage = unit(p.waste + district.corruption)
        parts = [weekly(district.residents, lever.money[name]) for name in INSTRUMENTS]
        given, lost = min(sum(parts), pot), sum(int(part * float(leak)) for part in parts)
        for name in INSTRUMENTS:
            hired = lever.staff[name] * (1.0 - leak) / (1.0 - p.usual_loss)
            district.staff[name] += p.strength * (hired - district.staff[name]) / city.city.weeks[name]
            district.work[name] = (1.0 - city.city.upheaval) * output(city, name, district.staff[name], p)
            district.used[name] = city.number(1.0)
        for account, amount in zip(("allotted", "spent", "leaked", "unspent"), (pot, given - lost, lost, pot - given)):
            setattr(city.city, account, getattr(city.city, account) + amount)
            city.money[account] += amount


def close_budget(city, lever, p):
    """The city's staff of the week, and those of them without work: means over residents."""
    people = sum(district.residents for district in city.districts)
    for district in city.districts:
        for name in INSTRUMENTS:
            staff = float(district.staff[name]) * district.residents / people
            city.staff[name] += staff
            city.idle[name] += staff * (1.0 - float(district.used[name]))


def coordination(city, lever, p):
    """One lead is fast and fits less where a community differs; flat governments overlook more."""
    for community in city.communities:
        lever = city.policy(community.district)
        community.delay = p.strength * p.handoff * lever.layers / 3.0 * (1.0 - p.speed * lever.coordination)
        lost = p.loss * lever.coordination**2 * community.diversity + p.span * (3.0 / lever.layers) ** 2
        community.fit = unit(1.0 - p.strength * lost)


def plan_appraisal(city, lever, p):
    """Pressure draws effort to what is measured and away from the rest."""
    for number, district in enumerate(city.districts):
        lever = city.policy(number)
        district.effort = p.strength * p.drive * lever.appraisal_pressure
        district.neglect = p.strength * p.shift * lever.appraisal_pressure**2
        for community in communities_of(city, district):
            community.effort, community.neglect = district.effort, district.neglect
            community.measured_services = float(lever.appraisal_by == "residents")
            community.overstated = district.reported - district.performance


def close_appraisal(city, lever, p):
    """A district's performance is judged, and reported better than it is where nobody checks."""
    for number, district in enumerate(city.districts):
        lever = city.policy(number)
        gaming = p.strength * p.dress * lever.appraisal_pressure * (1.0 - lever.audit)
        if lever.appraisal_by == "residents":
            gaming = gaming * p.witnesses
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
    """Everybody knows how open the district's government is."""
    for community in city.communities:
        community.transparency = city.policy(community.district).transparency
