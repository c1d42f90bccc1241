"""The registration of a mechanism: name, parameters with sources, columns read and written, benefits and costs, kernels."""

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.draws import stream
from sim.levers import read_as
from sim.spec import Spec, choices_of, numbers_of

STAGES = ("plan", "serve", "gather", "teach", "dispute", "offend", "protest", "judge", "report", "measure")
"""The stages of a week, in order."""

ARGUMENTS = {
    "plan": ("world", "week", "p"),
    "live": ("tile", "community", "peers", "blocks", "scratch", "key", "seed", "week", "p"),
    "close": ("world", "week", "key", "p"),
}
"""Arguments that the kernels of each step of a week may take, by name (see `sim.mechanisms.week_source`)."""


@dataclass(frozen=True, eq=False)
class Mechanism:
    """The registration of one mechanism, below its kernels in the same file. The week (`sim.mechanisms.week`) is derived from it.

    Parameters
    ----------
    name : str
        Name of its file, of its key in a scenario and of its random stream.
    names : dict
        Displayed name by language: ``{"en": ..., "zh": ...}``.
    stage : str
        One of `STAGES`.
    parameters : type of Spec
        Its parameters.
    reads, writes : iterable of str
        Resident columns by name, community fields as ``community.name``, and columns of units as ``kind.name``. Levers are read as
        ``levers.<stance>`` and ``districts.work.<lever>.<instrument>``; these entries determine which mechanisms a lever acts
        through.
    counts : iterable of str
        Weekly counts that it increments.
    brings, costs : str
        Its benefits and its costs, in one sentence each.
    null : dict
        Parameter values with which it has no effect.
    plan, live, close : callable, optional
        Its kernels: decisions of units before the week, actions of residents during it, and updates of units after it. Arguments are
        passed by name, see `ARGUMENTS`.
    plans_after : str
        Mechanism after which its units plan, where this differs from its position in the week.
    before : str
        For a mechanism from outside the package (`sim.plugins`): the mechanism before which it is inserted; by default it is the last
        of its stage.
    records_grievance : bool
        Whether the attribution recorder stores residents' grievance after this mechanism has acted (see `sim.attribution`).

    Raises
    ------
    ValueError
        If the stage is not one of `STAGES`, or a kernel takes an argument that its step does not provide.
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

    def __post_init__(self) -> None:
        for group in ("reads", "writes", "counts"):
            object.__setattr__(self, group, tuple(getattr(self, group)))
        if self.stage not in STAGES:
            raise ValueError(f"{self.name}: no stage {self.stage!r}; stages are {', '.join(STAGES)}")
        for step, known in ARGUMENTS.items():
            if unknown := [name for name in self.arguments(step) if name not in known]:
                raise ValueError(f"{self.name}: {step} takes {', '.join(unknown)}; a kernel of this step may take {', '.join(known)}")

    def arguments(self, step: str) -> tuple[str, ...]:
        """Names of the arguments of its kernel for a `step` of the week; empty if it has no such kernel."""
        kernel = getattr(self, step)
        return tuple(inspect.signature(kernel).parameters) if kernel else ()

    @property
    def doc(self) -> str:
        """Docstring of its file: claim, equation, sources, benefits and costs."""
        return (sys.modules[self.parameters.__module__].__doc__ or "").strip()

    @property
    def title(self) -> str:
        """First line of its docstring."""
        return self.doc.split("\n", 1)[0].rstrip(".")

    @property
    def stream(self) -> np.uint64:
        """Number of its random stream."""
        return stream(self.name)


def acting_through(lever: str, mechanisms: Mapping[str, Mechanism]) -> tuple[str, ...]:
    """Names of the mechanisms through which an instrument (``lever.instrument``) or a stance acts: those that declare it in `reads`."""
    keys = set(read_as(lever))
    return tuple(name for name, mechanism in mechanisms.items() if keys & set(mechanism.reads))


def structural_choices(mechanisms: Mapping[str, Mechanism]) -> dict[str, tuple[str, ...]]:
    """Forms that the literature leaves open: names of the options by key in a scenario, as in ``mechanisms.unrest.arrest_ratio``."""
    kinds = {f"mechanisms.{name}": choices_of(mechanism.parameters) for name, mechanism in mechanisms.items()}
    return {f"{section}.{key}": tuple(options) for section, choices in kinds.items() for key, options in choices.items()}


def parameter_type(mechanisms: dict[str, Mechanism]) -> np.dtype:
    """One record with a field per mechanism, each a record of its parameters as float32."""
    return _record_of(tuple((name, mechanism.parameters) for name, mechanism in mechanisms.items()))


@functools.cache
def _record_of(named: tuple[tuple[str, type[Spec]], ...]) -> np.dtype:
    fields = [(name, np.dtype((np.record, [(key, "f4") for key in spec.model_fields]))) for name, spec in named]
    return np.dtype((np.record, fields))


def in_order(mechanisms: Iterable[Mechanism], others: Iterable[Mechanism] = ()) -> tuple[Mechanism, ...]:
    """Mechanisms in the order of the week, and others among them: each before the mechanism that it names, or at the end of its stage."""
    found = list(mechanisms)
    for one in others:
        same = [index for index, other in enumerate(found) if other.stage == one.stage]
        earlier = [index for index, other in enumerate(found) if STAGES.index(other.stage) < STAGES.index(one.stage)]
        before = [index for index, other in enumerate(found) if other.name == one.before]
        found.insert(before[0] if before else max(same or earlier or [-1]) + 1, one)
    return tuple(found)


def pack(mechanisms: dict[str, Mechanism], settings: dict[str, Any]) -> np.ndarray:
    """Parameters of all mechanisms as an array of one record.

    Parameters
    ----------
    settings : dict
        By mechanism, an object with its parameters as attributes (defaults where missing).

    Returns
    -------
    ndarray, shape (1,)
        One record with a field per mechanism, each a record of float32; a choice is the number of its option (see `sim.spec.choice`).
    """
    kind = parameter_type(mechanisms)
    rows = []
    for name, mechanism in mechanisms.items():
        values = numbers_of(settings.get(name) or mechanism.parameters())
        rows.append(tuple(values[key] for key in kind[name].names or ()))
    return np.array([tuple(rows)], kind)
