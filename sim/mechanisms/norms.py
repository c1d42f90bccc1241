"""Norms: civic norms change with peers, upbringing and public messages.

Claim. A person's norm moves towards the norms that peers display and back to the person's own anchor; a public message attracts those who
are near it and find it credible, and repels those who are far from it. Credibility falls when messages promise more than people experience,
when reports are overstated, and where talk is suppressed.

Equation. m += step * (susceptibility * (peers - m) + (1 - susceptibility) * (anchor - m)) + media: kappa * reached * credibility * pull,
pull = message - m when |message - m| < bound, else -backlash * bound * sign(message - m), scaled by step. Under ``influence: bounded``
peers count only where |peers - m| < bound. The anchor is the person's own plus what school (more where education is good), family and
workplace add, less .04. Messages reach the share 1 - exp(-messages per week) of residents in a week, family visits and training 1 -
exp(-work * memory); lessons count up to what a timetable has room for. Credibility moves to .65 - distrust * (gap - .10), gap = claim +
boast * reached - (P + L) / 2 + reports * overstated + silenced * hush - admitted * candour.

Source. Friedkin, Johnsen 1990, doi:10.1080/0022250X.1990.9990069 (peers and anchor); Deffuant et al. 2000, doi:10.1142/S0219525900000078
(confidence bound). Messages about a norm move behaviour: Hallsworth et al. 2017, doi:10.1016/j.jpubeco.2017.02.003 (direction: +1.3 to
+5.1 points of late payers after reminder letters). Size for the norm of a population, backlash and credibility: assumptions.

Refuted by. A message that moves those who are farthest from it as it moves those who are near; norms that do not return towards their
earlier level after messages end; or norms that do not depend on those of ties. Tried: "norms against the fixed point" (test_opinion),
"norm message" (test_effects_of_levers). Not tried: backlash, and the return after a campaign, against
data.

Brings: settlement of disputes, participation and fewer offences through the norm. Costs: credibility and backlash; norm campaigns at work
are experienced as pressure (see satisfaction).
"""

from typing import Literal

import numpy as np

from sim.city.ties import peers_norm
from sim.kernel import kernel, tile_kernel
from sim.levers import instrument
from sim.maths import exp, unit
from sim.mechanisms.base import Mechanism
from sim.spec import Option, Spec, choice, parameter

MEDIA = instrument("moral_education.media")
SCHOOL = instrument("moral_education.school")
FAMILY = instrument("moral_education.family")
WORKPLACE = instrument("moral_education.workplace")
ANCHORED = 0
"""Code of the choice `influence` under which peers count however far their norms are."""


class Parameters(Spec):
    strength: float = parameter(1.0, "speed of norms and credibility; 0 freezes them", unit="factor", low=0.0, high=1.0)
    influence: Literal["anchored", "bounded"] = choice(
        "anchored",
        "whether people follow peers whose norms are far from their own",
        {
            "anchored": Option(
                "peers always count, beside one's own anchor, so that differences last only as far as anchors differ",
                "同伴始终有影响，与个人的固有准则并存；差异只因固有准则不同而存在",
            ),
            "bounded": Option(
                "peers count only while their mean norm is within one's confidence bound, so that those who differ most go on to differ",
                "只有同伴的平均规范在个人的接受范围之内时才有影响；差异最大的人继续保持差异",
            ),
        },
        source="doi:10.1080/0022250X.1990.9990069 (anchored); doi:10.1142/S0219525900000078 (bounded)",
    )
    step: float = parameter(0.06, "share of the gap closed in a week", unit="per week", low=0.0, high=1.0)
    message: float = parameter(0.85, "norm that public messages promote", unit="share", low=0.0, high=1.0)
    kappa: float = parameter(
        1.32,
        "effect of a credible message in a week in which it is received, relative to that of peers and anchor",
        unit="1",
        low=0.0,
        high=10.0,
    )
    backlash: float = parameter(0.45, "repulsion by a message beyond the confidence bound", unit="1", low=0.0, high=2.0)
    bound: float = parameter(
        1.0, "factor on all residents' confidence bounds", unit="factor", low=0.0, high=3.0, source="doi:10.1142/S0219525900000078"
    )
    school: float = parameter(
        0.06,
        "norm added by as many lessons as a timetable has room for, most for the young and for parents",
        unit="share",
        low=0.0,
        high=0.5,
    )
    lessons: float = parameter(
        12.0,
        "lessons that a timetable has room for, about 140 a pupil",
        unit="pupil-hours per resident and year",
        low=1.0,
        high=100.0,
        source="assumption; two a week are taught (628 in nine years, Zhejiang 2023)",
    )
    family: float = parameter(0.0554, "norm added in families that were visited", unit="share", low=0.0, high=0.5)
    visit: float = parameter(
        7.0, "reach of a visit: members of a household times years that it is remembered", unit="resident-years", low=0.1, high=50.0
    )
    workplace: float = parameter(0.057, "norm added in those taught at work", unit="share", low=0.0, high=0.5)
    remembered: float = parameter(3.0, "time over which training at work is remembered", unit="years", low=0.1, high=20.0)
    claim: float = parameter(0.665, "quality of life that is claimed where no message is received", unit="share", low=0.0, high=1.0)
    boast: float = parameter(
        0.359, "quality of life that messages claim in addition where all receive one in a week", unit="share", low=0.0, high=1.0
    )
    distrust: float = parameter(1.2, "credibility lost per unit of gap between claim and experience", unit="1", low=0.0, high=5.0)
    reports: float = parameter(0.30, "perceived gap per unit by which reports overstate performance", unit="1", low=0.0, high=5.0)
    silenced: float = parameter(0.15, "perceived gap where all talk is suppressed", unit="share", low=0.0, high=1.0)
    admitted: float = parameter(0.05, "gap closed by open answers", unit="share", low=0.0, high=1.0)
    credibility_weeks: float = parameter(26.0, "time constant of credibility", unit="weeks", low=1.0, high=260.0)


