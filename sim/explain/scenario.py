"""Text for `sanzhi explain` of a scenario: city, policy, stances, cost, and levers that have no effect."""

from typing import TYPE_CHECKING, Any

from sim.explain.cost import bytes_text, estimate, time_text
from sim.explain.idle_levers import idle_levers
from sim.explain.sections import joined_or_none, lines_text, row, value_text
from sim.levers import INSTRUMENT_ROWS, INSTRUMENTS, LEVERS
from sim.messages import Joined, Message, Words
from sim.plugins.check import names
from sim.scenario.cities import extent
from sim.scenario.cities.currencies import YUAN
from sim.scenario.costs import budget_of, costs, count_text, real_residents
from sim.scenario.schema.shocks import CLOSURE
from sim.scenario.schema.spending import amount_text
from sim.scenario.schema.timeline import moves
from sim.scenario.schema.today import NEAR
from sim.text import localized, table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema.shocks import Shock

PLUGIN_PARTS = {
    "mechanism": Message("mechanism"),
    "lever": Message("lever"),
    "metric": Message("metric"),
    "condition of communities": Message("condition of communities"),
    "trait of residents": Message("trait of residents"),
    "count": Message("count"),
}
"""What a plug-in may add (see `sim.plugins.check.names`)."""


def explain_scenario(scenario: "Scenario", replicates: int, workers: int, threads: int) -> str:
    """Explain a scenario before it runs: city, policy, stances, cost, and levers that have no effect."""
    highest = dict(zip(INSTRUMENTS, scenario.lever_table()["money"].max(axis=0).tolist(), strict=True))
    off = [name for name, settings in scenario.mechanisms.items() if not settings.enabled]
    sections = [
        _city(scenario, replicates, workers, threads),
        _policy(scenario),
        _staff(scenario),
        f"{Message('Stances')}\n" + table([(f"  {name}", value_text(value)) for name, value in scenario.stance.model_dump().items()]),
        _shocks(scenario),
        _targets(scenario),
        *([_rules(scenario)] if scenario.rules else []),
        *([_plugins(scenario)] if scenario.plugins else []),
        f"{Message('Mechanisms')}\n  {Message('switched off: {names}', names=joined_or_none(off))}{_changed(scenario)}",
        f"{Message('Weights')}\n"
        + table([(f"  {index}", _weights(getattr(scenario.weights, index))) for index in ("stability", "satisfaction")]),
        f"{Message('Levers that have no effect')}\n{lines_text(idle_levers(scenario, highest))}",
    ]
    return "\n\n".join(sections)


def _city(scenario, replicates, workers, threads) -> str:
    memory, seconds = estimate(scenario, replicates, workers, threads)
    city = {"preset": scenario.city.preset, "residents": scenario.city.population, "scale": scenario.city.scale}
    if scenario.city.preset == "synthetic":
        size = Message("{preset}, {residents:,} residents", **city)
    else:
        size = Message("{preset}, at {scale:.4g} of its size, {residents:,} residents", **city)
    where = Message("in {count} processes", count=workers) if workers > 1 else Message("on {count} threads", count=threads)
    cost = {"memory": bytes_text(memory), "time": time_text(seconds), "where": where}
    rows = [
        row(Message("city"), size),
        *([row(Message("ground"), extent.described(scenario.city.communities))] if scenario.city.communities else []),
        row(Message("horizon"), Message("{weeks} weeks ({years:.3g} years)", weeks=scenario.horizon, years=scenario.horizon / 52)),
        row(Message("replicates"), Message("{count}, first seed {seed}", count=replicates, seed=scenario.seed)),
        row(
            Message("cost"),
            Message("about {memory} of memory and {time} {where} (rough; compiling takes another 30 s, once)", **cost),
        ),
    ]
    return f"{scenario.name}: {localized(scenario.title)}\n{table(rows)}"


def _policy(scenario: "Scenario") -> str:
    """What every lever and instrument costs, beside what the staff of the city costs today."""
    found, staffing, budget = costs(scenario), scenario.staffing, budget_of(scenario)
    residents = real_residents(scenario)
    unit = Message("yuan") if staffing.currency == YUAN else staffing.currency
    rows = [row(Message("lever, instrument"), Message("share"), unit, Message("million a year"), Message("against today"))]
    for cost in found.values():
        cells = (f"{cost.share:.4f}", f"{cost.money:,.1f}", f"{cost.millions:,.0f}", _against(cost.money, cost.now))
        rows.append((_indented(cost.name), *cells))
    spent, now = (sum(getattr(found[lever], name) for lever in LEVERS) for name in ("money", "now"))
    left, share = max(0.0, budget - spent), spent / budget if budget > 0 else 0.0
    rows.append(row(Message("in all"), f"{share:.4f}", f"{spent:,.1f}", f"{spent * residents / 1e6:,.0f}", _against(spent, now)))
    rows.append(row(Message("unspent"), f"{max(0.0, 1 - share):.4f}", f"{left:,.1f}", f"{left * residents / 1e6:,.0f}", ""))
    about = {"budget": amount_text(budget, staffing.currency), "year": staffing.price_year}
    head = Message("Policy (budget: {budget}, prices of {year}; against today: beside what the staff of the city costs today)", **about)
    return f"{head}\n{table(rows)}{_moves(scenario)}"


