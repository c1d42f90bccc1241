"""What a mechanism's source uses, read from its syntax tree, and what there is to be used.

A misspelt column would otherwise come out as a bare KeyError from the compiler.
"""

import ast
import importlib
import inspect
from functools import cache

from sim.city import government, organisations
from sim.city.columns import columns_of
from sim.city.community import BLOCK, COMMUNITY, COUNTS, TALLY
from sim.city.resident import Resident
from sim.city.world import World
from sim.levers import INSTRUMENTS, LEVER_WEEK, LEVERS
from sim.mechanisms import MECHANISMS, PARTS

KINDS = {
    "committees": organisations.ResidentsCommittee,
    "organisations": organisations.SocialOrganisation,
    "unions": organisations.WorkplaceUnion,
    "city": government.CityGovernment,
    "districts": government.DistrictGovernment,
    "offices": government.SubdistrictOffice,
    "stations": government.PoliceStation,
    "courts": government.Court,
    "bureaus": government.ServiceBureau,
}
"""Class behind each table of units and organisations that a world holds."""

FACTS = {
    "district",
    "subdistrict",
    "first",
    "residents",
    "adults",
    "nonlocals",
    "first_tile",
    "last_tile",
    "organisations",
    "hardship",
    "x",
    "y",
    "density",
    "diversity",
    "attraction",
    "bonds",
    "estates",
    "first_block",
    "last_block",
}
"""What a community is, as against the conditions that hold there: everybody may read it, nobody declares it."""

LASTING = {"attraction", "lot"}
"""What a block is, and no mechanism may change."""

PEERS = "peers"
"""What the ties of residents show, which mechanisms are given beside the tile."""
HEADER = {"first", "count", "community"}
NAMES = {
    "resident": set(columns_of(Resident)) | HEADER | {PEERS},
    "community": set(COMMUNITY.names),
    "tally": set(TALLY.names),
    "blocks": set(BLOCK.names),
    "levers": set(LEVER_WEEK.names),
    "world": set(World._fields),
    **{name: set(columns_of(kind)) for name, kind in KINDS.items()},
}
"""Every name that may stand after the dot, by what stands before it."""

VARIABLES = {
    "tile": "resident",
    "community": "community",
    "now": "tally",
    "last": "tally",
    "world": "world",
    "lever": "levers",
    "account": "city",
    "block": "blocks",
    **{name.rstrip("s"): name for name in KINDS if name != "city"},
}
"""What the variables of a mechanism stand for, by the habit that all of them follow."""


@cache
def tree(name: str) -> ast.Module:
    """Syntax tree of a mechanism's file, with the files of kernels that it shares its work with."""
    found = ast.parse(inspect.getsource(importlib.import_module(f"sim.mechanisms.{name}")))
    parts = [node.module for node in found.body if isinstance(node, ast.ImportFrom) and is_part(node.module or "")]
    for part in parts:
        found.body += ast.parse(inspect.getsource(importlib.import_module(part))).body
    return found


def is_part(module: str) -> bool:
    """Whether a module has kernels of a mechanism, but registers none."""
    package, _, name = module.rpartition(".")
    return package == "sim.mechanisms" and name in PARTS


def _owner(node: ast.expr, known: dict[str, str] = VARIABLES) -> str | None:
    """What an expression stands for: a resident's tile, a community, a tally, a table's row ..."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and node.attr in ("now", "last"):
        return "tally" if _owner(node.value, known) == "community" else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and _owner(node.value.value, known) == "world":
        table = node.value.attr
        return {"communities": "community", "tiles": "resident", "policies": "levers"}.get(table, table if table in NAMES else None)
    return None


def _variables(function: ast.FunctionDef) -> dict[str, str]:
    """What the variables of a function stand for: by habit, and by what they are given."""
    known = dict(VARIABLES)
    given = [(target, node.value) for node in ast.walk(function) if isinstance(node, ast.Assign) for target in node.targets]
    given += [
        pair for left, right in given if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple) for pair in zip(left.elts, right.elts)
    ]
    for left, right in given:
        if isinstance(left, ast.Name) and (owner := _owner(right, known)):
            known[left.id] = owner
    return known


@cache
def uses(name: str) -> frozenset[tuple[str, str]]:
    """Everything that the mechanism's file takes from tiles, communities, tallies, tables and levers: pairs of owner and name."""
    found = set()
    for function in (node for node in tree(name).body if isinstance(node, ast.FunctionDef)):
        known = _variables(function)
        attributes = (node for node in ast.walk(function) if isinstance(node, ast.Attribute))
        found |= {(owner, node.attr) for node in attributes if (owner := _owner(node.value, known))}
        found |= {("resident", node.id) for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == PEERS}
    return frozenset(found)


