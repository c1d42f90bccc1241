"""The mix of the three governances: a clickable ternary diagram, and the cheapest mix that reaches a goal.

Over plausible worlds, every mix takes place in the same ones, and mixes are hatched for which the verdict against yours is open.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import solara
from markupsafe import Markup

from sim.analysis.paired import SINGLE
from sim.analysis.world_verdict import LEANING, OPEN, WorldVerdict, can_be_said, world_verdict
from sim.dashboard.levers import GRAINS, as_share, share_in
from sim.dashboard.map import RAMP, colour
from sim.dashboard.markup import choice, ramp
from sim.dashboard.parts import Fragment
from sim.dashboard.small_city import NAMES, CurveCache
from sim.dashboard.summary import in_group, last_year
from sim.dashboard.task_progress import Progress, use_task
from sim.dashboard.tasks import Tick
from sim.experiments.comparisons.mix_grid import GOVERNANCES, moved_shares
from sim.metrics import METRICS
from sim.report.parts.numbers import PERCENT, number, percent
from sim.report.text.catalogue import say
from sim.report.text.labels import lever_title, metric_title, metric_unit

STEPS = 8
RUNS, WORLDS = (2, 4, 8), (4, 8, 16)
"""Runs of every mix, more with each pass: in the default world, or each in a plausible world of its own."""
HATCHED = Markup(
    '<pattern id="mix-open" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V5" stroke="#fff" stroke-width="1.6"/></pattern>'
)
SIDE, LEFT, TOP = 360.0, 45.0, 44.0
HEIGHT = SIDE * np.sqrt(3) / 2
GOAL_STEPS, GOAL_TOTALS = 5, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
GOAL_RUNS, CONFIRMED, GOAL_SHARE = 20, 60, 0.9


def simplex(steps: int) -> list[tuple[float, float, float]]:
    """Every way to divide one among three in `steps` equal parts."""
    return [(a / steps, b / steps, (steps - a - b) / steps) for a in range(steps + 1) for b in range(steps + 1 - a)]


def total_of(scenario) -> float:
    """Share of the budget that the three governances have together."""
    return sum(scenario.shares[name] for name in GOVERNANCES)


def mixed(yours, parts, total: float) -> dict[str, Any]:
    """Changes of your policy that give each of the three its part of `total`."""
    shares = {name: math.floor(part * total * GRAINS + 1e-6) / GRAINS for name, part in zip(GOVERNANCES, parts)}
    return {f"policy.{name}": as_share(yours, name, share) for name, share in shares.items()}


def levels(cache: CurveCache, scenarios, runs: int, name: str, tick: Tick | None = None) -> np.ndarray:
    """A metric in the last year of every run, shape (scenarios, runs)."""
    row = NAMES.index(name)
    return np.stack([last_year(curves[row, :, :runs].astype(np.float64)) for curves in cache.curves(scenarios, runs, tick)])


def place_of(parts) -> tuple[float, float]:
    """Position of a mix in the diagram: the first corner is at the top, the second on the left, the third on the right."""
    return LEFT + SIDE * (parts[2] + parts[0] / 2), TOP + HEIGHT * (1 - parts[0])


def parts_at(x: float, y: float) -> tuple[float, float, float]:
    """The mix at a position in the diagram; outside the triangle, at the nearest edge."""
    top = 1 - (y - TOP) / HEIGHT
    right = (x - LEFT) / SIDE - top / 2
    parts = np.clip([top, 1 - top - right, right], 0, None)
    return tuple(float(part) for part in np.round(parts / parts.sum(), 2))  # type: ignore[return-value]


@dataclass(frozen=True, eq=False)
class Goal:
    """Result of the search: shares of the three, the total cost, and the share of futures that reach the target."""

    changes: dict[str, Any] | None
    cost: float
    reached: float
    target: float


def seek(cache: CurveCache, yours, target: float, tick: Tick | None = None) -> Goal:
    """The cheapest mix under which stability reaches `target` in `GOAL_SHARE` of futures; mixes are tried by increasing cost."""
    rest = sum(share for name, share in yours.shares.items() if name not in GOVERNANCES)
    totals = [total for total in GOAL_TOTALS if total + rest <= 1 + 1e-9]
    best = 0.0
    for place, total in enumerate(totals):
        mixes = [mixed(yours, parts, total) for parts in simplex(GOAL_STEPS)]
        scenarios = [yours.with_changes(mix) for mix in mixes]
        reached = (levels(cache, scenarios, GOAL_RUNS, "stability") >= target).mean(axis=1)
        if tick:
            tick(place + 1, len(totals))
        for found in np.argsort(-reached)[: int((reached >= GOAL_SHARE).sum())]:
            # The best of many mixes on few futures is selected partly by chance: it must reach the target in new futures, too.
            fresh = levels(cache, [scenarios[found]], CONFIRMED, "stability")[0, GOAL_RUNS:]
            reached[found] = (fresh >= target).mean()
            if reached[found] >= GOAL_SHARE:
                return Goal(mixes[found], yours.budget * (total + rest), float(reached[found]), target)
        best = max(best, float(reached.max()))
    return Goal(None, float("nan"), best, target)


@solara.component
def Mix(state):
    """The ternary diagram and the search for a goal, or the reason why there is none if the timeline sets the shares."""
    moved = moved_shares(state.view.value.yours)
    lang = state.look.value.lang
    if moved:
        names = say("listed", lang).join(lever_title(lever, lang) for lever in moved)
        Fragment(html=Markup('<p class="working">{}</p>').format(say("mix_timeline", lang, names=names)))
    else:
        Mixes(state)


@solara.component
def Mixes(state):
    """The ternary diagram and the search for a goal."""
    yours, baseline = state.view.value.small_pair
    lang = state.look.value.lang
    name, set_name = solara.use_state("stability")
    total = total_of(yours)
    key = (yours.with_changes(mixed(yours, (1, 0, 0), total)).hash, yours.seed, round(total, 4))
    control = use_task(state.tasks, "mix", key, lambda tick: fill(state.cache, yours, passes_of(state.cache, yours), tick))

    def picked(data: dict) -> None:
        if data["pick"] == "metric":
            set_name(data["value"])
        elif data["pick"] == "mix" and "x" in data:
            state.replace_changes(mixed(yours, parts_at(data["x"], data["y"]), total))
        elif data["pick"].startswith("mix:"):
            state.replace_changes(mixed(yours, [float(part) for part in data["pick"][4:].split(",")], total))

    names = [(each, metric_title(each, lang)) for each in (*in_group("headline"), *in_group("parts"), *in_group("price"))]
    head = Markup('<p class="note">{}</p><div class="pills">{}</div>').format(
        say("mix_intro", lang, total=percent(total)), choice("metric", say("metric", lang), names, name)
    )
    Fragment(html=head, event_picked=picked)
    if control.result is None:
        Progress(control, lang)
    Fragment(html=_picture(state.cache, control.result, yours, baseline, total, name, lang), event_picked=picked)
    GoalSeek(state, yours, lang)


def fill(cache: CurveCache, yours, passes: Sequence[int] = RUNS, tick: Tick | None = None) -> list:
    """Simulate every mix of the three governances' budget, with few runs first; the diagram is drawn from the cache."""
    scenarios = mixes_of(yours)
    for done, runs in enumerate(passes):

        def within(part: int, whole: int, done: int = done) -> None:
            if tick:
                tick(int(100 * (done + part / whole)), 100 * len(passes))

        cache.curves([yours, *scenarios], runs, within)
        within(1, 1)
    return scenarios


