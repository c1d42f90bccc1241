"""Participation: people volunteer in spells; committees and organisations use their hours.

Claim. People volunteer in spells of some months. They join when others around them do (conditional cooperators), when they believe that it
matters and trust their neighbours; exhaustion, capture by a few, fear and good services reduce joining. Few give most hours: whoever is
more inclined to volunteer joins sooner and gives more. The retired join more and give more, residents of commodity estates join less.

Equation. Weekly probability to join = join * open posts * engagement * exp(type + belief * tanh(v/v0 - 1) + 2.4 (efficacy - 1/2) + 1.8
(cohesion - .55) + .4 (mutual aid - 1) - 2.5 fatigue - 2 (capture - .2) + norm (m - .64) - crowding_out (P - .62) - chill * wrongful -
surveillance + solidarity - at_home for parents - leisure * q_security + enforced * (patrol / usual - 1) + settled (I - .4) without local
registration + retired at 60 to 74 - estates * (share of commodity estates - .4) - hardship * (H - .41)); to quit = quit *
engagement^-loyalty * exp(fatigue_quits * fatigue). A volunteer gives hours * h a week, h = engagement^unequal / its mean over volunteers,
times retired_hours at 60 to 74, 40 hours at most. Fatigue rises with h^(1/2) (who gives more has chosen to) and with the hours asked (.4 to
2.5 times the usual) and recovers in half a year, sooner with health services. Places for volunteers are residents' own and those that the
staff of social organisations make; places that nobody fills help nobody. Councils consult some residents in a year, 1 - exp(-consultations)
of them at random; voice is that share, times (1 - capture) and the hours for it, divided by 1 - need + need * (anger that is shown,
relative to the usual, over a quarter). Efficacy follows voice. Committees split hours between mediation, patrol, aid and voice by last
week's demand, with inertia; aid and willingness to intervene grow up to twice the usual hours; effect of a neighbourhood watch = w^r / (w^r
+ watching^r) with r = rise, w = 4 * (share for patrol) * hours. Capture grows with the councils' consultations and falls with
participation.

Source. Types: Fischbacher, Gaechter, Fehr 2001, doi:10.1016/S0165-1765(01)00394-9 (50 % conditional, a third free riding, 14 %
hump-shaped). Hours: Canada 2010, 156 a year on average, 55 in the median (Statistics Canada, Canadian Social Trends 11-008-X, April 2012),
to which `unequal` is fitted. Those who give more hours are more likely to be volunteers years later, and those with less education stay
less: Wilson, Musick 1999, Sociological Forum 14:243-272 (abstract). Intentions that change by d = .66 change what people do by .36: Webb,
Sheeran 2006, doi:10.1037/0033-2909.132.2.249 (`norm` is its ratio times 3). Spells and other coefficients: assumptions, fitted to 8 to 15 %
of residents active in a year, itself an assumption.

Refuted by. Contributions in repeated play without sanction that do not fall by half within ten rounds; conditional cooperators who join as
often whether or not their ties do; or hours spread evenly among volunteers (in the United States a third of them give about 84 %). Tried:
"public-goods play" (test_public_goods), where quitting and not disappointment brings the decline; "share of all hours"
(test_pattern_volunteer_hours). Not tried: joining by the example of ties against data.

Brings: hours for mediation, patrol, aid and voice; efficacy. Costs: fatigue and burn-out, capture, less voice for non-local residents.
"""

from typing import Literal

import numpy as np

from sim.city.codes import CALM, RETIRED, VOLUNTEERING
from sim.city.community import FIXED
from sim.city.ties import TIES, share_of_ties, volunteers_among
from sim.draws import uniforms
from sim.kernel import kernel, tile_kernel
from sim.levers import instrument
from sim.maths import clip, exp, exp_bound, log, positions, power, tanh, unit
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, FORM, Option, Spec, choice, parameter

