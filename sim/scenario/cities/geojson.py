"""Communities as polygons: a GeoJSON file gives their positions and borders, and their properties give the other columns.

Each feature is one community: a Polygon or MultiPolygon, with properties named like the columns of `sim.scenario.cities.own_communities`.
Coordinates are longitude and latitude (WGS 84), or in the system that the file declares or the user asks for. Without ``x`` and ``y``, a
community is located at the centroid of its polygon. Two communities are neighbours if their borders run within 2 m of each other for at
least 10 m: small gaps are tolerated, and a common corner is not enough.
For the requirements on polygons see `sim.scenario.cities.polygons`.
"""

import importlib
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from sim.errors import Problem
from sim.lazy import lazily
from sim.messages import Message, Words
from sim.scenario.cities import projections
from sim.scenario.cities.own_communities import COLUMNS, REQUIRED, Borders, Communities, as_read, communities_of
from sim.scenario.parsing.column_names import read_headers
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import Source
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.parsing.tables import LONGEST_NAME, Row, Table, note_headers, report_absent, report_unknown, spoken, with_others_left_out

with lazily():
    from sim.scenario.cities import polygons

MAX_BYTES = 32 * 1024 * 1024
MOST_FEATURES = 20_000
AS_GEOJSON = Message("GeoJSON as text (in a GIS: export the layer with the encoding UTF-8)")
"""Expected content of polygons as text."""
EXTRA = Message("the extra geo: pip install 'sanzhi[geo]'")
_EXPECTED = Message('an object with "type": "FeatureCollection" and a list of features')
_FEATURE = Message('an object with "type": "Feature"')


Place = tuple[int | None, int | None]
Location = Callable[[int], Place]
"""Line and column of an offset; None where the text is not that of the file."""


class _Stop(Exception):
    """Raised where the rest of the text cannot be read. Arguments: offset, got, expected."""


def missing_extra(package: str = "shapely") -> Message | None:
    """Error if a package for reading polygons is missing, otherwise None."""
    try:
        importlib.import_module(package)
    except ImportError:
        return Message("polygons, for which this installation lacks {package}", package=package)
    return None


def read_geometry(source: Source, scale: float | None = None) -> tuple[Communities | None, Borders | None, list[Problem]]:
    """Communities and borders of a GeoJSON text, or None, None and every problem in it; see `read_communities` for `scale`."""
    problems = source.problems()
    problems.rows = Message("{some} in {count:,} features ({rows} ...)")
    result: tuple[Communities | None, Borders | None] = (None, None)
    with problems.reading("sanzhi city check"):
        found = _read(source, problems, scale)
        if found and not problems:
            communities, borders = polygons.placed(*found)
            result = as_read(communities, problems), borders
    return *result, problems.found


def _read(source: Source, problems: Problems, scale: float | None) -> tuple[Communities, Table, list] | None:
    """Communities, their table, and a shape for each of its rows; None if there are none."""
    text, declared = source.text, _Declared()
    location: Location = _Locations(text) if source.located else _nowhere
    features: list[tuple[int, dict]] = []
    try:
        for offset, feature in _features(text, declared):
            features.append((offset, feature))
            if len(features) > MOST_FEATURES:
                raise _Stop(
                    offset, Message("more than {most:,} features", most=MOST_FEATURES), Message("fewer, such as one for each community")
                )
    except _Stop as stop:
        offset, got, expected = stop.args
        problems.add(*location(offset), "(file)", got, expected)
    except RecursionError:
        problems.add(*location(0), "(file)", Message("too many levels of nesting"), _EXPECTED)
    if not features and not problems:
        problems.add(*location(0), "(file)", Message("no features"), _EXPECTED)
    if not features:
        return None
    crs = source.how.crs or declared.crs
    if crs is not None and (trouble := projections.trouble(crs)):
        problems.add(*location(declared.offset), "(file)", *trouble)
        return None
    if crs is not None:
        problems.note("crs", Message("{file}: coordinates are converted from {crs}", crs=crs))
    table = _table(source, location, features, problems)
    shapes = polygons.shapes_of(table, [feature for _, feature in features], crs)
    return communities_of(table, scale), table, shapes


class _Declared:
    """The coordinate system that a file declares, where it is not longitude and latitude, and where it does so."""

    crs: str | None = None
    offset: int = 0


def _nowhere(_offset: int) -> tuple[None, None]:
    """No line and column, for a text that was converted."""
    return None, None


