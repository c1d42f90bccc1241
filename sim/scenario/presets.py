"""City presets: population, districts and rates of a real city, or of a made-up one, each with its source."""

import csv
import math
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from sim.errors import Problem, ScenarioError, UserError
from sim.scenario.document import read_document
from sim.spec import Spec

if TYPE_CHECKING:
    from sim.scenario.city import CitySpec

SYNTHETIC = "synthetic"
RADIUS = 5.0
"""Distance of a made-up district from the centre, in km."""


class District(Spec):
    """One district: residents, share without local registration (None when unknown), km east and north of the centre."""

    name: str
    name_zh: str
    population: int = Field(ge=1)
    nonlocal_share: float | None = Field(default=None, ge=0, le=1)
    x: float
    y: float


class Preset(Spec):
    """A city to start from. `population` counts residents, `police_per_1000` officers per 1,000 residents."""

    name: str
    title: dict[str, str]
    population: int = Field(ge=1)
    nonlocal_share: float = Field(ge=0, le=1)
    household_size: float = Field(ge=1, le=20)
    subdistrict_units: int = Field(ge=1)
    community_size: int = Field(ge=1)
    police_per_1000: float = Field(ge=0, le=100)
    districts: tuple[District, ...]
    sources: dict[str, str]


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
    """Read a preset by its name; `UserError` when there is none of that name."""
    if name not in list_presets():
        raise UserError(f"no preset {name!r}; presets are {', '.join(list_presets())}")
    folder = shipped_root() / "cities" / name
    file = folder / "city.yaml"
    document = read_document(file.read_bytes(), f"cities/{name}/city.yaml")
    if document.problems:
        raise ScenarioError(document.problems)
    table = document.data.get("districts")
    districts = _read_districts(folder / table) if table else synthetic_districts(4, document.data["population"])
    try:
        return Preset.model_validate({**document.data, "districts": districts})
    except ValidationError as error:
        problems = [Problem(document.file, None, None, ".".join(map(str, e["loc"])), repr(e["input"]), e["msg"]) for e in error.errors()]
        raise ScenarioError(problems) from None


def preset_of(city: "CitySpec") -> Preset:
    """Preset that a scenario's city stands for, at its real size; a synthetic one is made with the residents and districts asked for."""
    preset = load_preset(city.preset)
    if city.preset != SYNTHETIC:
        return preset
    made = synthetic_districts(city.districts or 4, city.residents or preset.population)
    return preset.model_copy(update={"population": city.residents or preset.population, "districts": made})


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


def _read_districts(file: Path) -> tuple[District, ...]:
    with file.open(encoding="utf-8", newline="") as rows:
        return tuple(_district(row) for row in csv.DictReader(rows))


def _district(row: dict[str, Any]) -> District:
    return District(
        name=row["district"],
        name_zh=row["name_zh"],
        population=int(row["population"]),
        nonlocal_share=float(row["nonlocal_share"]) if row["nonlocal_share"] else None,
        x=float(row["x"]),
        y=float(row["y"]),
    )
