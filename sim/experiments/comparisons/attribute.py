"""Attribution of the difference between two scenarios to the levers that differ, with common random numbers.

Every lever that differs is a player; a coalition is the first scenario with the second's settings of some players. All coalitions
are run on the same seeds, and the difference is divided exactly (`sim.analysis.shapley`).

Coalitions beyond the budget. If one lever gets more and another less, a coalition with only the first would exceed the budget. It is run
all the same, each lever with the money of its own scenario, by raising the budget and lowering all shares by the same factor (2 or 4, so
that the money of each lever stays bit-identical): the question is the effect of each lever's money, and taking it from another lever would
attribute that lever's loss to this one. Such coalitions are not policies in themselves; their unspent money is not attributed. To treat the
mix as a whole, make it one player: ``together=["policy"]``.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.intervals import mean_interval
from sim.analysis.paired import SINGLE
from sim.analysis.real_size import LEADING, total_factor
from sim.analysis.shapley import shares
from sim.analysis.world_verdict import world_verdict
from sim.errors import ScenarioError, UserError
from sim.experiments.arguments import DEFAULT, Unset, names_of
from sim.experiments.comparisons import natural_units
from sim.experiments.comparisons.world_batch import RESIDENTS, Given, WorldBatch, asked_worlds, refuse_keeping, run_in_worlds, sized
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import Batch, known_metrics, run_batch
from sim.experiments.runs.jobs import Progress
from sim.lazy import lazily
from sim.messages import Joined
from sim.metrics import METRICS, metrics_of
from sim.scenario import Scenario, read_scenario
from sim.scenario.costs import real_residents
from sim.scenario.given import scenario_of
from sim.scenario.schema.spending import form_of

with lazily():
    import pandas as pd

REPLICATES = 30
MOST_PLAYERS = 8
"""256 coalitions."""
FACTORS = (1, 2, 4)
WITHOUT_EFFECT = ("schema", "name", "title", "description", "seed", "replicates", "targets")
SAME_FOR_BOTH = ("city", "horizon")
NOT_BEYOND_BUDGET = "budget_unspent"
"""Metric without meaning in a coalition that exceeds the budget."""


@dataclass(frozen=True, eq=False)
class Attribution(ExperimentResult):
    """The difference between two scenarios, divided among the levers that differ.

    Parameters
    ----------
    batch : Batch
        A scenario per coalition; its label lists the players who have the second scenario's settings.
    named : tuple of Scenario
        The two.
    players : tuple of str
        Groups of keys that differ, as ``policy.rule_of_law`` or ``stance.transparency``.
    effects : DataFrame
        ``metric, effect, player, other, mean, low, high, n``. Effects: ``first`` and ``second`` (the scenarios' own values), ``total``
        (their difference), ``shapley`` (sums to the total), ``main`` (the player alone), ``pair`` (interaction of two), ``remainder``
        (interactions of three or more); main, pair and remainder sum to the total as well. Intervals: 95 % over seeds, as of
        `sim.analysis.intervals`. Over worlds ``low`` and ``high`` are the middle 90 % of the worlds, and there are ``median``, ``better``
        and ``worse`` (worlds in which the effect is above and below 0) and ``word`` (see `sim.analysis.world_verdict`); means, not medians,
        sum to the total.
    natural : DataFrame
        Leading results for the real size of the city, with the cost per effect: of the second scenario (``scenario`` is "") against the
        first, and of the Shapley share of every player if there are several; columns as of
        `sim.experiments.comparisons.natural_units.natural_units`. Over worlds: ``scenario, metric, base``, the fields of `WorldVerdict` of
        the differences in natural units, and ``currency``.
    factors : dict of str to int
        Factors by which the budget was raised, for coalitions that exceed it.
    """

    batch: Batch
    named: tuple[Scenario, ...]
    players: tuple[str, ...]
    effects: "pd.DataFrame"
    natural: "pd.DataFrame"
    factors: dict[str, int]
    together: tuple[str, ...] = ()
    kind = "attribute"

    @property
    def over_worlds(self) -> bool:
        """Whether it is over plausible worlds, not by luck alone."""
        return isinstance(self.batch, WorldBatch)

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        prefix = "world_" if self.over_worlds else ""
        return {f"{prefix}effects": self.effects, f"{prefix}natural_units": self.natural, "outcomes": self.batch.outcomes}

    @property
    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = {"players": list(self.players), "together": list(self.together), "beyond_budget": self.factors}
        if isinstance(self.batch, WorldBatch):
            found |= {"worlds": [world.number for world in self.batch.worlds], "set": self.batch.about}
        return found

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of an experiment, with the two scenarios in full."""
        first, second = self.named
        return super().manifest | {"scenarios": {"first": first.canonical(), "second": second.canonical()}}


def attribute(
    first: Scenario | str | os.PathLike,
    second: Scenario | str | os.PathLike,
    together: Sequence[str] = (),
    metrics: Sequence[str] | None = None,
    replicates: int | Unset | None = DEFAULT,
    seed: int | None = None,
    workers: int | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    worlds: Given | None = None,
    residents: int | Unset | None = DEFAULT,
    keep: str | Path | None = None,
) -> Attribution:
    """Divide the difference between two scenarios among the levers that differ, in every plausible world; or by luck alone.

    Parameters
    ----------
    first, second : Scenario, path or str
        In the same city and over the same horizon.
    together : str or sequence of str
        Keys whose differences count as one player, as in ``["policy"]`` or ``["stance", "mechanisms"]``.
    metrics : sequence of str, optional
        All by default.
    replicates, seed, workers, window, progress, worlds, residents, keep
        As in `sim.compare`.

    Raises
    ------
    UserError
        When nothing differs, city or horizon differ, or there are more than eight players.
    """
    a, b = scenario_of(first, "first"), scenario_of(second, "second")
    together = names_of("together", together)
    chosen = known_metrics(metrics, [a, b]) if metrics is not None else metrics_of(a, b)
    players = players_of(a, b, together)
    found = [coalition(a, b, players, number) for number in range(1 << len(players))]
    labels = [label_of(players, number) for number in range(len(found))]
    factors = {label: factor for label, (_, factor) in zip(labels, found, strict=True) if factor > 1}
    asked = asked_worlds(worlds, alone=replicates is not DEFAULT)
    cities = sized([one for one, _ in found], residents, RESIDENTS if asked else None)
    kept = [name for name in chosen if not (factors and name == NOT_BEYOND_BUDGET)]
    batch: Batch
    if asked:
        batch = run_in_worlds(cities, labels, asked, seed, workers, window, progress, again=0, keep=keep)
        natural = natural_over_worlds(batch, list(players), real_residents(a))
    else:
        refuse_keeping(keep)
        batch = run_batch(cities, labels, seed, REPLICATES if replicates is DEFAULT else replicates, workers, window, progress)
        natural = natural_shares(batch, list(players), real_residents(a))
    found_effects = effects(batch, list(players), kept)
    return Attribution(batch, (a, b), tuple(players), found_effects, natural, factors, tuple(together))


def players_of(a: Scenario, b: Scenario, together: Sequence[str] = ()) -> dict[str, list[tuple[str, ...]]]:
    """Groups of keys that differ, each with the paths of its sections or values."""
    first, second = a.as_data(texts=False), b.as_data(texts=False)
    changed = [path for path in sorted({*_paths(first), *_paths(second)}) if _at(first, path) != _at(second, path)]
    changed = [path for path in changed if path[0] not in WITHOUT_EFFECT]
    both = {"first": a.name, "second": b.name}
    apart = sorted({path[0] for path in changed if path[0] in SAME_FOR_BOTH})
    if apart:
        raise UserError(
            "attribute: {first} and {second} differ in {keys}; expected the same, so that equal seeds give common random numbers",
            **both,
            keys=Joined(apart, " and "),
        )
    players: dict[str, list[tuple[str, ...]]] = {}
    for path in changed:
        name = ".".join(path)
        group = next((prefix for prefix in together if f"{name}.".startswith(f"{prefix}.")), name)
        players.setdefault(group, []).append(path)
    if not players:
        raise UserError("attribute: {first} and {second} do not differ in anything that affects results", **both)
    if len(players) > MOST_PLAYERS:
        raise UserError(
            "attribute: {first} and {second} differ in {count} levers ({levers}); expected at most {most}: group some "
            "of them, as in --together {example}",
            **both,
            count=len(players),
            levers=Joined(players),
            most=MOST_PLAYERS,
            example=next(iter(players)).split(".")[0],
        )
    unused = [prefix for prefix in together if prefix not in players]
    if unused:
        raise UserError(
            "together: no difference begins with {unused}; the differences are: {levers}", unused=Joined(unused), levers=Joined(players)
        )
    return players


def _paths(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """The unit that counts as one player: a lever, a stance, a mechanism; all else by its first key."""
    found: list[tuple[str, ...]] = []
    for key, value in data.items():
        deep = key in ("policy", "stance", "mechanisms") and isinstance(value, dict)
        found += [(key, inner) for inner in value] if deep else [(key,)]
    return found


def _at(data: dict[str, Any], path: tuple[str, ...]) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None  # type: ignore[assignment]
    return data


def coalition(a: Scenario, b: Scenario, players: dict[str, list[tuple[str, ...]]], number: int) -> tuple[Scenario, int]:
    """The first scenario with the second's settings of the players in coalition `number`, and the factor on its budget."""
    data, other = a.as_data(texts=False), b.as_data(texts=False)
    for place, paths in enumerate(players.values()):
        for path in paths if number >> place & 1 else ():
            _put(data, path, _at(other, path))
    refusals = []
    for factor in FACTORS:
        try:
            return read_scenario(_raised(data, factor), label_of(players, number)), factor
        except ScenarioError as error:
            refusals.append(error)
    raise UserError(
        "attribute: the coalition {coalition} cannot be run; group the keys that depend on each other, as in "
        "--together policy:\n"
        "{problems}",
        coalition=label_of(players, number),
        problems=refusals[0].message,
    )


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        data[key] = data = dict(data[key])
    if value is None:
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value


def _raised(data: dict[str, Any], factor: int) -> dict[str, Any]:
    """The same money for every lever out of a budget `factor` times as large."""
    if factor == 1:
        return data

    def moved(key: str, value: Any) -> Any:
        share = key.startswith("policy.") and ".split." not in key and form_of(key) == "share"
        return value / factor if share else value * factor if key == "budget" else value

    policy = {lever: _less(settings, factor) for lever, settings in data["policy"].items()}
    timeline = [
        entry | ({"set": {key: moved(key, value) for key, value in entry["set"].items()}} if "set" in entry else {})
        for entry in data.get("timeline", ())
    ]
    return data | {"budget": data["budget"] * factor, "policy": policy} | ({"timeline": timeline} if timeline else {})


def _less(settings: dict[str, Any], factor: int) -> dict[str, Any]:
    """A lever's settings with every share of the budget divided by a factor; money and staff stay as they are."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        inner = isinstance(value, dict) and key != "split"
        found[key] = _less(value, factor) if inner else value / factor if key == "share" else value
    return found


def label_of(players: Sequence[str] | dict[str, Any], number: int) -> str:
    """Names of the players in a coalition, or ``none``."""
    return " + ".join(name for place, name in enumerate(players) if number >> place & 1) or "none"


def effects(batch: Batch, players: Sequence[str], metrics: Sequence[str]) -> "pd.DataFrame":
    """Table of effects, see `Attribution`."""
    rows = []
    cube = batch.cube(metrics)
    for place, metric in enumerate(metrics):
        values = cube[:, :, place]
        values = values[np.isfinite(values).all(axis=1)]  # seeds on which every coalition has a value, so that sums stay exact
        if not len(values):
            continue
        found = shares(values.T)
        lines = [("first", "", "", values[:, 0]), ("second", "", "", values[:, -1]), ("total", "", "", found.total)]
        lines += [("shapley", name, "", found.shapley[i]) for i, name in enumerate(players)]
        lines += [("main", name, "", found.main[i]) for i, name in enumerate(players)]
        lines += [("pair", players[i], players[j], value) for (i, j), value in found.pairs.items()]
        lines += [("remainder", "", "", found.remainder)] if len(players) > 2 else []
        for effect, name, other, value in lines:
            known = {"metric": metric, "effect": effect, "player": name, "other": other}
            rows.append({**known, **(_over_worlds(value) if isinstance(batch, WorldBatch) else _by_luck(value)), "n": len(values)})
    return pd.DataFrame(rows)


def _by_luck(values: np.ndarray) -> dict[str, Any]:
    return dict(zip(("mean", "low", "high"), (float(number) for number in mean_interval(values)[:3]), strict=True))


def _over_worlds(values: np.ndarray) -> dict[str, Any]:
    found = world_verdict(values, resolution=SINGLE * float(np.abs(values).max()))
    kept = {key: getattr(found, key) for key in ("median", "low", "high", "better", "worse", "word")}
    return {"mean": float(values.mean()), **kept}


def natural_over_worlds(batch: WorldBatch, players: Sequence[str], residents: float) -> "pd.DataFrame":
    """The table of `natural_shares` over worlds, see `Attribution`."""
    names = [name for name in LEADING if name in batch.outcomes]
    values = batch.cube(names).swapaxes(0, 1)
    found = shares(values)
    parts = {"": found.total} | (dict(zip(players, found.shapley, strict=True)) if len(players) > 1 else {})
    rows = []
    for label, part in parts.items():
        for place, name in enumerate(names):
            factor = total_factor(name, residents)
            of_city = part[:, place] * (1.0 if math.isnan(factor) else factor)
            base = float(np.nanmedian(values[0, :, place])) * (1.0 if math.isnan(factor) else factor)
            known = {"scenario": label, "metric": name, "base": base}
            rows.append({**known, **world_verdict(of_city, METRICS[name].better == "less")._asdict()})
    return pd.DataFrame(rows).assign(currency=batch.scenarios[0].staffing.currency)


def natural_shares(batch: Batch, players: Sequence[str], residents: float) -> "pd.DataFrame":
    """Table of the whole difference and of the players' Shapley shares in numbers of the real city, see `Attribution`."""
    names = [name for name in LEADING if name in batch.outcomes]
    values = batch.cube(names).swapaxes(0, 1)
    found = shares(values)
    parts = {"": found.total} | (dict(zip(players, found.shapley, strict=True)) if len(players) > 1 else {})
    by_name = lambda table: dict(zip(names, table.T, strict=True))  # noqa: E731
    others = {label: by_name(values[0] + part) for label, part in parts.items()}
    return natural_units.differences(by_name(values[0]), others, residents, batch.scenarios[0].staffing.currency, seed=batch.seeds[0])
