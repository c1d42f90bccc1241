"""Random valid scenarios, and everything that must hold after any number of weeks under any of them."""

import numpy as np
from alone import TALLIES, limits
from cities import small
from hypothesis import strategies as st

from sim.city.codes import FIRST_WORKING, JAILED, LAST_WORKING, NONE
from sim.city.columns import columns_of
from sim.city.community import BLOCK
from sim.city.resident import Resident
from sim.levers import INSTRUMENTS, LEVERS, instrument
from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS, weekly
from sim.scenario import Scenario, read_scenario
from sim.scenario.schema.policy import Stance
from sim.shocks import SHOCK_KINDS
from sim.spec import options_of

ENDS = "settled dropped closed_mediation closed_office closed_court withdrawn".split()
QUEUES = "open_negotiation open_mediation open_office open_court".split()
PARAMETERS = [(name, key) for name, mechanism in MECHANISMS.items() for key in mechanism.parameters.model_fields]
AT_MOST = (
    "fruitless stops; recorded offences; criminal recorded; violent offences; recorded_violent recorded; recorded_violent violent;"
    " cleared_violent cleared; prosecuted cleared; burned_out left;"
    " closed_mediation formal_closed; closed_office formal_closed; closed_court formal_closed; reopened opened; balked withdrawn;"
    " arrested jailed; wrongful jailed; wrongful fruitless; satisfaction_nonlocal satisfaction; service_nonlocal service;"
    " belonging_nonlocal belonging; integration_nonlocal integration; requests contacts; resolved requests; pleased resolved;"
    " jumped closed_office; passed_on failed_office; flagged_rightly recorded; flagged_rightly offences; settled_in joining;"
    " volunteered_year registered; volunteers registered"
)
"""Counts of a week that are part of another."""
AT_MOST_TOGETHER = "cleared recorded; cleared_violent recorded_violent; prosecuted criminal"
"""The same in the city as a whole: the first of a pair counts where the offender lives, the second where the offence happened."""
AMONG = {
    "adults": "satisfied content safe believers jobless joining",
    "nonlocals": "joining settled_in",
    "residents": "volunteers active prisoners registered flagged_falsely heard_rumour heard_answer arrived contacts",
}
"""Counts of people of whom there are at most as many as live in the district."""
SHARES = (
    "posts_open capture certainty migrant_access transparency service_quality mediation_chance office_chance court_chance shock_service"
    " shock_jobs shock_alarm shock_crowd shock_rumour newcomers fit caution corruption jump digital resolving backlash restraint hush"
    " answer candour exposure cameras flag_true crackdown watch measured_services recording voice aid_coverage union_help clarity message"
    " school family work_ethic oversight cushion health education housing mediation_room"
).split()
"""Conditions of a community that are shares."""
SIGNED = ("x", "y", "overstated", "bonds")
"""Conditions that may be below 0."""

STAFFING = small().staffing
positive = st.floats(0.01, 1.0)


def numbers(low: float, high: float):
    """Numbers within bounds, without those so small that a scenario refuses them."""
    return st.floats(low, high).map(lambda value: 0.0 if 0 < abs(value) < 1e-200 else value)


@st.composite
def policies(draw) -> dict:
    """Four shares with a sum of at most 1, each with a split of its own or the default one."""
    weights = draw(st.lists(numbers(0.0, 1.0), min_size=5, max_size=5).filter(lambda w: sum(w) > 0.1))
    policy = {}
    for lever, weight in zip(LEVERS, weights):
        policy[lever] = {"share": weight / sum(weights) * (1 - 1e-12)}
        if draw(st.booleans()):
            policy[lever]["split"] = draw(st.fixed_dictionaries(dict.fromkeys(LEVERS[lever], positive)))
    return policy


def stance(name: str):
    """Any value that a stance may have, limits more often than not."""
    field = Stance.model_fields[name]
    if choices := getattr(field.annotation, "__args__", None):
        return st.sampled_from(choices)
    low, high = limits(field)
    return st.one_of(st.sampled_from([low, high]), numbers(low, high))


stances = st.fixed_dictionaries({}, optional={name: stance(name) for name in Stance.model_fields})
places = st.one_of(
    st.just({}),
    st.builds(lambda number: {"district": f"District {number}"}, st.integers(1, 2)),
    st.builds(lambda number: {"community": number}, st.integers(0, 1)),
)