def parameters_used(name: str) -> set[str]:
    """Parameters that the mechanism's kernels look at, as in ``p.rate``."""
    return {
        node.attr
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p"
    }


def counts_added(name: str) -> set[str]:
    """Counts of the week to which the mechanism's kernels add."""
    targets = (node.target for node in ast.walk(tree(name)) if isinstance(node, ast.AugAssign))
    return {t.attr for t in targets if isinstance(t, ast.Attribute) and _owner(t.value) == "tally"}


def tallies_read(name: str) -> set[str]:
    """Counts and sums that the mechanism takes from last week, or adds to this week."""
    return {what for owner, what in uses(name) if owner == "tally"}


BY_INSTRUMENT = ("districts.work", "districts.staff")
"""Columns with a slot for every instrument; a mechanism names the instruments whose slots it reads."""


def column_of(declared: str) -> str:
    """The column that is meant, without the name of an instrument."""
    return next((column for column in BY_INSTRUMENT if declared.startswith(f"{column}.")), declared)


def instruments_read(name: str) -> set[str]:
    """Instruments, and levers for all of theirs, whose staff or work the mechanism declares to read."""
    reads = MECHANISMS[name].reads
    return {read.removeprefix(f"{column}.") for read in reads for column in BY_INSTRUMENT if read.startswith(f"{column}.")}


def touches(name: str) -> set[str]:
    """Every column that the mechanism declares to read or write."""
    return set(map(column_of, (*MECHANISMS[name].reads, *MECHANISMS[name].writes)))


def looked_up(name: str) -> set[str]:
    """Instruments that the mechanism's file looks up, as in ``instrument("rule_of_law.courts")``."""
    calls = (node for node in ast.walk(tree(name)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    return {call.args[0].value for call in calls if call.func.id == "instrument"}  # type: ignore[attr-defined]


def is_real(declared: str) -> bool:
    """Whether something declared is a column, a community's field, a unit's column or a lever."""
    if column_of(declared) != declared:
        return declared.removeprefix(f"{column_of(declared)}.") in (*LEVERS, *INSTRUMENTS)
    owner, _, name = declared.rpartition(".")
    if not owner:
        return name in columns_of(Resident) or name == PEERS
    return owner in NAMES and owner not in ("resident", "tally", "world") and name in NAMES[owner]


def fixed(declared: str) -> bool:
    """Whether no mechanism may write it."""
    owner, _, name = declared.rpartition(".")
    if owner in ("", *KINDS):
        return columns_of(KINDS[owner] if owner else Resident)[name].fixed
    return owner == "levers" or name in (LASTING if owner == "blocks" else FACTS)


MEASURED = {
    "volunteers active prisoners": ("status",),
    "volunteered_year": ("since_volunteering",),
    "open_negotiation open_mediation open_office open_court": ("case_stage",),
    "jobless": ("jobless",),
    "registered": ("since_volunteering",),
    "joining settled_in integration_nonlocal": ("integration",),
    "believers": ("rumour",),
    "votes": ("efficacy",),
    "overdue": ("case_stage", "case_age"),
    "content": ("service",),
    "content_county content_province content_centre": ("service", "credibility"),
    "in_conflict": ("case_stage", "grievance"),
    "satisfaction_in_conflict": ("case_stage", "grievance", "belonging", "happiness", "security"),
    "legitimacy_in_conflict": ("case_stage", "grievance", "legitimacy"),
    "safe": ("security",),
    "satisfied satisfaction satisfaction_nonlocal": ("belonging", "happiness", "security"),
    "service_nonlocal": ("service",),
    "belonging_nonlocal": ("belonging",),
}


def measured_from(count: str) -> tuple[str, ...]:
    """Resident columns from which the frame takes a count or sum when the week is measured; none for what mechanisms count."""
    for names, columns in MEASURED.items():
        if count in names.split():
            return columns
    return (count,) if count not in COUNTS and count in columns_of(Resident) else ()
