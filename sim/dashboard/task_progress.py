"""A background task within the page: a button to start it, a progress bar, a button to stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara
from markupsafe import Markup

from sim.dashboard.parts import Fragment
from sim.dashboard.tasks import Task, TaskManager, Tick
from sim.messages import Message
from sim.report.text.catalogue import say

PAUSE = 0.15
"""Seconds before a task starts automatically: while a lever is dragged, the curves have priority."""


@dataclass
class TaskControl:
    """A task and its controls; `outdated` if it was started with another key than the current one."""

    task: Task | None
    outdated: bool
    start: Callable[[], None]
    stop: Callable[[], None]

    @property
    def result(self) -> Any:
        """Its result, or None until it is finished."""
        return self.task.result if self.task else None


def use_task(
    manager: TaskManager, name: str, key: Any, work: Callable[[Tick], Any], auto: bool = True, lasting: bool = False
) -> TaskControl:
    """The task of this name for `key`; another key needs a new task. A Solara hook.

    With `auto`, it starts automatically and is cancelled when its tab closes. Otherwise it starts on request and continues while other tabs
    are open; with `lasting`, also while levers are moved.
    """
    use_updates(manager, name)
    kept, task = manager.latest(name)
    if kept != key and not lasting:
        task = None

    def begin() -> Callable[[], None]:
        if manager.latest(name)[0] != key and not lasting:
            manager.stop(name)
            if auto:
                manager.start(name, key, work, after=PAUSE)
        return lambda: manager.stop(name) if auto else None

    solara.use_effect(begin, [key])
    outdated = task is not None and kept != key
    return TaskControl(task, outdated, lambda: manager.start(name, key, work, auto or lasting), lambda: manager.stop(name))


def use_updates(manager: TaskManager, name: str) -> None:
    """Redraw a component whenever a task of this name reports progress. A Solara hook."""
    _, redraw = solara.use_state(0)
    solara.use_effect(lambda: manager.listen(name, lambda: redraw(lambda count: count + 1)), [])


@solara.component
def Progress(control: TaskControl, lang: str, label: str = "go"):
    """Button, bar or message of a task that has no result yet."""
    task = control.task
    if task is None:
        html = Markup('<p class="doing"><button type="button" class="go" data-pick="start">{}</button></p>').format(say(label, lang))
    elif task.error:
        again = Markup('<p class="doing"><button type="button" data-pick="start">{}</button></p>').format(say("try_again", lang))
        error = task.error.text(lang) if isinstance(task.error, Message) else task.error
        html = Markup('<div class="message" role="alert"><pre>{}</pre></div>{}').format(error, again)
    else:
        share = task.done / task.total if task.total else 0.0
        bar = Markup('<progress max="1" value="{}"></progress> <span>{} %</span>').format(round(share, 3), round(100 * share))
        html = Markup('<p class="doing" role="status">{} <button type="button" data-pick="stop">{}</button></p>').format(
            bar, say("stop", lang)
        )

    def picked(data: dict) -> None:
        control.stop() if data["pick"] == "stop" else control.start()

    Fragment(html=html, event_picked=picked)
