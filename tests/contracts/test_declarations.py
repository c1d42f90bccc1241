"""Every mechanism says what it claims, where its numbers come from and what it touches, and its code does no other."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from alone import limits
from declared import (
    FACTS,
    NAMES,
    counts_added,
    fixed,
    instruments_read,
    is_part,
    is_real,
    looked_up,
    measured_from,
    parameters_used,
    touches,
    tree,
    uses,
)

from sim.city.community import COUNTS, TALLY
from sim.levers import INSTRUMENTS, LEVERS, STANCES
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import STAGES, acting_through
from sim.spec import ASSUMPTION, CHOICE, choices_of, options_of

TESTS = {path.stem for path in Path(__file__).parents[1].rglob("test_*.py")}

every = pytest.mark.parametrize("mechanism", MECHANISMS.values(), ids=list(MECHANISMS))


@every
def test_the_docstring_states_claim_equation_source_and_both_sides(mechanism):
    assert not [part for part in ("Claim.", "Equation.", "Source.", "Brings:", "Costs:") if part not in mechanism.doc]
    assert mechanism.title.lower().replace(" ", "_").startswith(mechanism.name.split("_")[0])
    assert mechanism.brings
    assert mechanism.costs


@every
def test_the_docstring_says_what_would_refute_it_and_whether_that_was_tried(mechanism):
    (said,) = re.findall(r"^Refuted by\. .*?(?=\n\n|\Z)", mechanism.doc, re.M | re.S)
    assert "Tried: " in said or "Not tried: " in said
    named = set(re.findall(r"\btest_\w+", said))
    assert named or "Not tried: " in said
    assert named <= TESTS


@every
def test_every_parameter_has_a_unit_a_range_a_default_inside_it_and_a_source(mechanism):
    for name, field in mechanism.parameters.model_fields.items():
        extra, (low, high) = field.json_schema_extra, limits(field)
        if options_of(field):
            continue
        assert low < high, name
        assert low <= field.default <= high, name
        assert extra["unit"].strip(), name
        said = extra["source"].startswith((ASSUMPTION, "no published size")) or "reported" in extra["source"]
        assert said or any(c.isdigit() for c in extra["source"]), name
        assert field.description.strip(), name


@every
def test_every_choice_names_forms_that_differ_and_its_default_is_the_form_of_all_other_numbers(mechanism):
    """Each says what it claims in both languages; what one sets are numbers of its own mechanism, within their range, and no other's."""
    fields, set_by = mechanism.parameters.model_fields, {}
    for name, options in choices_of(mechanism.parameters).items():
        field = fields[name]
        assert get_args(field.annotation) == tuple(options), name
        assert len(options) > 1, name
        assert field.json_schema_extra["unit"] == CHOICE
        assert field.description.strip(), name
        assert any(c.isdigit() for c in field.json_schema_extra["source"]), name
        assert field.default == next(iter(options)), name
        assert not options[field.default].sets, name
        for option in options.values():
            assert option.en.strip(), name
            assert re.search(r"[\u4e00-\u9fff]", option.zh), name
            for number, value in option.sets.items():
                low, high = limits(fields[number])
                assert low <= value <= high, number
                assert value != fields[number].default, number
                assert set_by.setdefault(number, name) == name


@every
def test_the_null_setting_is_made_of_its_own_parameters(mechanism):
    assert mechanism.null
    mechanism.parameters(**mechanism.null)


@every
def test_what_it_reads_and_writes_exists_and_may_be_written(mechanism):
    assert not [name for name in (*mechanism.reads, *mechanism.writes) if not is_real(name)]
    assert not [name for name in mechanism.writes if fixed(name)]
    assert not [name for name in mechanism.counts if name not in TALLY.names]
    assert len(set(mechanism.reads)) == len(mechanism.reads)
    assert len(set(mechanism.writes)) == len(mechanism.writes)


@every
def test_every_name_after_a_dot_is_declared_somewhere(mechanism):
    used = uses(mechanism.name)
    assert used
    assert not [f"{owner}.{name}" for owner, name in used if name not in NAMES[owner]]


