"""A machine with no room for another process: one line, nothing that waits for ever, nothing left running."""

import concurrent.futures.process as process
import errno
import multiprocessing
import os
import resource
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pool_jobs
import pytest
from processes import environment, wait_until

from sim.errors import UserError
from sim.experiments.runs.jobs import run_jobs
from sim.experiments.runs.process_pool import ProcessPool
from sim.experiments.runs.start_processes import NO_START, NotStarted, end_now, make_room, unattended

SOON = 60.0
"""Seconds after which a test is taken to hang; what is tested takes one or two."""
STUDY = """schema: 1
name: tiny
scenario: baseline
set: {city.preset: synthetic, city.residents: 256, city.districts: 1}
horizon: 4
design: {kind: lhs, samples: 8, seed: 1}
factors: {stance.transparency: {low: 0, high: 1}}
outcomes: {satisfaction: end}
"""


@pytest.fixture
def starts(monkeypatch):
    """Lets a number of worker processes start, and refuses the next as a system at its limit does."""
    real = multiprocessing.context.SpawnProcess.start

    def allow(count):
        left = [count]

        def start(self):
            if left[0] == 0:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            left[0] -= 1
            real(self)

        monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", start)

    yield allow
    assert wait_until(lambda: not multiprocessing.active_children(), patience=SOON)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_pool_without_room_for_its_workers_says_so(starts, count):
    starts(count)
    with pytest.raises(NotStarted, match=r"cannot be started: Resource temporarily unavailable.*--workers.*ulimit"):
        list(run_jobs(pool_jobs.square, [1, 2, 3, 4], 3))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_so_do_the_workers_of_a_sweep(starts, count):
    starts(count)
    workers = ProcessPool(3, limit=10)
    try:
        for number in range(count):
            workers.submit(abs, number)
        with pytest.raises(NotStarted):
            workers.submit(abs, count)
    finally:
        workers.shutdown()


def test_what_is_done_is_kept_where_no_other_worker_starts(starts):
    """A job kills its worker, and no other worker can be started to retry it."""
    starts(1)
    outcomes = {outcome.job: outcome for outcome in run_jobs(pool_jobs.kill_worker_on_three, [0, 1, 2, 3], 1)}
    assert "cannot be started" in outcomes[3].error
    assert [outcomes[job].value for job in range(3)] == [0, 1, 2]


def test_a_pool_that_breaks_while_it_is_given_work_continues_with_another(monkeypatch):
    """A worker dies before the last job was handed out."""
    real, calls = ProcessPoolExecutor.submit, []

    def submit(self, *arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise process.BrokenProcessPool("A child process terminated abruptly")
        return real(self, *arguments)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    assert sorted(outcome.value for outcome in run_jobs(pool_jobs.square, [1, 2, 3, 4], 2)) == [1, 4, 9, 16]


@pytest.mark.parametrize("trouble", [OSError(errno.EMFILE, os.strerror(errno.EMFILE)), RuntimeError("can't start new thread")], ids=repr)
def test_no_thread_to_look_after_a_pool_is_reported_as_well(monkeypatch, trouble):
    def start(self):
        raise trouble

    monkeypatch.setattr(process._ExecutorManagerThread, "start", start)
    with pytest.raises(NotStarted):
        list(run_jobs(pool_jobs.square, [1, 2], 2))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_pool_whose_manager_died_is_given_up(monkeypatch):
    """It dies of the thread that it cannot start; what it was given would never be done."""

    def die(self):
        raise SystemExit

    workers = ProcessPool(1, limit=10)
    monkeypatch.setattr(process._ExecutorManagerThread, "add_call_item_to_queue", die)
    future = workers.submit(abs, -1)
    wait_until(lambda: unattended(workers._workers[0].executor), patience=SOON)
    workers.watch()
    assert isinstance(future.exception(timeout=SOON), process.BrokenProcessPool)
    workers.shutdown()
    outcomes = list(run_jobs(pool_jobs.square, [1], 1))
    assert str(NO_START) == outcomes[0].error


def test_ending_a_pool_takes_no_longer_than_its_workers_deaths():
    executor = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    future = executor.submit(pool_jobs.time.sleep, 600)
    end_now(executor)
    assert isinstance(future.exception(timeout=SOON), process.BrokenProcessPool)


def test_as_many_files_may_be_opened_as_workers_need():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
        make_room(8)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 200
        make_room(1)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("limit", "command"),
    [(40, ["sweep", "tiny.yaml"]), (26, ["run", "run.yaml", "--replicates", "12", "--no-report"])],
    ids=["sweep", "run"],
)
def test_few_open_files_end_a_command_in_one_line(command, limit, tmp_path):
    """As `ulimit -n 40` does; a hang would end the test."""
    (tmp_path / "tiny.yaml").write_text(STUDY)
    (tmp_path / "run.yaml").write_text("name: small\nhorizon: 4\ncity: {preset: synthetic, residents: 256, districts: 1}\n")
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *command, "--workers", "12", "--quiet"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=10 * SOON,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "ulimit -n" in done.stderr


def test_the_message_travels_from_a_worker():
    import pickle

    error = pickle.loads(pickle.dumps(NotStarted("Too many open files")))
    assert isinstance(error, UserError)
    assert "Too many open files" in str(error)
