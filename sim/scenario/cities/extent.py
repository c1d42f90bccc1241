"""Position and size of a user's own city, in words, which reveal swapped axes or wrong units."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.messages import Joined, Message

if TYPE_CHECKING:
    from sim.scenario.cities.own_communities import Communities

MOST_DEGREES = 5.0
"""Extent up to which coordinates of a whole city may be degrees mistaken for kilometres."""
FARTHEST = 10.0
"""Largest plausible distance (km) of a city's centre from the origin."""
KM_PER_DEGREE = 111.195
"""Length of a degree of latitude, on a sphere with a radius of 6371 km."""
MOST_APART = 30.0
"""Largest plausible distance (km) from a community to the nearest other, the median over communities (assumption)."""
FEWEST, MOST = 1.0, 300_000.0
"""Smallest and largest plausible number of residents per square km of a whole city (assumption)."""
SAMPLE = 200
"""Communities whose nearest neighbours are looked for."""


class Ground(NamedTuple):
    """Centre in degrees (if known), extent in km from west to east and from south to north, area of polygons in square km."""

    longitude: float | None
    latitude: float | None
    wide: float
    tall: float
    area: float | None


def ground_of(communities: "Communities") -> Ground:
    """Position and extent of communities: those of their polygons, or those of their centres."""
    if communities.ground is not None:
        return communities.ground
    east, north = [community.x for community in communities.rows], [community.y for community in communities.rows]
    return Ground(None, None, max(east) - min(east), max(north) - min(north), None)


def middle_of(points: Sequence[tuple[float, float]], people: Sequence[int]) -> tuple[float, float]:
    """Mean of points, weighted by residents."""
    total = sum(people)
    east, north = (sum(n * point[axis] for n, point in zip(people, points, strict=True)) / total for axis in (0, 1))
    return east, north


def flat(points: Sequence[tuple[float, float]], longitude: float, latitude: float) -> list[tuple[float, float]]:
    """Points in degrees as km east and north of a centre, on a plane, which is exact enough for a city."""
    shrink = math.cos(math.radians(latitude))
    return [((x - longitude) * KM_PER_DEGREE * shrink, (y - latitude) * KM_PER_DEGREE) for x, y in points]


def described(communities: "Communities") -> Message:
    """Centre, extent, area and density of communities in one line."""
    ground = ground_of(communities)
    extent = {"wide": f"{ground.wide:,.3g}", "tall": f"{ground.tall:,.3g}"}
    parts: list[Message] = []
    if ground.longitude is not None and ground.latitude is not None:
        at = {"latitude": _north(ground.latitude), "longitude": _east(ground.longitude)}
        parts.append(Message("middle at {latitude}, {longitude}", **at))
    if ground.area is None:
        parts.append(Message("middles of communities within {wide} × {tall} km", **extent))
        if ground.wide * ground.tall > 0:
            parts.append(Message("{density} residents per square km of these", density=_round(density(communities))))
    else:
        parts.append(Message("{wide} × {tall} km, {area} square km", **extent, area=f"{ground.area:,.4g}"))
        parts.append(Message("{density} residents per square km", density=_round(density(communities))))
    if ground.longitude is not None and ground.latitude is not None and abs(ground.longitude) <= 90:  # otherwise not swapped
        other = {"latitude": _north(ground.longitude), "longitude": _east(ground.latitude)}
        swapped = Message("if your city lies at {latitude}, {longitude}, the file has the axes swapped (longitude comes first)", **other)
        parts.append(swapped)
    return Joined(parts, "; ")


def density(communities: "Communities") -> float:
    """Residents per square km: of polygons, or of the rectangle around the middles; NaN if that has no area."""
    ground = ground_of(communities)
    area = ground.wide * ground.tall if ground.area is None else ground.area
    return communities.population / area if area > 0 else math.nan


def apart(communities: "Communities") -> float:
    """Distance (km) from a community to the nearest other, the median over some of them; NaN for a single one."""
    at = np.array([(one.x, one.y) for one in communities.rows])
    some = at[:: max(1, len(at) // SAMPLE)]
    away = np.sort(np.hypot(*(some[:, None, :] - at[None, :, :]).transpose(2, 0, 1)), axis=1)
    return float(np.median(away[:, 1])) if len(at) > 1 else math.nan


def questions(communities: "Communities") -> list[Message]:
    """Questions about distances and densities that no city has; positions that were generated raise none."""
    fields = {"apart": f"{apart(communities):,.3g}", "density": _round(density(communities))}
    if degrees_for_km(communities):
        return [
            Message(
                "{file}: x and y look like longitude and latitude, but are taken for km east and north of the middle: {apart} km between"
                " neighbours, {density} residents per square km; are these degrees? (headers: longitude, latitude)",
                **fields,
            )
        ]
    if density(communities) < FEWEST or apart(communities) > MOST_APART:
        return [
            Message(
                "{file}: {apart} km between neighbours, {density} residents per square km: are the coordinates in another unit or system?",
                **fields,
            )
        ]
    if density(communities) > MOST:
        return [
            Message(
                "{file}: {apart} km between neighbours, {density} residents per square km: are these degrees, or is a unit missing?",
                **fields,
            )
        ]
    return []


def degrees_for_km(communities: "Communities") -> bool:
    """Whether positions look like longitude and latitude instead of km from the centre."""
    ground = ground_of(communities)
    middle = [sum(getattr(community, axis) for community in communities.rows) / len(communities.rows) for axis in ("x", "y")]
    far = max(map(abs, middle)) > FARTHEST
    return far and max(ground.wide, ground.tall) < MOST_DEGREES and len(communities.rows) > 1 and abs(middle[1]) <= 90


def _north(degrees: float) -> str:
    return f"{abs(degrees):.2f}° {'N' if degrees >= 0 else 'S'}"


def _east(degrees: float) -> str:
    return f"{abs(degrees):.2f}° {'E' if degrees >= 0 else 'W'}"


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
