"""Tables of metrics as columns: by week, by district, by community, and plain counts. `sim.metrics.frames` has them as DataFrames."""

import numpy as np

from sim.city.community import COUNTS, FIXED
from sim.maths import exp2
from sim.metrics.catalogue import CITY_ONLY, METRICS
from sim.metrics.indices import calm, gap, order, quantile, resolution, steadiness, weighted
from sim.metrics.record import NAMES, YEAR, Record, Records, ratio

FLOW_COLUMNS = tuple(COUNTS)
COMMUNITY_COUNTS = "opened closed_mediation closed_office closed_court withdrawn offences recorded stops fruitless incidents".split()
COMMUNITY_MEANS = "satisfaction belonging happiness security legitimacy service cohesion norm".split()


def all_metrics(simulation, record: Record | None = None) -> dict[str, np.ndarray]:
    """Every metric, shape (weeks, 1 + districts): the city first. Or of a `record` of other counts under the same scenario."""
    r = Record(simulation) if record is None else record
    scenario = simulation.scenario
    hours = scenario.mechanisms["participation"].hours
    parts = {"order": order(r), "calm": calm(r), "resolution": resolution(r), "steadiness": steadiness(r)}
    verdicts = {name: r.mean(name) for name in ("belonging", "happiness", "security")}
    city_weeks = r.residents[0] * 10_000.0
    mediated = r.recent("closed_mediation", YEAR) + r.recent("failed_mediation", YEAR)
    out = {
        "stability": weighted(parts, scenario.weights.stability.model_dump()),
        "satisfaction": weighted(verdicts, scenario.weights.satisfaction.model_dump()),
        **parts,
        **verdicts,
        "satisfaction_p10": quantile(r, 0.10),
        "satisfaction_p50": quantile(r, 0.50),
        "satisfaction_p90": quantile(r, 0.90),
        "satisfied_share": ratio(r["satisfied"], r.adults),
        "budget_spent": r.money[:, 1:2] / city_weeks,
        "budget_leaked": r.money[:, 2:3] / city_weeks,
        "budget_unspent": r.money[:, 3:4] / city_weeks,
        "wrongful_stops": r.yearly("fruitless"),
        "jailed": r.weekly("prisoners"),
        "volunteer_hours": r.recent("volunteers", YEAR) * hours / r.residents,
        "burn_out": r.yearly("burned_out"),
        "settlements_back": r.yearly("reopened"),
        "wrongful_cases": r.yearly("wrongful"),
        "false_flags": r.yearly("flagged_falsely"),
        "exposure": r.condition("exposure"),
        "chilled": 1.0 - exp2(-r.condition("chill") / 0.6931471805599453),
        "expressed_gap": r.condition("hush") * (1.0 - r.mean("legitimacy")),
        "overstated": r.condition("reported") - r.condition("performance"),
        "gap_satisfaction": gap(r, "satisfaction"),
        "gap_service": gap(r, "service"),
        "gap_belonging": gap(r, "belonging"),
        "spread_satisfaction": r.spread[:, None],
        "disputes_opened": r.weekly("opened"),
        "settled_negotiation": r.weekly("settled") + r.weekly("dropped"),
        "closed_mediation": r.weekly("closed_mediation"),
        "closed_office": r.weekly("closed_office"),
        "closed_court": r.weekly("closed_court"),
        "withdrawn": r.weekly("withdrawn"),
        "waiting_mediation": r.weekly("open_mediation"),
        "waiting_office": r.weekly("open_office"),
        "waiting_court": r.weekly("open_court"),
        "offences": r.weekly("offences"),
        "recorded_offences": r.weekly("recorded"),
        "cleared_offences": r.weekly("cleared"),
        "stops": r.weekly("stops"),
        "active": r.weekly("active"),
        "incidents": r.weekly("incidents"),
        "rumour_share": ratio(r["believers"], r.adults),
        "detection_precision": ratio(
            r.recent("flagged_rightly", YEAR), r.recent("flagged_rightly", YEAR) + r.recent("flagged_falsely", YEAR)
        ),
        **{
            name: r.mean(name)
            for name in "legitimacy norm cohesion efficacy fatigue credibility service expectation grievance sanction_risk".split()
        },
        "strain": r.mean("strain"),
        "integration": ratio(r["integration_nonlocal"], float(FIXED) * r.nonlocals),
        "jobless": ratio(r["jobless"], r.adults),
        "burden": r.condition("burden"),
        "performance": r.condition("performance"),
        "reported_performance": r.condition("reported"),
        "volunteers": ratio(r["volunteers"], r.adults),
        "rate_contacts": r.yearly("contacts"),
        "requests_share": ratio(r.recent("requests", YEAR), r.recent("contacts", YEAR)),
        "resolved_share": ratio(r.recent("resolved", YEAR), r.recent("requests", YEAR)),
        "pleased_share": ratio(r.recent("pleased", YEAR), r.recent("resolved", YEAR)),
        "registered_volunteers": r["registered"] / r.residents,
        "turnout": ratio(r["votes"], float(FIXED) * r.adults),
        "nonlocal_joining": ratio(r["joining"], r.nonlocals),
        "nonlocal_feel_local": ratio(r["settled_in"], r.nonlocals),
        "rate_disputes": r.yearly("opened"),
        "rate_mediation": mediated * 1000.0 / r.residents,
        "rate_office": r.yearly("to_office"),
        "rate_suits": r.yearly("to_court"),
        "rate_recorded": r.yearly("recorded"),
        "rate_cleared_share": ratio(r.recent("cleared", YEAR), r.recent("recorded", YEAR)),
        "rate_criminal": r.yearly("criminal"),
        "rate_security_cases": r.yearly("recorded") - r.yearly("criminal"),
        "rate_prosecuted": r.yearly("prosecuted"),
        "prisoners": r.yearly("prisoners") / YEAR,
        "rate_stops": r.yearly("stops"),
        "stops_without_result": ratio(r.recent("fruitless", YEAR), r.recent("stops", YEAR)),
        "rate_incidents": r.yearly("incidents"),
        "active_volunteers_year": r["volunteered_year"] / r.residents,
        "hours_per_resident": r.recent("volunteers", YEAR) * hours / r.residents,
        "mediation_success": ratio(r.recent("closed_mediation", YEAR), mediated),
        "mediation_weeks": ratio(r.recent("mediated_weeks", YEAR), mediated),
        "content": ratio(r["content"], r.adults),
        "happiness_1_5": 1.0 + 4.0 * verdicts["happiness"],
        "feel_safe": ratio(r["safe"], r.adults),
    }
    return {name: out[name] for name in METRICS}


