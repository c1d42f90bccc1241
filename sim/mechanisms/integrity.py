"""Integrity: some officials take money; audits, oversight and openness restrain them.

Claim. Officials take money when the gain exceeds the expected loss: the probability of detection times the fine and the lost wage premium.
Audits raise that probability at a cost: time for paperwork, and more cautious officials.

Equation. Cases and audits examine misconduct at random, so w of them per 1,000 residents and year examine the share e = 1 - exp(-w /
covers). Gains differ between officials, so the share taken of spending is most / (1 + (seen * stake)^2) with seen = audits * audit +
supervision * e + openness * transparency; it moves there with time constant `weeks`. Caution (time of officials lost) = paperwork * audit +
timidity * audit^2 + slowness * w.

Source. Becker, Stigler 1974, doi:10.1086/467507 (gain against risk and premium); Olken 2007, doi:10.1086/517935 (audits from 4 to 100 %
cut missing spending by 8 points); Avis et al. 2018, doi:10.1086/699209 (audits: corruption -8 %). Costs: assumptions.

Refuted by. Audits of all instead of 4 % of spending that cut what is missing by less than 4 points (8 were seen in Indonesia), or past
audits after which corruption does not fall (8 % in Brazil); oversight that takes no time of officials refutes its costs. Tried: "audits:"
(test_effects_of_levers), "audits of" (test_effects_of_levers). Not tried: the costs against data.

Brings: less money lost. Costs: slower offices, cautious officials; corruption exposed by openness costs legitimacy.
"""

from sim.kernel import kernel
from sim.levers import instrument
from sim.maths import exp, unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

OVERSIGHT = instrument("rule_of_law.oversight")
OLKEN = "doi:10.1086/517935"


class Parameters(Spec):
    strength: float = parameter(
        1.0, "speed of corruption and size of caution; 0 freezes corruption and removes caution", unit="factor", low=0.0, high=1.0
    )
    most: float = parameter(0.18, "share of spending taken where detection is impossible", unit="share", low=0.0, high=1.0)
    stake: float = parameter(2.0, "fine and wage premium at stake against the usual gain", unit="1", low=0.0, high=20.0)
    audits: float = parameter(
        0.60, "probability of detection added by a full audit", unit="share", low=0.0, high=1.0, source=f"fitted to {OLKEN}"
    )
    supervision: float = parameter(0.30, "probability of detection added where all misconduct is examined", unit="share", low=0.0, high=1.0)
    covers: float = parameter(
        0.72, "cases and audits that examine 63 % of misconduct", unit="per 1,000 residents and year", low=0.01, high=20.0
    )
    openness: float = parameter(0.20, "probability of detection added by full transparency", unit="share", low=0.0, high=1.0)
    weeks: float = parameter(26.0, "time constant with which officials learn the risk of detection", unit="weeks", low=1.0, high=260.0)
    paperwork: float = parameter(0.05, "officials' time that a full audit takes", unit="share", low=0.0, high=0.5)
    timidity: float = parameter(0.12, "time lost to caution under a full audit", unit="share", low=0.0, high=0.5)
    slowness: float = parameter(
        0.10, "officials' time taken by one case or audit per 1,000 residents and year", unit="share", low=0.0, high=1.0
    )


@kernel
def plan_integrity(world, week, p):
    """Corruption and caution of officials follow gain and risk of detection."""
    for d in range(len(world.districts)):
        district, lever = world.districts[d], world.policies[week, world.policy_of[d]]
        cases = 1000.0 * district.work[OVERSIGHT]
        seen = unit(p.audits * lever.audit + p.supervision * _examined(cases, p) + p.openness * lever.transparency)
        feared = seen * p.stake
        taken = p.most / (1.0 + feared * feared)
        district.corruption += p.strength * (taken - district.corruption) / p.weeks
        caution = p.paperwork * lever.audit + p.timidity * lever.audit * lever.audit + p.slowness * cases
        district.caution = unit(p.strength * caution)
    for k in range(len(world.communities)):
        community = world.communities[k]
        district = world.districts[community.district]
        community.corruption, community.caution = district.corruption, district.caution
        community.oversight = _examined(1000.0 * district.work[OVERSIGHT], p)


@kernel
def _examined(cases, p):
    """Share of misconduct that some cases and audits per 1,000 residents and year examine."""
    return 1.0 - exp(-cases / p.covers)


MECHANISM = Mechanism(
    name="integrity",
    names={"en": "Integrity", "zh": "廉洁与监督"},
    stage="plan",
    parameters=Parameters,
    reads=("levers.audit", "levers.transparency", "districts.work.rule_of_law.oversight"),
    writes=("districts.corruption", "districts.caution", "community.corruption", "community.caution", "community.oversight"),
    brings="less money lost",
    costs="slower, more cautious offices; exposed corruption costs legitimacy",
    null={"strength": 0.0},
    plan=plan_integrity,
)
