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
CLAIM = (
    "finding('claim', part='p', wanted='1', found='{found}', reached={reached}, null_reached={null}, kind='{kind}', would_take={take!r})"
)


@pytest.fixture
def run(pytester, monkeypatch):
    """Run one test with a finding in a project of its own."""
    monkeypatch.setattr(findings, "ROOT", pytester.path)
    folder = pytester.path / "tests" / "statistics"
    folder.mkdir(parents=True)
    (pytester.path / "tests" / "conftest.py").write_text(CONFTEST)

    def run(*options, name="test_a", **claim):
        call = CLAIM.format(**{"found": "1", "reached": True, "null": False, "kind": "checked", "take": "", **claim})
        (folder / "test_claims.py").write_text(f"def {name}(finding):\n    {call}\n")
        return pytester.runpytest_inprocess("tests", *options)

    return run


@pytest.mark.parametrize(("reached", "take", "passes"), [(True, "", 1), (False, "", 0), (False, "more", 1), (True, "more", 0)])
def test_a_claim_passes_when_it_is_reached_or_known_to_be_missed(run, reached, take, passes):
    outcome = run(reached=reached, take=take)
    outcome.assert_outcomes(passed=passes, failed=1 - passes)


@pytest.mark.parametrize(("null", "take", "passes"), [(True, "more", 1), ("lambda: True", "more", 1), (False, "more", 0), (True, "", 1)])
def test_a_claim_that_its_null_model_reaches_too_may_say_what_it_would_take(run, null, take, passes):
    outcome = run(null=null, take=take)
    outcome.assert_outcomes(passed=passes, failed=1 - passes)


def test_a_checked_claim_says_whether_its_null_model_reaches_it(run):
    run(null="__import__('findings').UNSAID").assert_outcomes(failed=1)
    run(null="__import__('findings').UNSAID", kind="built in").assert_outcomes(passed=1)
    run(null=None).assert_outcomes(passed=1)


@pytest.mark.parametrize(("null", "beyond", "verdict"), [(False, 1, "reached"), (True, 0, "as null"), (None, 0, "as null")])
def test_only_claims_beyond_their_null_model_count(run, null, beyond, verdict):
    outcome = run(null=null)
    outcome.stdout.fnmatch_lines(
        [f"*validation: 1 of 1 reached, {beyond} of 1 checked ones beyond their null model*", f"{verdict}  claim*"]
    )


def test_what_a_method_does_is_kept_under_reliability_from_then_on(run, pytester, tmp_path):
    measured, kept = tmp_path / "measured", tmp_path / "kept"
    for kind in ("checked", "method"):
        run(f"--findings={measured}", kind=kind)
        keep(measured, kept, pytester.path)
        for page in measured.glob("*.json"):
            page.unlink()
    assert json.loads((kept / "validation.json").read_text()) == {}
    assert [*json.loads((kept / "reliability.json").read_text())] == ["tests/statistics/test_claims.py::test_a"]


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
