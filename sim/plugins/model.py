"""The parts of a scenario's model: those of the package, and those of the scenario's plug-ins."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.city.columns import Column, tile_type
from sim.city.community import COMMUNITY, COUNTS, SUMS, TALLY
from sim.city.resident import Resident
from sim.levers import LEVER_WEEK
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism, in_order
from sim.mechanisms.week import USUAL, Week
from sim.messages import Message
from sim.metrics.catalogue import METRICS
from sim.metrics.metric import Metric
from sim.plugins.check import names
from sim.plugins.load import Loaded
from sim.plugins.source import PluginFailed, where


class Model:
    """Mechanisms, record types, levers and metrics of a scenario with its plug-ins.

    Parameters
    ----------
    plugins : tuple of Loaded

    Attributes
    ----------
    mechanisms : dict of str to Mechanism
        Those of the package first; a mechanism's number among them is its position in ``world.enabled``.
    counts : tuple of str
        Counts and sums of a week, in the order of the columns of the history.
    community, levers : dtype
        Records of communities and of a week's levers.
    resident : type
        The kind of resident: `Resident`, with the traits added by plug-ins.
    metrics : dict of str to Metric
        Those of the package first.
    formulas : dict of str to Metric
        Only those of plug-ins.
    """

    def __init__(self, plugins: tuple[Loaded, ...] = ()):
        self.plugins = plugins
        outside = [one for loaded in plugins for one in loaded.plugin.mechanisms]
        self.mechanisms: dict[str, Mechanism] = {**MECHANISMS, **{one.name: one for one in outside}}
        self.outside = tuple(outside)
        own = {part: _joined(plugins, part) for part in ("levers", "conditions", "traits", "counts")}
        self.stances, self.conditions, self.traits = own["levers"], own["conditions"], own["traits"]
        self.own_counts = tuple(own["counts"])
        self.formulas: dict[str, Metric] = {one.name: one for loaded in plugins for one in loaded.plugin.metrics}
        self.metrics: dict[str, Metric] = {**METRICS, **self.formulas}
        self.counts = (*COUNTS, *SUMS, *self.own_counts)
        self.community = _community(self.conditions, self.own_counts)
        self.levers = _levers(self.stances)
        self.resident = _resident(self.traits)

    @functools.cached_property
    def week(self) -> Week:
        """The week, derived from the mechanisms in their order."""
        if not self.outside:
            return USUAL
        order = in_order(MECHANISMS.values(), self.outside)
        numbers = {name: number for number, name in enumerate(self.mechanisms)}
        return Week(order, numbers, " ".join(loaded.digest for loaded in self.plugins))

    def formula(self, name: str, record: Any) -> np.ndarray:
        """Values of a metric of a plug-in for the counts of a run, shape (weeks, units).

        Raises
        ------
        PluginFailed
            If its function raises an error or returns anything else.
        """
        shape = record["opened"].shape
        try:
            return np.broadcast_to(np.asarray(self.formulas[name](record), np.float64), shape)
        except Exception as error:
            failed = Message(
                "the metric {name} of a plug-in: {kind}: {error}{where}; expected numbers of shape {shape} (weeks, districts and the city)",
                **{"name": name, "kind": type(error).__name__, "error": error, "where": where(error), "shape": shape},
            )
            raise PluginFailed(failed) from error

    def widened(self, communities: np.ndarray, tiles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Communities and tiles of residents as built, with the fields of plug-ins at their start values."""
        if self.community != communities.dtype:
            communities = _copied(communities, self.community, {name: one.start for name, one in self.conditions.items()})
        if self.traits:
            wider = tile_type(self.resident, tiles["norm"].shape[-1])
            tiles = _copied(tiles, wider, {name: one.start for name, one in self.traits.items()})
        return communities, tiles


def clashes(plugins: tuple[Loaded, ...]) -> Iterator[tuple[int, str, str, str]]:
    """Names defined by two plug-ins: position of the later plug-in, kind of part, the name, and the earlier plug-in."""
    seen: dict[tuple[str, str], str] = {}
    for position, loaded in enumerate(plugins):
        for what, given in names(loaded.plugin).items():
            for name in given:
                if (what, name) in seen:
                    yield position, what, name, seen[what, name]
                seen.setdefault((what, name), loaded.name)


@functools.cache
def model_of(plugins: tuple[Loaded, ...] = ()) -> Model:
    """The model with these plug-ins (cached)."""
    return Model(plugins)


def _joined(plugins: tuple[Loaded, ...], part: str) -> dict[str, Any]:
    return {name: one for loaded in plugins for name, one in getattr(loaded.plugin, part).items()}


def _levers(stances: dict[str, Any]) -> np.dtype:
    """Record of a week's levers with more stances."""
    return np.dtype((np.record, [*LEVER_WEEK.descr, *((name, "f4") for name in stances)])) if stances else LEVER_WEEK


def _community(conditions: dict[str, Any], counts: tuple[str, ...]) -> np.dtype:
    """Record of a community with more conditions and counts: those of the package stay first in their order."""
    if not conditions and not counts:
        return COMMUNITY
    tally = np.dtype((np.record, [(name, "i8") for name in (*(TALLY.names or ()), *counts)]))
    fields = [(name, tally if COMMUNITY[name] == TALLY else COMMUNITY[name]) for name in COMMUNITY.names or ()]
    fields += [(name, np.dtype("f4")) for name in conditions]
    width = np.dtype(fields).itemsize
    return np.dtype((np.record, [*fields, ("spare_outside", "u1", (8 - width % 8,))]))


def _resident(traits: dict[str, Any]) -> type:
    """The kind of resident with more columns."""
    if not traits:
        return Resident
    columns = {name: Column("f4", one.doc, unit=one.unit, low=one.low, high=one.high) for name, one in traits.items()}
    return type("Resident", (Resident,), {"__doc__": Resident.__doc__, "__module__": Resident.__module__, **columns})


def _copied(rows: np.ndarray, wider: np.dtype, start: dict[str, float]) -> np.ndarray:
    """Rows converted to a wider record type, with new fields at their start values."""
    found = np.zeros(len(rows), wider)
    for name in rows.dtype.names or ():
        if name not in ("now", "last"):  # counts are all 0 before the first week
            found[name] = rows[name]
    for name, value in start.items():
        found[name] = value
    return found


def compiled(model: Model, work: Callable[[], None]) -> None:
    """Call `work`, which compiles the kernels of a model.

    Raises
    ------
    PluginFailed
        If a kernel of a plug-in cannot be compiled.
    """
    if not model.outside:
        work()
        return
    try:
        work()
    except Exception as error:  # the compiler raises a KeyError for an unknown column, and errors of its own otherwise
        names = ", ".join(loaded.name for loaded in model.plugins)
        why = f"{type(error).__name__}: {_why(str(error))}"
        raise PluginFailed(Message("{names}: a kernel cannot be compiled: {why}", names=names, why=why)) from error


def _why(text: str) -> str:
    """The compiler's complaint and its location, extracted from its long message."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    usual = ("Error", "Failed in", "During")
    complaint = next((line for line in lines if not any(word in line for word in usual)), text.strip().split("\n", 1)[0])
    locations = [line for line in lines if line.startswith('File "sanzhi-plugin:')]
    return f"{complaint} ({locations[-1].rstrip(':')})" if locations else complaint
