"""docs/validation.md and docs/reliability.md say what is kept in docs/findings, of tests that exist."""

import sys
from pathlib import Path

import pytest
from keep_findings import exists

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from docs.making import finding_figures  # noqa: E402
from docs.making.findings import DOCS, FINDINGS, PAGES, kept, page  # noqa: E402


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_is_kept(name):
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == page(name)


@pytest.mark.parametrize("name", PAGES)
def test_what_is_kept_was_found_by_a_test_that_exists(name):
    assert [test for test in kept(name) if not exists(test)] == []


def test_numbers_of_every_figure_are_kept_and_found_by_a_test_that_exists():
    tests = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert finding_figures.names() == sorted(finding_figures.FIGURES)
    assert {name.partition(".")[0] for name in finding_figures.FIGURES} <= tests
    assert {path.stem for path in FINDINGS.glob("test_*.json")} == set(finding_figures.FIGURES)


@pytest.mark.parametrize("name", finding_figures.FIGURES)
def test_a_figure_is_drawn_from_what_is_kept(name):
    assert finding_figures.picture(name).startswith(b"<svg")
