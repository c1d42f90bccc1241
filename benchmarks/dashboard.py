"""Measure how fast the dashboard responds: `python -m benchmarks.dashboard`. Wall time and processor time.

While a lever is dragged, 4 runs of both policies are computed; after it is released, 60; on an idle page, 200. Wall time on a busy machine
means little; processor time divided by two cores is what an idle machine can be expected to need.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable

import click
import numpy as np

from benchmarks import machine
from benchmarks.table import number, table

DRAGS, RELEASES = 40, 5
LOW, HIGH, STEP = 0.10, 0.30, 0.01
"""Shares to which the lever of law is moved, and the step of its slider, which rounds to it."""
TARGET = 0.6
"""Target of stability for the search of the cheapest mix, high enough that every mix is tried."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
IN_PAGE = """async ([shares, event, runs]) => {
  const slider = document.querySelector("[data-key='policy.rule_of_law']"), taken = [];
  const line = () => document.querySelector("[data-metric=stability] path.yours:not(.band)").getAttribute("d");
  const done = () => +document.querySelector(".filling").dataset.done;
  for (const share of shares) {
    const before = line(), start = performance.now();
    slider.value = share;
    slider.dispatchEvent(new Event(event));
    while ((line() === before || done() < runs) && performance.now() - start < 20000) await new Promise((r) => setTimeout(r, 1));
    await new Promise((r) => requestAnimationFrame(r));
    taken.push(performance.now() - start);
  }
  return taken;
}"""


class Stopwatch:
    """An engine whose frames are timed and drawn as the page draws them."""

    def __init__(self):
        import threading

        from sim.dashboard.engine import CurveEngine
        from sim.dashboard.session import View
        from sim.dashboard.small_city import CurveCache
        from sim.scenario import load_scenario

        self.view = View("baseline", load_scenario("baseline"))
        self.cache, self.news, self.frame = CurveCache(), threading.Condition(), None
        self.engine = CurveEngine(self.cache, self._show, self._fail)

    def _show(self, frame) -> None:
        from sim.dashboard import app, page, summary

        app._curves(frame, None, page.Look.of(self.view))
        summary.cards(frame, "en")
        with self.news:
            self.frame = frame
            self.news.notify_all()

    @staticmethod
    def _fail(why: object) -> None:
        sys.exit(str(why))

    def until(self, share: float, goal: int, runs: int) -> tuple[float, float]:
        """Wall and processor milliseconds from moving a lever until `runs` runs are drawn."""
        wall, work = time.perf_counter(), time.process_time()
        yours, baseline = self.view.move("policy.rule_of_law", share).small_pair
        asked = self.engine.ask(yours, baseline, goal)
        with self.news:
            self.news.wait_for(lambda: self.frame and self.frame.request.generation == asked and self.frame.done >= runs)
        return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - work)


def engine_figures(drags: int, releases: int, idle: bool) -> dict[str, np.ndarray]:
    """Rows of (wall, processor) milliseconds of every response, by kind of request."""
    from sim.dashboard.engine import DRAG, IDLE, SETTLED

    watch = Stopwatch()
    try:
        watch.until(0.3, SETTLED, SETTLED)  # compiles the kernels and caches the baseline
        shares = np.linspace(LOW, HIGH, drags + releases + 1, endpoint=False).round(4)
        found = {f"drag, {DRAG} runs": [watch.until(float(share), DRAG, DRAG) for share in shares[:drags]]}
        found[f"let go, {SETTLED} runs"] = [watch.until(float(share), SETTLED, SETTLED) for share in shares[drags:-1]]
        if idle:
            found[f"at rest, {IDLE} runs of both"] = [watch.until(float(shares[-1]), SETTLED, IDLE)]
    finally:
        watch.engine.close()
        watch.cache.close()
    return {what: np.array(rows) for what, rows in found.items()}


