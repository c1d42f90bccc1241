"""Events: changes of policy and shocks, as marks that all curves share."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.report.parts import style
from sim.report.parts.money import amount_in_form
from sim.report.parts.places import district_names
from sim.report.text.catalogue import has, say
from sim.report.text.labels import lever_title
from sim.scenario.cities.currencies import YUAN
from sim.scenario.schema.shocks import CLOSURE
from sim.scenario.schema.spending import form_of, target_of
from sim.scenario.schema.timeline import moves

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NUMBERS = 9
"""Maximum number of marks with numbers; more would overlap."""


class Event(NamedTuple):
    """A change of policy or a shock: its number on the curves, its first week, the first week after it, and its content."""

    number: int
    kind: str
    at: int
    end: int
    what: tuple[Any, ...]


def events(scenario: Any) -> list[Event]:
    """Changes of policy and shocks of a scenario by week, numbered from 1; those that begin after the horizon are left out.

    Parameters
    ----------
    scenario : Scenario
        Its ``timeline``, and its ``shocks`` if it has any (``kind, at, lasts, strength, where``).
    """
    found = [("policy", at, end, moves) for (at, end), moves in _moves_by_time(scenario).items()]
    for shock in getattr(scenario, "shocks", ()):
        at = int(shock.at)
        found.append(("shock", at, min(at + max(1, int(getattr(shock, "lasts", 1) or 1)), max(scenario.horizon, at + 1)), (shock,)))
    kept = sorted((entry for entry in found if entry[1] < scenario.horizon), key=lambda entry: (entry[1], entry[0], entry[2]))
    return [Event(number, *entry) for number, entry in enumerate(kept, start=1)]


def _moves_by_time(scenario) -> dict[tuple[int, int], tuple[Any, ...]]:
    together: dict[tuple[int, int], tuple[Any, ...]] = {}
    for move in moves(scenario):
        together[move.at, move.end] = (*together.get((move.at, move.end), ()), move)
    return together


def event_rows(scenario: Any, lang: str) -> list[list[str]]:
    """Number, time and description of every event, in words."""
    names = district_names(scenario, lang)
    currency = scenario.staffing.currency
    return [[str(event.number), _when(event, lang), _what(event, lang, names, currency)] for event in events(scenario)]


def struck_in_words(scenario: Any, lang: str) -> list[tuple[str, str]]:
    """Kind, place and time of every shock that does not affect the whole city."""
    names = district_names(scenario, lang)
    shocks = [event for event in events(scenario) if event.kind == "shock" and _place(event.what[0].where, names)]
    return [(_what(event, lang, names), _when(event, lang)) for event in shocks]


def _when(event: Event, lang: str) -> str:
    last = event.end - (event.kind == "shock")
    return say("event_week" if last <= event.at else "event_weeks", lang, at=event.at, end=last)


def _what(event: Event, lang: str, names: Callable[[object], str], currency: str = YUAN) -> str:
    parts = [_move(part, currency, lang, names) if event.kind == "policy" else _shock(part, lang, names) for part in event.what]
    return say("semicolon", lang).join(parts)


def _move(move: Any, currency: str, lang: str, names: Callable[[object], str]) -> str:
    what = say(
        "event_move",
        lang,
        lever=lever_key_title(move.key, lang),
        before=_setting(move, "before", currency, lang),
        after=_setting(move, "after", currency, lang),
    )
    place = say("join", lang).join(names(name) for name in move.where)
    return say("event_place", lang, what=what, place=place) if place else what


def lever_key_title(key: str, lang: str) -> str:
    """Title of a lever by its dotted key, as in ``policy.rule_of_law.split.courts``."""
    words = [
        lever_title(part, lang)
        for part in target_of(key.removesuffix(".people").removesuffix(".times")).split(".")
        if part not in ("policy", "stance", "split")
    ]
    return say("budget", lang) if key == "budget" else say("colon", lang).join(words)


def _setting(move: Any, which: str, currency: str, lang: str) -> str:
    value = getattr(move, which)
    if isinstance(value, str):
        return lever_title(value, lang)
    last = move.key.rpartition(".")[2]
    if last in ("people", "times"):
        return say(f"event_{last}", lang, value=f"{value:g}")
    if not move.key.startswith("policy.") or ".split." in move.key:
        return f"{value:g}"
    return amount_in_form(float(value), form_of(move.key), currency, lang)


def _shock(shock: Any, lang: str, names: Callable[[object], str]) -> str:
    """Kind, place and strength of a shock of any kind."""
    kind = str(getattr(shock, "kind", "shock"))
    title = say(f"shock_{kind}", lang) if has(f"shock_{kind}") else kind.replace("_", " ")
    if kind == CLOSURE:
        title = say("colon", lang).join((title, lever_title(shock.service, lang)))
    strength, where = getattr(shock, "strength", None), _place(getattr(shock, "where", None), names)
    said = [title, where, say("event_strength", lang, value=f"{strength:g}") if isinstance(strength, (int, float)) else ""]
    return say("join", lang).join(filter(None, said))


def _place(where: Any, names: Callable[[object], str]) -> str:
    """A place in words: ``{district: Pudong}``, an object with such fields, or a name."""
    if where in (None, "", "city"):
        return ""
    fields = where if isinstance(where, dict) else where.model_dump(exclude_none=True) if hasattr(where, "model_dump") else {"": where}
    return " ".join(names(value) for value in fields.values() if isinstance(value, (str, int)))


def _room_for_a_number(axes: "Axes") -> float:
    """Approximate width of a number on the time axis, in weeks."""
    place, figure = axes.get_subplotspec(), axes.get_figure(root=True)
    columns = place.get_gridspec().ncols if place is not None else 1
    inches = (figure.get_figwidth() if figure is not None else style.WIDE) / columns
    low, high = axes.get_xlim()
    return 0.14 * (high - low) / inches


def mark(axes: "Axes", found: Sequence[Event], numbers: bool = True) -> "Axes":
    """Mark events on a curve over weeks: dashed lines for changes of policy, hatched bands for shocks, each with its number above."""
    last, least = -1e9, _room_for_a_number(axes)
    for event in found:
        if event.kind == "shock":
            axes.axvspan(event.at, event.end, facecolor="none", edgecolor=style.GREY, hatch="////", alpha=0.55, linewidth=0, zorder=0.4)
        else:
            axes.axvline(event.at, color=style.INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.5)
        if event.kind == "policy" and event.end > event.at:  # a ramp
            axes.axvspan(event.at, event.end, color=style.INK, alpha=0.06, linewidth=0, zorder=0.3)
        if numbers and len(found) <= MOST_NUMBERS and event.at - last >= least:
            last = event.at
            looks: dict[str, Any] = {"ha": "left", "va": "top", "fontsize": 7.5, "color": style.SOFT, "annotation_clip": True}
            axes.annotate(str(event.number), (event.at, 1), (1.5, -1), ("data", "axes fraction"), "offset points", **looks)
    return axes
