"""Numbers probably meant by text, percentages, or numbers with a decimal comma."""

from sim.scenario.parsing.widths import narrow

MOST_CHARACTERS = 32
"""Longest text (characters) that is read as a number."""


def as_number(value: object) -> float | None:
    """The number that a value is, or that its text represents; None for other values."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        return None
    text = narrow(str(value)).strip().replace("_", "")
    text, percent = (text[:-1].strip(), True) if text.endswith("%") else (text, False)
    try:
        number = float(text.replace(",", "." if text.count(",") == 1 and len(text.split(",")[1]) != 3 else ""))
    except ValueError:
        return None
    return number / 100 if percent else number


def meant_number(value: object, low: float, high: float, whole: bool = False, open_low: bool = False) -> str | None:
    """The number between `low` and `high` that a value was probably meant to be, as text; None if the value is this number already."""
    number = as_number(value)
    if number is None:
        return None
    if not low <= number <= high and high == 1 and 2 <= number <= 100:
        number /= 100
    if not low <= number <= high or (open_low and number == low) or (whole and not number.is_integer()):
        return None
    text = f"{number:.0f}" if whole else f"{number:.12g}"
    return None if text == str(value) and not isinstance(value, str) else text
