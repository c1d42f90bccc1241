"""Communities as polygons: a GeoJSON file gives their positions and borders beside what their properties say.

Each feature is one community: a Polygon or MultiPolygon in longitude and latitude (WGS 84), with properties named like the columns of
`sim.scenario.own`. Where ``x`` and ``y`` are not among them, a community lies at the centroid of its polygon. Two communities are
neighbours where their borders run within 2 m of each other for 10 m or more: small gaps are no obstacle, touching at a corner is not
enough.
"""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from sim.errors import Problem
from sim.scenario.own import COLUMNS, REQUIRED, Borders, Place, Places, borders_of, places_of
from sim.scenario.scalars import shown
from sim.scenario.tables import MOST_ROWS, Problems, Row, Table

MAX_BYTES = 32 * 1024 * 1024
GAP, RUN = 0.002, 0.010
"""How far apart borders may run and still be shared, and for how long they must, in km (assumption)."""
KM_PER_DEGREE = 111.195
"""Of latitude, on a sphere of 6371 km."""
_EXPECTED = 'an object with "type": "FeatureCollection" and a list of features'
_SHAPES = ("Polygon", "MultiPolygon")


class _Stop(Exception):
    """Nothing after this can be read. Arguments: offset, got, expected."""


def missing_extra() -> str | None:
    """What is missing for reading polygons, if anything."""
    try:
        import shapely  # noqa: F401
    except ImportError:
        return "polygons, for which this installation lacks shapely"
    return None


def read_geometry(text: str, file: str, scale: float | None = None) -> tuple[Places | None, Borders | None, list[Problem]]:
    """Communities of a GeoJSON text and who borders on whom, or None, None and every problem in it; see `read_places` for `scale`."""
    problems = Problems(file)
    with problems.at_most():
        found = _read(text, problems, scale)
        if found and not problems.found:
            return *_placed(*found), []
    return None, None, problems.found


def _read(text: str, problems: Problems, scale: float | None) -> tuple[Places, Table, list] | None:
    """Communities, the table they come from and a shape for each of its rows; None where there are none."""
    place = _Places(text)
    features: list[tuple[int, dict]] = []
    try:
        for offset, feature in _features(text):
            features.append((offset, feature))
            if len(features) > MOST_ROWS:
                raise _Stop(offset, f"more than {MOST_ROWS:,} features", "fewer")
    except _Stop as stop:
        problems.add(*place(stop.args[0]), "(file)", *stop.args[1:])
    except RecursionError:
        problems.add(1, 1, "(file)", "too many levels of nesting", _EXPECTED)
    if not features and not problems.found:
        problems.add(1, 1, "(file)", "no features", _EXPECTED)
    if not features:
        return None
    table = _table(text, place, features, problems)
    shapes = [_shape(table, row, feature) for row, (_, feature) in zip(table.rows, features, strict=False)]
    return places_of(table, scale), table, shapes


