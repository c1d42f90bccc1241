"""What changed and why: the difference between your policy and the baseline, divided exactly among the levers that were moved."""

import textwrap
from dataclasses import dataclass

import numpy as np
import solara
from markupsafe import Markup

from sim.analysis.shapley import Shares, shares
from sim.dashboard.markup import row, table
from sim.dashboard.parts import Fragment
from sim.dashboard.small_city import NAMES, CurveCache
from sim.dashboard.summary import change_cell, in_group, last_year
from sim.dashboard.task_progress import Progress, use_task
from sim.dashboard.tasks import Tick
from sim.experiments.comparisons.attribute import NOT_BEYOND_BUDGET, coalition, players_of
from sim.report.parts.estimates import Estimate, estimate
from sim.report.parts.numbers import number, together
from sim.report.text.catalogue import has, say
from sim.report.text.labels import lever_title, metric_title

RUNS = 30
"""Runs of every mix."""
MOST_PLAYERS = 5
"""Most separate players (32 mixes); with more, stances and mechanisms count as one player each."""
GROUPS = (("stance",), ("stance", "mechanisms"), ("stance", "mechanisms", "policy"))


@dataclass(frozen=True, eq=False)
class Division:
    """The decomposition of a difference, for every metric and run.

    Parameters
    ----------
    players : tuple of str
        The changed levers, as ``policy.rule_of_law``.
    baseline, yours : ndarray, shape (metrics, runs)
        Means of the last year.
    shares : Shares
        Arrays of shape (..., metrics, runs).
    raised : bool
        Whether some mixes exceeded the budget and were run with a larger one.
    """

    players: tuple[str, ...]
    baseline: np.ndarray
    yours: np.ndarray
    shares: Shares
    raised: bool


def divide(cache: CurveCache, yours, baseline, tick: Tick | None = None, runs: int = RUNS) -> Division | None:
    """Run every combination of changed and unchanged levers with common random numbers; None if nothing was changed."""
    if yours.hash == baseline.hash:
        return None
    players = players_of(baseline, yours)
    for merged in GROUPS:
        if len(players) > MOST_PLAYERS:
            players = players_of(baseline, yours, [name for name in merged if any(player.startswith(f"{name}.") for player in players)])
    found = [coalition(baseline, yours, players, place) for place in range(1 << len(players))]
    curves = cache.curves([scenario for scenario, _ in found], runs, tick)
    values = np.stack([_levels(each[:, :, :runs]) for each in curves])
    return Division(tuple(players), values[0], values[-1], shares(values), any(factor > 1 for _, factor in found))


def _levels(curves: np.ndarray) -> np.ndarray:
    return np.stack([last_year(metric.astype(np.float64)) for metric in curves])


@solara.component
def WhyChanged(state):
    """What changed and why: sentences, a waterfall chart per index, and the interactions."""
    yours, baseline = state.view.value.small_pair
    lang = state.look.value.lang
    control = use_task(
        state.tasks, "why", (yours.hash, baseline.hash, yours.seed), lambda tick: divide(state.cache, yours, baseline, tick) or "same"
    )
    if control.result is None:
        Progress(control, lang)
    elif control.result == "same":
        Fragment(html=Markup('<p class="working">{}</p>').format(say("same", lang)))
    else:
        Fragment(html=_page(control.result, lang))


def _page(division: Division, lang: str) -> Markup:
    figures = Markup("").join(_waterfall(division, name, lang) for name in in_group("headline"))
    notes = [say("why_note", lang, mixes=1 << len(division.players), runs=division.baseline.shape[1])]
    notes += [say("why_raised", lang)] if division.raised else []
    return Markup('<div class="why"><div class="big">{}</div>{}<p class="note">{}</p>{}</div>').format(
        figures, _interactions(division, lang), say("gap", lang).join(notes), _prices(division, lang)
    )


def player_title(player: str, lang: str) -> str:
    """Title of a changed lever."""
    head, _, rest = player.partition(".")
    if head == "budget":
        return say("budget_group", lang)
    return lever_title(rest, lang) if rest else say(f"player_{head}", lang) if has(f"player_{head}") else head


def _steps(division: Division, name: str) -> list[tuple[str, Estimate]]:
    metric = NAMES.index(name)
    return [(player, estimate(division.shares.shapley[place, metric])) for place, player in enumerate(division.players)]


