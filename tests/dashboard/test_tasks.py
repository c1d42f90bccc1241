"""Background tasks: progress, cancellation when outdated, and the end with the page."""

import threading

import pytest

from sim.dashboard.tasks import Task, TaskManager

WAIT = 30


def ended(manager, name):
    """Whether the latest task of a name has come to its end."""
    task = manager.latest(name)[1]
    return task is not None and not task.running


@pytest.fixture
def manager():
    kept = TaskManager()
    yield kept
    kept.close()


class Endless:
    """Work that runs until it is cancelled, and records this."""

    def __init__(self):
        self.begun, self.ended = threading.Event(), threading.Event()

    def __call__(self, tick):
        try:
            while True:
                tick(1, 2)
                self.begun.set()
        finally:
            self.ended.set()


def test_result_and_error_are_kept_and_reported(manager):
    notified = threading.Event()
    for name, work, found in (
        ("good", lambda tick: 7, (7, "")),
        ("bad", lambda tick: 1 / 0, (None, "ZeroDivisionError: division by zero")),
    ):
        notified.clear()
        unsubscribe = manager.listen(name, lambda name=name: notified.set() if ended(manager, name) else None)
        manager.start(name, "key", work)
        assert notified.wait(WAIT)
        key, task = manager.latest(name)
        assert (key, task.result, task.error) == ("key", *found)
        unsubscribe()


def test_new_task_ends_the_one_before_it(manager):
    first, second = Endless(), Endless()
    manager.start("name", 1, first)
    assert first.begun.wait(WAIT)
    manager.start("name", 2, second)
    assert first.ended.wait(WAIT)
    assert second.begun.wait(WAIT)
    assert manager.latest("name")[0] == 2


def test_moving_a_lever_gives_up_what_does_not_last(manager):
    lasting, other = Endless(), Endless()
    manager.start("lasting", 1, lasting)
    manager.start("other", 1, other, lasting=False)
    assert lasting.begun.wait(WAIT)
    assert other.begun.wait(WAIT)
    manager.moved()
    assert other.ended.wait(WAIT)
    assert manager.latest("other") == (None, None)
    assert manager.latest("lasting")[1].running


def test_result_stays_when_it_is_stopped(manager):
    done = threading.Event()
    manager.listen("name", done.set)
    manager.start("name", 1, lambda tick: "found")
    manager.latest("name")[1].join(WAIT)
    manager.stop("name")
    assert manager.latest("name")[1].result == "found"


def test_closing_ends_everything_and_nothing_begins_any_more(manager):
    works = [Endless() for _ in range(3)]
    for place, work in enumerate(works):
        manager.start(str(place), 1, work)
        assert work.begun.wait(WAIT)
    manager.close()
    assert all(work.ended.wait(WAIT) for work in works)
    late = Endless()
    manager.start("late", 1, late)
    assert manager.latest("late") == (None, None)
    assert not late.begun.is_set()


def test_task_that_waits_and_is_cancelled_never_begins():
    work = Endless()
    task = Task(work, lambda: None, after=WAIT)
    task.cancel()
    task.join(WAIT)
    assert not work.begun.is_set()
    assert not task.running
