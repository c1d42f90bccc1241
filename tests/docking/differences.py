"""Where a plain city and a simulated one differ after the same week: whole numbers must be equal, the others equal to rounding.

Some whole numbers are cut from floats: the level of the norm that a resident shows, the bin of the histogram, shares above a line, sums of
propensities. A difference there is rounding, too, when a float stands on the very edge; nowhere else is any allowed.
"""

import numpy as np
from plain.books import TIERS, verdict_on

from sim.city.columns import columns_of
from sim.city.community import BLOCK_SIZE, CONDITIONS, COUNTS, HISTOGRAM_BINS, SUMS
from sim.city.measure import AGGRIEVED, CONTENT, JOINING, SAFE, SATISFIED, SETTLED_IN
from sim.city.resident import Resident
from sim.city.ties import NORM_LEVELS

RTOL, ATOL, EDGE = 1e-4, 1e-5, 1e-4
TABLES = {
    "committees": "ResidentsCommittee",
    "organisations": "SocialOrganisation",
    "unions": "WorkplaceUnion",
    "districts": "DistrictGovernment",
    "offices": "SubdistrictOffice",
    "stations": "PoliceStation",
    "courts": "Court",
    "bureaus": "ServiceBureau",
    "city": "CityGovernment",
}
LINES = {
    "satisfied": (lambda r: r.verdict, float(SATISFIED)),
    "safe": (lambda r: r.security, float(SAFE)),
    "joining": (lambda r: r.integration, float(JOINING)),
    "settled_in": (lambda r: r.integration, float(SETTLED_IN)),
    "in_conflict": (lambda r: r.grievance, float(AGGRIEVED)),
    **{tier: (lambda r, distance=distance: verdict_on(r, distance), float(CONTENT)) for tier, distance in TIERS.items()},
}
PARTS = 4096  # propensities of blocks are whole numbers of so many parts
MONEY = ("allotted", "spent", "leaked", "unspent")


def differences(plain, simulation):
    """Every difference after the last week, as lines of text."""
    found = []
    found += _residents(plain, simulation)
    found += _shown(plain, simulation)
    found += _communities(plain, simulation)
    found += _blocks(plain, simulation)
    found += _units(plain, simulation)
    found += _history(plain, simulation)
    return found


def compare(what, ours, theirs, slack=0, atol=ATOL):
    """Lines for the rows where `ours` (plain) and `theirs` (kernel) differ; whole numbers by more than `slack`."""
    theirs = np.asarray(theirs)
    if theirs.dtype.kind in "iub":
        wrong = np.abs(np.asarray(ours, dtype=np.int64) - theirs.astype(np.int64)) > slack
    else:
        wrong = ~np.isclose(np.asarray(ours, dtype=np.float64), theirs, rtol=RTOL, atol=atol)
    if not wrong.any():
        return []
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    return [f"{what}: {wrong.sum()} differ, first at {at}: plain {np.asarray(ours)[at]}, kernel {theirs[at]}"]


def _residents(plain, simulation):
    """Columns one by one; where a coded float stood on the edge between two steps the plain city takes over the kernel's step."""
    table, found = simulation.city.residents, []
    for name, column in columns_of(Resident).items():
        if column.coding:
            found += _coded(name, column.coding, plain.residents, table.values(name))
            continue
        found += compare(f"Resident.{name}", [getattr(r, name) for r in plain.residents], table.values(name))
    return found


def _coded(name, coding, residents, theirs):
    ours = coding.encode([getattr(r, name) for r in residents])
    for number in np.flatnonzero(ours != coding.encode(theirs)):
        setattr(residents[number], name, type(getattr(residents[number], name))(theirs[number]))
    return compare(f"Resident.{name} (in steps)", ours, coding.encode(theirs), slack=1)


