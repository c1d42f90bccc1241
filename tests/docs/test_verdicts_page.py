"""The page of verdicts on the ready mixes, and the numbers in README, are drawn from the values that are kept."""

import sys
from pathlib import Path

import pandas as pd

sys.path.append(str(Path(__file__).parents[2]))

from docs.making import verdicts


def made():
    """Values of three kinds of comparison for one mix, made up: one survives, one does not, one was open and holds.

    Over every world, one that holds goes the other way.
    """
    known = {"scenario": "balanced", "same": 0, "low": -1.0, "high": 1.0, "luck_share": 0.5, "alone_low": 57.0, "alone_high": 60.0}
    over = [("stability", 60, 0, "holds"), ("satisfaction", 35, 25, "open"), ("offences", 1, 59, "holds")]
    rows = [
        {**known, "metric": name, "n": 60, "better": better, "worse": worse, "median": 0.1, "side": "better", "word": word}
        for name, better, worse, word in over
    ]
    luck = [("stability", True), ("satisfaction", True), ("offences", False)]
    alone = [{"scenario": "balanced", "metric": name, "mean": 0.1, "p": 0.01, "settled": settled} for name, settled in luck]
    words = {"stability": (395, 18, "holds"), "satisfaction": (205, 208, "open"), "offences": (250, 163, "open")}
    every = [{**row, "n": 413, "better": words[row["metric"]][0], "worse": words[row["metric"]][1]} for row in rows]
    every = [{**row, "word": words[row["metric"]][2]} for row in every]
    return pd.DataFrame(rows), pd.DataFrame(every), pd.DataFrame(alone)


def test_what_did_not_survive_is_counted_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(verdicts, "TABLE", tmp_path / "verdicts.csv")
    verdicts.keep(*made(), 60, 5000)
    rows = verdicts.read()
    found = verdicts.counted(rows)
    assert (found["all"], found["settled"], found["holds"], found["open"], found["settled and open"]) == (3, 2, 2, 1, 1)
    assert "`satisfaction` (35 of 60)" in verdicts.text(rows)
    assert "1 of the significant ones do not hold" in verdicts.readme_text(rows)
    assert "2 of the 3 words are those of all 413" in verdicts.text(rows)
    assert "Of the 2 differences that hold over 60, 1 go the other way" in verdicts.text(rows)
    assert "| holds over 60 | 1 | 0 | 1 |" in verdicts.text(rows)


def test_readme_says_what_is_kept():
    text = verdicts.README.read_text(encoding="utf-8")
    assert f"{verdicts.BEGIN}\n{verdicts.readme_text(verdicts.read())}\n{verdicts.END}" in text
    page = verdicts.MODEL / "verdicts.md"
    assert page.exists() == bool(verdicts.pages())
    assert not page.exists() or page.read_text(encoding="utf-8") == verdicts.pages()["verdicts.md"]
