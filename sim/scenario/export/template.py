"""The commented scenario that `sanzhi new --full` writes: every key with its meaning, range and unit."""

import textwrap
from typing import Any

from pydantic.fields import FieldInfo

from sim.errors import UserError
from sim.levers import DEFAULT_SPLITS
from sim.scenario.cities.presets import list_presets
from sim.scenario.export.short_template import short_template
from sim.scenario.loading.keys import choices_at, field_at, fields, model_at, plain
from sim.scenario.parsing.names import EXPECTED, good
from sim.scenario.parsing.scalars import Path, shown
from sim.scenario.schema import mechanisms
from sim.scenario.schema.city import RESIDENTS
from sim.shocks import SHOCK_KINDS
from sim.spec import bounds, extra_of, open_below

WIDTH = 100
_HEAD = """\
# Which question does this scenario answer?
# Check it with `sanzhi validate`, run it with `sanzhi run`. A key that is left out has the value shown here.
# To change only a few keys of another scenario, keep those and write `extends: baseline` at the top.
schema: 1
name: "{name}"
title: {{en: "{name}", zh: "{name}"}}
description: ""
"""
_TIMELINE = """\
# changes of levers over time: from the week `at` on (year 2 begins with week 52), over so many weeks (at once without `over`), to these
# values; every lever by its dotted key: budget, policy.<lever>, policy.<lever>.<instrument>, policy.<lever>.split.<instrument>,
# stance.<name>
# timeline:
#   - {at: year 2, over: 13 weeks, set: {policy.rule_of_law: 0.35, policy.moral_education: 0.05}}
#   - {at: year 3, set: {policy.self_governance.mediation: {staff: 4.9}}}
#   - {at: week 130, set: {stance.patrol_targeting: reported, stance.transparency: 0.8}}
"""
_SHOCKS = """\
# shocks to the city: kind ({kinds}), first week (`at`), how long
# it lasts, its strength from 0 to 1, and where: a district by its name, or a community by its name or number; everywhere without `where`
# shocks:
#   - {{kind: {first}, at: year 2, lasts: 8 weeks, strength: 0.6, where: {{district: Pudong}}}}
#   - {{kind: {last}, at: 130}}
"""
_MEASURES = """\
# measures in words, each with its place and time (`sanzhi describe measures` lists them): district or districts, from, until or for, and
# the numbers that it takes; a file.yaml beside this one is a measure of one's own. They are written out as timeline and shocks
# measures:
#   - {more_mediators: {district: Pudong, people: 20, from: year 2, for: 1 year}}
#   - {hospital_closes: {district: Pudong, share: 0.4, from: week 110, for: 26 weeks}}
"""
_TARGETS = """\
# what is to be reached by when: a metric (see `sanzhi describe metrics`), at_least or at_most, and who answers for it: city, a district by
# its name, or a kind of unit such as office
# targets:
#   - {metric: stability, by: year 3, at_least: 0.7, responsible: city}
#   - {metric: rate_recorded, by: 5 years, at_most: 8, responsible: Pudong}
"""


def template(name: str = "my_scenario", full: bool = True) -> str:
    """A scenario file with every key at its default and a comment; parameters of mechanisms are commented out.

    Parameters
    ----------
    name : str
    full : bool
        Whether to write every key, or only those that planners usually change.

    Raises
    ------
    UserError
        For an invalid name.
    """
    if not good(name):
        raise UserError("got the name {name}; expected {expected}", name=shown(name), expected=EXPECTED)
    if not full:
        return short_template(name)
    parts = [_HEAD.format(name=name), _city()]
    parts += [_line("horizon", "5 years", ("horizon",), ""), _line("budget", "1.0", ("budget",), "")]
    parts += [_policy(), _section("stance"), _TIMELINE, _shocks(), _MEASURES, _TARGETS, _mechanisms(), _weights()]
    parts += [_line(key, str(field_at((key,)).default), (key,), "") for key in ("replicates", "seed")]  # type: ignore[union-attr]
    return "\n".join(parts)


def note(path: Path) -> str:
    """Description of a field with its range or choices and its unit."""
    field = field_at(path)
    assert field is not None
    words = [_range(field), ", ".join(choices_at(path)), _unit(field)]
    details = "; ".join(word for word in words if word)
    return f"{field.description} [{details}]" if details else str(field.description)


def _range(field: FieldInfo) -> str:
    low, high = bounds(field)
    return f"{'above ' if open_below(field) else ''}{plain(low)} to {plain(high)}" if low is not None and high is not None else ""


