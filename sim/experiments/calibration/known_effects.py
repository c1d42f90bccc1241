"""Effects of levers known from field studies: checked, but not used in any fit.

Some parameters were set from the same studies; docs/validation.md lists them.

Each check runs pairs of cities with common random numbers, with and without the measure, and compares the relative change with the results
of studies. An effect agrees if its 95 % interval over seeds overlaps the range from the studies.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import metrics
from sim.analysis.intervals import mean_interval
from sim.experiments.arguments import names_of, workers_of
from sim.experiments.calibration.calibrate import sized
from sim.scenario import Scenario
from sim.scenario.given import scenario_of
from sim.simulation import Simulation

START, LATER = 52, 26
"""First week of a measure, and weeks over which its effect is measured."""
RESIDENTS = 60_000
"""Residents of the city in which effects are checked."""
KEPT = 8
"""Cities kept for effects that start from the same one: those of all effects under a seed, or of an effect under eight seeds."""
HOT = 0.05
"""Share of blocks that count as hot spots."""


class Known(NamedTuple):
    """Results of studies: a range of the change, in the unit of the check."""

    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Effect:
    """One effect to check.

    Parameters
    ----------
    name : str
    what : str
        The change, and the outcome measured.
    known : Known
    measure : callable
        Function of a scenario and a seed that returns the change.
    """

    name: str
    what: str
    known: Known
    measure: Callable[[Scenario, int], float]


def check_effects(
    scenario: Scenario | str | os.PathLike,
    seeds: Sequence[int] = range(1, 9),
    names: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """Check known effects on a scenario.

    Parameters
    ----------
    scenario : Scenario, path or str
        Its city is scaled to `RESIDENTS`; its timeline, shocks and targets are removed.
    seeds : sequence of int
        One pair of cities per seed.
    names : str or sequence of str, optional
        Some of `EFFECTS`; all of them by default.
    progress : callable, optional
        Called with effects done and planned.
    workers : int, optional
        Threads that simulate pairs at once; as many as processors by default.

    Returns
    -------
    DataFrame
        A row per effect: ``effect, what, change, low, high`` (95 % interval of the mean), ``known_low, known_high, source`` and ``agrees``.
    """
    scenario, at_once = scenario_of(scenario), workers_of(workers)
    names = None if names is None else names_of("names", names)
    plain = scenario.with_changes({**sized(scenario, RESIDENTS), "timeline": [], "shocks": [], "targets": []})
    chosen = [effect for effect in EFFECTS if names is None or effect.name in names]
    rows = []
    for done, effect in enumerate(chosen):
        with ThreadPoolExecutor(at_once) as pool:
            found = np.array(list(pool.map(lambda seed, effect=effect: effect.measure(plain, seed), seeds)))
        rows.append(_row(effect, found))
        if progress:
            progress(done + 1, len(chosen))
    _until_start.cache_clear()
    _offences_of_pair.cache_clear()
    return pd.DataFrame(rows)


def _row(effect: Effect, found: np.ndarray) -> dict[str, Any]:
    mean, low, high = (float(value) for value in mean_interval(found)[:3])
    known = effect.known
    agrees = (mean if np.isnan(low) else low) <= known.high and (mean if np.isnan(high) else high) >= known.low
    interval = {"change": mean, "low": low, "high": high}
    literature = {"known_low": known.low, "known_high": known.high, "source": known.source}
    return {"effect": effect.name, "what": effect.what, **interval, **literature, "agrees": agrees}


@lru_cache(maxsize=KEPT)  # several effects start from one city
def _until_start(scenario: Scenario, seed: int) -> Simulation:
    """A city before the week of a measure; not to be changed."""
    simulation = Simulation(scenario.with_changes({"horizon": START}), seed)
    simulation.advance(START)
    return simulation


def _at_start(scenario: Scenario, seed: int, changes: dict[str, Any], weeks: int) -> Simulation:
    """A city in the week in which changes begin."""
    steps = {"timeline": [{"at": START, "set": changes}]} if changes else {}
    return _until_start(scenario, seed).under(scenario.with_changes({**steps, "horizon": START + weeks}))


def _simulated(scenario: Scenario, seed: int, changes: dict[str, Any], weeks: int = LATER) -> Simulation:
    simulation = _at_start(scenario, seed, changes, weeks)
    simulation.advance(weeks)
    return simulation


def _mean(simulation: Simulation, metric: str, weeks: int = LATER) -> float:
    return float(metrics.series(simulation)[metric][-weeks:].mean())


def _relative(metric: str, changes: dict[str, Any], before: dict[str, Any] | None = None, weeks: int = LATER):
    """Relative change of a metric, mean over the weeks after the measure began."""

    def measure(scenario: Scenario, seed: int) -> float:
        start = scenario.with_changes(before) if before else scenario
        with_it, without = (_mean(_simulated(start, seed, c, weeks), metric, weeks) for c in (changes, {}))
        return with_it / without - 1.0

    return measure


def _points(metric: str, changes: dict[str, Any], before: dict[str, Any], weeks: int = LATER):
    """Change of a share, in points of 100."""

    def measure(scenario: Scenario, seed: int) -> float:
        start = scenario.with_changes(before)
        with_it, without = (_mean(_simulated(start, seed, c, weeks), metric, 13) for c in (changes, {}))
        return 100.0 * (with_it - without)

    return measure


def _offences_at(scenario: Scenario, seed: int, changes: dict[str, Any], weeks: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Offences by block after the start of a measure, records of the blocks at that time, and their order for cameras."""
    simulation = _at_start(scenario, seed, changes, weeks)
    blocks = simulation.city.world.blocks
    known, total = blocks["known"].copy(), np.zeros(len(blocks), np.int64)
    for _ in range(weeks):
        simulation.advance(1)
        total += blocks["now"]
    return total, known, blocks["lot"]