def passes_of(cache: CurveCache, yours) -> list[int]:
    """Runs of every mix after each pass; over worlds, no more than there are."""
    worlds = cache.places.count(yours)
    return sorted({min(runs, worlds) for runs in WORLDS}) if worlds else list(RUNS)


def mixes_of(yours) -> list:
    """Your policy with every mix of the three governances."""
    total = total_of(yours)
    return [yours.with_changes(mixed(yours, parts, total)) for parts in simplex(STEPS)]


def verdicts(values: np.ndarray, mine: np.ndarray, name: str) -> list[WorldVerdict]:
    """What worlds say of every mix against your policy; an empty list if there are too few of them to say anything.

    Parameters
    ----------
    values : ndarray, shape (mixes, worlds)
    mine : ndarray, shape (worlds,)
    """
    if not can_be_said(len(mine), LEANING):
        return []
    finest = SINGLE * np.fmax(np.abs(values), np.abs(mine))
    return [world_verdict(one - mine, METRICS[name].better == "less", same) for one, same in zip(values, finest)]


def _picture(cache: CurveCache, scenarios, yours, baseline, total: float, name: str, lang: str) -> Markup:
    mixes, worlds = simplex(STEPS), cache.places.count(yours)
    scenarios = scenarios or mixes_of(yours)
    runs = min(cache.known(scenario) for scenario in [yours, *scenarios])
    runs = min(runs, worlds) if worlds else runs
    found = levels(cache, [yours, *scenarios], runs, name) if runs else np.full((1 + len(mixes), 1), np.nan)
    values, said = found[1:].mean(axis=1), verdicts(found[1:], found[0], name) if worlds else []
    low, high = (float(np.nanmin(values)), float(np.nanmax(values))) if runs else (0.0, 1.0)
    cells = Markup("").join(
        _cell(parts, value, low, high, name, lang, said[place] if said else None) for place, (parts, value) in enumerate(zip(mixes, values))
    )
    marks = Markup("").join(_mark(*mark) for mark in _marks(yours, baseline, name, lang))
    blocks = [(place_of((1, 0, 0)), -31, "middle"), ((4, place_of((0, 1, 0))[1]), 46, "start"), ((446, place_of((0, 0, 1))[1]), 46, "end")]
    titles = Markup("").join(
        Markup('<text x="{:.0f}" y="{:.0f}" text-anchor="{}" class="row">{}</text>').format(x, y + down, anchor, lever_title(lever, lang))
        for ((x, y), down, anchor), lever in zip(blocks, GOVERNANCES)
    )
    what = say("with_unit", lang, name=metric_title(name, lang), unit=metric_unit(name, lang))
    words = f"{what} · {say('mix_fill_open' if said else 'mix_fill_worlds' if worlds else 'mix_fill', lang, done=runs)}"
    bar = ramp(number(low, name), number(high, name), RAMP, words) if runs else Markup("")
    cells = Markup('<defs>{}</defs><g data-pick="mix" data-point>{}</g>').format(HATCHED, cells)
    return Markup('<svg class="chart ternary" viewBox="0 0 450 424">{}{}{}</svg>{}').format(cells, titles, marks, bar)