def _waterfall(division: Division, name: str, lang: str) -> Markup:
    metric = NAMES.index(name)
    start, end, total = (estimate(values[metric]) for values in (division.baseline, division.yours, division.shares.total))
    steps = sorted(_steps(division, name), key=lambda step: -abs(step[1].mean))
    level = start.mean
    rows: list[tuple[str, float, float, Estimate | None]] = [(say("baseline", lang), level, level, None)]
    for player, share in steps:
        rows.append((player_title(player, lang), level, level + share.mean, share))
        level += share.mean
    rows.append((say("yours", lang), end.mean, end.mean, None))
    top = steps[0]
    clear = total.low > 0 or total.high < 0
    change, low, high = together(total[:3], name, sign=True)
    said = say(
        "why_said" if clear else "why_unclear",
        lang,
        change=change,
        low=low,
        high=high,
        lever=player_title(top[0], lang),
        part=number(top[1].mean, name, sign=True),
    )
    return Markup("<figure><figcaption><b>{}</b></figcaption><p>{}</p>{}</figure>").format(
        metric_title(name, lang), said, _bars(rows, name)
    )


def _bars(rows, name: str) -> Markup:
    """Horizontal waterfall chart from the baseline to yours: a bar per lever, with the interval of each share."""
    ends = [value for _, a, b, share in rows for value in (a, b, *((a + end for end in share.ends) if share else ()))]
    low, high = min(ends), max(ends)
    pad = 0.08 * max(high - low, 1e-3)
    low, high = low - pad, high + pad
    left, right, line = 176, 380, 14

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    parts, top = [], 6
    for title, a, b, share in rows:
        lines = broken(title)
        height = max(26, line * len(lines) + 6)
        y = top + (height - 26) / 2
        first, top = top + (height - line * (len(lines) - 1)) / 2 + 1, top + height
        for number_of, words in enumerate(lines):
            looks = '<text x="{}" y="{:.1f}" text-anchor="end" class="row">{}</text>'
            parts.append(Markup(looks).format(left - 8, first + line * number_of, words))
        if share is None:
            parts.append(Markup('<circle cx="{:.1f}" cy="{}" r="5" fill="#22272e"/>').format(x(a), y + 10))
            shown = number(a, name)
        else:
            colour = "#0072B2" if b >= a else "#D55E00"
            bar = (
                '<rect x="{:.1f}" y="{}" width="{:.1f}" height="14" fill="{}" opacity=".75"/><path d="M{:.1f} {}H{:.1f}" stroke="#22272e"/>'
            )
            first, last = share.ends
            spread = (x(a + first), y + 10, x(a + last))
            parts.append(Markup(bar).format(min(x(a), x(b)), y + 3, max(1.0, abs(x(b) - x(a))), colour, *spread))
            shown = number(share.mean, name, sign=True)
        parts.append(Markup('<text x="{}" y="{}" class="row">{}</text>').format(right + 6, y + 14, shown))
    return Markup('<svg class="chart" viewBox="0 0 440 {}" role="img">{}</svg>').format(top + 6, Markup("").join(parts))


def broken(title: str, most: int = 24) -> list[str]:
    """A title broken into lines of at most `most` columns; a Chinese character takes two."""
    if title.isascii():
        return textwrap.wrap(title, most, break_on_hyphens=False) or [""]
    return textwrap.wrap(title, most // 2) if len(title.split(" ")) == 1 else textwrap.wrap(title, most)


def _interactions(division: Division, lang: str) -> Markup:
    if not division.shares.pairs:
        return Markup("")
    rows = []
    for (i, j), values in division.shares.pairs.items():
        cells = [change_cell(estimate(values[NAMES.index(name)]), name, lang) for name in in_group("headline")]
        rows.append(row(f"{player_title(division.players[i], lang)} × {player_title(division.players[j], lang)}", *cells))
    return table(say("why_pairs", lang), [say("why_pair", lang), *(metric_title(name, lang) for name in in_group("headline"))], rows)


def _prices(division: Division, lang: str) -> Markup:
    rows = []
    for name in in_group("price"):
        if division.raised and name == NOT_BEYOND_BUDGET:
            continue
        place = NAMES.index(name)
        parts = [*division.shares.shapley[:, place], division.shares.total[place]]
        rows.append(row(metric_title(name, lang), *(change_cell(estimate(values), name, lang) for values in parts)))
    head = [say("h_prices", lang), *(player_title(player, lang) for player in division.players), say("why_total", lang)]
    return table(say("why_prices", lang), head, rows)
