"""What tests measured, kept: printed as a scoreboard, and written to docs/findings, from which the pages of docs are made.

A test asks for the fixture `finding` and calls it for every claim it has tried::

    def test_queue(finding):
        waited = ...
        finding("queue of the ladder against M/M/c", wanted="within 5 %", found=f"{waited:.1%}", reached=waited < 0.05, null="...")

That is the assertion, too: a claim that is not reached fails, unless `would_take` says what it would take. Then it is an honest miss,
and fails as soon as it is reached, so that the note goes. With ``--write-findings`` (``make findings``, ``make soak``) the findings of the
tests that ran replace those kept before; all others stay. The pages are written from them by `docs.making.findings`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from docs.making import finding_figures  # noqa: E402
from docs.making.findings import KINDS, write_pages  # noqa: E402

KEPT = ROOT / "docs" / "findings"
PAGES = {"statistics": "validation"}
"""Page by the folder of the test; of every other folder, `OTHER`."""
OTHER = "reliability"


class Findings:
    """Collects what one test found, and asserts it."""

    def __init__(self, request, record_property):
        self.soak = request.node.get_closest_marker("soak") is not None
        self.page = PAGES.get(Path(str(request.node.path)).parent.relative_to(ROOT / "tests").parts[0], OTHER)
        self.writing = request.config.getoption("--write-findings")
        self.record = record_property

    def __call__(
        self,
        claim: str,
        *,
        wanted: str,
        found: str,
        reached: bool,
        part: str,
        kind: str = "checked",
        null: str = "",
        seeds: str = "",
        source: str = "",
        would_take: str = "",
    ) -> None:
        """Keep a finding and assert that it is what was wanted.

        Parameters
        ----------
        claim, wanted, found : str
            What was tried, what had to come out (with its tolerance or false-alarm rate), and what came out.
        reached : bool
            Whether it did.
        part : str
            Heading of the page under which it stands.
        kind : str
            One of `docs.making.findings.KINDS`.
        null : str
            What the null model gave: the same with the mechanism off, or shuffled.
        seeds, source : str
            Luck that was tried, such as ``1 to 20``; where the target is from.
        would_take : str
            Of a miss alone: why it misses and what it would take.
        """
        assert kind in KINDS
        text = {"claim": claim, "wanted": wanted, "found": found, "null": null, "seeds": seeds, "source": source, "would_take": would_take}
        self.record("finding", {"page": self.page, "part": part, "kind": kind, "reached": bool(reached), "soak": self.soak, **text})
        if would_take:
            assert not reached, f"{claim}: found {found}, which is what was wanted: take `would_take` out of the test"
        else:
            assert reached, f"{claim}: wanted {wanted}, found {found}"

    def draw(self, name: str, **data: Any) -> None:
        """Draw a figure of `docs.making.finding_figures` from its numbers, which are kept while findings are written."""
        if self.writing:
            finding_figures.keep(name, **data)
        finding_figures.draw(name, **data)


@pytest.fixture
def finding(request, record_property) -> Findings:
    """Keeps what a test found for the scoreboard and the pages, and asserts it."""
    return Findings(request, record_property)


class Scoreboard:
    """Of all tests of a session: the findings of those that passed, by page and test."""

    def __init__(self, config):
        self.config = config
        self.found: dict[str, dict[str, list[dict]]] = {}

    def pytest_runtest_logreport(self, report):
        """Take the findings of a test that passed."""
        if report.when != "call" or not report.passed:
            return
        for name, finding in report.user_properties:
            if name == "finding":
                kept = {key: value for key, value in finding.items() if key != "page"}
                self.found.setdefault(finding["page"], {}).setdefault(report.nodeid, []).append(kept)

    def pytest_terminal_summary(self, terminalreporter):
        """Print the scoreboard; write it where asked."""
        for page, tests in sorted(self.found.items()):
            findings = [finding for _, several in sorted(tests.items()) for finding in several]
            reached = sum(finding["reached"] for finding in findings)
            terminalreporter.section(f"{page}: {reached} of {len(findings)} reached")
            for finding in findings:
                verdict = "reached" if finding["reached"] else "MISSED "
                terminalreporter.line(f"{verdict}  {finding['claim']}: {finding['found']} (wanted: {finding['wanted']})")
        if self.config.getoption("--write-findings") and self.found:
            self.write()

    def write(self):
        """Put the findings of this session in the place of those kept of the same tests, and write the pages."""
        KEPT.mkdir(parents=True, exist_ok=True)
        for page, tests in self.found.items():
            path = KEPT / f"{page}.json"
            kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            kept = {test: findings for test, findings in kept.items() if exists(test) and not replaced(test, tests)}
            path.write_text(json.dumps({**kept, **tests}, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        write_pages()


def exists(test: str) -> bool:
    """Whether a test of that name still stands in its file."""
    file, _, name = test.partition("::")
    path = ROOT / file
    return path.exists() and f"def {name.partition('[')[0].rpartition('::')[2]}(" in path.read_text(encoding="utf-8")


def replaced(test: str, tests) -> bool:
    """Whether a test has been given parameters since, or has lost them: the same function now goes by other names."""
    function, _, parameters = test.partition("[")
    return any(other.partition("[")[0] == function and bool(other.partition("[")[2]) != bool(parameters) for other in tests)


def add_option(parser) -> None:
    """The option that writes."""
    parser.addoption("--write-findings", action="store_true", help="keep what was found in docs/findings and write the pages made of it")


def collect(config) -> None:
    """Collect findings where reports arrive: in the process that started the others."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Scoreboard(config), "scoreboard")
