"""The simulation as a Mesa model: the same engine, with views of its agents and Mesa's tools."""

import difflib
import math
import operator
import os
from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np

from sim import metrics
from sim.city.reporters import check_reporters
from sim.city.roster import Roster
from sim.city.sets import ColumnSet
from sim.errors import Problem, ScenarioError, UserError
from sim.levers import LEVERS
from sim.messages import Message
from sim.rules import AgentRule
from sim.scenario import Scenario, load_scenario, read_scenario
from sim.simulation import Simulation

SMALL_CITY = {"preset": "synthetic", "residents": 6000, "districts": 3, "community_size": 1000}
"""City of a model without a scenario: large enough for visible dynamics, small enough to inspect every agent."""
LARGEST_SEED = 2**63 - 1


class GovernanceModel(mesa.Model):
    """A city under a scenario; one step is one week.

    Parameters
    ----------
    scenario : Scenario, path or str, optional
        A scenario, a file, or the name of a shipped one such as ``baseline``. Without it, a small made-up city at the reference policy.
    seed, rng : int, optional
        Seed of the random numbers; the two are synonyms, as in Mesa. Without either a seed is drawn, so that the replicates of a batch
        differ; it can be read from `seed`. `rng` accepts whatever NumPy's ``default_rng`` accepts; from a generator one number is drawn
        as the seed, so that models created with the same generator differ, as in NumPy.
        (Pass seeds to ``mesa.batch_run`` as a parameter ``rng``: Mesa 3.5 drops a parameter ``seed``.)
    threads : int
        Threads for one large city. The result does not depend on it.
    rules : AgentRule or iterable of AgentRule
        Rules in plain Python in addition to those of the scenario, see `sim.rules`. The model runs copies of them, `simulation.rules`.
    **kwargs
        Changes to the scenario: levers and stances by name, anything else by its dotted key, as in
        ``GovernanceModel("baseline", self_governance=0.3, horizon=52, **{"mechanisms.norms.step": 0.1})``.

    Attributes
    ----------
    simulation : Simulation
        The engine; `simulation.scenario` is what it simulates.
    roster : Roster
        Agents by id or by kind and row.
    datacollector : MetricsCollector
        Every metric of every week. May be replaced by any `mesa.DataCollector`.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem of the scenario and of the changes to it.
    ValueError, TypeError
        For an invalid seed, or for both a seed and an rng.
    """

    def __init__(
        self,
        scenario: Scenario | str | os.PathLike | None = None,
        seed: int | None = None,
        rng: Any = None,
        threads: int = 1,
        rules: AgentRule | Iterable[AgentRule] = (),
        **kwargs: Any,
    ):
        chosen = _seed_from(seed, rng)
        plan = _scenario_from(scenario, kwargs)  # Mesa's SolaraViz reports any other name as a missing parameter
        super().__init__(rng=chosen)
        self._seed = self.seed = chosen
        self.simulation = Simulation(plan, chosen, threads=threads, rules=rules)
        city = self.simulation.city
        self.roster = Roster(self, city.tables.values(), city.world.communities)
        self._metrics: tuple[int, dict[str, list[float]]] = (0, {name: [] for name in metrics.metrics_of(plan)})
        self.datacollector: mesa.DataCollector = MetricsCollector()
        self._checked: mesa.DataCollector = self.datacollector

    def step(self) -> None:
        """Simulate one week and collect.

        Raises
        ------
        ValueError
            If the horizon is reached.
        UserError
            If the collector reads an attribute that agents lack.
        """
        try:
            self.simulation.advance(1)
        finally:
            self.steps = self.week  # corrects Mesa's count after a step that failed
        self.running = self.week < self.horizon
        if self.datacollector is not self._checked:
            check_reporters(self.datacollector, self.roster)
            self._checked = self.datacollector
        self.datacollector.collect(self)

    @property
    def week(self) -> int:
        """Number of simulated weeks."""
        return self.simulation.week

    @property
    def horizon(self) -> int:
        """Total number of weeks."""
        return self.simulation.horizon

    @property
    def metrics(self) -> dict[str, float]:
        """Every metric of the last week by name; not a number before the first week."""
        return {name: values[-1] if values else math.nan for name, values in self.metric_series().items()}

    def metric_series(self) -> dict[str, list[float]]:
        """Every metric by name, one value per week. Computed on request; the lists are shared, so copy them before changing them."""
        week, series = self._metrics
        if week != self.week:
            series = {name: values.tolist() for name, values in metrics.series(self.simulation).items()}
            self._metrics = (self.week, series)
        return series

    # --- agents ---

    @property
    def agents(self) -> ColumnSet:
        """All agents of all kinds."""
        return self.roster.everyone()

    @property
    def residents(self) -> ColumnSet:
        """All residents."""
        return self.roster.of("Resident")

    @property
    def agent_types(self) -> list[type]:
        """Every kind of agent."""
        return [table.kind for table in self.roster.tables]

    @property
    def agents_by_type(self) -> dict[type, ColumnSet]:
        """All agents of each kind."""
        return {kind: self.roster.of(kind) for kind in self.agent_types}

    def register_agent(self, agent: Any) -> None:
        """Refused for any `agent`: the agents are the rows of the tables.

        Raises
        ------
        TypeError
        """
        _forget(self)
        raise TypeError(f"{type(agent).__name__} cannot join: the agents of a GovernanceModel are the rows of its tables")

    def deregister_agent(self, agent: Any) -> None:
        """Refused for any `agent`; see `register_agent`."""
        agent.remove()

    # --- unavailable parts of Mesa's interface ---

    @property
    def scenario(self) -> Any:
        """Unavailable: Mesa 3.5 reserves this name for its own scenarios and does not draw models with any other."""
        raise AttributeError("the scenario is at model.simulation.scenario")

    @scenario.setter
    def scenario(self, value: Any) -> None:
        if "simulation" in self.__dict__:
            raise AttributeError("a scenario holds for a whole run: make another model")

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a running model is not copied or pickled: make another with the same scenario and seed")


