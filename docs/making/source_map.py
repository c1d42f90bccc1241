"""The table that leads from every construct of the source article to levers, to what they raise and lower, and to tests."""

import csv
from pathlib import Path
from typing import Any, NamedTuple

from docs.making import effects, versions
from docs.making.markdown import page, table
from sim.levers import LEVERS
from sim.metrics import METRICS

ROWS = Path(__file__).with_name("source_map.csv")
SPENDING = ("budget_spent", "budget_unspent", "budget_leaked")
MOST = 5
"""Metrics named on either side of a lever."""


class Row(NamedTuple):
    """A construct of the article: what represents it in the model, its levers, and tests of it."""

    construct: str
    model: str
    levers: tuple[str, ...]
    tests: tuple[str, ...]


def rows() -> list[Row]:
    """The rows, in the order of the article."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return [
            Row(r["construct"], r["model"], tuple(r["levers"].split("; ")), tuple(r["tests"].split("; "))) for r in csv.DictReader(file)
        ]


def text() -> str:
    """The page."""
    moved = effects.read()
    body = [_line(row, moved) for row in rows()]
    named = {lever for row in rows() for lever in row.levers}
    return page(
        "From the source article to the model",
        *versions.note("effects"),
        "Every construct of the article, the levers that represent it, the metrics that they raise and lower, and the tests that show "
        "it. The columns *raises* and *lowers* are measured in pairs of cities with common random numbers, "
        f"{effects.SEEDS} pairs for each lever, in the situations of `tests/mechanisms/test_levers.py` (a lean budget with room for more "
        "of anything; many disputes, offences or rumours for levers that matter only then). A metric is listed when a two-sided t-test "
        f"on the pairs passes at {effects.ALPHA:g} / {len(METRICS)} metrics, so that at most one in {1 / effects.ALPHA:,.0f} levers "
        f"without effect would have a metric listed, and when it changes by {effects.WORTH:.1%} of its usual value. The {MOST} "
        "largest relative changes on either side are shown; `measured/moved.csv` has all significant changes, and `make model-docs "
        "PARTS=effects` "
        "also writes the others.",
        "`↯` marks changes that are usually read as worse. Raised and lowered are directions of a number, not judgements.",
        table(("construct", "in the model", "lever", "raises", "lowers", "shown by"), [cell for line in body for cell in line]),
        "Instruments get an additional 0.15 of the budget; stances are set to the far end of their range (choices to the one named in the "
        "tests); *pace of change* changes the same shares at once instead of over a year.",
        "## Other levers",
        "Each is tested by `test_every_instrument_and_stance_has_two_sides` in `tests/mechanisms/test_levers.py`; the targeting of "
        "patrols affects "
        "blocks more than the city, see `tests/mechanisms/test_patrols.py`.",
        table(("lever", "raises", "lowers"), [_moves(lever, moved) for lever in effects.arms() if lever not in named]),
    )


def _line(row: Row, moved: dict[str, list[dict[str, Any]]]) -> list[tuple[str, ...]]:
    """A row for every lever of a construct; the construct and its tests stand in the first."""
    tests = "<br>".join(_test(name) for name in row.tests)
    lines: list[tuple[str, ...]] = []
    for place, lever in enumerate(row.levers):
        first = (f"**{row.construct}**", row.model) if place == 0 else ("", "")
        lines.append((*first, *_moves(lever, moved), tests if place == 0 else ""))
    return lines


def _moves(lever: str, moved: dict[str, list[dict[str, Any]]]) -> tuple[str, str, str]:
    name = f"`{lever}`" if lever != effects.PACE else f"*{lever}*"
    if lever not in moved:  # every lever moves something: this one is new
        return name, "not measured yet", "not measured yet"
    return name, _side(lever, moved.get(lever, []), 1), _side(lever, moved.get(lever, []), -1)


def _side(lever: str, found: list[dict[str, Any]], sign: int) -> str:
    """Metrics that change in one direction; spending itself is left out for instruments."""
    spends = lever.partition(".")[0] in LEVERS
    rows = [row for row in found if row["change"] * sign > 0 and not (spends and row["metric"] in SPENDING)]
    named = [_change(row) for row in rows[:MOST]]
    more = f", and {len(rows) - MOST} more" if len(rows) > MOST else ""
    return ", ".join(named) + more if named else "none"


def _change(row: dict[str, Any]) -> str:
    better = METRICS[row["metric"]].better
    worse = better != "neither" and (row["change"] > 0) != (better == "more")
    size = f"{row['relative']:+.1%}" if abs(row["relative"]) < 10 else f"{row['usual']:.2g} to {row['usual'] + row['change']:.2g}"
    return f"`{row['metric']}` {size}{' ↯' if worse else ''}"


def _test(name: str) -> str:
    path, _, function = name.partition("::")
    return f"[{Path(path).name}](../../{path})::`{function}`"
