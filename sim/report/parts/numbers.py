"""Numbers as text."""

import math
from collections.abc import Sequence

from sim.report.parts.files import NOTHING, Shown
from sim.report.text.catalogue import has, say
from sim.report.text.labels import in_per_cent, unit_of

PERCENT = "\u202f%"
ONE_PLACE = 0.0995
"""Share below which per cent have one decimal."""
FINER = 4
"""Minimum width of an interval in units of its last decimal."""
SMALL, SMALLEST, MOST_PLACES = 0.001, 1e-6, 7
"""Values between the first two are written with two digits; maximum number of decimals."""
NEGLIGIBLE = 0.01
INDEX, INDEX_PLACES = ("index", "mean", "index points"), 4
"""Units of values from 0 to 1, and their decimals beside an interval unless it excludes 0 by less."""

LARGE = {"en": ((1e9, "amount_huge"), (1e6, "amount_large")), "zh": ((1e8, "amount_huge"), (1e4, "amount_large"))}
"""Amounts from which a language counts in millions and billions, or in 万 and 亿, with the key of its text."""
DIGITS = (2, 4)
"""Fewest and most significant digits of an amount beside its interval; one more than the fewest without."""


def number(value: float, name: str = "", sign: bool = False) -> Shown:
    """A value as text: shares in per cent, indices with two decimals, others with about three digits."""
    return percent(value, "+" if sign else "") if in_per_cent(name) else _written(value, _places(value, name, sign), name, sign)


def together(values: Sequence[float], name: str = "", sign: bool = False) -> list[Shown]:
    """A value and the ends of its interval, with the same number of decimals: enough to distinguish the ends from each other and from zero.

    Parameters
    ----------
    values : sequence of float
        Values of one metric; NaN is written as a dash.
    name : str
        The metric.
    sign : bool
        Write a plus sign before positive values, as for differences.
    """
    known = [value for value in values if math.isfinite(value)]
    if len(known) < 2 or max(known) == min(known):
        return [number(value, name, sign) for value in values]
    scale = 100 if in_per_cent(name) else 1
    apart = scale * (max(known) - min(known)) / FINER
    most = max(map(abs, known))
    large = [value for value in known if abs(value) >= NEGLIGIBLE * most]  # a tiny one beside them needs no digits of its own
    least = max(_places(value, name, sign) for value in large) if not in_per_cent(name) else int(most < ONE_PLACE)
    places = max(least, math.ceil(-math.log10(apart)) if apart > 0 else 0)
    if name and unit_of(name) in INDEX:
        places = min(places, INDEX_PLACES)
    nearest = scale * min(map(abs, known))
    if sign and (min(known) > 0 or max(known) < 0) and round(nearest, places) == 0:
        places = math.ceil(-math.log10(nearest))
    return [_written(value, min(places, MOST_PLACES), name, sign) for value in values]


def amounts(values: Sequence[float], lang: str, sign: bool = False) -> list[Shown]:
    """A count or a sum of money and the ends of its interval as people say them: 12,300 or 1.23 million, 1.23万 or 1.2亿.

    Parameters
    ----------
    values : sequence of float
        All are rounded to the same place, which the width of the interval decides, and not to 0 if the interval excludes it; NaN is written
        as a dash.
    lang : str
    sign : bool
        Write a plus sign before positive values, as for differences.
    """
    known = [value for value in values if math.isfinite(value)]
    most = max(map(abs, known), default=0.0)
    size, key = next(((size, key) for size, key in LARGE[lang] if most >= 0.9995 * size), (1.0, ""))
    first = math.floor(math.log10(most / size)) if most else 0
    places = DIGITS[0] - first if most else 0
    if len(known) > 1 and max(known) > min(known):
        apart = math.ceil(-math.log10((max(known) - min(known)) / FINER / size))
        places = min(max(apart, DIGITS[0] - 1 - first), DIGITS[1] - 1 - first)
        nearest = min(map(abs, known)) / size
        if (min(known) > 0 or max(known) < 0) and round(nearest, places) == 0:
            places = math.ceil(-math.log10(nearest))
    return [_amount(value, size, places, key, lang, sign, len(known) < 2) for value in values]


def _amount(value: float, size: float, places: int, key: str, lang: str, sign: bool, alone: bool) -> Shown:
    if not math.isfinite(value):
        return _written(value, 0, "", sign)
    rounded = round(value / size, places)
    text = _tidy(f"{rounded:{'+' if sign else ''},.{max(0, places)}f}")
    text = text.rstrip("0").rstrip(".") if alone and "." in text else text
    if not rounded:
        return Shown("0", value)
    return Shown(say(key, lang, value=text) if key else text, value)


def money(values: Sequence[float], lang: str, currency: str, sign: bool = False) -> list[Shown]:
    """Amounts of money with the name of their currency, an ISO 4217 code."""
    key = f"currency {currency}" if has(f"currency {currency}") else "currency"
    return [Shown(say(key, lang, amount=shown, code=currency), *shown.exact) for shown in amounts(values, lang, sign)]


def _places(value: float, name: str, sign: bool) -> int:
    """Decimals of a single value; two significant digits for small values."""
    size = abs(value)
    if name and unit_of(name) in INDEX:
        return 3 if sign or unit_of(name) == "index points" else 2
    if SMALLEST <= size < SMALL:
        return math.ceil(-math.log10(size)) + 1
    return 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 or size == 0 else 3


def _written(value: float, places: int, name: str, sign: bool) -> Shown:
    if not math.isfinite(value):
        return Shown(NOTHING if value != value else "∞" if value > 0 else "−∞", value)
    shown = _tidy(f"{(100 if in_per_cent(name) else 1) * value:{'+' if sign else ''},.{places}f}")
    return Shown(shown + PERCENT if in_per_cent(name) else shown, value)


def percent(share: float, plus: str = "") -> Shown:
    """A share in per cent, with one decimal below ten per cent, and one significant digit below a tenth of a per cent."""
    return Shown(_percent(share, plus), share)


def _percent(share: float, plus: str) -> str:
    if share != share:
        return NOTHING
    if 0 < abs(share) < 0.0005:
        return _tidy(f"{100 * float(f'{share:.1g}'):{plus}.4g}") + PERCENT if abs(share) >= 5e-7 else f"< 0.0001{PERCENT}"
    digits = 0 if abs(share) >= ONE_PLACE or abs(share * 100 - round(share * 100)) < 0.05 else 1
    return _tidy(f"{100 * share:{plus}.{digits}f}") + PERCENT


def between(low: str, high: str) -> str:
    """A range of two values as text, with the per cent sign once."""
    text = f"{low.removesuffix(PERCENT) if high.endswith(PERCENT) else low}–{high}"
    exact = (*getattr(low, "exact", ()), *getattr(high, "exact", ()))
    return Shown(text, *exact) if len(exact) == 2 else text


def _tidy(shown: str) -> str:
    """A typographic minus, and no sign before zero."""
    return shown.replace("-", "−") if shown.strip("+-0.,") else shown.lstrip("+-")
