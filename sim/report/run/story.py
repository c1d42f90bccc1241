"""What changed and why, the largest uncertainty, and two or three caveats: short paragraphs with the run's numbers."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.metrics.goalposts import GOALPOSTS
from sim.report.parts import series
from sim.report.parts.estimates import PARTS, change, runs_in_words
from sim.report.parts.events import event_rows
from sim.report.parts.groups import groups
from sim.report.parts.numbers import number, percent, together
from sim.report.parts.settings import duration
from sim.report.run.assumptions import NOTABLE, coefficients, doubtful, doubtful_title
from sim.report.run.attribution import LEAST, index_steps, ledger, moved, quantities
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import mechanism_title, metric_title, small

if TYPE_CHECKING:
    from sim.results import Run

SHORT = 156
"""Weeks below which slow levers have not yet taken effect."""
NAMED = 3


def changed(run: "Run", lang: str) -> list[str]:
    """What changed and why: policy, the parts that changed each index, groups that gained and lost, and the mechanisms if attribution was
    recorded."""
    said = [_policy(run, lang), *(_parts(run, index, lang) for index in series.has(run.weekly, series.INDICES)), *_mechanisms(run, lang)]
    return [" ".join(filter(None, said)) if lang == "en" else "".join(said), _winners(run, lang)]


def _policy(run, lang) -> str:
    rows = event_rows(run.scenario, lang)
    if not rows:
        return say("said_policy_same", lang)
    first = f"{small(rows[0][1])}{say('colon', lang)}{rows[0][2]}"
    return say("said_policy_once" if len(rows) == 1 else "said_policy_moved", lang, count=len(rows), first=first)


def _parts(run, index, lang) -> str:
    start, steps, end = index_steps(run, index, lang)
    if not steps or not np.isfinite(end - start):
        return ""
    up = end >= start
    along = sorted(steps, key=lambda step: step[1], reverse=up)
    shown = lambda step: _with(step[0], step[1], lang)  # noqa: E731
    against = along[-1] if (along[-1][1] < 0) == up and abs(along[-1][1]) >= LEAST else None
    second = say("said_second", lang, name=shown(against)) if against else ""
    size = number(abs(end - start), "stability", sign=True).lstrip("+")
    words = {"index": metric_title(index, lang), "verb": say("verb_up" if up else "verb_down", lang), "change": size}
    return say("said_parts", lang, **words, most=shown(along[0]), second=second)


def _mechanisms(run, lang) -> list[str]:
    frame = ledger(run)
    if frame is None:
        return []
    said = []
    for quantity in quantities(frame)[:2]:
        largest = [_with(mechanism_title(str(n), lang), v, lang) for n, v in moved(frame, quantity)[:2].items()]
        said.append(say("said_mechanisms", lang, quantity=small(metric_title(quantity, lang)), names=say("last", lang).join(largest)))
    return said


def _with(title: str, change: float, lang: str) -> str:
    """A title with its change in brackets."""
    return say("with_unit", lang, name=small(title), unit=number(change, "stability", sign=True))


def _winners(run, lang) -> str:
    found = sorted((group for group in groups(run, lang) if not group.chosen), key=lambda group: group.change.mean)
    if len(found) < 2:
        return ""
    shown = lambda group: _with(group.title, group.change.mean, lang)  # noqa: E731
    said = say("said_groups", lang, best=shown(found[-1]), worst=shown(found[0]))
    losers = [group for group in found if group.change.high < 0]
    if not np.isfinite(found[0].change.high):
        second = say("said_one_run", lang, runs=runs_in_words(run, lang))
    elif losers:
        second = say("said_losers", lang, names=listed((shown(group) for group in losers[:NAMED]), lang))
    else:
        second = say("said_no_loser", lang)
    return said + say("gap", lang) + second


def uncertainty(run: "Run", lang: str) -> str:
    """The largest uncertainty: the metric with most variation between replicates, and the assumptions not included in the bands."""
    known = coefficients(run.scenario)
    names = [doubtful_title(c.key, lang) for c in doubtful(known)[:NOTABLE]]
    count = {"assumed": sum(c.assumed for c in known), "total": len(known)}
    return _luck(run, lang) + say("gap", lang) + say("uncertainty_assumed", lang, **count, names=listed(names, lang))


def _luck(run, lang) -> str:
    ends = {name: change(run, name)[1] for name in series.has(run.weekly, (*series.INDICES, *PARTS))}
    spread = {name: e.max - e.min for name, e in ends.items() if e.max > e.min}
    if not spread:
        return say("uncertainty_single", lang)
    name = max(spread, key=lambda key: spread[key])
    low, high = together((ends[name].min, ends[name].max), name)
    return say("uncertainty_luck", lang, name=small(metric_title(name, lang)), low=low, high=high)


def too_small(run: "Run", lang: str) -> list[str]:
    """A sentence for each part of stability that luck alone moves so far, in a city of this size and as many runs, that it says little."""
    people = run.manifest.get("residents") or run.scenario.city.population
    count, said = max(1, int(run.weekly["replicate"].nunique())), []
    for name in series.has(run.weekly, tuple(GOALPOSTS)):
        if GOALPOSTS[name].too_small(people, count):
            low, high = together(GOALPOSTS[name].luck(people, count), name)
            values = {"low": low, "high": high, "smallest": f"{GOALPOSTS[name].smallest():,}", "residents": f"{people:,}"}
            said.append(say("part_too_small", lang, part=metric_title(name, lang), runs=runs_in_words(run, lang), **values))
    return said


def caveats(run: "Run", lang: str, rates: list[dict[str, Any]]) -> str:
    """Two or three caveats as one paragraph: rates outside their range, the size of the city, the length of the run."""
    judged = [rate for rate in rates if rate["verdict"] in ("inside", "above", "below")]
    outside = [small(rate["title"]) for rate in judged if rate["verdict"] != "inside"]
    said = []
    if outside:
        names = listed(outside[:NAMED], lang)
        key = "caveat_outside" if len(outside) > NAMED else "caveat_outside_all"
        said.append(say(key, lang, count=len(outside), total=len(judged), names=names))
    elif judged:
        said.append(say("caveat_inside", lang, count=len(judged)))
    if run.scenario.city.scale < 1:
        said.append(say("caveat_scaled", lang, share=percent(run.scenario.city.scale)))
    short = run.scenario.horizon < SHORT
    said.append(say("caveat_short", lang, horizon=duration(run.scenario.horizon, lang)) if short else say("caveat_start", lang))
    return say("gap", lang).join(said)
