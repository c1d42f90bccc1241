"""Plain text for `sanzhi explain`: what a scenario will do, before it does it."""

import os
from typing import TYPE_CHECKING, Any

from sim.describe import capacity, reference
from sim.levers import INSTRUMENTS, LEVERS, REFERENCE_SHARES
from sim.notes import NOTES, STANCE_NOTES
from sim.text import table

if TYPE_CHECKING:
    from sim.scenario import Scenario

NANOSECONDS, NANOSECONDS_SERIAL = 27.0, 0.5
"""Time of one resident-week on one thread, and what no other thread can share of it: planning, closing (measured, round)."""
BUILDING = 500.0
"""Nanoseconds in which a thread builds a resident with all ties (measured, round)."""
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
        "Stances\n" + table([(f"  {name}", _value(value)) for name, value in scenario.stance.model_dump().items()]),
        _shocks(scenario),
        _targets(scenario),
        *([_rules(scenario)] if scenario.rules else []),
        *([_plugins(scenario)] if scenario.plugins else []),
        "Mechanisms\n  switched off: " + (", ".join(off) or "none") + _changed(scenario),
        "Weights\n" + table([(f"  {index}", _weights(getattr(scenario.weights, index))) for index in ("stability", "satisfaction")]),
        "Levers that will do nothing\n" + ("\n".join(f"  {line}" for line in idle_levers(scenario, highest)) or "  none"),
    ]
    return "\n\n".join(sections)


def idle_levers(scenario: "Scenario", highest: dict[str, float]) -> list[str]:
    """Levers that cannot change anything in this scenario, each with the reason; `highest` is the most money each instrument ever has."""
    lines = []
    enabled = {name for name, settings in scenario.mechanisms.items() if settings.enabled}
    for name, note in NOTES.items():
        known = [m for m in note.through if m in scenario.mechanisms]
        if highest[name] == 0.0:
            lines.append(f"{name}: its share is 0 in every week")
        elif "budget" not in enabled:
            lines.append(f"{name}: the mechanism budget is switched off, so capacities stay where they are")
        elif known and not enabled & set(known):
            lines.append(f"{name}: it acts through {' and '.join(known)}, switched off; the money is spent all the same")
    return [*lines, *_idle_stances(scenario, enabled)]


def _idle_stances(scenario: "Scenario", enabled: set[str]) -> list[str]:
    """Stances that cannot change anything, each with the reason."""
    levers, lines = scenario.lever_table(), []
    outside = {name: lever.note for name, lever in scenario.model.stances.items()} if scenario.plugins else {}
    for name, note in {**STANCE_NOTES, **outside}.items():
        if not enabled & set(note.through):
            lines.append(f"stance.{name}: it acts through {' and '.join(note.through)}, switched off")
    if not levers["detection"].any() and "detection" in enabled:
        lines += [f"stance.{name}: there is no detection in any week" for name in ("detection_threshold", "privacy_protection")]
    if not levers["appraisal_pressure"].any() and "appraisal" in enabled:
        lines.append("stance.appraisal_by: nothing hangs on the appraisal in any week")
    if scenario.shocks and "shocks" not in enabled:
        lines.append("shocks: the mechanism shocks is switched off, so nothing strikes")
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
    from sim.scenario.presets import preset_of

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
    from sim.scenario.ground import described

    memory, seconds = estimate(scenario, replicates, workers, threads)
    title = scenario.title.get("en", "")
    size = f"at {scenario.city.scale:.4g} of its size, " if scenario.city.preset != "synthetic" else ""
    where = f"in {workers} processes" if workers > 1 else f"on {threads} threads"
    rows = [
        ("  city", f"{scenario.city.preset}, {size}{scenario.city.population:,} residents"),
        *([("  ground", str(described(scenario.city.communities)))] if scenario.city.communities else []),
        ("  horizon", f"{scenario.horizon} weeks ({scenario.horizon / 52:.3g} years)"),
        ("  replicates", f"{replicates}, first seed {scenario.seed}"),
        ("  cost", f"about {bytes_shown(memory)} of memory and {time_shown(seconds)} {where} (rough; plus some 30 s once, to compile)"),
    ]
    return f"{scenario.name}: {title}\n" + table(rows)


def _policy(scenario, share: dict[str, float]) -> str:
    rows: list[tuple[str, ...]] = [("  lever, instrument", "share", "reference", "steady capacity")]
    for lever, parts in LEVERS.items():
        total = sum(share[f"{lever}.{part}"] for part in parts)
        rows.append((f"  {lever}", f"{total:.4f}", f"{REFERENCE_SHARES[lever]:.4f}", ""))
        for part in parts:
            x, x0 = share[f"{lever}.{part}"], reference(f"{lever}.{part}")
            rows.append((f"    {part}", f"{x:.4f}", f"{x0:.4f}", f"{capacity(x, x0):.2f}"))
    rows.append(("  unspent", f"{max(0.0, scenario.budget - sum(share.values())):.4f}", f"{1 - sum(REFERENCE_SHARES.values()):.4f}", ""))
    return f"Policy (shares of the reference budget; this budget is {scenario.budget:g} of it)\n{table(rows)}{_moves(scenario)}"


def _moves(scenario: "Scenario") -> str:
    """Levers that change over time, from when to when and from what to what."""
    from sim.scenario.timeline import moves

    found = moves(scenario)
    if not found:
        return "\n  the same in every week"
    rows = []
    for move in found:
        when = f"week {move.at}" if move.end == move.at else f"weeks {move.at} to {move.end}"
        late = "; after the horizon" if move.at >= scenario.horizon else ""
        rows.append((f"  {when}", move.key, f"{_value(move.before)} to {_value(move.after)}{late}"))
    return f"\n  as of week 0; then\n{table(rows)}"


def _shocks(scenario: "Scenario") -> str:
    return "Shocks\n" + ("\n".join(f"  {shock.text}" for shock in scenario.shocks) or "  none")


def _targets(scenario: "Scenario") -> str:
    rows = [(f"  {target.text}", f"by week {target.by}", f"responsible: {target.responsible}") for target in scenario.targets]
    return "Targets\n" + (table(rows) if rows else "  none")


def _rules(scenario: "Scenario") -> str:
    rows = [(f"  {entry.rule}", ", ".join(f"{name} {_value(value)}" for name, value in entry.settings.items())) for entry in scenario.rules]
    return "Rules in Python (they run only with --allow-rules)\n" + table(rows)


def _plugins(scenario: "Scenario") -> str:
    from sim.plugins.check import names

    rows = []
    for entry, loaded in zip(scenario.plugins, scenario.model.plugins, strict=True):
        brought = [f"{what} {', '.join(given)}" for what, given in names(loaded.plugin).items() if given]
        rows.append((f"  {entry.plugin}", entry.version, "; ".join(brought)))
    return "Plug-ins (Python code, allowed)\n" + table(rows)


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _changed(scenario) -> str:
    lines = []
    for name, mechanism in scenario.model.mechanisms.items():
        for key, field in mechanism.parameters.model_fields.items():
            value = getattr(scenario.mechanisms[name], key)
            if value != field.default:
                lines.append(f"\n  {name}.{key}: {value:g} (default {field.default:g})")
    return "".join(lines)


def _weights(weights: Any) -> str:
    values = {name: getattr(weights, name) for name in type(weights).model_fields}
    total = sum(values.values()) or 1.0
    return ", ".join(f"{name} {value / total:.2f}" for name, value in values.items())


def bytes_shown(count: float) -> str:
    """Bytes as people write them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def time_shown(seconds: float) -> str:
    """Seconds as people write them."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
