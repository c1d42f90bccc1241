"""The settings of a scenario, its differences from the reference, and how to reproduce it."""

import json
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.city.staffing import PEOPLE
from sim.levers import INSTRUMENT_ROWS, LEVERS
from sim.metrics.record import YEAR
from sim.report.parts import series
from sim.report.parts.files import data_uri
from sim.report.parts.money import amount, millions, millions_number, per_resident
from sim.report.parts.numbers import percent
from sim.report.text.catalogue import has, listed, say
from sim.report.text.labels import lever_title, metric_title
from sim.results.run import STAFF
from sim.scenario import read_scenario
from sim.scenario.cities.presets import preset_of
from sim.scenario.costs import Cost, budget_of, costs, count_text, real_residents
from sim.scenario.export.as_file import as_file
from sim.scenario.schema.today import NEAR

LEAST_IDLE = 0.005
"""Share of the staff of an instrument up to which those without work are not told."""

if TYPE_CHECKING:
    from sim.results import Run


def policy(run: "Run", lang: str) -> list[dict[str, Any]]:
    """What every lever, its instruments below it, and the rest of the budget cost at the beginning, whom they employ and what they do."""
    scenario, found, idle = run.scenario, costs(run.scenario), idle_people(run)
    budget, rows = budget_of(scenario), []
    for cost in found.values():
        whole = "." not in cost.name
        rows.append(
            {
                "kind": "lever" if whole else "instrument",
                "title": lever_title(cost.name.split(".")[-1], lang),
                "share": cost.share,
                "shown": percent(cost.share),
                "money": amount(cost.money),
                "millions": millions_number(cost.millions, lang),
                "staff": f"{cost.staff:.3g}",
                "people": say("people_in_all", lang, count=count_text(cost.people)) if whole else _people(cost, lang),
                "work": "" if whole else say("work_done", lang, count=count_text(cost.work), unit=INSTRUMENT_ROWS[cost.name].work[lang]),
                "idle": say("people_idle", lang, count=count_text(round(idle[cost.name]))) if cost.name in idle else "",
                "against": "=" if abs(cost.money - cost.now) <= NEAR * cost.now else f"{cost.money - cost.now:+,.1f}",
            }
        )
    left = max(0.0, budget - sum(found[lever].money for lever in LEVERS))
    share = left / budget if budget > 0 else 0.0
    rest = {"kind": "unspent", "title": lever_title("unspent", lang), "share": share, "shown": percent(share), "money": amount(left)}
    rest["millions"] = millions_number(left * real_residents(scenario) / 1e6, lang)
    return [*rows, rest | dict.fromkeys(("staff", "people", "work", "idle", "against"), "")]


def idle_people(run: "Run") -> dict[str, float]:
    """Staff of the whole city without work, mean of the last year, of every instrument of which more than `LEAST_IDLE` have none."""
    if STAFF not in run.stored:
        return {}
    weeks, names = run.column(STAFF, "week"), run.column(STAFF, "instrument").astype(str)
    staff, idle = run.column(STAFF, "staff"), run.column(STAFF, "idle")
    last, found = weeks > weeks.max() - YEAR, {}
    for name in INSTRUMENT_ROWS:
        rows = last & (names == name)
        if rows.any() and idle[rows].mean() > LEAST_IDLE * staff[rows].mean():
            found[name] = float(idle[rows].mean()) / PEOPLE * real_residents(run.scenario)
    return found


def _people(cost: Cost, lang: str) -> str:
    """The staff of an instrument in the whole city, by what they are called."""
    return say("people_of_kind", lang, count=count_text(cost.people), kind=INSTRUMENT_ROWS[cost.name].staff[lang])


def _budget(scenario: Any, lang: str) -> str:
    """The budget at the beginning: per resident, for the whole city, and beside that of the city as it is."""
    staffing, found = scenario.staffing, budget_of(scenario)
    whole = millions(found * real_residents(scenario) / 1e6, staffing.currency, lang)
    said = {"money": per_resident(found, staffing.currency, lang), "whole": whole, "year": staffing.price_year}
    return say("budget_value", lang, **said, value=f"{scenario.budget:g}")


def stances(run: "Run", lang: str) -> list[tuple[str, str, str]]:
    """Each stance with its value and its default."""
    rows = []
    for name, field in type(run.scenario.stance).model_fields.items():
        value, default = getattr(run.scenario.stance, name), field.default
        show = lambda v: lever_title(v, lang) if isinstance(v, str) else f"{v:g}"  # noqa: E731
        rows.append((lever_title(name, lang), show(value), show(default)))
    return rows


def facts(run: "Run", lang: str) -> list[tuple[str, str]]:
    """City, horizon, budget and weights in words."""
    scenario = run.scenario
    residents = f"{run.manifest.get('residents') or scenario.city.population:,}"
    key = "city_scaled" if scenario.city.scale < 1 else "city_whole"
    said = [
        (say("city", lang), say(key, lang, title=city_title(scenario, lang), share=percent(scenario.city.scale), residents=residents)),
        (say("horizon", lang), duration(scenario.horizon, lang)),
        (say("budget", lang), _budget(scenario, lang)),
    ]
    for index in series.INDICES:
        weights = getattr(scenario.weights, index).model_dump()
        total = sum(weights.values())
        parts = [f"{metric_title(name, lang)} {percent(weight / total)}" for name, weight in weights.items()]
        said.append((f"{say('weights', lang)}{say('colon', lang)}{metric_title(index, lang)}", listed(parts, lang)))
    return said


