"""Where a city of one's own lies and how large it is, in words: what shows at a glance that axes or units were mixed up."""

from typing import TYPE_CHECKING, NamedTuple

from sim.messages import Joined, Message

if TYPE_CHECKING:
    from sim.scenario.cities.own_communities import Places

MOST_DEGREES = 5.0
"""Extent in degrees up to which coordinates of a whole city may be degrees that were taken for kilometres."""
FARTHEST = 10.0
"""Distance in km from the origin beyond which the middle of a city is no middle."""


class Ground(NamedTuple):
    """Middle in degrees (where it is known), extent in km from west to east and from south to north, area in square km (likewise)."""

    longitude: float | None
    latitude: float | None
    wide: float
    tall: float
    area: float | None


def ground_of(places: "Places") -> Ground:
    """The ground of communities: that of their polygons, or as far as their middles lie apart."""
    if places.ground is not None:
        return places.ground
    east, north = [place.x for place in places.rows], [place.y for place in places.rows]
    return Ground(None, None, max(east) - min(east), max(north) - min(north), None)


def described(places: "Places") -> Message:
    """Middle, extent, area and density of communities in a line."""
    ground = ground_of(places)
    extent = {"wide": f"{ground.wide:,.3g}", "tall": f"{ground.tall:,.3g}"}
    if ground.longitude is None or ground.latitude is None or ground.area is None:
        said: list[Message] = [Message("middles of communities within {wide} × {tall} km", **extent)]
        if ground.wide * ground.tall > 0:
            each = places.population / (ground.wide * ground.tall)
            said.append(Message("{density} residents per square km of these", density=_round(each)))
        return Joined(said, "; ")
    at = Message("middle at {latitude}, {longitude}", latitude=_north(ground.latitude), longitude=_east(ground.longitude))
    size = Message("{wide} × {tall} km, {area} square km", **extent, area=f"{ground.area:,.4g}")
    density = Message("{density} residents per square km", density=_round(places.population / ground.area))
    said = [at, size, density]
    if abs(ground.longitude) <= 90:  # else the axes cannot have been swapped
        other = {"latitude": _north(ground.longitude), "longitude": _east(ground.latitude)}
        said.append(Message("if your city lies at {latitude}, {longitude}, the file has the axes swapped (longitude comes first)", **other))
    return Joined(said, "; ")


def degrees_for_km(places: "Places") -> bool:
    """Whether positions look like longitude and latitude in the place of km from the middle."""
    ground = ground_of(places)
    middle = [sum(getattr(place, axis) for place in places.rows) / len(places.rows) for axis in ("x", "y")]
    far = max(map(abs, middle)) > FARTHEST
    return far and max(ground.wide, ground.tall) < MOST_DEGREES and len(places.rows) > 1 and abs(middle[1]) <= 90


def _north(degrees: float) -> str:
    return f"{abs(degrees):.2f}° {'N' if degrees >= 0 else 'S'}"


def _east(degrees: float) -> str:
    return f"{abs(degrees):.2f}° {'E' if degrees >= 0 else 'W'}"


def _round(density: float) -> str:
    return f"{density:,.0f}" if density >= 10 else f"{density:.2g}"
