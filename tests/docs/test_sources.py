"""docs/sources.md has every source that code, tests and pages cite, and every reference rate; nothing fitted rests on memory."""

import re
from pathlib import Path

import pytest

from sim.scenario.cities.reference_rates import reference_ranges

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
DOI = re.compile(r"(?:doi(?:\.org/|:\s?)|\*\*doi\*\*\s)(10\.\d{4,}/[^\s\"'`,;|\]}<>]+)", re.I)
GENERATED = ("docs/model/", "docs/findings/", "docs/validation.md", "results/", "site/")
CITING = [
    path
    for pattern in ("sim/**/*.py", "tests/**/*.py", "docs/**/*.md", "docs/**/*.py", "scenarios/**/*.csv", "scenarios/**/*.yaml")
    for path in ROOT.glob(pattern)
    if not path.relative_to(ROOT).as_posix().startswith(GENERATED) and path != ROOT / "docs" / "sources.md"
]


def whole(doi: str) -> str:
    """A DOI without what follows it in a sentence: marks, and a bracket that was opened before it."""
    doi = doi.rstrip(".:")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".:")
    return doi


def test_every_doi_that_is_cited_has_a_row():
    cited = {whole(doi): path.relative_to(ROOT).as_posix() for path in CITING for doi in DOI.findall(path.read_text(encoding="utf-8"))}
    assert len(cited) > 80
    assert {doi: path for doi, path in cited.items() if doi.lower() not in PAGE.lower()} == {}


def test_every_reference_rate_has_a_row():
    assert [rate for rate in reference_ranges() if f"`{rate}`" not in PAGE] == []


@pytest.mark.parametrize("preset", ["", "beijing_2020"])
def test_every_range_says_what_was_seen_or_that_it_is_an_assumption(preset):
    notes = {rate: known.note_en for rate, known in reference_ranges(preset).items()}
    assert {rate: note for rate, note in notes.items() if not re.search(r"\d|assumption", note)} == {}


def test_no_number_is_from_memory():
    said = re.compile(r"from memory|to be checked|\[check\]", re.I)
    texts = [ROOT / "sim/scenario/cities/rates.csv", ROOT / "scenarios/cities/staffing.csv", ROOT / "docs/trace.md"]
    texts += [*(ROOT / "sim" / "mechanisms").glob("*.py"), *(ROOT / "sim" / "experiments").rglob("*.py")]
    assert [path.name for path in texts if said.search(path.read_text(encoding="utf-8"))] == []
