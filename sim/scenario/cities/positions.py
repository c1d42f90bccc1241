"""Positions of communities in a table: km from the centre, longitude and latitude, or another coordinate system."""

import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from sim.city.plan import CommunityPlan
from sim.messages import Message
from sim.scenario.cities import projections
from sim.scenario.cities.extent import Ground, flat, middle_of
from sim.scenario.parsing import numerals
from sim.scenario.parsing.tables import Row, Table

FARTHEST_KM, FARTHEST_METRES = 1000.0, 1e8
"""Largest coordinates in km from the centre, and in any coordinate system."""
FAR = 100.0
"""Distance (km) of the middle of a city in metres from the origin, from which on it is taken as the origin: a projection has its own."""


class Positions(NamedTuple):
    """The columns of positions of a table, none or both (one alone is a problem), and how they are read."""

    names: tuple[str, ...] = ()
    degrees: bool = False
    crs: str | None = None
    limit: float = FARTHEST_KM

    def read(self, table: Table, row: Row) -> tuple[float | None, float | None]:
        """Coordinates of one row; None and a problem where they are invalid."""
        limits = (180.0, 90.0) if self.degrees else (self.limit, self.limit)
        read = [table.number(row, name, -most, most) for name, most in zip(self.names, limits, strict=False)]
        x, y = (*read, 0.0, 0.0)[:2]
        return x, y

    def placed(self, rows: list[CommunityPlan]) -> tuple[list[CommunityPlan], Ground | None]:
        """Communities in km from their middle, and their ground where it is known in degrees."""
        if not self.names or not rows:
            return rows, None
        points: Sequence[tuple[float, float]] = [(one.x, one.y) for one in rows]
        if self.crs is not None:
            points = projections.to_degrees(self.crs, points)
        people = [one.population for one in rows]
        if self.degrees or self.crs is not None:
            longitude, latitude = middle_of(points, people)
            points = flat(points, longitude, latitude)
            wide, tall = (max(axis) - min(axis) for axis in zip(*points, strict=True))
            return _at(rows, points), Ground(longitude, latitude, wide, tall, None)
        east, north = middle_of(points, people)
        if self.limit > FARTHEST_KM and math.hypot(east, north) > FAR:
            return _at(rows, [(x - east, y - north) for x, y in points]), None
        return rows, None


def _at(rows: list[CommunityPlan], points: Sequence[tuple[float, float]]) -> list[CommunityPlan]:
    return [one._replace(x=round(x, 3), y=round(y, 3)) for one, (x, y) in zip(rows, points, strict=True)]


def of(table: Table, crs: str | None) -> Positions:
    """Positions of a table; problems are added to it where its columns or its coordinate system are wrong."""
    given: list[tuple[str, ...]] = []
    for pair in (("x", "y"), ("longitude", "latitude")):
        some = [name for name in pair if name in table.columns]
        if len(some) == 1:
            given.append(tuple(some))
            got = Message("{name} alone", name=some[0])
            expected = Message("both {first} and {second}, or neither", first=pair[0], second=pair[1])
            table.report_column(some[0], got, expected, table.resembled(next(name for name in pair if name not in some)))
        elif some:
            given.append(pair)
    if len(given) == 2:
        table.report_column("longitude", Message("longitude and latitude beside x and y"), Message("one of the two"))
        return Positions()
    if not given:
        return Positions()
    names = given[0]
    if len(names) == 1:
        return Positions(names)
    if names == ("longitude", "latitude"):
        return Positions() if _swapped(table) else Positions(names, degrees=True)
    if crs is not None:
        if trouble := projections.trouble(crs):
            table.report_column("x", *trouble)
            return Positions()
        _check_degrees(table, crs)
        return Positions(names, crs=crs, limit=FARTHEST_METRES)
    in_metres = any(name in table.factors for name in names)
    if not in_metres and _metres(table):
        return Positions()
    return Positions(names, limit=FARTHEST_METRES if in_metres else FARTHEST_KM)


def _values(table: Table, name: str) -> list[float]:
    return [value for row in table.rows if (value := numerals.plain(row.cells[name])) is not None]


def _swapped(table: Table) -> bool:
    """Whether latitudes can only be longitudes, which is reported."""
    east, north = _values(table, "longitude"), _values(table, "latitude")
    swapped = bool(east and north) and min(map(abs, north)) > 90 and max(map(abs, east)) <= 90
    if swapped:
        got = Message("latitudes such as {first:g}, beside longitudes such as {second:g}", first=north[0], second=east[0])
        table.report_column("latitude", got, Message("latitudes from -90 to 90: the two headers are swapped"))
    return swapped


def _check_degrees(table: Table, crs: str) -> None:
    """Report degrees under a coordinate system of metres."""
    east, north = _values(table, "x"), _values(table, "y")
    if east and north and projections.in_metres(crs) and max(map(abs, east)) <= 180 and max(map(abs, north)) <= 180:
        got = Message("coordinates such as {first:g}, {second:g}, which are no metres of {crs}", first=east[0], second=north[0], crs=crs)
        table.report_column("x", got, Message("metres; or, for degrees, the headers longitude and latitude without a crs"))


def _metres(table: Table) -> bool:
    """Report metres of a projection in the place of km, and whether there are any."""
    east, north = _values(table, "x"), _values(table, "y")
    if len(east) < 2 or len(north) < 2 or max(median(map(abs, east)), median(map(abs, north))) <= FARTHEST_KM:
        return False
    got = Message("coordinates such as {first:.0f}, {second:.0f}, which are metres of a projection", first=east[0], second=north[0])
    expected = Message(
        "km east and north of the centre; for metres, the headers x (m) and y (m), or their coordinate system, as in {example}",
        example="crs: EPSG:4547",
    )
    table.report_column("x", got, expected)
    return True
