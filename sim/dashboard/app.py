"""The page in Solara: levers on the left, results on the right, and tabs for computations that take longer."""

from dataclasses import dataclass
from pathlib import Path

import solara
from markupsafe import Markup

from sim.dashboard import charts, levers, summary
from sim.dashboard.engine import Frame
from sim.dashboard.heading import lead
from sim.dashboard.page import Look
from sim.dashboard.page import Page as State
from sim.dashboard.panels import PANELS
from sim.dashboard.parts import Files, Fragment, Levers, Place
from sim.dashboard.session import TABS, ScenarioFolder, View
from sim.dashboard.small_city import CurveCache
from sim.dashboard.task_progress import use_updates
from sim.dashboard.whole_city import TASK
from sim.errors import UserError
from sim.report.text.catalogue import say
from sim.scenario.parsing.document import MAX_BYTES

STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
GROUPS = ("budget", "shares", "stances", "shocks", "splits")
FOLDED = ("stances", "shocks", "splits")
FILE_WORDS = ("scenario", "upload", "save", "save_as")


@dataclass
class Served:
    """What the server shares with every page."""

    cache: CurveCache
    scenarios: ScenarioFolder
    default: View


served: Served | None = None
"""Set by `sim.dashboard.server` before the first page is opened."""


@solara.component
def Layout(children):
    """Nothing around the page."""
    solara.Div(children=children)


@solara.component
def Page():
    """One page."""
    query = solara.use_router().search or ""
    state = solara.use_memo(lambda: State(served.cache, served.scenarios, served.default, query), [])  # type: ignore[union-attr]
    solara.use_effect(lambda: state.close, [])
    tab = state.look.value.tab
    solara.Style(STYLE)
    Address(state)
    with solara.Div(classes=["lab"]):
        Header(state)
        Message(state)
        with solara.Div(classes=["bench"]):
            with solara.Div(classes=["top"]):
                Cards(state)
            LeverPanel(state)
            with solara.Div(classes=["answer"]):
                Tabs(state)
                Panel(state, tab)


@solara.component
def Panel(state: State, tab: str):
    """The content of the tab. If it fails, the error is shown until the tab or the view changes; the rest of the page keeps working."""
    failed, forget = solara.use_exception()
    solara.use_effect(forget, [tab, state.view.value.query()])
    if failed is None:
        PANELS.get(tab, Curves)(state)
    else:
        lang = state.look.value.lang
        error = failed.message.text(lang) if isinstance(failed, UserError) else f"{type(failed).__name__}: {failed}"
        text = f"{say('panel_failed', lang)}\n{error}"
        Fragment(html=Markup('<div class="message" role="alert"><pre>{}</pre></div>').format(text))


@solara.component
def Address(state: State):
    """Keeps the link up to date."""
    Place(query=state.address.value, lang=state.look.value.lang)


@solara.component
def Header(state: State):
    """Title, files, language."""
    view = state.look.value
    other = "zh" if view.lang == "en" else "en"
    switch = Markup('<button type="button" data-pick="lang" lang="{}">{}</button>').format(other, say("other_language", view.lang))
    with solara.Div(classes=["head"]):
        Brand(state)
        Files(
            names=state.scenarios.names(),
            source=view.source,
            words={word: say(word, view.lang) for word in FILE_WORDS},
            limit=MAX_BYTES + 1,
            event_load=state.load,
            event_opened=lambda data: state.opened(str(data["name"]), str(data["text"])),
            event_save=state.save,
        )
        Fragment(html=switch, event_picked=lambda _: state.show(lang=other))


@solara.component
def Brand(state: State):
    """Title, and the city that is simulated."""
    view = state.view.value
    Fragment(html=Markup('<div class="brand"><h1>{}</h1><p>{}</p></div>').format(say("dashboard_title", view.lang), lead(view)))


@solara.component
def Message(state: State):
    """The last error or success, until the next action."""
    text = state.message.value
    Fragment(
        html=Markup('<div class="message" role="status" aria-live="polite">{}</div>').format(
            Markup("<pre>{}</pre>").format(text) if text else ""
        )
    )


