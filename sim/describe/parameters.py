"""Parameters of mechanisms: numbers and structural choices that a scenario may change below ``mechanisms``."""

from sim.describe.fields import LABELS, range_of, source_of, value_text
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.messages import Message, Words
from sim.spec import Option, extra_of, meaning, options_of
from sim.text import table

HEAD = (LABELS["default"], LABELS["range"], LABELS["unit"], Message("meaning [source]"))


def parameters_text() -> str:
    """Every parameter of every mechanism, by its key in a scenario."""
    rows = [(f"{name}.{key}", *cells) for name, mechanism in MECHANISMS.items() for key, cells in parameter_rows(mechanism)]
    return table([(Message("parameter"), *HEAD), *rows])


def parameter_rows(mechanism: Mechanism) -> list[tuple[str, tuple[Words, ...]]]:
    """Name of every parameter of a mechanism, and its default, range, unit and meaning; below a choice what its options claim."""
    rows: list[tuple[str, tuple[Words, ...]]] = []
    for key, field in mechanism.parameters.model_fields.items():
        about = f"{meaning(field)} [{source_of(field)}]"
        rows.append((key, (value_text(field.default), range_of(field), extra_of(field).get("unit", ""), about)))
        rows += [(f"{key}: {name}", ("", "", "", claim_text(option))) for name, option in options_of(field).items()]
    return rows


def claim_text(option: Option) -> str:
    """What an option claims, and the numbers that it sets."""
    numbers = ", ".join(f"{name} {value:g}" for name, value in option.sets.items())
    return f"{option.claim} ({numbers})" if numbers else option.claim
