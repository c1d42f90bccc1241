"""The city of a scenario: a preset or a user's own communities, and the scale."""

import math
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from sim.messages import Message
from sim.scenario.cities.own_communities import SMALLEST, Borders, Communities, size_trouble
from sim.scenario.cities.presets import SYNTHETIC, Preset, list_presets, load_preset
from sim.scenario.cities.rates_given import OwnRates
from sim.scenario.cities.staffing import staffing_of
from sim.scenario.cities.staffing_rows import MOST_STAFF, too_many
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.section import Section, mistake, number_of, unknown
from sim.scenario.schema.staffing import StaffingFigures
from sim.spec import ASSUMPTION, parameter

SCALE = 0.01
OWN_SCALE = 1.0
RESIDENTS = 20_000
DISTRICTS = 4
FEWEST_RESIDENTS = 256
MOST_RESIDENTS = 25_000_000
FEWEST_PER_DISTRICT = 64
_CSV = Message("a table (CSV or .xlsx) that a scenario's file names, or the table itself")
_GEOJSON = Message("a file of polygons that a scenario's file names, or the text of GeoJSON")
_HOW = Message("communities or geometry beside it, in the same file")
_Errors = Iterator[tuple[tuple[str, ...], PydanticCustomError]]


def _table(kind: type, what: Message, json_type: str = "string") -> Any:
    """Type of a field for a table that the loader has read from a file or text, or for how it is read, which is not kept."""

    def check(value: Any) -> Any:
        if value is None or isinstance(value, kind):
            return value
        raise mistake(shown(value), what)

    return Annotated[kind | None, PlainValidator(check), WithJsonSchema({"type": json_type})]


