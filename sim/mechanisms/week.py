"""A week, from planning to measuring: the table of contents of everything that happens.

Residents read only what closed last week and the conditions that units wrote when the week was planned, so the phases of one
tile follow each other without waiting for any other tile: the whole week is one pass through memory, and its result cannot
depend on threads, on the order of communities or on the size of a tile.
"""

import numpy as np

from sim.city.measure import close_week, express, keep_events, keep_grievance, measure, record_week
from sim.city.ties import look_around, read_faces
from sim.draws import luck_of
from sim.kernel import driver, kernel, values_of
from sim.mechanisms import MECHANISMS
from sim.mechanisms.appraisal import close_appraisal, plan_appraisal
from sim.mechanisms.budget import budget
from sim.mechanisms.campaign import plan_campaign
from sim.mechanisms.collective_efficacy import collective_efficacy, plan_collective_efficacy
from sim.mechanisms.congestion import plan_congestion
from sim.mechanisms.coordination import plan_coordination
from sim.mechanisms.detection import detection, plan_detection
from sim.mechanisms.disputes import disputes
from sim.mechanisms.integration import integration, plan_integration
from sim.mechanisms.integrity import plan_integrity
from sim.mechanisms.livelihood import livelihood, plan_livelihood
from sim.mechanisms.mass_work import mass_work, plan_mass_work
from sim.mechanisms.norms import norms, plan_norms
from sim.mechanisms.offending import offending, plan_offending, serve_sentences
from sim.mechanisms.participation import participation, plan_participation
from sim.mechanisms.policing import plan_policing, policing
from sim.mechanisms.procedural_justice import plan_procedural_justice, procedural_justice
from sim.mechanisms.resolution import plan_resolution, resolution
from sim.mechanisms.rumour import plan_rumour, rumour
from sim.mechanisms.satisfaction import satisfaction
from sim.mechanisms.services import plan_services, services
from sim.mechanisms.shocks import plan_shocks
from sim.mechanisms.unrest import close_unrest, plan_unrest, unrest

_NUMBER = {name: number for number, name in enumerate(MECHANISMS)}
_STREAM = {name: mechanism.stream for name, mechanism in MECHANISMS.items()}

SHOCKS, INTEGRITY, BUDGET = _NUMBER["shocks"], _NUMBER["integrity"], _NUMBER["budget"]
COORDINATION, MASS_WORK, LIVELIHOOD = _NUMBER["coordination"], _NUMBER["mass_work"], _NUMBER["livelihood"]
SERVICES, INTEGRATION, CONGESTION = _NUMBER["services"], _NUMBER["integration"], _NUMBER["congestion"]
PARTICIPATION, COLLECTIVE_EFFICACY, NORMS = _NUMBER["participation"], _NUMBER["collective_efficacy"], _NUMBER["norms"]
RUMOUR, DISPUTES, RESOLUTION = _NUMBER["rumour"], _NUMBER["disputes"], _NUMBER["resolution"]
DETECTION, CAMPAIGN, OFFENDING = _NUMBER["detection"], _NUMBER["campaign"], _NUMBER["offending"]
POLICING, UNREST, PROCEDURAL_JUSTICE = _NUMBER["policing"], _NUMBER["unrest"], _NUMBER["procedural_justice"]
SATISFACTION, APPRAISAL = _NUMBER["satisfaction"], _NUMBER["appraisal"]
S_MASS_WORK, S_LIVELIHOOD, S_INTEGRATION = _STREAM["mass_work"], _STREAM["livelihood"], _STREAM["integration"]
S_PARTICIPATION, S_RUMOUR, S_DISPUTES = _STREAM["participation"], _STREAM["rumour"], _STREAM["disputes"]
S_RESOLUTION, S_DETECTION, S_OFFENDING = _STREAM["resolution"], _STREAM["detection"], _STREAM["offending"]
S_POLICING, S_UNREST = _STREAM["policing"], _STREAM["unrest"]


@kernel
def plan(world, week):
    """Units decide what they do this week."""
    p, on = world.parameters[0], world.enabled
    if on[SHOCKS]:
        plan_shocks(world, week, p.shocks)
    if on[INTEGRITY]:
        plan_integrity(world, week, p.integrity)
    if on[BUDGET]:
        budget(world, week, p.budget)
    if on[COORDINATION]:
        plan_coordination(world, week, p.coordination)
    if on[APPRAISAL]:
        plan_appraisal(world, week, p.appraisal)
    if on[MASS_WORK]:
        plan_mass_work(world, week, p.mass_work)
    if on[LIVELIHOOD]:
        plan_livelihood(world, week, p.livelihood)
    if on[SERVICES]:
        plan_services(world, week, p.services)
    if on[INTEGRATION]:
        plan_integration(world, week, p.integration)
    if on[CONGESTION]:
        plan_congestion(world, week, p.congestion)
    if on[PARTICIPATION]:
        plan_participation(world, week, p.participation)
    if on[COLLECTIVE_EFFICACY]:
        plan_collective_efficacy(world, week, p.collective_efficacy)
    if on[NORMS]:
        plan_norms(world, week, p.norms)
    if on[RUMOUR]:
        plan_rumour(world, week, p.rumour)
    if on[RESOLUTION]:
        plan_resolution(world, week, p.resolution)
    if on[DETECTION]:
        plan_detection(world, week, p.detection)
    if on[CAMPAIGN]:
        plan_campaign(world, week, p.campaign)
    if on[OFFENDING]:
        plan_offending(world, week, p.offending)
    if on[POLICING]:
        plan_policing(world, week, p.policing)
    if on[UNREST]:
        plan_unrest(world, week, p.unrest)
    if on[PROCEDURAL_JUSTICE]:
        plan_procedural_justice(world, week, p.procedural_justice)