COUNCILS = instrument("self_governance.councils")
ORGANISATIONS = instrument("self_governance.social_organisations")
FISCHBACHER = "doi:10.1016/S0165-1765(01)00394-9"


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on joining, quitting, fatigue and efficacy; 0 freezes them", unit="factor", low=0.0, high=1.0)
    join: float = parameter(
        0.0039,
        "probability to join where example, trust, norms and services are usual",
        unit="per week",
        low=0.0,
        high=0.2,
        source="assumption; fitted to active_volunteers_year (0.08 to 0.15)",
    )
    quit: float = parameter(0.012, "probability to quit without fatigue", unit="per week", low=0.0, high=0.5)
    loyalty: float = parameter(
        1.0,
        "exponent with which quitting falls in the disposition to volunteer; at 0 all quit alike",
        unit="1",
        low=0.0,
        high=3.0,
        source="assumption; sign: Wilson, Musick 1999, Sociological Forum 14:243-272",
    )
    posts: float = parameter(0.07, "places for volunteers per adult without social organisations", unit="share", low=0.001, high=1.0)
    hours: float = parameter(
        2.05, "hours that those who begin to volunteer give on average, below 60 years", unit="hours/week", low=0.0, high=40.0
    )
    unequal: float = parameter(
        1.95,
        "exponent of a volunteer's hours in the disposition to volunteer; at 0 all give alike",
        unit="1",
        low=0.0,
        high=3.0,
        source="fitted to Canada 2010: 156 hours a year on average, 55 in the median (Statistics Canada 11-008-X, 2012)",
    )
    retired: float = parameter(0.4, "effect of being 60 to 74 years old", unit="log hazard", low=-2.0, high=2.0)
    retired_hours: float = parameter(1.5, "factor on the hours of volunteers aged 60 to 74", unit="factor", low=0.2, high=5.0)
    estates: float = parameter(
        0.5, "effect of living among commodity estates only, against old neighbourhoods", unit="log hazard", low=-2.0, high=2.0
    )
    work: float = parameter(
        0.13, "volunteer hours per resident that are perceived as usual", unit="hours/week", low=0.001, high=10.0, prior=ANCHOR
    )
    asked_own: float = parameter(0.0325, "hours that residents ask of their volunteers", unit="hours/week", low=0.0, high=10.0)
    asked: float = parameter(3.75, "hours that a council asks of volunteers for each consultation", unit="hours", low=0.0, high=100.0)
    asked_post: float = parameter(
        1.08, "hours that a social organisation asks for each of its places", unit="hours/week", low=0.0, high=20.0
    )
    aid_posts: float = parameter(
        0.03,
        "filled places of social organisations per resident at which mutual aid is usual",
        unit="share",
        low=0.0001,
        high=1.0,
        prior=ANCHOR,
    )
    conditional: float = parameter(
        0.85,
        "effect of others' example on conditional cooperators",
        unit="log hazard",
        low=0.0,
        high=3.0,
        source=f"assumption; {FISCHBACHER}",
    )
    usual: float = parameter(
        0.06, "share of volunteers among ties that is perceived as usual (v0)", unit="share", low=0.005, high=0.5, prior=ANCHOR
    )
    free_riding: float = parameter(-1.2, "effect of being a free rider", unit="log hazard", low=-5.0, high=0.0)
    unconditional: float = parameter(0.8, "effect of being an unconditional cooperator", unit="log hazard", low=0.0, high=3.0)
    efficacy: float = parameter(2.4, "effect of the belief that taking part matters", unit="log hazard", low=0.0, high=10.0)
    cohesion: float = parameter(1.8, "effect of trust in neighbours", unit="log hazard", low=0.0, high=10.0)
    organisations: float = parameter(0.4, "effect of mutual aid above the usual", unit="log hazard", low=0.0, high=3.0)
    fatigue: float = parameter(2.5, "effect of fatigue against joining", unit="log hazard", low=0.0, high=10.0)
    capture: float = parameter(2.0, "effect of capture against joining", unit="log hazard", low=0.0, high=10.0)
    norm: float = parameter(
        1.64,
        "effect of the civic norm",
        unit="log hazard",
        low=0.0,
        high=10.0,
        source="assumption of 3, times .36 / .66 from intention to action (Webb, Sheeran 2006, doi:10.1037/0033-2909.132.2.249)",
    )
    hardship: float = parameter(
        1.5,
        "loss per unit of hardship: time, education and being asked",
        unit="log hazard",
        low=0.0,
        high=10.0,
        source="assumption; 34 against 48 % took part in civic life in the most and least deprived fifth, England 2016-17, 2.1 at SD .1",
    )
    crowding_out: float = parameter(0.8, "effect of good services against volunteering", unit="log hazard", low=0.0, high=5.0)
    enforced: float = parameter(
        0.0,
        "effect on volunteering of twice the usual hours of police patrol: above 0 it draws people in, below 0 it crowds them out",
        unit="log hazard",
        low=-1.0,
        high=1.0,
        source="no published size: a choice between plausible worlds",
        prior=FORM,
    )
    law: Literal["independent", "crowds_out", "draws_in"] = choice(
        "independent",
        "what police patrols do to volunteering",
        {
            "independent": Option("nothing, but for stops that were fruitless", "除无果盘查外没有影响"),
            "crowds_out": Option(
                "where the state enforces order, people leave it to the state", "国家维持秩序之处，居民就把它交给国家", {"enforced": -0.5}
            ),
            "draws_in": Option(
                "where police are seen, people trust that joining in is safe and worthwhile",
                "看得见警察之处，居民相信参与是安全且值得的",
                {"enforced": 0.5},
            ),
        },
        source="doi:10.1257/jel.50.2.368 (either); doi:10.1177/14773708211035306 (draws in); sizes: assumptions",
    )
    chill: float = parameter(0.03, "effect of fruitless police stops in the community", unit="log hazard", low=0.0, high=3.0)
    at_home: float = parameter(
        0.333, "effect of family visits on those aged 30 to 59, who have family duties", unit="log hazard", low=0.0, high=3.0
    )
    leisure: float = parameter(
        0.158, "effect of social security against volunteering where all needs are met", unit="log hazard", low=0.0, high=3.0
    )
    settled: float = parameter(0.8, "effect of integration of those without local registration", unit="log hazard", low=0.0, high=5.0)
    watching: float = parameter(
        1.35,
        "hours of patrol at which a neighbourhood watch has half its effect (1 = usual)",
        unit="1 = usual",
        low=0.1,
        high=10.0,
        source="assumption, set with `rise`: -16 to -26 % at twice the usual staff; an eighth of it still prevents too much",
    )
    rise: float = parameter(
        6.0,
        "steepness with which the effect of a neighbourhood watch rises with hours of patrol",
        unit="1",
        low=0.5,
        high=8.0,
        source="assumption, see `watching`: no study found measures prevention by hours (Bennett et al. 2008, doi:10.4073/csr.2008.18)",
    )
    tiring: float = parameter(0.026, "fatigue added in a week of volunteering the average hours", unit="per week", low=0.0, high=0.5)
    rest_weeks: float = parameter(26.0, "time constant of recovery from fatigue", unit="weeks", low=1.0, high=260.0)
    fatigue_quits: float = parameter(1.5, "effect of fatigue on quitting", unit="log hazard", low=0.0, high=10.0)
    burn_out: float = parameter(0.4, "fatigue above which quitting counts as burn-out", unit="share", low=0.0, high=1.0)
    disappointment: float = parameter(0.10, "efficacy lost in a burn-out", unit="share", low=0.0, high=1.0)
    voice: float = parameter(0.553, "effect of having a say on efficacy", unit="1", low=0.0, high=2.0)
    need: float = parameter(
        0.3,
        "part of voice that falls as unresolved grievance grows: the more is unresolved, the fewer feel heard",
        unit="share",
        low=0.0,
        high=1.0,
    )
    voice_outside: float = parameter(0.6, "voice of non-local residents relative to local ones", unit="share", low=0.0, high=1.0)
    efficacy_weeks: float = parameter(26.0, "time constant of efficacy", unit="weeks", low=1.0, high=260.0)
    capture_weeks: float = parameter(104.0, "time constant of capture", unit="weeks", low=1.0, high=520.0)
    capture_money: float = parameter(0.167, "capture added by one consultation per resident and year", unit="share", low=0.0, high=2.0)
    inertia_weeks: float = parameter(13.0, "time constant with which a committee changes its duties", unit="weeks", low=1.0, high=104.0)


