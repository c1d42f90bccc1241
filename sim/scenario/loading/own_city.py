"""A user's own communities straight from a file, without a scenario."""

import os

from sim.errors import ScenarioError, UserError
from sim.messages import Message
from sim.scenario.cities import geojson
from sim.scenario.cities import own_communities as own
from sim.scenario.cities.own_communities import Borders, Communities
from sim.scenario.loading.city_files import LAYERS, read_file
from sim.scenario.parsing.paths import path_of, printable
from sim.scenario.parsing.sources import AS_IT_IS, Reading, encoding_trouble

POLYGONS = (".geojson", ".json", *LAYERS)
"""Endings of files of polygons; any other file is a table."""


def read_city(data: str | os.PathLike, how: Reading = AS_IT_IS) -> tuple[Communities, Borders | None]:
    """Communities of a table or of polygons, and borders of polygons.

    Parameters
    ----------
    data : path
        A table (CSV, .xlsx) or polygons (GeoJSON, GeoPackage, shapefile).
    how : Reading
        How to read it, where that is not to be recognised.

    Raises
    ------
    ScenarioError
        With every problem at once.
    UserError
        If the file cannot be read.
    """
    if how.encoding is not None and (trouble := encoding_trouble(how.encoding)):
        raise UserError("encoding: got {got}; expected {expected}", got=trouble[0], expected=trouble[1])
    file, label = path_of(data), printable(os.fspath(data))
    key = "geometry" if file.suffix.lower() in POLYGONS else "communities"
    if key == "geometry" and (lacking := geojson.missing_extra()):
        raise UserError("{got}; expected {expected}", got=lacking, expected=geojson.EXTRA)
    source, problems = read_file(file, label, key, how)
    communities, borders = None, None
    if source is not None and key == "geometry":
        communities, borders, problems = geojson.read_geometry(source)
    elif source is not None:
        communities, problems = own.read_communities(source)
    if communities is None:
        raise ScenarioError(problems)
    return communities, borders


def headers_of(settings: tuple[str, ...], columns: tuple[str, ...]) -> dict[str, str]:
    """Headers by column, from settings as in ``population=常住人口``.

    Raises
    ------
    UserError
        For a setting without an equals sign, or an unknown column.
    """
    found = {}
    for setting in settings:
        name, equals, header = (part.strip() for part in setting.partition("="))
        if not equals or not header or name not in columns:
            choices = ", ".join(columns)
            expected = Message("COLUMN=HEADER with a column of {choices}", choices=choices)
            raise UserError("--column: got {got}; expected {expected}", got=repr(setting), expected=expected)
        found[name] = header
    return found