@lru_cache(maxsize=KEPT)  # another effect may be that of the same changes at other blocks
def _offences_of_pair(scenario: Scenario, seed: int, changes: tuple[tuple[str, Any], ...], weeks: int):
    """`_offences_at` with and without changes."""
    return tuple(_offences_at(scenario, seed, some, weeks) for some in (dict(changes), {}))


def _at_blocks(
    changes: dict[str, Any],
    chosen: Callable[[np.ndarray, np.ndarray], np.ndarray],
    before: dict[str, Any] | None = None,
    weeks: int = 2 * LATER,
):
    """Relative change of offences at blocks, chosen by records before the measure and by their order for cameras."""

    def measure(scenario: Scenario, seed: int) -> float:
        start = scenario.with_changes(before) if before else scenario
        (with_it, _, _), (without, known, lot) = _offences_of_pair(start, seed, tuple(changes.items()), weeks)
        where = chosen(known, lot)
        return float(with_it[where].sum() / without[where].sum() - 1.0)

    return measure


def _hot(known: np.ndarray, lot: np.ndarray) -> np.ndarray:
    """Blocks with most records."""
    return known >= np.quantile(known, 1.0 - HOT)


WATCHED = {
    "policy.self_governance.councils.staff": 36.0,
    "policy.self_governance.social_organisations.staff": 12.0,
    "policy.public_services": 0.30,
}
"""Staff of councils and organisations at the upper end of what cities have (twice today's and more), in both cities of a pair."""
SENT = {"stance.patrol_targeting": "risk_score"}
UNFILMED = {"stance.detection": 0.0, "stance.privacy_protection": 1.0}
"""No cameras at first, and strict privacy, so that little else changes with them."""
FAIR = {"policy.rule_of_law.oversight.staff": 5.0, "policy.rule_of_law.legislation.staff": 2.4}
SILENT = {"policy.moral_education.media.staff": 0.0}
SPOKEN = {"policy.moral_education.media.staff": 4.0}
NEARER = {
    "policy.rule_of_law.policing.staff": 21.8,
    "policy.rule_of_law.oversight.staff": 5.0,
    "stance.officials_visits": 0.6,
}
"""Twice the staff of oversight costs as much as 2.2 officers per 10,000 residents."""

