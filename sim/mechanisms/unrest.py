"""Unrest: open protest by Epstein's rule, driven by grievance from disputes and events.

Claim. People protest openly when grievance outweighs the expected cost; the risk of arrest falls when many protest, so protest comes in
bursts. It needs local triggers, and declines as grievance decays and as people are heard.

Equation. Active if G (1 - L) - R P > T + hush, with P = 1 - exp(-k floor(C / A)), C available officers (including the station's reserve),
A protesters of last week and oneself, both counted per 3,000 residents so that the size of communities does not matter. A tenth of a crowd
counts as protesters already present; surveillance raises P; suppression (hush) keeps dissent from being expressed. Grievance decays over
30 weeks, faster with voice. A trigger adds `stir` to the grievance of some 150 people of a community.

Source. Epstein 2002, doi:10.1073/pnas.092080199 (k = 2.3, T = 0.1; the floor as in the published code; without it no bursts occur).
Triggers per resident and decay: assumptions calibrated to 0.03 to 0.15 collective incidents per 1,000 residents a year.

Brings: grievance is expressed and declines. Costs: public order, security, arrests and the legitimacy that they cost.
"""

import numpy as np

from sim.city.codes import ACTIVE, ARRESTED, CALM, JAILED
from sim.draws import random_key, stream, uniform
from sim.kernel import kernel, tile_kernel
from sim.maths import exp
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter

EPSTEIN = "doi:10.1073/pnas.092080199"
TRIGGERS = stream("unrest.triggers")
SIGHT = np.float32(3000.0)  # residents per whom officers and protesters are counted: the usual size of a community


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on triggers and decay; 0 switches protest off", unit="factor", low=0.0, high=1.0)
    arrest_constant: float = parameter(2.3, "k: P = .9 with one officer for one protester", unit="1", low=0.0, high=10.0, source=EPSTEIN)
    threshold: float = parameter(0.1, "net grievance at which people protest (T)", unit="share", low=0.0, high=1.0, source=EPSTEIN)
    trigger: float = parameter(
        0.00159,
        "local events per 1,000 residents",
        unit="per week",
        low=0.0,
        high=1.0,
        source="assumption; fitted to rate_incidents (0.03 to 0.15)",
    )
    stirred: float = parameter(
        0.05, "people mobilised by a local event, as a share of 3,000; at most half of a community", unit="share", low=0.0, high=1.0
    )
    stir: float = parameter(0.50, "grievance that a local event adds to those mobilised", unit="share", low=0.0, high=1.0)
    decay_weeks: float = parameter(30.0, "time constant of grievance", unit="weeks", low=1.0, high=520.0)
    vent: float = parameter(0.08, "grievance removed by a week of protest", unit="share", low=0.0, high=1.0)
    hush: float = parameter(0.10, "net grievance that suppression adds to the threshold of protest", unit="share", low=0.0, high=1.0)
    watched: float = parameter(0.30, "arrest risk added by full exposure to surveillance", unit="share", low=0.0, high=1.0)
    on_duty: float = parameter(0.35, "share of officers available", unit="share", low=0.0, high=1.0)
    reserve: float = parameter(0.02, "officers that join for every protester of last week", unit="officers", low=0.0, high=2.0)
    arrests: float = parameter(
        0.10, "probability that an available officer arrests someone in a week", unit="per officer and week", low=0.0, high=1.0
    )
    detention: float = parameter(2.0, "weeks in detention", unit="weeks", low=1.0, high=52.0)
    incident: float = parameter(
        1.7, "protesters from which a collective incident is counted", unit="per 1,000 residents", low=0.1, high=100.0
    )
    memory_weeks: float = parameter(13.0, "time over which incidents are remembered", unit="weeks", low=1.0, high=104.0)


@kernel
def net_grievance(grievance, legitimacy, risk_aversion, arrest_risk):
    """Epstein's left-hand side: G (1 - L) - R P; protest when it exceeds T."""
    return grievance * (1.0 - legitimacy) - risk_aversion * arrest_risk


@kernel
def arrest_risk(officers, protesters, k):
    """Estimated chance of arrest: 1 - exp(-k floor(C / A)); `protesters` counts oneself."""
    return 1.0 - exp(-k * np.floor(officers / protesters))


