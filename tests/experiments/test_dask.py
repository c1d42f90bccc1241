"""A sweep on a real Dask cluster of this machine: a scheduler and two workers in processes of their own."""

import signal

import pytest
from dask_cluster import cluster
from studies import SHARES, Here, study

from sim.errors import UserError
from sim.experiments.studies.study_result import read_study
from sim.experiments.studies.sweep import sweep

pytest.importorskip("distributed")
GROUPS = {"mix": {"shares": SHARES, "at_most": 0.6}}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine may answer late."""
    monkeypatch.setattr("sim.experiments.runs.dask_cluster.ANSWER_SECONDS", 60.0)


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("dask"), workers=2) as (address, _):
        yield address


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    return sweep(study(groups=GROUPS), tmp_path_factory.mktemp("alone"), executor=Here)


def test_the_same_rows_and_the_same_hash_as_on_this_machine_alone(dask, alone, tmp_path):
    result = sweep(study(groups=GROUPS, record="series"), tmp_path, dask=dask)
    assert result.complete
    assert result.content_hash == alone.content_hash
    assert len(result.series()) == 24 * 8


def test_what_a_pool_began_a_cluster_finishes(dask, alone, tmp_path):
    def stop(done, total):
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(study(groups=GROUPS), tmp_path, executor=Here, progress=stop)
    assert not read_study(tmp_path / "small").complete
    assert sweep(study(groups=GROUPS), tmp_path, dask=dask).content_hash == alone.content_hash


def test_workers_that_die_are_done_without(alone, tmp_path):
    with cluster(tmp_path, workers=2) as (address, processes):
        killed = []

        def kill_one(done, total):
            if done and not killed:
                processes[1].send_signal(signal.SIGKILL)
                killed.append(processes[1].pid)

        result = sweep(study(groups=GROUPS), tmp_path, dask=address, progress=kill_one)
    assert killed
    assert result.content_hash == alone.content_hash


def test_a_scheduler_without_workers_and_one_that_goes_are_reported_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.runs.dask_cluster.ANSWER_SECONDS", 10.0)
    with cluster(tmp_path, workers=0) as (address, _), pytest.raises(UserError, match="the scheduler has no workers"):
        sweep(study(), tmp_path / "out", dask=address)
    monkeypatch.setattr("sim.experiments.runs.dask_cluster.ANSWER_SECONDS", 2.0)
    with pytest.raises(UserError, match="no answer within") as error:
        sweep(study(), tmp_path / "out", dask=address)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_worker_with_another_version_of_the_model_is_refused(dask, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.studies.sweep.source_hash", lambda: "another")
    with pytest.raises(UserError, match="a different version of the model"):
        sweep(study(), tmp_path, dask=dask)
