"""The benchmarks: shapes of the figures on a tiny city, and equality of all models. Nothing is timed."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import check, cities, fresh_process, growth, levels, runs, targets
from benchmarks.__main__ import FULL, QUICK, TINY, measure_all, plain_data
from benchmarks.measure import Figure, figure, interleaved
from benchmarks.mesa_objects import MesaCity
from benchmarks.plain_model import PlainCity
from benchmarks.table import report
from benchmarks.whole_array import NumpyCity
from sim.mechanisms import MECHANISMS
from sim.scenario import read_scenario
from sim.simulation import Simulation


@pytest.fixture(scope="module")
def found():
    return measure_all(TINY, fresh=False)


def test_cases_take_turns():
    order = []
    interleaved({name: lambda name=name: order.append(name) or 1.0 for name in "ab"}, 2, "s")
    assert order == ["a", "b", "a", "b"]
    assert figure([3.0, 1.0, 2.0], "s") == Figure("s", 2.0, 1.0, 3.0, 3)


def test_figures_are_positive_and_have_units(found):
    for group in ("ways", "memory_speed"):
        for name, value in found[group].items():
            assert 0 < value.low <= value.median <= value.high, name
            assert value.unit


def test_every_mechanism_has_its_line(found):
    assert list(found["mechanisms"]) == ["(all)", "(none)", *MECHANISMS]
    assert found["mechanisms"]["(none)"] > 0


def test_report_and_json_hold_everything(found):
    text = report(found)
    assert text.index("Ratios") < text.index("several ways") < text.index("Where a resident-week goes")
    for name in ("Mesa objects", "NumPy", "plain Python", *(k for k, v in found["mechanisms"].items() if v > 0.05 and k in MECHANISMS)):
        assert name in text
    assert set(json.loads(json.dumps(plain_data(found)))) == set(found)


def test_whatever_may_grow_is_measured_at_two_sizes():
    text = growth.growth_table(growth.measured(repeats=1, shrink=100))
    assert all(f"| {case.work} | {case.size:,} and {4 * case.size:,} {case.grows} |" in text for case in growth.CASES)


def test_a_fresh_process_tells_all_of_its_city():
    city = fresh_process.city(512, threads=2, repeats=1, updates=1024)
    assert (city["build"].unit, city["peak"].unit, list(city["rates"])) == ("s", "MB", [1])
    assert city["row"] < city["moved"] < 2 * city["row"] + 2
    assert min(city["parts"].values()) > 0
    assert city["peak"].median > 1


def test_the_table_of_what_was_to_be_reached(found):
    names = (
        "kernels",
        "kernels, larger city",
        "kernels, four mechanisms",
        "Mesa objects",
        "NumPy, four mechanisms",
        "kernels alone",
        "whole runs",
        "pool",
    )
    two = {"native": figure([3.0], ""), "before, native": figure([2.0], "")}
    reached = dict.fromkeys((*names, "compile", "share of STREAM"), two) | {
        "first week": two | {levels.NUMPY: figure([0.5], "")},
        "peak": {},
    }
    heads, rows = targets.targets(reached, 4_096)
    cells = {row[0]: row[-1] for row in rows}
    assert heads[-1].startswith("native")
    assert len(cells) == 9
    assert cells["whole runs/s over the pool: times as many as before"] == "1.50x: 3.00 runs/s (2.00 runs/s)"
    assert cells["bytes moved against STREAM, 4,096 residents"] == "300% (200%)"
    assert cells["peak memory with building, 4,096 residents"] == "not enough memory"
    assert cells["first week, warm, against `import numpy` (processor time)"] == "6.00x (4.00x)"
    assert cells["cold compile and first week (processor time)"].startswith("-50% less")
    assert all(row in report(found | {"levels": reached, "large": 4_096}) for row in cells)


def test_without_an_earlier_version_the_table_has_this_one(tmp_path):
    assert not levels.export("no-such-commit", tmp_path / "before")
    alone = {"native": figure([3.0], "")}
    show = targets.gain(targets.median("pool"), targets.times)
    assert show({"pool": alone}, "native") == "3.00x"


def test_weeks_and_runs_of_one_process():
    values = levels.here((256, 512), (256, 8, 2), 1_024)
    assert min(values.values()) > 0
    assert {"pool", "Mesa objects", targets.YARDSTICK} < set(values)


def test_the_plain_level_is_heard():
    found = levels.levels()
    assert found["native"] == {}
    if "x86-64-v3" in found:
        code = "import numba.core.codegen as c; print(repr(c.config.CPU_NAME), repr(c.config.CPU_FEATURES))"
        assert fresh_process.child(["-c", code], variables=found["x86-64-v3"]).split() == ["'x86-64-v3'", "''"]


@pytest.mark.parametrize("plan", [FULL, QUICK, TINY])
def test_no_city_is_run_beyond_its_horizon(plan):
    for size in (*plan["sizes"], *plan["ways"]):
        weeks = cities.weeks_of(size, plan["updates"], 2 * plan["few"])
        cities.scenario(size, 2 + (2 * weeks + 1) * plan["few"])
        cities.scenario(size, cities.weeks_of(size, plan["updates"], plan["repeats"]) * plan["repeats"] + 2)


def test_whole_runs_are_runs_of_a_sweep():
    found = runs.measure(256, 4, 2, 1)
    assert set(found) == {"kernels alone", "whole runs", "all metrics", "pool"}
    assert all(value.median > 0 for value in found.values())


def test_a_loss_is_noticed_and_a_little_noise_is_not():
    assert check.lost({"a": 6.9, "b": 7.1}, {"a": 10.0, "b": 10.0}) == ["a"]
    assert check.lost({"a": 6.9, "b": 3.9}, {"a": 10.0, "b": 10.0}, check.LOSS_ELSEWHERE) == ["b"]
    assert set(json.loads(check.STATED.read_text())["ratios"]) == set(check.COMPARED)


def test_a_child_that_fails_says_so():
    with pytest.raises(RuntimeError, match="no such luck"):
        fresh_process.child(["-c", "raise SystemExit('no such luck')"])


def test_mesa_objects_give_the_same_weeks_as_plain_python():
    plain, objects = PlainCity(cities.simulation(256, 4)), MesaCity(cities.simulation(256, 4), counted=True)
    plain.advance(3)
    for _ in range(3):
        objects.step()
    assert [c.last for c in objects.communities] == [c.last for c in plain.communities]
    assert objects.history == plain.history
    assert len(objects.agents) > 256


def test_mesa_random_numbers_differ_under_the_same_rules():
    objects = MesaCity(cities.simulation(256, 4))
    objects.advance(3)
    assert all(0.0 <= r.norm <= 1.0 for r in objects.residents)
    assert len(objects.history) == 3


STANCES = {"detection": 0.5, "campaign": 0.6, "officials_visits": 0.5, "service_projects": 0.5, "information_stance": "suppress"}
STANCES |= {"appraisal_pressure": 0.5, "patrol_targeting": "risk_score", "migrant_access": 0.8}


@pytest.mark.parametrize("stance", [{}, STANCES], ids=["reference", "everything on"])
def test_whole_arrays_give_the_same_weeks_to_the_last_bit(stance):
    shocks = [{"kind": kind, "at": 1, "lasts": 4} for kind in ("rumour", "disaster")]
    city = {"preset": "synthetic", "residents": 3_000, "districts": 2}
    off = {name: {"enabled": False} for name in cities.others()}
    settings = {"name": "t", "city": city, "horizon": 12, "stance": stance, "shocks": shocks if stance else [], "mechanisms": off}
    simulations = [Simulation(read_scenario(settings), 5) for _ in range(2)]
    for simulation in simulations:  # nobody loses work where livelihood is off
        simulation.city.residents.records["jobless"][:, ::7] = 1
    kernels, arrays = simulations[0], NumpyCity(simulations[1])
    happened = dict.fromkeys(("joined", "opened", "offences", "recorded"), 0)
    for week in range(12):
        kernels.advance(1)
        arrays.advance(1)
        _same_state(kernels.city, arrays, week)
        happened = {name: count + int(kernels.city.world.communities["last"][name].sum()) for name, count in happened.items()}
    assert min(happened.values()) > 0


def _same_state(city, arrays, week):
    for name, values in vars(arrays.people).items():
        expected = city.residents.values(name)
        np.testing.assert_array_equal(values, expected, err_msg=f"{name} in week {week}")
        assert values.dtype == expected.dtype, name
    for name in ("communities", "blocks", "history", "history_histogram", "visible"):
        np.testing.assert_array_equal(getattr(arrays.world, name), getattr(city.world, name), err_msg=f"{name} in week {week}")
