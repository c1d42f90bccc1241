"""Text about everything, one kind of thing, or one thing: what `sanzhi describe` prints."""

import difflib
from collections.abc import Iterable

from sim.describe import levers, measures, mechanisms, metrics, parameters, plugins, presets, shocks, staffing, week
from sim.errors import UserError
from sim.mechanisms import MECHANISMS
from sim.messages import Joined, Message
from sim.text import table

KINDS = {"levers": levers, "measures": measures, "mechanisms": mechanisms, "metrics": metrics, "presets": presets, "shocks": shocks}
PARAMETERS, WEEK, STAFFING, PLUGINS = "parameters", "week", "staffing", "plugins"
"""Besides the kinds of things: all parameters, the order in which mechanisms act, the table of staff and costs, and what comes from
outside the package."""


def describe(kind: str | None = None, name: str | None = None) -> str:
    """Text about everything, about one kind of thing, or about one thing.

    Parameters
    ----------
    kind : str, optional
        One of `KINDS`, ``"parameters"``, ``"week"``, ``"staffing"`` or ``"plugins"``; alone, it may also be the name of a thing.
    name : str, optional
        One thing of that kind; of measures also the file of one's own.

    Raises
    ------
    UserError
        When there is no such kind, name or file; similar names are suggested.
    """
    if kind is None:
        return _overview()
    if kind == PARAMETERS and name is None:
        return parameters.parameters_text()
    if kind == WEEK and name is None:
        return week.week_text(MECHANISMS.values())
    if kind == STAFFING and name is None:
        return staffing.staffing_text()
    if kind == PLUGINS:
        return plugins.plugins_text(name)
    if kind in KINDS:
        return _list(kind) if name is None else _entry(kind, name)
    if name is not None and kind == PARAMETERS and name in MECHANISMS:
        return mechanisms.entry(name)
    if name is not None and kind in (PARAMETERS, WEEK, STAFFING):
        raise UserError("{kind} stands alone: got {name!r} after it; expected nothing", kind=kind, name=name)
    if name is not None:
        raise _unknown(Message("kind"), kind, (*KINDS, PARAMETERS, WEEK, STAFFING, PLUGINS))
    return _entry(_kind_of(kind), kind)


def _overview() -> str:
    kinds = "\n".join(f"{kind:<12}{', '.join(module.names()) or Message('none in this version')}" for kind, module in KINDS.items())
    return f"{kinds}\n\n{Message('More: sanzhi describe KIND [NAME]; order of the week: sanzhi describe week')}"


def _list(kind: str) -> str:
    module = KINDS[kind]
    if not module.names():
        return str(Message("There are no {kind} in this version.", kind=kind))
    footer = f"\n\n{module.FOOTER}" if hasattr(module, "FOOTER") else ""
    return table([module.row(name) for name in module.names()]) + footer


def _entry(kind: str, name: str) -> str:
    module = KINDS[kind]
    if name not in module.names() and not (module is measures and measures.is_file(name)):
        raise _unknown(module.TERM, name, module.names())
    return module.entry(name)


def _kind_of(name: str) -> str:
    for kind, module in KINDS.items():
        if name in module.names():
            return kind
    known = [*KINDS, PARAMETERS, WEEK, STAFFING, PLUGINS, *(name for module in KINDS.values() for name in module.names())]
    raise _unknown(Message("kind or name"), name, known)


def _unknown(what: Message, name: str, known: Iterable[str]) -> UserError:
    known = list(known)
    near = [one for one in known if one.endswith(f".{name}")] or difflib.get_close_matches(name, known, 1)
    if near:
        return UserError("no {what} {name!r}; did you mean {near}?", what=what, name=name, near=near[0])
    return UserError("no {what} {name!r}; there are: {known}", what=what, name=name, known=Joined(known))
