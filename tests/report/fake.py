"""A run made of plausible random walks: the shape of a real one, without simulating anything."""

import numpy as np
import pandas as pd

from sim.metrics import METRICS
from sim.report.parts.series import HARM
from sim.report.text.labels import in_per_cent
from sim.results import Run
from sim.scenario import read_scenario

LEVELS = {
    "order": 0.52, "calm": 0.48, "resolution": 0.55, "belonging": 0.52, "happiness": 0.66, "security": 0.72,
    "satisfaction_p10": 0.48, "satisfaction_p50": 0.64, "satisfaction_p90": 0.78, "satisfied_share": 0.63,
    "budget_spent": 0.90, "budget_leaked": 0.05, "budget_unspent": 0.05, "wrongful_stops": 7.6, "jailed": 1.4, "volunteer_hours": 7.8,
    "burn_out": 4.2, "gap_satisfaction": 0.045, "gap_service": 0.11, "spread_satisfaction": 0.018,
    "disputes_opened": 4.2, "rate_criminal": 3.4, "rate_security_cases": 5.9,
    "settled_negotiation": 1.75, "closed_mediation": 0.14, "closed_office": 1.2, "closed_court": 0.2,
    "withdrawn": 0.88, "waiting_mediation": 0.35, "waiting_office": 3.1, "waiting_court": 1.9,
    "rate_disputes": 219, "rate_mediation": 7.3, "rate_office": 78, "rate_suits": 10.2, "rate_recorded": 9.3, "rate_cleared_share": 0.48,
    "rate_prosecuted": 2.3, "prisoners": 1.25, "rate_stops": 10.1, "stops_without_result": 0.76, "rate_incidents": 0.11,
    "active_volunteers_year": 0.113, "hours_per_resident": 7.8, "mediation_success": 0.75, "mediation_weeks": 3.1, "content": 0.697,
    "happiness_1_5": 3.8, "feel_safe": 0.91,
}  # fmt: skip


def make_run(replicates: int = 10, weeks: int = 260, districts: int = 16, drop: tuple[str, ...] = (), **fields) -> Run:
    """A `Run` of `replicates` random walks; `fields` are keys of the scenario, `drop` metrics that it lacks."""
    rng = np.random.default_rng(5)
    real = districts == 16
    city = {"preset": "shanghai_2020"} if real else {"preset": "synthetic", "residents": 20_000, "districts": districts}
    scenario = read_scenario({"name": "baseline", "city": city, "horizon": weeks, **fields})
    names = [name for name in METRICS if name not in drop]
    weekly = pd.concat([_walk(rng, names, weeks).assign(replicate=r, seed=r + 1) for r in range(replicates)], ignore_index=True)
    parts = [
        _walk(rng, ["stability", "satisfaction"], weeks, shift=0.06).assign(replicate=r, district=name)
        for r in range(replicates)
        for name in _districts(scenario)
    ]
    flows = _flows(weekly)
    communities = _communities(rng, scenario, replicates, weeks // 52)
    manifest = {
        "scenario": scenario.canonical(), "title": dict(scenario.title), "seed": 1, "replicates": replicates, "residents": 248_709,
        "seeds": list(range(1, replicates + 1)), "failures": [], "interrupted": False, "run_key": scenario.run_key(1, replicates),
        "versions": {"sanzhi": "0.1.0", "model": "1", "python": "3.11.7", "numpy": "2.2.0"},
    }  # fmt: skip
    seeds = tuple(range(1, replicates + 1))
    return Run(scenario, seeds, weekly, pd.concat(parts, ignore_index=True), flows, communities, manifest, "5f" * 16)


def _flows(weekly) -> pd.DataFrame:
    counts = {
        "opened": 1047, "settled": 377, "dropped": 168, "to_mediation": 35, "to_office": 373, "to_court": 49, "closed_mediation": 26,
        "closed_office": 261, "closed_court": 44, "failed_mediation": 9, "failed_office": 100, "withdrawn": 160, "open_negotiation": 900,
        "open_mediation": 87, "open_office": 771, "open_court": 470,
    }  # fmt: skip
    return weekly[["replicate", "week"]].assign(**counts)


def _communities(rng, scenario, replicates, years) -> pd.DataFrame:
    """Three communities in every district; no rows where no year was finished."""
    from sim.scenario.cities.presets import preset_of

    fixed = [
        {"community": 3 * i + k, "district": d.name, "residents": 3000, "hardship": rng.uniform(0.2, 0.6), "x": d.x + k, "y": d.y - 0.7 * k}
        for i, d in enumerate(preset_of(scenario.city).districts)
        for k in range(3)
    ]
    rows = [
        {"replicate": r, "year": year + 1, **place, "satisfaction": 0.6 + 0.1 * rng.normal() - 0.1 * place["hardship"]}
        for r in range(replicates)
        for year in range(years)
        for place in fixed
    ]
    return pd.DataFrame(rows, columns=["replicate", "year", *fixed[0], "satisfaction"])


def make_eventful_run(replicates: int = 3, weeks: int = 110, **fields) -> Run:
    """A run with changes of policy, shocks, targets, another coefficient and an attribution table."""
    timeline = [{"at": 30, "over": 13, "set": {"policy.rule_of_law": 0.2}}, {"at": 70, "set": {"stance.transparency": 0.9}}]
    targets = [{"metric": "stability", "by": 60, "at_least": 0.4, "responsible": "city"}]
    shocks = [{"kind": "major_incident", "at": 40, "lasts": 6, "strength": 0.6, "where": {"district": "Pudong"}}]
    changes = {"timeline": timeline, "shocks": shocks, "targets": targets, "mechanisms": {"norms": {"kappa": 0.2}}}
    run = make_run(replicates, weeks, **changes, **fields)
    run.__dict__["attribution"] = make_ledger(weeks)  # as a run that keeps a ledger has it
    return run


def make_ledger(weeks: int = 60, quantities: tuple[str, ...] = ("satisfaction", "legitimacy")) -> pd.DataFrame:
    """An attribution table of three mechanisms: one increases, one decreases, and one unknown to this version does both."""
    moves = {"services": 0.001, "norms": -0.0005, "new_mechanism": 0.0001}
    rows = [
        (w, m, q, move * (1 if m != "new_mechanism" or w % 2 else -1))
        for w in range(weeks)
        for m, move in moves.items()
        for q in quantities
    ]
    return pd.DataFrame(rows, columns=["week", "mechanism", "quantity", "moved"])


def _districts(scenario) -> list[str]:
    from sim.scenario.cities.presets import preset_of

    return [district.name for district in preset_of(scenario.city).districts]


def _walk(rng, names, weeks, shift=0.0) -> pd.DataFrame:
    columns = {"week": np.arange(weeks)}
    for name in names:
        level = LEVELS.get(name, 0.0 if name in HARM else 0.5)  # few prices: their panels take time to draw
        noise = np.convolve(rng.normal(0, 0.02, weeks + 25), np.ones(26) / 5.1, "valid")
        drift = rng.normal(0.0, 0.03) * np.linspace(0, 1, weeks) + rng.normal(0, shift or 0.005)
        columns[name] = level * (1 + noise + drift)
        if level <= 1 or in_per_cent(name):
            columns[name] = np.clip(columns[name], 0, 1)
    if {"order", "calm"} <= columns.keys():
        columns["stability"] = np.mean([columns[n] for n in ("order", "calm", "resolution")], axis=0)
        columns["satisfaction"] = np.mean([columns[n] for n in ("belonging", "happiness", "security")], axis=0)
    return pd.DataFrame(columns)