def _features(text: str) -> Iterator[tuple[int, dict]]:
    """Every feature of a FeatureCollection with the offset at which it starts."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    at, kind, found = _expect(text, 0, "{"), None, False
    while text[at : at + 1] != "}":
        key, at = _value(decoder, text, at)
        at = _expect(text, at, ":")
        if key == "features":
            found = True
            at = _expect(text, at, "[")
            while text[at : at + 1] != "]":
                feature, end = _value(decoder, text, at)
                if not isinstance(feature, dict) or feature.get("type") != "Feature":
                    raise _Stop(at, shown(feature), 'an object with "type": "Feature"')
                yield at, feature
                at = _next(text, end, "]")
            at = _next(text, at + 1, "}")
        else:
            start, (value, at) = at, _value(decoder, text, at)
            kind = value if key == "type" else kind
            if key == "crs" and not re.search(r"CRS:?84|4326", json.dumps(value)):
                raise _Stop(start, "another coordinate system", "longitude and latitude (WGS 84), as GeoJSON has them")
            at = _next(text, at, "}")
    if kind != "FeatureCollection" or not found:
        raise _Stop(0, f"the type {shown(kind)}" if kind != "FeatureCollection" else "no features", _EXPECTED)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _expect(text: str, at: int, character: str) -> int:
    at = _blank(text, at)
    if text[at : at + 1] != character:
        raise _Stop(at, "text that is not GeoJSON", f"{_EXPECTED}; here {character}")
    return _blank(text, at + 1)


def _next(text: str, at: int, end: str) -> int:
    """Start of the next item, or the closing bracket."""
    at = _blank(text, at)
    return at if text[at : at + 1] == end else _expect(text, at, ",")


def _value(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _Stop(error.pos, f"text that is not JSON ({error.msg})", _EXPECTED) from None
    except ValueError as error:
        raise _Stop(at, f"text that is not JSON ({shown(str(error))[1:-1]})", _EXPECTED) from None


class _Places:
    """Line and column of an offset."""

    def __init__(self, text: str):
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def __call__(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _table(text: str, place: _Places, features: list[tuple[int, dict]], problems: Problems) -> Table:
    """Properties of the features as a table; a row's `line` is the number of its feature, from 1."""
    ends = [offset for offset, _ in features[1:]] + [len(text)]

    def locate(row: Row, name: str) -> tuple[int, int]:
        start, end = features[row.line - 1][0], ends[row.line - 1]
        found = re.compile(rf'"{re.escape(name)}"\s*:\s*').search(text, start, end)
        return place(found.end() if found else start)

    first: dict[str, Row] = {}
    for number, (_, feature) in enumerate(features, 1):
        properties = feature.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            first.setdefault(name, Row(number, {}))
    for name in sorted(set(first) - set(COLUMNS)):
        got, expected = f"the unknown property {shown(name)}", f"properties among {', '.join(COLUMNS)}"
        problems.add(*locate(first[name], name), name if name.isprintable() else "(property)", got, expected, problems.near(name, COLUMNS))
    columns = tuple(name for name in COLUMNS if name in first or name in REQUIRED)
    table = Table(columns, [], problems, locate, {name: locate(first[name], name) for name in columns if name in first})
    for number, (_, feature) in enumerate(features, 1):
        properties, row = feature.get("properties"), Row(number, {})
        if not isinstance(properties, dict):
            table.report(row, "properties", shown(properties), "an object with community and population")
            properties = {}
        table.rows.append(Row(number, {name: _cell(table, row, name, properties.get(name)) for name in columns}))
    return table


def _cell(table: Table, row: Row, name: str, value: Any) -> str:
    """A property as the text of a cell."""
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value) if abs(value) < 1e15 else "a huge number"
    table.report(row, name, shown(value), "text or a number")
    return ""


def _shape(table: Table, row: Row, feature: dict) -> Any:
    """Polygon of a feature; None and a problem where it has none."""
    import shapely
    from shapely.geometry import shape

    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _SHAPES:
        table.report(row, "geometry", shown(kind or geometry), "a Polygon or MultiPolygon")
        return None
    try:
        found = shapely.make_valid(shape(geometry))
        west, south, east, north = found.bounds
    except Exception:
        table.report(row, "coordinates", "coordinates that make no polygon", "rings of [longitude, latitude]")
        return None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90) or found.area == 0:
        table.report(row, "coordinates", "coordinates that enclose nothing on the globe", "rings of [longitude, latitude] in degrees")
        return None
    return found


def _placed(places: Places, table: Table, shapes: list) -> tuple[Places, Borders]:
    """Communities at their centroids, unless positions were given, and their borders."""
    import shapely

    by_name = {row.cells["community"]: shape for row, shape in zip(table.rows, shapes, strict=True)}
    ordered = [by_name[place.community] for place in places.rows]
    middles = shapely.get_coordinates(shapely.centroid(ordered))
    people = [place.population for place in places.rows]
    longitude, latitude = (sum(n * float(m) for n, m in zip(people, middles[:, axis], strict=True)) / sum(people) for axis in (0, 1))
    shrink = math.cos(math.radians(latitude))

    def flat(points: Any) -> Any:
        return (points - [longitude, latitude]) * [KM_PER_DEGREE * shrink, KM_PER_DEGREE]

    borders = borders_of(_shared([shapely.transform(shape, flat) for shape in ordered]), places)
    if "x" in table.columns:
        return places, borders
    at = flat(middles)
    rows: tuple[Place, ...] = tuple(
        place._replace(x=round(float(x), 3), y=round(float(y), 3)) for place, (x, y) in zip(places.rows, at, strict=True)
    )
    return Places(rows), borders


def _shared(shapes: list) -> list[tuple[int, int]]:
    """Pairs of shapes, in km, that share a border."""
    import shapely

    wide = shapely.buffer(shapes, GAP)
    first, second = shapely.STRtree(shapes).query(wide, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    edges = shapely.boundary(shapes)
    runs = shapely.length(shapely.intersection(wide[first], edges[second]))
    return [(int(a), int(b)) for a, b, run in zip(first, second, runs, strict=True) if run >= RUN]
