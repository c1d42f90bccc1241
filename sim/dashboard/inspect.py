"""Inspect one agent of any kind (a resident, a committee, a station): its history under both policies, from Mesa's views."""

from itertools import pairwise

import numpy as np
import solara
from markupsafe import Markup

from sim.dashboard.agent_history import FIRST_KIND, AgentHistory, examples, follow
from sim.dashboard.agents import STOPS, column_title, counted, kind_title, stop_words, value_words
from sim.dashboard.charts import Scale, stroke
from sim.dashboard.markup import choice, row, table
from sim.dashboard.parts import Fragment
from sim.dashboard.task_progress import Progress, use_task
from sim.model import GovernanceModel
from sim.report.parts.numbers import number
from sim.report.parts.style import BLUE, GREY
from sim.report.text.catalogue import say

STRIPES = ("#eef1f4", "#009E73", "#E69F00", "#D55E00", "#56B4E9", "#CC79A7")
CHART = (232, 112)
LEFT = 40
MOST = 104
"""Points of a curve."""


@solara.component
def People(state):
    """Choose an agent and show its history."""
    yours, baseline = state.view.value.small_pair
    lang = state.look.value.lang
    kind, set_kind = solara.use_state(FIRST_KIND)
    row, set_row = solara.use_state(-1)
    model = solara.use_memo(lambda: GovernanceModel(baseline, baseline.seed), [baseline.hash, baseline.seed])
    picks = solara.use_memo(lambda: examples(model), [model])
    counts = {name: len(table) for name, table in model.roster.by_name.items()}
    chosen = picks["example_poor"] if row < 0 and kind == FIRST_KIND else max(0, min(row, counts[kind] - 1))
    key = (yours.hash, baseline.hash, baseline.seed, kind, chosen)
    control = use_task(state.tasks, "people", key, lambda tick: follow(yours, baseline, kind, chosen, tick))

    def picked(data: dict) -> None:
        if data["pick"] == "kind" and data["value"] in counts:
            set_kind(data["value"])
            set_row(-1 if data["value"] == FIRST_KIND else 0)
        elif data["pick"] == "number":
            set_row(int(data["value"]) if str(data["value"]).isdecimal() else 0)
        elif data["pick"] in picks:
            set_kind(FIRST_KIND)
            set_row(picks[data["pick"]])

    about = say("people_city", lang, residents=f"{len(model.residents):,}", seed=baseline.seed)
    Fragment(html=Markup('<p class="note">{}</p>').format(about) + _chooser(counts, kind, chosen, picks, lang), event_picked=picked)
    if control.result is None:
        Progress(control, lang)
    else:
        Fragment(html=_story(control.result, yours.hash == baseline.hash, lang))


def _chooser(counts: dict[str, int], kind: str, row: int, picks: dict[str, int], lang: str) -> Markup:
    last = say("of_count", lang, last=f"{counts[kind] - 1:,}")
    number = Markup(
        '<label>{} <input type="number" min="0" max="{}" value="{}" data-pick="number"> <span class="note">{}</span></label>'
    ).format(say("number", lang), counts[kind] - 1, row, last)
    quick = Markup("").join(
        Markup('<button type="button" data-pick="{}" aria-pressed="{}">{}</button> ').format(
            name, "true" if kind == FIRST_KIND and place == row else "false", say(name, lang)
        )
        for name, place in picks.items()
    )
    kinds = [(name, kind_title(name, lang)) for name in counts]
    return Markup('<div class="pills"><span class="note">{}</span> {}</div><div class="pills">{}{}</div>').format(
        say("examples", lang), quick, choice("kind", say("kind", lang), kinds, kind), number
    )


def _story(history: AgentHistory, same: bool, lang: str) -> Markup:
    choices = [name for name in history.weekly if history.columns[name].choices]
    changing = [name for name in choices if np.ptp(history.weekly[name])]
    strips = Markup("").join(_strip(history, name, lang) for name in changing)
    quiet = [_constant(history, name, lang) for name in choices if name not in changing and _speaks(history, name)]
    stopped = [name for name in STOPS if name in history.weekly and not np.isfinite(_counted(history, name)).any()]
    quiet += [say("throughout", lang, what=column_title(history.kind, name, lang), value=stop_words(name, lang)) for name in stopped]
    steady = Markup('<p class="note">{}</p>').format(say("semicolon", lang).join(quiet) + say("sentence_end", lang)) if quiet else ""
    charts = Markup("").join(_curve(history, name, lang) for name in history.weekly if name not in (*choices, *stopped))
    fixed = [row(column_title(history.kind, n, lang), value_words(v, history.columns[n], lang)) for n, v in history.fixed.items()]
    facts = table(say("fixed", lang), [], fixed, "narrow") if fixed else ""
    note = say("same", lang) if same else say("life_note", lang)
    return Markup('<h3>{}</h3><p class="note">{}</p>{}{}{}<div class="small">{}</div>{}').format(
        say("life", lang), note, _legend(history, lang), strips, steady, charts, facts
    )


def _legend(history: AgentHistory, lang: str) -> Markup:
    means = [("mine-mean", say("mean_yours", lang)), ("usual-mean", say("mean_baseline", lang))] if history.means else []
    spans = [("yours", say("yours", lang)), ("usual", say("baseline", lang)), *means]
    return Markup('<p class="legend">{}</p>').format(
        Markup("").join(Markup('<span class="{}">{}</span>').format(kind, words) for kind, words in spans)
    )


