"""Detection: cameras and screening find more offences, and flag many innocent residents.

Claim. Automatic detection finds offences and deters where cameras are installed. Offences are rare, so even a good test flags more
innocent than guilty residents; surveillance discourages participation. Privacy rules protect residents and reduce the system's power.

Equation. With investment d, threshold t and privacy v: power z = reach * d / (d + 1/2); a signal separates by `separation`: true
positives = z * logistic(slope * (separation / 2 + 1/2 - t)) * (1 - blinding * v), false positives = z * screened * logistic(slope * (1/2
- separation / 2 - t)) * (1 - protection * v) per resident and week. Exposure = z * (1 - protection * v); chill = chill * exposure.
Blocks get cameras in a fixed order as d grows. Upkeep takes `upkeep` * d of the police.
A miss: offenders whom detection finds do not enter the certainty that people learn (policing), and take hours from other cases, so that
finding more of them leaves more offences: +3 % under full detection without cameras' deterrence and upkeep (decision 43).

Source. Base rate .5 %, TPR .8 and FPR .05 give a precision of 7 % (arithmetic); cameras -13 % (-5 to -20: assumption), mainly property:
Piza et al. 2019, doi:10.1111/1745-9133.12419; a fifth fewer views of sensitive articles after the news of surveillance: Penney 2016,
doi:10.15779/Z38SS13 (direction). Form: signal detection (Green, Swets 1966). Sizes: assumptions.

Refuted by. Offences at places with cameras that do not fall against places without them within a year; or, where fewer than 1 % offend, a
majority of those flagged who have offended. Tried: "cameras" (test_effects_of_levers). Not tried: whether people take part less once they
know that they are watched.

Brings: offences found, deterrence at cameras. Costs: innocent residents flagged, exposure, less participation, upkeep.
"""

import numpy as np

from sim.city.codes import FLAGGED, JAILED
from sim.draws import uniforms
from sim.kernel import kernel, tile_kernel
from sim.maths import logistic
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

DRAW = 0  # row of `scratch`


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on the power of detection", unit="factor", low=0.0, high=1.0)
    reach: float = parameter(0.60, "share of events screened under unlimited detection", unit="share", low=0.0, high=1.0)
    separation: float = parameter(1.0, "distance of the signals of guilty and innocent", unit="thresholds", low=0.0, high=3.0)
    slope: float = parameter(5.0, "sharpness of the signal", unit="1 / threshold", low=0.1, high=50.0)
    screened: float = parameter(0.04, "number of screenings per resident", unit="per week", low=0.0, high=7.0)
    blinding: float = parameter(0.25, "share of true positives lost under full privacy protection", unit="share", low=0.0, high=1.0)
    protection: float = parameter(
        0.80, "share of false positives and exposure avoided under full privacy protection", unit="share", low=0.0, high=1.0
    )
    chill: float = parameter(
        0.30,
        "effect of full exposure against joining",
        unit="log hazard",
        low=0.0,
        high=3.0,
        source="assumption; direction: Penney 2016, doi:10.15779/Z38SS13",
    )
    upkeep: float = parameter(0.08, "share of police time taken by full investment", unit="share", low=0.0, high=0.5)


@kernel
def plan_detection(world, week, p):
    """Power, error rates, exposure and upkeep of detection in every community this week."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        lever = world.policies[week, world.policy_of[community.district]]
        power = p.strength * p.reach * lever.detection / (lever.detection + 0.5)
        guilty = logistic(p.slope * (0.5 + 0.5 * p.separation - lever.detection_threshold))
        innocent = logistic(p.slope * (0.5 - 0.5 * p.separation - lever.detection_threshold))
        spared = 1.0 - p.protection * lever.privacy_protection
        community.cameras = p.strength * lever.detection
        community.flag_true = power * guilty * (1.0 - p.blinding * lever.privacy_protection)
        community.flag_false = power * p.screened * innocent * spared
        community.exposure = power * spared
        community.chill = p.chill * community.exposure
        community.upkeep = p.strength * p.upkeep * lever.detection


@tile_kernel
def detection(tile, community, scratch, key, p):
    """Draw the residents who are flagged although they committed no offence."""
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    rate = community.flag_false
    flagged = np.int32(0)
    for i in range(tile.count):
        event = tile.events[i]
        hit = (scratch[DRAW, i] < rate) & (tile.age_group[i] > 0) & (tile.status[i] != JAILED)
        tile.events[i] = np.uint8(event | np.uint8(FLAGGED) if hit else event)
        flagged = np.int32(flagged + hit)
    community.now.flagged_falsely += flagged


MECHANISM = Mechanism(
    name="detection",
    names={"en": "Detection", "zh": "智能感知"},
    stage="offend",
    parameters=Parameters,
    reads=("age_group status events levers.detection levers.detection_threshold levers.privacy_protection").split(),
    writes=(
        "events community.cameras community.exposure community.chill community.flag_true community.flag_false community.upkeep"
    ).split(),
    counts=("flagged_falsely",),
    brings="offences found, deterrence at cameras",
    costs="innocent residents flagged, exposure, less participation, upkeep",
    null={"strength": 0.0},
    plan=plan_detection,
    live=detection,
)
