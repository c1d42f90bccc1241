"""Polygons of communities: validity, positions, and common borders. Requires the extra `geo`.

Unambiguous mistakes are repaired with a notice: a ring that is not closed, a border that touches itself. A border that crosses itself is
ambiguous, and refused.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from sim.messages import Message, Words
from sim.scenario.cities import projections
from sim.scenario.cities.extent import KM_PER_DEGREE, Ground
from sim.scenario.cities.own_communities import Borders, Communities, borders_of
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.tables import Row, Table

GAP, RUN = 0.002, 0.010
"""Largest gap between common borders, and their smallest length, in km (assumption)."""
EXAMPLE = "city: {geometry: ..., crs: EPSG:4547}"
MOST_POINTS = 10_000
"""Largest number of points of the border of one community."""
MOST_CLOSE, FEW_POINTS, SAMPLES = 12, 500, 64
"""Largest number of segments of one border within `GAP` of each other, and the number of points from which it is checked."""
MOST_MENDED, MOST_CROSSINGS = 1000, 50
"""Largest numbers of points and crossings of a border for which the effect of self-crossings is examined."""
SAME_AREA = 0.001
"""Largest relative difference in area between interpretations of a border."""
_SHAPES = ("Polygon", "MultiPolygon")
_RINGS = Message("rings of [longitude, latitude] in degrees")


def shapes_of(table: Table, features: list[dict], crs: str | None) -> list[Any]:
    """Polygon of every feature in degrees, converted from a coordinate system `crs`; None and a problem for a feature without one."""
    return [_shape(table, row, feature, crs) for row, feature in zip(table.rows, features, strict=True)]


def _shape(table: Table, row: Row, feature: dict, crs: str | None) -> Any:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _SHAPES or not isinstance(geometry, dict):
        table.report(row, "geometry", shown(kind or geometry), Message("a Polygon or MultiPolygon"))
        return None
    try:
        found = shapely.force_2d(shape(geometry))
        west, south, east, north = found.bounds
        if crs is not None and projections.in_metres(crs) and max(map(abs, found.bounds)) <= 180:
            got = Message("coordinates such as {first:g}, {second:g}, which are no metres of {crs}", first=west, second=south, crs=crs)
            table.report(row, "coordinates", got, Message("metres; for degrees crs: EPSG:4326"))
            return None
        if crs is not None:
            convert = projections.transform_of(crs)
            found = shapely.transform(found, lambda points: np.column_stack(convert(points[:, 0], points[:, 1])))
            west, south, east, north = found.bounds
    except Exception:
        table.report(row, "coordinates", Message("coordinates that make no polygon"), Message("rings of [longitude, latitude]"))
        return None
    trouble = _off_the_globe(west, south, east, north) or _too_fine(found)
    if trouble:
        table.report(row, "coordinates", *trouble)
        return None
    if not _closed(geometry):
        table.problems.note("open", Message("{file}: rings that are not closed are closed ({count:,} features)"))
    return found if found.is_valid and found.area > 0 else _mended(table, row, found)


def _off_the_globe(west: float, south: float, east: float, north: float) -> tuple[Words, Words] | None:
    """Error in bounds that are not longitude and latitude, as (got, expected)."""
    if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
        return None
    if -90 <= west <= east <= 90 and -180 <= south <= north <= 180:
        got = Message("latitude before longitude ({first:.5g}, {second:.5g})", first=west, second=south)
        return got, Message("longitude first: [{first:.5g}, {second:.5g}]", first=south, second=west)
    if max(map(abs, (west, south, east, north))) > 360:
        got = Message("coordinates such as {first:.0f}, {second:.0f}, which are metres of a projection", first=west, second=south)
        expected = Message(
            "longitude and latitude in degrees (WGS 84); or the coordinate system of the file, as in {example}", example=EXAMPLE
        )
        return got, expected
    return Message("coordinates that enclose nothing on the globe"), _RINGS


def _too_fine(found: Any) -> tuple[Words, Words] | None:
    """Error in a border with too many points, or with too many close segments, for which finding neighbours would take too long."""
    count = int(shapely.get_num_coordinates(found))
    if count > MOST_POINTS:
        expected = Message("at most {most:,} points: the border simplified, as by 1 m", most=MOST_POINTS)
        return Message("a border of {count:,} points", count=count), expected
    if count <= FEW_POINTS:
        return None
    pieces = _pieces(found)
    near = GAP / KM_PER_DEGREE
    some = pieces[:: max(1, len(pieces) // SAMPLES)]
    close = len(shapely.STRtree(pieces).query(some, predicate="dwithin", distance=near)[0]) / len(some)
    if close <= MOST_CLOSE:
        return None
    got = Message("a border of which {close:.0f} pieces lie within {metres:.0f} m of each other", close=close, metres=GAP * 1000)
    return got, Message("at most {most}: the border simplified, as by 1 m", most=MOST_CLOSE)


def _pieces(found: Any) -> Any:
    """Straight segments of a border."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(found)), return_index=True)
    ends = np.stack([points[:-1], points[1:]], axis=1)
    return shapely.linestrings(ends[ring[:-1] == ring[1:]])


