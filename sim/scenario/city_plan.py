"""Conversion of a scenario into the plan of its city: presets, files and choices are resolved to plain values."""

from typing import TYPE_CHECKING

import numpy as np

from sim.city.plan import CityPlan, DistrictPlan, ShockPlan
from sim.mechanisms.base import pack
from sim.scenario.cities.preset import OwnPreset
from sim.scenario.cities.presets import preset_of
from sim.scenario.schema.shocks import Shock

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def plan_of(scenario: "Scenario") -> CityPlan:
    """The plan of a scenario's city."""
    preset, model, weights = preset_of(scenario.city), scenario.model, scenario.weights.satisfaction
    own = preset if isinstance(preset, OwnPreset) else None
    return CityPlan(
        residents=scenario.city.population,
        districts=tuple(DistrictPlan(d.name, d.name_zh, d.population, d.nonlocal_share, d.x, d.y) for d in preset.districts),
        communities=own.communities if own else None,
        borders=own.borders if own else None,
        community_size=scenario.city.community_size,
        nonlocal_share=preset.nonlocal_share,
        household_size=preset.household_size,
        staffing=scenario.staffing,
        subdistrict_units=preset.subdistrict_units,
        weeks=scenario.horizon,
        levers=scenario.lever_table(),
        shocks=tuple(_shock(shock, number) for number, shock in enumerate(scenario.shocks)),
        satisfaction_weights=(weights.belonging, weights.happiness, weights.security),
        parameters=_parameters(scenario),
        enabled=np.array([scenario.mechanisms[name].enabled for name in model.mechanisms], np.uint8),
        counts=len(model.counts),
        resident=model.resident,
        widen=model.widened,
    )


_last: tuple[object, np.ndarray] = (None, np.zeros(0))


def _parameters(scenario: "Scenario") -> np.ndarray:
    """Parameters of all mechanisms as one record. The last record is cached, since the scenarios of a sweep often share it."""
    global _last
    last, settings = _last, scenario.mechanisms  # read once: another thread may pack other settings concurrently
    if last[0] is not settings:  # settings never change
        _last = last = (settings, pack(scenario.model.mechanisms, settings))
    return last[1]


def _shock(shock: Shock, number: int) -> ShockPlan:
    where, end = shock.where, shock.at + shock.lasts
    return ShockPlan(shock.kind, shock.at, end, shock.strength, where.district, where.community, f"shocks.{number}.where.community")
