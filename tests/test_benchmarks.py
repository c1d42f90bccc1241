"""The benchmarks measure what they say: shapes of the figures on a tiny city, and that the three models are one. Nothing here is timed."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import children, speed
from benchmarks.__main__ import TINY, measure_all, plain_data
from benchmarks.measure import Figure, figure, interleaved
from benchmarks.mesa_objects import MesaCity
from benchmarks.plain_model import PlainCity
from benchmarks.table import report
from sim.mechanisms import MECHANISMS


@pytest.fixture(scope="module")
def found():
    return measure_all(TINY, fresh=False)


def test_cases_take_turns():
    order = []
    interleaved({name: lambda name=name: order.append(name) or 1.0 for name in "ab"}, 2, "s")
    assert order == ["a", "b", "a", "b"]
    assert figure([3.0, 1.0, 2.0], "s") == Figure("s", 2.0, 1.0, 3.0, 3)


def test_figures_are_positive_and_have_units(found):
    for group in ("ways", "throughput", "units", "memory_speed"):
        for name, value in found[group].items():
            assert 0 < value.low <= value.median <= value.high, name
            assert value.unit


def test_every_mechanism_has_its_line(found):
    assert list(found["mechanisms"]) == ["(all)", "(none)", *MECHANISMS]
    assert found["mechanisms"]["(none)"] > 0


def test_report_and_json_hold_everything(found):
    text = report(found)
    assert text.index("Ratios") < text.index("three ways") < text.index("Mechanisms")
    for name in (*MECHANISMS, "Mesa objects", "whole week against plain Python, one core"):
        assert name in text
    assert set(json.loads(json.dumps(plain_data(found)))) == set(found)


def test_fresh_processes_report_build_and_memory():
    city = children.cities([512], repeats=1)[512]
    assert {name: value.unit for name, value in city.items()} == {"build": "s", "peak": "MB", "tile": "bytes"}
    assert city["peak"].median > 1


def test_a_child_that_fails_says_so():
    with pytest.raises(RuntimeError, match="no such luck"):
        children.child(["-c", "raise SystemExit('no such luck')"])


def test_mesa_objects_live_the_same_weeks_as_plain_python():
    plain, objects = PlainCity(speed.city(256, 4)), MesaCity(speed.city(256, 4), counted=True)
    plain.advance(3)
    for _ in range(3):
        objects.step()
    assert [c.last for c in objects.communities] == [c.last for c in plain.communities]
    assert objects.history == plain.history
    assert len(objects.agents) > 256


def test_mesa_luck_is_other_luck_under_the_same_rules():
    objects = MesaCity(speed.city(256, 4))
    objects.advance(3)
    assert all(0.0 <= r.norm <= 1.0 for r in objects.residents)
    assert len(objects.history) == 3