def _staff(scenario: "Scenario") -> str:
    """Whom the instruments employ, and what they do."""
    rows = [row(Message("instrument"), Message("per 10,000"), Message("staff"), Message("work per resident and year"))]
    found = costs(scenario)
    for cost in found.values():
        if "." not in cost.name:
            rows.append((_indented(cost.name), f"{cost.staff:.3g}", count_text(cost.people), ""))
            continue
        instrument = INSTRUMENT_ROWS[cost.name]
        people = Message("{count} {kind}", count=count_text(cost.people), kind=localized(instrument.staff))
        work = Message("{count} {unit}", count=count_text(cost.work), unit=localized(instrument.work))
        rows.append((_indented(cost.name), f"{cost.staff:.3g}", people, work))
    staff, people = (sum(getattr(found[lever], name) for lever in LEVERS) for name in ("staff", "people"))
    rows.append(row(Message("in all"), f"{staff:.3g}", count_text(people), ""))
    return f"{Message('Staff (of all {residents:,} residents of the city)', residents=real_residents(scenario))}\n{table(rows)}"


def _indented(name: str) -> str:
    """A lever, or below it an instrument."""
    lever, _, part = name.partition(".")
    return f"    {part}" if part else f"  {lever}"


def _against(money: float, now: float) -> str:
    """The difference from what the staff of today costs; none where the two agree as the reference shares do with the table."""
    return "=" if abs(money - now) <= NEAR * now else f"{money - now:+,.1f}"


def _moves(scenario: "Scenario") -> str:
    """Levers that change over time: when, from what value and to what value."""
    found = moves(scenario)
    if not found:
        return f"\n  {Message('the same in every week')}"
    rows = []
    for move in found:
        when = Message("week {week}", week=move.at)
        if move.end != move.at:
            when = Message("weeks {first} to {last}", first=move.at, last=move.end)
        change = Message("{low} to {high}", low=value_text(move.before), high=value_text(move.after))
        if move.at >= scenario.horizon:
            change = Message("{change}; after the horizon", change=change)
        rows.append(row(when, move.key, change, Joined(move.where)) if move.where else row(when, move.key, change, ""))
    return f"\n  {Message('as of week 0; then')}\n{table(rows)}"


def _shocks(scenario: "Scenario") -> str:
    return f"{Message('Shocks')}\n{lines_text(_shock(shock, scenario.horizon) for shock in scenario.shocks)}"


def _shock(shock: "Shock", horizon: int) -> Message:
    place = shock.where.district if shock.where.district is not None else shock.where.community
    return Message(
        "{kind} of strength {strength:g}, weeks {first} to {last}, {where}",
        kind=f"{shock.kind} ({shock.service})" if shock.kind == CLOSURE else shock.kind,
        strength=shock.strength,
        first=shock.at,
        last=min(shock.at + shock.lasts, horizon) - 1,
        where=Message("everywhere") if place is None else place,
    )


def _targets(scenario: "Scenario") -> str:
    rows = [
        row(target.text, Message("by week {week}", week=target.by), Message("responsible: {who}", who=target.responsible))
        for target in scenario.targets
    ]
    return f"{Message('Targets')}\n" + (table(rows) if rows else lines_text([]))


def _rules(scenario: "Scenario") -> str:
    rows = [row(entry.rule, Joined(f"{name} {value_text(value)}" for name, value in entry.settings.items())) for entry in scenario.rules]
    return f"{Message('Rules in Python (they run only with --allow-rules)')}\n{table(rows)}"


def _plugins(scenario: "Scenario") -> str:
    rows = []
    for entry, loaded in zip(scenario.plugins, scenario.model.plugins, strict=True):
        parts = (
            Message("{what} {names}", what=PLUGIN_PARTS[what], names=Joined(added)) for what, added in names(loaded.plugin).items() if added
        )
        rows.append(row(entry.plugin, entry.version, Joined(parts, "; ")))
    return f"{Message('Plug-ins (Python code, allowed)')}\n{table(rows)}"


def _changed(scenario) -> str:
    lines = []
    for name, mechanism in scenario.model.mechanisms.items():
        for key, field in mechanism.parameters.model_fields.items():
            value = getattr(scenario.mechanisms[name], key)
            if value != field.default:
                about = {"key": f"{name}.{key}", "value": value_text(value), "default": value_text(field.default)}
                lines.append(f"\n  {Message('{key}: {value} (default {default})', **about)}")
    return "".join(lines)


def _weights(weights: Any) -> Words:
    values = {name: getattr(weights, name) for name in type(weights).model_fields}
    total = sum(values.values()) or 1.0
    return Joined(f"{name} {value / total:.2f}" for name, value in values.items())
