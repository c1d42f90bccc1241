"""Metrics of several runs at once: the bits of each run alone, for every metric, whatever the runs have in common."""

import dataclasses

import numpy as np
import pytest
from brought import scenario_file
from cities import small

from sim import metrics
from sim.experiments.runs.model_source import source_hash
from sim.experiments.studies import worker
from sim.experiments.studies.worker import Order, Task, run_chunk
from sim.metrics import METRICS
from sim.metrics.record import Record
from sim.metrics.tables import all_metrics
from sim.rules import CONSENT
from sim.scenario import load_scenario
from sim.simulation import Simulation

SUMS_OVER_COLUMNS = '''
"""Metrics that are not computed column by column."""
from sim.plugins import Plugin, metric


@metric(unit="share", better="less", group="price", title="Part of all", title_zh="占总数")
def part_of_all(r):
    "Disputes as a share of those of all columns."
    return r["opened"] / r["opened"].sum(axis=1, keepdims=True).clip(1)


@metric(unit="share", better="less", group="price", title="Rank", title_zh="名次")
def refused(r):
    "Fails under some policies, and adds the number of columns."
    if r.scenario.policy.rule_of_law.share < 0.06:
        raise ValueError("too little law")
    return r["opened"] + r.residents.size


PLUGIN = Plugin(metrics=[part_of_all, refused])
'''
CHANGES = (
    {},
    {"policy.rule_of_law": 0.1, "stance.transparency": 0.9},
    {"weights.stability.order": 3.0},
    {"horizon": 55},
    {"city.residents": 700},
    {"weights.satisfaction.security": 0.5, "horizon": 55},
)


def lived(scenario, seed):
    run = Simulation(scenario, seed)
    run.advance(run.horizon)
    return run


def bits(series):
    return {name: values.tobytes() for name, values in series.items()}


def test_every_metric_has_the_bits_of_its_run_alone():
    base = small(weeks=70, residents=600)
    runs = [lived(base.with_changes(changes), seed) for seed, changes in enumerate(CHANGES * 2)]
    together = metrics.series_of([Record(run, districts=False) for run in runs])
    for run, found in zip(runs, together, strict=True):
        assert list(found) == list(METRICS)
        assert bits(found) == bits(metrics.series(run))
        for name, values in all_metrics(run).items():
            assert found[name].tobytes() == values[:, 0].tobytes(), name


def test_only_what_is_asked_for_is_computed_in_the_order_asked(monkeypatch):
    records = [Record(lived(small(weeks=8, residents=300), seed), districts=False) for seed in (1, 2)]
    asked = ["norm", "stability", "staff"]
    assert [list(found) for found in metrics.series_of(records, asked)] == [asked, asked]
    assert metrics.series_of([]) == []


@pytest.fixture
def outside(tmp_path, monkeypatch):
    monkeypatch.setenv(CONSENT, "1")
    return load_scenario(scenario_file(tmp_path, code=SUMS_OVER_COLUMNS))


def test_a_metric_of_a_plug_in_that_combines_columns_sees_one_run(outside):
    runs = [lived(outside, seed) for seed in (1, 2, 3)]
    together = metrics.series_of([Record(run, districts=False) for run in runs])
    for run, found in zip(runs, together, strict=True):
        assert bits(found) == bits(metrics.series(run))
    assert set(np.concatenate([found["part_of_all"] for found in together])) <= {0.0, 1.0}


def task(scenario, series=False, **outcomes):
    return Task(scenario, outcomes or {"stability": "end", "staff": "mean"}, series, 600.0, source_hash())


def orders(count, **changes):
    return [Order(run, {"policy.rule_of_law": 0.1 + 0.01 * (run // 2), **changes}, run) for run in range(count)]


def plain(results):
    return [dataclasses.replace(result, seconds=0.0) for result in results]


@pytest.mark.parametrize("bytes_", [worker.MOST_BYTES, 1])
def test_a_chunk_gives_what_its_runs_give_one_by_one(monkeypatch, bytes_):
    monkeypatch.setattr(worker, "MOST_TOGETHER", 3)
    monkeypatch.setattr(worker, "MOST_BYTES", bytes_)
    what, some = task(small(weeks=8, residents=300)), orders(7)
    results, _ = run_chunk(what, some)
    assert [result.run for result in results] == list(range(7))
    assert plain(results) == plain([run_chunk(what, [order])[0][0] for order in some])


def test_a_run_whose_metric_fails_leaves_the_others_alone(outside):
    what = task(outside, part_of_all="end", refused="end")
    some = [*orders(2), Order(2, {"policy.rule_of_law": 0.05}, 2), Order(3, {"policy.no_such": 1.0}, 3), Order(4, {}, 4)]
    results, _ = run_chunk(what, some)
    assert [result.state for result in results] == ["done", "done", "failed", "failed", "done"]
    assert "too little law" in results[2].error
    assert results[2].key
    assert not results[3].key
    assert plain(results[4:]) == plain(run_chunk(what, some[4:])[0])


def test_records_of_runs_are_kept_without_their_cities():
    run = lived(small(weeks=8, residents=300), 1)
    record = Record(run, districts=False)
    world = run.city.world
    held = [value for value in vars(record).values() if isinstance(value, np.ndarray)]
    assert record.size >= world.history_histogram.nbytes
    assert not any(np.shares_memory(array, other) for array in held for other in (world.tiles, world.communities, world.history))
