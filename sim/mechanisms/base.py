"""What every mechanism is: a name, parameters with sources, what it reads and writes, what it brings and costs."""

import functools
import importlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.draws import stream
from sim.spec import Spec

PHASES = ("plan", "serve", "gather", "teach", "dispute", "offend", "protest", "judge", "report", "measure")
"""The phases of a week, in order."""


@dataclass(frozen=True)
class Mechanism:
    """The declaration of one mechanism; its kernels stand in the same file.

    Parameters
    ----------
    name : str
        Name of the file, of the key in a scenario and of its random stream.
    phase : str
        One of `PHASES`.
    parameters : type of Spec
        Its parameters.
    reads, writes : iterable of str
        Resident columns, and community fields as ``community.name``, and columns of units as ``kind.name``.
    counts : iterable of str
        Counts of the week to which it adds.
    brings, costs : str
        What it gives and what it takes, in one sentence each.
    null : dict
        Parameters with which it changes nothing.
    """

    name: str
    phase: str
    parameters: type[Spec]
    reads: Iterable[str]
    writes: Iterable[str]
    brings: str
    costs: str
    null: dict[str, Any] = field(default_factory=dict)
    counts: Iterable[str] = ()

    def __post_init__(self):
        for group in ("reads", "writes", "counts"):
            object.__setattr__(self, group, tuple(getattr(self, group)))
        if self.phase not in PHASES:
            raise ValueError(f"{self.name}: no phase {self.phase!r}; phases are {', '.join(PHASES)}")

    @property
    def doc(self) -> str:
        """Docstring of its file: claim, equation, sources, what it brings and costs."""
        module = sys.modules.get(f"sim.mechanisms.{self.name}") or importlib.import_module(f"sim.mechanisms.{self.name}")
        return (module.__doc__ or "").strip()

    @property
    def title(self) -> str:
        """First line of its docstring."""
        return self.doc.split("\n", 1)[0].rstrip(".")

    @property
    def stream(self) -> np.uint64:
        """Its random stream."""
        return stream(self.name)


def parameter_type(mechanisms: dict[str, Mechanism]) -> np.dtype:
    """One record with a field per mechanism, each a record of its parameters as float32."""
    return _record_of(tuple((name, mechanism.parameters) for name, mechanism in mechanisms.items()))


@functools.cache
def _record_of(named: tuple[tuple[str, type[Spec]], ...]) -> np.dtype:
    fields = [(name, np.dtype((np.record, [(key, "f4") for key in spec.model_fields]))) for name, spec in named]
    return np.dtype((np.record, fields))


def pack(mechanisms: dict[str, Mechanism], settings: dict[str, Any]) -> np.ndarray:
    """Parameters of all mechanisms as an array of one record.

    Parameters
    ----------
    settings : dict
        By mechanism, an object with its parameters as attributes (defaults where missing).
    """
    kind = parameter_type(mechanisms)
    rows = []
    for name, mechanism in mechanisms.items():
        values = settings.get(name) or mechanism.parameters()
        rows.append(tuple(getattr(values, key) for key in kind[name].names or ()))
    return np.array([tuple(rows)], kind)
