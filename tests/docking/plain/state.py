"""A built city copied into plain objects: one per resident, community and unit."""

from collections import Counter
from types import SimpleNamespace

import numpy as np

from sim.city.columns import columns_of
from sim.city.community import COUNTS, SUMS
from sim.city.resident import Resident as Columns
from sim.levers import INSTRUMENTS

PEOPLE = ("residents", "adults", "nonlocals")
UNITS = ("committees", "organisations", "unions", "districts", "offices", "stations", "courts", "bureaus")
NOT_COPIED = ("now", "last", "first_tile", "last_tile", "padding")


class Row:
    """Somebody or something with attributes named after the columns."""


def plain(value, number):
    """A NumPy value as plain Python: lists for arrays, int for whole numbers, `number` for the others."""
    if isinstance(value, np.ndarray):
        return [plain(v, number) for v in value]
    return number(value) if isinstance(value, np.floating) else int(value)


def rows(records, number, make=Row):
    """One object per record."""
    made = []
    for record in records:
        row = make()
        for name in records.dtype.names:
            if name not in NOT_COPIED:
                setattr(row, name, plain(record[name], number))
        made.append(row)
    return made


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


def places(world, residents, number):
    """Communities with their people and last week's counts; capacities of districts by the name of the instrument."""
    communities = rows(world.communities, number)
    for record, community in zip(world.communities, communities):
        community.people = residents[community.first : community.first + community.residents]
        for name in PEOPLE:  # they stand in equations; counted whole all the same
            setattr(community, name, number(getattr(community, name)))
        community.last = Counter({name: int(record["last"][name]) for name in (*COUNTS, *SUMS)})
        community.now = Counter()
        community.histogram = Counter()
    return communities


def units(world, number, make=Row):
    """Rows of every kind of unit, by the name of the kind; capacities by the name of the instrument."""
    kinds = {kind: rows(getattr(world, kind), number, make) for kind in UNITS}
    for district in kinds["districts"]:
        district.capacity = dict(zip(INSTRUMENTS, district.capacity))
    kinds["city"] = rows(world.city, number, make)[0]
    return kinds


def settings(scenario, number):
    """Parameters by mechanism, rounded to 32 bits as the model holds them."""
    found = {}
    for name, values in scenario.mechanisms.items():
        numbers = values.model_dump(exclude={"enabled"})
        found[name] = SimpleNamespace(**{key: number(np.float32(value)) for key, value in numbers.items()})
    return found


def levers(scenario, number):
    """Policy of every week: budget, share of the budget by instrument, stances."""
    table = []
    for record in scenario.lever_table():
        row = SimpleNamespace(**{name: plain(record[name], number) for name in record.dtype.names})
        row.share = dict(zip(INSTRUMENTS, row.share))
        table.append(row)
    return table