def duration(weeks: int, lang: str) -> str:
    """Weeks in words, as whole years if possible."""
    if weeks % 52:
        return say("weeks", lang, count=weeks)
    return say("year", lang) if weeks == 52 else say("years", lang, count=weeks // 52)


def city_title(scenario: Any, lang: str) -> str:
    """Title of the preset of the scenario's city; a city of the user's own communities is called after the scenario."""
    if scenario.city.communities is not None:
        return say("quoted", lang, name=scenario.title["zh" if lang == "zh" else "en"])
    return preset_of(scenario.city).title.get("zh" if lang == "zh" else "en", scenario.city.preset)


def differences(scenario: Any, lang: str = "en") -> list[tuple[str, str, str]]:
    """Settings that differ from their default: dotted key, value, default. Lists, such as the timeline, are shown elsewhere.

    Long tables are summarised by their size.
    """

    here, there = _flat(scenario.canonical()), _flat(read_scenario({"name": "reference"}).canonical())
    keys = [key for key in here if key.split(".")[0] not in ("name", "seed", "replicates", "schema")]
    rows = [(key, here[key], there.get(key)) for key in keys if here[key] != there.get(key) and not isinstance(here[key], list)]
    tables = _tables(scenario.city, lang)
    return [(key, tables.get(key) or _plain(value), _plain(default)) for key, value, default in rows]


ASIDE = ("name", "seed", "replicates", "schema", "title", "description", "policy", "budget", "targets")
"""Parts of a scenario that are no settings, or are told in money and staff."""
SIZE = "city.scale"
"""A setting of how a city is simulated, not of the city."""


def between(first: Any, other: Any, lang: str) -> list[tuple[str, str, str]]:
    """Settings in which a scenario differs from another one, besides money: what, there, here. Of lists, how many entries they have."""
    here, there = _flat(other.canonical()), _flat(first.canonical())
    keys = [key for key in dict.fromkeys([*here, *there]) if key.split(".")[0] not in ASIDE and here.get(key) != there.get(key)]
    return [(_setting(key, lang), _counted(there.get(key)), _counted(here.get(key))) for key in keys if key != SIZE]


def _setting(key: str, lang: str) -> str:
    """A setting in words where there are some, else by its key."""
    if key.startswith("stance."):
        return lever_title(key.removeprefix("stance."), lang)
    return say(f"setting_{key}", lang) if has(f"setting_{key}") else key


def _counted(value: Any) -> str:
    return str(len(value)) if isinstance(value, (list, tuple)) else _plain(value)


def _tables(city: Any, lang: str) -> dict[str, str]:
    """Number of rows of each table of a user's city, by dotted key."""
    found = {}
    if city.communities is not None:
        found["city.communities"] = say("table_communities", lang, count=f"{len(city.communities.rows):,}")
    if city.adjacency is not None:
        found["city.adjacency"] = say("table_adjacency", lang, count=f"{len(city.adjacency.pairs):,}")
    if city.rates is not None:
        found["city.rates"] = say("table_rates", lang, count=len(city.rates.rows))
    return found


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {prefix: value}
    return {k: v for key, part in value.items() for k, v in _flat(part, f"{prefix}.{key}" if prefix else key).items()}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()  # as in a scenario file
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def reproduce(run: "Run", lang: str) -> dict[str, Any]:
    """Everything needed to reproduce the run: commands, seeds, versions, the scenario as a file."""
    scenario, manifest = run.scenario, run.manifest
    count = manifest.get("replicates", len(run.seeds))
    first = manifest.get("seed", run.seeds[0])
    data = json.loads(json.dumps(scenario.as_data()))
    kept = {key: manifest[key] for key in ("scenario", "seeds", "failures", "versions", "run_key") if key in manifest}
    file = as_file(data)
    usual = f"results/{scenario.name}/{manifest.get('run_key') or scenario.run_key(first, count)}"
    return {
        "resilience": f"sanzhi resilience {asked_for(scenario)}{allowing([scenario])}" if scenario.shocks else "",
        "command": f"sanzhi run {asked_for(scenario)} --seed {first} --replicates {count}{allowing([scenario])}",
        "rerun": f"sanzhi rerun {shlex.quote(str(run.folder or usual))}{allowing([scenario])}",
        "seeds": _spans(run.seeds),
        "hash": run.content_hash,
        "versions": listed((f"{name} {version}" for name, version in manifest.get("versions", {}).items()), lang),
        "version": manifest.get("versions", {}).get("sanzhi", ""),
        "file": f"{scenario.name}.yaml",
        "yaml": data_uri("text/yaml", file.encode()),
        "json": kept | {"content_hash": run.content_hash},
    }


def asked_for(scenario: Any, settings: bool = True) -> str:
    """The scenario as typed, with its ``--set``; a file of that name if it was made in Python or loaded from results."""
    source, changes = scenario.asked
    parts = [source or f"{scenario.name}.yaml", *(part for change in changes if settings for part in ("--set", change))]
    return shlex.join(parts)


def allowing(scenarios: Iterable[Any]) -> str:
    """The option that scenarios with rules need."""
    return " --allow-rules" if any(scenario.rules for scenario in scenarios) else ""


def _spans(seeds: Iterable[int]) -> str:
    """Seeds with consecutive ones joined: ``1–8, 10``."""
    spans: list[list[int]] = []
    for seed in seeds:
        if spans and seed == spans[-1][1] + 1:
            spans[-1][1] = seed
        else:
            spans.append([seed, seed])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)
