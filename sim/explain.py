"""Plain text for `sanzhi explain`: what a scenario will do, before it does it."""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.describe import capacity, reference, title_of
from sim.levers import INSTRUMENTS, LEVERS, REFERENCE_SHARES, STANCES
from sim.mechanisms.base import acting_through
from sim.messages import Joined, Message, Words
from sim.text import table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema.shocks import Shock

NANOSECONDS, NANOSECONDS_SERIAL = 27.0, 0.5
"""Time of one resident-week on one thread, and what no other thread can share of it: planning, closing (measured, round)."""
BUILDING = 500.0
"""Nanoseconds in which a thread builds a resident with all ties (measured, round)."""
BROUGHT = {
    "mechanism": Message("mechanism"),
    "lever": Message("lever"),
    "metric": Message("metric"),
    "condition of communities": Message("condition of communities"),
    "trait of residents": Message("trait of residents"),
    "count": Message("count"),
}
"""What a plug-in may bring (`sim.plugins.check.names`)."""
BASE_MEMORY = 350e6
"""Bytes of a process with its report, but for the city (measured, round)."""


def explain(scenario: "Scenario", replicates: int, workers: int, threads: int) -> str:
    """What `scenario` will do before it does it: city, policy, stances, cost, and levers that will do nothing."""
    levers = scenario.lever_table()
    money = levers["share"] * levers["budget"][:, None]
    share = {name: float(money[0, i]) for i, name in enumerate(INSTRUMENTS)}
    highest = {name: float(money[:, i].max()) for i, name in enumerate(INSTRUMENTS)}
    off = [name for name, settings in scenario.mechanisms.items() if not settings.enabled]
    sections = [
        _city(scenario, replicates, workers, threads),
        _policy(scenario, share),
        f"{Message('Stances')}\n" + table([(f"  {name}", _value(value)) for name, value in scenario.stance.model_dump().items()]),
        _shocks(scenario),
        _targets(scenario),
        *([_rules(scenario)] if scenario.rules else []),
        *([_plugins(scenario)] if scenario.plugins else []),
        f"{Message('Mechanisms')}\n  {Message('switched off: {names}', names=_listed(off))}{_changed(scenario)}",
        f"{Message('Weights')}\n"
        + table([(f"  {index}", _weights(getattr(scenario.weights, index))) for index in ("stability", "satisfaction")]),
        f"{Message('Levers that will do nothing')}\n{_lines(idle_levers(scenario, highest))}",
    ]
    return "\n\n".join(sections)


def _lines(lines: Iterable[Words]) -> str:
    """Lines below a heading."""
    return "\n".join(f"  {line}" for line in lines) or f"  {Message('none')}"


def _listed(names: Sequence[str]) -> Words:
    return Joined(names) if names else Message("none")


def idle_levers(scenario: "Scenario", highest: dict[str, float]) -> list[Message]:
    """Levers that cannot change anything in this scenario, each with the reason; `highest` is the most money each instrument ever has."""
    lines = []
    enabled = {name for name, settings in scenario.mechanisms.items() if settings.enabled}
    for name in INSTRUMENTS:
        known = acting_through(name, scenario.model.mechanisms)
        if highest[name] == 0.0:
            lines.append(Message("{lever}: its share is 0 in every week", lever=name))
        elif "budget" not in enabled:
            lines.append(Message("{lever}: the mechanism budget is switched off, so capacities stay where they are", lever=name))
        elif known and not enabled & set(known):
            through = Joined(known, " and ")
            told = Message("{lever}: it acts through {through}, switched off; the money is spent all the same", lever=name, through=through)
            lines.append(told)
    return [*lines, *_idle_stances(scenario, enabled)]


