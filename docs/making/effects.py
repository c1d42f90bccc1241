"""Effects of every lever, instrument and stance, measured in pairs of cities with common random numbers: docs/model/measured.

Situations, changes and the line are those of tests/mechanisms/test_levers.py. For each lever a metric counts as moved when Student's t on
the pairs says so, two-sided, at `ALPHA` shared out over all metrics (Bonferroni): of a thousand levers without any effect about one would
have a metric listed. It has to move by a thousandth of its usual value, too.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from docs.making import versions
from docs.making.cities import ALPHA, SETTINGS, SITUATIONS, Pairs, more
from docs.making.markdown import MODEL, write
from sim.levers import LEVERS
from sim.metrics import METRICS

SEEDS = 12
WORTH = 1e-3
"""Part of its usual value by which a metric has to move."""
TABLE = MODEL / "measured" / "levers.csv"
"""All that was measured: made by `make model-docs PARTS=effects`, not kept in the repository."""
MOVED = MODEL / "measured" / "moved.csv"
"""What moved, which is what the pages read."""
COLUMNS = ("lever", "situation", "metric", "usual", "change", "error", "p", "moved")
KEPT = ("lever", "metric", "usual", "change")
QUICK = {"at": 104, "set": {"policy.public_services": 0.15, "policy.self_governance": 0.3}}
"""A change of the mix, made at once or over a year."""
PACE = "pace of change"
EXTRA = {
    **{lever: ("usual", more(lever), None) for lever in LEVERS},
    PACE: ("usual", {"timeline": [QUICK]}, {"timeline": [{**QUICK, "over": 52}]}),
}
"""What tests/mechanisms/test_levers.py does not have among its settings: whole levers, and changing fast against slowly."""


def arms() -> dict[str, tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """By lever: in which situation it is tried, what is set, and what is set in the cities that it is compared with."""
    return {**EXTRA, **{name: (situation, changes, None) for name, (situation, changes) in SETTINGS.items()}}


def measure() -> None:
    """Run all pairs and write the table."""
    pairs = {name: Pairs(seeds=SEEDS, **settings) for name, settings in SITUATIONS.items()}
    rows = [row for name, arm in arms().items() for row in _rows(name, pairs[arm[0]], *arm)]
    keep([dict(zip(COLUMNS, row, strict=True)) for row in rows])


def keep(rows: list[dict[str, Any]]) -> None:
    """Write all rows, and in fewer columns those of metrics that moved."""
    _write(TABLE, COLUMNS, rows)
    _write(MOVED, KEPT, [row for row in rows if int(row["moved"])])
    versions.keep("effects")


def _write(path: Path, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    write(path, text.getvalue())


def _rows(name: str, pairs: Pairs, situation: str, changes: dict, before: dict | None) -> list[tuple]:
    usual, effect = pairs.arm(before), pairs.effect(changes, before)
    return [(name, situation, metric, *_judged(usual[metric], effect[metric])) for metric in METRICS]


def _judged(usual: np.ndarray, differences: np.ndarray) -> tuple:
    """Usual value, mean change, its standard error, p, and whether the metric moved."""
    if not (np.isfinite(usual).all() and np.isfinite(differences).all()):
        return "", "", "", "", 0
    base, change, error = float(usual.mean()), float(differences.mean()), float(stats.sem(differences))
    p = 2 * stats.t.sf(abs(change) / error, len(differences) - 1) if error > 0 else float(change == 0)
    moved = p < ALPHA / len(METRICS) and abs(change) > WORTH * abs(base)
    return f"{base:.6g}", f"{change:.6g}", f"{error:.3g}", f"{p:.3g}", int(moved)


def read() -> dict[str, list[dict[str, Any]]]:
    """Metrics that each lever moves, the largest relative change first."""
    with MOVED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        usual, change = float(row["usual"]), float(row["change"])
        relative = change / abs(usual) if usual else float("inf")
        found.setdefault(row["lever"], []).append({**row, "usual": usual, "change": change, "relative": relative})
    return {name: sorted(moved, key=lambda row: -abs(row["relative"])) for name, moved in found.items()}
