"""Merge one scenario over another: mappings key by key, with exceptions that keep the result meaningful."""

from dataclasses import replace
from typing import Any

from sim.levers import LEVERS
from sim.messages import Message
from sim.scenario.cities.currencies import KEYS
from sim.scenario.cities.presets import SYNTHETIC
from sim.scenario.parsing.document import Document
from sim.scenario.parsing.scalars import Path
from sim.scenario.schema.policy import FORMS

_LEVERS = frozenset(("policy", lever) for lever in LEVERS)
_AMOUNTS = frozenset(("policy", lever, part) for lever, parts in LEVERS.items() for part in parts)
_WHOLE = frozenset((*lever, "split") for lever in _LEVERS)
"""Mappings that are one value: a new mapping replaces the old one instead of being merged, and so does that of an instrument."""
_FORMS = frozenset((*FORMS, *KEYS))
"""Keys of an amount: a share, staff, or money of any currency."""
_TABLES = frozenset(("communities", "geometry"))
_FACTS = frozenset(("adjacency", "rates"))
"""Tables that say something of the city that is given by others."""


def normal(document: Document) -> None:
    """Normal form of a document: every lever and instrument as a mapping, where a bare number is its share, and entries of the timeline
    with a key for each number."""
    policy = document.data.get("policy")
    for lever in set(policy) & set(LEVERS) if isinstance(policy, dict) else ():
        if not isinstance(policy[lever], dict):  # type: ignore[index]
            _as_share(document, policy, ("policy", lever))  # type: ignore[arg-type]
            continue
        for part in set(policy[lever]) & set(LEVERS[lever]):  # type: ignore[index]
            if not isinstance(policy[lever][part], dict):  # type: ignore[index]
                _as_share(document, policy[lever], ("policy", lever, part))  # type: ignore[index]
    timeline = document.data.get("timeline")
    entries = enumerate(timeline) if isinstance(timeline, list) else timeline.items() if isinstance(timeline, dict) else ()
    for index, entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("set"), dict):
            entry["set"] = _flat(document, entry["set"], ("timeline", index, "set"))


def _as_share(document: Document, section: dict[str, Any], path: Path) -> None:
    """Replace a bare value by a mapping with it as share."""
    section[str(path[-1])] = {"share": section[str(path[-1])]}
    _move(document, path, (*path, "share"))


def _move(document: Document, path: Path, to: Path) -> None:
    """Let a value be known at another path, where messages still name it as typed."""
    if path in document.locations:
        document.locations[to] = document.locations[path]
    if path in document.refused:
        document.refused.add(to)


def _flat(document: Document, levers: dict[str, Any], path: Path) -> dict[str, Any]:
    """Levers of an entry of the timeline, with a key for each number: ``{policy.x: {yuan: 9}}`` as ``{policy.x.yuan: 9}``."""
    found: dict[str, Any] = {}
    for key, value in levers.items():
        whole = not isinstance(value, dict) or not value or str(key).endswith(".split") or not str(key).startswith("policy.")
        inner = {key: value} if whole else {f"{key}.{name}": number for name, number in value.items()}
        for name in () if whole else value:
            _move(document, (*path, key, name), (*path, f"{key}.{name}"))
        for name, number in (inner if whole else _flat(document, inner, path)).items():
            if name in found or (name != key and name in levers):
                document.report((*path, name), Message("a second value of {key}", key=name), Message("each key once"), at_key=True)
            else:
                found[name] = number
    return found


def merge(base: Document, over: Document, one_key: Path = ()) -> Document:
    """Merge `over` over `base`, with the locations of the resulting values.

    A number for a lever changes its share and keeps its split; a share, money or staff replaces what the lever had in another form. A split
    replaces the old split, and instruments given by themselves, unless `one_key` leads inside it.
    A city with another kind of preset drops what only the old kind has.

    Parameters
    ----------
    base, over : Document
        Normal documents, see `normal`.
    one_key : tuple of str
        The path that `over` sets, if it sets only one.
    """
    locations = dict(base.locations)
    refused = set(base.refused)

    def forget(path: Path) -> None:
        for known in [known for known in locations if known[: len(path)] == path]:
            del locations[known]
        refused.difference_update({known for known in refused if known[: len(path)] == path})

    def join(old: Any, new: Any, path: Path) -> Any:
        whole = path in _AMOUNTS or (path in _WHOLE and one_key[:-1] != path)
        if isinstance(old, list) and isinstance(new, dict) and all(isinstance(key, int) and key < len(old) for key in new):
            return [join(entry, new[index], (*path, index)) if index in new else entry for index, entry in enumerate(old)]
        if not isinstance(old, dict) or not isinstance(new, dict) or whole:
            forget(path)
            return new
        if path == ("city",):
            old = _same_kind(old, new, forget)
        elif path in _LEVERS or (path[:1] == ("timeline",) and path[2:] == ("set",)):
            old = _without(old, _replaced(old, new, one_key) if path in _LEVERS else _same_amounts(old, new), path, forget)
        return {**old, **{key: join(old.get(key), value, (*path, key)) for key, value in new.items()}}

    data = join(base.data, over.data, ())
    return replace(
        over,
        data=data,
        locations={**locations, **over.locations},
        problems=[*base.problems, *over.problems],
        refused=refused | over.refused,
    )


def _replaced(old: dict[str, Any], new: dict[str, Any], one_key: Path) -> set[str]:
    """Keys of a lever that new ones replace: another form of its amount, and instruments given by themselves whose weights are given."""
    gone = set(old) & _FORMS if _FORMS & set(new) else set()
    if isinstance(new.get("split"), dict):
        inside = len(one_key) == 4 and one_key[2] == "split"
        gone |= set(old) - {"split", *_FORMS} - (set(old) - set(new["split"]) if inside else set())
    return gone - set(new)


def _same_amounts(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """Keys of an entry of the timeline that give an amount to what new ones give one in another form."""
    targets = {_target(key) for key in new}
    return {key for key in old if _target(key) in targets} - set(new)


def _target(key: str) -> str:
    head, _, last = key.rpartition(".")
    return head if last in _FORMS and key.startswith("policy.") else key


def _without(old: dict[str, Any], gone: set[str], path: Path, forget: Any) -> dict[str, Any]:
    for key in gone:
        forget((*path, key))
    return {key: value for key, value in old.items() if key not in gone}


def _same_kind(old: dict[str, Any], new: dict[str, Any], forget: Any) -> dict[str, Any]:
    """The old city without keys that do not apply to the new one: another preset, or other communities, are another city."""
    own = not _TABLES.isdisjoint(old)
    dropped: set[str] = set()
    if not _TABLES.isdisjoint(new):
        dropped = {*_TABLES, *_FACTS, "residents", "districts", "community_size"} | (set() if own else {"scale"})
        dropped |= {"definition"} if "preset" in new else set()
    elif "preset" in new:
        dropped = {*_TABLES, *_FACTS, "definition"} | ({"scale"} if own else set())
        if own or (new["preset"] == SYNTHETIC) != (old.get("preset") == SYNTHETIC):
            dropped |= {"scale"} if new["preset"] == SYNTHETIC else {"residents", "districts"}
    for key in dropped & set(old):
        forget(("city", key))
    return {key: value for key, value in old.items() if key not in dropped}
