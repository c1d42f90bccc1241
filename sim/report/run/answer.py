"""The result in sentences with numbers and their uncertainty."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import FEWEST
from sim.analysis.real_size import LEADING
from sim.report.parts import series, style
from sim.report.parts.estimates import PARTS, change, runs_in_words
from sim.report.parts.events import events, lever_key_title
from sim.report.parts.money import amount_in_form
from sim.report.parts.numbers import number, percent, together
from sim.report.parts.settings import city_title, differences, duration
from sim.report.text.catalogue import say
from sim.report.text.labels import lever_title, metric_title, metric_unit, small
from sim.scenario.schema.spending import form_of

if TYPE_CHECKING:
    from sim.results import Run


def answer(run: "Run", lang: str) -> list[str]:
    """Sentences on the two indices with numbers and their uncertainty; no judgement."""
    said = [_sentence(run, name, lang) for name in series.has(run.weekly, series.INDICES)]
    moved = {name: change(run, name)[2] for name in series.has(run.weekly, PARTS)}
    if any(np.isfinite(m.mean) for m in moved.values()):
        name = max(moved, key=lambda n: abs(moved[n].mean) if np.isfinite(moved[n].mean) else -1.0)
        size, low, high = together(moved[name][:3], name, sign=True)
        interval = say("answer_within", lang, low=low, high=high) if np.isfinite(moved[name].low) else ""
        said.append(say("answer_moved", lang, name=small(metric_title(name, lang)), change=size, interval=interval))
    return said


def _sentence(run, name, lang) -> str:
    _, end, moved = change(run, name)
    shown, low, high = together(end[:3], name)
    least, most = together((end.min, end.max), name)
    few = "single" if run.weekly["replicate"].nunique() < FEWEST else "same"
    interval = say("answer_interval", lang, low=low, high=high, min=least, max=most) if np.isfinite(end.low) else ""
    first = say("answer", lang, name=small(metric_title(name, lang)), end=shown, interval=interval)
    kind = few if np.isnan(moved.low) else "flat" if moved.low <= 0 <= moved.high else "up" if moved.mean > 0 else "down"
    values: tuple[float, ...] = moved[:3]
    if kind in ("up", "down"):  # "0.02 below (0.01 to 0.03)": sizes, the smaller first
        values = (abs(moved.mean), *sorted((abs(moved.low), abs(moved.high))))
    plain = [value.lstrip("+") if kind in ("up", "down") else value for value in together(values, name, sign=True)]
    sizes = dict(zip(("change", "low", "high"), plain, strict=True))
    return first + say("gap", lang) + say(f"answer_{kind}", lang, **sizes, runs=runs_in_words(run, lang))


def cards(run: "Run", lang: str) -> list[dict[str, Any]]:
    """Each index with its value at the end, its interval, its change and its band on a scale of 0 to 100, for the top of the page."""
    shown_cards: list[dict[str, Any]] = []
    for name in series.has(run.weekly, series.INDICES):
        start, end, moved = change(run, name)
        steps = {"start": number(start.mean, name), "end": number(end.mean, name), "change": number(moved.mean, name, sign=True)}
        value, low, high = together(end[:3], name)
        steps["end"] = value
        spread = say("card_interval", lang, low=low, high=high) if np.isfinite(end.low) else ""
        shown = {"value": steps["end"], "interval": spread, "moved": say("card", lang, **steps)}
        band = {key: 100 * value for key, value in end._asdict().items() if np.isfinite(value)} | {"start": 100 * start.mean}
        shown_cards.append({"name": name, "title": metric_title(name, lang), **shown, "band": band})
    return shown_cards


def prices_paid(run: "Run", lang: str) -> list[dict[str, str]]:
    """The costs for the top of the page that do not lead it: each at the end with its unit, and its value at the start."""
    paid = []
    for name in (name for name in series.paid(run) if name not in LEADING):
        start, end, _ = change(run, name)
        was = say("price_was", lang, start=number(start.mean, name))
        paid.append({"title": metric_title(name, lang), "value": number(end.mean, name), "unit": metric_unit(name, lang), "was": was})
    return paid


def question(run: "Run", lang: str) -> str:
    """The scenario's own question, or one derived from its differences from the reference."""
    scenario = run.scenario
    if scenario.described(lang):
        return scenario.described(lang)
    said, other = [], 0
    for key, value, default in differences(scenario):
        if key.startswith("policy.") and key.endswith(".share"):
            lever = small(lever_title(key.split(".")[1], lang))
            said.append(say("question_share", lang, lever=lever, share=percent(float(value)), reference=percent(float(default))))
        elif key.startswith("policy.") and form_of(key) != "share":
            lever, given = small(lever_key_title(key, lang)), float(str(value))
            said.append(
                say("question_amount", lang, lever=lever, amount=amount_in_form(given, form_of(key), scenario.staffing.currency, lang))
            )
        elif key == "budget":
            said.append(say("question_budget", lang, value=value))
        elif not key.startswith(("city.", "horizon")):
            other += 1
    marks = len(events(scenario))
    if marks:
        said.append(say("question_events" if marks > 1 else "question_event", lang, count=marks))
    if other:
        said.append(say("question_other" if other > 1 else "question_one", lang, count=other))
    said = said or [say("question_default", lang)]
    changed = say("join", lang).join(said[:-1]) + (say("last", lang) if len(said) > 1 else "") + said[-1]
    return say("question", lang, city=city_title(scenario, lang), horizon=duration(scenario.horizon, lang), policy=changed)


def notices(run: "Run", lang: str) -> list[str]:
    """Notices about this run: failures, an interruption, a missing font."""
    said = []
    failed, wanted = run.manifest.get("failures") or [], run.manifest.get("replicates", len(run.seeds))
    if failed:
        said.append(say("failures", lang, count=len(failed), total=wanted))
    if run.manifest.get("interrupted"):
        said.append(say("interrupted", lang))
    if lang == "zh" and style.figure_language(lang) != "zh":
        said.append(say("no_font", lang))
    return said