MOST_HOURS = np.float32(40.0)  # that a volunteer gives in a week
SPREAD = np.float32(0.7)  # SD of the log of engagement, whose mean is 1, see sim/city/population.py
USUAL_ESTATES = np.float32(0.4)  # share of commodity estates, mean of generated cities
USUAL_HARDSHIP = np.float32(0.41)  # mean over residents
USUAL_VOLUNTEERS = 0.07  # of adults
USUAL_CAPTURE = 0.2
CAPTURE = 0.125  # without consultations, at the usual share of volunteers
USUAL_TALKS = np.float32(0.0045)  # cases in negotiation or mediation per resident
USUAL_GRIEVANCE = np.float32(0.0035)  # mean over residents
USUAL_PATROL = np.float32(2.04)  # hours per resident and year
MOST_ANGER = np.float32(10.0)
PUSH, DRAW, CHOSEN, WHO, OWN, INCLINED, LOYAL = 0, 1, 2, 3, 4, 5, 6  # rows of `scratch`; from `WHO` on, of the few
EXAMPLE, HAZARD, WEARY = OWN, CHOSEN, LOYAL  # the same rows at other times


@kernel
def plan_participation(world, week, p):
    """Committees split their hours; organisations grow or shrink; communities receive voice, aid and patrols."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        committee = world.committees[k]
        work = world.districts[community.district].work
        committee.hours = np.float32(community.last.time_given) / FIXED * MOST_HOURS
        if week == 0:  # nobody has given hours yet
            committee.hours = np.float32(community.last.volunteers) * p.hours
        _committee(committee, community, work[COUNCILS], p)
        adults = np.float32(community.adults) + 1e-6
        volunteers = np.float32(community.last.volunteers)
        community.posts_open = unit(1.0 - volunteers / (adults * p.posts + np.float32(community.residents) * work[ORGANISATIONS]))
        asked = np.float32(community.residents) * (p.asked_own + p.asked / 52.0 * work[COUNCILS] + p.asked_post * work[ORGANISATIONS])
        community.hours_load = clip(asked / (committee.hours + 1e-6), np.float32(0.4), np.float32(2.5))
        community.capture = committee.capture
        hours = committee.hours / (np.float32(community.residents) * p.work + 1e-6)
        served = (1.0 - committee.capture) / (1.0 - USUAL_CAPTURE)
        anger = np.float32(community.last.grievance) / (np.float32(community.residents) * USUAL_GRIEVANCE * 1048576.0)
        community.unresolved += p.strength * ((anger if anger < MOST_ANGER else MOST_ANGER) - community.unresolved) / 13.0
        consulted = (1.0 - exp(-work[COUNCILS])) * (1.0 - 0.5 * community.hush) / (1.0 - p.need + p.need * community.unresolved + 1e-6)
        community.voice = unit(consulted * served * (0.6 + 1.6 * committee.duty[3]) + community.heard)
        community.willingness = 0.8 + 0.8 * committee.duty[1] * clip(hours, np.float32(0.0), np.float32(2.0))
        community.aid = 2.0 * committee.duty[2] * clip(hours, np.float32(0.0), np.float32(2.0))  # organisations add the other half
        manned = power(4.0 * committee.duty[1] * hours / p.watching + 1e-6, p.rise)
        community.watch = manned / (manned + 1.0)  # a watch with few hours has almost no effect
    for o in range(len(world.organisations)):
        organisation = world.organisations[o]
        community = world.communities[organisation.community]
        filled = world.districts[community.district].work[ORGANISATIONS] * (1.0 - community.posts_open)
        grown = filled / p.aid_posts * organisation.reputation / 0.6
        organisation.effort += p.strength * (clip(grown, np.float32(0.0), np.float32(4.0)) - organisation.effort) / 52.0
        trust = np.float32(community.last.cohesion) / (np.float32(community.adults) * 1048576.0 + 1.0)
        organisation.reputation += p.strength * (unit(0.05 + trust) - organisation.reputation) / 52.0
        community.aid += _aid_of(organisation) * (1.0 - community.neglect) / community.organisations
    _fill_places(world)


@kernel
def _fill_places(world):
    """Share of the places of social organisations that are filled, by district."""
    for d in range(len(world.districts)):
        district, filled = world.districts[d], np.float32(0.0)
        for k in range(district.first_community, district.last_community):
            filled += np.float32(world.communities[k].residents) * (1.0 - world.communities[k].posts_open)
        district.used[ORGANISATIONS] = unit(filled / np.float32(district.residents))


@kernel
def _aid_of(organisation):
    """Contribution of an organisation to mutual aid: largest for aid organisations, smallest for mediation."""
    return organisation.effort * (0.7 if organisation.speciality == 0 else (0.3 if organisation.speciality == 1 else 0.5))


@kernel
def _committee(committee, community, consultations, p):
    """Update one committee: shares of duties by last week's demand, skill, capture and reputation."""
    last = community.last
    people = np.float32(community.residents)
    volunteers = np.float32(last.volunteers)
    committee.caseload = last.open_mediation
    pressing_cases = 0.25 * np.float32(last.open_negotiation + last.open_mediation) / (people * USUAL_TALKS)
    pressing_crime = 0.25 * community.offence_level
    pressing_need = 0.25 * community.hardship / 0.41
    shown = 1.0 - community.hush  # anger that is not expressed creates no demand
    pressing_anger = 0.25 * shown * np.float32(last.grievance) / (people * USUAL_GRIEVANCE * 1048576.0)
    pressing_anger = pressing_anger if pressing_anger < 1.0 else np.float32(1.0)
    total = pressing_cases + pressing_crime + pressing_need + pressing_anger + 1e-6
    pace = p.strength / p.inertia_weeks
    committee.duty[0] += pace * (pressing_cases / total - committee.duty[0])
    committee.duty[1] += pace * (pressing_crime / total - committee.duty[1])
    committee.duty[2] += pace * (pressing_need / total - committee.duty[2])
    committee.duty[3] += pace * (pressing_anger / total - committee.duty[3])
    practice = np.float32(last.closed_mediation + last.failed_mediation) / (people * 0.000135 + 1e-6)
    practice = practice if practice < 2.0 else np.float32(2.0)
    committee.skill += p.strength * (0.8 + 0.2 * practice - committee.skill) / 104.0
    share = volunteers / (np.float32(community.adults) + 1e-6)
    drift = CAPTURE + p.capture_money * consultations - 1.5 * (share - USUAL_VOLUNTEERS)
    committee.capture += p.strength * (unit(drift) - committee.capture) / p.capture_weeks
    committee.reputation += p.strength * (unit(0.3 + 4.0 * share - 0.5 * (committee.capture - 0.2)) - committee.reputation) / 26.0


