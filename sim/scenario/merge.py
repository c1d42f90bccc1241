"""Merge one scenario over another: mappings key by key, with three exceptions that keep the result meaningful."""

from dataclasses import replace
from typing import Any

from sim.levers import LEVERS
from sim.scenario.document import Document
from sim.scenario.presets import SYNTHETIC
from sim.scenario.scalars import Path

_LEVERS = frozenset(("policy", lever) for lever in LEVERS)
_WHOLE = frozenset((*lever, "split") for lever in _LEVERS)
"""Mappings that are one value: given again, they replace the old one instead of joining it."""


def normal(document: Document) -> None:
    """Write every lever as a mapping: a bare number is its share."""
    policy = document.data.get("policy")
    if not isinstance(policy, dict):
        return
    for lever in set(policy) & set(LEVERS):
        if isinstance(policy[lever], dict):
            continue
        policy[lever] = {"share": policy[lever]}
        path: Path = ("policy", lever)
        if path in document.places:
            document.places[(*path, "share")] = document.places[path]
        if path in document.refused:
            document.refused.add((*path, "share"))


def merge(base: Document, over: Document, one_key: Path = ()) -> Document:
    """Merge `over` over `base`, with the places of what holds in the end.

    A number for a lever changes its share and keeps its split. A split replaces the old split, unless `one_key` leads inside it.
    A city with another kind of preset drops what only the old kind has.

    Parameters
    ----------
    base, over : Document
        Normal documents, see `normal`.
    one_key : tuple of str
        The only path that `over` sets, when it sets one.
    """
    places = dict(base.places)
    refused = set(base.refused)

    def forget(path: Path) -> None:
        for known in [known for known in places if known[: len(path)] == path]:
            del places[known]
        refused.difference_update({known for known in refused if known[: len(path)] == path})

    def join(old: Any, new: Any, path: Path) -> Any:
        whole = path in _WHOLE and one_key[:-1] != path
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
        places={**places, **over.places},
        problems=[*base.problems, *over.problems],
        refused=refused | over.refused,
    )


def _same_kind(old: dict[str, Any], new: dict[str, Any], forget: Any) -> dict[str, Any]:
    if "preset" not in new or (new["preset"] == SYNTHETIC) == (old.get("preset") == SYNTHETIC):
        return old
    dropped = {"scale"} if new["preset"] == SYNTHETIC else {"residents", "districts"}
    for key in dropped:
        forget(("city", key))
    return {key: value for key, value in old.items() if key not in dropped}
