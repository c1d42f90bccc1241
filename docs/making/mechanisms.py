"""A page for every mechanism: its docstring, what it touches, its parameters, and the figure of a response."""

import re
from functools import cache
from pathlib import Path

from docs.making import versions
from docs.making.curve_table import CURVES, Curve
from docs.making.findings import kept
from docs.making.markdown import MODEL, linked, page
from docs.making.specs import spec_table
from sim.levers import INSTRUMENTS, STANCES
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism, acting_through
from sim.metrics import METRICS
from sim.spec import choices_of

PARTS = ("Claim", "Equation", "Source", "Refuted by", "Brings", "Costs")
"""Headings within a docstring."""
CLAIM = re.compile(r'"([^"]+)" \((test_\w+)\)')
"""A claim that a docstring names as tried: the words with which it begins, and the file of its test."""


ODD_TABLE = "| stage | mechanism | what it models |\n| --- | --- | --- |\n"


def pages() -> dict[str, str]:
    """Text of every mechanism's page and of the description of the model that lists them, by its path below docs/model."""
    return {"odd.md": odd(), **{f"mechanisms/{name}.md": mechanism_page(mechanism) for name, mechanism in MECHANISMS.items()}}


def odd() -> str:
    """The description of the model, which is written by hand but for its table of mechanisms."""
    rows = [f"| {one.stage} | [{one.name}](mechanisms/{one.name}.md) | {one.title.partition(': ')[2]} |" for one in MECHANISMS.values()]
    head, _, rest = (MODEL / "odd.md").read_text(encoding="utf-8").partition(ODD_TABLE)
    after = rest[rest.index("\n\n") :]
    return head + ODD_TABLE + "\n".join(rows) + after


def mechanism_page(mechanism: Mechanism) -> str:
    """The page of one mechanism."""
    title, _, body = mechanism.doc.partition("\n")
    touched = {"reads": mechanism.reads, "writes": mechanism.writes, "counts": mechanism.counts}
    lists = [f"- {what}: {', '.join(f'`{name}`' for name in names)}" for what, names in touched.items() if names]
    null = ", ".join(f"`{key}: {value:g}`" for key, value in mechanism.null.items())
    return page(
        title.rstrip("."),
        f"Stage *{mechanism.stage}*, file `sim/mechanisms/{mechanism.name}.py`, key `mechanisms.{mechanism.name}`. All mechanisms: "
        "[parameters](../parameters.md); how they interact: [ODD](../odd.md).",
        *_docstring(body),
        "## What it reads and writes",
        "\n".join(lists),
        f"It has no effect with {null}, or with `enabled: false`.",
        *_levers(mechanism.name),
        *response(mechanism.name, CURVES.get(mechanism.name)),
        "## Parameters",
        spec_table(mechanism.parameters.model_fields),
        *_choices(mechanism),
    )


def _choices(mechanism: Mechanism) -> list[str]:
    """Links to the pages of its structural choices, if it has any."""
    links = [f"[`{key}`](../choices/{mechanism.name}.{key}.md)" for key in choices_of(mechanism.parameters)]
    return [f"Structural choices, whose forms the literature leaves open: {', '.join(links)}."] if links else []


def _docstring(body: str) -> list[str]:
    """Paragraphs of a docstring, its parts named in bold; a multiplication sign is no emphasis."""
    paragraphs = [_judged(" ".join(part.split()).replace("*", "\\*")) for part in re.split(r"\n\s*\n", body) if part.strip()]
    named = [re.sub(rf"^({'|'.join(PARTS)})\.", r"**\1.**", part) for part in paragraphs]
    return [linked(re.sub(r"(^| )(Brings|Costs):", r"\1**\2:**", part)) for part in named]


def _judged(paragraph: str) -> str:
    """A paragraph in which every claim that was tried has its verdict, a link to the page of claims."""
    return CLAIM.sub(lambda match: f'"{match[1]}" ({verdict(match[1], match[2])})', paragraph)


def verdict(begins: str, test: str) -> str:
    """Whether the claims of a test that begin so were reached, as kept in docs/findings."""
    reached = [held for claim, held in _claims().get(test, []) if claim.startswith(begins)]
    if not reached:
        return f"`{test}`: not measured yet"
    said = "held" if all(reached) else "missed" if not any(reached) else f"held in {sum(reached)} of {len(reached)}"
    return f"`{test}`: [{said}](../../validation.md)"


@cache
def _claims() -> dict[str, list[tuple[str, bool]]]:
    """Claims and whether they were reached, by the name of the file that tests them."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for test, claims in kept("validation").items():
        found.setdefault(Path(test.partition("::")[0]).stem, []).extend((one["claim"], one["reached"]) for one in claims)
    return found


def _levers(name: str) -> list[str]:
    acting = [lever for lever in (*INSTRUMENTS, *STANCES) if name in acting_through(lever, MECHANISMS)]
    if not acting:
        return []
    return ["Levers that it reads: " + ", ".join(f"`{key}`" for key in acting) + " ([levers](../levers.md))."]


def response(name: str, curve: Curve | None) -> list[str]:
    """What is swept, what should come out, and the picture; nothing where no figure was drawn yet (`docs.making.curve_table`)."""
    if curve is None:
        return []
    titles = [METRICS[panel.metric].title.lower() + f" ({panel.note})" * bool(panel.note) for panel in curve.panels]
    shown = ", ".join(titles)
    return [
        "## Response",
        *versions.note(f"responses of {name}", "The numbers of this figure"),
        f"![{shown.capitalize()} against {curve.label}](figures/{name}.svg)",
        f"*{curve.label.capitalize()}* (`{curve.key}`), {curve.where}; everything else by default. {curve.expects}",
        "Means over eight seeds; the band is the 95 % interval of the paired difference from the default (dotted).",
    ]