@tile_kernel
def participation(tile, community, peers, scratch, key, p):
    """Residents join and quit; fatigue and efficacy are updated.

    Each step runs over the whole tile: one long chain of dependent steps per resident would stall the processor.
    """
    _see_others(tile, peers, scratch, p)
    _weigh(tile, community, scratch, p)
    _choose(tile, community, scratch, key, p)
    few = positions(scratch[CHOSEN].view(np.uint32), tile.count, scratch[WHO].view(np.uint32))
    _hazards(tile, community, scratch, few, p)
    _change(tile, community, scratch, p)
    _give_hours(tile, community, scratch, few, p)


@kernel
def _see_others(tile, peers, scratch, p):
    """Example of others, from -1 (nobody volunteers) to 1; 0 where as many volunteer as usual."""
    for number in range(TIES + 1):
        scratch[EXAMPLE, number] = tanh(share_of_ties(number) / p.usual - 1.0)
    for i in range(tile.count):
        scratch[PUSH, i] = scratch[EXAMPLE, volunteers_among(peers[i])]


@kernel
def _weigh(tile, community, scratch, p):
    """Sum of all effects on volunteering, on the log of the hazard."""
    around = -p.capture * (community.capture - 0.2) - p.chill * community.wrongful_level
    around += p.organisations * (community.aid - 1.0) - community.chill + community.shock_solidarity - p.leisure * community.cushion
    around += p.enforced * (community.patrol / USUAL_PATROL - 1.0) - p.estates * (community.estates - USUAL_ESTATES)
    home = p.at_home * community.family
    for i in range(tile.count):
        push = _example(tile.cooperation[i], scratch[PUSH, i], p)
        push += p.efficacy * (tile.efficacy[i] - 0.5) + p.cohesion * (tile.cohesion[i] - 0.55) + p.norm * (tile.norm[i] - 0.64)
        push += around - p.fatigue * tile.fatigue[i] - p.crowding_out * (tile.service[i] - 0.62)
        push += np.float32(0.0) if tile.local[i] == 1 else p.settled * (tile.integration[i] - 0.4)
        push -= home if (tile.age_group[i] == 2) | (tile.age_group[i] == 3) else np.float32(0.0)
        push += p.retired if tile.age_group[i] == RETIRED else np.float32(0.0)
        push -= p.hardship * (tile.hardship[i] - USUAL_HARDSHIP)
        scratch[PUSH, i] = push


