"""Files named in a scenario's `city`, replaced by their content, so that a scenario does not depend on later changes of the files.

While the file that contains a name is known, names are first replaced by `Source` texts (`attach`). After scenarios have been merged, texts
are converted to tables and checked against each other (`settle`). A text with a line break instead of a name is the table itself.

How a file is to be read (`columns`, `encoding`, `sheet`, `crs`) belongs to the file and is not kept: what is kept is the table.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem
from sim.lazy import lazily
from sim.messages import Joined, Message, Words
from sim.scenario.cities import geojson
from sim.scenario.cities import own_communities as own
from sim.scenario.cities.own_communities import Communities
from sim.scenario.cities.preset_folder import CITY, read_preset
from sim.scenario.cities.presets import Preset
from sim.scenario.cities.rates import COLUMNS as RATE_COLUMNS
from sim.scenario.cities.rates_given import read_own_rates
from sim.scenario.parsing import sources
from sim.scenario.parsing.document import BAD, Document
from sim.scenario.parsing.paths import Unreadable, beside, read_bytes
from sim.scenario.parsing.scalars import Refused, shown
from sim.scenario.parsing.sources import AS_IT_IS, Reading, Source
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.schema.city import OWN_SCALE, is_folder
from sim.scenario.schema.section import number_of
from sim.suggestions import nearest

with lazily():
    from sim.scenario.cities import layers

_TABLE = Message("a table (CSV or .xlsx) in the same folder as the scenario or below it")
EXPECTED = {
    "communities": _TABLE,
    "adjacency": _TABLE,
    "rates": _TABLE,
    "geometry": Message("a GeoJSON file, a GeoPackage or a shapefile in the same folder as the scenario or below it"),
}
"""Keys of the city that name a file, with the expected content."""
PLACES = ("communities", "geometry")
HOW = ("columns", "encoding", "sheet", "crs")
"""Keys of the city that say how the file of communities or of geometry is to be read."""
LAYERS = (".gpkg", ".shp")
"""Endings of files of geometry that are not text."""


def attach(document: Document, file: Path) -> None:
    """Replace the names of files in a document read from `file` by their content; problems are added to the document."""
    city = document.data.get("city")
    if not isinstance(city, dict):
        return
    how = _how(document, city) if set(PLACES) & set(city) else AS_IT_IS
    for key in EXPECTED:
        name = city.get(key)
        if isinstance(name, str) and not _inline(name):
            city[key] = _source(document, file, key, name, how if key in PLACES else AS_IT_IS)
        elif isinstance(name, str) and key in PLACES:
            city[key] = Source(name, f"{document.file} (city.{key})", how)
    preset = city.get("preset")
    if isinstance(preset, str) and is_folder(preset):
        _attach_preset(document, file, city, preset)


def settle(document: Document) -> None:
    """Convert the texts of a document into tables; problems are added to the document."""
    city = document.data.get("city")
    if not isinstance(city, dict):
        return
    if isinstance(city.get("definition"), dict):
        with contextlib.suppress(ValidationError):  # validation reports the error later
            city["definition"] = Preset.model_validate(city["definition"])
    if city.get("geometry") is not None:
        _settle_geometry(document, city)
    if (source := _text(document, city, "communities")) is not None:
        _put(document, city, "communities", *own.read_communities(source, _scale(city)))
    if (source := _text(document, city, "rates")) is not None:
        _put(document, city, "rates", *read_own_rates(source.text, source.label))
    if (source := _text(document, city, "adjacency")) is not None and isinstance(city.get("communities"), Communities):
        _put(document, city, "adjacency", *own.read_borders(source, city["communities"]))
    elif source is not None:
        alone = document.problem(
            ("city", "adjacency"), Message("adjacency without communities"), Message("communities, whose neighbours these are")
        )
        _put(document, city, "adjacency", None, [] if "communities" in city else [alone])
    for key in set(HOW) & set(city):
        document.report(
            ("city", key), Message("{key} without a file", key=key), Message("communities or geometry beside it, in the same file")
        )
        del city[key]


def _scale(city: dict[str, Any]) -> float | None:
    """Scale at which communities are simulated; None if invalid."""
    scale = number_of(city.get("scale", OWN_SCALE))
    return scale if scale is not None and 0 < scale <= 1 else None


def _inline(text: str) -> bool:
    return "\n" in text


def _how(document: Document, city: dict[str, Any]) -> Reading:
    """How the file of communities is to be read, taken from the city; problems are added to the document."""
    given = {key: city.pop(key) for key in HOW if key in city}
    found: dict[str, Any] = {}
    for key, value in given.items():
        if ("city", key) in document.refused or value is BAD:
            continue
        if key == "columns":
            found[key] = _columns(document, value)
        elif not isinstance(value, str) or not value.strip():
            document.report(("city", key), shown(value), Message("text"))
        elif key == "encoding" and (trouble := sources.encoding_trouble(value)):
            document.report(("city", key), *trouble)
        else:
            found[key] = value.strip()
    return Reading(**found)


def _columns(document: Document, value: Any) -> dict[str, str]:
    """Headers by column, without invalid entries, which are reported."""
    path: tuple[str, ...] = ("city", "columns")
    if not isinstance(value, dict):
        example = "{population: 常住人口}"
        document.report(path, shown(value), Message("a header for each column, as in {example}", example=example))
        return {}
    found = {}
    for key, header in value.items():
        if key not in own.COLUMNS:
            got, expected = Message("the unknown column {name}", name=shown(key)), Message("one of {choices}", choices=Joined(own.COLUMNS))
            document.report((*path, str(key)), got, expected, nearest(str(key), own.COLUMNS), at_key=True)
        elif header is not BAD:
            found[key] = str(header).strip()
    return found


def _source(document: Document, file: Path, key: str, name: str, how: Reading) -> Any:
    """Text of a file named in `city`, or BAD."""

    def read() -> Source | None:
        target, label = beside(name, file, document.file, EXPECTED[key])
        source, problems = read_file(target, label, key, how)
        document.problems += problems
        return source

    found = _reported(document, ("city", key), EXPECTED[key], read)
    if found is None:
        document.refused.add(("city", key))
    return found or BAD


def read_file(file: Path, label: str, key: str, how: Reading = AS_IT_IS) -> tuple[Source | None, list[Problem]]:
    """Text of a file that the city names under a key, and every problem of its encoding.

    Raises
    ------
    Unreadable
        If there is no such file, or it cannot be read.
    """
    problems = Problems(label)
    if key != "geometry":
        known = {"adjacency": ("a", "b"), "rates": RATE_COLUMNS}.get(key, own.COLUMNS)
        raw = read_bytes(file, label, sources.MAX_BYTES, Message("a table"))
        return sources.read_source(raw, label, problems, how, known), problems.found
    if file.suffix.lower() in LAYERS:
        if lacking := geojson.missing_extra("pyogrio"):
            problems.add(None, None, "(file)", lacking, geojson.EXTRA)
            return None, problems.found
        read_bytes(file, label, 1, Message("a layer"))  # that it is a file
        return layers.read_layer(file, label, problems, how), problems.found
    raw = read_bytes(file, label, geojson.MAX_BYTES, Message("a GeoJSON file"))
    text = sources.decode(raw, problems, geojson.MAX_BYTES, geojson.AS_GEOJSON, how)
    source = None if text is None else Source(text, label, how, notes=tuple(problems.notes()))
    return source, problems.found


def _reported(document: Document, path: tuple, expected: Words, read: Callable[[], Any]) -> Any:
    """Result of `read`; None and a problem at `path` if it fails."""
    try:
        return read()
    except Refused as refusal:
        got, expected, suggestion = (*refusal.args, None)[:3]
    except Unreadable as error:
        got, suggestion = error.why, None
    document.problems.append(document.problem(path, got, expected, suggestion))
    return None


def _attach_preset(document: Document, file: Path, city: dict[str, Any], name: str) -> None:
    """Read the preset of a folder; `preset` becomes the preset's own name."""
    expected = Message("a folder with {file} in the same folder as the scenario or below it, or the name of a shipped preset", file=CITY)
    found = _reported(document, ("city", "preset"), expected, lambda: beside(name, file, document.file, expected))
    preset = None
    if found:
        preset, problems = read_preset(*found)
        document.problems += problems
    if preset is None:
        city["preset"] = BAD
        document.refused.add(("city", "preset"))
    else:
        city["preset"], city["definition"] = f"./{preset.name}", preset


