"""Figures of the site, drawn when it is built: from numbers that are kept in the repository, and from the source."""

from collections.abc import Callable
from functools import partial

from docs.making import architecture, curves, finding_figures


def figures() -> dict[str, Callable[[], bytes]]:
    """What draws each figure, by its path below docs."""
    responses = {f"model/mechanisms/figures/{name}.svg": partial(curves.picture, name) for name in curves.read()}
    findings = {f"findings/{name}.svg": partial(finding_figures.picture, name) for name in finding_figures.names()}
    return {**responses, **findings, "images/architecture.svg": lambda: architecture.picture().encode()}
