"""Campaign: a crackdown deters at first and loses its effect while it lasts; where it leaves something, that fades.

Claim. A pulse of enforcement raises the certainty of sanction at once. People get used to it, and police tire of it. When it ends, some
deterrence may remain for a while. Hasty enforcement produces wrongful cases.

Equation. Habituation h moves to the campaign's intensity c with time constant `tire` while c > h, and back with `recover`. Factor on
publicly perceived certainty = 1 + gain * c * (1 - h) + (residue - rebound) * h * (1 - c). Enforcement = c * (1 - slack * h): stops rise by
the factor 1 + zeal * enforcement; of fruitless stops a share haste * enforcement ends in detention.

Source. Of 18 crackdowns 15 deterred at first; in most long ones the effect decayed, sometimes although enforcement went on; 5 left
a residue after their end, of which 2 for longer than they had lasted: Sherman 1990, doi:10.1086/449163. Nobody reports a rebound there:
`rebound` is a possibility to try. Sizes: assumptions.

Refuted by. Offences that do not fall in the first quarter of a full campaign, or that fall as much in its last quarter as in its first; a
lasting fall, or a rise, after its end. Tried: "crackdown begins" (test_effects_of_levers), "crackdown wears off" (test_effects_of_levers),
"crackdown of half a year, ended" (test_effects_of_levers).

Brings: temporarily higher certainty of sanction, a little of it after the end. Costs: wrongful cases, fruitless stops, legitimacy.
"""

from sim.kernel import kernel
from sim.maths import clip
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

SHERMAN = "assumption; doi:10.1086/449163"


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on intensity and habituation", unit="factor", low=0.0, high=1.0)
    gain: float = parameter(1.0, "certainty added by a full campaign while it is new", unit="factor", low=0.0, high=5.0, source=SHERMAN)
    residue: float = parameter(
        0.14,
        "certainty left after it, until people have forgotten it",
        unit="share",
        low=0.0,
        high=2.0,
        source="assumption: half of the gain in 5 of 18 crackdowns; doi:10.1086/449163",
    )
    rebound: float = parameter(
        0.0,
        "certainty lost after it, until people have forgotten it",
        unit="share",
        low=0.0,
        high=0.9,
        source="assumption; Sherman 1990 reports the opposite, residual deterrence: doi:10.1086/449163",
    )
    slack: float = parameter(
        0.5, "share of additional enforcement that is given up once all are used to it", unit="share", low=0.0, high=1.0, source=SHERMAN
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
    pulse = 1.0 + p.gain * intensity * (1.0 - used) + (p.residue - p.rebound) * used * (1.0 - intensity)
    for k in range(len(world.communities)):
        community = world.communities[k]
        community.crackdown = intensity * (1.0 - p.slack * used)
        community.pulse = clip(pulse, 0.1, 6.0)


MECHANISM = Mechanism(
    name="campaign",
    names={"en": "Campaign", "zh": "专项行动"},
    stage="offend",
    parameters=Parameters,
    reads=("levers.campaign",),
    writes=("city.habituation", "community.crackdown", "community.pulse"),
    brings="temporarily higher certainty of sanction, a little of it after the end",
    costs="wrongful cases, fruitless stops, legitimacy",
    null={"strength": 0.0},
    plan=plan_campaign,
)