@st.composite
def shocks(draw, horizon: int) -> list[dict]:
    """Up to four shocks of any kind, anywhere, also on top of each other and beyond the horizon."""
    one = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(SHOCK_KINDS),
            "at": st.integers(0, horizon - 1),
            "lasts": st.integers(1, 80),
            "strength": st.one_of(st.sampled_from([0.0, 1.0]), numbers(0.0, 1.0)),
            "where": places,
        }
    )
    return draw(st.lists(one, max_size=4))


@st.composite
def timelines(draw, horizon: int, policy: dict) -> list[dict]:
    """Up to three changes, each in a week of its own, of the budget, of stances and of shares that fall."""
    weeks = draw(st.lists(st.integers(0, horizon - 1), max_size=3, unique=True))
    timeline = []
    for at in weeks:
        levers = {f"stance.{name}": value for name, value in draw(stances).items()}
        levers |= {f"policy.{lever}": given["share"] * draw(numbers(0.0, 1.0)) for lever, given in policy.items() if draw(st.booleans())}
        timeline.append({"at": at, "set": levers | {"budget": draw(st.sampled_from([0.0, 0.5, 1.0, 3.0]))}})
    return timeline


@st.composite
def staffing(draw) -> dict:
    """Up to four instruments whose staff does more or less, comes sooner or later, or returns less."""
    figures: dict = {}
    for name in draw(st.lists(st.sampled_from(INSTRUMENTS), max_size=4, unique=True)):
        lever, part = name.split(".")
        throughput = float(STAFFING.throughput[instrument(name)]) * draw(st.sampled_from([0.01, 0.3, 3.0, 100.0]))
        given = {"throughput": throughput, "weeks": draw(st.sampled_from([1.0, 5.0, 520.0])), "returns": draw(numbers(0.0, 1.0))}
        figures.setdefault(lever, {})[part] = given
    return figures


@st.composite
def settings(draw) -> dict:
    """Some mechanisms off, and up to a dozen parameters anywhere in their range, limits more often than not."""
    chosen: dict = {name: {"enabled": False} for name in MECHANISMS if draw(st.integers(0, 9)) == 0}
    for name, key in draw(st.lists(st.sampled_from(PARAMETERS), max_size=12, unique=True)):
        field = MECHANISMS[name].parameters.model_fields[key]
        (low, high), options = limits(field), list(options_of(field))
        value = st.sampled_from(options) if options else st.one_of(st.sampled_from([low, high]), numbers(low, high)).map(float)
        chosen.setdefault(name, {})[key] = draw(value)
    return chosen


@st.composite
def scenarios(draw) -> Scenario:
    """A valid scenario of a small city with at least two communities."""
    horizon, policy = draw(st.integers(1, 60)), draw(policies())
    return read_scenario(
        {
            "name": "generated",
            "city": {
                "preset": "synthetic",
                "residents": draw(st.integers(450, 900)),
                "districts": draw(st.integers(2, 3)),
                "community_size": 200,
                "staffing": draw(staffing()),
            },
            "horizon": horizon,
            "budget": draw(st.sampled_from([0.0, 0.5, 1.0, 3.0, 10.0])),
            "policy": policy,
            "stance": draw(stances),
            "timeline": draw(timelines(horizon, policy)),
            "shocks": draw(shocks(horizon)),
            "weights": {
                "satisfaction": draw(st.fixed_dictionaries(dict.fromkeys(("belonging", "happiness", "security"), positive))),
                "stability": draw(st.fixed_dictionaries(dict.fromkeys(("order", "calm", "resolution"), positive))),
            },
            "mechanisms": draw(settings()),
        }
    )


def snapshot(simulation) -> dict:
    """What must never change: the residents, their fixed attributes, and the initial cases."""
    fixed = {name: simulation.city.residents.values(name) for name, column in columns_of(Resident).items() if column.fixed}
    last, blocks = simulation.city.world.communities["last"], simulation.city.world.blocks
    return {
        "fixed": fixed,
        "open": int(sum(last[name].sum() for name in QUEUES)),
        "blocks": {name: blocks[name].copy() for name in ("attraction", "lot")},
    }


