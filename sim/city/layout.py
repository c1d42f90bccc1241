"""Layout of a city: districts, sub-districts and communities, before residents are drawn.

Determines the size, position, borders, hardship and attraction of every community, from a city's figures or from given communities.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.city.attraction import community_attraction
from sim.city.borders import bordering, clustered
from sim.city.columns import copied
from sim.city.community import BLOCK_SIZE, COMMUNITY
from sim.city.conditions import set_usual
from sim.city.plan import CityPlan, CommunityPlan, PlacesPlan
from sim.city.staffing import Staffing
from sim.draws import bells, stream
from sim.kernel import driver
from sim.maths import exp2

POPULATION = stream("population")
HARDSHIP, SPREAD = 0.4, 0.10
"""Mean of the hardship of generated communities and its standard deviation between them (assumption)."""
SIGHT_KM = 2.0
"""Distance (km) at which people count half as much towards density (assumption)."""
ABREAST = 256
"""Points whose density is summed side by side: their sums stay in the nearest cache."""
LARGEST_HOUSEHOLD = 6
LUCK = np.array([0, 4, 8, 12, 60])
"""First draws of a community's position to the east and north, hardship, estates and bonds."""
ESTATES, ESTATES_POOR, ESTATES_SPREAD = 0.4, 1.5, 0.25
"""Share of commodity estates in a community's housing: mean, fall per unit of hardship, and SD of the rest (assumptions)."""


class Layout(NamedTuple):
    """Sizes, positions and borders of all communities, before residents are drawn."""

    communities: np.ndarray  # records of COMMUNITY without counts of people
    nonlocal_share: np.ndarray  # per community
    subdistrict_district: np.ndarray  # district of each sub-district
    households: np.ndarray  # cumulative shares of household sizes 1, 2, ...
    first_neighbour: np.ndarray  # (communities + 1,): the neighbours of k are neighbours[first_neighbour[k]:first_neighbour[k + 1]]
    neighbours: np.ndarray  # communities bordering on each community, ascending; every border occurs twice
    names: tuple[str, ...]  # names of the communities given by a user; empty for a preset


def apportion(total: int, weights) -> np.ndarray:
    """Integers that sum to `total`, in proportion to `weights` (largest remainder method; ties go to the earlier)."""
    weights = np.asarray(weights, dtype=np.float64)
    exact = weights * (total / weights.sum())
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def household_shares(mean: float) -> np.ndarray:
    """Cumulative shares of household sizes 1 to 6 when size - 1 is Poisson (cut at 6)."""
    rate = mean - 1.0
    share = [float(exp2(-rate / 0.6931471805599453))]
    for extra in range(1, LARGEST_HOUSEHOLD):
        share.append(share[-1] * rate / extra)
    return np.cumsum(share) / np.sum(share)


class Sites(NamedTuple):
    """What a layout has whatever the seed: kept, and copied for every city."""

    communities: np.ndarray  # with all that is given and all that follows from sizes
    nonlocal_share: np.ndarray
    subdistrict_district: np.ndarray
    households: np.ndarray
    span: np.ndarray  # first resident of each sub-district, and one past the last
    facilities: np.ndarray | None  # of the communities, see `_facilities`
    estates: np.ndarray  # given shares of commodity estates; not a number where they are drawn
    names: tuple[str, ...]


