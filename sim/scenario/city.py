"""The city of a scenario: which preset, and how much of it."""

import math
from collections.abc import Iterator
from typing import Any

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from sim.scenario.presets import SYNTHETIC, list_presets, load_preset
from sim.scenario.section import Section, mistake, number_of, unknown
from sim.spec import ASSUMPTION, parameter

SCALE = 0.01
RESIDENTS = 20_000
DISTRICTS = 4
FEWEST_RESIDENTS = 256
FEWEST_PER_DISTRICT = 64


class CitySpec(Section):
    """Which city, at which size. A real preset has `scale`, the synthetic one `residents` and `districts`."""

    preset: str = Field(
        default="shanghai_2020",
        description="city to start from, see `sanzhi describe presets`",
        json_schema_extra={"unit": "name", "source": ASSUMPTION},
    )
    scale: float = Field(
        default=SCALE,
        gt=0,
        le=1,
        description="share of the real population that is simulated; 1 is one to one; for real cities only",
        json_schema_extra={"unit": "share", "source": ASSUMPTION},
    )
    residents: int | None = Field(
        default=None,
        ge=FEWEST_RESIDENTS,
        le=25_000_000,
        description=f"residents of the synthetic city ({RESIDENTS} unless given); for it only",
        json_schema_extra={"unit": "residents", "source": ASSUMPTION},
    )
    districts: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description=f"districts of the synthetic city ({DISTRICTS} unless given); for it only",
        json_schema_extra={"unit": "districts", "source": ASSUMPTION},
    )
    community_size: int = parameter(
        3000,
        "residents of a community, on average",
        unit="residents",
        low=200,
        high=20_000,
        source="assumption; about the size of a committee's area",
    )

    @property
    def population(self) -> int:
        """Residents to simulate."""
        return self.residents or round(self.scale * load_preset(self.preset).population)

    @field_validator("preset")
    @classmethod
    def _known(cls, preset: str) -> str:
        names = list_presets()
        if preset not in names:
            raise unknown("unknown_choice", names)
        return preset

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        preset = given.get("preset", cls.model_fields["preset"].default)
        if preset == SYNTHETIC:
            yield from _synthetic(given)
        elif isinstance(preset, str) and preset in list_presets():
            yield from _real(given, preset)

    @classmethod
    def complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("preset") != SYNTHETIC:
            return given
        return {"residents": RESIDENTS, "districts": DISTRICTS, **given, "scale": 1.0}

    def as_data(self) -> dict[str, Any]:
        """Explicit fields of this kind of city, as they may stand in a file."""
        unused = {"scale"} if self.preset == SYNTHETIC else {"residents", "districts"}
        return self.model_dump(exclude=unused)


def _synthetic(given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
    if "scale" in given:
        yield ("scale",), mistake("a scale for the synthetic city", "residents: instead, the size of that city", "residents")
    residents, districts = number_of(given.get("residents", RESIDENTS)), number_of(given.get("districts", DISTRICTS))
    if residents and districts and residents >= FEWEST_RESIDENTS and residents < FEWEST_PER_DISTRICT * districts:
        got = f"{districts:g} districts for {residents:g} residents"
        yield ("districts",), mistake(got, f"at least {FEWEST_PER_DISTRICT} residents to a district")


def _real(given: dict[str, Any], preset: str) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
    for key in ("residents", "districts"):
        if key in given:
            yield (key,), mistake(f"{key} for {preset}", f"scale: for a real city ({key}: is for preset: {SYNTHETIC})", "scale")
    scale, population = number_of(given.get("scale")), load_preset(preset).population
    if scale and 0 < scale * population < FEWEST_RESIDENTS:
        least = math.ceil(FEWEST_RESIDENTS / population * 1e7) / 1e7
        got = f"{scale:g}, which leaves {scale * population:.0f} residents"
        yield ("scale",), mistake(got, f"at least {least:.7f} ({FEWEST_RESIDENTS} residents)")
