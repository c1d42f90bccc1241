"""Campaign: a crackdown deters at first, loses its effect while it lasts, and is followed by a rebound.

Claim. A pulse of enforcement raises the certainty of sanction at once. People and police get used to it; when it ends, certainty falls
below its earlier level, because postponed offences are made up for. Hasty enforcement produces wrongful cases.

Equation. Habituation h moves to the campaign's intensity c with time constant `tire` while c > h, and back with `recover`. Factor on
publicly perceived certainty = 1 + gain * c * (1 - h) - rebound * h * (1 - c). Stops rise by the factor 1 + zeal * c; of fruitless stops
a share haste * c ends in detention.

Source. Most crackdowns deter at first (15 of 18), most effects decay, few leave a residue: Sherman 1990, doi:10.1086/449163. Sizes:
assumptions.

Refuted by. Offences that do not fall in the first quarter of a full campaign, or that fall as much in its last quarter as in its first;
fewer offences than before for months after it ended, as five studies of crackdowns report, refute the rebound. Tried: "crackdown begins"
(test_effects_of_levers), "crackdown wears off" (test_effects_of_levers), "crackdown of half a year, ended" (test_effects_of_levers).

Brings: temporarily higher certainty of sanction. Costs: wrongful cases, fruitless stops, legitimacy; a rebound.
"""

from sim.kernel import kernel
from sim.maths import clip
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

SHERMAN = "assumption; doi:10.1086/449163"


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on intensity and habituation", unit="factor", low=0.0, high=1.0)
    gain: float = parameter(1.0, "certainty added by a full campaign while it is new", unit="factor", low=0.0, high=5.0, source=SHERMAN)
    rebound: float = parameter(
        0.20, "certainty lost after it, until people have forgotten it", unit="share", low=0.0, high=0.9, source=SHERMAN
    )
    tire: float = parameter(10.0, "time constant of habituation", unit="weeks", low=1.0, high=104.0, source=SHERMAN)
    recover: float = parameter(26.0, "time constant of recovery after a campaign", unit="weeks", low=1.0, high=260.0)


@kernel
def plan_campaign(world, week, p):
    """Intensity of the campaign in every community, and its remaining effect on perceived certainty."""
    intensity, city = p.strength * world.levers[week].campaign, world.city[0]
    used = city.habituation
    gap = intensity - used
    city.habituation = used + p.strength * gap / (p.tire if gap > 0.0 else p.recover)
    pulse = 1.0 + p.gain * intensity * (1.0 - used) - p.rebound * used * (1.0 - intensity)
    for k in range(len(world.communities)):
        community = world.communities[k]
        community.crackdown = intensity
        community.pulse = clip(pulse, 0.1, 6.0)


MECHANISM = Mechanism(
    name="campaign",
    names={"en": "Campaign", "zh": "专项行动"},
    stage="offend",
    parameters=Parameters,
    reads=("levers.campaign",),
    writes=("city.habituation", "community.crackdown", "community.pulse"),
    brings="temporarily higher certainty of sanction",
    costs="wrongful cases, fruitless stops, legitimacy; a rebound",
    null={"strength": 0.0},
    plan=plan_campaign,
)
