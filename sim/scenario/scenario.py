"""The scenario: a frozen, strict value with all settings of a simulation."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from sim.city.plan import CityPlan
from sim.city.staffing import Staffing
from sim.notebook_cards import card
from sim.plugins import load as plugin_load
from sim.plugins import model as plugin_model
from sim.scenario import city_plan
from sim.scenario.cities.presets import figures_of, residents_of
from sim.scenario.cities.staffing import staffing_of
from sim.scenario.costs import costs
from sim.scenario.loading.changing import changed
from sim.scenario.loading.validate import valid
from sim.scenario.parsing.document import Document
from sim.scenario.schema import spending, timeline
from sim.scenario.schema.fields import ScenarioFields


class Scenario(ScenarioFields):
    """Settings of a simulation, created by `sim.scenario.load_scenario` or `with_changes`; immutable."""

    def with_changes(self, changes: Mapping[str, Any]) -> "Scenario":
        """Another scenario with some keys changed.

        Parameters
        ----------
        changes : mapping of str to value
            Dotted keys, as in ``{"policy.rule_of_law": 0.4, "mechanisms.norms.step": 0.1}``. A number for a lever changes its
            share and keeps its split; a mapping is merged, except a split, which is replaced.

        Raises
        ------
        sim.errors.ScenarioError
            With every problem at once.
        """
        document, trusted = changed(self, changes)
        return valid(document, Scenario, trusted).remember(*self.asked)

    @cached_property
    def asked(self) -> tuple[str, tuple[str, ...]]:
        """The file or name it was loaded from and later ``--set`` options, as typed; empty for a scenario created in Python."""
        return "", ()

    def remember(self, source: str, settings: Iterable[str] = ()) -> "Scenario":
        """The same scenario with a record of what was typed for it, which is not part of its value.

        Parameters
        ----------
        source : str
            File or name that it was loaded from.
        settings : iterable of str
            Arguments of ``--set``.
        """
        self.__dict__["asked"] = str(source), tuple(settings)
        return self

    def lever_table(self) -> np.ndarray:
        """Policy of every week as records, shape (horizon,), see `sim.scenario.schema.timeline.lever_table`."""
        return timeline.lever_table(self)

    @cached_property
    def residents(self) -> dict[str, int]:
        """Residents of every district, at the real size of the city."""
        return residents_of(self.city)

    @cached_property
    def staffing(self) -> Staffing:
        """What the staff of each instrument costs and does in its city, see `sim.city.staffing.Staffing`."""
        return staffing_of(figures_of(self.city), self.city.staffing.values)

    @cached_property
    def in_shares(self) -> dict[str, dict[str, Any]]:
        """Its policy at the beginning as shares of the budget with splits, whatever the forms in which it is given.

        ``with_changes({"policy": scenario.in_shares})`` gives a scenario that spends the same at first.
        """
        return spending.shares_of(self.policy, self.budget, self.staffing)

    @property
    def shares(self) -> dict[str, float]:
        """Share of the budget of each lever at the beginning."""
        return {lever: section["share"] for lever, section in self.in_shares.items()}

    @cached_property
    def model(self) -> plugin_model.Model:
        """The parts of the model under this scenario: those of the package, and those of its plug-ins."""
        trusted = (plugin_load.load(entry.plugin, entry.source, trusted=True) for entry in self.plugins)  # allowed when it was read
        return plugin_model.model_of(tuple(trusted))

    @cached_property
    def city_plan(self) -> CityPlan:
        """The plan of its city, as plain values; the same for every seed."""
        return city_plan.plan_of(self)

    def _repr_html_(self) -> str:
        money = {name: cost for name, cost in costs(self).items() if "." not in name}
        rows = [[lever, f"{cost.share:.3g}", f"{cost.money:,.0f}", f"{cost.staff:.3g}"] for lever, cost in money.items()]
        facts = [("city", self.city.preset), ("residents", f"{self.city.population:,}"), ("weeks", self.horizon), ("budget", self.budget)]
        listed = [(name, len(getattr(self, name, ()))) for name in ("timeline", "shocks", "targets") if getattr(self, name, ())]
        stance = ", ".join(f"{name} {value}" for name, value in self.stance.model_dump().items())
        title = self.title.get("en") or self.name
        return card(
            title,
            [*facts, *listed, ("hash", self.hash[:12])],
            [*rows, ["stance", "", "", stance]],
            ["lever", "share", self.money_key, "staff"],
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, (self.as_data(texts=False),)


def restored(data: Mapping[str, Any]) -> Scenario:
    """Unpickle a scenario. Its plug-ins may run: they were allowed when it was pickled, and unpickling executes code anyway."""
    return valid(Document("scenario", dict(data)), Scenario, trusted=True)
