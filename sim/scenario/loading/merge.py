"""Merge one scenario over another: mappings key by key, with three exceptions that keep the result meaningful."""

from dataclasses import replace
from typing import Any

from sim.levers import LEVERS
from sim.scenario.cities.presets import SYNTHETIC
from sim.scenario.parsing.document import Document
from sim.scenario.parsing.scalars import Path

_LEVERS = frozenset(("policy", lever) for lever in LEVERS)
_WHOLE = frozenset((*lever, "split") for lever in _LEVERS)
"""Mappings that are one value: a new mapping replaces the old one instead of being merged."""
_TABLES = frozenset(("communities", "geometry"))


def normal(document: Document) -> None:
    """Normal form of a document, with every lever as a mapping: a bare number is its share."""
    policy = document.data.get("policy")
    if not isinstance(policy, dict):
        return
    for lever in set(policy) & set(LEVERS):
        if isinstance(policy[lever], dict):
            continue
        policy[lever] = {"share": policy[lever]}
        path: Path = ("policy", lever)
        if path in document.locations:
            document.locations[(*path, "share")] = document.locations[path]
        if path in document.refused:
            document.refused.add((*path, "share"))


def merge(base: Document, over: Document, one_key: Path = ()) -> Document:
    """Merge `over` over `base`, with the locations of the resulting values.

    A number for a lever changes its share and keeps its split. A split replaces the old split, unless `one_key` leads inside it.
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
        whole = path in _WHOLE and one_key[:-1] != path
        if isinstance(old, list) and isinstance(new, dict) and all(isinstance(key, int) and key < len(old) for key in new):
            return [join(entry, new[index], (*path, index)) if index in new else entry for index, entry in enumerate(old)]
        if not isinstance(old, dict) or not isinstance(new, dict) or whole:
            forget(path)
            return new
        if path == ("city",):
            old = _same_kind(old, new, forget)
        return {**old, **{key: join(old.get(key), value, (*path, key)) for key, value in new.items()}}

    data = join(base.data, over.data, ())
    return replace(
        over,
        data=data,
        locations={**locations, **over.locations},
        problems=[*base.problems, *over.problems],
        refused=refused | over.refused,
    )


def _same_kind(old: dict[str, Any], new: dict[str, Any], forget: Any) -> dict[str, Any]:
    """The old city without keys that do not apply to the new one: another preset, or other communities, are another city."""
    own = not _TABLES.isdisjoint(old)
    dropped: set[str] = set()
    if not _TABLES.isdisjoint(new):
        dropped = {*_TABLES, "adjacency", "residents", "districts", "community_size"} | (set() if own else {"scale"})
        dropped |= {"definition"} if "preset" in new else set()
    elif "preset" in new:
        dropped = {*_TABLES, "adjacency", "definition"} | ({"scale"} if own else set())
        if own or (new["preset"] == SYNTHETIC) != (old.get("preset") == SYNTHETIC):
            dropped |= {"scale"} if new["preset"] == SYNTHETIC else {"residents", "districts"}
    for key in dropped & set(old):
        forget(("city", key))
    return {key: value for key, value in old.items() if key not in dropped}
