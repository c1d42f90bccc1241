"""JSON Schema of a scenario file, for completion and checks in an editor."""

from typing import Any

from sim.levers import LEVERS
from sim.scenario.cities.presets import list_presets
from sim.scenario.scenario import Scenario
from sim.scenario.schema import mechanisms
from sim.scenario.schema.times import LONGEST, SPAN

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
    weeks = dict(properties["horizon"])
    words = {"type": "string", "pattern": SPAN}
    properties["horizon"] = {
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": LONGEST}, words],
        **{key: weeks[key] for key in ("default", "description", "title", "unit", "source")},
    }
    city = definitions["CitySpec"]["properties"]
    city["preset"]["enum"] = list_presets()
    city["preset"]["anyOf"] = [{"enum": city["preset"].pop("enum")}, {"type": "string", "pattern": "/"}]
    for key in ("communities", "adjacency", "geometry"):
        city[key].pop("default")
    for section in (city, *(definitions[name]["properties"] for name in ("LeverSettings", "Target", "District", "Where"))):
        _optional(section)
    _levers(definitions)
    for lever, parts in LEVERS.items():
        _split(definitions["LeverSettings"]["properties"][f"policy.{lever}.split"], parts)
    schema["required"] = []  # the name of the file serves as the name
    return {"$schema": DIALECT, "title": "Scenario", **{key: value for key, value in schema.items() if key != "title"}}


def _optional(properties: dict[str, Any]) -> None:
    """Remove null from the types of optional keys."""
    for key, node in properties.items():
        options = [option for option in node.get("anyOf", []) if option != {"type": "null"}]
        if len(options) < len(node.get("anyOf", [])):
            rest = {name: value for name, value in node.items() if name not in ("anyOf", "default")}
            properties[key] = {**options[0], **rest}


def _split(node: dict[str, Any], parts: tuple[str, ...]) -> None:
    """Restrict a split to the lever's own instruments."""
    node["properties"] = {part: {"type": "number", "minimum": 0} for part in parts}
    node["additionalProperties"] = False


def _levers(definitions: dict[str, Any]) -> None:
    """Allow a bare share for a lever."""
    for lever, reference in definitions["Policy"]["properties"].items():
        name = reference["$ref"].rsplit("/", 1)[1]
        _split(definitions[name]["properties"]["split"], LEVERS[lever])
        share = {key: value for key, value in definitions[name]["properties"]["share"].items() if key != "title"}
        mapping = {"$ref": reference["$ref"]}
        definitions["Policy"]["properties"][lever] = {"anyOf": [share, mapping], "description": reference.get("description", lever)}
