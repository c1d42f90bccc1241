"""Declarations of the parts that a plug-in may add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sim.levers.rows import Stance
from sim.mechanisms.base import Mechanism
from sim.metrics.metric import Metric


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
        Bounds of the values at the end of every week.
    unit : str
        Unit of its values; "1" for a share.
    """

    doc: str
    start: float = 0.0
    low: float = 0.0
    high: float = 1.0
    unit: str = "1"


@dataclass(frozen=True)
class Lever(Stance):
    """A numeric stance from outside the package, registered like those of the package, see `sim.levers.rows.Stance`."""


@dataclass(frozen=True, eq=False)
class Plugin:
    """All parts of a plug-in; its module defines one under the name ``PLUGIN``.

    Parameters
    ----------
    mechanisms : iterable of Mechanism
        Each runs at the end of its stage, or before the mechanism given by `Mechanism.before`.
    levers : dict
        `Lever` by name.
    metrics : iterable of Metric
        Functions with the decorator `sim.metrics.metric`, like those of the package.
    conditions, traits : dict
        Fields of communities (`Condition`) and columns of residents (`Trait`) that its mechanisms need, by name.
    counts : dict
        Weekly counts, integers in ``community.now``, by name, with descriptions.
    """

    mechanisms: Iterable[Mechanism] = ()
    levers: Mapping[str, Lever] = field(default_factory=dict)
    metrics: Iterable[Metric] = ()
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    traits: Mapping[str, Trait] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mechanisms", tuple(self.mechanisms))
        object.__setattr__(self, "metrics", tuple(self.metrics))
