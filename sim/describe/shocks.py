"""Shocks: what may happen to a city from outside."""

from sim.describe.fields import source_of
from sim.mechanisms import MECHANISMS
from sim.messages import Message, Words
from sim.scenario.schema.shocks import Shock
from sim.shocks import SHOCKS
from sim.spec import meaning
from sim.text import localized, table

TERM = Message("shock")
RESILIENCE = Message("sanzhi resilience SCENARIO (runs it with and without its shocks, on the same seeds)")
FOOTER = Message("What they do to a city of yours: {command}", command=RESILIENCE)
"""Below the list of shocks."""


def names() -> list[str]:
    """Every kind of shock."""
    return list(SHOCKS)


def row(name: str) -> tuple[Words, ...]:
    """Name and title."""
    return name, localized(SHOCKS[name])


def entry(name: str) -> str:
    """How a scenario names a shock, and the parameters of its effects."""
    fields = [(f"  {key}", f"{field.description} [{source_of(field)}]") for key, field in Shock.model_fields.items() if key != "kind"]
    sizes = [(f"  {key}", f"{field.default:g}", meaning(field)) for key, field in MECHANISMS["shocks"].parameters.model_fields.items()]
    example = f"  shocks: [{{kind: {name}, at: year 2, lasts: 8 weeks, strength: 0.6}}]"
    head, footer = Message("Sizes (mechanisms.shocks)"), Message("What one does to a city of yours: {command}", command=RESILIENCE)
    return f"{name}: {localized(SHOCKS[name])}\n{example}\n{table(fields)}\n\n{head}\n{table(sizes)}\n\n{footer}"
