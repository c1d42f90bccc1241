"""Plug-ins for `sanzhi describe plugins`: those that are installed, and what one of them brings."""

from pathlib import Path

from sim.describe import line_of, mechanism_text, metric_text, title_of
from sim.errors import UserError
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism, acting_through
from sim.messages import Joined, Message, language
from sim.plugins.load import Loaded, NotLoaded, load
from sim.plugins.parts import Lever, Plugin
from sim.plugins.source import installed, version_of
from sim.text import table


def plugins_text(name: str | None = None) -> str:
    """Installed plug-ins, of which no code is run; or what the one of this `name` brings, a file or an installed one, which is loaded.

    Raises
    ------
    UserError
        When it cannot be loaded, or nobody has allowed it.
    """
    if name is None:
        rows = [(f"  {point.name}", version_of(point), point.module) for point in installed().values()]
        listed = table(rows) if rows else f"  {Message('none')}"
        return f"{Message('Installed plug-ins, by the name that a scenario has for them')}\n{listed}"
    return _described(_loaded(name))


def _loaded(name: str) -> Loaded:
    if not name.endswith(".py"):
        return load(name)
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UserError("{file}: cannot be read as text in UTF-8 ({why})", file=name, why=why) from error
    if not text.strip():
        raise NotLoaded(Message("{name}, an empty file", name=name), Message("a plug-in as in docs/how_to/plugins.md"))
    return load(Path(name).name, text)


def _described(loaded: Loaded) -> str:
    plugin = loaded.plugin
    own = {one.name: one for one in plugin.mechanisms}
    head = " ".join(filter(None, (loaded.name, loaded.version)))
    parts = [head, *(mechanism_text(one) for one in plugin.mechanisms)]
    parts += [metric_text(one.name) for one in plugin.metrics]
    parts += [_lever(name, lever, own) for name, lever in plugin.levers.items()]
    return "\n\n".join([*parts, *_records(plugin)])


def _lever(name: str, lever: Lever, own: dict[str, Mechanism]) -> str:
    lang = language()
    rows = [
        line_of("key", f"stance.{name}"),
        line_of("default", f"{lever.default:g}"),
        line_of("range", Message("{low} to {high}", low=f"{lever.low:g}", high=f"{lever.high:g}")),
        line_of("unit", lever.unit),
        line_of("acts through", Joined(acting_through(name, {**MECHANISMS, **own}))),
        ("  +", lever.brings[lang]),
        ("  −", lever.costs[lang]),
    ]
    return f"{name}: {lever.names[lang]} ({title_of(lever.doc)})\n{table(rows)}"


def _records(plugin: Plugin) -> list[str]:
    """What it adds to communities, to residents and to the counts of a week."""
    rows = [(f"  community.{name}", one.doc) for name, one in plugin.conditions.items()]
    rows += [(f"  {name}", one.doc) for name, one in plugin.traits.items()]
    rows += [(f"  {name}", text) for name, text in plugin.counts.items()]
    return [f"{Message('Conditions, traits and counts that it adds')}\n{table(rows)}"] if rows else []
