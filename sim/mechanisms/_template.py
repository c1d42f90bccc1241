"""Template: a mechanism to copy. Here, festivals bring neighbours together, and tire those who run them.

Claim. One or two sentences that somebody could dispute: what moves what, in which direction, for whom.

Equation. In a festival week cohesion moves by `warmth` * (1 - cohesion) for everybody who comes; volunteers gain `toil` fatigue. A person
comes with probability `comes`.

Source. A paper with its DOI for the form, and one for each number; the word "assumption" where there is none.

Brings: trust among neighbours. Costs: fatigue of those who volunteer.

How to make it yours
--------------------
1. Copy this file to ``sim/mechanisms/<name>.py``; set `name`, `phase`, the docstring and the parameters.
2. Say in `reads`, `writes` and `counts` what the code touches. Residents have the columns of ``sim/city/resident.py``, communities and counts
   those of ``sim/city/community.py``, units those of ``sim/city/government.py`` and ``organisations.py``. A quantity that is not there is declared
   there first. Mechanisms never import each other: they meet in these columns.
3. Add the module to ``sim/mechanisms/__init__.py``, in the order of the week, and a line to `plan` and `live` in ``sim/mechanisms/week.py``.
4. Run ``python -m pytest tests/contracts``: what every mechanism must keep is tested for yours from now on. Put two or three behaviours
   with their signs into ``tests/mechanisms/test_<name>.py``.

To try it before it is part of the week, call the kernel on the tiles of a city::

    simulation = Simulation(scenario, seed=1)
    world, p = simulation.city.world, values_of(Parameters())
    for tile in world.tiles:
        template(tile, world.communities[tile.community], luck_of(world.seed, MECHANISM.stream, 0), p)
"""

from collections import namedtuple

import numpy as np

from sim.city.codes import JAILED, VOLUNTEERING
from sim.draws import uniform
from sim.kernel import kernel
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter


class Parameters(Spec):
    strength: float = parameter(1.0, "size of all effects; 0 makes festivals mean nothing", unit="factor", low=0.0, high=2.0)
    every: float = parameter(13.0, "time between two festivals", unit="weeks", low=1.0, high=520.0)
    comes: float = parameter(0.3, "chance that a resident comes", unit="share", low=0.0, high=1.0)
    warmth: float = parameter(0.02, "share of what is missing in cohesion that a festival adds", unit="share", low=0.0, high=0.5)
    toil: float = parameter(0.05, "fatigue that it costs a volunteer", unit="share", low=0.0, high=0.5)


MECHANISM = Mechanism(
    name="_template",
    phase="gather",
    parameters=Parameters,
    reads=("cohesion", "fatigue", "status", "community.aid"),
    writes=("cohesion", "fatigue", "community.aid"),
    counts=(),
    brings="trust among neighbours",
    costs="fatigue of those who volunteer",
    null={"strength": 0.0},
)


def values_of(parameters: Parameters):
    """Parameters as the kernels take them: a named tuple of 32-bit floats."""
    values = parameters.model_dump()
    return namedtuple("Template", list(values))(*(np.float32(value) for value in values.values()))


@kernel
def plan_template(world, week, p):
    """What units decide before the week begins: in a festival week there is more mutual aid.

    It may read what closed last week (``community.last``) and write conditions, never residents.
    """
    if week % np.int64(p.every) == 0:
        for k in range(len(world.communities)):
            community = world.communities[k]
            community.aid = community.aid * (1.0 + 0.1 * p.strength)


@kernel
def template(tile, community, luck, p):
    """What residents do, for one tile of up to 512 of them.

    Scalars before the loop; in the loop read, decide, write, without branches around the writes, so that it vectorises. Draw `d` of
    resident ``first + i`` is ``uniform(luck, first + i, d)``: always the same number of draws, whoever the resident is. Literals are 32-bit
    floats; shares stay in [0, 1]; counts go to ``community.now`` in one addition after the loop.
    """
    first = tile.first
    warmth, toil = p.strength * p.warmth, p.strength * p.toil
    for i in range(tile.count):
        status = tile.status[i]
        comes = (uniform(luck, first + i, 0) < p.comes) & (status != JAILED)
        cohesion, fatigue = tile.cohesion[i], tile.fatigue[i]
        warmer = cohesion + warmth * (1.0 - cohesion)
        weary = fatigue + (toil if status == VOLUNTEERING else np.float32(0.0))
        weary = weary if weary < 1.0 else np.float32(1.0)
        tile.cohesion[i] = warmer if comes else cohesion
        tile.fatigue[i] = weary if comes else fatigue
