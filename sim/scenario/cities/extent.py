"""Position and size of a user's own city, in words, which reveal swapped axes or wrong units."""

from typing import TYPE_CHECKING, NamedTuple

from sim.messages import Joined, Message

if TYPE_CHECKING:
    from sim.scenario.cities.own_communities import Communities

MOST_DEGREES = 5.0
"""Extent up to which coordinates of a whole city may be degrees mistaken for kilometres."""
FARTHEST = 10.0
"""Largest plausible distance (km) of a city's centre from the origin."""


class Ground(NamedTuple):
    """Centre in degrees (if known), extent in km from west to east and from south to north, area in square km (if known)."""

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


def described(communities: "Communities") -> Message:
    """Centre, extent, area and density of communities in one line."""
    ground = ground_of(communities)
    extent = {"wide": f"{ground.wide:,.3g}", "tall": f"{ground.tall:,.3g}"}
    if ground.longitude is None or ground.latitude is None or ground.area is None:
        parts: list[Message] = [Message("middles of communities within {wide} × {tall} km", **extent)]
        if ground.wide * ground.tall > 0:
            each = communities.population / (ground.wide * ground.tall)
            parts.append(Message("{density} residents per square km of these", density=_round(each)))
        return Joined(parts, "; ")
    at = Message("middle at {latitude}, {longitude}", latitude=_north(ground.latitude), longitude=_east(ground.longitude))
    size = Message("{wide} × {tall} km, {area} square km", **extent, area=f"{ground.area:,.4g}")
    density = Message("{density} residents per square km", density=_round(communities.population / ground.area))
    parts = [at, size, density]
    if abs(ground.longitude) <= 90:  # otherwise the axes cannot have been swapped
        other = {"latitude": _north(ground.longitude), "longitude": _east(ground.latitude)}
        parts.append(
            Message("if your city lies at {latitude}, {longitude}, the file has the axes swapped (longitude comes first)", **other)
        )
    return Joined(parts, "; ")


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


def _round(density: float) -> str:
    return f"{density:,.0f}" if density >= 10 else f"{density:.2g}"
