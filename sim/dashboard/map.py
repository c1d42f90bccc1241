"""The map: communities as circles, coloured by a measure, while both policies are simulated week by week."""

import math
import threading
import time
from collections.abc import Iterator

import numpy as np
import solara
from markupsafe import Markup

from sim.dashboard.agents import column_title
from sim.dashboard.city_pair import BOTH, MEANS, MEASURES, STOCKS, CityPair, map_scenario
from sim.dashboard.markup import choice, ramp, row, table
from sim.dashboard.parts import Fragment
from sim.dashboard.summary import YEAR
from sim.dashboard.task_progress import Progress, use_task
from sim.report.parts.numbers import number
from sim.report.text.catalogue import say

FRAME = 0.08
"""Seconds between two frames while playing."""
WEEKS_A_FRAME = 2
SIZE = (560, 420)
LINE = 15
"""Height of a name on the map."""
WAYS = ((0, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
"""Possible positions of a name, relative to the centre of its district."""
NAMED = {"opened": "disputes_opened"}
"""Measures with the title of a metric of another name."""
POLICIES = {"yours": "yours", "baseline": "baseline", "difference": "yours_minus"}
RAMP = ((237, 243, 248), (158, 202, 225), (66, 146, 198), (8, 69, 148))
DIVERGING = ((179, 88, 6), (247, 247, 247), (8, 81, 156))


@solara.component
def Map(state):
    """The map and its buttons."""
    view, lang = state.view.value, state.look.value.lang
    yours, baseline = view.yours, view.reference
    key = (yours.hash, baseline.hash, baseline.seed)
    control = use_task(state.tasks, "map", key, lambda tick: _made(yours, baseline, tick))
    if control.result is None:
        Progress(control, lang)
    else:
        Playing(control.result, lang)


def _made(yours, baseline, tick) -> CityPair:
    small = map_scenario(baseline)
    pair = CityPair(yours.with_changes({"city": small.city.as_data(texts=False)}), small, baseline.seed)
    pair.advance(1)
    tick(1, 1)
    return pair


@solara.component
def Playing(pair: CityPair, lang: str):
    """The map of a city pair, with play, pause and step."""
    week, set_week = solara.use_state(pair.week)
    measure, set_measure = solara.use_state(MEASURES[0])
    which, set_which = solara.use_state("yours")
    place, set_place = solara.use_state(-1)
    playing, set_playing = solara.use_state(False)
    set_week(pair.week)

    def play():
        if not playing:
            return None
        stopped = threading.Event()

        def run() -> None:
            while not stopped.is_set() and pair.week < pair.horizon:
                started = time.monotonic()
                pair.advance(WEEKS_A_FRAME)
                set_week(pair.week)
                stopped.wait(max(0.01, FRAME - (time.monotonic() - started)))
            if not stopped.is_set():
                set_playing(False)

        threading.Thread(target=run, daemon=True, name="playing").start()
        return stopped.set

    solara.use_effect(play, [playing, pair])

    def picked(data: dict) -> None:
        pick = data["pick"]
        if pick == "play":
            set_playing(not playing)
        elif pick in ("step", "step_year"):
            set_playing(False)
            pair.advance(1 if pick == "step" else YEAR)
            set_week(pair.week)
        elif pick == "measure":
            set_measure(data["value"])
        elif pick == "which":
            set_which(data["value"])
        elif pick.startswith("place:"):
            set_place(int(pick.partition(":")[2]))

    Fragment(html=_buttons(pair, playing, measure, which, lang), event_picked=picked)
    Fragment(
        html=solara.use_memo(lambda: _picture(pair, measure, which, place, lang), [pair, week, measure, which, place, lang]),
        event_picked=picked,
    )


def _buttons(pair: CityPair, playing: bool, measure: str, which: str, lang: str) -> Markup:
    model = pair.models["yours"]
    about = say("one_city", lang, seed=model.seed, residents=f"{len(model.residents):,}")
    buttons = [("play", "pause" if playing else "play"), ("step", "one_week"), ("step_year", "step_year")]
    ended = pair.week >= pair.horizon
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
    return column_title("Community", NAMED.get(name, name), lang)


def unit_of(name: str, lang: str) -> str:
    """Words for the unit of a measure of a community."""
    return say("mean_adults" if name in MEANS else "per_week" if name in STOCKS else "per_year", lang)


def _written(value: float, measure: str, sign: bool = False) -> str:
    return number(value, measure if measure in MEANS else "", sign)


def _picture(pair: CityPair, measure: str, which: str, place: int, lang: str) -> Markup:
    values = pair.measure(measure, "yours" if which == "difference" else which)
    if which == "difference":
        values = values - pair.measure(measure, "baseline")
    low, high = _range(values, measure, which)
    circles = _circles(pair, measure, values, low, high, place, which, lang)
    words = f"{measure_title(measure, lang)}{say('colon', lang)}{unit_of(measure, lang)}"
    sign = which == "difference"
    bar = ramp(_written(low, measure, sign), _written(high, measure, sign), DIVERGING if sign else RAMP, words)
    title = say("week_of", lang, week=pair.week, weeks=pair.horizon)
    svg = Markup('<svg class="chart map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        *SIZE, measure_title(measure, lang), circles
    )
    return Markup('<div class="map-page"><div><p class="week"><b>{}</b></p>{}{}</div>{}</div>').format(
        title, svg, bar, _numbers(pair, place, lang)
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


def _circles(pair: CityPair, measure: str, values, low: float, high: float, chosen: int, which: str, lang: str) -> Markup:
    places = pair.communities
    x, y = places["x"].astype(float), -places["y"].astype(float)
    span = max(float(np.ptp(x)), float(np.ptp(y)) * SIZE[0] / SIZE[1], 1e-6)
    grow = (SIZE[0] - 90) / span
    left, top = SIZE[0] / 2 - grow * (x.min() + x.max()) / 2, SIZE[1] / 2 - grow * (y.min() + y.max()) / 2
    radius = np.clip(np.sqrt(places["residents"] / places["residents"].sum()) * 120 / max(1, len(places)) ** 0.08, 5, 60)
    stops = DIVERGING if which == "difference" else RAMP
    names = pair.place_names(lang)
    parts = []
    for k in np.argsort(-radius):
        ink = Markup(' stroke="#22272e" stroke-width="3"') if k == chosen else Markup(' stroke="#5b6470" stroke-width=".8"')
        said = f"{say('place', lang, number=k)}{say('listed', lang)}{names[k]}{say('colon', lang)}{_written(float(values[k]), measure)}"
        place = Markup('cx="{:.1f}" cy="{:.1f}" r="{:.1f}"').format(left + grow * x[k], top + grow * y[k], radius[k])
        fill = colour((values[k] - low) / (high - low), stops)
        parts.append(
            Markup(
                '<circle data-pick="place:{}" tabindex="0" role="button" aria-label="{}" {} fill="{}"{}><title>{}</title></circle>'
            ).format(k, said, place, fill, ink, said)
        )
    return Markup("").join([*parts, *_district_labels(names, left + grow * x, top + grow * y, radius)])


def _district_labels(names, x, y, radius) -> Iterator[Markup]:
    """Names of districts: on the district if there is room, else beside it with a line. The largest are placed first."""
    where: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        where.setdefault(name, []).append(k)
    taken: list[tuple[float, float, float]] = []
    for name, rows in sorted(where.items(), key=lambda item: -sum(radius[item[1]] ** 2)):
        at, r = (float(x[rows].mean()), float(y[rows].mean())), float(radius[rows].max())
        half = sum(6.5 if ord(letter) > 0x2E80 else 3.7 for letter in name)
        spots = ((at[0] + dx * (far + half), at[1] + dy * far) for far in (0, r + 8, r + 22, r + 40, r + 64) for dx, dy in WAYS)
        free = (spot for spot in spots if _inside(spot, half) and not any(_touch(spot, half, other) for other in taken))
        spot = next(free, None)
        if spot is None:
            continue  # its circles still show the name on hover
        taken.append((*spot, half))
        if math.dist(spot, at) > r:
            yield Markup('<path class="leader" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>').format(*at, *spot)
        yield Markup('<text class="end" x="{:.1f}" y="{:.1f}" text-anchor="middle" pointer-events="none">{}</text>').format(
            spot[0], spot[1] + 4, name
        )


def _touch(spot, half: float, other: tuple[float, float, float]) -> bool:
    return abs(spot[0] - other[0]) < half + other[2] + 3 and abs(spot[1] - other[1]) < LINE


def _inside(spot, half: float) -> bool:
    return half < spot[0] < SIZE[0] - half and LINE < spot[1] < SIZE[1] - LINE


def colour(share: float, stops=RAMP) -> str:
    """Colour of a share between 0 and 1."""
    if not np.isfinite(share):
        return "#ffffff"
    at = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    first = min(int(at), len(stops) - 2)
    return "rgb({},{},{})".format(*(round(a + (b - a) * (at - first)) for a, b in zip(stops[first], stops[first + 1])))


def _numbers(pair: CityPair, place: int, lang: str) -> Markup:
    if place < 0:
        return Markup('<p class="note">{}</p>').format(say("click_place", lang))
    title = f"{say('place', lang, number=place)}{say('listed', lang)}{pair.place_names(lang)[place]}"
    tables = []
    for unit in dict.fromkeys(unit_of(name, lang) for name in MEASURES):
        rows = []
        for name in MEASURES:
            if unit_of(name, lang) == unit:
                mine, reference = (float(pair.measure(name, which)[place]) for which in BOTH)
                rows.append(row(measure_title(name, lang), _written(reference, name), _written(mine, name)))
        tables.append(table("", [unit, say("baseline", lang), say("yours", lang)], rows))
    return Markup("<div><h3>{}</h3>{}</div>").format(title, Markup("").join(tables))