@kernel
def live(world, week, k0, k1, faces, desk):
    """Residents of communities `k0` to `k1` live the week, phase by phase.

    `faces` is room for what a community's residents show, `desk` for what one stage of a mechanism hands to the next.
    """
    p, on, seed = world.parameters[0], world.enabled, world.seed
    visible, shown = world.visible[week & 1], world.visible[1 - (week & 1)]
    booked = len(world.kept_events) > 0
    for k in range(k0, k1):
        community = world.communities[k]
        read_faces(community, visible, faces)
        for t in range(community.first_tile, community.last_tile):
            tile = world.tiles[t]
            look_around(tile, world.tiles[min(t + 1, len(world.tiles) - 1)], faces, visible, world.decode)
            serve_sentences(tile)
            if on[MASS_WORK]:
                mass_work(tile, community, luck_of(seed, S_MASS_WORK, week), values_of(p.mass_work))
            if booked:
                keep_grievance(tile, world.kept_grievance[0])
            if on[LIVELIHOOD]:
                livelihood(tile, community, luck_of(seed, S_LIVELIHOOD, week), values_of(p.livelihood))
            if on[SERVICES]:
                services(tile, community, seed, values_of(p.services))
            if on[INTEGRATION]:
                integration(tile, community, luck_of(seed, S_INTEGRATION, week), values_of(p.integration))
            if on[PARTICIPATION]:
                participation(tile, community, desk, luck_of(seed, S_PARTICIPATION, week), values_of(p.participation))
            if on[COLLECTIVE_EFFICACY]:
                collective_efficacy(tile, community, seed, values_of(p.collective_efficacy))
            if on[NORMS]:
                norms(tile, community, seed, values_of(p.norms))
            if on[RUMOUR]:
                rumour(tile, community, luck_of(seed, S_RUMOUR, week), values_of(p.rumour))
            if booked:
                keep_grievance(tile, world.kept_grievance[1])
            if on[DISPUTES]:
                disputes(tile, community, desk, luck_of(seed, S_DISPUTES, week), values_of(p.disputes))
            if on[RESOLUTION]:
                resolution(tile, community, luck_of(seed, S_RESOLUTION, week), values_of(p.resolution))
            if booked:
                keep_grievance(tile, world.kept_grievance[2])
            if on[DETECTION]:
                detection(tile, community, luck_of(seed, S_DETECTION, week), values_of(p.detection))
            if on[OFFENDING]:
                offending(tile, community, world.places, desk, luck_of(seed, S_OFFENDING, week), values_of(p.offending))
            if on[POLICING]:
                policing(tile, community, world.places, desk, luck_of(seed, S_POLICING, week), values_of(p.policing))
            if on[UNREST]:
                unrest(tile, community, luck_of(seed, S_UNREST, week), values_of(p.unrest))
            if on[PROCEDURAL_JUSTICE]:
                procedural_justice(tile, community, seed, values_of(p.procedural_justice))
            if on[SATISFACTION]:
                satisfaction(tile, community, seed, values_of(p.satisfaction))
            measure(tile, community, desk, world.weights, world.histogram[k])
            if booked:
                keep_events(tile, world.kept_events)
            express(tile, shown, community.hush)


@kernel
def close(world, week):
    """Units look back; the week is recorded."""
    if world.enabled[UNREST]:
        close_unrest(world, world.parameters[0].unrest)
    if world.enabled[APPRAISAL]:
        close_appraisal(world, week, world.parameters[0].appraisal)
    record_week(world, week)
    close_week(world)


@kernel
def open_year(world, desk):
    """Measure the city as it was built, so that the first week has a last week to look back on."""
    for k in range(len(world.communities)):
        community = world.communities[k]
        for t in range(community.first_tile, community.last_tile):
            measure(world.tiles[t], community, desk, world.weights, world.histogram[k])
            express(world.tiles[t], world.visible[0], community.hush)
        for b in range(world.histogram.shape[1]):
            world.histogram[k, b] = 0
    close_week(world)


@kernel
def _largest(communities):
    """Residents of the largest community."""
    most = communities[0].residents
    for k in range(len(communities)):
        most = max(most, communities[k].residents)
    return most


OPEN, PLAN, LIVE, CLOSE = 1, 2, 4, 8
DESK = 2  # numbers per resident that a stage may hand on


@driver
def steps(world, first, last, k0, k1, which):
    """The steps in `which` of weeks `first` to `last` (exclusive). One driver for all, so that nothing is compiled twice."""
    faces = np.empty(_largest(world.communities), np.uint32)
    desk = np.empty((DESK, world.tiles[0].norm.size), np.float32)
    if which & OPEN:
        open_year(world, desk)
    for week in range(first, last):
        if which & PLAN:
            plan(world, week)
        if which & LIVE:
            live(world, week, k0, k1, faces, desk)
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
