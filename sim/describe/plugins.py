"""Plug-ins: those that are installed, and what one of them brings."""

from pathlib import Path

from sim.describe import metrics
from sim.describe.fields import field_row, range_text
from sim.describe.mechanisms import mechanism_text
from sim.errors import UserError, reason
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism, acting_through
from sim.messages import Joined, Message, language
from sim.plugins.load import Loaded, NotLoaded, load
from sim.plugins.parts import Lever, Plugin
from sim.plugins.source import installed, version_of
from sim.text import localized, table


def plugins_text(name: str | None = None) -> str:
    """List the installed plug-ins, without running their code; or describe the one called `name`.

    Parameters
    ----------
    name : str, optional
        An installed plug-in or a file; it is loaded, which runs its code.

    Raises
    ------
    UserError
        When it cannot be loaded, or running its code is not allowed.
    """
    if name is None:
        rows = [(f"  {point.name}", version_of(point), point.module) for point in installed().values()]
        lines = table(rows) if rows else f"  {Message('none')}"
        return f"{Message('Installed plug-ins, by the name that a scenario has for them')}\n{lines}"
    return _described(_loaded(name))


def _loaded(name: str) -> Loaded:
    if not name.endswith(".py"):
        return load(name)
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else error
        raise UserError("{file}: cannot be read as text in UTF-8 ({why})", file=name, why=why) from error
    if not text.strip():
        raise NotLoaded(Message("{name}, an empty file", name=name), Message("a plug-in as in docs/how_to/plugins.md"))
    return load(Path(name).name, text)


def _described(loaded: Loaded) -> str:
    plugin = loaded.plugin
    own = {one.name: one for one in plugin.mechanisms}
    head = " ".join(filter(None, (loaded.name, loaded.version)))
    parts = [head, *(mechanism_text(one) for one in plugin.mechanisms)]
    parts += [metrics.entry(one.name) for one in plugin.metrics]
    parts += [_lever(name, lever, own) for name, lever in plugin.levers.items()]
    return "\n\n".join([*parts, *_records(plugin)])


def _lever(name: str, lever: Lever, own: dict[str, Mechanism]) -> str:
    lang = language()
    rows = [
        field_row("key", f"stance.{name}"),
        field_row("default", f"{lever.default:g}"),
        field_row("range", range_text(lever.low, lever.high)),
        field_row("unit", lever.unit),
        field_row("acts through", Joined(acting_through(name, {**MECHANISMS, **own}))),
        ("  +", lever.brings[lang]),
        ("  −", lever.costs[lang]),
    ]
    return f"{name}: {lever.names[lang]} ({localized(lever.description)})\n{table(rows)}"


def _records(plugin: Plugin) -> list[str]:
    """What a plug-in adds to communities, to residents and to the counts of a week."""
    rows = [(f"  community.{name}", one.doc) for name, one in plugin.conditions.items()]
    rows += [(f"  {name}", one.doc) for name, one in plugin.traits.items()]
    rows += [(f"  {name}", text) for name, text in plugin.counts.items()]
    return [f"{Message('Conditions, traits and counts that it adds')}\n{table(rows)}"] if rows else []