def _shown(plain, simulation):
    """What people show; where a norm stands on the edge between two levels the plain city takes over the kernel's level."""
    theirs = simulation.city.world.visible[simulation.week & 1]
    found = []
    for r, (level, tells, does), byte in zip(plain.residents, plain.shown, theirs):
        kernel = int(byte) >> 3, bool(byte & 4), int(byte) & 3
        if abs(level - kernel[0]) == 1 and _on_edge(float(r.norm) * NORM_LEVELS + 0.5):
            level = kernel[0]
            plain.shown[r.number] = (level, tells, does)
        if (level, tells, does) != kernel:
            found.append(f"shown by resident {r.number}: plain {(level, tells, does)}, kernel {kernel}, norm {r.norm}")
    return found[:3]


def _on_edge(x):
    return abs(x - round(x)) < EDGE


def _communities(plain, simulation):
    records, found = simulation.city.world.communities, []
    for name in records.dtype.names:
        if name not in ("now", "last", "first_tile", "last_tile", "spare"):
            found += compare(f"community.{name}", [getattr(c, name) for c in plain.communities], records[name])
    for name in COUNTS:
        slack = [_near_line(c, name) for c in plain.communities]
        found += compare(f"last.{name}", [c.last[name] for c in plain.communities], records["last"][name], np.array(slack))
    adults = np.array([max(float(c.adults), 1.0) for c in plain.communities])
    for name in SUMS:
        ours = np.array([c.last[name] for c in plain.communities]) / adults / 2**20
        found += compare(f"last.{name}", ours, records["last"][name] / adults / 2**20)
    return found


def _near_line(c, name):
    """Adults of whom rounding decides whether they are above a line."""
    if name not in LINES:
        return 0
    what, line = LINES[name]
    return sum(abs(float(what(r)) - line) < EDGE / HISTOGRAM_BINS for r in c.people if r.age_group)


def _blocks(plain, simulation):
    records, found = simulation.city.world.blocks, []
    blocks = [block for community in plain.communities for block in community.blocks]
    for name in records.dtype.names:
        ours, theirs = [getattr(block, name) for block in blocks], records[name]
        if name == "propensity":  # a sum of whole numbers, each cut from a float
            found += compare("block.propensity", np.array(ours) / PARTS, theirs / PARTS, atol=BLOCK_SIZE / PARTS)
        else:
            found += compare(f"block.{name}", ours, theirs)
    return found


def _units(plain, simulation):
    found = []
    for kind, table in TABLES.items():
        table, rows = simulation.city.tables[table], getattr(plain, kind)
        for name in table.columns:
            values = [getattr(row, name) for row in (rows if isinstance(rows, list) else [rows])]
            values = [list(v.values()) if isinstance(v, dict) else v for v in values]
            found += compare(f"{kind}.{name}", values, table.values(name))
    return found


def _history(plain, simulation):
    world, week, record = simulation.city.world, simulation.week - 1, plain.history[-1]
    names = list(COUNTS)
    counts = [[district[name] for name in names if name not in LINES] for district in record["counts"]]
    kept = [names.index(name) for name in names if name not in LINES]
    found = compare("history", counts, world.history[week][:, kept])
    found += compare("history_money", [record["money"][name] for name in MONEY], world.history_money[week])
    found += compare("history_staff", record["staff"], world.history_staff[week])
    found += compare("history_spread", [record["spread"]], world.history_spread[week : week + 1])
    felt = [[district[name] for name in CONDITIONS] for district in record["conditions"]]
    found += compare("history_conditions", felt, world.history_conditions[week])
    bins = [[district[b] for b in range(HISTOGRAM_BINS)] for district in record["histogram"]]
    edge = [sum(_on_edge(float(r.verdict) * HISTOGRAM_BINS) for r in _adults(plain, d)) for d in range(len(plain.districts))]
    found += compare("histogram", bins, world.history_histogram[week], np.array(edge)[:, None])
    if simulation.week % 52 == 0:
        year = [[counter[name] for name in names if name not in LINES] for counter in plain.years[-1]]
        found += compare("history_communities", year, world.history_communities[week // 52][:, kept])
    return found


def _adults(plain, d):
    return (r for c in plain.communities if c.district == d for r in c.people if r.age_group)
