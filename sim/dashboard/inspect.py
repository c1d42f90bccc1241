"""Look at one agent: a resident, a committee, a station, any kind; its life under both policies, as Mesa's views show it."""

from dataclasses import dataclass

import numpy as np
import solara
from markupsafe import Markup

from sim.city.columns import Column
from sim.dashboard.charts import Scale, _stroke
from sim.dashboard.markup import choice, row, table
from sim.dashboard.parts import Fragment
from sim.dashboard.tasks import Tick
from sim.dashboard.watched import Progress, use_task
from sim.dashboard.words import metric_title, say
from sim.model import GovernanceModel
from sim.report.labels import METRIC
from sim.report.style import BLUE, GREY

STEP = 26
"""Weeks between two looks at the progress bar."""
STRIPES = ("#eef1f4", "#009E73", "#E69F00", "#D55E00", "#56B4E9", "#CC79A7")
FIRST_KIND = "Resident"


@dataclass(frozen=True, eq=False)
class Life:
    """What one agent's columns were in every week.

    Parameters
    ----------
    fixed : dict
        Columns that never change, with their value.
    weekly : dict of str to ndarray, shape (2, weeks)
        Other columns: under your policy, and under the baseline.
    columns : dict of str to Column
    """

    fixed: dict[str, object]
    weekly: dict[str, np.ndarray]
    columns: dict[str, Column]


def live(yours, baseline, kind: str, number: int, tick: Tick | None = None) -> Life:
    """Follow one agent through both policies, with the same luck."""
    series: dict[str, list[list[float]]] = {}
    fixed: dict[str, object] = {}
    columns: dict[str, Column] = {}
    for place, scenario in enumerate((yours, baseline)):
        model = GovernanceModel(scenario, scenario.seed)
        agent = model.roster.agent(kind, number)
        columns = {name: column for name, column in model.roster.by_name[kind].columns.items() if not column.slots and name != "events"}
        fixed = {name: _value(agent, name, column) for name, column in columns.items() if column.fixed}
        for week in range(model.horizon):
            model.simulation.advance(1)
            for name, column in columns.items():
                if not column.fixed:
                    series.setdefault(name, [[], []])[place].append(getattr(agent, name))
            if tick and week % STEP == 0:
                tick(place * model.horizon + week, 2 * model.horizon)
    return Life(fixed, {name: np.array(values, float) for name, values in series.items()}, columns)


def _value(agent, name: str, column: Column) -> object:
    return agent.label(name) if column.choices else getattr(agent, name)


