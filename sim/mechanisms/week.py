"""A week, from planning to measuring: the table of contents of everything that happens.

Residents read only what closed last week and the conditions that units wrote when the week was planned, so the phases of one
tile follow each other without waiting for any other tile: the whole week is one pass through memory, and its result cannot
depend on threads, on the order of communities or on the size of a tile.
"""

import numpy as np

from sim.city.measure import close_week, express, measure, record_week
from sim.city.ties import look_around
from sim.draws import luck_of
from sim.kernel import driver, kernel
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import unpacker
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

unpack = unpacker(MECHANISMS)
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
    p, on = unpack(world.parameters[0]), world.enabled
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
    p, on, seed = unpack(world.parameters[0]), world.enabled, world.seed
    visible, shown = world.visible[week & 1], world.visible[1 - (week & 1)]
    for k in range(k0, k1):
        community = world.communities[k]
        for t in range(community.first_tile, community.last_tile):
            tile = world.tiles[t]
            look_around(tile, community, visible, world.decode)
            serve_sentences(tile)
            if on[SERVICES]:
                services(tile, community, seed, p.services)
            if on[PARTICIPATION]:
                participation(tile, community, luck_of(seed, S_PARTICIPATION, week), p.participation)
            if on[COLLECTIVE_EFFICACY]:
                collective_efficacy(tile, community, seed, p.collective_efficacy)
            if on[NORMS]:
                norms(tile, community, seed, p.norms)
            if on[DISPUTES]:
                disputes(tile, community, luck_of(seed, S_DISPUTES, week), p.disputes)
            if on[RESOLUTION]:
                resolution(tile, community, luck_of(seed, S_RESOLUTION, week), p.resolution)
            if on[OFFENDING]:
                offending(tile, community, luck_of(seed, S_OFFENDING, week), p.offending)
            if on[POLICING]:
                policing(tile, community, luck_of(seed, S_POLICING, week), p.policing)
            if on[UNREST]:
                unrest(tile, community, luck_of(seed, S_UNREST, week), p.unrest)
            if on[PROCEDURAL_JUSTICE]:
                procedural_justice(tile, community, seed, p.procedural_justice)
            if on[SATISFACTION]:
                satisfaction(tile, community, seed, p.satisfaction)
            measure(tile, community, world.weights, world.histogram[k])
            express(tile, shown)


@kernel
def close(world, week):
    """Units look back; the week is recorded."""
    if world.enabled[UNREST]:
        close_unrest(world, unpack(world.parameters[0]).unrest)
    record_week(world, week)
    close_week(world)


@driver
def open_books(world, k0, k1):
    """Measure the city as it was built, so that the first week has a last week to look back on."""
    for k in range(k0, k1):
        community = world.communities[k]
        for t in range(community.first_tile, community.last_tile):
            measure(world.tiles[t], community, world.weights, world.histogram[k])
            express(world.tiles[t], world.visible[0])
        world.histogram[k] = 0
    for k in range(k0, k1):
        for j in range(world.now.shape[1]):
            world.last[k, j] = world.now[k, j]
            world.now[k, j] = 0


@driver
def run_weeks(world, first, last):
    """Weeks `first` to `last` (exclusive), one after another: the fastest way for a small city."""
    for week in range(first, last):
        plan(world, week)
        live(world, week, 0, len(world.communities))
        close(world, week)


@driver
def begin_week(world, week):
    """Plan the week (when many threads live it)."""
    plan(world, week)


@driver
def live_week(world, week, k0, k1):
    """Live the week in communities `k0` to `k1`: one thread's part."""
    live(world, week, k0, k1)


@driver
def end_week(world, week):
    """Close the week."""
    close(world, week)
