"""What issue 18 wanted, and what was reached: one row a figure, one column a level of processor."""

from collections.abc import Callable, Iterator

from benchmarks.levels import BEFORE, NUMPY
from benchmarks.measure import Figure, number

Found = dict[str, dict[str, Figure]]
Value = Callable[[Found, str], float]
HEADS = ("figure", "in the issue", "floor", "goal")
YARDSTICK = "NumPy, four mechanisms"


def targets(found: Found, large: int) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """Heads and rows of the table.

    Parameters
    ----------
    found : dict
        From `benchmarks.levels.measure`.
    large : int
        Residents of the largest city.
    """
    levels = [name for name in found["compile"] if "before" not in name]
    rows = ((*row, *(cell(found, level) for level in levels)) for *row, cell in _rows(large))
    said = f" (in brackets: {BEFORE})" if len(levels) < len(found["compile"]) else ""
    return (*HEADS, *(level + said for level in levels)), rows


def _rows(large: int):
    """Figure, the issue's figure before, floor, goal, and the function that shows it."""
    week, four = over("kernels, larger city", YARDSTICK), over("kernels, four mechanisms", YARDSTICK)
    yield (
        "the whole week against the NumPy yardstick (four mechanisms), per core: times as fast as before",
        "1",
        "1.6x",
        "2.5x",
        gain(week, _numpy),
    )
    yield "the same four mechanisms against the NumPy yardstick, per core: times as fast as before", "1", "1.6x", "2.5x", gain(four, _numpy)
    yield "the whole week against Mesa objects, per core", "961x", "1,500x", "2,500x", beside(over("kernels", "Mesa objects"), times)
    yield "whole runs/s against kernels alone", "0.74", "0.85", "0.92", beside(over("whole runs", "kernels alone"), number)
    yield (
        "whole runs/s over the pool: times as many as before",
        "1",
        "2x",
        "4x",
        gain(median("pool"), lambda rate: f"{number(rate)} runs/s"),
    )
    stream = beside(median("share of STREAM"), lambda share: f"{share:.0%}")
    yield f"bytes moved against STREAM, {large:,} residents", "36 to 37%", "45%", "60%", stream
    peak = beside(median("peak"), lambda megabytes: f"{megabytes / 1e3:.2f} GB")
    yield f"peak memory with building, {large:,} residents", "3.56 GB", "3.0 GB", "2.2 GB", peak
    yield f"first week, warm, against `{NUMPY}` (processor time)", "-", "6x", "3x", beside(_first_week, times)
    compiling = gain(median("compile"), lambda seconds: f"{number(seconds)} s", lambda ratio: f"{1 - ratio:.0%} less")
    yield "cold compile and first week (processor time)", "about a minute", "40% less", "70% less", compiling


def median(what: str) -> Value:
    """The figure itself."""
    return lambda found, case: found[what][case].median


def over(what: str, other: str) -> Value:
    """The ratio of two figures of the same processes."""
    return lambda found, case: found[what][case].median / found[other][case].median


def _first_week(found: Found, case: str) -> float:
    return found["first week"][case].median / found["first week"][NUMPY].median


def times(ratio: float) -> str:
    """A ratio as text."""
    return f"{number(ratio)}x"


def _numpy(ratio: float) -> str:
    return f"{times(ratio)} NumPy"


def beside(value: Value, show: Callable[[float], str]):
    """Cells with this version's figure, and in brackets the earlier one's."""

    def cell(found: Found, level: str) -> str:
        now, before = _both(value, found, level)
        return "not enough memory" if now is None else show(now) + ("" if before is None else f" ({show(before)})")

    return cell


def gain(value: Value, show: Callable[[float], str], compare: Callable[[float], str] = times):
    """Cells with the ratio of this version's figure to the earlier one's, then both figures."""
    plain = beside(value, show)

    def cell(found: Found, level: str) -> str:
        now, before = _both(value, found, level)
        return plain(found, level) if now is None or before is None else f"{compare(now / before)}: {plain(found, level)}"

    return cell


def _both(value: Value, found: Found, level: str) -> list[float | None]:
    """The figures of this version and of the earlier one, where they were measured."""
    return [_tried(value, found, case) for case in (level, f"before, {level}")]


def _tried(value: Value, found: Found, case: str) -> float | None:
    try:
        return value(found, case)
    except KeyError:
        return None
