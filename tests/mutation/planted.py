"""Bugs of the kinds that people make, each a small change of one function, which is found by its name.

They were chosen before it was known which tests find them: one in every mechanism, one in the table of contents of the week, four in the
attribution recorder, one in what is measured, one in the metrics. A bug is never fitted to a test; when a function takes another form,
another bug of the same kind takes its place. How they are planted: `planting.py`.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from planting import found

import sim
from sim.mechanisms import MECHANISMS as REGISTERED

PACKAGE = Path(sim.__file__).parent


class Bug(NamedTuple):
    """One planted bug.

    Parameters
    ----------
    name : str
        What it is called in reports.
    function : str
        Where it is planted: module and function, ``policing._spread``; the room in which the module lies does not matter.
    changes : tuple of (str, str)
        What is found in the function, and what takes its place, with single capital letters for anything; without any, the function does
        nothing.
    what : str
        The mistake, in words.
    """

    name: str
    function: str
    changes: tuple[tuple[str, str], ...]
    what: str


MECHANISMS = (
    Bug(
        "appraisal-last-week",
        "appraisal._performance",
        (("X.now.content", "X.last.content"),),
        "off by one week: districts are judged by the content of the week before",
    ),
    Bug(
        "budget-leak-counted-as-spent",
        "budget.plan_budget",
        (("X[1] += Y - Z", "X[1] += Y"),),
        "double counting: what leaks counts as spent as well",
    ),
    Bug(
        "campaign-forgotten-too-fast",
        "campaign.plan_campaign",
        (("p.recover", "p.tire"),),
        "wrong time constant: a campaign is forgotten as fast as it wears off",
    ),
    Bug(
        "collective-efficacy-year-for-week",
        "collective_efficacy.plan_collective_efficacy",
        (("X * p.usual_suits / 52.0", "X * p.usual_suits"),),
        "unit: suits of a week are held against those of a year",
    ),
    Bug(
        "congestion-null-not-null",
        "congestion.plan_congestion",
        (("1.0 + p.strength * X", "1.0 + X"),),
        "the null setting is not null: slack moves although the mechanism has no strength",
    ),
    Bug(
        "coordination-inverted",
        "coordination.plan_coordination",
        (("3.0 / X.layers", "X.layers / 3.0"),),
        "inverted: tall governments lose oversight instead of flat ones",
    ),
    Bug(
        "detection-guilty-for-innocent",
        "detection.plan_detection",
        (("0.5 - X * p.separation - Y", "0.5 + X * p.separation - Y"),),
        "sign flipped: false finds are as likely as true ones",
    ),
    Bug(
        "disputes-draw-reused",
        "disputes.disputes",
        (("uniform(X, Y, 1)", "uniform(X, Y, 0)"),),
        "a draw used twice: what a case is about hangs on the draw by which it arose",
    ),
    Bug(
        "integration-weeks-for-years",
        "integration.integration",
        (("Y * X / (X + p.half)", "Y * (X / 52.0) / (X / 52.0 + p.half)"),),
        "unit: time lived in years, its half-time in weeks",
    ),
    Bug(
        "integrity-cost-forgotten",
        "integrity.plan_integrity",
        (("X + p.slowness * Y", "X"),),
        "a cost forgotten: oversight takes no time of officials",
    ),
    Bug(
        "livelihood-last-age-left-out",
        "livelihood.livelihood",
        (("X <= LAST_WORKING", "X < LAST_WORKING"),),
        "< for <=: the oldest of working age neither lose nor find work",
    ),
    Bug(
        "mass-work-cap-ignored",
        "mass_work.plan_mass_work",
        (("X.diverted = Y if Y < Z else A", "X.diverted = Y"),),
        "a cap ignored: mass work may take more time than officials have",
    ),
    Bug(
        "norms-sign-flipped",
        "norms.norms",
        (("-X if Y > 0.0 else X", "X if Y > 0.0 else -X"),),
        "sign flipped: a message beyond the bound attracts",
    ),
    Bug(
        "offending-draw-reused",
        "prosecution._clear",
        (("uniform(X, Y, 4)", "uniform(X, Y, 3)"),),
        "a draw used twice: whoever is caught is prosecuted as well",
    ),
    Bug(
        "participation-age-runs-over",
        "participation._change",
        (("X + ((X < 255) & Y)", "X + Y"),),
        "missing clamp: after 255 weeks the byte runs over and old volunteers are new",
    ),
    Bug(
        "policing-not-normalised",
        "policing._patrol",
        (("X.hours += 1.0 - Y", "X.hours += 1.0"),),
        "shares not normalised: targeting makes patrols out of nothing",
    ),
    Bug(
        "procedural-justice-up-for-down",
        "procedural_justice.procedural_justice",
        (("X * (Y if X > 0.0 else Z)", "X * (Z if X > 0.0 else Y)"),),
        "swapped: legitimacy is won faster than lost",
    ),
    Bug(
        "resolution-backlog-piles-up",
        "resolution._district",
        (("X, Y, Z = np.int64(0), np.int64(0), np.int64(0)", "X, Y, Z = court.backlog, np.int64(0), np.int64(0)"),),
        "never reset: a court adds last week's queue to that of the week before",
    ),
    Bug(
        "rumour-answered-and-forgotten",
        "rumour.rumour",
        (("S & (X >= Y) & (X < Y + Z)", "S & (X >= Y) & (X < Z)"),),
        "wrong interval: the better the answer, the fewer forget",
    ),
    Bug(
        "satisfaction-everybody-counted",
        "satisfaction._expect",
        (("X.last.service - X.last.service_nonlocal", "X.last.service"),),
        "share not normalised: the service of all over the number of locals",
    ),
    Bug(
        "services-wrong-column",
        "services.plan_services",
        (("X.work[FIRST_SERVICE + Y]", "X.work[Y]"),),
        "wrong column: bureaus do the work of self-governance",
    ),
    Bug(
        "shocks-a-week-too-long", "shocks.plan_shocks", (("X < Y.end", "X <= Y.end"),), "off by one week: every shock lasts a week too long"
    ),
    Bug(
        "unrest-line-not-reached",
        "unrest.close_unrest",
        (("np.float32(X.now.active) >= Y", "np.float32(X.now.active) > Y"),),
        "> for >=: a protest of just the size of an incident is none",
    ),
    Bug(
        "week-wrong-stream",
        "week_source.names_of",
        (("X.stream", "X.stream ^ 1"),),
        "wrong stream: everybody draws from a stream that is nobody's",
    ),
)
"""One in every mechanism, and one in the order of the week."""

RECORDER = (
    Bug(
        "attribution-voice-for-all",
        "verdicts.record_belonging",
        (
            (
                "X[PARTICIPATION] += p.belong_volunteer * Y + Z * A",
                "X[PARTICIPATION] += p.belong_volunteer * Y + Z * np.float64(tile.count)",
            ),
        ),
        "recorded for all: voice counts for all residents, also for those without voice in the equation",
    ),
    Bug(
        "attribution-accounts-swapped",
        "offences._record_block",
        (("X[0] = Y - Z", "X[1] = Y - Z"), ("X[1] = Y * Z", "X[0] = Y * Z")),
        "accounts swapped: the effect of collective efficacy is attributed to the watch, and the reverse; the sum is right",
    ),
    Bug(
        "attribution-trust-reversed",
        "protest.record_protest",
        (("X.earlier - X.legitimacy", "X.legitimacy - X.earlier"),),
        "sign flipped: rising legitimacy is recorded as a cause of protest; the sum is right",
    ),
    Bug(
        "attribution-wrong-column",
        "capacities.log_capacities",
        (('X["caution"]', 'X["diverted"]'),),
        "wrong column: time diverted to mass work is attributed to integrity; the sum is right",
    ),
    Bug(
        "measure-a-week-too-many",
        "measure._count",
        (("X.since_volunteering[Y] < 52", "X.since_volunteering[Y] <= 52"),),
        "<= for <: a year has 53 weeks",
    ),
    Bug(
        "metrics-at-once-last-week",
        "attribution._followed",
        (("X[Y] = Z + A[Y]", "X[Y] = Z + A[Y - 1]"),),
        "off by one week: a stop hurts the week after it happened",
    ),
)
"""In the attribution recorder, in the counts, and in the metrics."""


@cache
def file_of(bug: Bug) -> Path:
    """File in which a bug is planted, below the package."""
    return found(bug.function, PACKAGE)[0].relative_to(PACKAGE)


@cache
def bugs() -> dict[str, Bug]:
    """All bugs by name; in a mechanism for which nobody has thought of one yet, each of its kernels in turn does nothing."""
    named = MECHANISMS + RECORDER
    thought_of = {file_of(bug).stem for bug in named if file_of(bug).parts[0] == "mechanisms"}
    empty = [
        Bug(f"{name}-never-{stage}s", f"{name}.{kernel.__name__}", (), "a kernel that does nothing")
        for name, mechanism in REGISTERED.items()
        if name not in thought_of
        for stage in ("live", "plan", "close")
        if (kernel := getattr(mechanism, stage))
    ]
    return {bug.name: bug for bug in (*named, *empty)}