@kernel
def plan_unrest(world, week, p):
    """Draw local triggers; perceived incidents decay."""
    key = random_key(world.seed, TRIGGERS, week)
    for k in range(len(world.communities)):
        community = world.communities[k]
        chance = p.strength * p.trigger * np.float32(community.residents) * 0.001
        by_shock = (community.shock_trigger == 1) & (p.strength > 0.0)
        community.trigger = np.uint8(1) if (uniform(key, k, 0) < chance) | by_shock else np.uint8(0)
        began = np.float32(community.last.incidents)
        level = community.incident_level * (1.0 - 1.0 / p.memory_weeks) + began
        community.incident_level = level if level > 1e-6 else np.float32(0.0)
        community.now.triggered += community.trigger


@kernel
def close_unrest(world, p):
    """Count a new collective incident where protest exceeds the threshold."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        line = p.incident * np.float32(community.residents) * 0.001
        line = line if line > 2.0 else np.float32(2.0)
        began = (np.float32(community.now.active) >= line) & (np.float32(community.last.active) < line)
        community.now.incidents += began


@tile_kernel
def unrest(tile, community, key, p):
    """Residents start or stop protesting; some protesters are arrested."""
    if p.strength == 0.0:
        return
    first = tile.first
    stir = p.stir if community.trigger == 1 else np.float32(0.0)
    scale = SIGHT / np.float32(community.residents)
    before = np.float32(community.last.active) * scale
    crowd = before + community.shock_crowd * SIGHT * 0.1
    officers = p.on_duty * community.officers * scale + p.reserve * before
    stirred = p.stirred * scale + community.shock_crowd
    stirred = stirred if stirred < 0.5 else np.float32(0.5)
    risk = arrest_risk(officers, 1.0 + crowd, p.arrest_constant)
    risk = risk + p.watched * community.exposure * (1.0 - risk)
    line = p.threshold + p.hush * community.hush
    fading = 1.0 - p.strength * (0.7 + 0.83 * community.voice) / p.decay_weeks
    caught = p.arrests * officers / (1.0 + before)
    caught = caught if caught < 0.5 else np.float32(0.5)
    protesting = np.int32(0)
    for i in range(tile.count):
        status = tile.status[i]
        able = (tile.age_group[i] > 0) & (status != JAILED)
        u = uniform(key, first + i, 0)
        g = tile.grievance[i] * fading + (stir if (u < stirred) & able else np.float32(0.0))
        g = g if g < 1.0 else np.float32(1.0)
        g = g if g > 1e-6 else np.float32(0.0)
        acts = (net_grievance(g, tile.legitimacy[i], tile.risk_aversion[i], risk) > line) & able
        calmed = g - p.vent
        calmed = calmed if calmed > 0.0 else np.float32(0.0)
        rests = np.uint8(CALM) if status == ACTIVE else status
        tile.grievance[i] = calmed if acts else g
        tile.status[i] = np.uint8(ACTIVE) if acts else rests
        protesting = np.int32(protesting + acts)
    if protesting > 0:
        _arrest(tile, community, key, caught, p)


@kernel
def _arrest(tile, community, key, caught, p):
    """Some of those who protest are detained."""
    arrested = 0
    for i in range(tile.count):
        if (tile.status[i] == ACTIVE) and (uniform(key, tile.first + i, 1) < caught):
            tile.status[i] = np.uint8(JAILED)
            tile.weeks_left[i] = np.uint8(p.detention)
            tile.events[i] |= np.uint8(ARRESTED)
            arrested += 1
    community.now.arrested += arrested
    community.now.jailed += arrested


MECHANISM = Mechanism(
    name="unrest",
    names={"en": "Unrest", "zh": "集体行动"},
    stage="protest",
    parameters=Parameters,
    reads=(
        "age_group grievance legitimacy risk_aversion status weeks_left events community.officers community.voice community.shock_trigger"
        " community.shock_crowd community.hush community.exposure"
    ).split(),
    writes=("grievance status weeks_left events community.trigger community.incident_level").split(),
    counts=("triggered arrested jailed incidents").split(),
    brings="grievance is expressed and declines",
    costs="public order, security, arrests and the legitimacy that they cost",
    null={"strength": 0.0},
    plan=plan_unrest,
    live=unrest,
    close=close_unrest,
)