def broken(simulation, first: dict) -> list[str]:
    """Every invariant that does not hold, in words."""
    return [
        *_columns(simulation),
        *_people(simulation, first),
        *_blocks(simulation, first),
        *_cases(simulation, first),
        *_counts(simulation),
        *_money(simulation),
        *_staff(simulation),
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
        elif communities.dtype[name].base.kind == "f" and name not in SIGNED and communities[name].min() < 0:
            yield f"community.{name} falls to {communities[name].min()}"
    for name in SHARES:
        if not ((communities[name] >= 0) & (communities[name] <= 1)).all():
            yield f"community.{name} leaves [0, 1]: {communities[name].min()} to {communities[name].max()}"


def _people(simulation, first):
    people = {name: simulation.city.residents.values(name) for name in columns_of(Resident)}
    for name, values in first["fixed"].items():
        if not np.array_equal(simulation.city.residents.values(name), values):
            yield f"{name} is fixed and has changed"
    if not np.array_equal(people["status"] == JAILED, people["weeks_left"] > 0):
        yield "people are in jail with no time to serve, or out of it with some"
    if (people["case_age"][people["case_stage"] == NONE] > 0).any():
        yield "a case that does not exist has an age"
    if people["events"].any():
        yield "events of the week are not forgotten"
    if not (people["integration"][people["local"] == 1] == 1).all():
        yield "somebody with local registration is not wholly integrated"
    working = (people["age_group"] >= FIRST_WORKING) & (people["age_group"] <= LAST_WORKING)
    if people["jobless"][~working].any():
        yield "somebody not of working age is without work"
    world = simulation.city.world
    if simulation.city.world.tiles["count"].sum() != world.communities["residents"].sum():
        yield "residents are not conserved"


def _blocks(simulation, first):
    world, blocks = simulation.city.world, simulation.city.world.blocks
    for name in BLOCK.names:
        if not np.isfinite(blocks[name]).all() or blocks[name].min() < 0:
            yield f"blocks.{name} is not a number or falls to {blocks[name].min()}"
    for name, values in first["blocks"].items():
        if not np.array_equal(blocks[name], values):
            yield f"blocks.{name} is fixed and has changed"
    if (blocks["seen"] > blocks["now"]).any():
        yield "more offences are recorded at a block than happened there"
    starts = world.communities["first_block"]
    stations = starts[world.offices["first_community"]]
    hours = np.add.reduceat(blocks["hours"].astype(np.float64), stations) / np.diff([*stations, len(blocks)])
    if simulation.scenario.mechanisms["policing"].enabled and simulation.week and np.abs(hours - 1.0).max() > 1e-4:
        yield f"patrols of a station are not spread over its blocks: mean hours {hours.min()} to {hours.max()}"
    if simulation.scenario.mechanisms["offending"].enabled:
        for here, count in (("now", "offences"), ("seen", "recorded")):
            if not np.array_equal(np.add.reduceat(blocks[here], starts), world.communities["last"][count]):
                yield f"{count} at blocks are not those of communities"


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
    for pair in AT_MOST_TOGETHER.split(";"):
        part, whole = (history[:, :, TALLIES.index(name)].sum(axis=1) for name in pair.split())
        if (part > whole).any():
            yield f"more than there can be in the city: {pair}"
    districts = simulation.city.world.districts
    for whom, names in AMONG.items():
        for name in names.split():
            if (history[:, :, TALLIES.index(name)] > districts[whom]).any():
                yield f"more {name} than {whom}"
    together = sum(history[:, :, TALLIES.index(name)] for name in ("arrested", "wrongful"))
    if (together > history[:, :, TALLIES.index("jailed")]).any():
        yield "more are detained in protests and campaigns than go to jail"
    if not (simulation.city.world.history_histogram[: simulation.week].sum(axis=2) == districts["adults"]).all():
        yield "the distribution of satisfaction does not have every adult once"


def _money(simulation):
    money = simulation.city.world.history_money[: simulation.week]
    if not np.array_equal(money[:, 0], money[:, 1:].sum(axis=1)) or (money < 0).any():
        yield f"money allotted is not spent, leaked and unspent: {money[-1]}"
    account = simulation.city.world.city[0]
    if money.sum(axis=0).tolist() != [int(account[name]) for name in ("allotted", "spent", "leaked", "unspent")]:
        yield "the city's account is not the sum of the weeks"


def _staff(simulation):
    staff, idle = simulation.city.world.history_staff[: simulation.week].swapaxes(0, 1)
    if not (np.isfinite(staff).all() and (idle >= 0).all() and (idle <= staff * (1 + 1e-6)).all()):
        yield "more staff is idle than there is"


def _metrics(simulation):
    table = weekly(simulation)
    for name, metric in METRICS.items():
        values = table[name].dropna()
        if len(values) and not (metric.low <= values.min() and values.max() <= metric.high):
            yield f"metric {name} leaves [{metric.low}, {metric.high}]: {values.min()} to {values.max()}"