EFFECTS = (
    Effect(
        "hot spots",
        "patrols by risk score: offences at the 5 % of places of which most is known, a year",
        Known(-0.23, -0.08, "-16 %: Braga, Weisburd 2022, doi:10.1007/s10940-020-09481-7; range: assumption"),
        _at_blocks(SENT, _hot),
    ),
    Effect(
        "displacement",
        "the same: offences at all other places",
        Known(-0.05, 0.05, "no net displacement: Braga et al. 2019, doi:10.1002/cl2.1046; range: assumption"),
        _at_blocks(SENT, lambda known, lot: ~_hot(known, lot)),
    ),
    Effect(
        "crackdown begins",
        "a full campaign: offences in its first quarter",
        Known(-0.40, -0.05, "most deter at first (15 of 18): Sherman 1990, doi:10.1086/449163"),
        _relative("offences", {"stance.campaign": 1.0}, weeks=13),
    ),
    Effect(
        "crackdown wears off",
        "a full campaign that lasts a year: offences in its last quarter",
        Known(-0.05, 0.15, "most decay early: Sherman 1990, doi:10.1086/449163"),
        lambda scenario, seed: _last_quarter(scenario, seed, {"stance.campaign": 1.0}),
    ),
    Effect(
        "fair procedure",
        "twice the staff of oversight, two thirds more of legislation, from unspent money; patrols by risk score in both: offences at"
        " the 5 % of places of which most is known, years one and two",
        Known(-0.22, -0.06, "-14 %: Weisburd et al. 2022, doi:10.1073/pnas.2118780119; +-8: assumption"),
        _at_blocks(FAIR, _hot, before=SENT, weeks=4 * LATER),
    ),
    Effect(
        "neighbourhood watch",
        "twice the staff of councils, more of organisations, with and without what a watch prevents: offences, years two and three",
        Known(-0.26, -0.16, "-16 to -26 %: Bennett et al. 2008, doi:10.4073/csr.2008.18"),
        lambda scenario, seed: _watch(scenario, seed),
    ),
    Effect(
        "cameras",
        "cameras at half of all places: offences there, a year",
        Known(-0.20, -0.05, "-13 %: Piza et al. 2019, doi:10.1111/1745-9133.12419; range: assumption"),
        _at_blocks({"stance.detection": 0.5}, lambda known, lot: lot < 0.5, before=UNFILMED),
    ),
    Effect(
        "audits",
        "audits from 4 to 100 %: points of spending that leak, two years later",
        Known(-12.0, -4.0, "-8 points: Olken 2007, doi:10.1086/517935; +-4: assumption"),
        lambda scenario, seed: _leak(scenario, seed),
    ),
    Effect(
        "norm message",
        "public messages by as much staff as usual against none: points of the civic norm, a year later",
        Known(1.0, 5.0, "assumption, after +1.3 to +5.1 points of late payers: Hallsworth et al. 2017, doi:10.1016/j.jpubeco.2017.02.003"),
        _points("norm", SPOKEN, SILENT, weeks=52),
    ),
    Effect(
        "community policing",
        "staff of oversight doubled with money of policing, officials among people: offences, a year",
        Known(
            -0.05,
            0.05,
            "crime 0: Gill et al. 2014, doi:10.1007/s11292-014-9210-y, Blair et al. 2021, doi:10.1126/science.abd3446; +-5 %: assumption",
        ),
        _relative("offences", NEARER, weeks=52),
    ),
)
"""Every effect that is checked."""


def _last_quarter(scenario: Scenario, seed: int, changes: dict[str, Any]) -> float:
    with_it, without = (_mean(_simulated(scenario, seed, c, 52), "offences", 13) for c in (changes, {}))
    return with_it / without - 1.0


def _watch(scenario: Scenario, seed: int) -> float:
    strong = scenario.with_changes(WATCHED)
    weak = strong.with_changes({"mechanisms.offending.watch": 0.0})
    with_it, without = (_mean(_simulated(s, seed, {}, 104), "offences", 104) for s in (strong, weak))
    return with_it / without - 1.0


def _leak(scenario: Scenario, seed: int) -> float:
    little = scenario.with_changes({"stance.audit": 0.04})
    spent = []
    for changes in ({"stance.audit": 1.0}, {}):
        simulation = _simulated(little, seed, changes, 104)
        leaked, paid = (_mean(simulation, name, 13) for name in ("budget_leaked", "budget_spent"))
        spent.append(100.0 * leaked / (leaked + paid))
    return spent[0] - spent[1]
