"""Tables of metrics as columns: by week, by district, by community, and plain counts. `sim.metrics.frames` has them as DataFrames."""

from collections.abc import Callable, Iterable
from functools import cache, partial

import numpy as np

from sim.city.community import COUNTS, FIXED
from sim.errors import UserError
from sim.maths import exp2
from sim.metrics.catalogue import CITY_ONLY, METRICS
from sim.metrics.indices import calm, gap, order, quantile, resolution, steadiness, weighted
from sim.metrics.record import PLACE, YEAR, Record, Records, places_of, ratio

FLOW_COLUMNS = {name: name for name in COUNTS} | {"left": "left_volunteering"}
"""Column of every count of the city; "left" alone is a word of SQL."""
PARTS = {"order": order, "calm": calm, "resolution": resolution, "steadiness": steadiness}
VERDICTS = ("belonging", "happiness", "security")
COMMUNITY_COUNTS = "opened closed_mediation closed_office closed_court withdrawn offences recorded stops fruitless incidents".split()
COMMUNITY_MEANS = "satisfaction belonging happiness security legitimacy service cohesion norm".split()


def all_metrics(simulation, record: Record | None = None, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """Metrics by name, shape (weeks, 1 + districts): the city first. Or of a `record` of other counts under the same scenario."""
    scenario, record = simulation.scenario, Record(simulation) if record is None else record
    found = _formulas(record, scenario)
    if scenario.plugins:
        found |= {name: partial(scenario.model.formula, name, record) for name in scenario.model.formulas}
    wanted = metrics_of(scenario) if names is None else names
    if strange := next((name for name in wanted if name not in found), None):
        raise UserError("{name}: a metric of a plug-in that {scenario} does not name", name=strange, scenario=scenario.name)
    return {name: found[name]() for name in wanted}


def metrics_of(*scenarios) -> list[str]:
    """Names of the metrics that all of some scenarios have: those of the package, then those of plug-ins that they share."""
    shared = scenarios[0].model.formulas if scenarios[0].plugins else ()
    return [*METRICS, *(name for name in shared if all(one.plugins and name in one.model.formulas for one in scenarios))]


def _formulas(r: Record, scenario) -> dict[str, Callable[[], np.ndarray]]:
    """How every metric is computed: whoever needs a few of them need not pay for all."""
    hours = scenario.mechanisms["participation"].hours
    city_weeks = r.residents[0] * 10_000.0
    part = cache(lambda name: PARTS[name](r))
    mediated = cache(lambda: r.recent("closed_mediation", YEAR) + r.recent("failed_mediation", YEAR))
    return {
        "stability": lambda: weighted({name: part(name) for name in PARTS}, scenario.weights.stability.model_dump()),
        "satisfaction": lambda: weighted({name: r.mean(name) for name in VERDICTS}, scenario.weights.satisfaction.model_dump()),
        **{name: partial(part, name) for name in PARTS},
        **{name: partial(r.mean, name) for name in VERDICTS},
        "satisfaction_p10": lambda: quantile(r, 0.10),
        "satisfaction_p50": lambda: quantile(r, 0.50),
        "satisfaction_p90": lambda: quantile(r, 0.90),
        "satisfied_share": lambda: ratio(r["satisfied"], r.adults),
        "budget_spent": lambda: r.money[:, 1:2] / city_weeks,
        "budget_leaked": lambda: r.money[:, 2:3] / city_weeks,
        "budget_unspent": lambda: r.money[:, 3:4] / city_weeks,
        "wrongful_stops": lambda: r.yearly("fruitless"),
        "jailed": lambda: r.weekly("prisoners"),
        "volunteer_hours": lambda: r.recent("volunteers", YEAR) * hours / r.residents,
        "burn_out": lambda: r.yearly("burned_out"),
        "settlements_back": lambda: r.yearly("reopened"),
        "wrongful_cases": lambda: r.yearly("wrongful"),
        "false_flags": lambda: r.yearly("flagged_falsely"),
        "exposure": lambda: r.condition("exposure"),
        "chilled": lambda: 1.0 - exp2(-r.condition("chill") / 0.6931471805599453),
        "expressed_gap": lambda: r.condition("hush") * (1.0 - r.mean("legitimacy")),
        "overstated": lambda: r.condition("reported") - r.condition("performance"),
        "gap_satisfaction": lambda: gap(r, "satisfaction"),
        "gap_service": lambda: gap(r, "service"),
        "gap_belonging": lambda: gap(r, "belonging"),
        "spread_satisfaction": lambda: r.spread[:, None],
        "disputes_opened": lambda: r.weekly("opened"),
        "settled_negotiation": lambda: r.weekly("settled") + r.weekly("dropped"),
        "closed_mediation": lambda: r.weekly("closed_mediation"),
        "closed_office": lambda: r.weekly("closed_office"),
        "closed_court": lambda: r.weekly("closed_court"),
        "withdrawn": lambda: r.weekly("withdrawn"),
        "waiting_mediation": lambda: r.weekly("open_mediation"),
        "waiting_office": lambda: r.weekly("open_office"),
        "waiting_court": lambda: r.weekly("open_court"),
        "offences": lambda: r.weekly("offences"),
        "recorded_offences": lambda: r.weekly("recorded"),
        "cleared_offences": lambda: r.weekly("cleared"),
        "stops": lambda: r.weekly("stops"),
        "active": lambda: r.weekly("active"),
        "incidents": lambda: r.weekly("incidents"),
        "rumour_share": lambda: ratio(r["believers"], r.adults),
        "detection_precision": lambda: ratio(
            r.recent("flagged_rightly", YEAR), r.recent("flagged_rightly", YEAR) + r.recent("flagged_falsely", YEAR)
        ),
        **{
            name: partial(r.mean, name)
            for name in "legitimacy norm cohesion efficacy fatigue credibility service expectation grievance sanction_risk".split()
        },
        "strain": lambda: r.mean("strain"),
        "integration": lambda: ratio(r["integration_nonlocal"], float(FIXED) * r.nonlocals),
        "jobless": lambda: ratio(r["jobless"], r.adults),
        "burden": lambda: r.condition("burden"),
        "performance": lambda: r.condition("performance"),
        "reported_performance": lambda: r.condition("reported"),
        "volunteers": lambda: ratio(r["volunteers"], r.adults),
        "rate_contacts": lambda: r.yearly("contacts"),
        "requests_share": lambda: ratio(r.recent("requests", YEAR), r.recent("contacts", YEAR)),
        "resolved_share": lambda: ratio(r.recent("resolved", YEAR), r.recent("requests", YEAR)),
        "pleased_share": lambda: ratio(r.recent("pleased", YEAR), r.recent("resolved", YEAR)),
        "registered_volunteers": lambda: r["registered"] / r.residents,
        "turnout": lambda: ratio(r["votes"], float(FIXED) * r.adults),
        "nonlocal_joining": lambda: ratio(r["joining"], r.nonlocals),
        "nonlocal_feel_local": lambda: ratio(r["settled_in"], r.nonlocals),
        "rate_disputes": lambda: r.yearly("opened"),
        "rate_mediation": lambda: mediated() * 1000.0 / r.residents,
        "rate_office": lambda: r.yearly("to_office"),
        "rate_suits": lambda: r.yearly("to_court"),
        "rate_recorded": lambda: r.yearly("recorded"),
        "rate_cleared_share": lambda: ratio(r.recent("cleared", YEAR), r.recent("recorded", YEAR)),
        "rate_criminal": lambda: r.yearly("criminal"),
        "rate_security_cases": lambda: r.yearly("recorded") - r.yearly("criminal"),
        "rate_prosecuted": lambda: r.yearly("prosecuted"),
        "prisoners": lambda: r.yearly("prisoners") / YEAR,
        "rate_stops": lambda: r.yearly("stops"),
        "stops_without_result": lambda: ratio(r.recent("fruitless", YEAR), r.recent("stops", YEAR)),
        "rate_incidents": lambda: r.yearly("incidents"),
        "active_volunteers_year": lambda: r["volunteered_year"] / r.residents,
        "hours_per_resident": lambda: r.recent("volunteers", YEAR) * hours / r.residents,
        "mediation_success": lambda: ratio(r.recent("closed_mediation", YEAR), mediated()),
        "mediation_weeks": lambda: ratio(r.recent("mediated_weeks", YEAR), mediated()),
        "content": lambda: ratio(r["content"], r.adults),
        "happiness_1_5": lambda: 1.0 + 4.0 * r.mean("happiness"),
        "feel_safe": lambda: ratio(r["safe"], r.adults),
    }


def series(simulation, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """Every metric of the city by name, or some of them, shape (weeks,): what `weekly` holds, without the table."""
    return {name: values[:, 0] for name, values in all_metrics(simulation, Record(simulation, districts=False), names).items()}


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
    places = places_of(simulation.scenario)
    own = list(places)[len(PLACE) :]  # counts of plug-ins, under their names
    columns = FLOW_COLUMNS | dict(zip(own, own, strict=True))
    return {"week": np.arange(simulation.week), **{column: counts[:, places[name]] for name, column in columns.items()}}


def community_columns(simulation, last: bool = False) -> dict[str, np.ndarray]:
    """Counts and means by community, a row per finished year and community; of the last year alone where `last` is set."""
    world, end = simulation.city.world, simulation.week // YEAR
    start = max(0, end - 1) if last else 0
    years = end - start
    places, named = world.communities, simulation.city.plan.names
    counts = world.history_communities[start:end].reshape(-1, world.history_communities.shape[2])
    adults = np.tile(places["adults"].astype(np.float64), years)
    where = {
        "community": np.array(named, object) if named else np.arange(len(places)),  # names where the user gave some
        "district": np.array(simulation.city.district_names, object)[places["district"]],
        **{name: places[name] for name in ("residents", "hardship", "x", "y")},
    }
    return {
        "year": np.repeat(np.arange(start + 1, end + 1), len(places)),
        **{name: np.tile(values, years) for name, values in where.items()},
        **{name: counts[:, PLACE[name]] for name in COMMUNITY_COUNTS},
        "active_weeks": counts[:, PLACE["active"]],
        "volunteers": ratio(counts[:, PLACE["volunteers"]], YEAR * adults),
        **{name: ratio(counts[:, PLACE[name]], YEAR * adults * float(FIXED)) for name in COMMUNITY_MEANS},
    }
