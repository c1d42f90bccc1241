"""Imports point one way: leaves know nothing, and a room knows only the rooms before it (`docs.making.architecture`)."""

import sys
from pathlib import Path

import pytest
from sources import imports, trees, within

sys.path.append(str(Path(__file__).parents[2]))

from docs.making.architecture import ROOMS, room_of, without_room
from sim.mechanisms import MECHANISMS, PARTS

LEAVES = {
    "sim.errors": {"sim.messages"},
    "sim.files": {"sim.errors", "sim.messages", "sim.regular_files"},
    "sim.kernel": {"sim.kernel.cache", "sim.kernel.coded", "sim.kernel.versions", "sim.kernel.documented", "sim.kernel.linked"},
    "sim.kernel.cache": {"sim.files", "sim.kernel.versions", "sim.user_cache"},
    "sim.kernel.coded": set(),
    "sim.kernel.documented": {"sim.kernel.cache", "sim.kernel.literals"},
    "sim.kernel.linked": {"sim.files", "sim.kernel.cache", "sim.kernel.literals", "sim.messages"},
    "sim.kernel.literals": set(),
    "sim.kernel.versions": {"sim.errors"},
    "sim.kept": set(),
    "sim.lazy": set(),
    "sim.suggestions": {"sim.lazy"},
    "sim.levers": {"sim.levers.instruments", "sim.levers.rows", "sim.levers.stances"},
    "sim.levers.instruments": {"sim.levers.rows"},
    "sim.levers.rows": set(),
    "sim.levers.stances": {"sim.levers.rows"},
    "sim.shocks": set(),
    "sim.messages": {"sim.messages", "sim.messages.catalogue"},
    "sim.messages.catalogue": {"sim.lazy"},
    "sim.notebook_cards": set(),
    "sim.spec": {"sim.messages"},
    "sim.environment": {"sim.user_cache"},
    "sim.platforms": set(),
    "sim.text": {"sim.messages"},
    "sim.user_cache": set(),
    "sim.version": set(),
    "sim.draws": {"sim.kernel"},
    "sim.maths": {"sim.kernel"},
    "sim.city.codes": set(),
    "sim.city.columns": set(),
    "sim.city.community": set(),
    "sim.city.table": {"sim.city.columns"},
    "sim.city.world": set(),
}
"""What each leaf may import of the project: the compiler at most."""


@pytest.mark.parametrize("leaf", LEAVES)
def test_leaves_import_nothing_of_the_project(leaf):
    assert imports(anywhere=True)[leaf] <= LEAVES[leaf]


def test_every_module_has_a_room():
    assert without_room() == set()


def test_rooms_import_only_rooms_before_them():
    order = list(ROOMS)
    wrong = [
        f"{name} imports {other}"
        for name, others in imports(anywhere=True).items()
        for other in others
        if room_of(name) and room_of(other) and order.index(room_of(name)) < order.index(room_of(other))
    ]
    assert wrong == []


def test_mechanisms_do_not_import_each_other():
    meeting_points = {"sim.mechanisms", "sim.mechanisms.week"}
    anybodys = {"sim.mechanisms.base", *(f"sim.mechanisms.{part}" for part in PARTS)}
    wrong = [
        f"{name} imports {other}"
        for name, others in imports(anywhere=True).items()
        for other in others
        if within(name, "sim.mechanisms") and name not in meeting_points and within(other, "sim.mechanisms") and other not in anybodys
    ]
    assert wrong == []


@pytest.mark.parametrize("part", PARTS)
def test_a_file_of_kernels_is_part_of_one_mechanism(part):
    users = {name for name, others in imports(anywhere=True).items() if f"sim.mechanisms.{part}" in others}
    mechanisms = {name for name in users if name.removeprefix("sim.mechanisms.") in MECHANISMS}
    assert len(mechanisms) == 1


def test_no_module_imports_itself_in_a_circle():
    graph, state, circles = imports(), {}, []

    def visit(name, path):
        state[name] = "open"
        for other in sorted(graph.get(name, ())):
            if state.get(other) == "open":
                circles.append(" -> ".join([*path[path.index(other) :], other]))
            elif other not in state:
                visit(other, [*path, other])
        state[name] = "done"

    for name in graph:
        if name not in state:
            visit(name, [name])
    assert circles == []


def test_what_is_imported_exists():
    missing = {other for others in imports(anywhere=True).values() for other in others if other not in trees()}
    assert missing == set()
