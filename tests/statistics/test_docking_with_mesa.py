"""The unrest rule against Mesa's own civil-violence example: the same citizens, in the same situation, decide the same.

Mesa's example runs as it ships. Whenever one of its citizens decides, what the citizen knew is written down: hardship, legitimacy, risk
aversion, police and protesters in sight. The model's rule is then asked about each of these situations, with Mesa's rounding of C / A.
"""

import numpy as np
import pytest
from mesa.examples.advanced.epstein_civil_violence import agents
from mesa.examples.advanced.epstein_civil_violence import model as mesas

from sim.kernel import driver
from sim.mechanisms.unrest import Parameters, arrest_risk, net_grievance

STEPS, SEEDS = 25, (1, 2)
SETTINGS = ({}, {"cop_density": 0.03, "max_jail_term": 30})
"""Mesa's example as it ships, where few ever protest, and with less police and shorter sentences, where many do."""
CONSTANT, LINE = (Parameters.model_fields[name].default for name in ("arrest_constant", "threshold"))
SOURCE = "Epstein 2002, doi:10.1073/pnas.092080199; mesa.examples.advanced.epstein_civil_violence"


@driver
def _decide(grievance, legitimacy, averse, officers, protesters, acts):
    for i in range(len(acts)):
        risk = arrest_risk(officers[i], protesters[i], CONSTANT)
        acts[i] = net_grievance(grievance[i], legitimacy[i], averse[i], risk) > LINE


def decided(known, ratio):
    """What the rule decides for citizens who know this, with police and protesters as a ratio that is rounded already."""
    acts = np.zeros(len(known), np.bool_)
    columns = [known[:, i].astype(np.float32) for i in range(3)]
    _decide(*columns, ratio.astype(np.float32), np.ones(len(known), np.float32), acts)
    return acts


def made(seed, settings):
    """Mesa's example with other settings; from Mesa 3.5 on, they and the seed are a scenario."""
    if hasattr(mesas, "EpsteinScenario"):
        return mesas.EpsteinCivilViolence(scenario=mesas.EpsteinScenario(rng=seed, **settings))
    return mesas.EpsteinCivilViolence(seed=seed, **settings)


@pytest.fixture(scope="module")
def situations():
    """What Mesa's citizens knew when they decided, and what they decided: an array with a row for each decision."""
    rows, step = [], agents.Citizen.step

    def watched(self):
        free = not self.jail_sentence
        step(self)
        if free:
            seen = [other for cell in self.neighborhood for other in cell.agents if other is not self]  # nobody else has moved since
            officers = sum(isinstance(other, agents.Cop) for other in seen)
            acting = sum(getattr(other, "state", None) == agents.CitizenState.ACTIVE for other in seen)
            chose = self.state == agents.CitizenState.ACTIVE
            legitimacy = self.scenario.legitimacy if hasattr(mesas, "EpsteinScenario") else self.regime_legitimacy
            rows.append((self.hardship, legitimacy, self.risk_aversion, officers, acting + 1, chose))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agents.Citizen, "step", watched)
        for seed, settings in zip(SEEDS, SETTINGS, strict=True):
            model = made(seed, settings)
            for _ in range(STEPS):
                model.step()
    return np.array(rows, np.float64)


def test_the_rule_decides_as_mesas_citizens_do(situations, finding):
    ratio, theirs = situations[:, 3] / situations[:, 4], situations[:, 5] == 1
    ours = decided(situations, np.round(ratio))
    other = {
        "rounded down": decided(situations, np.floor(ratio)),
        "risk shuffled among citizens": decided(situations, np.random.default_rng(1).permutation(np.round(ratio))),
        "no risk": decided(situations, np.zeros(len(ratio))),
    }
    assert 0.05 < theirs.mean() < 0.5, "too few protest to tell rules apart"
    finding(
        "the unrest rule, fed the state of Mesa's civil-violence example, decides as Mesa's citizens do",
        wanted="the same decision in every situation, with Mesa's rounding",
        found=f"{(ours == theirs).sum():,} of {len(theirs):,} decisions the same ({theirs.sum():,} to protest)",
        null="decisions that differ: " + ", ".join(f"{(acts != theirs).sum():,} ({name})" for name, acts in other.items()),
        reached=bool((ours == theirs).all()),
        kind="exact",
        part="Unrest",
        seeds=f"Mesa's 1 (as it ships) and 2 (3 % police), {STEPS} steps each",
        source=SOURCE,
    )
