"""Plug-ins loaded into this process: each once, with consent, after checks, and identified by the hash of its code."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim import plugin_registry
from sim.errors import UserError
from sim.messages import Joined, Message, Words, with_suggestion
from sim.plugins import check, source
from sim.plugins.parts import Plugin
from sim.rules import CONSENT


@dataclass(frozen=True, eq=False)
class Loaded:
    """A plug-in in this process.

    Parameters
    ----------
    name : str
        Its name in the scenario.
    digest : str
        Hash of its code.
    plugin : Plugin
        Its parts.
    version : str
        Version of its package, if installed.
    """

    name: str
    digest: str
    plugin: Plugin
    version: str = ""


class NotLoaded(UserError):
    """A plug-in that cannot be used; `got` and `expected` as in `sim.errors.Problem`."""

    def __init__(self, got: Words, expected: Words):
        self.got, self.expected = got, expected
        super().__init__(Message("got {got}; expected {expected}", got=got, expected=expected))


_loaded: dict[tuple[str, str], Loaded] = {}
_packages: dict[str, Loaded] = {}


def load(name: str, text: str = "", trusted: bool = False) -> Loaded:
    """Load a plug-in, unless this process has loaded it already.

    Parameters
    ----------
    name : str
        Name of its file, or of the entry point of an installed plug-in.
    text : str
        Text of the file; empty for an installed plug-in.
    trusted : bool
        Whether its code may run without `CONSENT`.

    Raises
    ------
    NotLoaded
        If there is no such plug-in, it was not allowed, its code raises an error, or its declarations are invalid.
    """
    if not text and name in _packages:
        return _packages[name]  # a package is imported once, even if its files change
    point = None if text else _point(name)
    digest = source.text_digest(text) if point is None else source.digest_of(point)
    if (name, digest) not in _loaded:
        if not trusted and os.environ.get(CONSENT) != "1":
            raise NotLoaded(Message("{name}, Python code that nobody has allowed", name=name), ALLOWED)
        found = _made(name, text, point)
        if wrong := next(check.mistakes(found), None):
            raise NotLoaded(Message("{name}, in which {wrong}", name=name, wrong=wrong), SOUND)
        _loaded[name, digest] = loaded = _made_known(Loaded(name, digest, found, source.version_of(point) if point else ""))
        if point is not None:
            _packages[name] = loaded
    return _loaded[name, digest]


ALLOWED = Message(
    "a plug-in that may run: it can do whatever you can; if you trust it, say so with --allow-rules, sanzhi.allow_rules() or {consent}=1",
    consent=CONSENT,
)
SOUND = Message("a plug-in as in docs/how_to/plugins.md")


def _point(name: str):
    points = source.installed()
    if name not in points:
        near = check.nearest(name, points)
        listed = Message("the name of an installed plug-in ({names})", names=Joined(points) if points else Message("none is installed"))
        expected = with_suggestion(listed, near) if near else Message("{listed}, or a file.py beside the scenario", listed=listed)
        raise NotLoaded(Message("{name}, which is not installed", name=repr(name)), expected)
    return points[name]


def _made(name: str, text: str, point) -> Any:
    """The ``PLUGIN`` of a plug-in; any error in its code is reported in one line."""
    try:
        return source.from_package(point) if point is not None else source.from_text(name, text)
    except (Exception, SystemExit) as error:
        got = Message("{name}, which cannot be loaded: {kind}: {error}{where}", name=name, kind=type(error).__name__, error=_first(error))
        got.values["where"] = source.where(error)
        raise NotLoaded(got, SOUND) from error


def _first(error: BaseException) -> str:
    return str(error).split("\n", 1)[0]


def _made_known(loaded: Loaded) -> Loaded:
    """Register the parts of a plug-in with their titles, units and notes for display."""
    plugin = loaded.plugin
    plugin_registry.METRICS.update({one.name: one for one in plugin.metrics})
    plugin_registry.MECHANISMS.update({one.name: one for one in plugin.mechanisms})
    plugin_registry.LEVERS.update(plugin.levers)
    return loaded


def check_same(entries: Iterable[Any], plugins: Iterable[Loaded]) -> None:
    """Raise `UserError` if the code of an installed plug-in differs from that with which the `entries` of a scenario were created."""
    for entry, loaded in zip(entries, plugins, strict=True):
        if entry.digest and entry.digest != loaded.digest:
            raise UserError(
                "the plug-in {name} was of version {then} when this scenario was made; version {now}, of other code, is installed here:"
                " install what it was made with, or name the plug-in anew",
                **{"name": loaded.name, "then": entry.version or "?", "now": loaded.version or "?"},
            )