@every
def test_it_touches_nothing_that_it_does_not_declare(mechanism):
    """Facts about a place (how many live there) are nobody's to declare; counts of last week are known to all."""
    undeclared = set()
    for owner, name in uses(mechanism.name):
        whole = name if owner == "resident" else f"{owner}.{name}"
        if owner in ("world", "tally") or not is_real(whole):
            continue
        if owner == "community" and (name in FACTS or name in ("now", "last")):
            continue
        if owner not in ("resident", "levers", "community") and fixed(whole):
            continue
        undeclared |= {whole} - touches(mechanism.name)
    assert sorted(undeclared) == []


@every
def test_it_declares_the_instruments_that_it_looks_up_and_no_other(mechanism):
    """Who goes through all instruments of a lever looks up the first of them, and declares the lever."""
    declared = instruments_read(mechanism.name)
    first = {f"{lever}.{LEVERS[lever][0]}" for lever in declared & set(LEVERS)}
    assert (declared - set(LEVERS)) | first == looked_up(mechanism.name)


@pytest.mark.parametrize("lever", [*INSTRUMENTS, *STANCES])
def test_every_lever_is_read_by_a_mechanism(lever):
    assert acting_through(lever, MECHANISMS)


@every
def test_it_declares_nothing_that_its_code_never_mentions(mechanism):
    mentioned = {name for _, name in uses(mechanism.name)} | {
        n.attr for n in ast.walk(tree(mechanism.name)) if isinstance(n, ast.Attribute)
    }
    declared = {name.rpartition(".")[2] for name in touches(mechanism.name)}
    assert sorted(declared - mentioned) == []


@every
def test_it_adds_to_exactly_the_counts_that_it_declares(mechanism):
    assert sorted(counts_added(mechanism.name)) == sorted(mechanism.counts)


@every
def test_every_parameter_is_used_and_every_parameter_used_exists(mechanism):
    """A choice whose options only set numbers needs no place in a kernel."""
    named = {
        name
        for name, options in choices_of(mechanism.parameters).items()
        if all(option.sets for key, option in options.items() if key != mechanism.parameters.model_fields[name].default)
    }
    assert sorted(parameters_used(mechanism.name) | named) == sorted(mechanism.parameters.model_fields)


@every
def test_it_knows_no_shares_of_a_reference_policy(mechanism):
    """Nor money: what it does depends on staff and their work. Only the budget reads money, to keep the books."""
    names = {node.id for node in ast.walk(tree(mechanism.name)) if isinstance(node, ast.Name)}
    assert not names & {"REFERENCE_SHARES", "DEFAULT_SPLITS", "BUDGET_LEVERS", "INSTRUMENT_ROWS"}
    assert mechanism.name == "budget" or not uses(mechanism.name) & {("levers", "money"), ("levers", "staff"), ("levers", "budget")}


@every
def test_it_imports_no_other_mechanism(mechanism):
    imported = [node.module for node in ast.walk(tree(mechanism.name)) if isinstance(node, ast.ImportFrom)]
    imported += [alias.name for node in ast.walk(tree(mechanism.name)) if isinstance(node, ast.Import) for alias in node.names]
    imported = [name for name in imported if name.startswith("sim.mechanisms") and name != "sim.mechanisms.base"]
    assert not [name for name in imported if not is_part(name)]


def test_streams_differ_between_mechanisms_and_from_those_of_the_frame():
    from sim.city.attraction import PLACES
    from sim.city.build import TIES
    from sim.city.layout import POPULATION
    from sim.mechanisms.unrest import RESPONSES, TRIGGERS

    streams = [int(m.stream) for m in MECHANISMS.values()] + [int(TIES), int(POPULATION), int(PLACES), int(TRIGGERS), int(RESPONSES)]
    assert len(set(streams)) == len(streams)


def test_mechanisms_stand_in_the_order_of_the_phases():
    order = [STAGES.index(m.stage) for m in MECHANISMS.values()]
    assert order == sorted(order)


def test_every_count_of_a_week_is_added_to_by_a_mechanism_or_measured():
    added = {name for m in MECHANISMS.values() for name in m.counts}
    assert not [name for name in COUNTS if name not in added and not measured_from(name)]
