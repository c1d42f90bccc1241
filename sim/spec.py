"""What everything people may set has: a type, a unit, a range or options, a default and a source.

`Spec` is the strict base of every parameter table and of the scenario itself; `parameter` declares one number, `choice` one of several
forms that the literature leaves open.
"""

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from sim.messages import Message, language

ASSUMPTION = "assumption"
FORM = "form"
"""The prior of a number that is neutral by itself and stands for one form of a structural choice, which sets it."""
ANCHOR = "anchor"
"""The prior of a number that only states another one: the level at which that other number holds. It claims nothing by itself."""
CHOICE = "choice"
"""Unit of what is set by a name."""


class Spec(BaseModel):
    """Strict and frozen: unknown keys, wrong types and numbers outside their range are errors.

    Validators are built when first needed: many tables are only parts of others, which have validators of their own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)


def parameter(
    default: float | int,
    doc: str,
    *,
    unit: str,
    low: float,
    high: float,
    source: str = ASSUMPTION,
    prior: tuple[float, float] | str | None = None,
) -> Any:
    """Declare one number of a `Spec`.

    Parameters
    ----------
    default : float or int
        Value of the reference city.
    doc : str
        What it means, in one line.
    unit : str
        Its unit, such as "per resident and year" or "weeks"; "1" for a plain factor.
    low, high : float
        Bounds, both allowed.
    source : str
        Where the default comes from. One that names "assumption", "fitted to", "no published size" or "direction" leaves the size open,
        as in "assumption; direction: Penney 2016, doi:..."; all others count as a published value, which no plausible world varies.
    prior : tuple of float or str, optional
        What is known of the value besides the default: the interval of its source, `ANCHOR`, or `FORM`; see `sim.worlds.priors`.

    Raises
    ------
    ValueError
        If the default lies outside its bounds or its prior, or the prior outside the bounds.
    """
    if not low <= default <= high:
        raise ValueError(f"default {default} outside [{low}, {high}]: {doc}")
    extra: dict[str, Any] = {"unit": unit, "source": source}
    if isinstance(prior, tuple):
        if not low <= prior[0] <= default <= prior[1] <= high:
            raise ValueError(f"prior {prior} does not hold {default} within [{low}, {high}]: {doc}")
        prior = list(prior)  # type: ignore[assignment]
    extra |= {} if prior is None else {"prior": prior}
    return Field(default=default, ge=low, le=high, description=doc, json_schema_extra=extra)


class Option(NamedTuple):
    """One form of a structural choice.

    Parameters
    ----------
    en, zh : str
        What it claims.
    sets : dict
        Numbers of the same table that this form fixes, whatever is given for them.
    """

    en: str
    zh: str
    sets: Mapping[str, float] = {}

    @property
    def claim(self) -> str:
        """What it claims, in the language of messages."""
        return self.zh if language() == "zh" else self.en


def choice(default: str, doc: str, options: Mapping[str, Option], *, source: str = ASSUMPTION) -> Any:
    """Declare a structural choice of a `Spec`: one of several forms that the literature leaves open, selected by its name.

    The field is annotated with the same names, as in ``arrest_ratio: Literal["floor", "smooth"] = choice("floor", ...)``. Kernels read
    the number of the chosen option: 0 for the first.

    Parameters
    ----------
    default : str
        Name of the form that the model has unless said otherwise.
    doc : str
        What is chosen, in one line.
    options : dict of Option
        The forms by name.
    source : str
        Who disagrees, or "assumption".
    """
    if default not in options:
        raise ValueError(f"default {default!r} is none of {', '.join(options)}: {doc}")
    told: Any = {name: {"en": one.en, "zh": one.zh, "sets": dict(one.sets)} for name, one in options.items()}
    return Field(default=default, description=doc, json_schema_extra={"unit": CHOICE, "source": source, "options": told})


def extra_of(field: FieldInfo) -> dict[str, Any]:
    """What is told of a field beside its bounds and its meaning: ``unit``, ``source`` and more."""
    extra: Any = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def options_of(field: FieldInfo) -> dict[str, Option]:
    """Forms of a structural choice by name; empty for a number."""
    return {name: Option(**one) for name, one in extra_of(field).get("options", {}).items()}


@functools.cache
def choices_of(kind: type[Spec]) -> dict[str, dict[str, Option]]:
    """Structural choices of a table: their forms by name."""
    return {name: options for name, field in kind.model_fields.items() if (options := options_of(field))}


def numbers_of(values: Spec) -> dict[str, Any]:
    """A table as numbers: a choice as the number of its option, and what that option sets in place of what is given."""
    found = {name: getattr(values, name) for name in type(values).model_fields}
    for name, options in choices_of(type(values)).items():
        chosen = found[name]
        found[name] = list(options).index(chosen)
        found |= options[chosen].sets
    return found


def bounds(field: FieldInfo) -> tuple[Any, Any]:
    """Lower and upper bound of what a field allows; None is no bound."""
    return _rule(field, "ge", "gt"), _rule(field, "le", "lt")


def open_below(field: FieldInfo) -> bool:
    """Whether a field does not allow its lower bound itself."""
    return _rule(field, "gt") is not None


def _rule(field: FieldInfo, *names: str) -> Any:
    found = (getattr(rule, name, None) for name in names for rule in field.metadata)
    return next((value for value in found if value is not None), None)


def meaning(number: FieldInfo) -> Message:
    """What a number or a choice of a `Spec` means; in Chinese where the package has words for it, else as it is declared."""
    return Message(number.description or "")
