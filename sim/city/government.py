"""Government units: city, districts, sub-district offices, police stations, courts, service bureaus.

Their rules are defined in the mechanisms that use them, such as budget, resolution, policing and services.
"""

from sim.city.agents import CityAgent
from sim.city.columns import Column
from sim.levers import INSTRUMENTS, LEVERS

SERVICES = LEVERS["public_services"]


class CityGovernment(CityAgent):
    """The city government: receives the governance budget and accounts for all of it."""

    allotted = Column("i8", "budget of all weeks so far", unit="1/100 of the currency", low=0)
    spent = Column("i8", "allotted budget spent on instruments", unit="1/100 of the currency", low=0)
    leaked = Column("i8", "allotted budget lost to leakage", unit="1/100 of the currency", low=0)
    unspent = Column("i8", "allotted budget not assigned to any lever", unit="1/100 of the currency", low=0)
    upheaval = Column("f4", "share of effort lost to reorganising after rapid changes of levers", low=0.0, high=1.0)
    habituation = Column("f4", "habituation to campaigns", low=0.0, high=1.0)
    observed = Column(
        "f4", "staff at which the throughput was observed", unit="per 10,000 residents", slots=len(INSTRUMENTS), low=0.0, fixed=True
    )
    throughput = Column("f4", "work of a member of staff", unit="units of work per year", slots=len(INSTRUMENTS), low=0.0, fixed=True)
    weeks = Column("f4", "time constant with which staff follows its money", unit="weeks", slots=len(INSTRUMENTS), low=1.0, fixed=True)
    returns = Column("f4", "exponent of work in staff", slots=len(INSTRUMENTS), low=0.0, high=1.0, fixed=True)


class DistrictGovernment(CityAgent):
    """A district government: employs the staff of every instrument, who do its work."""

    residents = Column("i8", "residents", unit="people", low=0, fixed=True)
    nonlocals = Column("i8", "adults without local registration", unit="people", low=0, fixed=True)
    adults = Column("i8", "adults", unit="people", low=0, fixed=True)
    first_community = Column("i4", "number of its first community", low=0, fixed=True)
    last_community = Column("i4", "one past its last community", low=0, fixed=True)
    staff = Column(
        "f4", f"staff of each instrument ({', '.join(INSTRUMENTS)})", unit="per 10,000 residents", slots=len(INSTRUMENTS), low=0.0
    )
    work = Column(
        "f4", "work that the staff of each instrument can do", unit="units per resident and year", slots=len(INSTRUMENTS), low=0.0
    )
    used = Column("f4", "share of this work for which there is a demand", slots=len(INSTRUMENTS), low=0.0, high=1.0)
    rules = Column("f4", "share of local rules that are up to date and clear", low=0.0, high=1.0)
    aid_sought = Column("f4", "suits of people who cannot pay a lawyer, smoothed", unit="cases/week", low=0.0)
    leakage = Column("f4", "share of spending that is lost", low=0.0, high=1.0)
    corruption = Column("f4", "share of spending that officials take", low=0.0, high=1.0)
    caution = Column("f4", "officials' time lost to audits and caution", low=0.0, high=1.0)
    diverted = Column("f4", "officials' time spent on visits, projects and the hotline", low=0.0, high=1.0)
    answering = Column("f4", "officials' time spent on answering rumours", low=0.0, high=1.0)
    effort = Column("f4", "extra effort on measured work under appraisal", low=0.0, high=1.0)
    neglect = Column("f4", "effort lost by unmeasured work under appraisal", low=0.0, high=1.0)
    performance = Column("f4", "true performance", low=0.0, high=1.0)
    reported = Column("f4", "performance as reported upward", low=0.0, high=1.0)


class SubdistrictOffice(CityAgent):
    """A sub-district office: handles cases; its capacity surges when the queue grows. Its mediators serve all its communities."""

    district = Column("i4", "its district", low=0, fixed=True)
    residents = Column("i8", "residents", unit="people", low=0, fixed=True)
    first_community = Column("i4", "number of its first community", low=0, fixed=True)
    last_community = Column("i4", "one past its last community", low=0, fixed=True)
    capacity = Column("f4", "cases it can handle in a week", unit="cases/week", low=0.0)
    backlog = Column("i8", "cases waiting", unit="cases", low=0)
    surge = Column("f4", "extra effort under pressure", low=0.0, high=1.0)
    kept = Column("f4", "work of past weeks that is still to be used; negative: done in advance", unit="cases")
    mediation = Column("f4", "cases that its mediators can hear in a week", unit="cases/week", low=0.0)
    mediation_backlog = Column("i8", "cases waiting for mediation", unit="cases", low=0)
    seeking = Column("f4", "share of its mediators' time without cases, smoothed", low=0.0, high=1.0)
    mediation_kept = Column("f4", "mediation of past weeks that is still to be used; negative: done in advance", unit="cases")


class PoliceStation(CityAgent):
    """The police station of a sub-district: allocates patrols."""

    district = Column("i4", "its district", low=0, fixed=True)
    officers = Column("f4", "officers on duty", unit="people", low=0.0)
    load = Column("f4", "offences relative to what residents perceive as usual", unit="1 = usual", low=0.0)
    clearance = Column("f4", "share of recorded offences cleared", low=0.0, high=1.0)
    cleared = Column("f4", "offences cleared in its area, smoothed over a year", unit="per week", low=0.0)
    prosecuted = Column("f4", "people prosecuted in its area, smoothed over a year", unit="per week", low=0.0)
    imprisoned = Column("f4", "people sentenced to prison in its area, smoothed over a year", unit="per week", low=0.0)


class Court(CityAgent):
    """The court of a district."""

    residents = Column("i8", "residents", unit="people", low=0, fixed=True)
    capacity = Column("f4", "cases it can decide in a week", unit="cases/week", low=0.0)
    backlog = Column("i8", "cases waiting", unit="cases", low=0)
    kept = Column("f4", "work of past weeks that is still to be used; negative: done in advance", unit="cases")


class ServiceBureau(CityAgent):
    """One service of one district: education, employment, social security, health or housing."""

    district = Column("i4", "its district", low=0, fixed=True)
    service = Column("u1", "which service", choices=SERVICES, low=0, high=4, fixed=True)
    load = Column("f4", "needs relative to those of a city of usual crowding and access", unit="1 = usual", low=0.0)
    quality = Column("f4", "share of needs that are met", low=0.0, high=1.0)
    closed = Column("f4", "share of its capacity that is closed", low=0.0, high=1.0)
