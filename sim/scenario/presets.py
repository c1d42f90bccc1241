"""City presets: population, districts and rates of a real city, or of a made-up one, each with its source."""

import math
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from sim.errors import ScenarioError, UserError
from sim.spec import Spec

if TYPE_CHECKING:
    from sim.scenario.city import CitySpec
    from sim.scenario.own import Borders, Places

SYNTHETIC = "synthetic"
RADIUS = 5.0
"""Distance of a made-up district from the centre, in km."""
MOST_PEOPLE = 100_000_000
MOST_DISTRICTS, MOST_SUBDISTRICTS = 64, 2000
OWN = "own"
"""Name of the preset that is made of a user's own communities."""


def _figure(what: str, unit: str, **bounds: Any) -> Any:
    return Field(description=what, json_schema_extra={"unit": unit, "source": "the preset's sources"}, **bounds)


class District(Spec):
    """One district: residents, share without local registration (None when unknown), km east and north of the centre."""

    name: str = Field(min_length=1, max_length=100)
    name_zh: str
    population: int = Field(ge=1, le=MOST_PEOPLE)
    nonlocal_share: float | None = Field(default=None, ge=0, le=1)
    x: float = Field(ge=-1000, le=1000)
    y: float = Field(ge=-1000, le=1000)


class Preset(Spec):
    """A city to start from: its figures, its districts, and where each figure comes from."""

    name: str = _figure("short name", "name", pattern=r"^[A-Za-z0-9._-]{1,64}$")
    title: dict[Literal["en", "zh"], str] = _figure("name in English (en) and Chinese (zh)", "text")
    population: int = _figure("residents", "residents", ge=1, le=MOST_PEOPLE)
    nonlocal_share: float = _figure("residents without local registration, where a district has no share of its own", "share", ge=0, le=1)
    household_size: float = _figure("members of a household, on average", "residents", ge=1, le=3.5)
    subdistrict_units: int = _figure("sub-districts (streets and towns)", "units", ge=1, le=MOST_SUBDISTRICTS)
    community_size: int = _figure("residents of a community, on average; for information", "residents", ge=1, le=1_000_000)
    police_per_1000: float = _figure("police officers", "per 1,000 residents", ge=0, le=100)
    districts: Annotated[tuple[District, ...], Field(strict=False)] = _figure(
        "districts, in order", "districts", min_length=1, max_length=MOST_DISTRICTS
    )
    sources: dict[str, str] = Field(
        default_factory=dict, description="where each figure comes from", json_schema_extra={"unit": "text", "source": "none"}
    )


class OwnPreset(Preset):
    """Preset made of a user's own communities (`sim.scenario.own.Place`), and pairs of neighbours among them where these are known."""

    places: Any
    borders: Any


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
    from sim.scenario.preset_folder import read_preset

    if name not in list_presets():
        raise UserError(f"no preset {name!r}; presets are {', '.join(list_presets())}")
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
    from sim.scenario.own import with_shares

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
    kept: dict[str, Any] = {name: getattr(rates, name) for name in ("household_size", "police_per_1000")}
    return OwnPreset(**kept, **figures, places=places.rows, borders=None if borders is None else borders.pairs)


def _district(name: str, places: list) -> District:
    """District that is the sum of its communities."""
    shares = {column: round(_mean(places, column), 6) for column in ("nonlocal_share", "x", "y")}
    return District(name=name, name_zh="", population=sum(place.population for place in places), **shares)


def _mean(places: Any, column: str) -> float:
    """Mean of a column over residents."""
    return sum(place.population * getattr(place, column) for place in places) / sum(place.population for place in places)


def synthetic_districts(count: int, population: int) -> tuple[District, ...]:
    """Districts made by rule.

    District i of n has a weight of 2n - i, and stands at angle i/n of a circle of `RADIUS` km; residents are whole and add up.
    """
    weights = [2 * count - i for i in range(count)]
    ends = [population * sum(weights[: i + 1]) // sum(weights) for i in range(count)]
    angles = [2 * math.pi * i / count for i in range(count)]
    return tuple(
        District(
            name=f"District {i + 1}",
            name_zh=f"第{i + 1}区",
            population=ends[i] - (ends[i - 1] if i else 0),
            x=round(RADIUS * math.cos(angles[i]), 3),
            y=round(RADIUS * math.sin(angles[i]), 3),
        )
        for i in range(count)
    )
