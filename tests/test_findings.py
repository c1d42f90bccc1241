"""Findings: a claim that is not reached fails, an honest miss passes until it is reached, and documents are written by no test."""

import json

import findings
import pytest
from keep_findings import keep, replaced

pytest_plugins = ["pytester"]

CONFTEST = """from findings import add_option, collect, finding
def pytest_addoption(parser): add_option(parser)
def pytest_configure(config): collect(config)
"""
CLAIM = "finding('claim', part='p', wanted='1', found='{found}', reached={reached}, null_reached={null}, would_take={take!r})"


@pytest.fixture
def run(pytester, monkeypatch):
    """Run one test with a finding in a project of its own."""
    monkeypatch.setattr(findings, "ROOT", pytester.path)
    folder = pytester.path / "tests" / "statistics"
    folder.mkdir(parents=True)
    (pytester.path / "tests" / "conftest.py").write_text(CONFTEST)

    def run(*options, name="test_a", **claim):
        call = CLAIM.format(**{"found": "1", "reached": True, "null": False, "take": "", **claim})
        (folder / "test_claims.py").write_text(f"def {name}(finding):\n    {call}\n")
        return pytester.runpytest_inprocess("tests", *options)

    return run


@pytest.mark.parametrize(("reached", "take", "passes"), [(True, "", 1), (False, "", 0), (False, "more", 1), (True, "more", 0)])
def test_a_claim_passes_when_it_is_reached_or_known_to_be_missed(run, reached, take, passes):
    outcome = run(reached=reached, take=take)
    outcome.assert_outcomes(passed=passes, failed=1 - passes)


def test_the_scoreboard_is_printed_and_nothing_is_written(run, pytester):
    before = {path.name for path in pytester.path.iterdir()}
    outcome = run(found="7")
    outcome.stdout.fnmatch_lines(["*validation: 1 of 1 reached*", "reached  claim: 7 (wanted: 1)"])
    assert {path.name for path in pytester.path.iterdir()} - before <= {".pytest_cache"}


def test_findings_replace_those_of_the_same_test_and_outlive_no_test(run, pytester, tmp_path):
    measured, kept = tmp_path / "measured", tmp_path / "kept"

    def after(**claim):
        run(f"--findings={measured}", **claim)
        keep(measured, kept, pytester.path)
        return json.loads((kept / "validation.json").read_text())

    after(found="7")
    ((test, (found,)),) = after(found="8").items()
    assert test == "tests/statistics/test_claims.py::test_a"
    assert found["found"] == "8"
    assert [*after(name="test_b")] == ["tests/statistics/test_claims.py::test_b"]


def test_findings_of_a_test_without_parameters_go_when_it_gets_some():
    new = ["a.py::test_a[few]"]
    assert replaced("a.py::test_a", new)
    assert not replaced("a.py::test_a[many]", new)
    assert not replaced("a.py::test_ab", new)


def test_what_fails_is_not_kept(run, tmp_path):
    run(f"--findings={tmp_path / 'measured'}", reached=False)
    assert not (tmp_path / "measured").exists()
