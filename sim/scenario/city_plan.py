"""Conversion of a scenario into the plan of its city: presets, files and choices are resolved to plain values."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.city.plan import CityPlan, DistrictPlan, PlacesPlan, ShockPlan
from sim.kept import last_kept
from sim.mechanisms.base import Mechanism, pack
from sim.scenario.cities.preset import OwnPreset
from sim.scenario.cities.presets import preset_of
from sim.scenario.schema import timeline
from sim.scenario.schema.city import CitySpec
from sim.scenario.schema.shocks import Shock

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def plan_of(scenario: "Scenario") -> CityPlan:
    """The plan of a scenario's city."""
    model, weights = scenario.model, scenario.weights.satisfaction
    places = _places(scenario.city)
    policies, policy_of = timeline.policies(scenario, [district.name for district in places.districts])
    parameters, enabled = _settings(model.mechanisms, scenario.mechanisms)
    return CityPlan(
        places=places,
        staffing=scenario.staffing,
        weeks=scenario.horizon,
        policies=policies,
        policy_of=policy_of,
        shocks=tuple(_shock(shock, number) for number, shock in enumerate(scenario.shocks)),
        satisfaction_weights=(weights.belonging, weights.happiness, weights.security),
        parameters=parameters,
        enabled=enabled,
        counts=len(model.counts),
        resident=model.resident,
        widen=model.widened,
    )


@last_kept
def _places(city: CitySpec) -> PlacesPlan:
    """What the sizes of a city's places follow from."""
    preset = preset_of(city)
    own = preset if isinstance(preset, OwnPreset) else None
    return PlacesPlan(
        residents=city.population,
        districts=tuple(DistrictPlan(d.name, d.name_zh, d.population, d.nonlocal_share, d.x, d.y) for d in preset.districts),
        communities=own.communities if own else None,
        borders=own.borders if own else None,
        community_size=city.community_size,
        nonlocal_share=preset.nonlocal_share,
        household_size=preset.household_size,
        subdistrict_units=preset.subdistrict_units,
    )


@last_kept
def _settings(mechanisms: dict[str, Mechanism], settings: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Parameters of all mechanisms as one record, and 1 for each that is enabled."""
    return pack(mechanisms, settings), np.array([settings[name].enabled for name in mechanisms], np.uint8)


def _shock(shock: Shock, number: int) -> ShockPlan:
    where, end = shock.where, shock.at + shock.lasts
    return ShockPlan(
        shock.kind, shock.at, end, shock.strength, where.district, where.community, f"shocks.{number}.where.community", shock.service
    )
