"""Scalars of a scenario by the rules of YAML 1.2, and display of values and paths in messages."""

import re
import sys
import unicodedata
from typing import Any

from sim.messages import Message, Words

WHOLE_FILE = "(file)"
KEY = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_NUMBER = 64
"""Longest number in characters: converting a very long number takes time, and no field needs it."""

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\..*)?([eE].*)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_DIGIT = re.compile("[1-9]")
TINY = Message("0, or a number of at least 2.3e-308: of smaller ones a computer loses digits")
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Refused(Exception):
    """Raised for a refused scalar. Arguments: got, expected and optionally a suggestion."""


def dotted(path: Path) -> str:
    """Path in dotted notation; characters that could harm a terminal are escaped."""
    return ".".join(str(part) if KEY.fullmatch(str(part)) else repr(part)[1:-1] for part in path) or WHOLE_FILE


def shown(value: object, limit: int = 60) -> Words:
    """Short form of a value for a message."""
    if isinstance(value, dict):
        return Message("a mapping") if value else Message("an empty mapping")
    if isinstance(value, (list, tuple)):
        return Message("a list of {count}", count=len(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return Message("nothing")
    text = ascii(value) if isinstance(value, str) and _CONTROL.search(value) else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def plain_value(text: str) -> Any:
    """Value of an unquoted scalar by YAML 1.2's core schema; ambiguous scalars are refused."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text in ("", "~", "null", "Null", "NULL"):
        raise Refused(Message("nothing"), Message("a value (leave the key out for the default)"))
    if _NOT_FINITE.fullmatch(text):
        raise Refused(text, Message("a finite number"))
    if not _FLOAT.fullmatch(text) and not _INTEGER.fullmatch(text):
        return text_value(text)
    if len(text) > MAX_NUMBER:
        raise Refused(Message("a number of {count} characters", count=len(text)), Message("a shorter one"))
    if _LEADING_ZERO.fullmatch(text):
        got = Message("a number that starts with 0 ({number})", number=text)
        raise Refused(got, Message("a number without it, or text in quotes"), _without_zeros(text))
    return _number(text)


def _number(text: str) -> int | float:
    if not _INTEGER.fullmatch(text):
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise Refused(text, Message("a number that fits 64 bits"))
        if is_tiny(value) or (value == 0 and _DIGIT.search(text.lower().partition("e")[0])):
            raise Refused(text, TINY, "0")
        return value
    whole = int(text, 0) if text[:2] in ("0x", "0o") else int(text)
    if not -(2**63) <= whole < 2**63:
        raise Refused(shown(whole), Message("a whole number that fits 64 bits"))
    return whole


def is_tiny(value: object) -> bool:
    """Whether a number is so close to 0 that a float loses some or all of its digits."""
    return isinstance(value, float) and 0 < abs(value) < sys.float_info.min


def _without_zeros(text: str) -> str:
    sign, digits = ("-" if text[0] == "-" else ""), text.lstrip("+-0")
    return sign + (digits if digits[:1].isdigit() else f"0{digits}")


def text_value(text: str) -> str:
    """Text unchanged; control characters and lone surrogates, which harm terminals and files, are refused."""
    found = _CONTROL.search(text)
    if found:
        raise Refused(Message("the control character U+{code:04X}", code=ord(found[0])), Message("printable text"))
    return text


def bad_key(key: str) -> Message:
    """Description of an invalid key."""
    for character in key:
        if (character.isspace() and character != " ") or not character.isprintable():
            if character in "\u00a0\u202f\u2007\u2060\ufeff":
                return Message("a key with the no-break space U+{code:04X}", code=ord(character))
            return Message("a key with the character U+{code:04X}", code=ord(character))
    return Message("the key {key}", key=shown(key)) if key else Message("an empty key")


def plain_key(key: str) -> str | None:
    """The key probably meant: without invisible characters, blanks as underscores."""
    visible = "".join(c for c in key if c.isascii() or unicodedata.category(c) not in ("Cf", "Zs"))
    plain = re.sub(" +", "_", unicodedata.normalize("NFKC", visible).strip())
    return plain if KEY.fullmatch(plain) else None