def lay_out(plan: CityPlan, tile: int, seed: int) -> Layout:
    """Lay out districts, sub-districts and communities.

    Parameters
    ----------
    plan : CityPlan
        Given communities are used at the plan's scale; otherwise communities are generated.
    tile : int
        Residents in a tile; every community begins a new one.
    seed : int
        Seed of generated positions, hardship and housing, which do not depend on it where they are given, and of attraction.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        If a district or a given community would have no residents.
    """
    sites = sites_of(plan.places, plan.staffing, tile)
    communities = copied(sites.communities)
    luck = np.empty((len(communities), len(LUCK)))
    bells(np.uint64(seed), POPULATION, 0, LUCK, luck)
    east, north, hardship, estates, bonds = luck.T
    if not plan.places.communities:
        _set_positions(communities, plan.places.districts, east, north)
    first, neighbours = bordering(communities["x"], communities["y"], plan.places.borders)
    if not plan.places.communities:
        drawn = np.clip(HARDSHIP + SPREAD * hardship, 0.1, 0.9).astype(np.float32)
        communities["hardship"] = clustered(drawn, first, neighbours)
    found = np.clip(ESTATES - ESTATES_POOR * (communities["hardship"] - HARDSHIP) + ESTATES_SPREAD * estates, 0.0, 1.0)
    communities["estates"] = np.where(np.isnan(sites.estates), found, sites.estates)
    communities["bonds"] = bonds  # how much more people trust each other for lasting reasons of their own
    communities["attraction"] = community_attraction(communities["residents"], sites.facilities, first, neighbours, seed)
    communities["density"] = _density(communities)
    communities["diversity"] = _diversity(communities, sites.nonlocal_share)
    return Layout(communities, *sites[1:4], first, neighbours, sites.names)


