"""docs/validation.md and docs/reliability.md say what is kept in docs/findings, of tests that exist."""

import sys
from pathlib import Path

import pytest
from keep_findings import exists

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from docs.making.findings import DOCS, FINDINGS, PAGES, kept, page  # noqa: E402


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_is_kept(name):
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == page(name)


@pytest.mark.parametrize("name", PAGES)
def test_what_is_kept_was_found_by_a_test_that_exists(name):
    assert [test for test in kept(name) if not exists(test)] == []


def test_every_figure_was_drawn_by_a_test_that_exists():
    tests = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert {path.name.partition(".")[0] for path in FINDINGS.glob("*.svg")} <= tests
