"""Random valid scenarios, and everything that must hold after any number of weeks under any of them."""

import numpy as np
from alone import TALLIES, limits
from hypothesis import strategies as st

from sim.city.codes import JAILED, NONE
from sim.city.columns import columns_of
from sim.city.resident import Resident
from sim.levers import LEVERS
from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS, weekly
from sim.scenario import Scenario, read_scenario

ENDS = "settled dropped closed_mediation closed_office closed_court withdrawn".split()
QUEUES = "open_negotiation open_mediation open_office open_court".split()
PARAMETERS = [(name, key) for name, mechanism in MECHANISMS.items() for key in mechanism.parameters.model_fields]
AT_MOST = (
    "fruitless stops; recorded offences; criminal recorded; cleared recorded; prosecuted criminal; prosecuted cleared; burned_out left;"
    " closed_mediation formal_closed; closed_office formal_closed; closed_court formal_closed; reopened opened; balked withdrawn;"
    " arrested jailed; satisfaction_nonlocal satisfaction; service_nonlocal service"
)
"""Counts of a week that are part of another."""

positive = st.floats(0.01, 1.0)


@st.composite
def policies(draw) -> dict:
    """Four shares with a sum of at most 1, each with a split of its own or the default one."""
    weights = draw(st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).filter(lambda w: sum(w) > 0.1))
    policy = {}
    for lever, weight in zip(LEVERS, weights):
        policy[lever] = {"share": weight / sum(weights) * (1 - 1e-12)}
        if draw(st.booleans()):
            policy[lever]["split"] = draw(st.fixed_dictionaries(dict.fromkeys(LEVERS[lever], positive)))
    return policy


@st.composite
def settings(draw) -> dict:
    """Some mechanisms off, and up to a dozen parameters anywhere in their range, limits more often than not."""
    chosen: dict = {name: {"enabled": False} for name in MECHANISMS if draw(st.integers(0, 9)) == 0}
    for name, key in draw(st.lists(st.sampled_from(PARAMETERS), max_size=12, unique=True)):
        low, high = limits(MECHANISMS[name].parameters.model_fields[key])
        value = draw(st.one_of(st.sampled_from([low, high]), st.floats(low, high)))
        chosen.setdefault(name, {})[key] = float(value)
    return chosen


@st.composite
def scenarios(draw) -> Scenario:
    """A valid scenario of a small city with at least two communities."""
    return read_scenario(
        {
            "name": "generated",
            "city": {
                "preset": "synthetic",
                "residents": draw(st.integers(450, 900)),
                "districts": draw(st.integers(2, 3)),
                "community_size": 200,
            },
            "horizon": draw(st.integers(1, 60)),
            "budget": draw(st.sampled_from([0.0, 0.5, 1.0, 3.0, 10.0])),
            "policy": draw(policies()),
            "stance": {
                "transparency": draw(st.floats(0.0, 1.0)),
                "migrant_access": draw(st.floats(0.0, 1.0)),
                "patrol_targeting": draw(st.sampled_from(["even", "reported"])),
            },
            "weights": {
                "satisfaction": draw(st.fixed_dictionaries(dict.fromkeys(("belonging", "happiness", "security"), positive))),
                "stability": draw(st.fixed_dictionaries(dict.fromkeys(("order", "calm", "resolution", "steadiness"), positive))),
            },
            "mechanisms": draw(settings()),
        }
    )


def snapshot(simulation) -> dict:
    """What must never change: who lives there, and what is fixed about everybody; and the cases open at first."""
    fixed = {name: simulation.city.residents.values(name) for name, column in columns_of(Resident).items() if column.fixed}
    last = simulation.city.world.communities["last"]
    return {"fixed": fixed, "open": int(sum(last[name].sum() for name in QUEUES))}


