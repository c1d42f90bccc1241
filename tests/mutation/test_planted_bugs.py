"""Bugs planted in copies of the package, one at a time: the everyday tests must find nearly all of them.

Every bug meets the same tests: those of the mechanism in which it stands, if it stands in one, and those of all mechanisms alone and
together, of the ledger and of metrics. Tests that only compare with a hash or a page kept from an earlier run are not among them:
they would find everything and say nothing. A bug counts as caught when a test fails by an assertion; not by code that does not compile.
"""

import ast
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from planted import PACKAGE, Bug, bugs, file_of
from planting import found, planted

from sim.mechanisms import MECHANISMS

ROOT = Path(__file__).parents[2]
COPIED = ("sim", "tests", "docs", "scenarios", "pyproject.toml")
TESTS = ("tests/docking", "tests/attribution", "tests/metrics", "tests/test_simulation.py", "tests/contracts")
PATIENCE = 3600.0
"""Seconds that a machine may take to compile a copy and run all of its tests."""


class Outcome(NamedTuple):
    """What the tests said of one copy: which was the first to fail, and how; both empty when none did."""

    test: str
    message: str

    @property
    def caught(self) -> bool:
        """Whether a test failed by an assertion."""
        return bool(self.test) and self.message.startswith(("AssertionError", "Failed", "assert "))


def copied(bug: Bug | None, folder: Path) -> Path:
    """A copy of the package and its tests in `folder`, with the bug planted (or none)."""
    folder.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    if bug:
        path, text = planted(bug.function, bug.changes, folder / "sim")
        path.write_text(text, encoding="utf-8")
    return folder


def outcome_of(bug: Bug | None, folder: Path) -> Outcome:
    """What the tests say of the package with the bug, or without any."""
    try:
        return run_tests(copied(bug, folder), meets(bug))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def meets(bug: Bug | None) -> list[str]:
    """Tests that the bug meets, those of its own room first; without a bug, all that any bug meets."""
    if bug is None:
        return ["tests/mechanisms", *TESTS]
    room, name = file_of(bug).parts[0], file_of(bug).stem
    first = {"mechanisms": f"tests/mechanisms/test_{name}.py", "attribution": "tests/attribution", "metrics": "tests/metrics"}.get(room)
    own = [first] if first and (ROOT / first).exists() else []
    return [*own, *(path for path in TESTS if path not in own)]


def run_tests(folder: Path, tests: list[str]) -> Outcome:
    """Run tests of a copy, in a process and with machine code of its own, until the first fails."""
    report = folder / "report.xml"
    environment = {**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "kernels"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    here = [sys.executable, "-c", "import sim; print(sim.__file__)"]
    said = subprocess.run(here, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert Path(said.stdout.strip()).is_relative_to(folder), f"the tests would not meet the copy but {said.stdout or said.stderr}"
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode == 0:
        return Outcome("", "")
    return _first_failure(report, done.stdout + done.stderr)


def _first_failure(report: Path, said: str) -> Outcome:
    """The first failure in a report of pytest; an error while collecting or preparing is one that no assertion found."""
    assert report.is_file(), said
    for case in ElementTree.parse(report).iter("testcase"):
        for kind in ("failure", "error"):
            if (found := case.find(kind)) is not None:
                message = found.get("message", "")
                return Outcome(f"{case.get('classname')}::{case.get('name')}", message if kind == "failure" else f"error: {message}")
    raise AssertionError(f"pytest failed and no test did:\n{said}")


def test_every_bug_can_be_planted():
    """In a function that is there, in a form that it has; what comes out is Python, and another than before."""
    wrong = []
    for name, bug in bugs().items():
        try:
            path, text = planted(bug.function, bug.changes, PACKAGE)
        except LookupError as error:
            wrong.append(f"{name}: {error}")
            continue
        compile(text, path.name, "exec")
        before, after = (ast.dump(ast.parse(one)) for one in (path.read_text(encoding="utf-8"), text))
        wrong += [f"{name} changes nothing"] if before == after else []
        wrong += [f"{name}: no test {one}" for one in meets(bug) if not (ROOT / one).exists()]
    assert wrong == []


def test_no_mechanism_is_without_a_bug():
    assert {file_of(bug).stem for bug in bugs().values() if file_of(bug).parts[0] == "mechanisms"} >= set(MECHANISMS)


RIGHT = """def half(x):
    return x / 2


def fades(tile, p):
    \"\"\"Grievance fades.\"\"\"
    left = (  # a comment
        tile.grievance[0] / p.weeks
    )
    return half(left)
"""


@pytest.fixture
def package(tmp_path):
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "fading.py").write_text(RIGHT)
    return tmp_path / "sim"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ([("X / p.weeks", "X")], "left = tile.grievance[0]"),
        ([("X.grievance[Y]", "X.anger[Y]"), ("half(X)", "X")], "left = tile.anger[0] / p.weeks"),
        ([("X = Y / Z", "X = Z / Y")], "left = p.weeks / tile.grievance[0]"),
        ([], "pass"),
    ],
)
def test_a_bug_is_found_by_its_form_not_its_letters(package, changes, wrong):
    _, text = planted("fades", tuple(changes), package)
    assert f"    {wrong}\n" in text
    assert "return x / 2" in text  # the other function is as it was


@pytest.mark.parametrize(("function", "changes"), [("grows", []), ("fades", [("X / p.days", "X")]), ("other.fades", [])])
def test_a_bug_without_a_place_is_refused(package, function, changes):
    with pytest.raises(LookupError):
        planted(function, tuple(changes), package)


def test_one_of_two_functions_of_a_name_is_chosen_by_its_module(package):
    (package / "growing.py").write_text(RIGHT)
    with pytest.raises(LookupError, match="2 functions fades"):
        found("fades", package)
    assert found("growing.fades", package)[0].name == "growing.py"


@pytest.mark.parametrize(
    ("body", "failed", "caught"),
    [
        ("assert sim.answer == 41", False, False),
        ("assert sim.answer == 42", True, True),
        ("pytest.fail('wrong')", True, True),
        ("sim.nothing", True, False),
        ("import nowhere", True, False),
    ],
)
def test_only_a_failed_assertion_counts_as_caught(tmp_path, body, failed, caught):
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").write_text("answer = 41\n")
    (tmp_path / "test_it.py").write_text(f"import pytest\nimport sim\n\ndef test_it():\n    {body}\n")
    outcome = run_tests(tmp_path, ["test_it.py"])
    assert bool(outcome.test) == failed
    assert outcome.caught == caught


@pytest.mark.soak
def test_all_planted_bugs_but_two_are_caught(tmp_path, finding):
    with ThreadPoolExecutor(2) as pool:
        sound, *outcomes = pool.map(lambda bug: outcome_of(bug, tmp_path / (bug.name if bug else "sound")), (None, *bugs().values()))
    missed = [name for name, outcome in zip(bugs(), outcomes, strict=True) if not outcome.caught]
    finding(
        "planted bugs caught",
        part="Planted bugs",
        kind="promise",
        wanted=f"at least {len(bugs()) - 2} of {len(bugs())}, by an assertion",
        found=f"{len(bugs()) - len(missed)} of {len(bugs())}" + (f"; not {', '.join(missed)}" if missed else ""),
        reached=len(missed) <= 2 and not sound.test,
        null="a copy without a bug: " + (f"fails {sound.test}" if sound.test else "every test passes"),
    )
