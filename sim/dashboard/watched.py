"""A background task within the page: a button to start, a bar while it works, a button to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara
from markupsafe import Markup

from sim.dashboard.parts import Fragment
from sim.dashboard.tasks import Task, Tick
from sim.dashboard.words import say


@dataclass
class Watched:
    """A task and what the page may do with it."""

    task: Task | None
    start: Callable[[], None]

    @property
    def result(self) -> Any:
        """Its result once it is there."""
        return self.task.result if self.task else None


def use_task(key: Any, work: Callable[[Tick], Any], auto: bool = True) -> Watched:
    """A task that belongs to `key`: another key cancels it, and starts anew where `auto`.

    Call from a Solara component, as any hook.
    """
    asked, ask = solara.use_state((None, 0))
    _, redraw = solara.use_state(0)
    held: Any = solara.use_ref(None)
    attempt = asked[1] if asked[0] == key else 0
    begin = auto or attempt > 0

    def run() -> Callable[[], None] | None:
        held.current = Task(work, lambda: redraw(lambda count: count + 1)) if begin else None
        redraw(lambda count: count + 1)
        return held.current.cancel if held.current else None

    solara.use_effect(run, [key, begin, attempt])
    return Watched(held.current, lambda: ask((key, attempt + 1)))


@solara.component
def Progress(watched: Watched, lang: str, label: str = "start"):
    """Button, bar or message of a task; nothing when it is done."""
    task = watched.task
    if task is None:
        html = Markup('<p><button type="button" class="go" data-pick="start">{}</button></p>').format(say(label, lang))
    elif task.error:
        html = Markup('<div class="message" role="alert"><pre>{}</pre></div>').format(task.error)
    elif task.running:
        share = task.done / task.total if task.total else 0.0
        bar = Markup('<progress max="1" value="{}"></progress> <span>{} %</span>').format(round(share, 3), round(100 * share))
        html = Markup('<p class="doing" role="status">{} <button type="button" data-pick="stop">{}</button></p>').format(
            bar, say("stop", lang)
        )
    else:
        html = Markup("")
    if task is not None and task.cancelled:
        html = Markup('<p><button type="button" class="go" data-pick="start">{}</button></p>').format(say("start", lang))

    def picked(data: dict) -> None:
        if data["pick"] == "stop" and task is not None:
            task.cancel()
        else:
            watched.start()

    Fragment(html=html, event_picked=picked)
