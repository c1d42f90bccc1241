"""Shocks of a scenario: kind, time, location, strength and duration.

``{kind: service_outage, at: year 3, where: {district: Pudong}, strength: 0.6, lasts: 8 weeks}``. Without `where` the whole city is
affected. A community is given by its name in the user's own file, or by its number from 0 if communities are generated. A ``closure`` names
the service of which a facility closes, and ``strength`` is its share of the capacity of the district.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.levers import LEVERS
from sim.messages import Joined, Message
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema.changes import Moment
from sim.scenario.schema.section import Section, mistake
from sim.scenario.schema.times import LONGEST, SPAN, horizon
from sim.spec import ASSUMPTION, parameter
from sim.suggestions import nearest

CLOSURE = "closure"
_NAME: Any = {"unit": "name", "source": ASSUMPTION}
Lasting = Annotated[
    int,
    BeforeValidator(horizon),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": LONGEST}, {"type": "string", "pattern": SPAN}]}),
]
Mistakes = Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]


class Where(Section):
    """Location of a shock: a district or a community; the whole city if neither is given."""

    district: str | None = Field(default=None, max_length=200, description="affected district", json_schema_extra=_NAME)
    community: str | int | None = Field(
        default=None, description="affected community: its name, or its number if it has none", json_schema_extra=_NAME
    )

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        if given.get("district") is not None and given.get("community") is not None:
            yield (), mistake(Message("both a district and a community"), Message("one of them"))


class Shock(Section):
    """One shock."""

    kind: Literal["layoffs", "service_outage", "major_incident", "rumour", "influx", "disaster", "crowd_event", "closure"] = Field(
        description="kind of shock, see `sanzhi describe shocks`", json_schema_extra={"unit": "choice", "source": ASSUMPTION}
    )
    at: Moment = Field(
        description="first week: a number from 0, or such as 'week 60' or 'year 2' (week 52)",
        json_schema_extra={"unit": "week", "source": ASSUMPTION},
    )
    lasts: Lasting = Field(default=4, description="how long it lasts", json_schema_extra={"unit": "weeks", "source": ASSUMPTION})
    strength: float = parameter(0.5, "how strong it is", unit="share", low=0.0, high=1.0)
    service: Literal[tuple(LEVERS["public_services"])] = Field(  # type: ignore[valid-type]
        default="health",
        description="service of which a facility closes (of a closure alone; its strength is the share of the district's capacity)",
        json_schema_extra={"unit": "choice", "source": ASSUMPTION},
    )
    where: Where = Field(default_factory=Where, description="affected district or community; the whole city by default")

    @property
    def text(self) -> str:
        """Short description of the shock, such as ``rumour of strength 0.5, weeks 10 to 13, Pudong``."""
        named = self.where.district if self.where.district is not None else self.where.community
        where = "everywhere" if named is None else named
        kind = f"{self.kind} ({self.service})" if self.kind == CLOSURE else self.kind
        return f"{kind} of strength {self.strength:g}, weeks {self.at} to {self.at + self.lasts - 1}, {where}"

    def as_data(self) -> dict[str, Any]:
        """The shock as plain data, as in a file."""
        where = self.where.model_dump(exclude_none=True)
        unused = {"where"} if self.kind == CLOSURE else {"where", "service"}
        return {**self.model_dump(exclude=unused), **({"where": where} if where else {})}

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        if "service" in given and given.get("kind") != CLOSURE:
            yield ("service",), mistake(Message("a service of {kind}", kind=shown(given.get("kind"))), Message("kind: closure beside it"))


def settled(shock: Shock, names: Mapping[str, str]) -> Shock:
    """The shock with its district's name in tables."""
    district = shock.where.district
    if district is None or district not in names:
        return shock
    return shock.model_copy(update={"where": shock.where.model_copy(update={"district": names[district]})})


def mistakes(
    shocks: Sequence[tuple[int, Shock]], districts: Mapping[str, str] | None, communities: Sequence[str] | None, weeks: int | None
) -> Mistakes:
    """Mistakes of valid shocks in this city and horizon, each with its path below ``shocks``.

    `districts` has every name of the districts; `communities` the names of a user's own communities, and is empty for generated ones.
    """
    for index, shock in shocks:
        if weeks is not None and shock.at >= weeks:
            yield (
                (index, "at"),
                mistake(Message("week {week}", week=shock.at), Message("a week before the horizon, 0 to {last}", last=weeks - 1)),
            )
        district, community = shock.where.district, shock.where.community
        if districts is not None and district is not None and district not in districts:
            expected = Message("a district ({names})", names=Joined(list(dict.fromkeys(districts.values()))[:20]))
            yield (index, "where", "district"), mistake(shown(district), expected, nearest(district, districts))
        if communities and community is not None and community not in communities:
            near = nearest(str(community), communities)
            yield (index, "where", "community"), mistake(shown(community), Message("the name of a community in the city's file"), near)
        if communities == () and community is not None and not (isinstance(community, int) and community >= 0):
            yield (index, "where", "community"), mistake(shown(community), Message("the number of a community, from 0"))
