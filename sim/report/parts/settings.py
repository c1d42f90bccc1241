"""The settings of a scenario, its differences from the reference, and how to reproduce it."""

import json
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.lazy import lazily
from sim.levers import LEVERS, REFERENCE_SHARES
from sim.report.parts import series
from sim.report.parts.files import data_uri
from sim.report.parts.numbers import percent
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import lever_title, metric_title
from sim.scenario import read_scenario
from sim.scenario.cities.presets import preset_of

with lazily():
    import yaml

if TYPE_CHECKING:
    from sim.results import Run


def policy(run: "Run", lang: str) -> list[dict[str, Any]]:
    """Each lever's share of the budget beside its reference, and its instruments."""
    rows, left = [], 1.0
    for name, instruments in LEVERS.items():
        lever = getattr(run.scenario.policy, name)
        total = sum(lever.split.values())
        parts = [f"{lever_title(i, lang)} {percent(lever.share * lever.split[i] / total)}" for i in instruments]
        rows.append(_lever_row(lever_title(name, lang), lever.share, REFERENCE_SHARES[name], listed(parts, lang)))
        left -= lever.share
    return [*rows, _lever_row(lever_title("unspent", lang), abs(left), 1 - sum(REFERENCE_SHARES.values()), "")]


def _lever_row(title, share, reference, instruments) -> dict[str, Any]:
    differs = abs(share - reference) > 1e-9
    return {
        "title": title,
        "share": share,
        "shown": percent(share),
        "reference": percent(reference),
        "difference": percent(share - reference, "+").replace("%", "pp") if differs else "=",
        "instruments": instruments,
    }


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
        (say("budget", lang), say("budget_value", lang, value=f"{scenario.budget:g}")),
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
    """Title of the preset of the scenario's city."""
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


def _tables(city: Any, lang: str) -> dict[str, str]:
    """Number of rows of each table of a user's city, by dotted key."""
    found = {}
    if city.communities is not None:
        found["city.communities"] = say("table_communities", lang, count=f"{len(city.communities.rows):,}")
    if city.adjacency is not None:
        found["city.adjacency"] = say("table_adjacency", lang, count=f"{len(city.adjacency.pairs):,}")
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
    file = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
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