class CitySpec(Section):
    """City and size. A preset and a user's own communities have `scale`, the synthetic city has `residents` and `districts`."""

    preset: str = Field(
        default="shanghai_2020",
        description="city to start from, see `sanzhi describe presets`, or a folder such as ./mycity beside this file; with communities: "
        "where household size, police and unknown shares come from (synthetic unless given)",
        json_schema_extra={"unit": "name", "source": ASSUMPTION},
    )
    definition: Preset | None = Field(
        default=None,
        description="content of the preset's folder, as the manifest of a run keeps it",
        json_schema_extra={"unit": "mapping", "source": "none"},
    )
    communities: _table(Communities, _CSV) = Field(  # type: ignore[valid-type]
        default=None,
        description="table (CSV or .xlsx) of one's own communities: community, population and, where known, district, subdistrict, "
        "hardship or income, nonlocal_share, x, y or longitude, latitude, facilities, estates; or the table itself",
        json_schema_extra={"unit": "file name", "source": "none"},
    )
    adjacency: _table(Borders, _CSV) = Field(  # type: ignore[valid-type]
        default=None,
        description="table of neighbouring communities, a,b; or the table itself; the six nearest unless given",
        json_schema_extra={"unit": "file name", "source": "none"},
    )
    geometry: _table(type(None), _GEOJSON) = Field(  # type: ignore[valid-type]
        default=None,
        description="GeoJSON, GeoPackage or shapefile of one's own communities as polygons, instead of communities; needs the extra geo",
        json_schema_extra={"unit": "file name", "source": "none"},
    )
    rates: _table(OwnRates, _CSV) = Field(  # type: ignore[valid-type]
        default=None,
        description="CSV file of what is known of rates of this city: rate, low, high, unit; or the table itself. Worlds that do not fit "
        "them are left out, and calibration aims at them",
        json_schema_extra={"unit": "file name", "source": "none"},
    )
    columns: _table(type(None), _HOW, "object") = Field(  # type: ignore[valid-type]
        default=None,
        description="header of a column in that file, by the name of the column, where it is not recognised",
        json_schema_extra={"unit": "text", "source": "none"},
    )
    encoding: _table(type(None), _HOW) = Field(  # type: ignore[valid-type]
        default=None,
        description="encoding of that file, such as gbk; recognised unless given",
        json_schema_extra={"unit": "name", "source": "none"},
    )
    sheet: _table(type(None), _HOW) = Field(  # type: ignore[valid-type]
        default=None,
        description="sheet of a workbook, or layer of a GeoPackage; the one with known columns unless given",
        json_schema_extra={"unit": "name", "source": "none"},
    )
    crs: _table(type(None), _HOW) = Field(  # type: ignore[valid-type]
        default=None,
        description="coordinate system of its positions, such as EPSG:4547; that of the file unless given; needs the extra geo",
        json_schema_extra={"unit": "name", "source": "none"},
    )
    scale: float = Field(
        default=SCALE,
        gt=0,
        le=1,
        description="share of the real population that is simulated; 1 is one to one (and the default for communities of one's own); "
        "not for the synthetic city",
        json_schema_extra={"unit": "share", "source": ASSUMPTION},
    )
    residents: int | None = Field(
        default=None,
        ge=FEWEST_RESIDENTS,
        le=MOST_RESIDENTS,
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
        "residents of a community, on average; not for communities of one's own",
        unit="residents",
        low=200,
        high=20_000,
        source="assumption; about the size of a committee's area",
    )

    staffing: StaffingFigures = Field(
        default_factory=StaffingFigures,
        description="figures of staff and costs to be used instead of the city's own, by lever and instrument",
    )

    @property
    def population(self) -> int:
        """Number of simulated residents."""
        if self.residents:
            return self.residents
        whole = self.communities or self.definition or load_preset(self.preset)
        return round(self.scale * whole.population)

    @field_validator("preset")
    @classmethod
    def _known(cls, preset: str) -> str:
        names = list_presets()
        if preset not in names and not is_folder(preset):
            raise unknown("unknown_choice", names)
        return preset

    @classmethod
    def across(cls, given: dict[str, Any]) -> _Errors:
        preset, own = given.get("preset", cls.model_fields["preset"].default), is_own(given)
        definition = given.get("definition")
        if isinstance(preset, str) and is_folder(preset) and definition is None:
            expected = Message("a folder beside the scenario's file; elsewhere, the name of a shipped preset")
            yield ("preset",), mistake(shown(preset), expected)
        if "adjacency" in given and not own:
            expected = Message("communities, whose neighbours these are")
            yield ("adjacency",), mistake(Message("adjacency without communities"), expected)
        if own:
            yield from _own(given)
        elif preset == SYNTHETIC:
            yield from _synthetic(given)
        elif isinstance(definition, Preset):
            yield from _real(given, preset, definition.population)
            yield from _districts(given, definition)
        elif isinstance(preset, str) and preset in list_presets():
            yield from _real(given, preset, load_preset(preset).population)
        if given.get("staffing"):
            yield from _staffing(given, preset, definition)

    @classmethod
    def complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        if is_own(given):
            return {"preset": SYNTHETIC, "scale": OWN_SCALE, **given}
        if given.get("preset") != SYNTHETIC:
            return given
        return {"residents": RESIDENTS, "districts": DISTRICTS, **given, "scale": 1.0}

    def as_data(self, texts: bool = True) -> dict[str, Any]:
        """Explicit fields of this kind of city as plain data; tables as text if `texts`, otherwise unchanged."""
        unused = {"communities", "adjacency", "geometry", "columns", "encoding", "sheet", "crs", "definition", "staffing", "rates"}
        if self.communities is not None:
            unused |= {"residents", "districts", "community_size"}
        else:
            unused |= {"scale"} if self.preset == SYNTHETIC else {"residents", "districts"}
        data = self.model_dump(exclude=unused)
        if self.definition is not None:
            data["definition"] = self.definition.as_data()
        if self.staffing.values:
            data["staffing"] = self.staffing.as_data()
        tables = {"communities": self.communities, "adjacency": self.adjacency, "rates": self.rates}
        return data | {key: table.text if texts else table for key, table in tables.items() if table is not None}


def is_folder(preset: str) -> bool:
    """Whether a preset is given by its folder."""
    return "/" in preset or "\\" in preset


def is_own(given: dict[str, Any]) -> bool:
    """Whether a city consists of a user's own communities."""
    return given.get("communities") is not None or given.get("geometry") is not None


