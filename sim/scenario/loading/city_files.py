"""Files named in a scenario's `city`, replaced by their content, so that a scenario does not depend on later changes of the files.

While the file that contains a name is known, names are first replaced by `Source` texts (`attach`). After scenarios have been merged, texts
are converted to tables and checked against each other (`settle`). A text with a line break instead of a name is the table itself.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem
from sim.messages import Message, Words
from sim.scenario.cities import geojson
from sim.scenario.cities import own_communities as own
from sim.scenario.cities.own_communities import Communities
from sim.scenario.cities.preset_folder import CITY, read_preset
from sim.scenario.cities.presets import Preset
from sim.scenario.cities.rates_given import read_own_rates
from sim.scenario.parsing import tables
from sim.scenario.parsing.document import BAD, Document
from sim.scenario.parsing.paths import Unreadable, beside, read_bytes
from sim.scenario.parsing.scalars import Refused
from sim.scenario.schema.city import OWN_SCALE, is_folder
from sim.scenario.schema.section import number_of

_CSV = Message("a CSV file in the same folder as the scenario or below it")
EXPECTED = {
    "communities": _CSV,
    "adjacency": _CSV,
    "rates": _CSV,
    "geometry": Message("a GeoJSON file in the same folder as the scenario or below it"),
}
"""Keys of the city that name a file, with the expected content."""


@dataclass(frozen=True)
class Source:
    """Text of a file, and its name in messages."""

    text: str
    label: str


def attach(document: Document, file: Path) -> None:
    """Replace the names of files in a document read from `file` by their content; problems are added to the document."""
    city = document.data.get("city")
    if not isinstance(city, dict):
        return
    for key in EXPECTED:
        name = city.get(key)
        if isinstance(name, str) and not _inline(name):
            city[key] = _source(document, file, key, name)
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
        _put(document, city, "communities", *own.read_communities(source.text, source.label, _scale(city)))
    if (source := _text(document, city, "rates")) is not None:
        _put(document, city, "rates", *read_own_rates(source.text, source.label))
    if (source := _text(document, city, "adjacency")) is not None and isinstance(city.get("communities"), Communities):
        _put(document, city, "adjacency", *own.read_borders(source.text, source.label, city["communities"]))
    elif source is not None:
        alone = document.problem(
            ("city", "adjacency"), Message("adjacency without communities"), Message("communities, whose neighbours these are")
        )
        _put(document, city, "adjacency", None, [] if "communities" in city else [alone])


def _scale(city: dict[str, Any]) -> float | None:
    """Scale at which communities are simulated; None if invalid."""
    scale = number_of(city.get("scale", OWN_SCALE))
    return scale if scale is not None and 0 < scale <= 1 else None


def _inline(text: str) -> bool:
    return "\n" in text


def _source(document: Document, file: Path, key: str, name: str) -> Any:
    """Text of a file named in `city`, or BAD."""

    def read() -> Source | None:
        target, label = beside(name, file, document.file, EXPECTED[key])
        problems = tables.Problems(label)
        if key == "geometry":
            raw = read_bytes(target, label, geojson.MAX_BYTES, Message("a GeoJSON file"))
            text = tables.decode(raw, problems, geojson.MAX_BYTES, geojson.AS_GEOJSON)
        else:
            text = tables.decode(read_bytes(target, label, tables.MAX_BYTES, Message("a CSV file")), problems)
        document.problems += problems.found
        return None if text is None else Source(text, label)

    found = _reported(document, ("city", key), EXPECTED[key], read)
    if found is None:
        document.refused.add(("city", key))
    return found or BAD


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
    """Text of a table. Lines of a text within the scenario are counted from its beginning."""
    value = city.get(key)
    if isinstance(value, str) and _inline(value):
        return Source(value, f"{document.file} (city.{key})")
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
        document.report(path, lacking, Message("the extra geo: pip install 'sanzhi[geo]'"))
        _put(document, city, "communities", None, [])
        return
    communities, borders, problems = geojson.read_geometry(source.text, source.label, _scale(city))
    _put(document, city, "communities", communities, problems)
    if communities is not None and city.get("adjacency") is None:
        city["adjacency"] = borders
