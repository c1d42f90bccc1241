"""Checks of the declarations of a plug-in: valid values, known names, and no clash with names of the package."""

import keyword
from collections.abc import Iterator, Mapping
from typing import Any

from sim.city.columns import RESERVED, columns_of, derived_of
from sim.city.community import BLOCK, COMMUNITY, COUNTS, SUMS
from sim.city.resident import Resident
from sim.levers import INSTRUMENTS, LEVER_WEEK, LEVERS, STANCES, read_as
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.messages import LANGUAGES, Message
from sim.metrics.catalogue import METRICS
from sim.metrics.metric import DIRECTIONS, GROUPS, Metric
from sim.plugins.parts import Condition, Lever, Plugin, Trait
from sim.suggestions import nearest

KINDS = {"levers": Lever, "conditions": Condition, "traits": Trait, "counts": str}
OWN_GROUPS = tuple(group for group in GROUPS if group != "headline")
"""Groups of metrics that a plug-in may extend."""
UNITS = ("city", "districts", "committees", "organisations", "unions", "offices", "stations", "courts", "bureaus")
PARAMETER_NAMES = frozenset({"enabled"}) | RESERVED


def names(plugin: Plugin) -> dict[str, list[str]]:
    """Names defined by a plug-in, by kind of part."""
    return {
        "mechanism": [one.name for one in plugin.mechanisms],
        "lever": list(plugin.levers),
        "metric": [one.name for one in plugin.metrics],
        "condition of communities": list(plugin.conditions),
        "trait of residents": list(plugin.traits),
        "count": list(plugin.counts),
    }


def taken() -> dict[str, set[str]]:
    """Names defined by the package, by kind of part."""
    inside = set(COMMUNITY.names or ())
    return {
        "mechanism": {*MECHANISMS, "enabled"},
        "lever": {*STANCES, *LEVERS, *(LEVER_WEEK.names or ())},
        "metric": {*dict.keys(METRICS), "week", "replicate", "seed", "run", "district", "scenario", "residents"},
        "condition of communities": inside | {"tiles"},
        "trait of residents": {*columns_of(Resident), *derived_of(Resident), "first", "count", "community", *dir(Resident)},
        "count": {*COUNTS, *SUMS},
    }


def mistakes(plugin: Any) -> Iterator[Message]:
    """Mistakes in the declarations of a plug-in, one sentence each. A plug-in with any mistake is refused."""
    if not isinstance(plugin, Plugin):
        yield Message("PLUGIN is {got}, which is no sanzhi.plugins.Plugin", got=Message("nothing") if plugin is None else repr(plugin)[:60])
        return
    for group, kind in KINDS.items():
        for name, part in getattr(plugin, group).items():
            if not isinstance(part, kind):
                fields = {"group": group, "name": name, "got": repr(part)[:60], "kind": kind.__name__}
                yield Message("{group}.{name} is {got}, which is no {kind}", **fields)
                return
    for one in plugin.mechanisms:
        if not isinstance(one, Mechanism):
            yield Message("{got} is among the mechanisms, which is no sanzhi.mechanisms.base.Mechanism", got=repr(one)[:60])
            return
    for metric in plugin.metrics:
        if not isinstance(metric, Metric):
            yield Message("{got} is among the metrics, which is no function under @sanzhi.metrics.metric", got=repr(metric)[:60])
            return
    yield from _names(plugin)
    yield from _words(plugin)
    for one in plugin.mechanisms:
        yield from _mechanism(one, plugin)


def _names(plugin: Plugin) -> Iterator[Message]:
    inside = taken()
    for what, given in names(plugin).items():
        for position, name in enumerate(given):
            sound = name.isidentifier() and name.isascii() and name == name.lower() and not name.startswith("_")
            if not sound or keyword.iskeyword(name) or (what != "metric" and name in RESERVED):
                yield Message(
                    "the {what} {name} has a name that is not of small letters, digits and _, or that Python or NumPy has taken",
                    **{"what": what, "name": name},
                )
            elif name in inside[what] or name in given[:position]:
                yield Message("the {what} {name} has a name that the package has taken", what=what, name=name)


def _words(plugin: Plugin) -> Iterator[Message]:
    texts: dict[str, Mapping[str, str]] = {f"{one.name}.names": one.names for one in plugin.mechanisms}
    for name, lever in plugin.levers.items():
        parts = {"names": lever.names, "doc": lever.description, "brings": lever.brings, "costs": lever.costs}
        texts |= {f"{name}.{part}": words for part, words in parts.items()}
        if lever.choices:
            yield Message("the lever {name} is a choice; levers from outside the package are numbers", name=name)
        elif not lever.low <= float(lever.default) <= lever.high:
            yield Message("the lever {name} has the default {default}, which is not from {low} to {high}", name=name, **_numbers(lever))
    for metric in plugin.metrics:
        texts[f"{metric.name}.title"] = {language: metric.title_in(language) for language in LANGUAGES}
        for got, known in ((metric.better, DIRECTIONS), (metric.group, OWN_GROUPS)):
            if got not in known:
                fields = {"name": metric.name, "got": got, "known": ", ".join(known)}
                yield Message("the metric {name} has {got} where one of {known} is expected", **fields)
    for where, text in texts.items():
        if any(not text.get(language) for language in LANGUAGES):
            yield Message("{where} lacks words in English (en) or Chinese (zh)", where=where)


def _numbers(lever: Lever) -> dict[str, str]:
    return {key: f"{getattr(lever, key):g}" for key in ("default", "low", "high")}


def _mechanism(one: Mechanism, plugin: Plugin) -> Iterator[Message]:
    """References of a mechanism to unknown mechanisms, columns or counts."""
    if one.before and one.before not in MECHANISMS:
        yield _unknown(one, "before", one.before, MECHANISMS)
    if one.plans_after and one.plans_after not in MECHANISMS:
        yield _unknown(one, "plans_after", one.plans_after, MECHANISMS)
    for name in one.parameters.model_fields:
        if name in PARAMETER_NAMES:
            yield Message("the parameter {name} of {mechanism} has a name that NumPy has taken", mechanism=one.name, name=name)
    known = touchable(plugin)
    for group in ("reads", "writes"):
        for name in getattr(one, group):
            if name not in known and name.partition(".")[0] not in UNITS:
                yield _unknown(one, group, name, known)
    for name in one.counts:
        if name not in {*COUNTS, *SUMS, *plugin.counts}:
            yield _unknown(one, "counts", name, {**COUNTS, **SUMS, **plugin.counts})


def touchable(plugin: Plugin) -> set[str]:
    """Names that the mechanisms of a plug-in may read or write, except columns of units."""
    residents = {*columns_of(Resident), *plugin.traits}
    communities = {f"community.{name}" for name in (*(COMMUNITY.names or ()), *plugin.conditions)}
    levers = {f"levers.{name}" for name in (*(LEVER_WEEK.names or ()), *plugin.levers)}
    levers |= {key for name in INSTRUMENTS for key in read_as(name)}
    return residents | communities | levers | {f"blocks.{name}" for name in BLOCK.names or ()}


def _unknown(one: Mechanism, group: str, name: str, known: Any) -> Message:
    near, fields = nearest(name, known), {"mechanism": one.name, "group": group, "name": name}
    if near:
        return Message("{group} of the mechanism {mechanism} names {name}, which is not there (did you mean {near}?)", **fields, near=near)
    return Message("{group} of the mechanism {mechanism} names {name}, which is not there", **fields)
