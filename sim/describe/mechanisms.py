"""Mechanisms, with their parameters."""

import textwrap

from sim.describe.fields import LABELS, extra_of, range_of, source_of
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.messages import Message, Words
from sim.spec import meaning
from sim.text import WIDTH, table

TERM = Message("mechanism")


def names() -> list[str]:
    """In the order of the week."""
    return list(MECHANISMS)


def row(name: str) -> tuple[Words, ...]:
    """Name, phase of the week, and title."""
    mechanism = MECHANISMS[name]
    return name, mechanism.phase, mechanism.title.partition(": ")[2] or mechanism.title


def entry(name: str) -> str:
    """See `mechanism_text`."""
    return mechanism_text(MECHANISMS[name])


def mechanism_text(mechanism: Mechanism) -> str:
    """What a mechanism claims, reads, writes and counts, and its parameters."""
    phase = Message("Phase: {phase}", phase=mechanism.phase)
    values = ", ".join(f"{key}: {value:g}" for key, value in mechanism.null.items())
    null = Message("changes nothing with: {values}, or enabled: false", values=values)
    return f"{mechanism.doc}\n\n{phase}\n{_columns(mechanism)}\n{null}\n\n{_parameters(mechanism)}"


def _columns(mechanism: Mechanism) -> str:
    """What it reads, writes and counts, a paragraph each."""
    lines = {
        Message("reads: {names}", names=", ".join(mechanism.reads)): mechanism.reads,
        Message("writes: {names}", names=", ".join(mechanism.writes)): mechanism.writes,
        Message("counts: {names}", names=", ".join(mechanism.counts)): mechanism.counts,
    }
    return "\n".join(textwrap.fill(str(line), WIDTH, subsequent_indent="  ") for line, used in lines.items() if used)


def _parameters(mechanism: Mechanism) -> str:
    head = (LABELS["default"], LABELS["range"], LABELS["unit"], Message("meaning [source]"))
    rows: list[tuple[Words, ...]] = [(f"  {Message('parameter')}", *head)]
    for key, field in mechanism.parameters.model_fields.items():
        unit = extra_of(field).get("unit", "")
        rows.append((f"  {key}", f"{field.default:g}", range_of(field), unit, f"{meaning(field)} [{source_of(field)}]"))
    return table(rows)