@solara.component
def LeverPanel(state: State):
    """All controls."""
    view, lang = state.view.value, state.view.value.lang
    found = levers.controls(view.yours, view.baseline, lang, state.tracks.value)
    with solara.Div(classes=["side"]):
        Levers(
            groups=[group for group in (_group(name, found, view) for name in GROUPS) if group["items"]],
            event_dragged=lambda data: state.move(data["key"], data["value"], settled=False),
            event_released=lambda data: state.move(data["key"], data["value"], settled=True),
        )
        foot = Markup("")
        if levers.clicked(view.yours):
            foot = Markup('<label class="check"><input type="checkbox" data-pick="both"{}> {}</label>').format(
                Markup(" checked") if view.both else "", say("both_shocks", lang)
            )
        foot += Markup('<p class="foot"><button type="button" data-pick="reset"{}>{}</button></p>').format(
            "" if view.changes else Markup(" disabled"), say("reset", lang)
        )
        if state.tracks.value:
            foot += Markup('<p class="note">{}</p>').format(say("tracks", lang))
        Fragment(html=foot, event_picked=lambda data: state.show(both=not view.both) if data["pick"] == "both" else state.reset())


def _group(name: str, found: list[levers.Control], view: View) -> dict:
    items, heading = [], None
    for control in found:
        if control.group == name:
            items.append({**control.as_data(), "heading": control.below if control.below != heading else ""})
            heading = control.below
    left = say("unspent_note", view.lang, share=levers.unspent_text(view.yours, view.lang)) if name == "shares" else ""
    return {"name": name, "title": say(f"{name}_group", view.lang), "items": items, "folded": name in FOLDED, "note": left}


@solara.component
def Cards(state: State):
    """The two indices in large type."""
    frame, lang = state.frame.value, state.look.value.lang

    def draw() -> Markup:
        html = summary.cards(frame, lang) if frame else Markup('<p class="working">{}</p>').format(say("working", lang))
        return Markup('<div class="cards">{}</div>').format(html)

    Fragment(html=solara.use_memo(draw, [frame, lang]))


@solara.component
def Tabs(state: State):
    """The tabs; beside the tab of the whole city, its progress."""
    view = state.look.value
    use_updates(state.tasks, TASK)
    task = state.tasks.latest(TASK)[1]
    far = f" {100 * task.done // max(1, task.total)} %" if task is not None and task.running else ""
    buttons = Markup("").join(
        Markup('<button type="button" role="tab" data-pick="{}" aria-selected="{}">{}</button>').format(
            tab, "true" if tab == view.tab else "false", say(f"tab_{tab}", view.lang) + (far if tab == TASK else "")
        )
        for tab in TABS
        if tab == "curves" or tab in PANELS
    )
    Fragment(
        html=Markup('<nav class="tabs" role="tablist">{}</nav>').format(buttons), event_picked=lambda data: state.show(tab=data["pick"])
    )


@solara.component
def Curves(state: State):
    """The curves, redrawn for every frame."""
    frame, view = state.frame.value, state.look.value
    known = state.cache.places.said(frame.request.baseline, view.lang) if frame else ""
    html = solara.use_memo(lambda: _curves(frame, state.before, view, known) if frame else Markup(""), [frame, view.group, view.lang])
    Fragment(html=html, event_picked=lambda data: state.show(group=data["pick"]))


def _curves(frame: Frame, before: Frame | None, view: Look, known: str = "") -> Markup:
    lang = view.lang
    group = view.group if view.group in summary.GROUPS else "parts"
    big = Markup("").join(charts.chart(name, frame, before, lang, big=True) for name in summary.in_group("headline"))
    small = Markup("").join(charts.chart(name, frame, before, lang) for name in summary.in_group(group))
    pills = Markup("").join(
        Markup('<button type="button" data-pick="{}" aria-pressed="{}">{}</button>').format(
            name, "true" if name == group else "false", say(f"group_{name}", lang)
        )
        for name in summary.GROUPS
    )
    lines = [
        charts.band_note(frame, lang) + (say("gap", lang) + known if known else ""),
        say("quick_city", lang, residents=f"{frame.request.yours.city.population:,}"),
    ]
    notes = Markup('<p class="note">{}</p>').format(Markup("<br>").join(lines))
    prices = summary.numbers(frame, "price", lang)
    return Markup('{}<div class="big">{}</div>{}<div class="pills">{}</div><div class="small">{}</div>{}').format(
        charts.legend(lang, before is not None, charts.band_name(frame, lang)), big, notes, pills, small, prices
    )
