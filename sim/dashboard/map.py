"""Map and weeks: communities as circles, coloured by a measure, while the city lives week by week under both policies."""

import threading
import time

import numpy as np
import solara
from markupsafe import Markup

from sim.city.community import COUNTS
from sim.dashboard.living import BOTH, MEANS, MEASURES, Living, watchable
from sim.dashboard.markup import choice, ramp, row, table
from sim.dashboard.parts import Fragment
from sim.dashboard.summary import YEAR
from sim.dashboard.watched import Progress, use_task
from sim.dashboard.words import metric_title, say
from sim.report.labels import METRIC

FRAME = 0.08
"""Seconds between two pictures while it plays."""
WEEKS_A_FRAME = 2
SIZE = (560, 420)
POLICIES = {"yours": "yours", "baseline": "baseline", "difference": "yours_minus"}
RAMP = ((237, 243, 248), (158, 202, 225), (66, 146, 198), (8, 69, 148))
DIVERGING = ((179, 88, 6), (247, 247, 247), (8, 81, 156))


@solara.component
def Map(state):
    """The map with its buttons."""
    view, lang = state.view.value, state.look.value.lang
    yours, baseline = view.yours, view.usual
    key = (yours.hash, baseline.hash, baseline.seed)
    watched = use_task(key, lambda tick: _made(yours, baseline, tick))
    Progress(watched, lang)
    if watched.result is not None:
        Playing(watched.result, lang)


def _made(yours, baseline, tick) -> Living:
    small = watchable(baseline)
    living = Living(yours.with_changes({"city": small.city.as_data(texts=False)}), small, baseline.seed)
    living.advance(1)
    tick(1, 1)
    return living


@solara.component
def Playing(living: Living, lang: str):
    """The map of a living city, with play, pause and step."""
    week, set_week = solara.use_state(living.week)
    measure, set_measure = solara.use_state(MEASURES[0])
    which, set_which = solara.use_state("yours")
    place, set_place = solara.use_state(-1)
    playing, set_playing = solara.use_state(False)
    set_week(living.week)

    def play():
        if not playing:
            return None
        stopped = threading.Event()

        def run() -> None:
            while not stopped.is_set() and living.week < living.horizon:
                started = time.monotonic()
                living.advance(WEEKS_A_FRAME)
                set_week(living.week)
                stopped.wait(max(0.01, FRAME - (time.monotonic() - started)))
            if not stopped.is_set():
                set_playing(False)

        threading.Thread(target=run, daemon=True, name="playing").start()
        return stopped.set

    solara.use_effect(play, [playing, living])

    def picked(data: dict) -> None:
        pick = data["pick"]
        if pick == "play":
            set_playing(not playing)
        elif pick in ("step", "step_year"):
            set_playing(False)
            living.advance(1 if pick == "step" else YEAR)
            set_week(living.week)
        elif pick == "measure":
            set_measure(data["value"])
        elif pick == "which":
            set_which(data["value"])
        elif pick.startswith("place:"):
            set_place(int(pick.partition(":")[2]))

    Fragment(html=_buttons(living, playing, measure, which, lang), event_picked=picked)
    Fragment(
        html=solara.use_memo(lambda: _picture(living, measure, which, place, lang), [living, week, measure, which, place, lang]),
        event_picked=picked,
    )


def _buttons(living: Living, playing: bool, measure: str, which: str, lang: str) -> Markup:
    model = living.models["yours"]
    about = say("one_city", lang, seed=model.seed, residents=f"{len(model.residents):,}")
    buttons = [("play", "pause" if playing else "play"), ("step", "step"), ("step_year", "step_year")]
    ended = living.week >= living.horizon
    html = Markup("").join(
        Markup('<button type="button" data-pick="{}"{}>{}</button> ').format(pick, Markup(" disabled") if ended else "", say(word, lang))
        for pick, word in buttons
    )
    return Markup('<p class="note">{}</p><div class="pills">{}{}{}</div>').format(
        about,
        html,
        choice("measure", say("measure", lang), [(name, measure_title(name, lang)) for name in MEASURES], measure),
        choice("which", say("which", lang), [(name, say(word, lang)) for name, word in POLICIES.items()], which),
    )


def measure_title(name: str, lang: str) -> str:
    """Words for a measure of a community."""
    return metric_title(name, lang) if name in METRIC else COUNTS.get(name, name).capitalize()