def rest_figures() -> dict[str, np.ndarray]:
    """Rows of (wall, processor) milliseconds of the computations beside the curves for one policy, each with an empty cache."""
    from sim.dashboard import mix, uncertainty, why_changed
    from sim.dashboard.engine import SETTLED
    from sim.dashboard.session import View
    from sim.dashboard.small_city import CurveCache
    from sim.scenario import load_scenario

    view = View("baseline", load_scenario("baseline")).move("policy.rule_of_law", 0.2)
    yours, reference = view.move("policy.self_governance", 0.25).move("policy.moral_education", 0.05).small_pair
    work = {
        f"shares of three levers, 8 mixes x {SETTLED} runs": lambda cache: why_changed.divide(cache, yours, reference),
        f"ternary map, {len(mix.simplex(mix.STEPS))} mixes x {mix.RUNS[0]} runs": lambda cache: mix.fill(cache, yours, mix.RUNS[:1]),
        f"ternary map filled in, x {mix.RUNS[-1]} runs": lambda cache: mix.fill(cache, yours, mix.RUNS),
        f"cheapest mix, stability of {TARGET} at least": lambda cache: mix.seek(cache, yours, TARGET),
        f"tornado of {len(uncertainty.assumptions(yours))} assumptions": lambda cache: uncertainty.tornado(
            cache, yours, reference, "stability"
        ),
    }
    found = {}
    for what, compute in work.items():
        cache = CurveCache()
        wall, spent = time.perf_counter(), time.process_time()
        try:
            compute(cache)
        finally:
            cache.close()
        found[what] = np.array([(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - spent))])
    return found


def page_figures(drags: int, releases: int) -> dict[str, np.ndarray]:
    """Milliseconds from moving a slider in the page until the new curve is drawn, by kind of request; nothing without a browser."""
    from sim.dashboard.engine import DRAG, SETTLED

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        browser = None
    if browser is None:
        return {}
    command = [sys.executable, "-m", "sim.cli", "dashboard", "--no-open", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = next(line.split()[0] for line in process.stdout if line.startswith("http"))  # type: ignore[union-attr]
            with sync_playwright() as p:
                opened = p.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
                page = opened.new_page(viewport={"width": 1280, "height": 900})
                page.goto(address)
                page.wait_for_function(f"() => +(document.querySelector('.filling')?.dataset.done || 0) >= {SETTLED}", timeout=120_000)
                steps = round((HIGH - LOW) / STEP)
                there_and_back = np.abs(np.arange(drags + releases) % (2 * steps) - steps)  # every move is a step: every picture differs
                shares = (HIGH - STEP * there_and_back).round(4).tolist()
                return {
                    f"drag in the browser, {DRAG} runs": np.array(page.evaluate(IN_PAGE, [shares[:drags], "input", DRAG])),
                    f"let go in the browser, {SETTLED} runs": np.array(page.evaluate(IN_PAGE, [shares[drags:], "change", SETTLED])),
                }
        finally:
            process.terminate()


def rows(found: dict[str, np.ndarray], page: dict[str, np.ndarray]) -> list[tuple[str, ...]]:
    """Lines of the report: median and 95th percentile of wall time, and median processor time."""
    lines = []
    for what, taken in found.items():
        wall, work = taken.T
        lines.append(
            (what, *(f"{number(float(value))} ms" for value in (np.median(wall), np.percentile(wall, 95), np.median(work))), str(len(wall)))
        )
    for what, wall in page.items():
        lines.append((what, *(f"{number(float(np.percentile(wall, q)))} ms" for q in (50, 95)), "", str(len(wall))))
    return lines


@click.command()
@click.option("--drags", default=DRAGS, show_default=True, help="Moves of a lever.")
@click.option("--releases", default=RELEASES, show_default=True, help="Times that it is let go.")
@click.option("--no-idle", is_flag=True, help="Leave out the 200 runs.")
@click.option("--no-rest", is_flag=True, help="Leave out what is computed beside the curves.")
@click.option("--no-browser", is_flag=True, help="Leave out the page.")
def main(drags: int, releases: int, no_idle: bool, no_rest: bool, no_browser: bool, say: Callable[[str], None] = click.echo) -> None:
    """Measure how fast the dashboard responds."""
    say(table("Machine", ("what", "value"), machine.describe().items()))
    found = engine_figures(drags, releases, not no_idle)
    page = {} if no_browser else page_figures(drags, releases)
    heads = ("what", "median", "95th percentile", "processor time", "n")
    say(table("From moving a lever to what is drawn", heads, rows(found, page)))
    if not no_rest:
        say(table("Beside the curves, once each", heads, rows(rest_figures(), {})))


if __name__ == "__main__":
    main()
