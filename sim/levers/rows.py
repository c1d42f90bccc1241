"""What the row of a lever says: an instrument's, that of a lever of the budget, or a stance's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
"""A text by language: ``{"en": ..., "zh": ...}``."""
PACES = ("policing", "media", "mediation", "institution", "slow")
"""How fast the capacity of an instrument follows its money; the weeks are `<pace>_weeks` of the mechanism budget."""


@dataclass(frozen=True)
class Instrument:
    """A use of a lever's money, which becomes capacity in every district. Its key is ``policy.<lever>.split.<name>``.

    Parameters
    ----------
    names : dict
        What people call it, by language.
    doc : dict
        What it is, in one line, by language.
    weight : float
        Its part of the lever's share in the reference city, relative to the lever's other instruments (assumption).
    pace : str
        One of `PACES`.
    brings, costs : dict
        What more of it gives and takes, by language.
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
    """A share of the budget and the instruments that it pays for. Its key is ``policy.<name>``.

    Parameters
    ----------
    names, doc : dict
        As of an `Instrument`.
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
        What people call it, by language.
    doc : dict or str
        What it means, in one line, by language; a text alone serves all languages.
    default : float or str
        Its value unless a scenario says otherwise (assumption).
    brings, costs : dict
        What more of it gives and takes, by language; of a choice, what choosing it does.
    low, high : float
        Bounds of a number, both allowed.
    unit : str
        Unit of a number.
    choices : dict
        Names of the values of a choice, by language, in the order of their codes; none where it is a number.
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