def _unit(field: FieldInfo) -> str:
    unit = str(extra_of(field).get("unit", ""))
    return "" if unit in ("choice", "text", "name", "file name") else unit


def _comment(text: str, indent: str) -> str:
    return "".join(f"{indent}# {line}\n" for line in textwrap.wrap(text, WIDTH))


def _line(key: str, value: str, path: Path, indent: str) -> str:
    return f"{_comment(note(path), indent)}{indent}{key}: {value}\n"


def _value(value: Any) -> str:
    return "true" if value is True else "false" if value is False else str(value)


def _section(name: str) -> str:
    lines = [_line(key, _value(field.default), (name, key), "  ") for key, field in fields(model_at((name,))).items()]  # type: ignore[arg-type]
    return f"{_comment(str(field_at((name,)).description), '')}{name}:\n{''.join(lines)}"  # type: ignore[union-attr]


_FILES = (
    ("communities", "my.csv"),
    ("adjacency", "edges.csv"),
    ("geometry", "areas.geojson"),
    ("rates", "my_rates.csv"),
    ("columns", "{population: 常住人口}"),
    ("encoding", "gbk"),
    ("sheet", "communities"),
    ("crs", "EPSG:4547"),
)
"""Keys of the city about one's own files, with examples."""


def _city() -> str:
    presets = f"{note(('city', 'preset'))}: {', '.join(list_presets())}"
    lines = [_comment(presets, "  "), "  preset: shanghai_2020\n", _line("scale", "0.01", ("city", "scale"), "  ")]
    for key, value in (("residents", RESIDENTS), ("districts", 4)):
        lines.append(f"{_comment(note(('city', key)), '  ')}  # {key}: {value}\n")
    lines.append(_line("community_size", "3000", ("city", "community_size"), "  "))
    for key, example in _FILES:
        lines.append(f"{_comment(note(('city', key)), '  ')}  # {key}: {example}\n")
    lines.append(_comment("figures of staff and costs instead of those of the city, see `sanzhi describe staffing`", "  "))
    lines.append("  # staffing: {self_governance: {mediation: {cost: 130000}}}\n")
    return f"{_comment('which city, at which size', '')}city:\n{''.join(lines)}"


def _shocks() -> str:
    return _SHOCKS.format(kinds=", ".join(SHOCK_KINDS), first=SHOCK_KINDS[0], last=SHOCK_KINDS[-1])


def _policy() -> str:
    text = "the four levers, which together cost at most the budget; what is left is spent on nothing. A number is a share of the budget; "
    text += "instead, {yuan: 900} is money per resident and year (usd and so on in a city with another currency), and {staff: 28} "
    text += "is staff per 10,000 residents. A split gives each instrument a relative weight, and one that is not named gets nothing; "
    text += "an instrument may also be given by itself, as in {share: 0.15, mediation: {staff: 4.9}}"
    lines = [_comment(text, ""), "policy:\n"]
    for lever, split in DEFAULT_SPLITS.items():
        share = field_at(("policy", lever, "share"))
        assert share is not None
        weights = ", ".join(f"{part}: {weight:g}" for part, weight in split.items())
        about = f"{share.description} [{_range(share)}]; split, unless given (as the staff of the city costs): {{{weights}}}"
        lines.append(_comment(about, "  "))
        lines.append(f"  {lever}: {{share: {share.default}}}\n")
    return "".join(lines)


def _weights() -> str:
    lines = ["# weights of the parts of the two headline metrics; only their proportions count\n", "weights:\n"]
    for metric, field in fields(model_at(("weights",))).items():  # type: ignore[arg-type]
        parts = ", ".join(f"{part}: 1.0" for part in field.annotation.model_fields)  # type: ignore[union-attr]
        lines.append(f"  {metric}: {{{parts}}}\n")
    return "".join(lines)


def _mechanisms() -> str:
    lines = ["# mechanisms: switch one off, or uncomment a parameter to change it\n", "mechanisms:\n"]
    for name, field in mechanisms.section().model_fields.items():
        lines.append(f"{_comment(str(field.description), '  ')}  {name}:\n    enabled: true\n")
        for key, parameter in fields(model_at(("mechanisms", name))).items():  # type: ignore[arg-type]
            if key != "enabled":
                text = note(("mechanisms", name, key))
                lines.append(f"    # {key}: {_value(parameter.default)}  # {text}\n")
    return "".join(lines)
