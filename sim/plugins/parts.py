"""What a plug-in may bring, as it declares it."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.mechanisms.base import Mechanism
from sim.notes import StanceNote
from sim.spec import parameter

if TYPE_CHECKING:
    import numpy as np

GROUPS = ("stability", "satisfaction", "price", "fairness", "flow", "state", "rate")
"""Groups of metrics that a plug-in may add to."""
DIRECTIONS = ("more", "less", "neither")


@dataclass(frozen=True)
class Condition:
    """A field of communities that units write and residents read, as ``community.<name>``: a 32-bit float.

    Parameters
    ----------
    doc : str
        What it means.
    start : float
        Its value in the city as built.
    """

    doc: str
    start: float = 0.0


@dataclass(frozen=True)
class Trait:
    """A column of residents, as ``tile.<name>``: a 32-bit float.

    Parameters
    ----------
    doc : str
        What it means.
    start : float
        Its value in the city as built.
    low, high : float
        Bounds that hold at the end of every week.
    unit : str
        Unit of its values; "1" for a share.
    """

    doc: str
    start: float = 0.0
    low: float = 0.0
    high: float = 1.0
    unit: str = "1"


@dataclass(frozen=True)
class Lever:
    """A stance that a scenario sets as ``stance.<name>`` and a mechanism reads as ``world.levers[week].<name>``.

    Parameters
    ----------
    names : dict
        What people call it, by language.
    doc : str
        What it means, in one line.
    default, low, high : float
        Its value unless a scenario says otherwise, and its bounds.
    brings, costs : dict
        What more of it gives and takes, by language.
    through : tuple of str
        Mechanisms through which it acts.
    unit : str
        Its unit.
    """

    names: Mapping[str, str]
    doc: str
    default: float
    low: float
    high: float
    brings: Mapping[str, str]
    costs: Mapping[str, str]
    through: tuple[str, ...]
    unit: str = "share"

    @property
    def parameter(self) -> Any:
        """Its field in a scenario."""
        return parameter(float(self.default), self.doc, unit=self.unit, low=float(self.low), high=float(self.high))

    @property
    def note(self) -> StanceNote:
        """What it brings and costs, as the notes of the package have it."""
        return StanceNote(self.brings["en"], self.costs["en"], tuple(self.through))


@dataclass(frozen=True)
class Metric:
    """A named number of every week.

    Parameters
    ----------
    function : callable
        Of a `sim.metrics.record.Record`, the counts of a run; gives an array of shape (weeks, 1 + districts), the city first.
    unit : str
        Its unit, such as "share" or "per 1,000 residents and year".
    titles : dict
        Title by language.
    doc : str
        How it is defined, in one line.
    better : str
        "more", "less" or "neither": how its direction is usually read.
    group : str
        One of `GROUPS`.
    low, high : float
        Bounds.
    """

    function: "Callable[[Any], np.ndarray]"
    unit: str
    titles: Mapping[str, str]
    doc: str
    better: str = "neither"
    group: str = "state"
    low: float = 0.0
    high: float = math.inf


@dataclass(frozen=True, eq=False)
class Plugin:
    """All that a plug-in brings; the module has it under the name ``PLUGIN``.

    Parameters
    ----------
    mechanisms : iterable of Mechanism
        Each stands at the end of its phase, or before the mechanism that it names (`Mechanism.before`).
    levers, metrics : dict
        `Lever` and `Metric`, by name.
    conditions, traits : dict
        Fields of communities (`Condition`) and columns of residents (`Trait`) that its mechanisms need, by name.
    counts : dict
        Counts of the week, whole numbers in ``community.now``, by name, each with what it counts.
    """

    mechanisms: Iterable[Mechanism] = ()
    levers: Mapping[str, Lever] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    traits: Mapping[str, Trait] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "mechanisms", tuple(self.mechanisms))