@kernel
def _choose(tile, community, scratch, key, p):
    """Mark those who volunteer, and those who may begin to since their draw is below a bound of their hazard."""
    base = p.join * community.posts_open * p.strength
    chosen = scratch[CHOSEN].view(np.uint32)
    uniforms(scratch[DRAW], key, tile.first, tile.count, 0)
    for i in range(tile.count):
        most = base * tile.engagement[i] * exp_bound(scratch[PUSH, i])
        chosen[i] = np.uint32((tile.status[i] == VOLUNTEERING) | (scratch[DRAW, i] < most))


@kernel
def _hazards(tile, community, scratch, few, p):
    """Hazard of a change of those who were marked: volunteers can only quit and others can only join. It is 0 for all others."""
    base = p.join * community.posts_open * p.strength
    quitting = p.quit * p.strength
    who = scratch[WHO].view(np.uint32)
    for j in range(few):
        i = who[j]
        scratch[OWN, j] = p.fatigue_quits * tile.fatigue[i] if tile.status[i] == VOLUNTEERING else scratch[PUSH, i]
        scratch[INCLINED, j] = tile.engagement[i]
    for j in range(few):
        scratch[OWN, j] = exp(scratch[OWN, j])
    for j in range(few):
        scratch[INCLINED, j] = log(scratch[INCLINED, j])
    for j in range(few):
        scratch[LOYAL, j] = exp(-p.loyalty * scratch[INCLINED, j])
    for j in range(few):
        i = who[j]
        quits = quitting * scratch[OWN, j] * scratch[LOYAL, j]
        scratch[HAZARD, i] = quits if tile.status[i] == VOLUNTEERING else base * tile.engagement[i] * scratch[OWN, j]


