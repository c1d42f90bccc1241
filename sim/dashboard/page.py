"""The state of one open page: its view, its curves, and the reactions to controls."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import solara

from sim.dashboard.engine import DRAG, SETTLED, CurveEngine, Frame
from sim.dashboard.session import ScenarioFolder, View, check_rules, joined, view_of
from sim.dashboard.slider_colours import colours
from sim.dashboard.small_city import CurveCache
from sim.dashboard.tasks import TaskManager, Tick
from sim.errors import UserError
from sim.messages import Message, Words
from sim.report.text.catalogue import say


class Look(NamedTuple):
    """How a view is shown. Separate from the view, so that moving a lever redraws only the lever and the curves."""

    source: str
    lang: str
    tab: str
    group: str

    @classmethod
    def of(cls, view: View) -> "Look":
        """The look of a view."""
        return cls(view.source, view.lang, view.tab, view.group)


class Page:
    """One open page. The cache of curves and the folder of scenarios are shared by all pages.

    Parameters
    ----------
    cache : CurveCache
    scenarios : ScenarioFolder
    default : View
        The view for everything that the link does not state.
    query : str
        The query of the link that opened the page.
    """

    def __init__(self, cache: CurveCache, scenarios: ScenarioFolder, default: View, query: str):
        self.cache, self.scenarios, self.default = cache, scenarios, default
        self.message = solara.Reactive("")
        self.frame: solara.Reactive[Frame | None] = solara.Reactive(None)
        self.before: Frame | None = None
        self.tracks: solara.Reactive[dict[str, str]] = solara.Reactive({})
        self._resting = True
        self._lock = threading.Lock()
        self.tasks = TaskManager()
        view = default
        try:
            view = view_of(query, scenarios, default)
        except UserError as error:
            self.message.set(f"{say('not_loaded', default.lang)}\n{error.message.text(default.lang)}")
        self.view = solara.Reactive(view)
        self.look: solara.Reactive[Look] = solara.Reactive(Look.of(view))
        self.address = solara.Reactive(view.query())
        self.engine = CurveEngine(cache, self.frame.set, self._failed, self._rest)
        self._ask(view, SETTLED)

    def move(self, key: str, value: Any, settled: bool) -> None:
        """Move a control; while it moves, only the first few runs are requested."""
        try:
            view = self.now.move(key, value)
            check_rules(view, self.default)
        except UserError as error:
            self.message.set(f"{say('not_possible', self.now.lang)}\n{error.message.text(self.now.lang)}")
            return
        self._show(view, SETTLED if settled else DRAG)

    def replace_changes(self, changes: dict[str, Any]) -> None:
        """Set several keys at once, as for a selected mix."""
        try:
            view = replace(self.now, changes=joined(self.now.changes, changes))
            _ = view.yours
        except UserError as error:
            self.message.set(f"{say('not_possible', self.now.lang)}\n{error.message.text(self.now.lang)}")
            return
        self._show(view, SETTLED)

    def reset(self) -> None:
        """Back to the baseline."""
        self._show(self.now.reset(), SETTLED)

    def show(self, **changes: Any) -> None:
        """Change how things are shown: language, tab, group."""
        view = replace(self.now, **changes)
        self._set(view)
        if "both" in changes:
            self._ask(view, SETTLED)

    @property
    def now(self) -> View:
        """The current view, without subscribing to its changes."""
        return self.view.peek()

    def load(self, name: str) -> None:
        """Load a scenario of the folder as the new baseline."""
        self._take(lambda: (name, self.scenarios.load(name)))

    def opened(self, name: str, text: str) -> None:
        """Load the text of a file that the user opened."""

        def read():
            scenario = self.scenarios.read(name, text)
            return scenario.name, scenario

        self._take(read)

    def save(self, name: str) -> None:
        """Save your scenario in the folder."""
        try:
            self.message.set(say("saved", self.now.lang, name=self.scenarios.save(name, self.now)))
        except UserError as error:
            self.message.set(error.message.text(self.now.lang))

    def close(self) -> None:
        """Stop all computations of the page."""
        self.engine.close()
        self.tasks.close()

    def _take(self, read: Callable[[], tuple[str, Any]]) -> None:
        try:
            source, scenario = read()
            view = replace(self.now, source=source, baseline=scenario, changes={})
            check_rules(view, self.default)
            _ = view.small_pair
        except UserError as error:
            self.message.set(f"{say('not_loaded', self.now.lang)}\n{error.message.text(self.now.lang)}")
            return
        self.before = None
        self._resting = False
        self._show(view, SETTLED, compare=False)

    def _show(self, view: View, goal: int, compare: bool = True) -> None:
        with self._lock:
            if compare and self._resting:
                self.before = self.frame.peek()
            self._resting = goal > DRAG
        self.tasks.moved()
        self._ask(view, goal)  # first, so that the simulation runs while the page is drawn
        self.message.set("")
        self._set(view, moving=goal == DRAG)
        if goal > DRAG:
            self.tracks.set({})

    def _set(self, view: View, moving: bool = False) -> None:
        self.view.set(view)
        self.look.set(Look.of(view))
        if not moving:
            self.address.set(view.query())

    def _ask(self, view: View, goal: int) -> None:
        try:
            yours, baseline = view.small_pair
        except UserError as error:
            self._failed(error.message)
            return
        self.engine.ask(yours, baseline, goal)

    def _failed(self, message: Words) -> None:
        shown = message.text(self.now.lang) if isinstance(message, Message) else message
        self.message.set(f"{say('failed', self.now.lang)} {shown}")

    def _rest(self, frame: Frame, tick: Tick) -> None:
        for found in colours(self.cache, frame, self.now, tick):
            self.tracks.set(found)
