"""The arrays of a city that kernels use."""

from typing import NamedTuple

import numpy as np


class World(NamedTuple):
    """All arrays of a city. Kernels change them in place; the tuple itself never changes."""

    seed: np.uint64
    tiles: np.ndarray  # tiles of residents
    visible: np.ndarray  # (2, residents): visible behaviour in even and odd weeks
    decode: np.ndarray  # (256,): see ties.py
    communities: np.ndarray
    blocks: np.ndarray  # groups of 128 residents within communities, see community.py
    first_neighbour: np.ndarray  # (communities + 1,): community k borders on neighbours[first_neighbour[k]:first_neighbour[k + 1]]
    neighbours: np.ndarray  # bordering communities by number, ascending within each; every border occurs twice
    committees: np.ndarray
    organisations: np.ndarray
    unions: np.ndarray
    city: np.ndarray  # one row: CityGovernment
    districts: np.ndarray
    offices: np.ndarray
    stations: np.ndarray
    courts: np.ndarray
    bureaus: np.ndarray
    tallies: np.ndarray  # (communities, ...): the counts of `communities` as one matrix (same memory), see `tallies`
    year: np.ndarray  # (communities, counts): sums over the current year
    levers: np.ndarray  # one record per week, see sim.levers: the policy of the city where a district has none of its own
    policies: np.ndarray  # (weeks, policies): records of every policy that a district follows; the first is `levers`
    policy_of: np.ndarray  # (districts,): the column of `policies` that a district follows
    shocks: np.ndarray  # one record per shock, see sim.shocks
    parameters: np.ndarray  # one record: a field per mechanism
    enabled: np.ndarray  # (mechanisms,): 1 where switched on
    weights: np.ndarray  # (3,): belonging, happiness, security in satisfaction; sum 1
    histogram: np.ndarray  # (communities, bins): satisfaction this week
    history: np.ndarray  # (weeks, districts, counts)
    history_histogram: np.ndarray  # (weeks, districts, bins)
    history_communities: np.ndarray  # (years, communities, counts)
    history_spread: np.ndarray  # (weeks,): see metrics
    history_money: np.ndarray  # (weeks, 4): allotted, spent, leaked, unspent this week, in 1/100 of the currency
    history_staff: np.ndarray  # (weeks, 2, instruments): staff per 10,000 residents of the city, and of them without work
    kept_grievance: np.ndarray  # (3, residents), or (3, 0): for attribution, see `keep_grievance`
    kept_events: np.ndarray  # (residents,), or (0,): for attribution, events of the week before they are cleared
    history_conditions: np.ndarray  # (weeks, districts, conditions): see CONDITIONS in community.py