def _idle_stances(scenario: "Scenario", enabled: set[str]) -> list[Message]:
    """Stances that cannot change anything, each with the reason."""
    levers, lines = scenario.lever_table(), []
    for name in (*STANCES, *scenario.model.stances):
        known = acting_through(name, scenario.model.mechanisms)
        if not known:
            lines.append(Message("{lever}: no mechanism reads it", lever=f"stance.{name}"))
        elif not enabled & set(known):
            through = Joined(known, " and ")
            lines.append(Message("{lever}: it acts through {through}, switched off", lever=f"stance.{name}", through=through))
    if not levers["detection"].any() and "detection" in enabled:
        useless = ("stance.detection_threshold", "stance.privacy_protection")
        lines += [Message("{lever}: there is no detection in any week", lever=name) for name in useless]
    if not levers["appraisal_pressure"].any() and "appraisal" in enabled:
        lines.append(Message("{lever}: nothing hangs on the appraisal in any week", lever="stance.appraisal_by"))
    if scenario.shocks and "shocks" not in enabled:
        lines.append(Message("shocks: the mechanism shocks is switched off, so nothing strikes"))
    return lines


def estimate(scenario: "Scenario", replicates: int, workers: int, threads: int) -> tuple[float, float]:
    """Bytes at a time and seconds in all, roughly."""
    residents, processes = scenario.city.population, min(workers, replicates)
    parallel = processes if processes > 1 else threads
    serial = scenario.horizon * NANOSECONDS_SERIAL / processes
    each = (BUILDING + scenario.horizon * NANOSECONDS) / parallel + serial
    return processes * (BASE_MEMORY + _city_bytes(scenario)), 1.0 + residents * replicates * each * 1e-9


