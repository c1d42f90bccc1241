"""A week, from planning to measuring: the table of contents of everything that happens.

Residents read only what closed last week and the conditions that units wrote when the week was planned, so the phases of one
tile follow each other without waiting for any other tile: the whole week is one pass through memory, and its result cannot
depend on threads, on the order of communities or on the size of a tile.
"""

from sim.city.measure import close_week, express, measure, record_week
from sim.city.ties import look_around
from sim.draws import luck_of
from sim.kernel import driver, kernel, values_of
from sim.mechanisms import MECHANISMS
from sim.mechanisms.budget import budget
from sim.mechanisms.collective_efficacy import collective_efficacy, plan_collective_efficacy
from sim.mechanisms.disputes import disputes
from sim.mechanisms.norms import norms, plan_norms
from sim.mechanisms.offending import offending, plan_offending, serve_sentences
from sim.mechanisms.participation import participation, plan_participation
from sim.mechanisms.policing import plan_policing, policing
from sim.mechanisms.procedural_justice import plan_procedural_justice, procedural_justice
from sim.mechanisms.resolution import plan_resolution, resolution
from sim.mechanisms.satisfaction import satisfaction
from sim.mechanisms.services import plan_services, services
from sim.mechanisms.unrest import close_unrest, plan_unrest, unrest

_NUMBER = {name: number for number, name in enumerate(MECHANISMS)}
_STREAM = {name: mechanism.stream for name, mechanism in MECHANISMS.items()}

BUDGET, SERVICES, PARTICIPATION = _NUMBER["budget"], _NUMBER["services"], _NUMBER["participation"]
COLLECTIVE_EFFICACY, NORMS, DISPUTES = _NUMBER["collective_efficacy"], _NUMBER["norms"], _NUMBER["disputes"]
RESOLUTION, OFFENDING, POLICING = _NUMBER["resolution"], _NUMBER["offending"], _NUMBER["policing"]
UNREST, PROCEDURAL_JUSTICE, SATISFACTION = _NUMBER["unrest"], _NUMBER["procedural_justice"], _NUMBER["satisfaction"]
S_PARTICIPATION, S_DISPUTES, S_RESOLUTION = _STREAM["participation"], _STREAM["disputes"], _STREAM["resolution"]
S_OFFENDING, S_POLICING, S_UNREST = _STREAM["offending"], _STREAM["policing"], _STREAM["unrest"]


@kernel
def plan(world, week):
    """Units decide what they do this week."""
    p, on = world.parameters[0], world.enabled
    if on[BUDGET]:
        budget(world, week, p.budget)
    if on[SERVICES]:
        plan_services(world, week, p.services)
    if on[PARTICIPATION]:
        plan_participation(world, week, p.participation)
    if on[COLLECTIVE_EFFICACY]:
        plan_collective_efficacy(world, week, p.collective_efficacy)
    if on[NORMS]:
        plan_norms(world, week, p.norms)
    if on[RESOLUTION]:
        plan_resolution(world, week, p.resolution)
    if on[OFFENDING]:
        plan_offending(world, week, p.offending)
    if on[POLICING]:
        plan_policing(world, week, p.policing)
    if on[UNREST]:
        plan_unrest(world, week, p.unrest)
    if on[PROCEDURAL_JUSTICE]:
        plan_procedural_justice(world, week, p.procedural_justice)


@kernel
def live(world, week, k0, k1):
    """Residents of communities `k0` to `k1` live the week, phase by phase."""
    p, on, seed = world.parameters[0], world.enabled, world.seed
    visible, shown = world.visible[week & 1], world.visible[1 - (week & 1)]
    for k in range(k0, k1):
        community = world.communities[k]
        for t in range(community.first_tile, community.last_tile):
            tile = world.tiles[t]
            look_around(tile, world.tiles[min(t + 1, len(world.tiles) - 1)], community, visible, world.decode)
            serve_sentences(tile)
            if on[SERVICES]:
                services(tile, community, seed, values_of(p.services))
            if on[PARTICIPATION]:
                participation(tile, community, luck_of(seed, S_PARTICIPATION, week), values_of(p.participation))
            if on[COLLECTIVE_EFFICACY]:
                collective_efficacy(tile, community, seed, values_of(p.collective_efficacy))
            if on[NORMS]:
                norms(tile, community, seed, values_of(p.norms))
            if on[DISPUTES]:
                disputes(tile, community, luck_of(seed, S_DISPUTES, week), values_of(p.disputes))
            if on[RESOLUTION]:
                resolution(tile, community, luck_of(seed, S_RESOLUTION, week), values_of(p.resolution))
            if on[OFFENDING]:
                offending(tile, community, luck_of(seed, S_OFFENDING, week), values_of(p.offending))
            if on[POLICING]:
                policing(tile, community, luck_of(seed, S_POLICING, week), values_of(p.policing))
            if on[UNREST]:
                unrest(tile, community, luck_of(seed, S_UNREST, week), values_of(p.unrest))
            if on[PROCEDURAL_JUSTICE]:
                procedural_justice(tile, community, seed, values_of(p.procedural_justice))
            if on[SATISFACTION]:
                satisfaction(tile, community, seed, values_of(p.satisfaction))
            measure(tile, community, world.weights, world.histogram[k])
            express(tile, shown)


@kernel
def close(world, week):
    """Units look back; the week is recorded."""
    if world.enabled[UNREST]:
        close_unrest(world, world.parameters[0].unrest)
    record_week(world, week)
    close_week(world)


@kernel
def open_year(world):
    """Measure the city as it was built, so that the first week has a last week to look back on."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        for t in range(community.first_tile, community.last_tile):
            measure(world.tiles[t], community, world.weights, world.histogram[k])
            express(world.tiles[t], world.visible[0])
        for b in range(world.histogram.shape[1]):
            world.histogram[k, b] = 0
    close_week(world)


OPEN, PLAN, LIVE, CLOSE = 1, 2, 4, 8


@driver
def steps(world, first, last, k0, k1, which):
    """The steps in `which` of weeks `first` to `last` (exclusive). One driver for all, so that nothing is compiled twice."""
    if which & OPEN:
        open_year(world)
    for week in range(first, last):
        if which & PLAN:
            plan(world, week)
        if which & LIVE:
            live(world, week, k0, k1)
        if which & CLOSE:
            close(world, week)


def open_books(world, k0, k1):
    """Measure the city as it was built, so that the first week has a last week to look back on."""
    steps(world, 0, 0, k0, k1, OPEN)


def run_weeks(world, first, last):
    """Weeks `first` to `last` (exclusive), one after another: the fastest way for a small city."""
    steps(world, first, last, 0, len(world.communities), PLAN | LIVE | CLOSE)


def begin_week(world, week):
    """Plan the week (when many threads live it)."""
    steps(world, week, week + 1, 0, 0, PLAN)


def live_week(world, week, k0, k1):
    """Live the week in communities `k0` to `k1`: one thread's part."""
    steps(world, week, week + 1, k0, k1, LIVE)


def end_week(world, week):
    """Close the week."""
    steps(world, week, week + 1, 0, 0, CLOSE)
