"""Tables of metrics as columns: by week, by district, by community, and plain counts. `sim.metrics.frames` returns them as DataFrames."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.city.community import COUNTS, FIXED
from sim.errors import UserError
from sim.levers import INSTRUMENTS
from sim.metrics.catalogue import CITY_ONLY, METRICS
from sim.metrics.record import COLUMN, YEAR, Record, Records, columns_of, ratio

FLOW_COLUMNS = {name: name for name in COUNTS} | {"left": "left_volunteering"}
"""Column of every count of the city; "left" alone is a reserved word in SQL."""
COMMUNITY_COUNTS = "opened closed_mediation closed_office closed_court withdrawn offences recorded stops fruitless incidents".split()
COMMUNITY_MEANS = "satisfaction belonging happiness security legitimacy service cohesion norm".split()


def all_metrics(simulation, record: Record | None = None, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """All metrics by name, or the given ones (no others are computed).

    Parameters
    ----------
    simulation : Simulation
    record : Record, optional
        Counts to use, under the same scenario; those of the simulation by default.
    names : iterable of str, optional
        Metrics to compute; all metrics of the scenario by default.

    Returns
    -------
    dict of str to ndarray, shape (weeks, 1 + districts)
        The city first; for metrics of the city only, shape (weeks, 1).

    Raises
    ------
    UserError
        For a metric of a plug-in that the scenario does not use, or whose function fails.
    """
    record = Record(simulation) if record is None else record
    wanted = metrics_of(simulation.scenario) if names is None else names
    return {name: _values(name, simulation.scenario, record) for name in wanted}


def _values(name: str, scenario, record: Record) -> np.ndarray:
    if dict.__contains__(METRICS, name):
        return METRICS[name](record)
    if scenario.plugins and name in scenario.model.formulas:
        return scenario.model.formula(name, record)
    raise UserError("{name}: a metric of a plug-in that {scenario} does not name", name=name, scenario=scenario.name)


def metrics_of(*scenarios) -> list[str]:
    """Names of the metrics common to all given scenarios: those of the package, then those of shared plug-ins."""
    shared = scenarios[0].model.formulas if scenarios[0].plugins else ()
    return [*METRICS, *(name for name in shared if all(one.plugins and name in one.model.formulas for one in scenarios))]


def series(simulation, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """All metrics of the city by name, or the given ones, shape (weeks,): the content of `weekly`, without the table."""
    return {name: values[:, 0] for name, values in all_metrics(simulation, Record(simulation, districts=False), names).items()}


def series_of(records: Sequence[Record], names: Iterable[str] | None = None) -> list[dict[str, np.ndarray]]:
    """Metrics of the city for each of several runs, as in `series` and with the same bits, but much faster than one by one.

    Runs of as many weeks under the same weights are computed side by side. A metric of a plug-in is computed for each run by itself,
    since it may combine columns.

    Parameters
    ----------
    records : sequence of Record
        Without districts.
    names : iterable of str, optional
        Metrics to compute; by default all metrics of the scenario of each run.

    Raises
    ------
    UserError
        For a metric of a plug-in that the scenario of a run does not use, or whose function fails.
    """
    wanted = [list(metrics_of(one.scenario) if names is None else names) for one in records]
    groups: dict[Any, list[int]] = {}
    for number, one in enumerate(records):
        groups.setdefault(_kind(one, wanted[number]), []).append(number)
    found: list[dict[str, np.ndarray]] = [{} for _ in records]
    for members in groups.values():
        together = Records([records[number] for number in members])
        for name in wanted[members[0]]:
            columns: Iterable[np.ndarray]
            if dict.__contains__(METRICS, name):
                columns = METRICS[name](together).reshape(together.weeks, len(members)).T
            else:
                columns = [_values(name, records[number].scenario, records[number])[:, 0] for number in members]
            for number, column in zip(members, columns, strict=True):
                found[number][name] = column
    return found


def _kind(record: Record, names: list[str]) -> tuple:
    """What the records of runs share that are computed side by side."""
    weights = record.scenario.weights
    of_indices = (*weights.stability.model_dump().values(), *weights.satisfaction.model_dump().values())
    return record.weeks, len(record.columns), of_indices, tuple(names)


def side_by_side(simulations) -> dict[str, np.ndarray]:
    """Every metric of the city for several runs at once, see `series_of`.

    Parameters
    ----------
    simulations : sequence of Simulation
        Runs of one scenario over the same number of weeks, with different seeds.

    Returns
    -------
    dict of str to ndarray, shape (weeks, runs)
        The same numbers as in `weekly`.
    """
    found = series_of([Record(simulation, districts=False) for simulation in simulations])
    return {name: np.stack([one[name] for one in found], axis=1) for name in found[0]}


def weekly_columns(simulation) -> dict[str, np.ndarray]:
    """``week``, and every metric of the city as in `series`."""
    return {"week": np.arange(simulation.week), **series(simulation)}


def district_columns(simulation) -> dict[str, np.ndarray]:
    """``week``, ``district`` and every metric except those of the city as a whole, one row per week and district."""
    names = simulation.city.district_names
    values = {name: v[:, 1:].reshape(-1) for name, v in all_metrics(simulation).items() if name not in CITY_ONLY}
    where = {"week": np.repeat(np.arange(simulation.week), len(names)), "district": np.tile(np.array(names, object), simulation.week)}
    return {**where, **values}


def flow_columns(simulation) -> dict[str, np.ndarray]:
    """``week`` and plain counts of the city, one row per week."""
    counts = simulation.city.world.history[: simulation.week].sum(axis=1)
    column_of = columns_of(simulation.scenario)
    own = list(column_of)[len(COLUMN) :]  # counts of plug-ins, under their names
    titles = FLOW_COLUMNS | dict(zip(own, own, strict=True))
    return {"week": np.arange(simulation.week), **{title: counts[:, column_of[name]] for name, title in titles.items()}}


def staff_columns(simulation) -> dict[str, np.ndarray]:
    """``week``, ``instrument``, money assigned to it and its staff, one row per week and instrument.

    Money is in currency per resident and year, ``staff`` and ``idle`` (those without work) per 10,000 residents of the city.
    """
    world, weeks = simulation.city.world, simulation.week
    employed = world.history_staff[:weeks]
    return {
        "week": np.repeat(np.arange(weeks), len(INSTRUMENTS)),
        "instrument": np.tile(np.array(INSTRUMENTS, object), weeks),
        "money": _mean_money(world, weeks).reshape(-1),
        "staff": employed[:, 0].reshape(-1),
        "idle": employed[:, 1].reshape(-1),
    }


def _mean_money(world, weeks: int) -> np.ndarray:
    """Money of each instrument in the first weeks, the mean over residents of all districts, shape (weeks, instruments)."""
    found = world.levers["money"][:weeks].astype(np.float64)
    own = np.flatnonzero(world.policy_of)
    shares = world.districts["residents"] / world.districts["residents"].sum()
    for district in own:
        money = world.policies["money"][:weeks, world.policy_of[district]].astype(np.float64)
        found = found + shares[district] * (money - world.levers["money"][:weeks])
    return found


def community_columns(simulation, last: bool = False) -> dict[str, np.ndarray]:
    """Counts and means by community, one row per finished year and community; only the last year if `last` is set."""
    world, end = simulation.city.world, simulation.week // YEAR
    start = max(0, end - 1) if last else 0
    years = end - start
    communities, named = world.communities, simulation.city.layout.names
    counts = world.history_communities[start:end].reshape(-1, world.history_communities.shape[2])
    adults = np.tile(communities["adults"].astype(np.float64), years)
    where = {
        "community": np.array(named, object) if named else np.arange(len(communities)),  # names if given by the user
        "district": np.array(simulation.city.district_names, object)[communities["district"]],
        **{name: communities[name] for name in ("residents", "hardship", "x", "y")},
    }
    return {
        "year": np.repeat(np.arange(start + 1, end + 1), len(communities)),
        **{name: np.tile(values, years) for name, values in where.items()},
        **{name: counts[:, COLUMN[name]] for name in COMMUNITY_COUNTS},
        "active_weeks": counts[:, COLUMN["active"]],
        "volunteers": ratio(counts[:, COLUMN["volunteers"]], YEAR * adults),
        **{name: ratio(counts[:, COLUMN[name]], YEAR * adults * float(FIXED)) for name in COMMUNITY_MEANS},
    }