def examples(model: GovernanceModel) -> dict[str, int]:
    """Rows of a few residents worth a look, by the words that say why."""
    table = model.roster.by_name[FIRST_KIND]
    hardship, local, engagement, age = (table.values(name) for name in ("hardship", "local", "engagement", "age_group"))
    adult = age > 0
    outside = np.flatnonzero(adult & (local == 0))
    return {
        "example_poor": int(np.argmax(np.where(adult, hardship, -1))),
        **({"example_outside": int(outside[len(outside) // 2])} if len(outside) else {}),
        "example_joiner": int(np.argmax(np.where(adult, engagement, -1))),
    }


@solara.component
def People(state):
    """Choose an agent and see its life."""
    yours, baseline = state.view.value.quick_pair
    lang = state.look.value.lang
    kind, set_kind = solara.use_state(FIRST_KIND)
    row, set_row = solara.use_state(-1)
    model = solara.use_memo(lambda: GovernanceModel(baseline, baseline.seed), [baseline.hash, baseline.seed])
    picks = solara.use_memo(lambda: examples(model), [model])
    counts = {name: len(table) for name, table in model.roster.by_name.items()}
    chosen = picks["example_poor"] if row < 0 and kind == FIRST_KIND else max(0, min(row, counts[kind] - 1))
    watched = use_task((yours.hash, baseline.hash, baseline.seed, kind, chosen), lambda tick: live(yours, baseline, kind, chosen, tick))

    def picked(data: dict) -> None:
        if data["pick"] == "kind" and data["value"] in counts:
            set_kind(data["value"])
            set_row(-1 if data["value"] == FIRST_KIND else 0)
        elif data["pick"] == "number":
            set_row(int(data["value"]) if str(data["value"]).isdecimal() else 0)
        elif data["pick"] in picks:
            set_kind(FIRST_KIND)
            set_row(picks[data["pick"]])

    Fragment(html=_chooser(counts, kind, chosen, picks, lang), event_picked=picked)
    Progress(watched, lang)
    if watched.result is not None:
        Fragment(html=_story(watched.result, lang))


def _chooser(counts: dict[str, int], kind: str, row: int, picks: dict[str, int], lang: str) -> Markup:
    number = Markup('<label>{} <input type="number" min="0" max="{}" value="{}" data-pick="number" title="{}"></label>').format(
        say("number", lang), counts[kind] - 1, row, say("of_count", lang, last=counts[kind] - 1)
    )
    quick = Markup("").join(
        Markup('<button type="button" data-pick="{}" aria-pressed="{}">{}</button> ').format(
            name, "true" if kind == FIRST_KIND and place == row else "false", say(name, lang)
        )
        for name, place in picks.items()
    )
    kinds = [(name, say(f"kind_{name}", lang)) for name in counts]
    return Markup('<div class="pills">{}{}</div><div class="pills"><span class="note">{}</span> {}</div>').format(
        choice("kind", say("kind", lang), kinds, kind), number, say("examples", lang), quick
    )


def _story(life: Life, lang: str) -> Markup:
    strips = Markup("").join(_strip(life, name, lang) for name in life.weekly if life.columns[name].choices)
    charts = Markup("").join(_curve(life, name, lang) for name in life.weekly if not life.columns[name].choices)
    fixed = [row(title_of(name, lang), _shown(value, lang)) for name, value in life.fixed.items()]
    facts = table(say("fixed", lang), [], fixed, "narrow") if fixed else ""
    return Markup('<h3>{}</h3><p class="note">{}</p>{}<div class="small">{}</div>{}').format(
        say("life", lang), say("life_note", lang), strips, charts, facts
    )


def title_of(name: str, lang: str) -> str:
    """Words for a column."""
    from sim.dashboard.words import SAID

    if f"column_{name}" in SAID:
        return say(f"column_{name}", lang)
    return metric_title(name, lang) if name in METRIC else name.replace("_", " ")


def _shown(value: object, lang: str) -> str:
    from sim.dashboard.words import SAID

    if isinstance(value, str):
        return say(f"choice_{value}", lang) if f"choice_{value}" in SAID else value.replace("_", " ")
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _strip(life: Life, name: str, lang: str) -> Markup:
    """A column of choices: one band a policy, coloured week by week."""
    choices = life.columns[name].choices or ()
    width, height = 720, 20
    parts = []
    for place, values in enumerate(life.weekly[name].astype(int)):
        ends = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
        for a, b in zip(ends[:-1], ends[1:]):
            said = _shown(choices[values[a]], lang)
            box = '<rect x="{:.1f}" y="{}" width="{:.1f}" height="16" fill="{}"><title>{} {}–{}: {}</title></rect>'
            x = [90 + (width - 90) * end / len(values) for end in (a, b)]
            parts.append(
                Markup(box).format(x[0], 2 + place * height, x[1] - x[0], STRIPES[values[a] % len(STRIPES)], say("week", lang), a, b, said)
            )
        parts.append(
            Markup('<text x="84" y="{}" text-anchor="end">{}</text>').format(14 + place * height, say(("yours", "baseline")[place], lang))
        )
    used = sorted(set(life.weekly[name].astype(int).ravel().tolist()))
    key = Markup("").join(
        Markup('<span><i style="background:{}"></i>{}</span> ').format(STRIPES[code % len(STRIPES)], _shown(choices[code], lang))
        for code in used
    )
    svg = Markup('<svg class="chart" viewBox="0 0 {} {}">{}</svg>').format(width, 2 * height + 2, Markup("").join(parts))
    head = Markup('<figcaption><b>{}</b> <span class="key">{}</span></figcaption>').format(title_of(name, lang), key)
    return Markup('<figure class="strip">{}{}</figure>').format(head, svg)


def _curve(life: Life, name: str, lang: str) -> Markup:
    column, values = life.columns[name], life.weekly[name]
    low, high = float(values.min()), float(values.max())
    pad = max(0.05 * (high - low), 0.02 * max(abs(low), abs(high)), 1e-6)
    scale = Scale((232, 96), values.shape[1], low - pad, high + pad)
    weeks = np.unique(np.linspace(0, values.shape[1] - 1, min(values.shape[1], 104)).astype(int))
    parts = [
        Markup('<text x="{}" y="{:.1f}" text-anchor="end" dy=".33em">{:.3g}</text>').format(scale.left - 4, scale.y(value), value)
        for value in (low, high)
    ]
    lines = [
        _stroke(scale.line(weeks, values[1][weeks]), GREY, "baseline", 1.5, dash="5 3"),
        _stroke(scale.line(weeks, values[0][weeks]), BLUE, "yours", 1.8),
    ]
    svg = Markup('<svg class="chart" viewBox="0 0 232 96" role="img" aria-label="{}">{}{}</svg>').format(
        f"{title_of(name, lang)} {values[0][-1]:.3g}, {values[1][-1]:.3g}", Markup("").join(parts), Markup("".join(lines))
    )
    return Markup('<figure title="{}"><figcaption><b>{}</b></figcaption>{}</figure>').format(
        column.doc if lang == "en" else "", title_of(name, lang), svg
    )
