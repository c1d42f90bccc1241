"""The engine behind the curves: it serves the newest request, cancels outdated ones, and adds replicates while the page is idle.

Requests are numbered by generation. The first few seeds of a request are always finished, so that something is drawn however fast a lever
moves; the rest is cancelled as soon as there is a newer request.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.dashboard.places import FEW, MANY
from sim.dashboard.small_city import NAMES, CurveCache
from sim.dashboard.tasks import Cancelled, Tick
from sim.errors import UserError
from sim.messages import Words
from sim.scenario import Scenario

DRAG, SETTLED, IDLE = FEW, MANY, 200
"""Runs while a lever moves, after it is released, and once the page is idle; over worlds, no more than there are."""
STEPS = (DRAG, 20, SETTLED)
IDLE_STEP = 10
REST = 0.6
"""Seconds without input after which the page counts as idle."""


@dataclass(frozen=True)
class Request:
    """What to draw: two policies in the small city with common random numbers, up to `goal` runs each, in `worlds` plausible worlds (0:
    in the default one)."""

    yours: Scenario
    baseline: Scenario
    goal: int
    generation: int
    worlds: int = 0


@dataclass(frozen=True, eq=False)
class Frame:
    """The curves computed so far; arrays have the shape (metrics, weeks, runs), in the order of `NAMES`."""

    request: Request
    yours: np.ndarray = field(repr=False)
    baseline: np.ndarray = field(repr=False)

    @property
    def done(self) -> int:
        """Runs so far."""
        runs = min(self.yours.shape[2], self.baseline.shape[2])
        return min(runs, self.request.worlds) if self.request.worlds else runs

    def of(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """A metric under your policy and under the baseline, for the same seeds, each of shape (weeks, runs)."""
        row = NAMES.index(name)
        return self.yours[row, :, : self.done], self.baseline[row, :, : self.done]


class CurveEngine:
    """Serves one page: its own thread takes the newest request and shows frames as they are computed.

    Parameters
    ----------
    cache : CurveCache
        Shared by all pages.
    show : callable
        Called with every `Frame`, in the engine's thread.
    fail : callable
        Called with the message if a request fails.
    rest : callable, optional
        Called with the last frame and a `Tick` when the page is idle; the tick raises `Cancelled` once there is a newer request.
    """

    def __init__(
        self,
        cache: CurveCache,
        show: Callable[[Frame], None],
        fail: Callable[[Words], None],
        rest: Callable[[Frame, Tick], None] | None = None,
    ):
        self.cache, self.show, self.fail, self.rest = cache, show, fail, rest
        self._news = threading.Condition()
        self._request: Request | None = None
        self._generation = 0
        self._served = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, daemon=True, name="curve-engine")
        self._thread.start()

    def ask(self, yours: Scenario, baseline: Scenario, goal: int = SETTLED) -> int:
        """Request the curves of two small scenarios; earlier requests are cancelled.

        Returns
        -------
        int
            Generation of the request.
        """
        worlds = self.cache.places.count(baseline)
        goal = min(goal, worlds) if worlds else goal
        with self._news:
            self._generation += 1
            self._request = Request(yours, baseline, goal, self._generation, worlds)
            self._news.notify_all()
            return self._generation

    def close(self) -> None:
        """Stop for good."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._closed or self._generation > self._served)
                if self._closed or self._request is None:
                    return
                request = self._request
                self._served = request.generation
            try:
                self._serve(request)
            except UserError as error:
                self.fail(error.message)
            except Exception as error:  # shown on the page; the next request is still served
                if not self._closed:
                    self.fail(f"{type(error).__name__}: {error}")

    def _serve(self, request: Request) -> None:
        try:
            self._fill(request)
        except Cancelled:
            return  # there is a newer request

    def _fill(self, request: Request) -> None:
        frame = None
        for count in [*(step for step in STEPS if step < request.goal), request.goal]:
            if frame is not None and self._stale(request):
                return
            frame = self._frame(request, count)
        if frame is None or request.goal <= DRAG or not self._rested(request):
            return
        if self.rest is not None:
            self.rest(frame, self._ticking(request))
        for count in () if request.worlds else range(SETTLED + IDLE_STEP, IDLE + 1, IDLE_STEP):
            if self._stale(request):
                return
            self._frame(request, count)

    def _frame(self, request: Request, count: int) -> Frame | None:
        yours, baseline = self.cache.curves([request.yours, request.baseline], count, None if count <= DRAG else self._ticking(request))
        frame = Frame(request, yours, baseline)
        if frame.done > count > DRAG:
            return frame  # shown already, at an earlier step
        self.show(frame)
        return frame

    def _ticking(self, request: Request) -> Tick:
        def tick(done: int, total: int) -> None:
            if self._stale(request):
                raise Cancelled

        return tick

    def _stale(self, request: Request) -> bool:
        with self._news:
            return self._closed or self._generation > request.generation

    def _rested(self, request: Request) -> bool:
        """Wait for a while; True if there was no newer request."""
        with self._news:
            return not self._news.wait_for(lambda: self._closed or self._generation > request.generation, REST)
