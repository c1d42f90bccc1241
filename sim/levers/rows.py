"""Types of the rows that register levers: instruments, levers of the budget, and stances."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
"""A text by language: ``{"en": ..., "zh": ...}``."""
PACES = ("policing", "media", "mediation", "institution", "slow")
"""Speeds at which the capacity of an instrument follows its funding; time constants are `<pace>_weeks` of the mechanism budget."""


@dataclass(frozen=True)
class Instrument:
    """A use of a lever's money, which becomes capacity in every district. Its key is ``policy.<lever>.split.<name>``.

    Parameters
    ----------
    names : dict
        Displayed name, by language.
    doc : dict
        Description in one line, by language.
    weight : float
        Its part of the lever's share in the reference city, relative to the lever's other instruments (assumption).
    pace : str
        One of `PACES`.
    brings, costs : dict
        Benefits and costs of more of it, by language.
    """

    names: Texts
    doc: Texts
    weight: float
    pace: str
    brings: Texts
    costs: Texts

    def __post_init__(self):
        if self.pace not in PACES:
            raise ValueError(f"{self.names['en']}: no pace {self.pace!r}; paces are {', '.join(PACES)}")


@dataclass(frozen=True)
class BudgetLever:
    """A share of the budget and the instruments that it funds. Its key is ``policy.<name>``.

    Parameters
    ----------
    names, doc : dict
        As in `Instrument`.
    share : float
        Its share of the budget in the reference city (assumption).
    instruments : dict of str to Instrument
    """

    names: Texts
    doc: Texts
    share: float
    instruments: Mapping[str, Instrument]


@dataclass(frozen=True)
class Stance:
    """A choice that costs no budget, ``stance.<name>`` in a scenario; mechanisms read it as ``world.levers[week].<name>``.

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
    doc: Texts
    default: float | str
    brings: Texts
    costs: Texts
    low: float = 0.0
    high: float = 1.0
    unit: str = "share"
    choices: Mapping[str, Texts] = field(default_factory=dict)

    def __post_init__(self):
        if isinstance(self.doc, str):
            object.__setattr__(self, "doc", {"en": self.doc, "zh": self.doc})
        if self.choices and self.default not in self.choices:
            raise ValueError(f"{self.names['en']}: the default {self.default!r} is none of {', '.join(self.choices)}")
