"""The pool keeps every job's result, whatever happens to the others."""

import multiprocessing

import pool_jobs
import pytest

from sim.errors import UserError
from sim.experiments.runs.jobs import WAITING, failure, run_jobs


def results(function, jobs, workers=2, progress=None):
    return {outcome.job: outcome for outcome in run_jobs(function, jobs, workers, progress)}


def test_every_job_gives_its_result_and_tells_how_far_it_is():
    seen = []
    outcomes = results(pool_jobs.square, [2, 3, 4, 5], progress=seen.append)
    assert {job: o.value for job, o in outcomes.items()} == {0: 4, 1: 9, 2: 16, 3: 25}
    assert all(o.error is None for o in outcomes.values())
    assert all(len(state) == 4 and min(state) >= WAITING for state in seen)


def test_a_job_that_raises_is_recorded_and_the_others_are_kept():
    outcomes = results(pool_jobs.raise_on_two, range(5))
    assert outcomes[2].error == "ValueError: two is out of the question"
    assert "raise_on_two" in outcomes[2].details
    assert [o.value for job, o in sorted(outcomes.items()) if job != 2] == [0, 1, 3, 4]


def test_a_job_that_kills_its_worker_is_found_out_and_takes_no_other_with_it():
    outcomes = results(pool_jobs.kill_worker_on_three, range(6))
    assert "died twice" in outcomes[3].error
    assert [o.value for job, o in sorted(outcomes.items()) if job != 3] == [0, 1, 2, 4, 5]


def test_a_job_whose_worker_died_is_tried_once_more(tmp_path):
    outcomes = results(pool_jobs.kill_worker_once, [(i, str(tmp_path / "died")) for i in range(4)])
    assert [outcomes[i].value for i in range(4)] == [0, 1, 2, 3]
    assert (tmp_path / "died").exists()


def test_workers_leave_soon_when_nothing_waits_for_them(tmp_path):
    marker = tmp_path / "marker"
    stream = run_jobs(pool_jobs.count_slowly, [str(marker)], 1, lambda state: _interrupt_when(marker.exists()))
    with pytest.raises(KeyboardInterrupt):
        list(stream)
    assert marker.read_text() == "began"
    assert not multiprocessing.active_children()


def test_a_mistake_in_the_input_is_distinguished_from_a_failure_of_the_run():
    assert failure(0, UserError("no such preset")).mistake
    assert failure(0, UserError("no such preset")).error == "no such preset"
    assert not failure(0, ZeroDivisionError()).mistake
    assert failure(0, ZeroDivisionError()).error == "ZeroDivisionError"


def _interrupt_when(ready):
    if ready:
        raise KeyboardInterrupt
