"""Mass work: the hotline, officials' visits and yearly service projects reach residents, and take officials' time.

Claim. People contact the hotline when services are poor, and again when they were helped; some requests are resolved. Officials who visit
listen to people and settle some cases at once, ahead of the queue. Yearly projects raise expectations and then improve services in
communities in need. All of this takes time from routine work.

Equation. Contacts per week = contact / 52 * demand * (1 + missing * (.62 - P)) * (1.1 under 60, .7 above). A contact is followed by
another with probability a(r) = again * (1 + encouraged * r), r the share of requests resolved as learned within `learning` weeks, so that
demand = (1 - a(.85)) / (1 - a(r)), 1 where .85 are resolved. A share `requests` are requests; each is resolved with probability resolved *
(1 - caution) / (1 + queue / 50), queue in weeks of the office's work, and a share `pleased` of the resolved requests satisfies. Visits
settle the share jump * visits of the cases waiting at an office at once. In the season of projects (weeks 14 to 39 of a year) services
gain project * projects * (.5 + 2 (hardship - .4)); before it (weeks 0 to 13) the promise raises expectations. Time diverted = time_visits
* visits + time_projects * projects + time_hotline * contacts / usual, at most four times the usual and .8 in all.

Source. Level of contacts: Beijing 318 per 1,000 in 2019, Shanghai 116 (2016) to 363 (2023); 41.5 % requests; resolved 53 to 96 %, content
65 to 97 % as appraised, 91 % in an independent survey (city hotlines' yearly figures). Again: two thirds of the users of FixMyStreet
report once, with 20 % of the reports, so that 70 % of all reports are a user's later ones (mySociety, Super contributors and power laws).
Encouraged: a first report that was resolved makes a second 57 % likelier (Sjoberg, Mellon, Peixoto 2017, doi:10.1111/puar.12697). The
rest: assumptions.

Refuted by. Demand that does not rise when far more is resolved (Beijing 2019 to 2021); contacts that do not rise as services get worse; or
cases that wait no longer where officials spend their days on visits. Tried: levels, "`rate_contacts`" (test_baseline_rates),
"`resolved_share`" (test_baseline_rates); "contacts with Beijing's hotline" (test_pattern_hotline). Not tried: the two other responses
against data.

Brings: voice, quick settlements, services where they are lacking. Costs: time for routine work, queue jumping, raised expectations.
"""

import numpy as np

from sim.city.codes import JAILED
from sim.draws import uniforms
from sim.kernel import kernel, tile_kernel
from sim.maths import unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

SEASON, SEASON_ENDS = 14, 40
USUAL_RESOLVED = np.float32(0.85)  # share of requests resolved at which demand is 1
LEAST = np.float32(0.1)  # of contacts that no other follows
DRAW = 0  # row of `scratch`


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on contacts, visits and projects", unit="factor", low=0.0, high=1.0)
    contact: float = parameter(
        0.285,
        "contacts with the hotline",
        unit="per adult and year",
        low=0.0,
        high=10.0,
        source="Shanghai .15 to .35 a resident about 2020; fitted to rate_contacts (150 to 350)",
    )
    again: float = parameter(
        0.57,
        "contacts that another follows if their request is not resolved",
        unit="share",
        low=0.0,
        high=0.9,
        source="70 % of reports to FixMyStreet are a user's later ones (mySociety); that 40 % of these had been resolved: assumption",
    )
    encouraged: float = parameter(
        0.57,
        "part added to this where the request was resolved",
        unit="1",
        low=0.0,
        high=2.0,
        source="57 % more second reports after a successful first (Sjoberg, Mellon, Peixoto 2017, doi:10.1111/puar.12697)",
    )
    learning: float = parameter(52.0, "time constant with which people learn how much is resolved", unit="weeks", low=1.0, high=520.0)
    missing: float = parameter(1.5, "effect of poor services on contacts", unit="1", low=0.0, high=10.0)
    requests: float = parameter(
        0.415, "contacts that are requests or complaints", unit="share", low=0.0, high=1.0, source="41.5 %, hotline's figures"
    )
    resolved: float = parameter(
        0.92,
        "requests resolved where offices have time and no queue",
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption; fitted to resolved_share (0.75 to 0.9)",
    )
    pleased: float = parameter(
        0.88, "share of resolved requests that satisfy", unit="share", low=0.0, high=1.0, source="91 % in an independent survey"
    )
    disappointment: float = parameter(0.03, "grievance added by an unresolved request", unit="share", low=0.0, high=0.5)
    voice: float = parameter(0.108, "share of residents heard where officials visit as much as they can", unit="share", low=0.0, high=1.0)
    jump: float = parameter(0.05, "waiting cases that visits settle at most", unit="per week", low=0.0, high=0.5)
    project: float = parameter(0.08, "quality of services that projects add where hardship is high", unit="share", low=0.0, high=0.5)
    promise: float = parameter(0.04, "expectation raised before the season", unit="share", low=0.0, high=0.5)
    time_visits: float = parameter(0.15, "officials' time that visits take at most", unit="share", low=0.0, high=0.5)
    time_projects: float = parameter(0.06, "officials' time that projects take at most", unit="share", low=0.0, high=0.5)
    time_hotline: float = parameter(
        0.06, "officials' time that the hotline takes at 250 contacts per 1,000 and year", unit="share", low=0.0, high=0.5
    )