def broken(simulation, first: dict) -> list[str]:
    """Every invariant that does not hold, in words."""
    return [
        *_columns(simulation),
        *_people(simulation, first),
        *_cases(simulation, first),
        *_counts(simulation),
        *_money(simulation),
        *_metrics(simulation),
    ]


def _columns(simulation):
    for table in simulation.city.tables.values():
        for name, column in table.columns.items():
            values = table.values(name)
            if not np.isfinite(values).all():
                yield f"{table.kind.__name__}.{name} is not finite"
            elif column.low is not None and values.min() < column.low:
                yield f"{table.kind.__name__}.{name} falls to {values.min()}, below {column.low}"
            elif column.high is not None and values.max() > column.high:
                yield f"{table.kind.__name__}.{name} rises to {values.max()}, above {column.high}"
    communities = simulation.city.world.communities
    for name in communities.dtype.names:
        if communities.dtype[name].base.kind == "f" and not np.isfinite(communities[name]).all():
            yield f"community.{name} is not finite"
    for name in (
        "posts_open",
        "capture",
        "certainty",
        "migrant_access",
        "transparency",
        "service_quality",
        "mediation_chance",
        "office_chance",
        "court_chance",
    ):
        if not ((communities[name] >= 0) & (communities[name] <= 1)).all():
            yield f"community.{name} leaves [0, 1]: {communities[name].min()} to {communities[name].max()}"


def _people(simulation, first):
    people = {name: simulation.city.residents.values(name) for name in ("status", "weeks_left", "case_stage", "case_age", "events")}
    for name, values in first["fixed"].items():
        if not np.array_equal(simulation.city.residents.values(name), values):
            yield f"{name} is fixed and has changed"
    if not np.array_equal(people["status"] == JAILED, people["weeks_left"] > 0):
        yield "people are in jail with no time to serve, or out of it with some"
    if (people["case_age"][people["case_stage"] == NONE] > 0).any():
        yield "a case that does not exist has an age"
    if people["events"].any():
        yield "events of the week are not forgotten"
    world = simulation.city.world
    if simulation.city.world.tiles["count"].sum() != world.communities["residents"].sum():
        yield "residents are not conserved"


def _cases(simulation, first):
    history = simulation.city.world.history[: simulation.week].sum(axis=1)
    count = {name: history[:, number] for number, name in enumerate(TALLIES)}
    grown = np.diff(sum(count[name] for name in QUEUES), prepend=first["open"])
    if not np.array_equal(count["opened"], sum(count[name] for name in ENDS) + grown):
        yield "cases opened are not those closed, withdrawn and still open"


def _counts(simulation):
    history = simulation.city.world.history[: simulation.week]
    if history.min() < 0:
        yield f"negative: {[TALLIES[number] for number in np.flatnonzero(history.min(axis=(0, 1)) < 0)]}"
    for pair in AT_MOST.split(";"):
        part, whole = (history[:, :, TALLIES.index(name)] for name in pair.split())
        if (part > whole).any():
            yield f"more than there can be: {pair}"
    adults = simulation.city.world.districts["adults"]
    for name in ("satisfied", "content", "safe"):
        if (history[:, :, TALLIES.index(name)] > adults).any():
            yield f"more {name} than adults"
    if not (simulation.city.world.history_histogram[: simulation.week].sum(axis=2) == adults).all():
        yield "the distribution of satisfaction does not have every adult once"


def _money(simulation):
    money = simulation.city.world.history_money[: simulation.week]
    if not np.array_equal(money[:, 0], money[:, 1:].sum(axis=1)) or (money < 0).any():
        yield f"money allotted is not spent, leaked and unspent: {money[-1]}"


def _metrics(simulation):
    table = weekly(simulation)
    for name, metric in METRICS.items():
        values = table[name].dropna()
        if len(values) and not (metric.low <= values.min() and values.max() <= metric.high):
            yield f"metric {name} leaves [{metric.low}, {metric.high}]: {values.min()} to {values.max()}"