def _closed(geometry: dict) -> bool:
    """Whether every ring ends where it begins."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return all(ring[0] == ring[-1] for rings in polygons for ring in rings if ring)


def _mended(table: Table, row: Row, found: Any) -> Any:
    """Repair a polygon whose border touches itself, if its area is unambiguous; otherwise None and a problem."""
    reason = shapely.is_valid_reason(found)
    if found.area == 0 and found.is_valid:
        table.report(row, "coordinates", Message("coordinates that enclose nothing on the globe"), _RINGS)
        return None
    if len(points := shapely.get_coordinates(found)) <= MOST_MENDED:
        pieces = _pieces(found)
        crossings = len(shapely.STRtree(pieces).query(pieces, predicate="crosses")[0]) // 2
        if crossings <= MOST_CROSSINGS and len(points) > 3:
            whole = shapely.make_valid(found)
            if whole.area > 0 and abs(whole.area - found.area) <= SAME_AREA * whole.area:
                table.problems.note("mended", Message("{file}: borders that touch themselves are mended ({count:,} features)"))
                return whole
    at = reason.partition("[")[2].rstrip("]")
    got = Message("a border that crosses itself at {at}", at=at)
    if "elf-intersection" not in reason:
        got = Message("a border that is no polygon's ({reason})", reason=reason)
    table.report(row, "coordinates", got, Message("rings that do not cross (in a GIS: fix geometries)"))
    return None


def placed(communities: Communities, table: Table, shapes: list) -> tuple[Communities, Borders]:
    """Communities at their centroids, unless positions were given, with their extent, and their borders."""
    by_name = {row.cells["community"]: shape for row, shape in zip(table.rows, shapes, strict=True)}
    ordered = [by_name[community.community] for community in communities.rows]
    middles = shapely.get_coordinates(shapely.centroid(ordered))
    people = [community.population for community in communities.rows]
    longitude, latitude = (sum(n * float(m) for n, m in zip(people, middles[:, axis], strict=True)) / sum(people) for axis in (0, 1))
    shrink = math.cos(math.radians(latitude))

    def flat(points: Any) -> Any:
        return (points - [longitude, latitude]) * [KM_PER_DEGREE * shrink, KM_PER_DEGREE]

    in_km = [shapely.transform(shape, flat) for shape in ordered]
    borders = borders_of(_shared(in_km), communities)
    west, south, east, north = shapely.total_bounds(in_km)
    ground = Ground(longitude, latitude, float(east - west), float(north - south), float(shapely.area(in_km).sum()))
    if {"x", "longitude"} & set(table.columns):
        return replace(communities, ground=ground), borders
    at = flat(middles)
    rows = tuple(one._replace(x=round(float(x), 3), y=round(float(y), 3)) for one, (x, y) in zip(communities.rows, at, strict=True))
    return replace(communities, rows=rows, ground=ground), borders


def _shared(shapes: list) -> list[tuple[int, int]]:
    """Pairs of shapes, in km, that share a border."""
    wide = shapely.buffer(shapes, GAP)
    first, second = shapely.STRtree(shapes).query(wide, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    edges = shapely.boundary(shapes)
    runs = shapely.length(shapely.intersection(wide[first], edges[second]))
    return [(int(a), int(b)) for a, b, run in zip(first, second, runs, strict=True) if run >= RUN]
