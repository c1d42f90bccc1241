"""The `mechanisms:` section, built from the parameters that mechanisms declare."""

from typing import Any

from pydantic import Field, create_model

from sim.mechanisms import MECHANISMS
from sim.scenario.schema.section import FrozenDict, Section
from sim.spec import Spec

_COMPOSED: dict[tuple, type[Section]] = {}


class Settings(Spec):
    """Parameters of one mechanism, and whether it is enabled. Read as ``settings.step`` or ``settings["step"]``."""

    enabled: bool = Field(
        default=True, description="whether this mechanism takes part", json_schema_extra={"unit": "choice", "source": "assumption"}
    )

    def __getitem__(self, name: str) -> Any:
        if name not in type(self).model_fields:
            raise KeyError(name)
        return getattr(self, name)


def section(outside: tuple = ()) -> type[Section]:
    """Model of the whole section: one field for each mechanism of `sim.mechanisms.MECHANISMS`, and of those from `outside`."""
    inside = {**MECHANISMS, **{mechanism.name: mechanism for mechanism in outside}}
    key = tuple((name, mechanism.parameters) for name, mechanism in inside.items())
    if key not in _COMPOSED:
        fields: dict[str, Any] = {name: _field(name, mechanism) for name, mechanism in inside.items()}
        _COMPOSED[key] = create_model("Mechanisms", __base__=Section, __doc__="Mechanisms and their parameters.", **fields)
    return _COMPOSED[key]


def complete(given: Any, outside: tuple = ()) -> FrozenDict:
    """Validate the section and fill in every default: name -> `Settings`. Raises pydantic's `ValidationError`."""
    if isinstance(given, FrozenDict) and all(isinstance(settings, Settings) for settings in given.values()):
        return given
    kind = section(outside)
    if isinstance(given, dict):
        given = {**{name: {} for name in kind.model_fields}, **given}  # as parts of the section, not one by one by their defaults
    valid = kind.model_validate(given)
    return FrozenDict({name: getattr(valid, name) for name in kind.model_fields})


def _field(name: str, mechanism: Any) -> tuple:
    title = name.title().replace("_", "")
    settings = create_model(title, __base__=(mechanism.parameters, Settings), __doc__=mechanism.title)
    return settings, Field(default_factory=settings, description=mechanism.title)
