"""The shipped presets, whose data are in `scenarios/cities/`, and the preset of a scenario's city."""

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError, UserError
from sim.messages import Joined
from sim.scenario.cities.own_communities import with_shares
from sim.scenario.cities.preset import District, OwnPreset, Preset, synthetic_districts
from sim.scenario.cities.preset_folder import read_preset

if TYPE_CHECKING:
    from sim.scenario.cities.own_communities import Borders, Places
    from sim.scenario.schema.city import CitySpec

SYNTHETIC = "synthetic"
OWN = "own"
"""Name of the preset that is made of a user's own communities."""


def shipped_root() -> Path:
    """Folder of the shipped scenarios: ``scenarios`` beside the package, or ``sim/ready`` in an installed one."""
    package = Path(str(resources.files("sim")))
    beside = package.parent / "scenarios"
    return beside if (beside / "cities").is_dir() and (beside / "baseline.yaml").is_file() else package / "ready"


def list_presets() -> list[str]:
    """Names of the presets, sorted."""
    return sorted(path.parent.name for path in (shipped_root() / "cities").glob("*/city.yaml"))


@lru_cache(maxsize=32)
def load_preset(name: str) -> Preset:
    """Read a shipped preset by its name; `UserError` when there is none of that name."""
    if name not in list_presets():
        raise UserError("no preset {name}; presets are {names}", name=repr(name), names=Joined(list_presets()))
    preset, problems = read_preset(shipped_root() / "cities" / name, f"cities/{name}")
    if preset is None:
        raise ScenarioError(problems)
    return preset


def preset_of(city: "CitySpec") -> Preset:
    """Preset that a scenario's city stands for, at its real size.

    A synthetic one is made with the residents and districts asked for; one of a user's own communities has these as ``places``.
    """
    preset = city.definition or load_preset(city.preset)
    if city.communities is not None:
        return own_preset(preset, city.communities, city.adjacency)
    if city.preset != SYNTHETIC:
        return preset
    made = synthetic_districts(city.districts or 4, city.residents or preset.population)
    return preset.model_copy(update={"population": city.residents or preset.population, "districts": made})


def own_preset(rates: Preset, communities: "Places", borders: "Borders | None") -> OwnPreset:
    """Preset made of a user's own communities; household size, police and unknown shares are those of `rates`."""
    places = with_shares(communities, rates.nonlocal_share)
    figures: dict[str, Any] = {
        "name": OWN,
        "title": {"en": "Own city", "zh": "自定义城市"},
        "population": places.population,
        "nonlocal_share": _mean(places.rows, "nonlocal_share"),
        "subdistrict_units": len({(place.district, place.subdistrict) for place in places.rows}),
        "community_size": max(1, round(places.population / len(places.rows))),
        "districts": tuple(_district(name, [place for place in places.rows if place.district == name]) for name in places.districts),
        "sources": {"communities": "the table that the scenario names", **rates.sources},
    }
    kept: dict[str, Any] = {name: getattr(rates, name) for name in ("household_size", "police_per_1000", "rates")}
    return OwnPreset(**kept, **figures, places=places.rows, borders=None if borders is None else borders.pairs)


def _district(name: str, places: list) -> District:
    """District that is the sum of its communities."""
    shares = {column: round(_mean(places, column), 6) for column in ("nonlocal_share", "x", "y")}
    return District(name=name, name_zh="", population=sum(place.population for place in places), **shares)


def _mean(places: Any, column: str) -> float:
    """Mean of a column over residents."""
    return sum(place.population * getattr(place, column) for place in places) / sum(place.population for place in places)
