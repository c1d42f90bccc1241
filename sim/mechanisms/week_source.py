"""The source text of a week, generated from the registrations of its mechanisms and their order.

The arguments of a mechanism's kernels determine how they are called. Print the source with
``print(week_source(MECHANISMS.values()))``; `sanzhi describe week` describes it in words.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sim.mechanisms.base import Mechanism

CALLED = {
    "plan": {"p": "p.{name}"},
    "live": {"blocks": "world.blocks", "key": "random_key(seed, S_{NAME}, week)", "p": "values_of(p.{name})"},
    "close": {"key": "random_key(world.seed, S_{NAME}, week)", "p": "p.{name}"},
}
"""Expression passed for an argument in each step, where it differs from the argument's name."""

_FRAME = '''\
@kernel
def plan(world, week):
    """Decisions of units for this week."""
    p, on = world.parameters[0], world.enabled
{plan}

@kernel
def live(world, week, k0, k1, signals, peers, scratch):
    """All stages of the week for the residents of communities `k0` to `k1` (exclusive).

    `signals` is a buffer for the visible behaviour of a community's residents, `peers` for what the ties of a tile's residents add up to,
    `scratch` for values passed between a mechanism's kernels.
    """
    p, on, seed = world.parameters[0], world.enabled, world.seed
    visible, shown = world.visible[week & 1], world.visible[1 - (week & 1)]
    attribution = len(world.kept_events) > 0
    for k in range(k0, k1):
        community = world.communities[k]
        read_signals(community, visible, signals)
        for t in range(community.first_tile, community.last_tile):
            tile = world.tiles[t]
            look_around(tile, world.tiles[min(t + 1, len(world.tiles) - 1)], signals, visible, world.decode, peers)
            serve_sentences(tile)
{live}\
            measure(tile, community, scratch, world.weights, world.histogram[k])
            if attribution:
                keep_events(tile, world.kept_events)
            express(tile, scratch, shown, community.hush)


@kernel
def close(world, week):
    """Updates of units after the week; the week is recorded."""
    p, on = world.parameters[0], world.enabled
{close}\
    record_week(world, week)
    close_week(world)


@driver
def steps(world, first, last, k0, k1, which, signals, peers, scratch):
    """Run the steps in `which` of weeks `first` to `last` (exclusive). One driver serves all steps, so nothing is compiled twice."""
    world = shared(world)
    if which & OPEN:
        measure_built(world, scratch)
    for week in range(first, last):
        if which & PLAN:
            plan(world, week)
        if which & LIVE:
            live(world, week, k0, k1, signals, peers, scratch)
        if which & CLOSE:
            close(world, week)
'''


def week_source(mechanisms: Iterable[Mechanism]) -> str:
    """Python source of a week with these mechanisms, in the given order."""
    inside = tuple(mechanisms)
    return _FRAME.format(
        plan="".join(_call(one, "plan", 1) for one in planning(inside)),
        live="".join(_resident_calls(inside)),
        close="".join(_call(one, "close", 1) for one in inside if one.close),
    )


def planning(mechanisms: Iterable[Mechanism]) -> list[Mechanism]:
    """Mechanisms with a `plan` kernel, in the order of planning."""
    inside = tuple(mechanisms)
    found = [one for one in inside if one.plan and not one.plans_after]
    for late in (one for one in inside if one.plan and one.plans_after):
        position = next((position for position, one in enumerate(found) if one.name == late.plans_after), len(found) - 1)
        found.insert(position + 1, late)
    return found


def names_of(mechanisms: Iterable[Mechanism], numbers: Mapping[str, int]) -> dict[str, Any]:
    """Names that the source of a week uses, with their values: numbers, streams and kernels of its mechanisms."""
    found: dict[str, Any] = {}
    for one in mechanisms:
        found[f"N_{one.name.upper()}"], found[f"S_{one.name.upper()}"] = numbers[one.name], one.stream
        kernels: dict[str, Callable | None] = {f"{step}_{one.name}": getattr(one, step) for step in CALLED}
        found |= {name: kernel for name, kernel in kernels.items() if kernel}
    return found


def _resident_calls(inside: tuple[Mechanism, ...]):
    """Calls of the `live` kernels; for mechanisms that ask for it, the attribution recorder keeps grievance after them."""
    kept = 0
    for one in inside:
        if one.live:
            yield _call(one, "live", 3)
        if one.records_grievance:
            yield f"{' ' * 12}if attribution:\n{' ' * 16}keep_grievance(tile, world.kept_grievance[{kept}])\n"
            kept += 1


def _call(one: Mechanism, step: str, depth: int) -> str:
    given = [CALLED[step].get(name, name).format(name=one.name, NAME=one.name.upper()) for name in one.arguments(step)]
    indent = "    " * depth
    return f"{indent}if on[N_{one.name.upper()}]:\n{indent}    {step}_{one.name}({', '.join(given)})\n"
