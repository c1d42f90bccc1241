"""Coordinate systems, which need the extra `geo`."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sim.lazy import lazily
from sim.messages import Message
from sim.scenario.parsing.scalars import shown

with lazily():
    import pyproj

DEGREES = "OGC:CRS84"
"""Longitude and latitude on WGS 84, in this order."""


def trouble(crs: str) -> tuple[Message, Message] | None:
    """Error in the name of a coordinate system, as (got, expected); None if it is known and can be converted."""
    try:
        _to_degrees(crs)
    except ImportError:
        return Message("the coordinate system {crs}, for which this installation lacks pyproj", crs=shown(crs)), _EXTRA
    except pyproj.exceptions.ProjError:
        return Message("the unknown coordinate system {crs}", crs=shown(crs)), _EXAMPLES
    return None


def in_metres(crs: str) -> bool:
    """Whether the coordinates of a system are lengths, not angles."""
    return not pyproj.CRS.from_user_input(crs).is_geographic


def in_degrees(crs: str) -> bool:
    """Whether a system is longitude and latitude on WGS 84, or on CGCS2000, which differs by less than a metre."""
    return pyproj.CRS.from_user_input(crs).to_epsg() in (4326, 4490)


def to_degrees(crs: str, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Longitude and latitude (WGS 84) of points, each east before north whatever order the system prescribes."""
    east, north = _to_degrees(crs).transform([x for x, _ in points], [y for _, y in points])
    return list(zip(map(float, east), map(float, north), strict=True))


def transform_of(crs: str) -> Any:
    """Function from arrays of coordinates, east and north, to longitudes and latitudes."""
    return _to_degrees(crs).transform


@lru_cache(8)
def _to_degrees(crs: str) -> "pyproj.Transformer":
    return pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)


_EXTRA = Message("the extra geo: pip install 'sanzhi[geo]'")
_EXAMPLES = Message("a code such as EPSG:4326 (longitude and latitude), EPSG:4490 (CGCS2000) or EPSG:4547 (CGCS2000, Gauss-Krüger 114° E)")