def _city_bytes(scenario: "Scenario") -> float:
    """Bytes of a city: rows of residents, what they show, places, communities with the counts that are kept of every year, the history."""
    from sim.city.columns import TILE, tile_type
    from sim.city.community import COMMUNITY, COUNTS, HISTOGRAM_BINS, PLACE, PLACE_SIZE, SUMS
    from sim.city.resident import Resident
    from sim.scenario.cities.presets import preset_of

    counts = 8 * (len(COUNTS) + len(SUMS))
    row = tile_type(Resident).itemsize / TILE + 2.0 + PLACE.itemsize / PLACE_SIZE
    community = COMMUNITY.itemsize + counts * (1 + scenario.horizon // 52)
    week = len(preset_of(scenario.city).districts) * (counts + 8 * HISTOGRAM_BINS)
    return scenario.city.population * (row + community / scenario.city.community_size) + scenario.horizon * week


def share_out(scenario: "Scenario", workers: int | None, threads: int | None, replicates: int | None = None) -> tuple[int, int]:
    """Workers and threads: a processor to each replicate where there are several and memory allows, else all of them to the one."""
    from sim.experiments.arguments import processors

    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if "SC_AVPHYS_PAGES" in os.sysconf_names else float("inf")
    count = replicates or scenario.replicates
    most = min(count, processors())
    while workers is None and most > 1 and estimate(scenario, count, most, 1)[0] > free:
        most -= 1
    return workers or most, threads or processors()


def _city(scenario, replicates, workers, threads) -> str:
    from sim.scenario.cities.extent import described

    memory, seconds = estimate(scenario, replicates, workers, threads)
    city = {"preset": scenario.city.preset, "residents": scenario.city.population, "scale": scenario.city.scale}
    if scenario.city.preset == "synthetic":
        size = Message("{preset}, {residents:,} residents", **city)
    else:
        size = Message("{preset}, at {scale:.4g} of its size, {residents:,} residents", **city)
    where = Message("in {count} processes", count=workers) if workers > 1 else Message("on {count} threads", count=threads)
    cost = {"memory": bytes_shown(memory), "time": time_shown(seconds), "where": where}
    rows = [
        row(Message("city"), size),
        *([row(Message("ground"), described(scenario.city.communities))] if scenario.city.communities else []),
        row(Message("horizon"), Message("{weeks} weeks ({years:.3g} years)", weeks=scenario.horizon, years=scenario.horizon / 52)),
        row(Message("replicates"), Message("{count}, first seed {seed}", count=replicates, seed=scenario.seed)),
        row(Message("cost"), Message("about {memory} of memory and {time} {where} (rough; plus some 30 s once, to compile)", **cost)),
    ]
    return f"{scenario.name}: {title_of(scenario.title)}\n{table(rows)}"


def row(label: Words, *cells: Words) -> tuple[Words, ...]:
    """A row of a section: its label, indented, and what stands behind it."""
    return (f"  {label}", *cells)


def _policy(scenario, share: dict[str, float]) -> str:
    rows = [row(Message("lever, instrument"), Message("share"), Message("reference"), Message("steady capacity"))]
    for lever, parts in LEVERS.items():
        total = sum(share[f"{lever}.{part}"] for part in parts)
        rows.append((f"  {lever}", f"{total:.4f}", f"{REFERENCE_SHARES[lever]:.4f}", ""))
        for part in parts:
            x, x0 = share[f"{lever}.{part}"], reference(f"{lever}.{part}")
            rows.append((f"    {part}", f"{x:.4f}", f"{x0:.4f}", f"{capacity(x, x0):.2f}"))
    rows.append(
        row(Message("unspent"), f"{max(0.0, scenario.budget - sum(share.values())):.4f}", f"{1 - sum(REFERENCE_SHARES.values()):.4f}", "")
    )
    head = Message("Policy (shares of the reference budget; this budget is {budget:g} of it)", budget=scenario.budget)
    return f"{head}\n{table(rows)}{_moves(scenario)}"


def _moves(scenario: "Scenario") -> str:
    """Levers that change over time, from when to when and from what to what."""
    from sim.scenario.schema.timeline import moves

    found = moves(scenario)
    if not found:
        return f"\n  {Message('the same in every week')}"
    rows = []
    for move in found:
        when = Message("week {week}", week=move.at)
        if move.end != move.at:
            when = Message("weeks {first} to {last}", first=move.at, last=move.end)
        change = Message("{low} to {high}", low=_value(move.before), high=_value(move.after))
        if move.at >= scenario.horizon:
            change = Message("{change}; after the horizon", change=change)
        rows.append(row(when, move.key, change))
    return f"\n  {Message('as of week 0; then')}\n{table(rows)}"


def _shocks(scenario: "Scenario") -> str:
    return f"{Message('Shocks')}\n{_lines(map(_shock, scenario.shocks))}"


def _shock(shock: "Shock") -> Message:
    place = shock.where.district if shock.where.district is not None else shock.where.community
    return Message(
        "{kind} of strength {strength:g}, weeks {first} to {last}, {where}",
        kind=shock.kind,
        strength=shock.strength,
        first=shock.at,
        last=shock.at + shock.lasts - 1,
        where=Message("everywhere") if place is None else place,
    )


def _targets(scenario: "Scenario") -> str:
    rows = [
        row(target.text, Message("by week {week}", week=target.by), Message("responsible: {who}", who=target.responsible))
        for target in scenario.targets
    ]
    return f"{Message('Targets')}\n" + (table(rows) if rows else _lines([]))


def _rules(scenario: "Scenario") -> str:
    rows = [row(entry.rule, Joined(f"{name} {_value(value)}" for name, value in entry.settings.items())) for entry in scenario.rules]
    return f"{Message('Rules in Python (they run only with --allow-rules)')}\n{table(rows)}"


def _plugins(scenario: "Scenario") -> str:
    from sim.plugins.check import names

    rows = []
    for entry, loaded in zip(scenario.plugins, scenario.model.plugins, strict=True):
        brought = (
            Message("{what} {names}", what=BROUGHT[what], names=Joined(given)) for what, given in names(loaded.plugin).items() if given
        )
        rows.append(row(entry.plugin, entry.version, Joined(brought, "; ")))
    return f"{Message('Plug-ins (Python code, allowed)')}\n{table(rows)}"


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _changed(scenario) -> str:
    lines = []
    for name, mechanism in scenario.model.mechanisms.items():
        for key, field in mechanism.parameters.model_fields.items():
            value = getattr(scenario.mechanisms[name], key)
            if value != field.default:
                about = {"key": f"{name}.{key}", "value": value, "usual": field.default}
                lines.append(f"\n  {Message('{key}: {value:g} (default {usual:g})', **about)}")
    return "".join(lines)


def _weights(weights: Any) -> Words:
    values = {name: getattr(weights, name) for name in type(weights).model_fields}
    total = sum(values.values()) or 1.0
    return Joined(f"{name} {value / total:.2f}" for name, value in values.items())


def bytes_shown(count: float) -> str:
    """Bytes as people write them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def time_shown(seconds: float) -> str:
    """Seconds as people write them."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