def _synthetic(given: dict[str, Any]) -> _Errors:
    if "scale" in given:
        expected = Message("residents: instead, the size of that city")
        yield ("scale",), mistake(Message("a scale for the synthetic city"), expected, "residents")
    residents, districts = number_of(given.get("residents", RESIDENTS)), number_of(given.get("districts", DISTRICTS))
    if residents and districts and residents >= FEWEST_RESIDENTS and residents < FEWEST_PER_DISTRICT * districts:
        got = Message("{districts:g} districts for {residents:g} residents", districts=districts, residents=residents)
        yield ("districts",), mistake(got, Message("at least {least} residents to a district", least=FEWEST_PER_DISTRICT))


def _real(given: dict[str, Any], preset: str, population: int) -> _Errors:
    for key in ("residents", "districts"):
        if key in given:
            expected = Message("scale: for a real city ({key}: is for preset: {preset})", key=key, preset=SYNTHETIC)
            yield (key,), mistake(Message("{key} for {preset}", key=key, preset=preset), expected, "scale")
    yield from _scale(number_of(given.get("scale", SCALE)), population)


def _districts(given: dict[str, Any], definition: Preset) -> _Errors:
    """Report a scale at which a district of a user's own preset has too few residents."""
    scale, smallest = number_of(given.get("scale", SCALE)), min(definition.districts, key=lambda district: district.population)
    if scale and 0 < scale <= 1 and scale * definition.population >= FEWEST_RESIDENTS and scale * smallest.population < SMALLEST:
        fields = {"scale": scale, "district": smallest.name, "count": scale * smallest.population}
        got = Message("{scale:g}, at which the district {district} has {count:.0f} residents", **fields)
        yield ("scale",), mistake(got, Message("a scale at which every district has at least {least}", least=SMALLEST))


def _staffing(given: dict[str, Any], preset: Any, definition: Any) -> _Errors:
    """Report figures that give the city more staff than it has adults for."""
    base = definition if isinstance(definition, Preset) else load_preset(preset) if preset in list_presets() else None
    try:
        figures = StaffingFigures.model_validate(given["staffing"]).values
    except ValidationError:  # reported at the figure
        return
    if base is not None and (total := float(staffing_of(base, figures).staff.sum())) > MOST_STAFF:
        yield ("staffing",), mistake(*too_many(total))


def _scale(scale: float | None, population: int) -> _Errors:
    """Report a scale with too few or too many residents."""
    if scale and 0 < scale * population < FEWEST_RESIDENTS:
        least = math.ceil(FEWEST_RESIDENTS / population * 1e7) / 1e7
        got = Message("{scale:g}, which leaves {count:.0f} residents", scale=scale, count=scale * population)
        yield ("scale",), mistake(got, Message("at least {least:.7f} ({count} residents)", least=least, count=FEWEST_RESIDENTS))
    elif scale and 0 < scale <= 1 and scale * population > MOST_RESIDENTS:
        got = Message("{scale:g}, which makes {count:,.0f} residents", scale=scale, count=scale * population)
        most = math.floor(MOST_RESIDENTS / population * 1e4) / 1e4
        yield ("scale",), mistake(got, Message("at most {most:g} ({count:,} residents)", most=most, count=MOST_RESIDENTS))


def _own(given: dict[str, Any]) -> _Errors:
    for key in ("residents", "districts", "community_size"):
        if key in given:
            expected = Message("no {key}: the communities say it (scale: changes their size)", key=key)
            yield (key,), mistake(Message("{key} beside communities", key=key), expected)
    communities = given.get("communities")
    if not isinstance(communities, Communities):
        return
    if communities.population < FEWEST_RESIDENTS:
        yield (
            ("communities",),
            mistake(Message("{count} residents in all", count=communities.population), Message("at least {least}", least=FEWEST_RESIDENTS)),
        )
        return
    scale = number_of(given.get("scale", OWN_SCALE))
    yield from _scale(scale, communities.population)
    if scale is None or not 0 < scale <= 1 or scale * communities.population < FEWEST_RESIDENTS:
        return
    for community in communities.rows:
        trouble = size_trouble(community.population, scale)
        if trouble:
            got = Message("the community {name} with {size}", name=shown(community.community), size=trouble[0])
            yield ("communities",), mistake(got, trouble[1])
            return
