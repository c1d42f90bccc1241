"""What every mechanism is: a name, parameters with sources, what it reads and writes, what it brings and costs, and its kernels."""

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.draws import stream
from sim.levers import read_as
from sim.spec import Spec

STAGES = ("plan", "serve", "gather", "teach", "dispute", "offend", "protest", "judge", "report", "measure")
"""The stages of a week, in order."""

ARGUMENTS = {
    "plan": ("world", "week", "p"),
    "live": ("tile", "community", "blocks", "scratch", "key", "seed", "week", "p"),
    "close": ("world", "week", "p"),
}
"""What the kernels of each step of a week may ask for, by the names of their arguments (see `sim.mechanisms.week_source`)."""


@dataclass(frozen=True, eq=False)
class Mechanism:
    """The registration of one mechanism, below its kernels in the same file. The week (`sim.mechanisms.week`) follows from it.

    Parameters
    ----------
    name : str
        Name of the file, of the key in a scenario and of its random stream.
    names : dict
        What people call it, by language: ``{"en": ..., "zh": ...}``.
    stage : str
        One of `STAGES`.
    parameters : type of Spec
        Its parameters.
    reads, writes : iterable of str
        Resident columns, and community fields as ``community.name``, and columns of units as ``kind.name``. What levers do is read
        as ``levers.<stance>`` and ``districts.capacity.<lever>.<instrument>``, from which it follows through what a lever acts.
    counts : iterable of str
        Counts of the week to which it adds.
    brings, costs : str
        What it gives and what it takes, in one sentence each.
    null : dict
        Parameters with which it changes nothing.
    plan, live, close : callable, optional
        Its kernels: what units decide before the week, what residents do in it, what units do after it. They are given what the names
        of their arguments ask for, see `ARGUMENTS`.
    plans_after : str
        Mechanism after which its units plan, where that is not its place in the week.
    before : str
        Of a mechanism from outside the package (`sim.plugins`): the mechanism before which it stands; without it, the end of its stage.
    records_grievance : bool
        Whether the attribution recorder keeps everybody's grievance after this mechanism has acted (see `sim.attribution`).
    """

    name: str
    names: dict[str, str]
    stage: str
    parameters: type[Spec]
    reads: Iterable[str]
    writes: Iterable[str]
    brings: str
    costs: str
    null: dict[str, Any] = field(default_factory=dict)
    counts: Iterable[str] = ()
    plan: Callable[..., None] | None = None
    live: Callable[..., None] | None = None
    close: Callable[..., None] | None = None
    plans_after: str = ""
    before: str = ""
    records_grievance: bool = False

    def __post_init__(self):
        for group in ("reads", "writes", "counts"):
            object.__setattr__(self, group, tuple(getattr(self, group)))
        if self.stage not in STAGES:
            raise ValueError(f"{self.name}: no stage {self.stage!r}; stages are {', '.join(STAGES)}")
        for step, known in ARGUMENTS.items():
            if strange := [name for name in self.arguments(step) if name not in known]:
                raise ValueError(f"{self.name}: {step} asks for {', '.join(strange)}; a kernel of this step is given {', '.join(known)}")

    def arguments(self, step: str) -> tuple[str, ...]:
        """Names of the arguments of its kernel of a `step` of the week; none where it has no such kernel."""
        kernel = getattr(self, step)
        return tuple(inspect.signature(kernel).parameters) if kernel else ()

    @property
    def doc(self) -> str:
        """Docstring of its file: claim, equation, sources, what it brings and costs."""
        return (sys.modules[self.parameters.__module__].__doc__ or "").strip()

    @property
    def title(self) -> str:
        """First line of its docstring."""
        return self.doc.split("\n", 1)[0].rstrip(".")

    @property
    def stream(self) -> np.uint64:
        """Its random stream."""
        return stream(self.name)


def acting_through(lever: str, mechanisms: Mapping[str, Mechanism]) -> tuple[str, ...]:
    """Names of the mechanisms through which an instrument (``lever.instrument``) or a stance acts: those that declare to read it."""
    keys = set(read_as(lever))
    return tuple(name for name, mechanism in mechanisms.items() if keys & set(mechanism.reads))


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
