"""What tests measured, collected: printed as a scoreboard, and with ``--findings FOLDER`` put into a folder outside the checkout.

A test asks for the fixture `finding` and calls it for every claim it has tried::

    def test_queue(finding):
        off = ...
        finding("queue of the ladder", wanted="within 5 %", found=f"{off:.1%}", reached=off < 0.05, null="...", null_reached=null < 0.05)

That is the assertion, too: a claim that is not reached fails, unless `would_take` says what it would take. Then it is an honest miss,
and fails as soon as it is reached, so that the note goes. A checked claim says besides whether its null model reaches it by the same
rule: one that the null model reaches, too, or that has none, does not count as reached. Tests write no document: `keep_findings.py` takes
what a session measured into docs/findings and writes the pages (``make findings``, ``make soak``).
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from docs.making import finding_figures  # noqa: E402
from docs.making.findings import CHECKED, KINDS, METHOD, beyond  # noqa: E402

PAGES = {"statistics": "validation"}
"""Page by the folder of the test; of every other folder, and of every claim about a method, `OTHER`."""
OTHER = "reliability"
UNSAID: Any = object()
"""What a null model does where nobody has said it."""


class Findings:
    """Collects what one test found, and asserts it."""

    def __init__(self, request, record_property):
        self.soak = request.node.get_closest_marker("soak") is not None
        self.page = PAGES.get(Path(str(request.node.path)).parent.relative_to(ROOT / "tests").parts[0], OTHER)
        self.folder = request.config.getoption("--findings")
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
        null: str | Callable[[], str] = "",
        null_reached: bool | Callable[[], bool] | None = UNSAID,
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
        null : str or callable
            What the null model gave: the same with the mechanism off, or shuffled. What is costly to find out is given as a function,
            which is called only where findings are kept.
        null_reached : bool or callable, optional
            Whether the null model reaches the claim by the very rule that gives `reached`; None only where there is no null model.
            A checked claim on the page on validation has to say it. A function is called where findings are kept, and where a claim
            that is reached has a `would_take`.
        seeds, source : str
            Seeds that were tried, such as ``1 to 20``; where the target is from.
        would_take : str
            Of a miss, or of a claim that the null model reaches, too: why, and what it would take.
        """
        assert kind in KINDS
        page = OTHER if kind == METHOD else self.page
        unsaid = null_reached is UNSAID
        assert not (unsaid and kind == CHECKED and page == "validation"), f"{claim}: does the null model reach it? (`null_reached`)"
        null = null if isinstance(null, str) else null() if self.kept else ""
        if callable(null_reached):
            null_reached = null_reached() if self.kept or (reached and would_take) else None
        null_reached = None if unsaid or null_reached is None else bool(null_reached)
        text = {"claim": claim, "wanted": wanted, "found": found, "null": null, "seeds": seeds, "source": source, "would_take": would_take}
        verdict = {"reached": bool(reached), "null_reached": null_reached}
        self.record("finding", {"page": page, "part": part, "kind": kind, "soak": self.soak, **verdict, **text})
        if would_take:
            missed = not reached or null_reached
            assert missed, f"{claim}: found {found}, which is what was wanted, not so in the null model: take `would_take` out of the test"
        else:
            assert reached, f"{claim}: wanted {wanted}, found {found}"

    @property
    def kept(self) -> bool:
        """Whether findings are kept: what only the pages show need not be computed otherwise."""
        return self.folder is not None

    def draw(self, name: str, **data: Any) -> None:
        """Draw a figure of `docs.making.finding_figures` from its numbers, which go into the folder of findings where there is one."""
        if self.folder:
            finding_figures.keep(self.folder / "figures", name, **data)
        finding_figures.draw(name, **data)


@pytest.fixture
def finding(request, record_property) -> Findings:
    """Keeps what a test found for the scoreboard and the pages, and asserts it."""
    return Findings(request, record_property)


class Scoreboard:
    """Of all tests of a session: the findings of those that passed, by page and test."""

    def __init__(self, folder: Path | None):
        self.folder = folder
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
        """Print the scoreboard; put it into the folder where one was named."""
        for page, tests in sorted(self.found.items()):
            findings = [finding for _, several in sorted(tests.items()) for finding in several]
            reached, checked = sum(finding["reached"] for finding in findings), [f for f in findings if f["kind"] == CHECKED]
            further = (
                f", {sum(map(beyond, checked))} of {len(checked)} checked ones beyond their null model" if page == "validation" else ""
            )
            terminalreporter.section(f"{page}: {reached} of {len(findings)} reached{further}")
            for finding in findings:
                plain = finding["kind"] == CHECKED and page == "validation" and finding["reached"] and not beyond(finding)
                verdict = "as null" if plain else "reached" if finding["reached"] else "MISSED "
                terminalreporter.line(f"{verdict}  {finding['claim']}: {finding['found']} (wanted: {finding['wanted']})")
        if self.folder and self.found:
            self.folder.mkdir(parents=True, exist_ok=True)
            for page, tests in self.found.items():
                text = json.dumps(tests, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
                (self.folder / f"{page}.json").write_text(text, encoding="utf-8")


def add_option(parser) -> None:
    """The option that names the folder."""
    parser.addoption("--findings", type=Path, metavar="FOLDER", help="put what was measured into a folder, for tests/keep_findings.py")


def collect(config) -> None:
    """Collect findings where reports arrive: in the process that started the others."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Scoreboard(config.getoption("--findings")), "scoreboard")
