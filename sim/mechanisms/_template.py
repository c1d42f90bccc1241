"""Template: a mechanism to copy. In this example, street parties bring neighbours together and tire those who run them.

Claim. One or two falsifiable sentences: what affects what, in which direction, for whom.

Equation. A resident goes to a party with probability `comes` per week; cohesion then rises by `warmth` * (1 - cohesion), and the fatigue
of volunteers by `toil`. A committee's reputation rises by `standing` * (1 - reputation) * (volunteers / residents) per week.

Source. A paper with its DOI for the functional form, and one for each number; the word "assumption" where there is none. What each says is
in docs/sources.md.

Refuted by. One or two observations that would show the claim to be false, with numbers: communities with street parties whose cohesion
after a year is no higher than that of others. Tried: "street parties" (test_template). Not tried: what was not looked at yet.

Brings: trust among neighbours, reputation of committees. Costs: fatigue of those who volunteer.

How to use this template
------------------------
1. Copy this file to ``sim/mechanisms/<name>.py``; set `name`, `stage`, the docstring and the parameters.
2. List in `reads`, `writes` and `counts` what the code uses. Residents have the columns of ``sim/city/resident.py``, communities and
   counts those of ``sim/city/community.py``, units those of ``sim/city/government.py`` and ``organisations.py``. Declare a new
   quantity there first. Mechanisms never import each other: they interact only through these columns.
3. Register it below its kernels (`MECHANISM`). It acts at the end of its stage, or where ``sim/mechanisms/order.py`` names it. The order
   of calls and their arguments are derived from the registrations (``sim/mechanisms/week.py``; see ``sanzhi describe week``).
4. Where the literature leaves a form open, declare a `choice` (`sim.spec`) whose first option is the default; an option that only fixes
   numbers needs no place in a kernel. Its page: ``docs/making/texts/choices.yaml``.
5. Run ``python -m pytest tests/contracts``: the requirements on every mechanism are tested for yours too. Test two or three
   expected responses, with their signs, in ``tests/mechanisms/test_<name>.py``.

To try it before it is part of the week, call it on a city::

    world, p = Simulation(scenario, seed=1).city.world, packed(Parameters())
    plan_template(world, 0, p)
    for tile in world.tiles:
        template(tile, world.communities[tile.community], random_key(world.seed, MECHANISM.stream, 0), p)
"""

from collections import namedtuple
from typing import Any

import numpy as np

from sim.city.codes import JAILED, VOLUNTEERING
from sim.draws import uniform
from sim.kernel import kernel, tile_kernel
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter


class Parameters(Spec):
    strength: float = parameter(1.0, "factor on all effects; 0 switches them off", unit="factor", low=0.0, high=1.0)
    comes: float = parameter(0.02, "chance that a resident goes to a party", unit="per week", low=0.0, high=1.0)
    warmth: float = parameter(0.02, "part of what cohesion lacks that a party adds", unit="share", low=0.0, high=1.0)
    toil: float = parameter(0.05, "fatigue that it costs a volunteer", unit="share", low=0.0, high=1.0)
    standing: float = parameter(0.10, "part of what reputation lacks that is won if all volunteer", unit="per week", low=0.0, high=1.0)


def packed(parameters: Parameters):
    """Parameters in the form that kernels accept: a named tuple of 32-bit floats. Within a week this is done for every mechanism."""
    values = parameters.model_dump()
    numbers: list[Any] = [np.float32(value) for value in values.values()]
    return namedtuple("Template", list(values))(*numbers)


@kernel
def plan_template(world, week, p):
    """Decisions of units and organisations before residents act.

    It may read last week's counts (``community.last``), and write conditions and units, never residents.
    """
    for k in range(len(world.communities)):
        community, committee = world.communities[k], world.committees[k]
        share = np.float32(community.last.volunteers) / np.float32(community.residents)
        committee.reputation += p.strength * p.standing * share * (1.0 - committee.reputation)


@tile_kernel
def template(tile, community, key, p):
    """Decisions of the residents of one tile.

    Compute scalars before the loop; in the loop read, decide, write, without branches around the writes, so that it vectorises. Draw `d`
    of resident ``first + i`` is ``uniform(key, first + i, d)``; use the same number of draws for every resident. Literals are 32-bit
    floats; shares stay in [0, 1] at every limit of every parameter; counts go to ``community.now`` in one addition after the loop. A
    rule with many dependent steps is faster when split into short loops that pass values through the ``scratch`` array, see
    `participation`.
    """
    first = tile.first
    warmth, toil = p.strength * p.warmth, p.strength * p.toil
    for i in range(tile.count):
        status = tile.status[i]
        comes = (uniform(key, first + i, 0) < p.comes) & (status != JAILED)
        cohesion, fatigue = tile.cohesion[i], tile.fatigue[i]
        warmer = cohesion + warmth * (1.0 - cohesion)
        weary = fatigue + (toil if status == VOLUNTEERING else np.float32(0.0))
        weary = weary if weary < 1.0 else np.float32(1.0)
        tile.cohesion[i] = warmer if comes else cohesion
        tile.fatigue[i] = weary if comes else fatigue


MECHANISM = Mechanism(
    name="_template",
    names={"en": "Street parties", "zh": "街坊聚会"},
    stage="gather",
    parameters=Parameters,
    reads=("cohesion", "fatigue", "status", "committees.reputation"),
    writes=("cohesion", "fatigue", "committees.reputation"),
    counts=(),
    brings="trust among neighbours, reputation of committees",
    costs="fatigue of those who volunteer",
    null={"strength": 0.0},
    plan=plan_template,
    live=template,
)
