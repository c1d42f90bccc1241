"""Layers of GeoPackages and shapefiles, as GeoJSON in their own coordinate system. Requires the extra `geo`."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry import mapping

from sim.messages import Joined, Message
from sim.scenario.cities import projections
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import Reading, Source, guess
from sim.scenario.parsing.table_problems import Problems

MOST_BYTES = 64 * 1024 * 1024
_LAYER = Message("a GeoPackage or a shapefile with its .dbf and .shx, exported anew from a GIS")
_HEADER_LENGTH = slice(8, 10)


def read_layer(file: Path, label: str, problems: Problems, how: Reading) -> Source | None:
    """A layer as GeoJSON; None and a problem if it cannot be read.

    Parameters
    ----------
    file : Path
        A GeoPackage (.gpkg), or a shapefile (.shp) with the files beside it.
    label : str
        Its name in messages.
    problems : Problems
    how : Reading
        Encoding of the attributes, layer, and coordinate system, where they are asked for.
    """
    size = sum(part.stat().st_size for part in (file, file.with_suffix(".dbf")) if part.exists())
    if size > MOST_BYTES:
        problems.add(None, None, "(file)", Message("more than {most} bytes", most=f"{MOST_BYTES:,}"), Message("a simplified layer"))
        return None
    try:
        layer = _chosen(file, problems, how.sheet)
        encoding = how.encoding or (_encoding(file, problems) if file.suffix.lower() == ".shp" else None)
        meta, _, shapes, values = pyogrio.raw.read(file, layer=layer, encoding=encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError, LookupError) as error:
        why = " ".join(str(error).split())[:120]
        problems.add(None, None, "(file)", Message("a layer that cannot be read ({why})", why=why), _LAYER)
        return None
    if problems:
        return None
    columns = {str(name): values[number] for number, name in enumerate(meta["fields"])}
    features = [
        {
            "type": "Feature",
            "properties": {name: _plain(column[number]) for name, column in columns.items()},
            "geometry": None if shape is None else mapping(shapely.force_2d(shapely.from_wkb(shape))),
        }
        for number, shape in enumerate(shapes)
    ]
    data: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if meta["crs"] is not None:
        data["crs"] = {"type": "name", "properties": {"name": _code(meta["crs"])}}
    text = json.dumps(data, ensure_ascii=False, default=str)
    return Source(text, label, how, notes=tuple(problems.notes()), located=False)


def _chosen(file: Path, problems: Problems, name: str | None) -> str | None:
    """Name of the layer to read: the one asked for, else the first of polygons."""
    layers = pyogrio.list_layers(file)
    names = [str(one) for one in layers[:, 0]]
    if name is not None and file.suffix.lower() != ".shp":
        if name not in names:
            problems.add(None, None, "(file)", Message("no layer {name}", name=shown(name)), Message("one of {names}", names=Joined(names)))
        return name if name in names else names[0]
    chosen = next((str(one) for one, kind in layers if "Polygon" in str(kind)), names[0])
    if len(names) > 1:
        others = Joined(shown(one) for one in names if one != chosen)
        problems.note("layer", Message("{file}: read from the layer {layer}, not from {others}", layer=shown(chosen), others=others))
    return chosen


def _encoding(file: Path, problems: Problems) -> str | None:
    """Encoding of the attributes of a shapefile: None if a file beside it declares one, which is then used."""
    table = file.with_suffix(".dbf")
    if file.with_suffix(".cpg").exists() or not table.exists():
        return None
    raw = table.read_bytes()
    rows = raw[int.from_bytes(raw[_HEADER_LENGTH], "little") :]
    try:
        rows.decode("utf-8")
    except UnicodeDecodeError:
        found = guess(rows) or "gb18030"
        message = Message("{file}: read as {encoding} (if names look wrong, give the encoding by name)", encoding=found.upper())
        problems.note("encoding", message)
        return found
    return "utf-8"


def _plain(value: Any) -> Any:
    """A value of an attribute as JSON has it."""
    value = value.item() if isinstance(value, np.generic) else value
    return None if value is None or value != value else value


def _code(crs: str) -> str:
    """Short name of a coordinate system where it has one: longitude and latitude need no conversion, by whatever name."""
    return "EPSG:4326" if projections.in_degrees(crs) else crs
