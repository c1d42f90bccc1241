"""Names of patterns, as used in tables: ``moran recorded``, ``gradient satisfaction by hardship``.

| name | what it is |
|---|---|
| ``moran COUNT`` | Moran's I of events per resident |
| ``concentration COUNT`` | share of events in the worst tenth of areas |
| ``gini COUNT`` | Gini coefficient, 0 for the most even distribution of as many events, 1 for all in one area |
| ``gradient COLUMN by hardship`` | slope index, from least to most hardship; of a count as a share of its mean |
| ``lag COUNT by hardship`` | log rate per standard deviation of the neighbours' hardship, own hardship held fixed |
| ``elasticity COLUMN to COLUMN`` | slope between logarithms over areas |
| ``elasticity METRIC to KEY`` | the same over paired runs that differ in a key of the scenario |
| ``gap COLUMN against COLUMN`` | reported against true values |
| ``jump COLUMN at COLUMN NUMBER`` | jump of the first where the second passes a number |
"""

from dataclasses import dataclass

from sim.messages import Joined, Message, Words
from sim.metrics import METRICS
from sim.metrics.tables import COMMUNITY_COUNTS, COMMUNITY_MEANS

COUNTS = (*COMMUNITY_COUNTS, "active_weeks")
"""Columns that count events of a year."""
SHARES = (*COMMUNITY_MEANS, "volunteers")
"""Columns that are means or shares between 0 and 1."""
REPORTED = {"recorded": "offences", "reported_performance": "performance", "resolved_share": "pleased_share"}
"""Reported columns, and the true ones."""
FORMS = {
    "moran": "moran COUNT",
    "concentration": "concentration COUNT",
    "gini": "gini COUNT",
    "gradient": "gradient COLUMN by hardship",
    "lag": "lag COUNT by hardship",
    "elasticity": "elasticity COLUMN to COLUMN, or elasticity METRIC to KEY",
    "gap": "gap COLUMN against COLUMN",
    "jump": "jump COLUMN at COLUMN NUMBER",
}
LINKS = {"gradient": "by", "lag": "by", "elasticity": "to", "gap": "against", "jump": "at"}


@dataclass(frozen=True)
class Pattern:
    """A pattern: its kind, its columns or metric, and its number."""

    kind: str
    of: str
    by: str = ""
    at: float | None = None

    @property
    def name(self) -> str:
        """The name, as used in tables."""
        parts = [self.kind, self.of, LINKS.get(self.kind, ""), self.by, "" if self.at is None else f"{self.at:g}"]
        return " ".join(filter(None, parts))

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of areas that it needs; none for a pattern over runs."""
        if self.over_runs:
            return ()
        places = ("x", "y") if self.kind in ("moran", "lag") else ()
        return tuple(filter(None, (self.of, self.by, *places)))

    @property
    def over_runs(self) -> bool:
        """Whether it is computed over paired runs rather than over areas."""
        return self.kind == "elasticity" and ("." in self.by or self.by == "budget")


def parse(text: str) -> tuple[Pattern | None, Words]:
    """The pattern of a name, or None and the expected form."""
    kind, *rest = text.split()
    link = LINKS.get(kind)
    if kind not in FORMS:
        return None, Message("a metric, or a pattern such as {forms}", forms=Joined(FORMS.values(), "; "))
    if link is None and len(rest) == 1 and rest[0] in COUNTS:
        return Pattern(kind, rest[0]), ""
    if link is not None and len(rest) == (4 if kind == "jump" else 3) and rest[1] == link:
        found = _linked(kind, rest)
        if found is not None:
            return found, ""
    return None, _expected(kind)


def _expected(kind: str) -> Message:
    """The form of a kind of pattern, and the allowed words."""
    form = Message("{form}, with COUNT one of {counts}", form=FORMS[kind], counts=Joined(COUNTS))
    if kind in ("moran", "concentration", "gini", "lag"):
        return form
    columns = (*REPORTED, *REPORTED.values()) if kind == "gap" else SHARES
    return Message("{message} and COLUMN one of these or of {columns}", message=form, columns=Joined(columns))


def _linked(kind: str, rest: list[str]) -> Pattern | None:
    of, by = rest[0], rest[2]
    column = (*COUNTS, *SHARES)
    if kind == "gradient":
        return Pattern(kind, of, by) if of in column and by == "hardship" else None
    if kind == "lag":
        return Pattern(kind, of, by) if of in COUNTS and by == "hardship" else None
    if kind == "gap":
        return Pattern(kind, of, by) if REPORTED.get(of) == by else None
    if kind == "elasticity":
        found = Pattern(kind, of, by)
        fits = of in METRICS if found.over_runs else of in column and by in (*column, "hardship") and of != by
        return found if fits else None
    try:
        at = float(rest[3])
    except ValueError:
        return None
    return Pattern(kind, of, by, at) if of in SHARES and by in SHARES and of != by and 0 < at < 1 else None


def within(columns: frozenset[str], threshold: float | None) -> list[Pattern]:
    """Patterns that can be computed from some columns of areas; jumps only if a `threshold` of service is given."""
    counts = [name for name in COUNTS if name in columns]
    shares = [name for name in SHARES if name in columns]
    found = [Pattern("moran", name) for name in counts if {"x", "y"} <= columns]
    found += [Pattern(kind, name) for kind in ("concentration", "gini") for name in counts]
    if "hardship" in columns:
        found += [Pattern("gradient", name, "hardship") for name in (*counts, *shares)]
    if {"hardship", "x", "y"} <= columns:
        found += [Pattern("lag", name, "hardship") for name in CRIME if name in columns]
    found += [Pattern("elasticity", of, by) for of in CRIME if of in columns for by in FACTORS if by in columns]
    found += [Pattern("gap", reported, true) for reported, true in REPORTED.items() if {reported, true} <= columns]
    if threshold is not None and "service" in columns:
        found += [Pattern("jump", name, "service", threshold) for name in SUPPORT if name in columns]
    return found


CRIME = ("offences", "recorded")
FACTORS = ("stops", "volunteers", "service")
"""Factor of the elasticities of offences, if both are in a table."""
SUPPORT = ("satisfaction", "legitimacy")
"""What may jump where service passes a threshold."""
