"""The tab with the ways to reproduce the view: link, command line, Python, scenario file."""

import base64
import shlex
from collections.abc import Mapping
from typing import Any

import solara
from markupsafe import Markup

from sim.dashboard.engine import SETTLED
from sim.dashboard.parts import Fragment
from sim.dashboard.session import View, _flow
from sim.report.text.catalogue import say
from sim.worlds.world_set import SHIPPED


@solara.component
def Share(state):
    """How to return to this view, and how to get its numbers without the page."""
    view, lang = state.view.value, state.view.value.lang
    name = f"{view.baseline.name[:50]}-mine" if view.changes else view.baseline.name
    text = view.as_yaml(name)
    places = state.cache.places
    worlds = places.count(view.small_pair[1])
    given = worlds if places.found is None or places.found.path in (None, SHIPPED) else str(places.found.path)
    blocks = [
        ("link", "link", Markup("<span data-here></span>?{}").format(view.query())),
        ("command", "as_command", as_command(view)),
        ("python", "as_python", as_python(view, given if worlds else 0)),
        ("yaml", "as_file", text),
    ]
    html = Markup("").join(_block(key, title, body, lang) for key, title, body in blocks)
    data = base64.b64encode(text.encode()).decode()
    html += Markup('<p><a class="button" download="{}.yaml" href="data:text/yaml;base64,{}">{}</a></p>').format(
        name, data, say("download", lang)
    )
    city = view.small_pair[0]
    about = {"residents": f"{city.city.population:,}", "weeks": city.horizon, "seed": city.seed, "worlds": worlds}
    note = say("quick_note_worlds" if worlds else "quick_note", lang, **about)
    Fragment(html=Markup('<div class="share"><p class="note">{}</p>{}</div>').format(note, html))


def _block(key: str, title: str, body: str, lang: str) -> Markup:
    button = Markup('<button type="button" data-pick="copy" data-copy="share-{}" data-done="{}">{}</button>').format(
        key, say("copied", lang), say("copy", lang)
    )
    return Markup('<section><h3>{} {}</h3><pre id="share-{}">{}</pre></section>').format(say(title, lang), button, key, body)


def as_command(view: View) -> str:
    """Commands that simulate the small city, then the scenario's own, in the default world."""
    kept = {key: value for key, value in view.changes.items() if key.partition(".")[0] != "city"}  # replaced by the small city
    small = f"sanzhi run {view.source}{_settings(small_city(view) | kept)} --replicates {SETTLED}"
    return f"{small}\nsanzhi run {view.source}{_settings(view.changes)}"


def _settings(changes: Mapping[str, Any]) -> str:
    return "".join(f" --set {shlex.quote(f'{key}={_flow(value)}')}" for key, value in changes.items())


def small_city(view: View) -> dict[str, Any]:
    """Changes that turn the scenario's city into the small one: only its size if possible, so that tables of communities are not written
    out."""
    own, small = (scenario.city.as_data() for scenario in (view.baseline, view.small_pair[1]))
    changed = [key for key in {**own, **small} if own.get(key) != small.get(key)]
    if set(changed) <= {"scale", "residents"}:
        return {f"city.{key}": small[key] for key in changed}
    return {"city": small}


def as_python(view: View, worlds: int | str = 0) -> str:
    """Python that gives the numbers of the page: over plausible worlds, of the package's set or of a file, if it shows some."""
    city = small_city(view)
    head = (
        "import sanzhi\n\n"
        f"scenario = sanzhi.load_scenario({view.source!r}).with_changes({dict(view.changes)!r})\n"
        f"small = scenario.with_changes({city!r})\n"
    )
    if worlds:
        return (
            f"{head}"
            f"baseline = sanzhi.load_scenario({view.source!r}).with_changes({view.of_both!r}).with_changes({city!r})\n"
            f"yours = small.with_changes({{'name': 'yours'}})\n"
            f'found = sanzhi.compare([baseline, yours], worlds={worlds!r}, metrics=["stability", "satisfaction"])\n'
            'print(found.verdicts[["metric", "n", "better", "worse", "median", "low", "high", "word"]])'
        )
    means = 'run.weekly.groupby("week")[["stability", "satisfaction"]].mean()'
    return f"{head}run = sanzhi.simulate(small, replicates={SETTLED})\nprint({means})"