@kernel
def plan_norms(world, week, p):
    """Reach of messages, lessons, family visits and training in every community."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        work = world.districts[community.district].work
        community.message = 1.0 - exp(-work[MEDIA] / 52.0)
        community.school = unit(work[SCHOOL] / p.lessons)
        community.family = 1.0 - exp(-work[FAMILY] * p.visit)
        community.work_ethic = 1.0 - exp(-work[WORKPLACE] * p.remembered)
    for d in range(len(world.districts)):
        district = world.districts[d]
        district.used[SCHOOL] = unit(p.lessons / (district.work[SCHOOL] + 1e-6))


@tile_kernel
def norms(tile, community, peers, key, p):
    """Norms move with peers, anchor and message; credibility moves with experience."""
    step = p.step * p.strength
    kappa = p.kappa * community.message
    claim = p.claim + p.boast * community.message
    pace = p.strength / p.credibility_weeks
    farther = np.float32(2.0) if p.influence == ANCHORED else np.float32(0.0)  # than any two norms can be
    doubted = p.reports * community.overstated + p.silenced * community.hush - p.admitted * community.candour
    school, family, work = (
        p.school * community.school * (0.7 + 0.475 * community.education),
        p.family * community.family,
        p.workplace * community.work_ethic,
    )
    for i in range(tile.count):
        m = tile.norm[i]
        age = tile.age_group[i]
        taught = school if age < 3 else 0.4 * school
        taught = taught + family + (work if (age > 0) & (age < 4) else np.float32(0.0))
        anchor = tile.norm_anchor[i] + taught - 0.04
        weight = tile.susceptibility[i]
        bound = p.bound * tile.confidence_bound[i]
        distance = peers_norm(peers[i]) - m
        heard = distance if abs(distance) < bound + farther else np.float32(0.0)
        drawn = weight * heard + (1.0 - weight) * (anchor - m)
        gap = p.message - m
        away = p.backlash * bound
        pull = gap if (gap < bound) & (gap > -bound) else (-away if gap > 0.0 else away)
        trust = tile.credibility[i]
        m = m + step * (drawn + kappa * trust * pull)
        m = m if m > 0.0 else np.float32(0.0)
        disbelief = claim - 0.5 * (tile.service[i] + tile.legitimacy[i]) + doubted
        target = 0.65 - p.distrust * (disbelief - 0.10)
        target = target if target > 0.0 else np.float32(0.0)
        target = target if target < 1.0 else np.float32(1.0)
        tile.norm[i] = m if m < 1.0 else np.float32(1.0)
        tile.credibility[i] = trust + pace * (target - trust)


MECHANISM = Mechanism(
    name="norms",
    names={"en": "Norms", "zh": "道德规范"},
    stage="teach",
    parameters=Parameters,
    reads=(
        "age_group susceptibility confidence_bound norm_anchor peers norm service legitimacy credibility"
        " districts.work.moral_education.media districts.work.moral_education.school districts.work.moral_education.family"
        " districts.work.moral_education.workplace"
        " community.overstated community.hush community.candour community.education"
    ).split(),
    writes=("norm credibility community.message community.school community.family community.work_ethic districts.used".split()),
    brings="civic norm, and with it settlement of disputes, participation and fewer offences",
    costs="credibility, backlash among those who think otherwise, pressure at work",
    null={"strength": 0.0},
    plan=plan_norms,
    live=norms,
)
