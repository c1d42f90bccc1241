"""What every number people may set has: a type, a unit, a range, a default and a source.

`Spec` is the strict base of every parameter table and of the scenario itself; `parameter` declares one number.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from sim.messages import Message

ASSUMPTION = "assumption"


class Spec(BaseModel):
    """Strict and frozen: unknown keys, wrong types and numbers outside their range are errors.

    Validators are built when first needed: many tables are only parts of others, which have validators of their own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)


def parameter(default: float | int, doc: str, *, unit: str, low: float, high: float, source: str = ASSUMPTION) -> Any:
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
    """
    if not low <= default <= high:
        raise ValueError(f"default {default} outside [{low}, {high}]: {doc}")
    return Field(default=default, ge=low, le=high, description=doc, json_schema_extra={"unit": unit, "source": source})


def meaning(number: FieldInfo) -> Message:
    """What a number of a `Spec` means; in Chinese where the package has words for it, else as it is declared."""
    return Message(number.description or "")
