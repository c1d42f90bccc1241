"""Work in the background: watched, given up with what it was for, and ended with its page."""

import threading

import pytest

from sim.dashboard.tasks import Keeper, Task

WAIT = 30


def ended(keeper, name):
    """Whether the latest task of a name has come to its end."""
    task = keeper.latest(name)[1]
    return task is not None and not task.running


@pytest.fixture
def keeper():
    kept = Keeper()
    yield kept
    kept.close()


class Endless:
    """Work that goes on until it is cancelled, and says so."""

    def __init__(self):
        self.begun, self.ended = threading.Event(), threading.Event()

    def __call__(self, tick):
        try:
            while True:
                tick(1, 2)
                self.begun.set()
        finally:
            self.ended.set()


def test_result_and_error_are_kept_and_told(keeper):
    told = threading.Event()
    for name, work, found in (
        ("good", lambda tick: 7, (7, "")),
        ("bad", lambda tick: 1 / 0, (None, "ZeroDivisionError: division by zero")),
    ):
        told.clear()
        deaf = keeper.listen(name, lambda name=name: told.set() if ended(keeper, name) else None)
        keeper.start(name, "key", work)
        assert told.wait(WAIT)
        key, task = keeper.latest(name)
        assert (key, task.result, task.error) == ("key", *found)
        deaf()


def test_new_task_ends_the_one_before_it(keeper):
    first, second = Endless(), Endless()
    keeper.start("name", 1, first)
    assert first.begun.wait(WAIT)
    keeper.start("name", 2, second)
    assert first.ended.wait(WAIT)
    assert second.begun.wait(WAIT)
    assert keeper.latest("name")[0] == 2


def test_moving_a_lever_gives_up_what_does_not_last(keeper):
    lasting, other = Endless(), Endless()
    keeper.start("lasting", 1, lasting)
    keeper.start("other", 1, other, lasting=False)
    assert lasting.begun.wait(WAIT)
    assert other.begun.wait(WAIT)
    keeper.moved()
    assert other.ended.wait(WAIT)
    assert keeper.latest("other") == (None, None)
    assert keeper.latest("lasting")[1].running


def test_result_stays_when_it_is_stopped(keeper):
    done = threading.Event()
    keeper.listen("name", done.set)
    keeper.start("name", 1, lambda tick: "found")
    keeper.latest("name")[1].join(WAIT)
    keeper.stop("name")
    assert keeper.latest("name")[1].result == "found"


def test_closing_ends_everything_and_nothing_begins_any_more(keeper):
    works = [Endless() for _ in range(3)]
    for place, work in enumerate(works):
        keeper.start(str(place), 1, work)
        assert work.begun.wait(WAIT)
    keeper.close()
    assert all(work.ended.wait(WAIT) for work in works)
    late = Endless()
    keeper.start("late", 1, late)
    assert keeper.latest("late") == (None, None)
    assert not late.begun.is_set()


def test_task_that_waits_and_is_cancelled_never_begins():
    work = Endless()
    task = Task(work, lambda: None, after=WAIT)
    task.cancel()
    task.join(WAIT)
    assert not work.begun.is_set()
    assert not task.running