@kernel
def _change(tile, community, scratch, p):
    """Joining, quitting and burn-out; update efficacy and weeks since volunteering; let all recover from fatigue."""
    healing = p.strength * (0.6 + 0.633 * community.health) / p.rest_weeks
    pace = p.strength / p.efficacy_weeks
    voice = 0.34 + p.voice * community.voice
    voice_outside = 0.34 + p.voice * p.voice_outside * community.voice
    enabled = p.strength > 0.0
    joined, left, burned = np.int32(0), np.int32(0), np.int32(0)
    for i in range(tile.count):
        status = tile.status[i]
        weary = tile.fatigue[i]
        efficacy = tile.efficacy[i]
        busy = status == VOLUNTEERING
        able = busy | ((status == CALM) & (tile.age_group[i] > 0))
        changes = (scratch[DRAW, i] < scratch[HAZARD, i]) & able
        burns = changes & busy & (weary > p.burn_out)
        joined = np.int32(joined + (changes & (not busy)))
        left = np.int32(left + (changes & busy))
        burned = np.int32(burned + burns)
        status = (np.uint8(CALM) if busy else np.uint8(VOLUNTEERING)) if changes else status
        busy = status == VOLUNTEERING
        weary = weary - weary * healing
        target = (voice if tile.local[i] == 1 else voice_outside) + (np.float32(0.05) if busy else np.float32(0.0))
        efficacy = efficacy + pace * (target - efficacy) - (p.disappointment if burns else np.float32(0.0))
        age = np.int32(tile.since_volunteering[i])
        older = age + ((age < 255) & enabled)
        tile.status[i] = status
        tile.fatigue[i] = weary if busy | (weary > 1e-6) else np.float32(0.0)
        efficacy = efficacy if efficacy > 0.0 else np.float32(0.0)
        tile.efficacy[i] = efficacy if efficacy < 1.0 else np.float32(1.0)
        tile.since_volunteering[i] = np.uint8(0 if busy else older)
    community.now.joined += joined
    community.now.left += left
    community.now.burned_out += burned