def _text(document: Document, city: dict[str, Any], key: str) -> Source | None:
    """Text of a table. Lines of a text within the scenario are counted from its beginning.

    How it is to be read stands beside it where it comes from a change of a single key, and with it where it comes from a file.
    """
    value = city.get(key)
    if isinstance(value, str) and _inline(value):
        return Source(value, f"{document.file} (city.{key})", _how(document, city) if key in PLACES else AS_IT_IS)
    return value if isinstance(value, Source) else None


def _put(document: Document, city: dict[str, Any], key: str, table: Any, problems: list[Problem]) -> None:
    """Replace a text by its table, or by BAD with the problems."""
    document.problems += problems
    city[key] = BAD if table is None else table
    if table is None:
        document.refused.add(("city", key))


def _settle_geometry(document: Document, city: dict[str, Any]) -> None:
    """Replace polygons by communities and, unless given, borders."""
    path = ("city", "geometry")
    source = _text(document, city, "geometry")
    if source is None:
        return
    del city["geometry"]
    document.locations[("city", "communities")] = document.locations.get(("city", "communities")) or document.locations.get(path)  # type: ignore[assignment]
    lacking = geojson.missing_extra()
    if city.get("communities") is not None:
        document.report(path, Message("geometry beside communities"), Message("one of the two"))
        return
    if lacking:
        document.report(path, lacking, geojson.EXTRA)
        _put(document, city, "communities", None, [])
        return
    communities, borders, problems = geojson.read_geometry(source, _scale(city))
    _put(document, city, "communities", communities, problems)
    if communities is not None and city.get("adjacency") is None:
        city["adjacency"] = borders