def _cell(parts, value: float, low: float, high: float, name: str, lang: str, verdict: WorldVerdict | None) -> Markup:
    x, y = place_of(parts)
    r = SIDE / STEPS / np.sqrt(3) * 1.02
    blocks = " ".join(f"{x + r * np.sin(a):.1f},{y - r * np.cos(a):.1f}" for a in np.arange(6) * np.pi / 3)
    fill = colour((value - low) / (high - low) if high > low else 0.5) if np.isfinite(value) else "#f2f4f6"
    said = say("listed", lang).join(f"{lever_title(lever, lang)} {percent(part)}" for lever, part in zip(GOVERNANCES, parts))
    said += f"{say('colon', lang)}{metric_title(name, lang)} {number(float(value), name)}"
    if verdict is not None:
        counts = {"better": verdict.better, "worse": verdict.worse, "n": verdict.n}
        said += say("semicolon", lang) + say(f"mix_cell_{verdict.word}", lang, **counts)
    pick = ",".join(f"{part:g}" for part in parts)
    ink = "#fff" if np.isfinite(value) and high > low and (value - low) / (high - low) > 0.5 else "#22272e"
    text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle" class="cell" style="fill:{}">{}</text>').format(
        x, y + 4, ink, number(float(value), name).replace(PERCENT, "") if np.isfinite(value) else ""
    )
    hatched = verdict is not None and verdict.word == OPEN
    over = Markup('<path d="M{}Z" fill="url(#mix-open)" opacity=".7" pointer-events="none"/>').format(blocks) if hatched else Markup("")
    return Markup(
        '<polygon points="{}" fill="{}" tabindex="0" role="button" aria-label="{}" data-key-pick="mix:{}"><title>{}</title></polygon>{}{}'
    ).format(blocks, fill, said, pick, said, over, text)


