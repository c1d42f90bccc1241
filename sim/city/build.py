"""Build a city from its plan: communities, blocks, residents, ties, organisations and government units."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.city.attraction import make_blocks
from sim.city.columns import copied, in_columns, record_type, tile_type
from sim.city.community import BLOCK_SIZE, CONDITIONS, HISTOGRAM_BINS, tallies
from sim.city.government import CityGovernment, Court, DistrictGovernment, PoliceStation, ServiceBureau, SubdistrictOffice
from sim.city.layout import Layout, lay_out, ranges, sites_of
from sim.city.organisations import ResidentsCommittee, SocialOrganisation, WorkplaceUnion
from sim.city.plan import CityPlan, PlacesPlan, ShockPlan
from sim.city.population import people
from sim.city.resident import Resident
from sim.city.staffing import PEOPLE, Staffing
from sim.city.table import ColumnTable
from sim.city.ties import decode_table, make_ties
from sim.city.world import World
from sim.draws import random_key, stream
from sim.errors import UserError
from sim.kernel import driver, kernel
from sim.levers import INSTRUMENTS, LEVERS, instrument
from sim.shocks import SHOCK, SHOCK_KINDS

TIES = stream("ties")
LARGEST_TILE = 2047
ORGANISATIONS_PER_10000 = 6.7  # Shanghai 2020
WORK_DISPUTES, AIDED_SUITS = 0.05, 0.0027  # per resident and year at the start (assumptions)
DECAY_KM = 3.0  # distance at which a long-range tie is a quarter as likely (assumption)


@dataclass
class City:
    """A built city: one table per kind of agent, and the arrays that kernels use."""

    world: World
    district_names: tuple[str, ...]
    district_names_zh: tuple[str, ...]
    tables: dict[str, ColumnTable]
    layout: Layout

    @property
    def residents(self) -> ColumnTable:
        """Table of residents."""
        return self.tables["Resident"]

    def digest(self, digest) -> None:
        """Update a hash with the state of all agents, column by column, independently of the memory layout."""
        for name in self.residents.columns:
            for values in self.residents.in_tiles(name):
                digest.update(values)
        for name, table in self.tables.items():
            if name != "Resident":
                digest.update(in_columns(table.records, DERIVED))
        digest.update(in_columns(self.world.blocks))
        digest.update(in_columns(self.world.communities, ("first_tile", "last_tile")))


DERIVED = ("closed",)
"""Columns that the scenario alone determines, week by week, and that are no part of what is compared."""


def build_city(plan: CityPlan, seed: int, threads: int = 1, tile: int = 512, attribution: bool = False) -> City:
    """Build a city under `seed`.

    Parameters
    ----------
    plan : CityPlan
        As returned by ``scenario.city_plan``.
    seed : int
    threads : int
    tile : int
        Residents in a tile: a multiple of `BLOCK_SIZE`, so that a tile contains whole blocks.
    attribution : bool
        Allocate the arrays that the attribution recorder (`sim.attribution`) needs in every week.

    Returns
    -------
    City

    Raises
    ------
    ValueError
        If `tile` is larger than the sums over a tile allow, or would split a block.
    sim.errors.UserError
        If a shock is given for a community that does not exist.
    """
    if not 1 <= tile <= LARGEST_TILE or tile % BLOCK_SIZE:
        raise ValueError(f"tile: got {tile}; expected a multiple of {BLOCK_SIZE} up to {LARGEST_TILE}: whole blocks, sums of 32 bits")
    layout = lay_out(plan, tile, seed)
    communities = layout.communities
    tiles = np.zeros(int(communities["last_tile"][-1]), tile_type(Resident, tile))
    _in_parts(
        len(communities),
        threads,
        lambda k0, k1: people(tiles, communities, layout.nonlocal_share, layout.households, np.uint64(seed), k0, k1),
    )
    span = sites_of(plan.places, plan.staffing, tile).span
    place = _places_of_subdistricts(communities, len(span))
    _in_parts(
        len(communities), threads, lambda k0, k1: tie_all(tiles, communities, place, span, np.empty(len(span)), np.uint64(seed), k0, k1)
    )
    records = {kind: copied(rows) for kind, rows in _usual_units(plan.places, plan.staffing, tile).items()}
    _count(communities, records)
    communities["burden"] = communities["density"] ** 0.5
    communities, tiles = plan.widen(communities, tiles)
    layout = layout._replace(communities=communities)
    world = _world(plan, seed, tiles, communities, records, layout, attribution)
    names_zh = tuple(d.name_zh or d.name for d in plan.places.districts)
    return City(world, tuple(d.name for d in plan.places.districts), names_zh, _tables(plan.resident, tiles, records), layout)


def _in_parts(count: int, threads: int, work) -> None:
    if threads == 1 or count < 8:
        work(0, count)
        return
    ends = [count * part // (4 * threads) for part in range(4 * threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, a, b) for a, b in zip(ends[:-1], ends[1:], strict=True) if b > a]:
            done.result()


@driver
def tie_all(tiles, communities, place, span, gravity, seed, k0, k1):
    """Draw the ties of all residents of communities `k0` to `k1` (exclusive); `gravity` is written over."""
    key = random_key(seed, TIES, 0)
    of = -1
    for k in range(k0, k1):
        community = communities[k]
        if community.subdistrict != of:  # communities are sorted by sub-district
            of = community.subdistrict
            attract(place, span, of, gravity)
        for t in range(community.first_tile, community.last_tile):
            make_ties(tiles[t], community, communities, gravity, span, key)


@kernel
def attract(place, span, of, gravity):
    """Cumulative weights of all sub-districts as the location of a far tie from sub-district `of`."""
    for other in range(len(gravity)):
        east, north = place[0, of] - place[0, other], place[1, of] - place[1, other]
        distance = np.float64(1.0) + np.sqrt(east * east + north * north) / np.float64(DECAY_KM)
        gravity[other] = np.float64(span[other, 1] - span[other, 0]) / (distance * distance)
    for other in range(1, len(gravity)):
        gravity[other] += gravity[other - 1]


def _places_of_subdistricts(communities: np.ndarray, count: int) -> np.ndarray:
    """Mean position of the communities of every sub-district (km), shape (2, sub-districts)."""
    of = communities["subdistrict"]
    return np.stack([np.bincount(of, communities[axis], count) for axis in ("x", "y")]) / np.bincount(of, minlength=count)


@lru_cache(maxsize=4)  # small cities are built by the thousand
def _usual_units(places: PlacesPlan, staffing: Staffing, tile: int) -> dict[type, np.ndarray]:
    """Rows of every kind of organisation and unit, in their usual state: copied for every city."""
    sites = sites_of(places, staffing, tile)
    of_district, of_sub = sites.communities["district"], sites.communities["subdistrict"]
    subdistricts, n_districts = len(sites.subdistrict_district), len(places.districts)
    residents = sites.communities["residents"]

    def rows(kind: type, count: int) -> np.ndarray:
        return np.zeros(count, record_type(kind))

    committees = rows(ResidentsCommittee, len(residents))
    committees["community"], committees["duty"] = np.arange(len(residents)), 0.25
    committees["skill"], committees["capture"], committees["reputation"] = 1.0, 0.2, 0.6
    wanted = np.maximum(1, np.floor(residents * ORGANISATIONS_PER_10000 / 10_000 + 0.5).astype(np.int64))
    organisations = rows(SocialOrganisation, int(wanted.sum()))
    organisations["community"] = np.repeat(np.arange(len(residents)), wanted)
    organisations["speciality"] = np.arange(len(organisations)) % 3
    organisations["effort"], organisations["reputation"] = 1.0, 0.6
    unions = rows(WorkplaceUnion, subdistricts)
    unions["subdistrict"], unions["coverage"] = np.arange(subdistricts), 0.5
    unions["sought"] = np.bincount(of_sub, residents, subdistricts) * WORK_DISPUTES / 52.0
    districts = rows(DistrictGovernment, n_districts)
    districts["staff"] = staffing.staff
    districts["work"] = staffing.work_of(staffing.staff)
    districts["used"], districts["rules"] = 1.0, 0.5
    districts["residents"] = np.bincount(of_district, residents, n_districts)
    districts["aid_sought"] = districts["residents"] * AIDED_SUITS / 52.0
    districts["first_community"], districts["last_community"] = ranges(of_district, n_districts).T
    offices, stations = rows(SubdistrictOffice, subdistricts), rows(PoliceStation, subdistricts)
    offices["district"] = stations["district"] = sites.subdistrict_district
    offices["residents"] = np.bincount(of_sub, residents, subdistricts)
    offices["first_community"], offices["last_community"] = ranges(of_sub, subdistricts).T
    officers = staffing.staff[instrument("rule_of_law.policing")] / PEOPLE
    stations["officers"], stations["load"] = offices["residents"] * officers, 1.0
    stations["clearance"] = 0.48
    courts = rows(Court, n_districts)
    courts["residents"] = districts["residents"]
    bureaus = rows(ServiceBureau, 5 * n_districts)
    bureaus["district"], bureaus["service"] = np.divmod(np.arange(5 * n_districts), 5)
    bureaus["load"], bureaus["quality"] = 1.0, 0.632
    districts["leakage"], districts["corruption"], districts["caution"] = 0.11, 0.10, 0.076
    districts["performance"] = districts["reported"] = 0.7
    kinds = (ResidentsCommittee, SocialOrganisation, WorkplaceUnion, CityGovernment, DistrictGovernment, SubdistrictOffice)
    city = rows(CityGovernment, 1)
    city["observed"], city["throughput"] = staffing.staff, staffing.throughput
    city["weeks"], city["returns"] = staffing.weeks, staffing.returns
    tables = (committees, organisations, unions, city, districts, offices)
    return dict(zip((*kinds, PoliceStation, Court, ServiceBureau), (*tables, stations, courts, bureaus), strict=True))


def _count(communities: np.ndarray, records: dict[type, np.ndarray]) -> None:
    """Count the people drawn and the organisations."""
    districts = records[DistrictGovernment]
    for name in ("adults", "nonlocals"):
        districts[name] = np.bincount(communities["district"], communities[name], len(districts))
    communities["organisations"] = np.bincount(records[SocialOrganisation]["community"], minlength=len(communities))


def _world(plan: CityPlan, seed: int, tiles, communities, records, layout: Layout, attribution: bool) -> World:
    counts, weeks, n_districts = plan.counts, plan.weeks, len(plan.places.districts)
    judged = np.array(plan.satisfaction_weights, np.float64)
    residents = int(communities["residents"].sum())
    policies = copied(plan.policies)
    return World(
        seed=np.uint64(seed),
        tiles=tiles,
        visible=np.zeros((2, residents), np.uint8),
        decode=decode_table(),
        communities=communities,
        blocks=_blocks(communities, seed),
        first_neighbour=layout.first_neighbour,
        neighbours=layout.neighbours,
        committees=records[ResidentsCommittee],
        organisations=records[SocialOrganisation],
        unions=records[WorkplaceUnion],
        city=records[CityGovernment],
        districts=records[DistrictGovernment],
        offices=records[SubdistrictOffice],
        stations=records[PoliceStation],
        courts=records[Court],
        bureaus=records[ServiceBureau],
        tallies=tallies(communities),
        year=np.zeros((len(communities), counts), np.int64),
        levers=np.ascontiguousarray(policies[:, 0]),
        policies=policies,
        policy_of=plan.policy_of.copy(),
        shocks=_shocks(plan, communities, layout),
        parameters=copied(plan.parameters),
        enabled=plan.enabled.copy(),
        weights=(judged / judged.sum()).astype(np.float32),
        histogram=np.zeros((len(communities), HISTOGRAM_BINS), np.int64),
        history=np.zeros((weeks, n_districts, counts), np.int64),
        history_histogram=np.zeros((weeks, n_districts, HISTOGRAM_BINS), np.int64),
        history_communities=np.zeros((weeks // 52, len(communities), counts), np.int64),
        history_spread=np.zeros(weeks, np.float64),
        history_money=np.zeros((weeks, 4), np.int64),
        history_staff=np.zeros((weeks, 2, len(INSTRUMENTS)), np.float64),
        kept_grievance=np.zeros((3, residents if attribution else 0), np.float32),
        kept_events=np.zeros(residents if attribution else 0, np.uint8),
        history_conditions=np.zeros((weeks, n_districts, len(CONDITIONS)), np.float32),
    )


def _blocks(communities: np.ndarray, seed: int) -> np.ndarray:
    """Blocks of every community, with near repeats and known offences at their usual level."""
    blocks, people_of = make_blocks(communities, seed)
    usual = (blocks["attraction"] * people_of * 0.020 / 52.0).astype(np.float32)
    blocks["heat"], blocks["known"], blocks["reports"] = usual, 0.5 * usual, 0.5 * usual
    blocks["propensity"] = (people_of * 4096.0).astype(np.int32)
    return blocks


def _shocks(plan: CityPlan, communities: np.ndarray, layout: Layout) -> np.ndarray:
    """The plan's shocks, with the range of communities affected by each."""
    shocks = np.zeros(len(plan.shocks), SHOCK)
    for number, shock in enumerate(plan.shocks):
        where = _affected(shock, plan, communities, layout)
        service = LEVERS["public_services"].index(shock.service)
        shocks[number] = (SHOCK_KINDS.index(shock.kind), shock.at, shock.end, shock.strength, *where, service)
    return shocks


def _affected(shock: ShockPlan, plan: CityPlan, communities: np.ndarray, layout: Layout) -> tuple[int, int]:
    """First community affected by a shock, and one past the last."""
    if shock.district is not None:
        district = [d.name for d in plan.places.districts].index(shock.district)
        return int(np.searchsorted(communities["district"], district)), int(np.searchsorted(communities["district"], district + 1))
    if shock.community is None:
        return 0, len(communities)
    community = layout.names.index(shock.community) if layout.names else int(shock.community)
    if community >= len(communities):  # the number of communities is known only now
        raise UserError(
            "{key}: got community {community}; expected 0 to {last}: at this size the city has no more",
            key=shock.key,
            community=community,
            last=len(communities) - 1,
        )
    return community, community + 1


def _tables(resident: type, tiles, records) -> dict[str, ColumnTable]:
    tables, first_id = {}, 1
    for kind, rows in {resident: tiles, **records}.items():
        table = ColumnTable(kind, rows, first_id)
        tables[kind.__name__] = table
        first_id += len(table)
    return tables
