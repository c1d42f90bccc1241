"""Mechanisms, with their parameters."""

import textwrap

from sim.describe.parameters import HEAD, parameter_rows
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.messages import Message, Words
from sim.text import WIDTH, table

TERM = Message("mechanism")


def names() -> list[str]:
    """In the order of the week."""
    return list(MECHANISMS)


def row(name: str) -> tuple[Words, ...]:
    """Name, stage of the week, and title."""
    mechanism = MECHANISMS[name]
    return name, mechanism.stage, mechanism.title.partition(": ")[2] or mechanism.title


def entry(name: str) -> str:
    """See `mechanism_text`."""
    return mechanism_text(MECHANISMS[name])


def mechanism_text(mechanism: Mechanism) -> str:
    """What a mechanism claims, reads, writes and counts, and its parameters."""
    stage = Message("Stage: {stage}", stage=mechanism.stage)
    values = ", ".join(f"{key}: {value:g}" for key, value in mechanism.null.items())
    null = Message("changes nothing with: {values}, or enabled: false", values=values)
    rows = [(f"  {Message('parameter')}", *HEAD), *((f"  {key}", *cells) for key, cells in parameter_rows(mechanism))]
    return f"{mechanism.doc}\n\n{stage}\n{_columns(mechanism)}\n{null}\n\n{table(rows)}"


def _columns(mechanism: Mechanism) -> str:
    """What it reads, writes and counts, a paragraph each."""
    lines = {
        Message("reads: {names}", names=", ".join(mechanism.reads)): mechanism.reads,
        Message("writes: {names}", names=", ".join(mechanism.writes)): mechanism.writes,
        Message("counts: {names}", names=", ".join(mechanism.counts)): mechanism.counts,
    }
    return "\n".join(textwrap.fill(str(line), WIDTH, subsequent_indent="  ") for line, used in lines.items() if used)