@kernel
def _give_hours(tile, community, scratch, few, p):
    """Sum up the hours of those who volunteer, and tire them."""
    tiring = p.tiring * community.hours_load * p.strength
    scale = exp(-log_mean_of(p.unequal))
    who, busy, given = scratch[WHO].view(np.uint32), np.uint32(0), np.int32(0)
    for j in range(few):
        i = who[j]
        who[busy], scratch[INCLINED, busy], scratch[WEARY, busy] = i, scratch[INCLINED, j], tile.fatigue[i]
        scratch[OWN, busy] = p.retired_hours if tile.age_group[i] == RETIRED else np.float32(1.0)
        busy = np.uint32(busy + (tile.status[i] == VOLUNTEERING))
    for j in range(busy):
        own = scale * exp(p.unequal * scratch[INCLINED, j]) * scratch[OWN, j]
        spent = own * p.hours if own * p.hours < MOST_HOURS else MOST_HOURS
        given = np.int32(given + np.int32(spent / MOST_HOURS * FIXED))
        weary = scratch[WEARY, j] + tiring * np.sqrt(own)
        weary = weary if weary > 1e-6 else np.float32(0.0)
        scratch[WEARY, j] = weary if weary < 1.0 else np.float32(1.0)
    for j in range(busy):
        tile.fatigue[who[j]] = scratch[WEARY, j]
    community.now.time_given += given


@kernel
def log_mean_of(exponent):
    """Log of the mean of engagement to an exponent over volunteers, who join in proportion to engagement.

    Engagement is the exponential of a scaled sum of four uniforms (`sim.draws.bell`), whose moments are powers of sinh(h) / h.
    """
    low = SPREAD * np.float32(0.8660254)
    high = low * (1.0 + exponent)
    return 4.0 * (_log_sinh(high) - _log_sinh(low)) - 0.5 * SPREAD * SPREAD * exponent


@kernel
def _log_sinh(h):
    return log((exp(h) - exp(-h)) / (2.0 * h))


@kernel
def _example(kind, others, p):
    """Effect of the example of `others` (-1 to 1) on a person of this cooperation type, on the log of the hazard."""
    conditional = p.conditional * others
    hump = p.conditional * (others if others < 0.5 else 1.0 - others)
    push = p.free_riding if kind == 1 else p.unconditional
    return conditional if kind == 0 else (hump if kind == 2 else push)


MECHANISM = Mechanism(
    name="participation",
    names={"en": "Participation", "zh": "参与"},
    stage="gather",
    parameters=Parameters,
    reads=(
        "age_group local hardship engagement cooperation peers norm cohesion efficacy fatigue service status since_volunteering"
        " integration districts.work.self_governance.councils districts.work.self_governance.social_organisations"
        " community.wrongful_level community.offence_level community.chill community.shock_solidarity"
        " community.family community.cushion community.health community.heard community.hush community.neglect community.patrol"
    ).split(),
    writes=(
        "status since_volunteering fatigue efficacy committees.hours committees.duty committees.skill committees.capture"
        " committees.reputation committees.caseload organisations.effort organisations.reputation community.posts_open"
        " community.hours_load community.voice community.capture community.aid community.willingness community.watch"
        " community.unresolved districts.used"
    ).split(),
    counts=("joined", "left", "burned_out", "time_given"),
    brings="hours of mediation, patrol, aid and voice; the belief that taking part matters",
    costs="fatigue and burn-out, capture by a few, less voice for non-local residents",
    null={"strength": 0.0},
    plan=plan_participation,
    live=participation,
)
