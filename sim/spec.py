"""What every number people may set has: a type, a unit, a range, a default and a source.

`Spec` is the strict base of every parameter table and of the scenario itself; `parameter` declares one number.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from sim.messages import Message

ASSUMPTION = "assumption"
ANCHOR = "anchor"
"""The prior of a number that only states another one: the level at which that other number holds. It claims nothing by itself."""


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
        Where the default comes from, or "assumption".
    prior : tuple of float or str, optional
        What is known of the value besides the default: the interval of its source, or `ANCHOR`; see `sim.worlds.priors`.

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


def meaning(number: FieldInfo) -> Message:
    """What a number of a `Spec` means; in Chinese where the package has words for it, else as it is declared."""
    return Message(number.description or "")