class MetricsCollector(mesa.DataCollector):
    """Mesa's collector with every metric of every week in addition to its own reporters.

    Metrics are not collected week by week, but computed from the record of the run on request, and so equal those of `sim.simulate`.
    Takes the arguments of `mesa.DataCollector` for further reporters.
    """

    def __init__(self, model_reporters: dict[str, Any] | None = None, **reporters: Any):
        self._model: GovernanceModel | None = None
        self._collecting = True
        super().__init__(model_reporters={"week": _last_week, "seed": "seed", **(model_reporters or {})}, **reporters)
        self._collecting = False

    def collect(self, model: GovernanceModel) -> None:
        """Collect the values of all reporters for the week that has passed.

        Raises
        ------
        UserError
            If it has already collected from another model.
        """
        if self._model not in (None, model):
            raise UserError("datacollector: got a collector that holds another run; expected a new one for each model")
        self._model = model
        self._collecting = True
        try:
            super().collect(model)
        finally:
            self._collecting = False

    @property
    def model_vars(self) -> dict[str, list]:
        """Collected values by name: the week (from 0), the seed, every metric, and the values of all reporters."""
        if self._collecting:
            return self._collected
        series = self._model.metric_series() if self._model else {name: [] for name in metrics.METRICS}
        weeks = self._collected["week"]
        return {**self._collected, **{name: [values[week] for week in weeks] for name, values in series.items()}, **self._collected}

    @model_vars.setter
    def model_vars(self, collected: dict[str, list]) -> None:
        self._collected = collected


def _last_week(model: GovernanceModel) -> int:
    return model.week - 1


def _seed_from(seed, rng) -> int:
    """The run's seed from the arguments that Mesa accepts."""
    if seed is not None and rng is not None:
        raise ValueError("got both seed and rng; they mean the same: give one")
    given = rng if seed is None else seed
    try:
        number = operator.index(given)
    except TypeError:
        if seed is not None:
            raise TypeError(f"seed: got {seed!r}; expected a whole number") from None
        return int(np.random.default_rng(rng).integers(LARGEST_SEED))
    if not 0 <= number <= LARGEST_SEED:
        raise ValueError(f"seed: got {number}; expected a whole number from 0 to {LARGEST_SEED}")
    return number


def _scenario_from(scenario, levers: dict[str, Any]) -> Scenario:
    """The scenario to simulate, with changes applied."""
    if scenario is None:
        scenario = read_scenario({"name": "small", "city": SMALL_CITY})
    elif isinstance(scenario, str | os.PathLike):
        scenario = load_scenario(scenario)
    elif not isinstance(scenario, Scenario):
        expected = "a Scenario, a file or a name (in mesa.batch_run, a list of them)"
        raise TypeError(f"scenario: got a {type(scenario).__name__}; expected {expected}")
    return scenario.with_changes(_changes(levers, type(scenario.stance).model_fields)) if levers else scenario


def _changes(levers: dict[str, Any], stances: Iterable[str]) -> dict[str, Any]:
    """Changes by dotted key; levers and stances may be given by name alone."""
    homes = {**{name: f"policy.{name}" for name in LEVERS}, **{name: f"stance.{name}" for name in stances}}
    known = [*homes, *Scenario.model_fields]
    got, expected = Message("an unknown argument"), Message("a lever, a stance, a field of a scenario or a dotted key")
    unknown = [name for name in levers if "." not in name and name not in known]
    if unknown:
        raise ScenarioError([Problem("GovernanceModel", None, None, name, got, expected, _near(name, known)) for name in unknown])
    return {homes.get(name, name): value for name, value in levers.items()}


def _near(name: str, known: list[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name, known, n=1)), None)


def _forget(model: GovernanceModel) -> None:
    """Drop Mesa 3.3's counter of ids, which would keep the model in memory. Mesa 3.5 has no such counter."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)
