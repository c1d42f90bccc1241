"""Base class of the scenario's sections, whose checks across fields are reported together with those of single fields."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NoReturn

from pydantic import ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from sim.messages import Words
from sim.scenario.parsing.scalars import TINY, is_tiny
from sim.spec import Spec

OWN_ERRORS: dict[Any, Any] = {
    "mistake": "got {got}; expected {expected}",
    "unknown_choice": "expected one of {choices}",
    "unknown_key": "unknown key; expected one of {choices}",
}
"""Types of errors of the scenario's own checks, in addition to pydantic's, with their messages."""


class FrozenDict(dict):
    """An immutable dict, so that the hash of a scenario remains valid."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("a scenario does not change; with_changes() makes another one")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse  # type: ignore[assignment]

    def __reduce__(self):
        return FrozenDict, (dict(self),)


def mistake(got: Words, expected: Words, suggestion: Words | None = None, also: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """Error of a validator, with the fields of a `sim.errors.Problem`. `also` is the path of a related value."""
    words: dict[str, Any] = {"got": got, "expected": expected, "suggestion": suggestion or "", "also": also}
    return PydanticCustomError("mistake", OWN_ERRORS["mistake"], words)


def unknown(kind: Literal["unknown_key", "unknown_choice"], choices: Iterable[str]) -> PydanticCustomError:
    """Error for a key or word that is not among the choices."""
    return PydanticCustomError(kind, OWN_ERRORS[kind], {"choices": ", ".join(choices)})


def number_of(value: object, default: float | None = None) -> float | None:
    """`value` if it is a plain number, otherwise the default."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else default


class Section(Spec):
    """A part of a scenario."""

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]:
        """Mistakes in combinations of the `given` fields, each with its path below this section."""
        yield from ()

    @classmethod
    def complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Fill in defaults that depend on other fields."""
        return given

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, data: Any, handler: Any) -> Any:
        if not isinstance(data, dict):
            return handler(data)
        section, errors = None, [InitErrorDetails(type=error, loc=at, input=data) for at, error in cls.across(data)]
        errors += [InitErrorDetails(type=mistake(repr(value), TINY, "0"), loc=at, input=value) for at, value in _tiny(data)]
        try:
            section = handler(cls.complete(data))
        except ValidationError as failed:
            errors = [_again(error) for error in failed.errors(include_url=False)] + errors
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return section


def _tiny(data: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    """Report numbers from Python that are refused in files too, in this section and in plain mappings in it, such as splits."""
    for key, value in data.items():
        if is_tiny(value):
            yield (*above, key), value
        elif key == "split" and isinstance(value, dict):
            yield from _tiny(value, (key,))


def _again(error: Any) -> InitErrorDetails:
    kind, context = error["type"], error.get("ctx", {})
    if kind in OWN_ERRORS:
        return InitErrorDetails(type=PydanticCustomError(kind, OWN_ERRORS[kind], context), loc=error["loc"], input=error["input"])
    return InitErrorDetails(type=kind, loc=error["loc"], input=error["input"], ctx=context)