BELOW, ABOVE = 26, -18
"""Position of the name of a mark, relative to its centre."""


def _marks(yours, baseline, name: str, lang: str) -> Iterator[tuple]:
    """Scenarios to mark, the name of each, and its vertical offset: the upper one is named above, the lower one below."""
    theirs, mine = (np.array([scenario.shares[lever] for lever in GOVERNANCES]) for scenario in (baseline, yours))
    if np.allclose(mine * theirs.sum(), theirs * mine.sum(), atol=0.01 * mine.sum() * theirs.sum()):
        yield yours, say("mix_both", lang), BELOW
        return
    lower = bool(mine.sum() and theirs.sum() and place_of(mine / mine.sum())[1] >= place_of(theirs / theirs.sum())[1])
    yield baseline, say("mix_baseline", lang), ABOVE if lower else BELOW
    yield yours, say("mix_yours", lang), BELOW if lower else ABOVE


def _mark(scenario, words: str, down: int) -> Markup:
    shares = np.array([scenario.shares[lever] for lever in GOVERNANCES])
    if not shares.sum():
        return Markup("")
    x, y = place_of(shares / shares.sum())
    rings = Markup("").join(
        Markup('<circle cx="{:.1f}" cy="{:.1f}" r="13" fill="none" stroke="{}" stroke-width="{}"/>').format(x, y, stroke, width)
        for stroke, width in (("#fff", 7), ("#22272e", 3.5))
    )
    return Markup('<g pointer-events="none">{}<text class="end mark" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text></g>').format(
        rings, x, y + down, words
    )


@solara.component
def GoalSeek(state, yours, lang: str):
    """A target to set, and the cheapest mix that reaches it."""
    target, set_target = solara.use_state(0.6)
    rest = yours.with_changes({f"policy.{name}": as_share(yours, name, 0.0) for name in GOVERNANCES})  # the search varies these three
    control = use_task(
        state.tasks, "goal", (rest.hash, yours.seed, target), lambda tick: seek(state.cache, yours, target, tick), auto=False
    )

    def picked(data: dict) -> None:
        if data["pick"] == "target":
            set_target(min(1.0, max(0.0, float(data["value"] or 0))))
        elif data["pick"] == "take" and control.result and control.result.changes:
            state.replace_changes(control.result.changes)

    field = Markup('<input type="number" min="0" max="1" step="0.01" value="{:g}" data-pick="target" aria-label="{}">').format(
        target, say("goal_ask", lang)
    )
    head = Markup('<h3 class="goal">{}</h3><p>{} {} {}</p>').format(
        say("goal_title", lang), say("goal_ask", lang), field, say("goal_futures", lang, share=percent(GOAL_SHARE))
    )
    Fragment(html=head, event_picked=picked)
    if control.result is None:
        Progress(control, lang, "goal_go")
    else:
        Fragment(html=_goal(control.result, lang), event_picked=picked)


def _goal(goal: Goal, lang: str) -> Markup:
    note = Markup('<p class="note">{}</p>').format(say("goal_note", lang, runs=GOAL_RUNS, fresh=CONFIRMED - GOAL_RUNS))
    if goal.changes is None:
        text = say("goal_none", lang, target=number(goal.target, "stability"), share=percent(GOAL_SHARE), best=percent(goal.reached))
        return Markup("<p>{}</p>{}").format(text, note)
    parts = (f"{lever_title(key.partition('.')[2], lang)} {percent(share_in(given))}" for key, given in goal.changes.items())
    mix = say("listed", lang).join(parts)
    text = say("goal_found", lang, cost=percent(goal.cost), mix=mix, share=percent(goal.reached), runs=CONFIRMED - GOAL_RUNS)
    return Markup('<p>{} <button type="button" data-pick="take">{}</button></p>{}').format(text, say("goal_take", lang), note)