def _picture(living: Living, measure: str, which: str, place: int, lang: str) -> Markup:
    values = living.measure(measure, "yours" if which == "difference" else which)
    if which == "difference":
        values = values - living.measure(measure, "baseline")
    low, high = _range(values, measure, which)
    circles = _circles(living, values, low, high, place, which, lang)
    unit = say("mean_adults" if measure in MEANS else "per_year", lang)
    bar = ramp(_short(low), _short(high), DIVERGING if which == "difference" else RAMP, unit)
    title = say("week_of", lang, week=living.week, weeks=living.horizon)
    svg = Markup('<svg class="chart map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        *SIZE, measure_title(measure, lang), circles
    )
    return Markup('<div class="map-page"><div><p class="week"><b>{}</b></p>{}{}</div>{}</div>').format(
        title, svg, bar, _numbers(living, place, lang)
    )


def _range(values: np.ndarray, measure: str, which: str) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    if which == "difference":
        most = max(float(np.abs(known).max()), 1e-3)
        return -most, most
    if measure in MEANS:
        return float(np.floor(known.min() * 20) / 20), float(np.ceil(known.max() * 20 + 1e-9) / 20)
    return 0.0, max(float(known.max()), 1e-3)


def _circles(living: Living, values, low: float, high: float, chosen: int, which: str, lang: str) -> Markup:
    places = living.communities
    x, y = places["x"].astype(float), -places["y"].astype(float)
    span = max(float(np.ptp(x)), float(np.ptp(y)) * SIZE[0] / SIZE[1], 1e-6)
    grow = (SIZE[0] - 90) / span
    left, top = SIZE[0] / 2 - grow * (x.min() + x.max()) / 2, SIZE[1] / 2 - grow * (y.min() + y.max()) / 2
    radius = np.sqrt(places["residents"] / places["residents"].sum()) * 120 / max(1, len(places)) ** 0.08
    stops = DIVERGING if which == "difference" else RAMP
    names = living.place_names(lang)
    parts = []
    for k in np.argsort(-radius):
        ink = Markup(' stroke="#22272e" stroke-width="3"') if k == chosen else Markup(' stroke="#5b6470" stroke-width=".8"')
        said = f"{say('place', lang, number=k)}, {names[k]}: {_short(values[k])}"
        place = Markup('cx="{:.1f}" cy="{:.1f}" r="{:.1f}"').format(left + grow * x[k], top + grow * y[k], min(max(radius[k], 5), 60))
        fill = colour((values[k] - low) / (high - low), stops)
        parts.append(
            Markup(
                '<circle data-pick="place:{}" tabindex="0" role="button" aria-label="{}" {} fill="{}"{}><title>{}</title></circle>'
            ).format(k, said, place, fill, ink, said)
        )
    return Markup("").join([*parts, *_district_labels(names, left + grow * x, top + grow * y)])


def _district_labels(names, x, y) -> list[Markup]:
    where: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        where.setdefault(name, []).append(k)
    return [
        Markup('<text class="end" x="{:.1f}" y="{:.1f}" text-anchor="middle" pointer-events="none">{}</text>').format(
            x[rows].mean(), y[rows].mean() + 4, name
        )
        for name, rows in where.items()
    ]


def colour(share: float, stops=RAMP) -> str:
    """Colour of a share between 0 and 1."""
    if not np.isfinite(share):
        return "#ffffff"
    at = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    first = min(int(at), len(stops) - 2)
    return "rgb({},{},{})".format(*(round(a + (b - a) * (at - first)) for a, b in zip(stops[first], stops[first + 1])))


def _short(value: float) -> str:
    return "–" if not np.isfinite(value) else f"{value:.3g}"


def _numbers(living: Living, place: int, lang: str) -> Markup:
    if place < 0:
        return Markup('<p class="note">{}</p>').format(say("click_place", lang))
    rows = []
    for name in MEASURES:
        mine, usual = (living.measure(name, which)[place] for which in BOTH)
        rows.append(row(measure_title(name, lang), _short(usual), _short(mine)))
    title = f"{say('place', lang, number=place)}, {living.place_names(lang)[place]}"
    return table(title, ["", say("baseline", lang), say("yours", lang)], rows)
