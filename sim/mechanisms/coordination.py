"""Coordination: hand-offs between units become faster, and government work fits local conditions less well.

Claim. Cases and tasks pass between layers and departments; every hand-off takes time, less under unified leadership. Uniform central
decisions fit less well where a community differs from the rest, and a flat government with a wide span of control overlooks more.

Equation. Delay of a hand-off (weeks) = handoff * layers / 3 * (1 - speed * coordination). Fit of government work in a community = 1 -
loss * coordination^2 * diversity - span * (3 / layers)^2, where diversity is the community's distance from the city's mean in hardship
and origin (0 to 1).

Source. Trade-off between central coordination and local fit: Oates 1972 (decentralisation theorem), Lawrence, Lorsch 1967,
doi:10.2307/2391211. Sizes: assumptions; the best coordination should lie between .5 and .75.

Refuted by. Cases that pass through several departments and take as long under one lead as under many; or uniform decisions that fit a
community a standard deviation from the city's mean hardship as well as an average one. Tried: directions within the model, held
(test_coordination). Not tried: against data; no study of either size is known here.

Brings: speed. Costs: local fit; flat governments lose oversight of the work, tall governments lose time.
"""

from sim.kernel import kernel
from sim.maths import unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on delay and loss of fit", unit="factor", low=0.0, high=1.0)
    handoff: float = parameter(1.6, "time that a hand-off takes with three layers and no coordination", unit="weeks", low=0.0, high=26.0)
    speed: float = parameter(0.75, "share of this time that full coordination saves", unit="share", low=0.0, high=1.0)
    loss: float = parameter(0.35, "fit lost by full coordination in the most different community", unit="share", low=0.0, high=1.0)
    span: float = parameter(0.015, "fit lost by the span of control of a government with three layers", unit="share", low=0.0, high=0.5)


@kernel
def plan_coordination(world, week, p):
    """Delay of hand-offs between units, and fit of government work in each community."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        lever = world.policies[week, world.policy_of[community.district]]
        delay = p.strength * p.handoff * lever.layers / 3.0 * (1.0 - p.speed * lever.coordination)
        wide = 3.0 / lever.layers
        lost = p.loss * lever.coordination * lever.coordination * community.diversity + p.span * wide * wide
        community.delay = delay
        community.fit = unit(1.0 - p.strength * lost)


MECHANISM = Mechanism(
    name="coordination",
    names={"en": "Coordination", "zh": "部门协同"},
    stage="plan",
    parameters=Parameters,
    reads=("levers.coordination", "levers.layers", "community.diversity"),
    writes=("community.delay", "community.fit"),
    brings="speed of hand-offs",
    costs="local fit",
    null={"strength": 0.0},
    plan=plan_coordination,
)
