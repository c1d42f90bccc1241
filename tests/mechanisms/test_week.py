"""The week is derived from the registrations of mechanisms and their order."""

import ast
import importlib
from dataclasses import replace

import pytest
from click.testing import CliRunner

from sim.cli import cli
from sim.mechanisms import MECHANISMS
from sim.mechanisms.week import USUAL, Week
from sim.mechanisms.week_source import planning, week_source


def calls(source: str) -> dict[str, list[str]]:
    """Mechanisms that each stage of a week calls, in order, from its source."""
    found = {}
    for stage in ast.parse(source).body:
        named = [node.func.id for node in ast.walk(stage) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        called = [name.removeprefix(f"{stage.name}_") for name in named if name.startswith(f"{stage.name}_")]
        found[stage.name] = [name for name in called if name in MECHANISMS]
    return found


def test_every_mechanism_is_called_in_its_stages_in_the_order_of_the_week():
    found = calls(USUAL.source)
    assert found["live"] == [name for name, one in MECHANISMS.items() if one.live]
    assert found["close"] == [name for name, one in MECHANISMS.items() if one.close]
    assert set(found["plan"]) == {name for name, one in MECHANISMS.items() if one.plan}
    assert {one.name for one in MECHANISMS.values() if not (one.plan or one.live or one.close)} == set()


def test_units_plan_in_the_order_of_the_week_but_for_those_that_say_otherwise():
    order = [one.name for one in planning(MECHANISMS.values())]
    assert order[order.index("coordination") + 1] == "appraisal"
    assert order[order.index("policing") + 1] == "offending"
    rest = [name for name in order if name not in ("appraisal", "offending")]
    assert rest == [name for name in MECHANISMS if name in rest]


def test_arguments_of_a_kernel_are_passed_by_name():
    source = week_source(MECHANISMS.values())
    policing = "live_policing(tile, community, world.blocks, scratch, random_key(seed, S_POLICING, week), values_of(p.policing))"
    assert policing in source
    assert "close_unrest(world, p.unrest)" in source


def test_a_kernel_with_an_unknown_argument_is_refused_at_registration():
    def live(tile, dice):
        """Takes an unknown argument."""

    with pytest.raises(ValueError, match="norms: live takes dice; a kernel of this step may take tile, community"):
        replace(MECHANISMS["norms"], live=live)


def test_a_week_is_a_module_that_machine_code_finds_and_another_week_is_another():
    short = [one for name, one in MECHANISMS.items() if name != "rumour"]
    usual, other, marked = Week(MECHANISMS.values()), Week(short), Week(MECHANISMS.values(), origin="a plug-in")
    names = {week.steps.py_func.__module__ for week in (usual, other, marked)}
    assert len(names) == 3
    assert usual.steps.py_func.__module__ == USUAL.steps.py_func.__module__
    assert all(hasattr(importlib.import_module(name), "steps") for name in names)
    assert "rumour" not in calls(other.source)["live"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_describe_prints_who_acts_when(lang):
    done = CliRunner().invoke(cli, ["describe", "week", "--lang", lang])
    assert done.exit_code == 0, done.output
    plan, live, close = (part.splitlines()[1:] for part in done.output.split("\n\n"))
    assert [line.split()[0] for line in live if line.split()[0] in MECHANISMS] == calls(USUAL.source)["live"]
    assert [line.split()[0] for line in plan] == calls(USUAL.source)["plan"]
    assert MECHANISMS["norms"].names[lang] in done.output
    assert [line.split()[0] for line in close] == [*calls(USUAL.source)["close"], "·"]
