"""Parameters of mechanisms: the numbers that a scenario may change below ``mechanisms``."""

from sim.describe.fields import LABELS, extra_of, range_of, source_of
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.messages import Message, Words
from sim.spec import meaning
from sim.text import table

HEAD = (LABELS["default"], LABELS["range"], LABELS["unit"], Message("meaning [source]"))


def parameters_text() -> str:
    """Every parameter of every mechanism, by its key in a scenario."""
    rows = [(f"{name}.{key}", *cells) for name, mechanism in MECHANISMS.items() for key, cells in parameter_rows(mechanism)]
    return table([(Message("parameter"), *HEAD), *rows])


def parameter_rows(mechanism: Mechanism) -> list[tuple[str, tuple[Words, ...]]]:
    """Name of every parameter of a mechanism, and its default, range, unit and meaning."""
    fields = mechanism.parameters.model_fields
    return [
        (key, (f"{field.default:g}", range_of(field), extra_of(field).get("unit", ""), f"{meaning(field)} [{source_of(field)}]"))
        for key, field in fields.items()
    ]
