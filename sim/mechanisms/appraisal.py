"""Appraisal: districts are evaluated by indicators, direct effort to these indicators, and overstate them.

Claim. Pressure to perform shifts effort to what is measured and away from what is not; where reports are rarely audited, it leads to
overstated reports. Appraisal by results measures cases and offences, appraisal by residents measures services; each neglects the other.

Equation. With pressure a: effort = drive * a on what is measured, neglect = shift * a^2 of the rest. True performance moves, with time
constant `weeks`, to the mean of satisfaction with services, cases dealt with (1 / (1 + open / 4 closed in the week)) and 1 - offence
level / 2. Gaming = dress * a * (1 - audit) * (by residents: witnesses); reported = true + gaming * (1 - true).

Source. Multitasking: Holmstrom, Milgrom 1991, doi:10.1093/jleo/7.special_issue.24; with quadratic costs, the textbook case,
effort and gaming both grow in proportion to the incentive. Gaming of targets: Bevan, Hood 2006, doi:10.1111/j.1467-9299.2006.00600.x.
Sizes: assumptions.

Refuted by. Reports that stay as close to an independent count under high pressure as under low (in China, reported values jumped by a
third when their measurement was automated), or unmeasured work that does not suffer when measured work is rewarded. Tried: directions
within the model, held (test_appraisal); that jump (test_pattern_appraisal). Not tried: unmeasured work against data.

Brings: effort on what is measured. Costs: neglect of the rest, overstated reports, credibility.
"""

import numpy as np

from sim.kernel import kernel
from sim.maths import unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

RESIDENTS = 1
"""Code of `appraisal_by` where residents judge rather than results."""


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on effort, neglect and gaming", unit="factor", low=0.0, high=1.0)
    drive: float = parameter(0.20, "extra effort on measured work under full pressure", unit="share", low=0.0, high=1.0)
    shift: float = parameter(0.15, "effort lost by unmeasured work under full pressure", unit="share", low=0.0, high=1.0)
    dress: float = parameter(
        0.60, "share of missing performance claimed in unaudited reports under full pressure", unit="share", low=0.0, high=1.0
    )
    witnesses: float = parameter(0.4, "share of gaming that remains where residents evaluate", unit="share", low=0.0, high=1.0)
    weeks: float = parameter(13.0, "time constant of judged performance", unit="weeks", low=1.0, high=104.0)


@kernel
def plan_appraisal(world, week, p):
    """Districts allocate effort between measured and unmeasured work."""
    for d in range(len(world.districts)):
        district, pressure = world.districts[d], world.policies[week, world.policy_of[d]].appraisal_pressure
        district.effort = p.strength * p.drive * pressure
        district.neglect = p.strength * p.shift * pressure * pressure
    for k in range(len(world.communities)):
        community = world.communities[k]
        district, lever = world.districts[community.district], world.policies[week, world.policy_of[community.district]]
        community.effort, community.neglect = district.effort, district.neglect
        community.measured_services = np.float32(1.0) if lever.appraisal_by == RESIDENTS else np.float32(0.0)
        community.overstated = district.reported - district.performance


@kernel
def close_appraisal(world, week, p):
    """Districts assess the week's performance and report it upward."""
    for d in range(len(world.districts)):
        district, lever = world.districts[d], world.policies[week, world.policy_of[d]]
        possible = np.float32(p.witnesses) if lever.appraisal_by == RESIDENTS else np.float32(1.0)
        gaming = p.strength * p.dress * lever.appraisal_pressure * (1.0 - lever.audit) * possible
        done = _performance(world, district)
        district.performance += p.strength * (done - district.performance) / p.weeks
        district.reported = unit(district.performance + gaming * (1.0 - district.performance))


@kernel
def _performance(world, district):
    """Mean of three shares: residents satisfied with services, cases dealt with, and public order."""
    content, waiting, closed, offences = np.int64(0), np.int64(0), np.int64(0), np.float32(0.0)
    for k in range(district.first_community, district.last_community):
        community = world.communities[k]
        content += community.now.content
        waiting += community.now.open_office + community.now.open_mediation + community.now.open_court
        closed += community.now.formal_closed
        offences += community.offence_level * np.float32(community.residents)
    pleased = np.float32(content) / (np.float32(district.adults) + 1e-6)
    dealt = (np.float32(closed) + 0.5) / (np.float32(closed) + 0.5 + 0.25 * np.float32(waiting))
    order = unit(1.0 - 0.5 * offences / (np.float32(district.residents) + 1e-6))
    return (pleased + dealt + order) / 3.0


MECHANISM = Mechanism(
    name="appraisal",
    names={"en": "Appraisal", "zh": "考核"},
    stage="report",
    parameters=Parameters,
    reads=(
        "levers.appraisal_pressure levers.appraisal_by levers.audit districts.performance districts.reported community.offence_level"
    ).split(),
    writes=(
        "districts.effort districts.neglect districts.performance districts.reported community.effort community.neglect"
        " community.measured_services community.overstated"
    ).split(),
    brings="effort on what is measured",
    costs="neglect of the rest, overstated reports, credibility",
    null={"strength": 0.0},
    plan=plan_appraisal,
    close=close_appraisal,
    plans_after="coordination",
)
