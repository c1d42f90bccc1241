"""The paper states the numbers of the documentation, and cites what its bibliography holds."""

import re
import runpy
from pathlib import Path

PAPER = Path(__file__).parents[2] / "paper"


def test_numbers_are_those_of_the_documentation():
    """Where it fails: python paper/numbers.py."""
    text = (PAPER / "paper.md").read_text(encoding="utf-8")
    assert runpy.run_path(str(PAPER / "numbers.py"))["filled"](text) == text


def test_what_is_cited_is_in_the_bibliography_and_the_reverse():
    cited = set(re.findall(r"@([a-z]+\d*)", (PAPER / "paper.md").read_text(encoding="utf-8")))
    held = set(re.findall(r"^@\w+\{(\w+),", (PAPER / "paper.bib").read_text(encoding="utf-8"), re.M))
    assert cited == held


def test_figures_exist():
    for figure in re.findall(r"^!\[.*\]\(([^)]+)\)", (PAPER / "paper.md").read_text(encoding="utf-8"), re.M):
        assert (PAPER / figure).is_file()
