"""Error messages of scenario files: what stands there, what was expected, and the key or value that was probably meant."""

from typing import Any

from pydantic import ValidationError

from sim.errors import Problem
from sim.levers import LEVERS
from sim.messages import Joined, Message, Words
from sim.scenario.loading.keys import ELSEWHERE, all_paths, choices_at, expectation, field_at, keys_at, split_of
from sim.scenario.loading.pydantic_words import plain_words
from sim.scenario.parsing.chinese_keys import key_meant
from sim.scenario.parsing.document import Document
from sim.scenario.parsing.meant_numbers import meant_number
from sim.scenario.parsing.scalars import Path, dotted, shown
from sim.scenario.schema.section import number_of
from sim.spec import bounds, open_below
from sim.suggestions import nearest

MOST_STAFF = 100
"""Number up to which what was given for an instrument is probably staff per 10,000 residents, and above which it is money."""
MOST_SUGGESTIONS = 50
"""Number of problems with suggestions: the search for similar names takes time."""


def problems_of(error: ValidationError, document: Document) -> list[Problem]:
    """One problem for each error that has not been reported when the file was read."""
    found: list[Problem] = []
    for details in error.errors(include_url=False):
        path = tuple(part for part in details["loc"] if part != "[key]")
        if not any(path[:length] in document.refused for length in range(len(path) + 1)):
            found.append(_problem(path, details, document, suggest=len(found) < MOST_SUGGESTIONS))
    return found


def _problem(path: Path, details: Any, document: Document, suggest: bool) -> Problem:
    kind = details["type"]
    unknown = kind in ("extra_forbidden", "unknown_key") or details["loc"][-1:] == ("[key]",)
    if unknown:
        got, expected, suggestion = _unknown(path, suggest)
    elif kind == "missing":
        got, expected, suggestion = Message("nothing"), expectation(path) or Message("a value"), None
    elif kind == "mistake":
        got, expected, suggestion = (details["ctx"][name] for name in ("got", "expected", "suggestion"))
        got = _elsewhere(got, details["ctx"].get("also", ()), document)
    else:
        got, expected, suggestion = _value(path, details, suggest)
    return document.problem(path, got, expected, suggestion or None, unknown)


def _elsewhere(got: Words, path: Path, document: Document) -> Words:
    """What was found, with a related location, if any."""
    if not path:
        return got
    location = document.locations.get(path)
    where = f"{location.file}:{location.line}:{location.column}: " if location and location.line else ""
    return Message("{got} ({location})", got=got, location=f"{where}{dotted(path)}")


def _unknown(path: Path, suggest: bool) -> tuple[Words, Words, str | None]:
    key = str(path[-1])
    if path in ELSEWHERE:
        return *ELSEWHERE[path], None
    choices = keys_at(path[:-1])
    if path[:1] == ("timeline",) and path[2:3] == ("set",) and len(path) == 4:
        expected = Message("a lever such as budget, policy.rule_of_law, policy.rule_of_law.split.courts or stance.transparency")
        return Message("the unknown lever {key}", key=shown(key)), expected, nearest(key, choices) if suggest else None
    expected = Message("one of {choices}", choices=Joined(choices)) if choices else Message("no such key")
    return Message("the unknown key {key}", key=shown(key)), expected, _meant(key, choices) if suggest else None


def _meant(key: str, siblings: tuple[str, ...]) -> str | None:
    near = nearest(key, siblings)
    if near:
        return near
    elsewhere = {".".join(map(str, path)): str(path[-1]) for path in all_paths()}
    last = nearest(key, elsewhere.values())
    return next((path for path, name in elsewhere.items() if name == last), None)


def _value(path: Path, details: Any, suggest: bool) -> tuple[Words, Words, str | None]:
    value, context = details["input"], details.get("ctx", {})
    if details["type"] == "unknown_choice":
        choices = context["choices"].split(", ")
        expected: Words = expectation(path) or Message("one of {choices}", choices=Joined(choices))
    else:
        choices = list(choices_at(path))
        expected = _expected(path, details)
    if not suggest:
        return shown(value), expected, None
    if isinstance(value, str) and "：" in value and keys_at(path):
        return shown(value), expected, key_meant(value)
    if isinstance(value, str) and choices:
        return shown(value), expected, nearest(value, choices)
    if path[:1] == ("mechanisms",) and len(path) == 2 and isinstance(value, bool):
        return shown(value), expected, f"{{enabled: {shown(value)}}}"
    return shown(value), expected, _meant_value(path, value)


def _expected(path: Path, details: Any) -> Words:
    context = details.get("ctx", {})
    if details["type"] == "string_too_long":
        return Message("at most {most} characters", most=context["max_length"])
    if details["type"] == "string_too_short":
        return Message("some text")
    known = expectation(path)
    if known:
        return known
    if split_of(path[:-1]):
        return Message("a weight of 0 or more")
    if (path and path[-1] in ("split", "title", "mechanisms")) or split_of(path) or path == ():
        return Message("a mapping with keys such as {keys}", keys=Joined(keys_at(path)[:4]))
    return Message("text") if path[:1] == ("title",) else plain_words(details)


def _meant_value(path: Path, value: Any) -> str | None:
    """The value probably meant by a number written as text, as a percentage or with a decimal comma, or by yes and no."""
    field = field_at(path)
    if path[:1] == ("policy",) and (meant := _meant_amount(path, value)):
        return meant
    if field is None:
        return None
    if field.annotation is bool:
        return {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}.get(str(value).lower())
    if field.annotation is str and number_of(value) is not None:
        return f'"{value}"'
    low, high = bounds(field)
    if low is None or high is None:
        return None
    whole = field.annotation is int or field.annotation == int | None
    return meant_number(value, low, high, whole, open_below(field))


def _meant_amount(path: Path, value: Any) -> str | None:
    """The amount probably meant by a number that is too large for a share of a lever or an instrument: staff of one of them, or money."""
    lever, *part = [one for one in path[1:] if one != "share"] or [""]
    whole, instrument = lever in LEVERS and not part, len(part) == 1 and part[0] in LEVERS.get(str(lever), ())
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not (whole or instrument):
        return None
    if value > MOST_STAFF:
        return f"{{yuan: {value:g}}}"
    return f"{{staff: {value:g}}}" if instrument and value > 1 else None
