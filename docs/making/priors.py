"""The page of priors, from the declarations of all coefficients: docs/model/priors.md."""

from collections import Counter

from docs.making.markdown import page, table
from sim.describe.worlds import WHY_FIXED, prior_rows
from sim.experiments.worlds.evidence import DISCREPANCY
from sim.worlds.priors import DOUBT, FITTED, FITTED_DOUBT, HALF_TO_DOUBLE, INTERVAL, SHARE, SIDES, TOGETHER, shipped

RULES = {
    INTERVAL: "the interval of its source, as declared (`prior=` of the parameter)",
    FITTED: f"chosen so that a rate comes out: divided or multiplied by up to {FITTED_DOUBT:g} (shares: their odds)",
    SIDES: "may be negative or positive: moved by up to its own size, or by a quarter of its bounds if it is 0",
    SHARE: f"a share: its odds divided or multiplied by up to {DOUBT:g}",
    HALF_TO_DOUBLE: f"anything else: divided or multiplied by up to {DOUBT:g}",
}


def text() -> str:
    """The page."""
    rows, count = prior_rows(), Counter(prior.origin for prior in shipped().values())
    why = Counter(row[5] for row in rows if not row[2])
    return page(
        "Priors",
        f"{len(shipped())} of {len(rows)} coefficients are uncertain. Each has a prior that follows from how it is declared: uniform on "
        "its scale (logarithm, odds, or plain) from low to high, never beyond its bounds. Priors are assumptions; a count of [plausible "
        "worlds](../how_to/worlds.md) over them is no probability. `sanzhi worlds priors` prints the same.",
        table(("rule", "coefficients", "what it says"), [(name, str(count[name]), what) for name, what in RULES.items()], right=(1,)),
        table(
            ("no prior", "coefficients", "why"), [(name, str(why[name]), said.text("en")) for name, said in WHY_FIXED.items()], right=(1,)
        ),
        "Correlated coefficients, which are the same fact in several mechanisms, have the same position in their priors: "
        + "; ".join(", ".join(f"`{name}`" for name in names) for names in TOGETHER)
        + f". Effects of levers are given a discrepancy of {DISCREPANCY:g} of the half-width of their range.",
        table(("coefficient", "default", "low", "high", "scale", "rule"), [(f"`{row[0]}`", *row[1:]) for row in rows], right=(1, 2, 3)),
    )
