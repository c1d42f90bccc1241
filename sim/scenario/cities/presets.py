"""The shipped presets, whose data are in `scenarios/cities/`, and the preset of a scenario's city."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError, UserError
from sim.messages import Joined
from sim.scenario.cities.own_communities import with_shares
from sim.scenario.cities.preset import OPTIONAL, District, OwnPreset, Preset, synthetic_districts
from sim.scenario.cities.preset_folder import read_preset
from sim.scenario.cities.shipped import shipped_root

if TYPE_CHECKING:
    from sim.scenario.cities.own_communities import Borders, Communities
    from sim.scenario.schema.city import CitySpec

SYNTHETIC = "synthetic"
OWN = "own"
"""Name of the preset built from a user's own communities."""


def list_presets() -> list[str]:
    """Names of the presets, sorted."""
    return sorted(path.parent.name for path in (shipped_root() / "cities").glob("*/city.yaml"))


@lru_cache(maxsize=32)
def load_preset(name: str) -> Preset:
    """Read a shipped preset by its name; raises `UserError` for an unknown name."""
    if name not in list_presets():
        raise UserError("no preset {name}; presets are {names}", name=repr(name), names=Joined(list_presets()))
    preset, problems = read_preset(shipped_root() / "cities" / name, f"cities/{name}")
    if preset is None:
        raise ScenarioError(problems)
    return preset


def figures_of(city: "CitySpec") -> Preset:
    """The preset that a scenario's city is based on, whose figures of staff and costs are those of the city."""
    return city.definition or load_preset(city.preset)


def preset_of(city: "CitySpec") -> Preset:
    """Preset of a scenario's city, at its real size.

    A synthetic preset has the given residents and districts; a preset of a user's own communities has these as ``communities``.
    """
    preset = figures_of(city)
    if city.communities is not None:
        return own_preset(preset, city.communities, city.adjacency)
    if city.preset != SYNTHETIC:
        return preset
    made = synthetic_districts(city.districts or 4, city.residents or preset.population)
    return preset.model_copy(update={"population": city.residents or preset.population, "districts": made})


def residents_of(city: "CitySpec") -> dict[str, int]:
    """Residents of every district of a scenario's city, at its real size."""
    return {district.name: district.population for district in preset_of(city).districts}


def own_preset(rates: Preset, given: "Communities", borders: "Borders | None") -> OwnPreset:
    """Preset built from a user's own communities; household size, police and unknown shares are those of `rates`."""
    communities = with_shares(given, rates.nonlocal_share)
    figures: dict[str, Any] = {
        "name": OWN,
        "title": {"en": "Own city", "zh": "自定义城市"},
        "population": communities.population,
        "nonlocal_share": _mean(communities.rows, "nonlocal_share"),
        "subdistrict_units": len({(community.district, community.subdistrict) for community in communities.rows}),
        "community_size": max(1, round(communities.population / len(communities.rows))),
        "districts": tuple(_district(name, [one for one in communities.rows if one.district == name]) for name in communities.districts),
        "sources": {"communities": "the table that the scenario names", **rates.sources},
    }
    kept: dict[str, Any] = {name: getattr(rates, name) for name in ("household_size", "police_per_1000", *OPTIONAL)}
    return OwnPreset(**kept, **figures, communities=communities.rows, borders=None if borders is None else borders.pairs)


def _district(name: str, communities: list) -> District:
    """District as the sum of its communities."""
    shares = {column: round(_mean(communities, column), 6) for column in ("nonlocal_share", "x", "y")}
    return District(name=name, name_zh="", population=sum(community.population for community in communities), **shares)


def _mean(communities: Any, column: str) -> float:
    """Mean of a column over residents."""
    return sum(one.population * getattr(one, column) for one in communities) / sum(one.population for one in communities)
