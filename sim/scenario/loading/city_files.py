"""Files that a scenario's `city` names, replaced by their content: what runs is what was read, wherever the file goes afterwards.

First, while it is known in which file the name stands, names become `Source` texts (`attach`). Later, when scenarios are merged,
texts become tables that were checked against each other (`settle`). A text with a line break in the place of a name is the table itself.
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
from sim.scenario.cities.own_communities import Places
from sim.scenario.cities.preset_folder import CITY, read_preset
from sim.scenario.cities.presets import Preset
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
    "geometry": Message("a GeoJSON file in the same folder as the scenario or below it"),
}
"""Keys of the city that name a file, and what is expected there."""


@dataclass(frozen=True)
class Source:
    """Text of a file, and its name in messages."""

    text: str
    label: str


def attach(document: Document, file: Path) -> None:
    """Replace the names of files in a document that was read from `file` by what is in them; problems are left in the document."""
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
    """Turn the texts of a whole document into tables; problems are left in the document."""
    city = document.data.get("city")
    if not isinstance(city, dict):
        return
    if isinstance(city.get("definition"), dict):
        with contextlib.suppress(ValidationError):  # the schema tells what is wrong with it
            city["definition"] = Preset.model_validate(city["definition"])
    if city.get("geometry") is not None:
        _settle_geometry(document, city)
    if (source := _text(document, city, "communities")) is not None:
        _put(document, city, "communities", *own.read_places(source.text, source.label, _scale(city)))
    if (source := _text(document, city, "adjacency")) is not None and isinstance(city.get("communities"), Places):
        _put(document, city, "adjacency", *own.read_borders(source.text, source.label, city["communities"]))
    elif source is not None:
        alone = document.problem(
            ("city", "adjacency"), Message("adjacency without communities"), Message("communities, whose neighbours these are")
        )
        _put(document, city, "adjacency", None, [] if "communities" in city else [alone])


def _scale(city: dict[str, Any]) -> float | None:
    """Scale at which communities are to be simulated, where it is sound."""
    scale = number_of(city.get("scale", OWN_SCALE))
    return scale if scale is not None and 0 < scale <= 1 else None


def _inline(text: str) -> bool:
    return "\n" in text


def _source(document: Document, file: Path, key: str, name: str) -> Any:
    """Text of a file that stands below `city`, or BAD."""

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

    found = _told(document, ("city", key), EXPECTED[key], read)
    if found is None:
        document.refused.add(("city", key))
    return found or BAD


def _told(document: Document, path: tuple, expected: Words, read: Callable[[], Any]) -> Any:
    """What `read` gives; None, and a problem at `path`, where it cannot."""
    try:
        return read()
    except Refused as refusal:
        got, expected, suggestion = (*refusal.args, None)[:3]
    except Unreadable as error:
        got, suggestion = error.why, None
    document.problems.append(document.problem(path, got, expected, suggestion))
    return None


def _attach_preset(document: Document, file: Path, city: dict[str, Any], name: str) -> None:
    """Read the preset of a folder; `preset` is then what the preset calls itself."""
    expected = Message("a folder with {file} in the same folder as the scenario or below it, or the name of a shipped preset", file=CITY)
    found = _told(document, ("city", "preset"), expected, lambda: beside(name, file, document.file, expected))
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
    """Text that is to become a table. Text in the scenario itself has lines of its own, counted from where it begins."""
    value = city.get(key)
    if isinstance(value, str) and _inline(value):
        return Source(value, f"{document.file} (city.{key})")
    return value if isinstance(value, Source) else None


def _put(document: Document, city: dict[str, Any], key: str, table: Any, problems: list[Problem]) -> None:
    """A table in the place of its text, or BAD and the problems."""
    document.problems += problems
    city[key] = BAD if table is None else table
    if table is None:
        document.refused.add(("city", key))


def _settle_geometry(document: Document, city: dict[str, Any]) -> None:
    """Communities and, unless they are given, borders in the place of polygons."""
    path = ("city", "geometry")
    source = _text(document, city, "geometry")
    if source is None:
        return
    del city["geometry"]
    document.places[("city", "communities")] = document.places.get(("city", "communities")) or document.places.get(path)  # type: ignore[assignment]
    lacking = geojson.missing_extra()
    if city.get("communities") is not None:
        document.report(path, Message("geometry beside communities"), Message("one of the two"))
        return
    if lacking:
        document.report(path, lacking, Message("the extra geo: pip install 'sanzhi[geo]'"))
        _put(document, city, "communities", None, [])
        return
    places, borders, problems = geojson.read_geometry(source.text, source.label, _scale(city))
    _put(document, city, "communities", places, problems)
    if places is not None and city.get("adjacency") is None:
        city["adjacency"] = borders