def series(simulation) -> dict[str, np.ndarray]:
    """Every metric of the city by name, shape (weeks,): what `weekly` holds, without the table."""
    return {name: values[:, 0] for name, values in all_metrics(simulation, Record(simulation, districts=False)).items()}


def side_by_side(simulations) -> dict[str, np.ndarray]:
    """Every metric of the city in several runs at once, which is much faster than one by one.

    Parameters
    ----------
    simulations : sequence of Simulation
        Runs of one scenario, stepped equally far, with different luck.

    Returns
    -------
    dict of str to ndarray, shape (weeks, runs)
        The same numbers as in `weekly`.
    """
    found = all_metrics(simulations[0], Records(simulations))
    return {name: values.reshape(len(values), -1) for name, values in found.items()}


def weekly_columns(simulation) -> dict[str, np.ndarray]:
    """``week``, and every metric of the city as in `series`."""
    return {"week": np.arange(simulation.week), **series(simulation)}


def district_columns(simulation) -> dict[str, np.ndarray]:
    """``week``, ``district`` and every metric but those of the city as a whole, a row per week and district."""
    names = simulation.city.district_names
    values = {name: v[:, 1:].reshape(-1) for name, v in all_metrics(simulation).items() if name not in CITY_ONLY}
    where = {"week": np.repeat(np.arange(simulation.week), len(names)), "district": np.tile(np.array(names, object), simulation.week)}
    return {**where, **values}


def flow_columns(simulation) -> dict[str, np.ndarray]:
    """``week`` and plain counts of the city, a row a week."""
    counts = simulation.city.world.history[: simulation.week].sum(axis=1)
    return {"week": np.arange(simulation.week), **{name: counts[:, NAMES.index(name)] for name in FLOW_COLUMNS}}


def community_columns(simulation) -> dict[str, np.ndarray]:
    """Counts and means by community, a row per finished year and community."""
    world, years = simulation.city.world, simulation.week // YEAR
    places, named = world.communities, simulation.city.plan.names
    counts = world.history_communities[:years].reshape(-1, len(NAMES))
    adults = np.tile(places["adults"].astype(np.float64), years)
    where = {
        "community": np.array(named, object) if named else np.arange(len(places)),  # names where the user gave some
        "district": np.array(simulation.city.district_names, object)[places["district"]],
        **{name: places[name] for name in ("residents", "hardship", "x", "y")},
    }
    return {
        "year": np.repeat(np.arange(1, years + 1), len(places)),
        **{name: np.tile(values, years) for name, values in where.items()},
        **{name: counts[:, NAMES.index(name)] for name in COMMUNITY_COUNTS},
        "active_weeks": counts[:, NAMES.index("active")],
        "volunteers": ratio(counts[:, NAMES.index("volunteers")], YEAR * adults),
        **{name: ratio(counts[:, NAMES.index(name)], YEAR * adults * float(FIXED)) for name in COMMUNITY_MEANS},
    }