@kernel
def plan_mass_work(world, week, p):
    """Officials' time diverted from routine work; visits, projects and promises in every community."""
    season = week % 52
    for d in range(len(world.districts)):
        district, contacts = world.districts[d], np.int64(0)
        lever = world.policies[week, world.policy_of[d]]
        visits, projects = p.strength * lever.officials_visits, p.strength * lever.service_projects
        for k in range(district.first_community, district.last_community):
            contacts += world.communities[k].last.contacts
        busy = np.float32(contacts) / (np.float32(district.residents) * 0.25 / 52.0)
        taken = (
            p.time_visits * visits + p.time_projects * projects + p.strength * p.time_hotline * (busy if busy < 4.0 else np.float32(4.0))
        )
        district.diverted = taken if taken < 0.8 else np.float32(0.8)
    for k in range(len(world.communities)):
        community = world.communities[k]
        office, lever = world.offices[community.subdistrict], world.policies[week, world.policy_of[community.district]]
        visits, projects = p.strength * lever.officials_visits, p.strength * lever.service_projects
        need = unit(0.5 + 2.0 * (community.hardship - 0.4))
        community.heard, community.jump = visits * p.voice, visits * p.jump
        community.project = p.project * projects * need if (season >= SEASON) & (season < SEASON_ENDS) else np.float32(0.0)
        community.promise = p.promise * projects if season < SEASON else np.float32(0.0)
        queue = 0.02 * np.float32(office.backlog) / (office.capacity + 1e-6)
        community.resolving = p.resolved * (1.0 - community.caution) / (1.0 + queue)
        community.experience += p.strength * (community.resolving - community.experience) / p.learning


@tile_kernel
def mass_work(tile, community, scratch, key, p):
    """Draw this week's contacts with the hotline and their outcomes."""
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    rate = p.strength * p.contact / 52.0 * _ends(USUAL_RESOLVED, p) / _ends(community.experience, p)
    asks = rate * p.requests
    failing = 1.0 - community.resolving
    contacts, requests, resolved, pleased = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
    for i in range(tile.count):
        age = tile.age_group[i]
        able = (age > 0) & (tile.status[i] != JAILED)
        need = 1.0 + p.missing * (0.62 - tile.service[i])
        need = (need if need > 0.0 else np.float32(0.0)) * (np.float32(0.7) if age > 3 else np.float32(1.1))
        u = scratch[DRAW, i]
        calls, request = (u < rate * need) & able, (u < asks * need) & able
        fails = (u < asks * need * failing) & able
        pleases = request & (u >= asks * need * (failing + (1.0 - failing) * (1.0 - p.pleased)))
        grievance = tile.grievance[i]
        more = grievance + p.disappointment
        tile.grievance[i] = (more if more < 1.0 else np.float32(1.0)) if fails else grievance
        contacts = np.int32(contacts + calls)
        requests = np.int32(requests + request)
        resolved = np.int32(resolved + (request & (not fails)))
        pleased = np.int32(pleased + pleases)
    community.now.contacts += contacts
    community.now.requests += requests
    community.now.resolved += resolved
    community.now.pleased += pleased


@kernel
def _ends(resolved, p):
    """Share of contacts that no other follows."""
    end = 1.0 - p.again * (1.0 + p.encouraged * resolved)
    return end if end > LEAST else LEAST


MECHANISM = Mechanism(
    name="mass_work",
    names={"en": "Visits and service projects", "zh": "群众工作"},
    stage="serve",
    parameters=Parameters,
    reads=(
        "age_group service status grievance levers.officials_visits levers.service_projects community.caution offices.backlog"
        " offices.capacity"
    ).split(),
    writes=(
        "grievance districts.diverted community.heard community.project community.promise community.resolving community.jump"
        " community.experience"
    ).split(),
    counts=("contacts", "requests", "resolved", "pleased"),
    brings="voice, quick settlements, services where they are lacking",
    costs="officials' time, queue jumping, raised expectations",
    null={"strength": 0.0},
    plan=plan_mass_work,
    live=mass_work,
    records_grievance=True,
)
