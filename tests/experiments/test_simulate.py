"""One scenario, many replicates: which seeds, what is kept, and that nothing but scenario and seed matters."""

import json

import numpy as np
import pandas as pd
import pytest

import sim.experiments.runs.simulate as module
from sim.errors import UserError
from sim.experiments.runs import advance, jobs, replicate
from sim.experiments.runs.replicate import Replicate
from sim.experiments.runs.simulate import Interrupted, RunsFailed, simulate
from sim.scenario import read_scenario


def small(weeks=5, **more):
    return read_scenario(
        {"name": "small", "horizon": weeks, "city": {"preset": "synthetic", "residents": 1000, "districts": 2}, "seed": 11, **more}
    )


def fake_replicate(scenario, seed, threads=1, progress=None, attribution=False):
    """A replicate made up from its seed; seed 13 fails, seed 14 is interrupted, seed 15 is a mistake of the user's."""
    for week in range(1, scenario.horizon + 1):
        if progress:
            progress(week)
    if seed == 13:
        raise ZeroDivisionError("unlucky")
    if seed == 14:
        raise KeyboardInterrupt
    if seed == 15:
        raise UserError("no such city")
    week = np.arange(scenario.horizon)
    weekly = {"week": week, "stability": 0.1 * seed + 0 * week, "satisfaction": np.full(len(week), 0.5)}
    rest = {"week": week, "district": np.full(len(week), "A", object)}
    return Replicate(seed, {"weekly": weekly, "districts": rest, "flows": rest, "communities": rest}, f"hash{seed}", 1000, 0.1)


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setattr(module, "run_once", fake_replicate)


def test_replicates_have_their_own_seeds_and_stand_in_order(fake):
    run = simulate(small(), seed=1, replicates=3)
    assert run.seeds == (1, 2, 3)
    assert list(run.weekly.columns[:3]) == ["replicate", "seed", "week"]
    assert run.weekly.groupby("replicate")["seed"].unique().map(list).to_dict() == {0: [1], 1: [2], 2: [3]}
    assert len(run.districts) == 15
    assert list(run.districts["replicate"].unique()) == [0, 1, 2]


def test_the_scenarios_own_seed_is_the_default(fake):
    assert simulate(small()).seeds == (11,)


def test_the_content_hash_depends_on_every_replicate(fake):
    hashes = {simulate(small(), seed=s, replicates=n).content_hash for s, n in ((1, 1), (1, 2), (2, 1), (2, 2))}
    assert len(hashes) == 4
    assert simulate(small(), seed=1, replicates=2).content_hash in hashes


def test_a_replicate_that_fails_is_recorded_and_the_others_are_kept(fake):
    run = simulate(small(), seed=12, replicates=2)
    assert run.seeds == (12,)
    assert run.manifest["failures"] == [{"seed": 13, "error": "ZeroDivisionError: unlucky"}]
    assert run.manifest["replicates"] == 2


def test_when_all_fail_the_error_names_every_seed_and_shows_where(fake):
    with pytest.raises(RunsFailed, match="seed 13: ZeroDivisionError: unlucky") as error:
        simulate(small(), seed=13)
    assert "fake_replicate" in str(error.value.__cause__)


def test_interrupted_what_had_finished_is_handed_over(fake):
    with pytest.raises(Interrupted) as interruption:
        simulate(small(), seed=12, replicates=5)
    run = interruption.value.run
    assert run.seeds == (12,)
    assert run.manifest["interrupted"]
    assert run.manifest["failures"] == [{"seed": 13, "error": "ZeroDivisionError: unlucky"}]
    assert isinstance(interruption.value, KeyboardInterrupt)


def test_interrupted_before_any_had_finished_there_is_nothing_to_hand_over(fake):
    with pytest.raises(Interrupted) as interruption:
        simulate(small(), seed=14)
    assert interruption.value.run is None


def test_a_mistake_in_the_scenario_is_reported_once_not_once_a_seed(fake):
    with pytest.raises(UserError, match="no such city"):
        simulate(small(), seed=15, replicates=3)


@pytest.mark.parametrize("bad", [{"replicates": 0}, {"workers": 0}, {"threads": 0}, {"seed": -1}, {"seed": 2**63}])
def test_numbers_that_make_no_sense_are_refused(fake, bad):
    with pytest.raises(UserError):
        simulate(small(), **bad)


def test_progress_counts_weeks_over_all_replicates(fake):
    seen = []
    simulate(small(weeks=4), seed=1, replicates=2, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (8, 8)
    assert seen == sorted(seen)


def test_the_manifest_can_be_written_and_names_no_machine(fake):
    import getpass
    import os
    import socket

    manifest = simulate(small(), replicates=2).manifest
    text = json.dumps(manifest, allow_nan=False)
    assert {"sanzhi", "model", "python", "numpy", "numba", "mesa"} <= set(manifest["versions"])
    assert {"processors", "architecture", "system"} == set(manifest["machine"])
    assert socket.gethostname() not in manifest["machine"].values()
    assert os.getcwd() not in text
    assert f"/{getpass.getuser()}" not in text


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_headline_that_is_not_a_number_is_a_failure(bad):
    weekly = {"week": np.arange(3), "stability": np.array([0.5, bad, bad]), "satisfaction": np.full(3, 0.5)}
    with pytest.raises(FloatingPointError, match="stability is not a finite number from week 1 on"):
        replicate._refuse_nonsense(weekly)


# From here on, the real model.

YEAR = 52


@pytest.fixture(scope="module")
def alone():
    return simulate(small(weeks=YEAR), replicates=3)


def test_one_row_per_replicate_and_week_with_all_metrics(alone):
    from sim.metrics import METRICS

    assert len(alone.weekly) == 3 * YEAR
    assert list(alone.weekly.columns[:3]) == ["replicate", "seed", "week"]
    assert set(METRICS) <= set(alone.weekly.columns)
    assert alone.weekly["week"].tolist() == list(range(YEAR)) * 3
    for name, columns in {"districts": {"week", "district"}, "flows": {"week"}, "communities": {"year", "community"}}.items():
        table = alone.tables[name]
        assert {"replicate", *columns} <= set(table.columns), name
        assert set(table["replicate"]) == {0, 1, 2}


def test_processes_and_threads_change_nothing(alone):
    pooled = simulate(small(weeks=YEAR), replicates=3, workers=2)
    threaded = simulate(small(weeks=YEAR), replicates=3, threads=2)
    assert alone.content_hash == pooled.content_hash == threaded.content_hash
    for name, table in alone.tables.items():
        pd.testing.assert_frame_equal(table, pooled.tables[name])


def test_another_seed_or_policy_gives_another_hash(alone):
    hashes = {alone.content_hash, simulate(small(weeks=YEAR), seed=12, replicates=3).content_hash}
    hashes.add(simulate(small(weeks=YEAR).with_changes({"policy.rule_of_law": 0.2}), replicates=3).content_hash)
    assert len(hashes) == 3


def test_workers_that_find_other_sources_refuse_to_take_part(monkeypatch):
    monkeypatch.setattr(jobs, "source_hash", lambda: "what it was")
    with pytest.raises(RunsFailed, match="changed during the run"):
        simulate(small(), replicates=2, workers=2)


def test_how_often_progress_is_asked_for_changes_nothing(alone, monkeypatch):
    monkeypatch.setattr(advance, "STEP_SECONDS", 0.0)
    assert simulate(small(weeks=YEAR), replicates=3).content_hash == alone.content_hash
