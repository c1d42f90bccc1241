"""A preset: population, districts and rates of a real or synthetic city, each figure with its source."""

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.cities.currencies import CODES, YUAN
from sim.scenario.cities.rates import FIRST_YEAR, LAST_YEAR, Rate
from sim.scenario.cities.staffing_rows import StaffingRow
from sim.spec import Spec

RADIUS = 5.0
"""Distance of a synthetic district from the centre, in km."""
MOST_PEOPLE = 100_000_000
MOST_DISTRICTS, MOST_SUBDISTRICTS = 64, 2000


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
    """A preset city: its figures, its districts, and the source of each figure."""

    name: str = _figure("short name", "name", pattern=r"^[\w.-]{1,64}$")
    title: dict[Literal["en", "zh"], str] = _figure("name in English (en) and Chinese (zh)", "text")
    population: int = _figure("residents", "residents", ge=1, le=MOST_PEOPLE)
    nonlocal_share: float = _figure("residents without local registration, where a district has no share of its own", "share", ge=0, le=1)
    household_size: float = _figure("members of a household, on average", "residents", ge=1, le=3.5)
    subdistrict_units: int = _figure("sub-districts (streets and towns)", "units", ge=1, le=MOST_SUBDISTRICTS)
    community_size: int = _figure("residents of a community, on average; for information", "residents", ge=1, le=1_000_000)
    police_per_1000: float = _figure("police officers", "per 1,000 residents", ge=0, le=100)
    currency: Literal[CODES] = _figure("currency of all amounts, ISO 4217", "code", default=YUAN)  # type: ignore[valid-type]
    price_year: int = _figure("year of the prices", "year", default=2020, ge=FIRST_YEAR, le=LAST_YEAR)
    budget_per_resident: float | None = _figure(
        "governance budget; unless given, that of which the staff of the city costs 95 %",
        "currency per resident and year",
        default=None,
        gt=0,
        le=1e12,
    )
    staffing: Annotated[tuple[StaffingRow, ...], Field(strict=False)] = _figure(
        "staff and costs of the instruments: a table in this folder", "table", default=()
    )
    districts: Annotated[tuple[District, ...], Field(strict=False)] = _figure(
        "districts, in order", "districts", min_length=1, max_length=MOST_DISTRICTS
    )
    rates: Annotated[tuple[Rate, ...], Field(strict=False)] = Field(
        default=(),
        description="what is known of rates of this city: a table in this folder, or a list",
        json_schema_extra={"unit": "list", "source": "the preset's sources"},
    )
    mechanisms: dict[str, dict[str, float | str]] = Field(
        default_factory=dict,
        description="parameters of mechanisms in which this city differs from the defaults; a scenario's own values count instead",
        json_schema_extra={"unit": "mapping", "source": "the preset's sources"},
    )
    sources: dict[str, str] = Field(
        default_factory=dict, description="where each figure comes from", json_schema_extra={"unit": "text", "source": "none"}
    )

    def as_data(self) -> dict[str, Any]:
        """Plain data, without optional figures that are not given."""
        unstated = {
            name
            for name, field in type(self).model_fields.items()
            if name in OPTIONAL and getattr(self, name) == field.get_default(call_default_factory=True)
        }
        return self.model_dump(mode="json", exclude=unstated)


OPTIONAL = ("rates", "staffing", "currency", "price_year", "budget_per_resident", "mechanisms")
"""Figures of a preset that may be left out."""


class OwnPreset(Preset):
    """Preset built from a user's own communities (see `sim.city.plan.CommunityPlan`), and pairs of neighbours, if known."""

    communities: Any
    borders: Any


def synthetic_districts(count: int, population: int) -> tuple[District, ...]:
    """Synthetic districts.

    District i of n has a weight of 2n - i, and is located at angle i/n on a circle of `RADIUS` km; residents are integers that add up.
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
