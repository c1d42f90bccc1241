"""docs/validation.md and docs/reliability.md: what tests found, from docs/findings (`make findings`, `make soak`).

Of checked claims those count that hold *beyond their null model*: reached, where the null model does not reach them by the same rule.
"""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from docs.making import finding_figures, versions, worlds
from docs.making.markdown import linked, table, write
from sim.version import MODEL_VERSION

DOCS = Path(__file__).parents[1]
FINDINGS = DOCS / "findings"
TEXTS = DOCS / "making" / "texts"
"""What is said by people: a file ``<page>.md`` each. Its first line is the title; what follows a line ``---`` stands after the tables."""
PAGES = ("validation", "reliability")
MADE = "*Generated from the findings of tests (`make findings`; long ones by `make soak`); do not edit by hand.*"
CHECKED, METHOD = "checked", "method"
KINDS = ("fitted", "built in", CHECKED, "exact", "promise", METHOD)
"""Fitted to; the number itself stands in a parameter; checked, never fitted to; equal to the last decision or bit; a promise to users; a
property of a statistical procedure, on the page on reliability."""
CHANGED = Path(__file__).with_name("changed_claims.csv")
"""Claims that were changed or dropped: old, new (empty where dropped), reason."""
BEFORE = Path(__file__).with_name("claims_before.csv")
"""Checked claims before the changes of this version, measured by the present rule: claim, reached, null_reached."""
PLAIN = "The null model reaches it, too; it would take a yardstick that the null model misses."
UNMEASURED = "Whether the null model reaches it, too, is still to be measured."
NO_NULL = "There is no null model to hold it against; it would take one."


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
    misses = list({finding["claim"]: finding for finding in reversed(findings) if not counts(finding, name)}.values())[::-1]
    sections = [head.strip(), MADE, *_earlier(findings), _summary(findings, misses, name), text.strip()]
    for part, members in parts.items():
        sections += [f"## {part}", _table(members, name), *_pictures(members)]
    sections += worlds.honesty_sections() if name == "validation" else []
    if misses:
        sections += ["## Missed, and what would be needed", "\n".join(map(_miss, misses))]
    sections += _changed() if name == "validation" else []
    return "\n\n".join(section for section in (*sections, after.strip()) if section) + "\n"


def beyond(finding: dict) -> bool:
    """Whether a claim is reached and its null model does not reach it."""
    return finding["reached"] and finding.get("null_reached") is False


def counts(finding: dict, page: str) -> bool:
    """Whether a claim counts as reached: a checked one on the page on validation only beyond its null model."""
    return beyond(finding) if page == "validation" and finding["kind"] == CHECKED else finding["reached"]


def _miss(finding: dict) -> str:
    """A claim that does not count as reached, and what it would take."""
    why = finding["would_take"]
    if finding["reached"]:
        null = f" (null model: {finding['null']})" if finding["null"] else ""
        said = {True: PLAIN, None: NO_NULL}.get(finding.get("null_reached", UNMEASURED), UNMEASURED)
        why = f"Not reached beyond the null model{null}. {why or said}"
    return f"- **{finding['claim']}**: wanted {finding['wanted']}, found {finding['found']}. {why}"


def _changed() -> list[str]:
    """The table of claims that were changed or dropped."""
    rows = _read(CHANGED)
    text = "No claim was loosened to be reached. What was changed, and why:"
    body = table(("claim", "now", "reason"), ((row["old"], row["new"] or "dropped", row["reason"]) for row in rows))
    return ["## Claims that were changed or dropped", text, body] if rows else []


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _earlier(findings: list[dict]) -> list[str]:
    """What is said of rows that were measured with an earlier model."""
    old = sum(model_of(finding) != MODEL_VERSION for finding in findings)
    return [f"*Rows with a number in the column model ({old} of {len(findings)}) are of that earlier model version.*"] if old else []


def model_of(finding: dict) -> str:
    """Version of the model that was measured."""
    return finding.get("model", versions.UNKNOWN)


def _longest(findings: list[dict]) -> list[dict]:
    """Without the short form of a claim whose long form is kept, too."""
    long = {(finding["part"], finding["claim"]) for finding in findings if finding["soak"]}
    return [finding for finding in findings if finding["soak"] or (finding["part"], finding["claim"]) not in long]


def _summary(findings: list[dict], misses: list[dict], name: str) -> str:
    """How many claims count as reached, of each kind where there are several; one tried in a short and in a long form if both do."""
    missed, kind_of = {miss["claim"] for miss in misses}, {finding["claim"]: finding["kind"] for finding in findings}
    of_kind = {kind: [claim not in missed for claim, its in kind_of.items() if its == kind] for kind in KINDS}
    if name == "validation":
        failed = {finding["claim"] for finding in findings if not finding["reached"]}
        hold = sum(claim not in failed for claim, kind in kind_of.items() if kind == CHECKED)
        checked, others = of_kind.pop(CHECKED), " and ".join(_share(marks, kind) for kind, marks in of_kind.items() if marks)
        return (
            f"**Of {len(checked)} checked claims {hold} hold, and {sum(checked)} of these beyond their null model**; the others are"
            f" listed at the end. {_before()}" + (f" Besides, {others} claims hold." if others else "")
        )
    total = f"**{len(kind_of) - len(missed)} of {len(kind_of)} claims hold**"
    shares = [_share(marks, kind) for kind, marks in of_kind.items() if marks]
    total += ": " + ", ".join(shares) if len(shares) > 1 else ""
    return total + (f"; {len(missed)} are missed, listed at the end." if missed else ".")


def _share(marks: Iterable[bool], kind: str) -> str:
    marks = list(marks)
    return f"{sum(marks)} of {len(marks)} {kind}"


def _before() -> str:
    """The same count before the changes of this version, with the claims of then."""
    rows = _read(BEFORE)
    hold = [row for row in rows if row["reached"] == "yes"]
    further = sum(row["null_reached"] == "no" for row in hold)
    return f"Before this version's changes, by the same rule: of {len(rows)} checked claims {len(hold)} held, {further} of these beyond it."


def _table(members: list[dict], name: str) -> str:
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
        "beyond the null": lambda finding: "-" if finding.get("null_reached") is None else "yes" if beyond(finding) else "no",
        "test": lambda finding: f"`{Path(finding['test'].partition('::')[0]).stem}`",
        "model": lambda finding: "" if model_of(finding) == MODEL_VERSION else model_of(finding),
    }
    filled = {column: [cell(finding) for finding in members] for column, cell in columns.items()}
    if name != "validation" or set(filled["beyond the null"]) == {"-"}:
        del filled["beyond the null"]
    filled = {column: cells for column, cells in filled.items() if any(cells)}
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
