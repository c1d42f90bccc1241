"""Types of the rows that register levers: instruments, levers of the budget, and stances."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
"""A text by language: ``{"en": ..., "zh": ...}``."""


@dataclass(frozen=True)
class Instrument:
    """A use of a lever's money, which pays for staff and their work in every district. Its key is ``policy.<lever>.<name>``.

    What its staff costs and does is a figure of the city, see `sim.city.staffing`.

    Parameters
    ----------
    names : dict
        Displayed name, by language.
    doc : dict
        Description in one line, by language.
    weight : float
        Its part of the lever's share, relative to the lever's other instruments, where a scenario gives no split: yuan per resident and
        year in Shanghai 2020, from the table of staff and costs.
    staff, work : dict
        Whom it employs, and the unit of the work that they do, by language.
    brings, costs : dict
        Benefits and costs of more of it, by language.
    """

    names: Texts
    doc: Texts
    weight: float
    staff: Texts
    work: Texts
    brings: Texts
    costs: Texts


@dataclass(frozen=True)
class BudgetLever:
    """A share of the budget and the instruments that it funds. Its key is ``policy.<name>``.

    Parameters
    ----------
    names, doc : dict
        As in `Instrument`.
    share : float
        Its share of the budget where a scenario gives none (assumption).
    instruments : dict of str to Instrument
    """

    names: Texts
    doc: Texts
    share: float
    instruments: Mapping[str, Instrument]


@dataclass(frozen=True)
class Stance:
    """A choice that costs no budget, ``stance.<name>`` in a scenario.

    Mechanisms read it as ``world.policies[week, world.policy_of[d]].<name>`` for district d, or, where it is the whole city's, as
    ``world.levers[week].<name>``.

    Parameters
    ----------
    names : dict
        Displayed name, by language.
    doc : dict or str
        Description in one line, by language; a single text is used for all languages.
    default : float or str
        Default value (assumption).
    brings, costs : dict
        Benefits and costs of a higher value, or of each choice, by language.
    low, high : float
        Bounds of a number, inclusive.
    unit : str
        Unit of a number.
    choices : dict
        Names of the values of a choice, by language, in the order of their codes; empty for a number.
    """

    names: Texts
    doc: Texts | str
    default: float | str
    brings: Texts
    costs: Texts
    low: float = 0.0
    high: float = 1.0
    unit: str = "share"
    choices: Mapping[str, Texts] = field(default_factory=dict)

    def __post_init__(self):
        if self.choices and self.default not in self.choices:
            raise ValueError(f"{self.names['en']}: the default {self.default!r} is none of {', '.join(self.choices)}")

    @property
    def description(self) -> Texts:
        """`doc` by language."""
        return {"en": self.doc, "zh": self.doc} if isinstance(self.doc, str) else self.doc
