"""The definition of a search, read as strictly as a study: objectives, targets, futures and length."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.experiments.comparisons.index_parts import INDICES, part_names
from sim.experiments.optimization.search_space import Space
from sim.experiments.studies import study_file
from sim.experiments.studies.study import Study
from sim.experiments.studies.study_reader import Reader
from sim.messages import Joined, Message
from sim.metrics import METRICS
from sim.scenario.parsing.document import Document
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.section import number_of
from sim.suggestions import nearest

WAYS = ("more", "less")
SEARCH_KEYS = ("objectives", "targets", "met_in", "population", "generations", "futures", "seed", "quantile")
SIDES = ("at_least", "at_most")
MOST_OBJECTIVES = 4


@dataclass(frozen=True)
class Search:
    """A search over policies. Made by `load_search` or `make_search`; immutable.

    Parameters
    ----------
    base : Study
        Scenario, factors and groups to search, replicates, outcomes; its design draws the first generation.
    objectives : dict
        Outcome or factor to ``"more"`` or ``"less"``.
    targets : dict
        Outcome to (side, bound); every run meets all or not.
    met_in : float
        Share of the runs of a policy that must meet the targets.
    futures : Study or None
        Uncertain factors, drawn once; every policy meets all of these futures. In the default world only.
    quantile : float
        Over plausible worlds, the quantile of the improvement on the scenario's own policy that is sought: .5 is the median, .1 what is
        reached in nine of ten worlds.
    """

    base: Study
    objectives: dict[str, str]
    targets: dict[str, tuple[str, float]]
    met_in: float
    population: int
    generations: int
    seed: int
    futures: Study | None = None
    quantile: float = 0.5
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Name of the search and of its folder."""
        return self.base.name

    @property
    def space(self) -> Space:
        """The space of policies."""
        return Space(self.base.factors, self.base.groups)

    def as_data(self) -> dict[str, Any]:
        """The data that identify a search: everything except texts and the number of generations."""
        data = {key: value for key, value in self.base.as_data().items() if key not in ("title", "description")}
        targets = {name: list(target) for name, target in self.targets.items()}
        data |= {"objectives": self.objectives, "targets": targets, "met_in": self.met_in, "population": self.population, "seed": self.seed}
        return data | ({"futures": self.futures.as_data()["factors"], "futures_count": self.futures.design.samples} if self.futures else {})


def load_search(source: str | os.PathLike) -> Search:
    """Load a search: a study file with ``search`` in place of ``design`` and, optionally, ``futures``.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem of the file at once.
    sim.errors.UserError
        When there is no such file, or it cannot be read.
    """
    return _read(*study_file.document_of(source))


def make_search(data: Mapping[str, Any]) -> Search:
    """Search from plain data with the keys of a search file."""
    return _read(Document("search", {"name": "search", **data}), None)


def _read(document: Document, file: Path | None) -> Search:
    study_file.acquaint(document, file)
    reader = _SearchReader(document)
    parts = reader.parts()
    futures = document.data.pop("futures", None)
    for key in ("search", "design"):
        document.data.pop(key, None)
    document.data["design"] = {"kind": "lhs", "samples": parts["population"], "seed": parts["seed"]}
    document.data["outcomes"] = reader.outcomes(parts)
    base = study_file.read(document, file)
    for name in parts["objectives"]:
        if name not in METRICS and name not in base.keys:
            near = nearest(name, [*METRICS, *base.keys])
            reader.report(("search", "objectives", name), shown(name), Message("a metric or a factor of this search"), near, at_key=True)
    document.check()
    count = parts.pop("futures")
    drawn = _futures(document, file, base, futures, count) if futures is not None else None
    return Search(base, futures=drawn, **parts)


class _SearchReader(Reader):
    """Reads the section ``search``."""

    def parts(self) -> dict[str, Any]:
        """Everything in the section; invalid entries are replaced by defaults."""
        self.section(("search",), SEARCH_KEYS, Message("a mapping with objectives and, optionally, targets and the length of the search"))
        if self.value(("design",)) is not None:
            self.report(("design",), Message("a design"), Message("none: a search chooses its own points"), at_key=True)
        objectives = self._objectives()
        return {
            "objectives": objectives,
            "targets": self._targets(),
            "met_in": self.number(("search", "met_in"), 0.8, 0.0, 1.0),
            "population": self.number(("search", "population"), 24, 4, 1000, whole=True),
            "generations": self.number(("search", "generations"), 20, 1, 10_000, whole=True),
            "futures": self.number(("search", "futures"), 4, 1, 1000, whole=True),
            "seed": self.number(("search", "seed"), 1, 0, 2**31, whole=True),
            "quantile": self.number(("search", "quantile"), 0.5, 0.0, 1.0),
        }

    def outcomes(self, parts: dict[str, Any]) -> dict[str, str]:
        """Outcomes of the file, those that objectives and targets need, and the parts of indices: means of the last year by default."""
        given = self.value(("outcomes",), {})
        found = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given if isinstance(given, list) else (), "last_year")
        for name in (*parts["objectives"], *parts["targets"]):
            if name in METRICS:
                found.setdefault(name, "last_year")
        for index in (name for name in INDICES if name in found):
            for part in part_names(index):
                found.setdefault(part, found[index])
        return found or {"stability": "last_year"}

    def _objectives(self) -> dict[str, str]:
        path = ("search", "objectives")
        given = self.section(path, None, Message("a mapping of metrics or factors to more or less"))
        if not 1 <= len(given) <= MOST_OBJECTIVES:
            expected = Message("1 to {most}, as in {example}", most=MOST_OBJECTIVES, example="{stability: more, budget_spent: less}")
            self.report(path, Message("{count} objectives", count=len(given)), expected)
        return {name: self.word((*path, name), "more", WAYS) for name in given}

    def _targets(self) -> dict[str, tuple[str, float]]:
        path: tuple = ("search", "targets")
        found = {}
        bounds = Message("{at_least: number} or {at_most: number}")
        for name in self.section(path, None, Message("a mapping of metrics to {bounds}", bounds=bounds)):
            if name not in METRICS:
                near = nearest(name, METRICS)
                self.report((*path, name), shown(name), Message("a metric, see `sanzhi describe metrics`"), near, at_key=True)
                continue
            given = self.section((*path, name), SIDES, Joined(SIDES, " or "))
            side = next(iter(given), "")
            if len(given) != 1 or number_of(given.get(side)) is None:
                self.report((*path, name), shown(self.value((*path, name))), bounds)
            elif side in SIDES:
                found[name] = (side, float(given[side]))
        return found


def _futures(document: Document, file: Path | None, base: Study, futures: Any, count: int) -> Study:
    """The study that draws the futures; its problems are reported with their location in the file."""
    locations = {("factors", *path[1:]): location for path, location in document.locations.items() if path[:1] == ("futures",)}
    data = {"name": base.name, "scenario": base.scenario, "design": {"kind": "lhs", "samples": count, "seed": 1}, "factors": futures}
    drawn = study_file.read(Document(document.file, data, locations, start=document.start), None)
    both = sorted(set(drawn.keys) & set(base.keys))
    if both:
        raise UserError(
            "{file}: futures: got {keys}; expected keys that are not factors of the search", file=document.file, keys=Joined(both)
        )
    return replace(drawn, name=base.name)
