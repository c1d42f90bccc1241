"""JSON Schema of a scenario file, for completion and checks in an editor."""

from typing import Any

from sim.levers import LEVERS
from sim.scenario import mechanisms
from sim.scenario.presets import list_presets
from sim.scenario.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Schema of a whole scenario file: every key with description, unit, range, default and source.

    Checks across keys, such as shares that sum to more than 1, are beyond it; `load_scenario` makes them.
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
    words = {"type": "string", "pattern": r"^\s*[0-9]{1,4}\s*(weeks|week|years|year)\s*$"}
    properties["horizon"] = {
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": 5200}, words],
        **{key: weeks[key] for key in ("default", "description", "title", "unit", "source")},
    }
    city = definitions["CitySpec"]["properties"]
    city["preset"]["enum"] = list_presets()
    for key in ("residents", "districts"):
        city[key] = {**city[key].pop("anyOf")[0], **{name: value for name, value in city[key].items() if name != "default"}}
    _levers(definitions)
    schema["required"] = []  # the name of the file serves as the name
    return {"$schema": DIALECT, "title": "Scenario", **{key: value for key, value in schema.items() if key != "title"}}


def _levers(definitions: dict[str, Any]) -> None:
    """A lever may be a bare share; its split has the lever's own instruments."""
    for lever, reference in definitions["Policy"]["properties"].items():
        name = reference["$ref"].rsplit("/", 1)[1]
        split = definitions[name]["properties"]["split"]
        split["properties"] = {part: {"type": "number", "minimum": 0} for part in LEVERS[lever]}
        split["additionalProperties"] = False
        share = {key: value for key, value in definitions[name]["properties"]["share"].items() if key != "title"}
        mapping = {"$ref": reference["$ref"]}
        definitions["Policy"]["properties"][lever] = {"anyOf": [share, mapping], "description": reference.get("description", lever)}
