"""Run as a script: takes what tests measured into docs/findings, and writes the pages made of it.

    python tests/keep_findings.py FOLDER

FOLDER is what ``pytest --findings FOLDER`` filled. Its findings replace those kept of the same tests, on any page, and get the present
model version; all others stay, unless their test is gone. Numbers of figures replace those of the same name.
"""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from docs.making.findings import FINDINGS, PAGES, write_pages  # noqa: E402
from sim.version import MODEL_VERSION  # noqa: E402


def keep(measured: Path, kept: Path = FINDINGS, root: Path = ROOT) -> None:
    """Put the findings and figures of a folder in the place of those kept of the same tests of `root`."""
    kept.mkdir(parents=True, exist_ok=True)
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(measured.glob("*.json"))}
    measured_tests = {test for tests in found.values() for test in tests}
    for name in {*found, *(page for page in (f"{page}.json" for page in PAGES) if (kept / page).exists())}:
        page, tests = kept / name, found.get(name, {})
        tests = {test: [{**finding, "model": MODEL_VERSION} for finding in findings] for test, findings in tests.items()}
        before = json.loads(page.read_text(encoding="utf-8")) if page.exists() else {}
        gone = {test for test in before if test in measured_tests or not exists(test, root) or replaced(test, measured_tests)}
        others = {test: findings for test, findings in before.items() if test not in gone}
        page.write_text(json.dumps(others | tests, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for numbers in measured.glob("figures/*.json"):
        shutil.copy(numbers, kept)


def exists(test: str, root: Path = ROOT) -> bool:
    """Whether a test of that name still stands in its file."""
    file, _, name = test.partition("::")
    path = root / file
    return path.exists() and f"def {name.partition('[')[0].rpartition('::')[2]}(" in path.read_text(encoding="utf-8")


def replaced(test: str, tests) -> bool:
    """Whether a test has been given parameters since, or has lost them: the same function now goes by other names."""
    function, _, parameters = test.partition("[")
    return any(other.partition("[")[0] == function and bool(other.partition("[")[2]) != bool(parameters) for other in tests)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
    write_pages()
