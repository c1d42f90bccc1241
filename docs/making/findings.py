"""docs/validation.md and docs/reliability.md: what tests found, from docs/findings (`make findings`, `make soak`)."""

import json
from pathlib import Path

from docs.making import finding_figures, versions
from docs.making.markdown import linked, table, write
from sim.version import MODEL_VERSION

DOCS = Path(__file__).parents[1]
FINDINGS = DOCS / "findings"
TEXTS = DOCS / "making" / "texts"
"""What is said by people: a file ``<page>.md`` each. Its first line is the title; what follows a line ``---`` stands after the tables."""
PAGES = ("validation", "reliability")
MADE = "*Generated from the findings of tests (`make findings`; long ones by `make soak`); do not edit by hand.*"
KINDS = ("fitted", "built in", "checked", "exact", "promise")
"""Fitted to; the number itself stands in a parameter; checked, never fitted to; equal to the last decision or bit; a promise to users."""


def kept(page: str) -> dict[str, list[dict]]:
    """Findings of a page, by test."""
    path = FINDINGS / f"{page}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def page(name: str) -> str:
    """Text of a page: how many claims hold, a table for each part, then every miss with what it would take."""
    findings = _longest([{**finding, "test": test} for test, several in kept(name).items() for finding in several])
    parts: dict[str, list[dict]] = {}
    for finding in sorted(findings, key=lambda finding: finding["test"]):
        parts.setdefault(finding["part"], []).append(finding)
    head, _, text = (TEXTS / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    text, _, after = text.partition("\n---\n")
    misses = list({finding["claim"]: finding for finding in reversed(findings) if not finding["reached"]}.values())[::-1]
    sections = [head.strip(), MADE, *_earlier(findings), text.strip(), _summary(findings, misses)]
    for part, members in parts.items():
        sections += [f"## {part}", _table(members), *_pictures(members)]
    if misses:
        lines = [f"- **{miss['claim']}**: wanted {miss['wanted']}, found {miss['found']}. {miss['would_take']}" for miss in misses]
        sections += ["## Missed, and what would be needed", "\n".join(lines)]
    return "\n\n".join(section for section in (*sections, after.strip()) if section) + "\n"


def _earlier(findings: list[dict]) -> list[str]:
    """What is said of numbers of an earlier model: of all, or of the rows of which the column `model` says so."""
    old = [finding for finding in findings if model_of(finding) != MODEL_VERSION]
    if len(old) == len(findings):
        return [versions.earlier(model_of(old[0]), "The numbers on this page")] if old else []
    return [f"*Rows with a number in the column model ({len(old)} of {len(findings)}) are of that earlier model version.*"] if old else []


def model_of(finding: dict) -> str:
    """Version of the model that was measured."""
    return finding.get("model", versions.UNKNOWN)


def _longest(findings: list[dict]) -> list[dict]:
    """Without the short form of a claim whose long form is kept, too."""
    long = {(finding["part"], finding["claim"]) for finding in findings if finding["soak"]}
    return [finding for finding in findings if finding["soak"] or (finding["part"], finding["claim"]) not in long]


def _summary(findings: list[dict], misses: list[dict]) -> str:
    """How many claims hold, of each kind where there are several; one tried in a short and in a long form holds if both do."""
    missed, kind_of = {miss["claim"] for miss in misses}, {finding["claim"]: finding["kind"] for finding in findings}
    total = f"**{len(kind_of) - len(missed)} of {len(kind_of)} claims hold**"
    kinds = [kind for kind in KINDS if kind in kind_of.values()]
    if len(kinds) > 1:
        of_kind = {kind: [claim not in missed for claim, its in kind_of.items() if its == kind] for kind in kinds}
        total += ": " + ", ".join(f"{sum(hold)} of {len(hold)} {kind}" for kind, hold in of_kind.items())
    return total + (f"; {len(missed)} are missed, listed at the end." if missed else ".")


def _table(members: list[dict]) -> str:
    """Columns that say nothing in this part are left out."""
    columns = {
        "what": lambda finding: finding["claim"] + (" *(long form)*" if finding["soak"] else ""),
        "": lambda finding: "" if finding["kind"] == "promise" else finding["kind"],
        "wanted": lambda finding: finding["wanted"],
        "found": lambda finding: finding["found"],
        "null model": lambda finding: finding["null"],
        "seeds": lambda finding: finding["seeds"],
        "verdict": lambda finding: "reached" if finding["reached"] else "**missed**",
        "source": lambda finding: linked(finding["source"]),
        "test": lambda finding: f"`{Path(finding['test'].partition('::')[0]).stem}`",
    }
    if any(model_of(finding) == MODEL_VERSION for finding in members):
        columns["model"] = lambda finding: "" if model_of(finding) == MODEL_VERSION else model_of(finding)
    filled = {name: [cell(finding) for finding in members] for name, cell in columns.items()}
    filled = {name: cells for name, cells in filled.items() if any(cells)}
    return table(list(filled), zip(*filled.values(), strict=True))


def _pictures(members: list[dict]) -> list[str]:
    """Figures that the tests of a part drew: ``<file of the test>.<what>.svg``."""
    stems = sorted({Path(finding["test"].partition("::")[0]).stem for finding in members})
    figures = [name for stem in stems for name in finding_figures.names() if name.startswith(f"{stem}.")]
    return [f"![{name.partition('.')[2].replace('_', ' ')}](findings/{name}.svg)" for name in figures]


def write_pages() -> None:
    """Write both pages from what is kept."""
    for name in PAGES:
        write(DOCS / f"{name}.md", page(name))
