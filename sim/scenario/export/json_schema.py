"""JSON Schema of a scenario file, for completion and checks in an editor."""

from typing import Any

from sim.levers import LEVERS
from sim.scenario.cities.presets import list_presets
from sim.scenario.loading.measures import library
from sim.scenario.scenario import Scenario
from sim.scenario.schema import mechanisms
from sim.scenario.schema.times import LONGEST, MOMENT, SPAN

CURRENCY = "[a-z]{3}"
"""Key of an amount in another currency than the yuan, such as ``usd``."""
MONEY = {"type": "number", "minimum": 0}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Schema of a whole scenario file: every key with description, unit, range, default and source.

    Checks across keys, such as shares that sum to more than 1, are not included; `load_scenario` performs them.
    """
    schema = Scenario.model_json_schema()
    definitions, properties = schema["$defs"], schema["properties"]
    below = mechanisms.section().model_json_schema()
    definitions |= below.pop("$defs", {})
    description = properties["mechanisms"]["description"]
    definitions["Mechanisms"] = below
    properties["mechanisms"] = {"$ref": "#/$defs/Mechanisms", "description": description}
    properties["extends"] = {
        "type": "string",
        "description": "scenario to start from: a file in the same folder or below, or the name of a shipped one; keys here override",
    }
    properties["measures"] = _measures()
    weeks = dict(properties["horizon"])
    words = {"type": "string", "pattern": SPAN}
    properties["horizon"] = {
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": LONGEST}, words],
        **{key: weeks[key] for key in ("default", "description", "title", "unit", "source")},
    }
    city = definitions["CitySpec"]["properties"]
    city["preset"]["enum"] = list_presets()
    city["preset"]["anyOf"] = [{"enum": city["preset"].pop("enum")}, {"type": "string", "pattern": "/"}]
    for key in ("communities", "adjacency", "geometry", "rates", "columns", "encoding", "sheet", "crs"):
        city[key].pop("default")
    levers = [reference["$ref"].rsplit("/", 1)[1] for reference in definitions["Policy"]["properties"].values()]
    for name in (
        "CitySpec",
        "LeverSettings",
        "Target",
        "District",
        "Where",
        "Districts",
        "Change",
        "Amount",
        "InstrumentFigures",
        "Preset",
        *levers,
    ):
        _optional(definitions[name]["properties"])
    _levers(definitions)
    _settings(definitions["LeverSettings"])
    schema["required"] = []  # the name of the file serves as the name
    return {"$schema": DIALECT, "title": "Scenario", **{key: value for key, value in schema.items() if key != "title"}}


def _optional(properties: dict[str, Any]) -> None:
    """Remove null from the types of optional keys."""
    for key, node in properties.items():
        options = [option for option in node.get("anyOf", []) if option != {"type": "null"}]
        if len(options) < len(node.get("anyOf", [])):
            rest = {name: value for name, value in node.items() if name not in ("anyOf", "default")}
            properties[key] = {**options[0], **rest}


FILE = r"\.ya?ml$"
"""Name of the file of a measure of one's own."""


def _measures() -> dict[str, Any]:
    """Measures of the library by name, each alone or with its place, time and numbers."""
    week = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": LONGEST}, {"type": "string", "pattern": MOMENT}]}
    span = {"anyOf": [{"type": "integer", "minimum": 1, "maximum": LONGEST}, {"type": "string", "pattern": SPAN}]}
    places = {"district": {"type": "string"}, "districts": {"type": "array", "items": {"type": "string"}}}
    usual = {**places, "from": week, "until": week, "for": span}
    known = {
        name: {
            "type": "object",
            "description": measure.question["en"],
            "properties": {**{key: {"type": "number", "default": value} for key, value in measure.takes.items()}, **usual},
            "additionalProperties": False,
        }
        for name, measure in library().items()
    }
    own = {FILE: {"type": "object"}}
    sizes = {"additionalProperties": False, "minProperties": 1, "maxProperties": 1}
    whole = {"type": "object", "properties": known, "patternProperties": own, **sizes}
    description = "measures in words, each with place and time, see `sanzhi describe measures`; they are written out as timeline and shocks"
    return {
        "type": "array",
        "items": {"anyOf": [{"enum": list(known)}, {"type": "string", "pattern": FILE}, whole]},
        "description": description,
    }


def _split(node: dict[str, Any], parts: tuple[str, ...]) -> None:
    """Restrict a split to the lever's own instruments."""
    node["properties"] = {part: {"type": "number", "minimum": 0} for part in parts}
    node["additionalProperties"] = False


def _settings(settings: dict[str, Any]) -> None:
    """Restrict splits in the timeline to their instruments; allow amounts as mappings, and other currencies."""
    for lever, parts in LEVERS.items():
        _split(settings["properties"][f"policy.{lever}.split"], parts)
        for key in (f"policy.{lever}", *(f"policy.{lever}.{part}" for part in parts)):
            share = settings["properties"][key]
            whole = {"$ref": "#/$defs/Amount"} if key.count(".") == 2 else {"type": "object"}
            settings["properties"][key] = {"anyOf": [share, whole], "description": share["description"]}
    settings["patternProperties"] = {rf"^policy\.[a-z_.]+\.{CURRENCY}$": MONEY}


def _levers(definitions: dict[str, Any]) -> None:
    """Allow a bare share for a lever or an instrument, and amounts of other currencies."""
    definitions["Amount"]["patternProperties"] = {f"^{CURRENCY}$": MONEY}
    for lever, reference in definitions["Policy"]["properties"].items():
        name = reference["$ref"].rsplit("/", 1)[1]
        _split(definitions[name]["properties"]["split"], LEVERS[lever])
        definitions[name]["patternProperties"] = {f"^{CURRENCY}$": MONEY}
        for part in LEVERS[lever]:
            amount = definitions[name]["properties"][part]
            bare = {"type": "number", "minimum": 0, "maximum": 1}
            definitions[name]["properties"][part] = {"anyOf": [bare, {"$ref": "#/$defs/Amount"}], "description": amount["description"]}
        share = {key: value for key, value in definitions[name]["properties"]["share"].items() if key != "title"}
        mapping = {"$ref": reference["$ref"]}
        definitions["Policy"]["properties"][lever] = {"anyOf": [share, mapping], "description": reference.get("description", lever)}
