"""The page of the package's set of worlds, docs/model/worlds.md, and the table of the honesty test.

``python -m docs.making pages --worlds FOLDER`` takes the set and the honesty test that `sanzhi worlds` made in a folder.
"""

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from docs.making import versions
from docs.making.markdown import MODEL, page, table
from sim.describe.worlds import tables
from sim.experiments.worlds import honesty
from sim.experiments.worlds.make import FILE
from sim.worlds.world import CHOICES
from sim.worlds.world_set import SHIPPED, WorldSet, read_worlds

HONESTY = MODEL / "measured" / "honesty.csv"
FEW = 39
"""Worlds below which the end of a middle 90 % lies between the two most extreme ones."""
MOST = 25
"""Coefficients shown that moved most."""


def take(folder: Path) -> None:
    """Ship the set of a folder, and keep its honesty test if it has one.

    Raises
    ------
    UserError
        If the folder has no set of this model.
    """
    read_worlds(folder / FILE)
    shutil.copyfile(folder / FILE, SHIPPED)
    sets = [folder / honesty.file_of(number) for number in range(1, honesty.FOLDS + 1)]
    if all(path.exists() for path in sets):
        left_out = honesty.folds_of()
        found = [row for path, names in zip(sets, left_out, strict=True) for row in honesty.covered(read_worlds(path), names)]
        pd.DataFrame(found).to_csv(HONESTY, index=False, float_format="%.5g")
        versions.keep("honesty")


def text() -> str:
    """The page."""
    if not SHIPPED.exists():
        return page("Worlds of the package", "This version ships no set of worlds.")
    found = read_worlds(any_model=True)
    known = tables(found)
    about, settings = found.about, found.about["settings"]
    return page(
        "Worlds of the package",
        f"{len(found)} worlds of model {about['model']}: of {about['judged']} candidates {about['accepted']} fit "
        f"({about['accepted'] / about['judged']:.0%}). Rates are means over cities of {settings['residents']:,} residents, effects of "
        f"levers over pairs of {settings['small']:,}, with as many seeds as it takes until two standard errors are at most "
        f"{settings['luck']:.2g} of a range. How a set is made, and what for: [plausible worlds](../how_to/worlds.md), "
        "[decision 30](../decisions/0030-plausible-worlds.md).",
        "## Which targets bind",
        "Shares of points inside a range: drawn freely from the prior, and after the first step towards it. *Refused* counts candidates "
        "of which this target was the last reason. A target is loose where the prior alone is inside it, and binds where it refuses.",
        _targets(known["targets"]),
        "## What the set leaves open",
        f"Of {len(known['coefficients'])} coefficients, {_wide(known['coefficients'])} keep at least nine tenths of their prior's spread: "
        "the evidence says nothing of them. Those that it moved or narrowed most:",
        _coefficients(known["coefficients"]),
        "Structural choices, by the share of worlds in which each option stands; all were drawn evenly:",
        table(("choice", "options"), _choices(found)),
    )


def honesty_sections() -> list[str]:
    """What docs/validation.md says of the honesty test; nothing before it was measured."""
    if not HONESTY.exists():
        return []
    with HONESTY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    covered, without, overlaps = (sum(row[key] == "True" for row in rows) for key in ("covered", "without", "overlaps"))
    few = min(int(row["worlds"]) for row in rows)
    said = (
        f"Three sets of at least {few} worlds, each matched without a third of the effects. Of {len(rows)} effects left out, the middle of "
        f"what studies found lies in the middle 90 % of the set, with the model's discrepancy, for **{covered}** "
        f"({covered / len(rows):.0%}; wanted: at least {honesty.ENOUGH:.0%}), without the discrepancy for {without}; the two ranges share "
        f"a value for {overlaps}."
    )
    if few < FEW:
        said += f" With {few} worlds the ends of a range are nearly its extremes, so the test would see only a gross fault."
    if covered < honesty.ENOUGH * len(rows):
        said += (
            " **The test fails**: about effects that it was not told, the set is surer than it should be. Why, and what follows: "
            "[decision 42](decisions/0042-an-honesty-test-that-failed.md)."
        )
    body = [
        (row["effect"], _range(row["known_low"], row["known_high"]), _range(row["low"], row["high"]), row["worlds"], row["covered"])
        for row in rows
    ]
    head = ("effect left out", "studies", "90 % of worlds that were not told, with discrepancy", "worlds", "covered")
    title = "## Plausible worlds: effects that they were not told"
    return [title, *versions.note("honesty", "The numbers of this part"), said, table(head, _yes(body), right=(3,))]


def _yes(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(*row[:-1], "yes" if row[-1] == "True" else "no") for row in rows]


def _range(low: str, high: str) -> str:
    return f"{float(low):.3g} to {float(high):.3g}"


def _targets(rows: pd.DataFrame) -> str:
    shown = [
        (
            f"`{row['target']}`",
            _range(row["low"], row["high"]),
            f"{row['prior_inside']:.0%}",
            f"{row['steered_inside']:.0%}",
            str(row["refused"]),
            f"{row['set_middle']:.3g} ({_range(row['set_low'], row['set_high'])})",
            f"{row['luck']:.2f}",
        )
        for row in rows.sort_values("prior_inside", kind="stable").to_dict("records")
    ]
    head = ("target", "range", "prior inside", "after one step", "refused", "middle of the set (90 %)", "largest luck over range")
    return table(head, shown, right=(2, 3, 4, 6))


def _wide(rows: pd.DataFrame) -> int:
    return int((rows["spread"] >= 0.9).sum())


def _coefficients(rows: pd.DataFrame) -> str:
    moved = (rows["shift"].abs() * 2.0 + (1.0 - rows["spread"]).clip(lower=0.0)).sort_values(ascending=False, kind="stable")
    shown = [
        (
            f"`{row['coefficient']}`",
            f"{row['default']:.3g}",
            f"{row['prior_low']:.3g} to {row['prior_high']:.3g}",
            f"{row['set_middle']:.3g} ({row['set_low']:.3g} to {row['set_high']:.3g})",
            f"{row['spread']:.2f}",
        )
        for row in rows.loc[moved.index[:MOST]].to_dict("records")
    ]
    head = ("coefficient", "default", "prior", "middle of the set (90 %)", "spread over the prior's")
    return table(head, shown, right=(1, 4))


def _choices(found: WorldSet) -> list[tuple[str, str]]:
    rows = []
    for choice in CHOICES:
        shares = found.table[choice.key].value_counts(normalize=True)
        rows.append((f"`{choice.key}`", "; ".join(f"{option} {shares.get(option, 0.0):.0%}" for option in choice.options)))
    return rows