def _speaks(history: AgentHistory, name: str) -> bool:
    """Whether a constant column is meaningful: the kind of a case is not, if there never was a case."""
    return name != "case_kind" or bool(history.weekly["case_stage"].any())


def _constant(history: AgentHistory, name: str, lang: str) -> str:
    held = (history.columns[name].choices or ())[int(history.weekly[name].flat[0])]
    return say("throughout", lang, what=column_title(history.kind, name, lang), value=value_words(held, history.columns[name], lang))


def _counted(history: AgentHistory, name: str) -> np.ndarray:
    return counted(name, history.columns[name], history.weekly[name])


def _strip(history: AgentHistory, name: str, lang: str) -> Markup:
    """A column of choices: one band per policy, coloured week by week."""
    column = history.columns[name]
    words = [value_words(held, column, lang) for held in column.choices]
    width, height, left = 720, 20, 90
    parts = []
    for place, values in enumerate(history.weekly[name].astype(int)):
        ends = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
        for a, b in pairwise(ends):
            box = '<rect x="{:.1f}" y="{}" width="{:.1f}" height="16" fill="{}"><title>{}: {}</title></rect>'
            x = [left + (width - left) * end / len(values) for end in (a, b)]
            ink = STRIPES[values[a] % len(STRIPES)]
            # Wide enough to be visible: a case may last one week.
            parts.append(
                Markup(box).format(
                    x[0], 2 + place * height, max(2.5, x[1] - x[0]), ink, say("week_number", lang, number=f"{a}–{b}"), words[values[a]]
                )
            )
        who = say(("yours", "baseline")[place], lang)
        parts.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(left - 6, 14 + place * height, who))
    svg = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        width, 2 * height + 2, column_title(history.kind, name, lang), Markup("").join(parts)
    )
    used = sorted({int(code) for code in history.weekly[name].flat})
    key = Markup("").join(_key(history, name, code, words[code], lang) for code in used)
    head = Markup('<figcaption><b>{}</b> <span class="key">{}</span></figcaption>').format(column_title(history.kind, name, lang), key)
    return Markup('<figure class="strip">{}<div class="wide-table">{}</div></figure>').format(head, svg)


def _key(history: AgentHistory, name: str, code: int, words: str, lang: str) -> Markup:
    """What a colour means, and in how many weeks it applies under each policy, so that the figure can be read without colour."""
    mine, reference = (int((values == code).sum()) for values in history.weekly[name])
    weeks = say("weeks_each", lang, yours=mine, baseline=reference)
    return Markup('<span><i style="background:{}"></i>{} {}</span> ').format(STRIPES[code % len(STRIPES)], words, weeks)


def _curve(history: AgentHistory, name: str, lang: str) -> Markup:
    column, values = history.columns[name], _counted(history, name)
    lines = [*history.means.get(name, ()), *values]
    low, high = (float(end) for end in (np.nanmin(lines), np.nanmax(lines)))
    pad = max(0.05 * (high - low), 0.02 * max(abs(low), abs(high)), 1e-6)
    scale = Scale(CHART, values.shape[1], low - pad, high + pad)
    scale.left = LEFT
    weeks = np.unique(np.linspace(0, values.shape[1] - 1, min(values.shape[1], MOST)).astype(int))
    parts = [
        Markup('<text x="{}" y="{:.1f}" text-anchor="end" dy=".33em">{}</text>').format(scale.left - 5, scale.y(value), _brief(value, lang))
        for value in dict.fromkeys((low, high))
    ]
    parts += [
        Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(scale.x(week), scale.bottom + 14, anchor, words)
        for week, anchor, words in ((0, "start", "0"), (values.shape[1] - 1, "end", say("week_number", lang, number=values.shape[1])))
    ]
    kinds = [("mean", BLUE, 1.1, "", 0.45), ("mean", GREY, 1.1, "2 2", 0.7)] if name in history.means else []
    kinds += [("yours", BLUE, 1.9, "", 1.0), ("baseline", GREY, 1.6, "5 3", 1.0)]
    drawn = [
        stroke(scale.line(weeks, line[weeks]), ink, kind, wide, dash, opacity)
        for line, (kind, ink, wide, dash, opacity) in zip(lines, kinds, strict=True)
    ]
    title = column_title(history.kind, name, lang)
    said = f"{title}: {say('yours', lang)} {_brief(values[0][-1], lang)}, {say('baseline', lang)} {_brief(values[1][-1], lang)}"
    svg = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>').format(
        *CHART, said, Markup("").join(parts), Markup("".join(drawn))
    )
    gap = say("no_line", lang, words=stop_words(name, lang)) if np.isnan(values).any() else ""
    return Markup('<figure title="{}"><figcaption><b>{}</b> <span>{}</span></figcaption>{}</figure>').format(
        column.doc if lang == "en" else "", title, gap, svg
    )


def _brief(value: float, lang: str) -> str:
    """A value short enough for the edge of a small chart."""
    if not abs(value) >= 10_000:
        return number(float(value))
    return f"{value / 10_000:,.0f}万" if lang == "zh" else f"{value / 1000:,.0f}k"
