"""Government units: city, districts, sub-district offices, police stations, courts, service bureaus.

Their rules are defined in the mechanisms that use them, such as budget, resolution, policing and services.
"""

from sim.city.agents import CityAgent
from sim.city.columns import Column
from sim.levers import INSTRUMENTS, LEVERS

SERVICES = LEVERS["public_services"]


class CityGovernment(CityAgent):
    """The city government: receives the governance budget and accounts for all of it."""

    allotted = Column("i8", "budget of all weeks so far", unit="1/10,000 of a resident's reference budget of a week", low=0)
    spent = Column("i8", "allotted budget spent on instruments", unit="as allotted", low=0)
    leaked = Column("i8", "allotted budget lost to leakage", unit="as allotted", low=0)
    unspent = Column("i8", "allotted budget not assigned to any lever", unit="as allotted", low=0)
    upheaval = Column("f4", "share of effort lost to reorganising after rapid changes of levers", low=0.0, high=1.0)
    habituation = Column("f4", "habituation to campaigns", low=0.0, high=1.0)


class DistrictGovernment(CityAgent):
    """A district government: turns its share of the budget into capacity of every instrument."""

    residents = Column("i8", "residents", unit="people", low=0, fixed=True)
    nonlocals = Column("i8", "adults without local registration", unit="people", low=0, fixed=True)
    adults = Column("i8", "adults", unit="people", low=0, fixed=True)
    first_community = Column("i4", "number of its first community", low=0, fixed=True)
    last_community = Column("i4", "one past its last community", low=0, fixed=True)
    capacity = Column(
        "f4", f"capacity of each instrument ({', '.join(INSTRUMENTS)})", unit="1 = reference", slots=len(INSTRUMENTS), low=0.0, high=2.0
    )
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
    """A sub-district office: handles cases; its capacity surges when the queue grows."""

    district = Column("i4", "its district", low=0, fixed=True)
    residents = Column("i8", "residents", unit="people", low=0, fixed=True)
    first_community = Column("i4", "number of its first community", low=0, fixed=True)
    last_community = Column("i4", "one past its last community", low=0, fixed=True)
    capacity = Column("f4", "cases it can handle in a week", unit="cases/week", low=0.0)
    backlog = Column("i8", "cases waiting", unit="cases", low=0)
    surge = Column("f4", "extra effort under pressure", low=0.0, high=1.0)


class PoliceStation(CityAgent):
    """The police station of a sub-district: allocates patrols."""

    district = Column("i4", "its district", low=0, fixed=True)
    officers = Column("f4", "officers on duty", unit="people", low=0.0)
    load = Column("f4", "offences relative to the reference, as perceived by residents", unit="1 = reference", low=0.0)
    clearance = Column("f4", "share of recorded offences cleared", low=0.0, high=1.0)


class Court(CityAgent):
    """The court of a district."""

    residents = Column("i8", "residents", unit="people", low=0, fixed=True)
    capacity = Column("f4", "cases it can decide in a week", unit="cases/week", low=0.0)
    backlog = Column("i8", "cases waiting", unit="cases", low=0)
    discretion = Column("f4", "discretion that the law leaves; legislation reduces it", unit="1 = reference", low=0.0, high=2.0)


class ServiceBureau(CityAgent):
    """One service of one district: education, employment, social security, health or housing."""

    district = Column("i4", "its district", low=0, fixed=True)
    service = Column("u1", "which service", choices=SERVICES, low=0, high=4, fixed=True)
    load = Column("f4", "users relative to the reference", unit="1 = reference", low=0.0)
    quality = Column("f4", "quality of the service delivered", low=0.0, high=1.0)
