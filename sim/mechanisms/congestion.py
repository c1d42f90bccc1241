"""Congestion: density and pollution weigh on people, and planning holds them down at the price of inflow.

Claim. Where people are many and visitors more, traffic, noise and bad air weigh on health, tempers and services. Planning for longer
lowers the burden and keeps some people out; short horizons leave slack to respond.

Equation. Burden moves in `weeks` to base * (density * (1 + visitors))^(1/2) * (1 - relief * planning) * (1 - homes * K_housing), planning
= h / (h + 3) for a planning horizon of h years. Restraint of inflow = restraint * planning. Slack to surge = 2 (1 - planning).

Source. Density and burden: form and sizes are assumptions; that crowding and noise wear on people: Evans 2003, doi:10.1093/jurban/jtg063.

Brings: (planning) less burden. Costs: inflow held back, less slack to respond at once.
"""

from sim.kernel import kernel
from sim.maths import power, unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

USUAL_YEARS = 3.0


class Parameters(Spec):
    strength: float = parameter(1.0, "speed of the burden, size of restraint", unit="factor", low=0.0, high=1.0)
    weeks: float = parameter(26.0, "time constant of the burden", unit="weeks", low=1.0, high=260.0)
    relief: float = parameter(0.40, "burden that planning without end takes away", unit="share", low=0.0, high=1.0)
    homes: float = parameter(0.15, "burden that housing takes away at the reference", unit="share", low=0.0, high=0.45)
    base: float = parameter(1.45, "burden at mean density without planning and housing", unit="1 = reference", low=0.0, high=5.0)
    restraint: float = parameter(0.30, "inflow that planning without end holds back", unit="share", low=0.0, high=1.0)


@kernel
def plan_congestion(world, week, p):
    """Density, visitors and planning make the burden of each community."""
    years = world.levers[week].planning_horizon
    planning = years / (years + USUAL_YEARS)
    for k in range(len(world.communities)):
        community = world.communities[k]
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
    costs="inflow held back, less slack to respond at once",
    null={"strength": 0.0},
    plan=plan_congestion,
)