@lru_cache(maxsize=4)  # small cities are built by the thousand
def sites_of(places: PlacesPlan, staffing: Staffing, tile: int) -> Sites:
    """Sizes of the communities, and all that follows from them and from what is given, with usual conditions."""
    communities, nonlocal_share, subdistrict_district = _take(places) if places.communities else _make(places)
    communities["first"] = np.cumsum(communities["residents"]) - communities["residents"]
    blocks = -(-communities["residents"] // BLOCK_SIZE)
    communities["last_block"] = np.cumsum(blocks)
    communities["first_block"] = communities["last_block"] - blocks
    tiles = -(-communities["residents"] // tile)
    communities["last_tile"] = np.cumsum(tiles)
    communities["first_tile"] = communities["last_tile"] - tiles
    given = places.communities or ()
    estates = np.array([np.nan if one.estates is None else one.estates for one in given] or [np.nan] * len(communities), np.float64)
    names = tuple(one.community for one in given)
    households = household_shares(places.household_size)
    set_usual(communities, staffing)
    span = _residents_of(communities)
    return Sites(communities, nonlocal_share, subdistrict_district, households, span, _facilities(given), estates, names)


def _residents_of(communities: np.ndarray) -> np.ndarray:
    """Range of residents of every sub-district, shape (sub-districts, 2)."""
    of = communities["subdistrict"]
    count = int(of[-1]) + 1
    first = communities["first"][ranges(of, count)[:, 0]]
    return np.stack([first, first + np.bincount(of, communities["residents"], count).astype(np.int64)], axis=1)


def ranges(owner: np.ndarray, count: int) -> np.ndarray:
    """First row and one past the last row of every owner in a sorted array of owners, shape (count, 2)."""
    edges = np.arange(count)
    return np.stack([np.searchsorted(owner, edges, side="left"), np.searchsorted(owner, edges, side="right")], axis=1)


def _make(places: PlacesPlan) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Communities of about `community_size` residents in every district; every district exists at every scale."""
    districts, residents, community_size = places.districts, places.residents, places.community_size
    people = apportion(residents, [d.population for d in districts])
    scale = residents / sum(d.population for d in districts)
    units = places.subdistrict_units * scale
    rows: list[tuple[int, int, int]] = []
    subdistrict_district: list[int] = []
    for d, size in enumerate(people):
        if size == 0:
            raise ValueError(f"district {districts[d].name} has no resident at this scale")
        n_sub = max(1, min(round(units * size / residents), int(size) // (community_size // 2) or 1))
        for in_sub in apportion(int(size), np.ones(n_sub)):
            n_communities = max(1, round(int(in_sub) / community_size))
            rows += [(d, len(subdistrict_district), int(n)) for n in apportion(int(in_sub), np.ones(n_communities))]
            subdistrict_district.append(d)
    communities = np.zeros(len(rows), COMMUNITY)
    communities["district"], communities["subdistrict"], communities["residents"] = np.array(rows).T
    overall = places.nonlocal_share
    nonlocal_share = np.array([overall if d.nonlocal_share is None else d.nonlocal_share for d in districts], dtype=np.float32)
    return communities, nonlocal_share[communities["district"]], np.array(subdistrict_district, np.int32)


def _set_positions(communities: np.ndarray, districts, east: np.ndarray, north: np.ndarray) -> None:
    """Place each community around its district's centre, at standard normal distances to the east and north."""
    spread = [0.02 * (one.population / 1000.0) ** 0.5 for one in districts]  # km: about 900 people per square km of a district's core
    centres = np.array([(one.x, one.y, apart) for one, apart in zip(districts, spread, strict=True)])
    x, y, apart = centres[communities["district"]].T
    communities["x"], communities["y"] = x + apart * east, y + apart * north


def _take(places: PlacesPlan) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Given communities in their order: by district, then by sub-district."""
    given = places.communities or ()
    communities = np.zeros(len(given), COMMUNITY)
    communities["residents"] = apportion(places.residents, [one.population for one in given])
    empty = np.flatnonzero(communities["residents"] == 0)
    if len(empty):
        raise ValueError(f"community {given[empty[0]].community} has no resident at this scale")
    district = _numbers([one.district for one in given])
    subdistrict = _numbers([(one.district, one.subdistrict) for one in given])
    communities["district"], communities["subdistrict"] = district, subdistrict
    for name in ("hardship", "x", "y"):
        communities[name] = [getattr(one, name) for one in given]
    nonlocal_share = np.array([one.nonlocal_share for one in given], np.float32)
    subdistrict_district = np.zeros(int(subdistrict[-1]) + 1, np.int32)
    subdistrict_district[subdistrict] = district
    return communities, nonlocal_share, subdistrict_district


def _numbers(keys: list) -> np.ndarray:
    """Number of each key: 0, 1, 2 ... in order of first appearance."""
    known: dict = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], np.int64)


def _facilities(given: tuple[CommunityPlan, ...]) -> np.ndarray | None:
    """Facilities of the given communities; None where they are unknown. A community whose own are unknown counts as usual."""
    if all(one.facilities is None for one in given):
        return None
    known = [one for one in given if one.facilities is not None]
    usual = sum(one.facilities or 0.0 for one in known) / sum(one.population for one in known)
    return np.array([usual * one.population if one.facilities is None else one.facilities for one in given], np.float64)


def _density(communities: np.ndarray) -> np.ndarray:
    """Distance-weighted number of people near each community relative to the mean over residents, float32."""
    found = np.zeros(len(communities), np.float64)
    add_up_near(
        communities["x"].astype(np.float64), communities["y"].astype(np.float64), communities["residents"].astype(np.float64), found
    )
    return (found / _mean(found, communities["residents"])).astype(np.float32)


@driver
def add_up_near(x, y, people, found):
    """Write the distance-weighted number of people near every point into `found`.

    Every pair of points counts: the weight falls so slowly that no distance is far enough to be left out. `ABREAST` points are summed
    side by side, each in the order of the others, so that the processor adds several at once.
    """
    for start in range(0, len(x), ABREAST):
        own_x, own_y, total = x[start : start + ABREAST], y[start : start + ABREAST], found[start : start + ABREAST]
        for b in range(len(x)):
            there_x, there_y, weight = x[b], y[b], people[b]
            for a in range(len(total)):
                east, north = there_x - own_x[a], there_y - own_y[a]
                total[a] += weight / (np.float64(1.0) + (east * east + north * north) / np.float64(SIGHT_KM * SIGHT_KM))


def _diversity(communities: np.ndarray, nonlocal_share: np.ndarray) -> np.ndarray:
    """Distance of each community from the city's mean in hardship and origin, in [0, 1]."""
    people = communities["residents"]
    poor = np.abs(communities["hardship"] - _mean(communities["hardship"], people)) / 0.2
    origin = np.abs(nonlocal_share - _mean(nonlocal_share, people)) / 0.4
    return np.clip(0.15 + 0.5 * (poor + origin), 0.0, 1.0).astype(np.float32)


def _mean(values: np.ndarray, people: np.ndarray) -> np.float64:
    """Mean over residents of a value of every community: the sums of `np.average` without its checks."""
    return np.multiply(values, people, dtype=np.float64).sum() / people.sum(dtype=np.float64)
