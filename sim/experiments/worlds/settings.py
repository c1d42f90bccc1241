"""Settings of a matching."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import UserError
from sim.experiments.arguments import whole
from sim.experiments.worlds.evidence import DISCREPANCY, RATES

METHOD = 2
"""Number of the way in which candidates are steered and judged; another way gives other worlds."""
LUCK = 1.0 / 3.0
"""Luck of a mean (two standard errors) at most, as a share of the range."""


@dataclass(frozen=True)
class Settings:
    """Settings of a matching; together with the evidence they determine every bit of the set.

    Parameters
    ----------
    count : int
        Worlds wanted, at least.
    explored : int
        Points that explore the prior.
    batch : int
        Candidates that are steered and judged together.
    residents : int
        Of the cities in which rates are simulated.
    small : int
        Of those in which effects are simulated.
    luck : float
        Luck of a mean (two standard errors) at most, as a share of the range.
    discrepancy : float
        Of the model in effects, as a share of a range's half-width.
    seed : int
        Of designs and simulations.
    leave_out : tuple of str
        Targets that are measured but neither steered to nor judged.
    """

    count: int = 400
    explored: int = 600
    batch: int = 200
    residents: int = 60_000
    small: int = 20_000
    luck: float = LUCK
    discrepancy: float = DISCREPANCY
    seed: int = 1
    leave_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> "Settings":
        """As a set keeps them."""
        return cls(**{**about, "leave_out": tuple(about["leave_out"])})

    def size(self, what: str) -> int:
        """Residents of the cities in which something is measured."""
        return self.residents if what == RATES else self.small

    def checked(self) -> "Settings":
        """The same; raises `UserError` for numbers that do not make sense."""
        for name, low, high in (
            ("count", 1, 100_000),
            ("explored", 20, 100_000),
            ("batch", 2, 10_000),
            ("residents", 2000, 2_000_000),
            ("small", 2000, 2_000_000),
            ("seed", 0, 2**20),
        ):
            whole(name, getattr(self, name), low, high)
        if not (isinstance(self.luck, (int, float)) and self.luck > 0) or not 0 <= self.discrepancy <= 10:
            raise UserError("worlds: expected luck above 0, and a discrepancy from 0 to 10")
        return self
