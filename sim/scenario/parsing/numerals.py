"""Numbers in common notations of tables: with separators, units and per cent, in full-width digits; and words for unknown values.

Ambiguous text is not read: ``47,000`` is 47 in some countries and 47 thousand in others, and ``-`` may mean unknown or zero.
"""

import re
from typing import NamedTuple

from sim.scenario.parsing.widths import narrow

LONGEST = 32
"""Longest text (characters) that is read as a number."""
UNKNOWN = frozenset(
    "不详 不明 未知 缺失 缺 数据缺失 无数据 暂无数据 待补 待定 n/a #n/a na nan null unknown missing".split(),
)
"""Contents of cells that mark unknown values."""

_PLAIN = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}([, '’])[0-9]{3}(?:\1[0-9]{3})*(\.[0-9]+)?")
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
DOTTED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""A number with a point that may separate thousands, and is ambiguous among integers."""
_MEASURE = re.compile(r"\s*(人次|[人户件起次名家个年])$")
"""Measure words after numbers: ``120件``, ``2024年``."""
_MONEY = re.compile(r"(?:rmb|cny|[¥$€£])\s*|\s*(?:元|rmb|cny|€)$", re.IGNORECASE)


class Kind(NamedTuple):
    """Kind of numbers in a column: range, whether integers, whether money, and whether the file separates cells by commas."""

    low: float
    high: float
    whole: bool = False
    money: bool = False
    commas: bool = True

    def fits(self, value: float) -> bool:
        """Whether a value is valid in the column."""
        return self.low <= value <= self.high and (not self.whole or value.is_integer())


def plain(text: str) -> float | None:
    """The number of a text in plain notation; None for other text."""
    return float(text) if len(text) <= LONGEST and _PLAIN.fullmatch(text) else None


def readings(text: str, kind: Kind) -> list[float]:
    """Possible interpretations of a text as a number in a column, the most likely first; a single one is unambiguous."""
    if len(text) > LONGEST:
        return []
    rest, factor = _without_unit(narrow(text).strip(), kind)
    found = [value * factor for value in _bare(rest, kind.commas)]
    if kind.whole and DOTTED.fullmatch(rest):
        found.append(float(rest.replace(".", "")) * factor)  # 4.452 may mean 4452, and 3.000 may mean 3000
    rounded = [round(value, 6) for value in found]
    return [value for value in dict.fromkeys(rounded) if kind.fits(value)]


def certain(text: str, kind: Kind) -> float | None:
    """The number of a text with a single interpretation and without a point that may separate thousands; otherwise None."""
    found = readings(text, kind)
    return found[0] if len(found) == 1 and not (kind.whole and DOTTED.fullmatch(text)) else None


def unknown(text: str) -> bool:
    """Whether a cell marks an unknown value."""
    return narrow(text).strip().lower() in UNKNOWN


def _without_unit(text: str, kind: Kind) -> tuple[str, float]:
    """Text without its unit, and the factor of the unit."""
    factor = 1.0
    if kind.money:
        text = _MONEY.sub("", text).strip()
    elif kind.whole or kind.high > 1e4:
        text = _MEASURE.sub("", text).strip()
    elif kind.high == 1 and text.endswith("%"):
        return text[:-1].strip(), 0.01
    if kind.high > 1e4 and text.endswith("万"):
        text, factor = text[:-1].strip(), 1e4
    return text, factor


def _bare(text: str, commas: bool) -> list[float]:
    """Possible numbers of a text without unit."""
    found = []
    if _PLAIN.fullmatch(text):
        found.append(float(text))
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        found.append(float(text.replace(grouped[1], "")))
    if _COMMA.fullmatch(text) and not (commas and grouped):
        found.append(float(text.replace(",", ".")))
    return found
