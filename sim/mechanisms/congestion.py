"""Congestion: density and pollution burden residents; long-term planning reduces them and restrains inflow.

Claim. High density and many visitors bring traffic, noise and air pollution, which affect health, conflict and services. A longer planning
horizon lowers the burden and keeps some people out; a shorter one leaves slack to respond.

Equation. Burden moves, with time constant `weeks`, to base * (density * (1 + visitors))^(1/2) * (1 - relief * planning) * (1 - homes *
needs for housing that are met), planning = h / (h + 3) for a planning horizon of h years. Restraint of inflow = restraint * planning. Surge
slack = 2 (1 - planning).

Source. Crowded homes and loud noise distress people: Evans 2003, doi:10.1093/jurban/jtg063 (direction). Density of areas as their measure,
form and sizes: assumptions.

Refuted by. Strain, disputes or verdicts on the area that do not differ between the densest and the least dense tenth of communities at
equal hardship. Tried: directions within the model, held (test_congestion). Not tried: against data.

Brings: (planning) less burden. Costs: restrained inflow, less slack for an immediate response.
"""

from sim.kernel import kernel
from sim.maths import power, unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

USUAL_YEARS = 3.0


class Parameters(Spec):
    strength: float = parameter(1.0, "speed of the burden, size of restraint", unit="factor", low=0.0, high=1.0)
    weeks: float = parameter(26.0, "time constant of the burden", unit="weeks", low=1.0, high=260.0)
    relief: float = parameter(0.40, "share of the burden removed by an infinite planning horizon", unit="share", low=0.0, high=1.0)
    homes: float = parameter(0.237, "share of the burden removed where all needs for housing are met", unit="share", low=0.0, high=0.9)
    base: float = parameter(1.45, "burden at mean density without planning and housing", unit="1 = usual", low=0.0, high=5.0)
    restraint: float = parameter(0.30, "inflow restrained by an infinite planning horizon", unit="share", low=0.0, high=1.0)


@kernel
def plan_congestion(world, week, p):
    """Burden of each community from density, visitors and planning."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        lever = world.policies[week, world.policy_of[community.district]]
        planning = lever.planning_horizon / (lever.planning_horizon + USUAL_YEARS)
        crowd = power(community.density * (1.0 + community.visitors) + 0.01, 0.5)
        target = p.base * crowd * (1.0 - p.relief * planning) * (1.0 - p.homes * community.housing)
        community.burden += p.strength * (target - community.burden) / p.weeks
        community.restraint = unit(p.strength * p.restraint * planning)
        community.slack = 1.0 + p.strength * (2.0 * (1.0 - planning) - 1.0)


MECHANISM = Mechanism(
    name="congestion",
    names={"en": "Congestion", "zh": "拥挤与污染"},
    stage="serve",
    parameters=Parameters,
    reads=("community.density", "community.visitors", "community.housing", "levers.planning_horizon"),
    writes=("community.burden", "community.restraint", "community.slack"),
    brings="(planning) less burden",
    costs="restrained inflow, less slack for an immediate response",
    null={"strength": 0.0},
    plan=plan_congestion,
)
