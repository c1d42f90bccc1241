"""The scenario's own city, simulated in the background while the page stays responsive."""

import numpy as np
import solara
from markupsafe import Markup

from sim.dashboard import charts, summary
from sim.dashboard.engine import Frame, Request
from sim.dashboard.parts import Fragment
from sim.dashboard.small_city import metrics_of_records
from sim.dashboard.task_progress import Progress, use_task
from sim.dashboard.tasks import Tick
from sim.metrics.record import Record
from sim.report.text.catalogue import say
from sim.simulation import Simulation

TASK = "city"
RUNS = 4
CHUNK = 4
"""Weeks between two checks for cancellation."""


def run_whole(cache, yours, baseline, tick: Tick) -> Frame:
    """Both policies in the scenario's own city, with common random numbers, over worlds if there are any."""
    runs = min(RUNS, cache.places.count(baseline)) or RUNS
    total = 2 * runs * yours.horizon
    done = 0
    kept: dict[str, list[np.ndarray]] = {"yours": [], "baseline": []}
    for run in range(runs):
        pair = [Simulation(*cache.places.of(scenario, run)) for scenario in (yours, baseline)]
        for week in range(0, yours.horizon, CHUNK):
            weeks = min(CHUNK, yours.horizon - week)
            list(cache.pool.map(lambda simulation, weeks=weeks: simulation.advance(weeks), pair))
            done += 2 * weeks
            tick(done, total)
        for name, simulation in zip(kept, pair):
            kept[name] += metrics_of_records([Record(simulation, districts=False)])
    worlds = runs if cache.places.count(baseline) else 0
    return Frame(Request(yours, baseline, runs, 0, worlds), *(np.stack(parts, axis=2) for parts in kept.values()))


@solara.component
def WholeCity(state):
    """Button, progress, and the curves of the whole city."""
    view, lang = state.view.value, state.look.value.lang
    yours, baseline = view.yours, view.reference
    key = (yours.hash, baseline.hash, yours.seed)
    control = use_task(state.tasks, TASK, key, lambda tick: run_whole(state.cache, yours, baseline, tick), auto=False, lasting=True)
    about = say("city_note", lang, residents=f"{yours.city.population:,}", runs=RUNS)
    Fragment(html=Markup('<h3>{}</h3><p class="note">{}</p>').format(say("city_title", lang), about))
    if control.outdated:
        again = Markup('<button type="button" data-pick="again">{}</button>').format(say("city_again", lang))
        html = Markup('<p class="old" role="status">{} {}</p>').format(say("city_old", lang), again)
        Fragment(html=html, event_picked=lambda _: control.start())
    if control.result is None:
        Progress(control, lang, "city_go")
    else:
        Fragment(html=_city(control.result, lang))


def _city(frame: Frame, lang: str) -> Markup:
    big = Markup("").join(charts.chart(name, frame, None, lang, big=True) for name in summary.in_group("headline"))
    note = charts.band_note(frame, lang)
    return Markup('{}<div class="cards">{}</div><div class="big">{}</div><p class="note">{}</p>{}').format(
        charts.legend(lang, False, charts.band_name(frame, lang)),
        summary.cards(frame, lang),
        big,
        note,
        summary.numbers(frame, "price", lang),
    )
