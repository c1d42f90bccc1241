"""Numbers as people write them in tables: with separators, units and per cent, in full-width digits; and words for what is not known.

What may be read in two ways is not read at all: ``47,000`` is 47 in one country and 47 thousand in the next, ``-`` is nothing to one
and zero to the other.
"""

import re
from typing import NamedTuple

from sim.scenario.parsing.widths import narrow

LONGEST = 32
"""Characters of the longest text that is taken for a number."""
UNKNOWN = frozenset(
    "不详 不明 未知 缺失 缺 数据缺失 无数据 暂无数据 待补 待定 n/a #n/a na nan null unknown missing".split(),
)
"""Cells that say that a value is not known."""

_PLAIN = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}([, '’])[0-9]{3}(?:\1[0-9]{3})*(\.[0-9]+)?")
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
DOTTED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""A number with a point that may stand before thousands: among whole numbers, it is not sure what it is."""
_MONEY = re.compile(r"(?:rmb|cny|[¥$€£])\s*|\s*(?:元|rmb|cny|€)$", re.IGNORECASE)


class Kind(NamedTuple):
    """What a column holds: its range, whether whole numbers alone, whether money, and whether the file separates cells by commas."""

    low: float
    high: float
    whole: bool = False
    money: bool = False
    commas: bool = True

    def fits(self, value: float) -> bool:
        """Whether a value may stand in the column."""
        return self.low <= value <= self.high and (not self.whole or value.is_integer())


def plain(text: str) -> float | None:
    """The number that a text is without any reading; None where it is none."""
    return float(text) if len(text) <= LONGEST and _PLAIN.fullmatch(text) else None


def readings(text: str, kind: Kind) -> list[float]:
    """Every number that a text may stand for in a column, the likeliest first; one alone is what is meant."""
    if len(text) > LONGEST:
        return []
    rest, factor = _without_unit(narrow(text).strip(), kind)
    found = [value * factor for value in _bare(rest, kind.commas)]
    if kind.whole and DOTTED.fullmatch(rest):
        found.append(float(rest.replace(".", "")) * factor)  # 4.452 may be 4452, and 3.000 is not surely 3
    rounded = [round(value, 6) for value in found]
    return [value for value in dict.fromkeys(rounded) if kind.fits(value)]


def certain(text: str, kind: Kind) -> float | None:
    """The number that a text stands for, where there is one reading alone and no thousands by a point."""
    found = readings(text, kind)
    return found[0] if len(found) == 1 and not (kind.whole and DOTTED.fullmatch(text)) else None


def unknown(text: str) -> bool:
    """Whether a cell says that the value is not known."""
    return narrow(text).strip().lower() in UNKNOWN


def _without_unit(text: str, kind: Kind) -> tuple[str, float]:
    """Text without its unit, and what the unit multiplies by."""
    factor = 1.0
    if kind.money:
        text = _MONEY.sub("", text).strip()
    elif kind.whole:
        text = text.removesuffix("人").strip()
    elif kind.high == 1 and text.endswith("%"):
        return text[:-1].strip(), 0.01
    if kind.high > 1e4 and text.endswith("万"):
        text, factor = text[:-1].strip(), 1e4
    return text, factor


def _bare(text: str, commas: bool) -> list[float]:
    """Numbers that a text without a unit may be."""
    found = []
    if _PLAIN.fullmatch(text):
        found.append(float(text))
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        found.append(float(text.replace(grouped[1], "")))
    if _COMMA.fullmatch(text) and not (commas and grouped):
        found.append(float(text.replace(",", ".")))
    return found