def _features(text: str, declared: _Declared) -> Iterator[tuple[int, dict]]:
    """Every feature of a FeatureCollection, with its start offset; what the file says of its coordinates is put into `declared`."""
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
                    raise _Stop(at, shown(feature), _FEATURE)
                yield at, feature
                at = _next(text, end, "]")
            at = _next(text, at + 1, "}")
        else:
            start, (value, at) = at, _value(decoder, text, at)
            kind = value if key == "type" else kind
            if key == "crs" and value is not None and not re.search(r"CRS:?84|4326", json.dumps(value)):
                declared.crs, declared.offset = _name_of(value), start
            at = _next(text, at, "}")
    if kind != "FeatureCollection" or not found:
        got = Message("the type {kind}", kind=shown(kind)) if kind != "FeatureCollection" else Message("no features")
        raise _Stop(0, got, _EXPECTED)


def _name_of(crs: Any) -> str:
    """Name of a coordinate system as files of 2008 declare it, which newer GeoJSON has no more and software still writes."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else json.dumps(crs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _expect(text: str, at: int, character: str) -> int:
    at = _blank(text, at)
    if text[at : at + 1] != character:
        expected = Message("{expected}; here {character}", expected=_EXPECTED, character=character)
        raise _Stop(at, Message("text that is not GeoJSON"), expected)
    return _blank(text, at + 1)


def _next(text: str, at: int, end: str) -> int:
    """Start of the next item, or the closing bracket."""
    at = _blank(text, at)
    return at if text[at : at + 1] == end else _expect(text, at, ",")


def _value(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _Stop(error.pos, Message("text that is not JSON ({trouble})", trouble=error.msg), _EXPECTED) from None
    except ValueError as error:
        raise _Stop(at, Message("text that is not JSON ({trouble})", trouble=str(shown(str(error)))[1:-1]), _EXPECTED) from None


class _Locations:
    """Line and column of an offset."""

    def __init__(self, text: str):
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def __call__(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _table(source: Source, location: Location, features: list[tuple[int, dict]], problems: Problems) -> Table:
    """Properties of the features as a table; a row's `line` is the number of its feature, from 1."""
    text = source.text
    ends = [offset for offset, _ in features[1:]] + [len(text)]
    first: dict[str, Row] = {}
    for number, (_, feature) in enumerate(features, 1):
        properties = feature.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            first.setdefault(name, Row(number, {}))
    headers = with_others_left_out(read_headers(first, COLUMNS, source.how.columns), list(first), COLUMNS, REQUIRED, problems)
    titles, factors = spoken(headers)

    def locate(row: Row, name: str) -> Place:
        start, end = features[row.line - 1][0], ends[row.line - 1]
        written = json.dumps(titles.get(name, name))
        either = f"{re.escape(written)}|{re.escape(json.dumps(titles.get(name, name), ensure_ascii=False))}"
        found = re.compile(rf"(?:{either})\s*:\s*").search(text, start, end)
        return location(found.end() if found else start)

    def label(row: Row) -> Words:
        name = row.cells.get("community") or str((features[row.line - 1][1].get("properties") or {}).get(titles.get("community"), ""))
        return f"{row.line}: {name}" if name and name.isprintable() and len(name) <= LONGEST_NAME else str(row.line)

    for name, other in headers.doubled.items():
        both = Message("{first} and {second}, which mean the same column", first=other, second=name)
        problems.add(*locate(first[name], name), "(property)", both, Message("one of the two"))
    known = {*headers.known, *headers.left_out, *headers.doubled}
    report_absent(headers, list(first), problems, *location(0))
    report_unknown({name: locate(row, name) for name, row in first.items() if name not in known}, COLUMNS, problems, True)
    note_headers(headers, problems)
    columns = tuple(name for name in COLUMNS if name in titles or name in REQUIRED)
    header = {name: locate(first[title], name) for name, title in titles.items()}
    table = Table(columns, [], problems, locate, header, titles, factors, label=label)
    for number, (_, feature) in enumerate(features, 1):
        properties, row = feature.get("properties"), Row(number, {})
        if not isinstance(properties, dict):
            table.report(row, "properties", shown(properties), Message("an object with community and population"))
            properties = {}
        table.rows.append(Row(number, {name: _cell(table, row, name, properties.get(titles.get(name, name))) for name in columns}))
    return table


def _cell(table: Table, row: Row, name: str, value: Any) -> str:
    """A property as the text of a cell."""
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value) if abs(value) < 1e15 else "a huge number"
    table.report(row, name, shown(value), Message("text or a number"))
    return ""
