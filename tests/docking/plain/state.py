"""A built city copied into plain objects: one per resident, group of neighbours, community and unit."""

from collections import Counter
from types import SimpleNamespace

import numpy as np

from sim.city.columns import columns_of
from sim.city.community import BLOCK_SIZE, COUNTS, SUMS
from sim.city.resident import Resident as Columns
from sim.levers import INSTRUMENTS, STANCES
from sim.scenario.schema.timeline import policies
from sim.shocks import SHOCK_KINDS

PEOPLE = ("residents", "adults", "nonlocals")
UNITS = ("committees", "organisations", "unions", "districts", "offices", "stations", "courts", "bureaus")
FIGURES, STAFF = ("observed", "throughput", "weeks", "returns"), ("staff", "work", "used")
NOT_COPIED = ("first_tile", "last_tile", "spare")
CHOICES = {name: tuple(row.choices) for name, row in STANCES.items() if row.choices}


class Row:
    """Somebody or something with attributes named after the columns."""


def plain(value, number):
    """A NumPy value as plain Python: lists for arrays, int for whole numbers, `number` for the others."""
    if isinstance(value, np.ndarray):
        return [plain(v, number) for v in value]
    return number(value) if isinstance(value, np.floating) else int(value)


def row(record, number, make=Row):
    """One object with the values of a record (but for records within it)."""
    made = make()
    for name in record.dtype.names:
        if name not in NOT_COPIED and not isinstance(record[name], np.void):
            setattr(made, name, plain(record[name], number))
    return made


def rows(records, number, make=Row):
    """One object per record."""
    return [row(record, number, make) for record in records]


def people(table, number, make=Row):
    """One object per resident, in order of their numbers."""
    columns = {name: table.values(name) for name in columns_of(Columns)}
    made = []
    for me in range(len(table)):
        resident = make()
        resident.number, resident.verdict = me, number(0.0)
        for name, values in columns.items():
            setattr(resident, name, plain(values[me], number))
        made.append(resident)
    return made


def communities(world, residents, number):
    """Communities with their people, groups of neighbours and last week's counts."""
    made, blocks = rows(world.communities, number), rows(world.blocks, number)
    borders = list(zip(world.first_neighbour, world.first_neighbour[1:]))
    for record, community, (first, last) in zip(world.communities, made, borders):
        community.around = [made[k] for k in world.neighbours[first:last]]
        community.people = residents[community.first : community.first + community.residents]
        community.blocks = blocks[community.first_block : community.last_block]
        for mine, resident in enumerate(community.people):
            resident.home, resident.block = community, community.blocks[mine // BLOCK_SIZE]
            resident.block.homes = 1 + mine % BLOCK_SIZE
        for name in PEOPLE:  # they stand in equations; counted whole all the same
            setattr(community, name, number(getattr(community, name)))
        community.last = Counter({name: int(record["last"][name]) for name in (*COUNTS, *SUMS)})
        community.now = Counter()
        community.histogram = Counter()
    for number_of, block in enumerate(blocks):
        block.number, block.adding, block.gone = number_of, 0, []
    return made


def borders(world):
    """Numbers of the communities on which each one borders."""
    first, neighbours = world.first_neighbour.tolist(), world.neighbours.tolist()
    return [neighbours[a:b] for a, b in zip(first[:-1], first[1:])]


def units(world, number, make=Row):
    """Rows of every kind of unit, by the name of the kind; what they have for each instrument by its name."""
    kinds = {kind: rows(getattr(world, kind), number, make) for kind in UNITS}
    kinds["city"] = row(world.city[0], number, make)
    for unit, names in [(kinds["city"], FIGURES), *((district, STAFF) for district in kinds["districts"])]:
        for name in names:
            setattr(unit, name, dict(zip(INSTRUMENTS, getattr(unit, name))))
    return kinds


def settings(scenario, number):
    """Parameters by mechanism: numbers rounded to 32 bits as the model holds them, choices by name."""
    found = {}
    for name, values in scenario.mechanisms.items():
        given = values.model_dump(exclude={"enabled"})
        found[name] = SimpleNamespace(**{key: v if isinstance(v, str) else number(np.float32(v)) for key, v in given.items()})
    return found


def levers(scenario, number):
    """Every policy, week by week: budget, money and staff by instrument, stances; choices by name. And the policy of every district."""
    names = [district.name for district in scenario.city_plan.places.districts]
    tables, of = policies(scenario, names)
    found = [_readable(rows(np.ascontiguousarray(tables[:, policy]), number, SimpleNamespace)) for policy in range(tables.shape[1])]
    return found, of.tolist()


def _readable(table):
    """Weeks of a policy with instruments and choices by name."""
    for week in table:
        week.money, week.staff = dict(zip(INSTRUMENTS, week.money)), dict(zip(INSTRUMENTS, week.staff))
        for name, choices in CHOICES.items():
            setattr(week, name, choices[getattr(week, name)])
    return table


def shocks(world, number):
    """Shocks to come, each with the name of its kind."""
    found = rows(world.shocks, number, SimpleNamespace)
    for shock in found:
        shock.kind = SHOCK_KINDS[shock.kind]
    return found
