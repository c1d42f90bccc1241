"""Bugs of the kinds that people make, each a small change of the text of one file.

They were chosen before it was known which tests find them: one in every mechanism, one in the table of contents of the week, four in the
attribution ledger, one in what is measured, one in the metrics. A bug is never fitted to a test; when the source moves on, its
text is carried along, or another bug of the same kind takes its place.
"""

from typing import NamedTuple

from sim.mechanisms import MECHANISMS as REGISTERED


class Bug(NamedTuple):
    """One planted bug.

    Parameters
    ----------
    name : str
        What it is called in reports.
    file : str
        Where it is planted.
    old, new : str
        Text that stands there exactly once, and what it becomes.
    what : str
        The mistake, in words.
    """

    name: str
    file: str
    old: str
    new: str
    what: str


MECHANISMS = (
    Bug(
        "appraisal-last-week",
        "sim/mechanisms/appraisal.py",
        "content += community.now.content",
        "content += community.last.content",
        "off by one week: districts are judged by the content of the week before",
    ),
    Bug(
        "budget-leak-counted-as-spent",
        "sim/mechanisms/budget.py",
        "money[1] += given - lost",
        "money[1] += given",
        "double booking: what leaks counts as spent as well",
    ),
    Bug(
        "campaign-forgotten-too-fast",
        "sim/mechanisms/campaign.py",
        "(p.tire if gap > 0.0 else p.recover)",
        "p.tire",
        "wrong time constant: a campaign is forgotten as fast as it wears off",
    ),
    Bug(
        "collective-efficacy-year-for-week",
        "sim/mechanisms/collective_efficacy.py",
        "p.usual_suits / 52.0)",
        "p.usual_suits)",
        "unit: suits of a week are held against those of a year",
    ),
    Bug(
        "congestion-null-not-null",
        "sim/mechanisms/congestion.py",
        "1.0 + p.strength * (2.0 * (1.0 - planning) - 1.0)",
        "2.0 * (1.0 - planning)",
        "the null setting is not null: slack moves although the mechanism has no strength",
    ),
    Bug(
        "coordination-inverted",
        "sim/mechanisms/coordination.py",
        "wide = 3.0 / lever.layers",
        "wide = lever.layers / 3.0",
        "inverted: tall governments lose oversight instead of flat ones",
    ),
    Bug(
        "detection-guilty-for-innocent",
        "sim/mechanisms/detection.py",
        "power * p.screened * innocent * spared",
        "power * p.screened * guilty * spared",
        "swapped: false finds are as likely as true ones",
    ),
    Bug(
        "disputes-draw-reused",
        "sim/mechanisms/disputes.py",
        "_begin(tile, i, uniform(luck, first + i, 1), p)",
        "_begin(tile, i, uniform(luck, first + i, 0), p)",
        "a draw used twice: what a case is about hangs on the draw by which it arose",
    ),
    Bug(
        "integration-weeks-for-years",
        "sim/mechanisms/integration.py",
        "years = np.float32(lived)",
        "years = np.float32(lived) / 52.0",
        "unit: time lived in years, its half-time in weeks",
    ),
    Bug(
        "integrity-cost-forgotten",
        "sim/mechanisms/integrity.py",
        " + p.slowness * oversight",
        " + p.slowness * 0.0",
        "a cost forgotten: oversight takes no time of officials",
    ),
    Bug(
        "livelihood-last-age-left-out",
        "sim/mechanisms/livelihood.py",
        "(age <= LAST_WORKING) & (status != JAILED)",
        "(age < LAST_WORKING) & (status != JAILED)",
        "< for <=: the oldest of working age neither lose nor find work",
    ),
    Bug(
        "mass-work-cap-ignored",
        "sim/mechanisms/mass_work.py",
        "district.diverted = taken if taken < 0.8 else np.float32(0.8)",
        "district.diverted = taken",
        "a cap ignored: mass work may take more time than officials have",
    ),
    Bug(
        "norms-sign-flipped",
        "sim/mechanisms/norms.py",
        "(-away if gap > 0.0 else away)",
        "(away if gap > 0.0 else -away)",
        "sign flipped: a message beyond the bound attracts",
    ),
    Bug(
        "offending-draw-reused",
        "sim/mechanisms/offending.py",
        "uniform(luck, me, 4) < p.prosecuted",
        "uniform(luck, me, 3) < p.prosecuted",
        "a draw used twice: whoever is caught is prosecuted as well",
    ),
    Bug(
        "participation-age-runs-over",
        "sim/mechanisms/participation.py",
        "older = age + ((age < 255) & goes_on)",
        "older = age + goes_on",
        "missing clamp: after 255 weeks the byte runs over and old volunteers are new",
    ),
    Bug(
        "policing-not-normalised",
        "sim/mechanisms/policing.py",
        "1.0 - follow + follow * place.focus * count / (total + 1e-6)",
        "1.0 - follow + follow * place.focus",
        "shares not normalised: targeting makes patrols out of nothing",
    ),
    Bug(
        "procedural-justice-up-for-down",
        "sim/mechanisms/procedural_justice.py",
        "gap * (up if gap > 0.0 else down)",
        "gap * (down if gap > 0.0 else up)",
        "swapped: legitimacy is won faster than lost",
    ),
    Bug(
        "resolution-backlog-piles-up",
        "sim/mechanisms/resolution.py",
        "court.backlog = 0",
        "court.backlog = court.backlog",
        "never reset: a court adds last week's queue to that of the week before",
    ),
    Bug(
        "rumour-answered-and-forgotten",
        "sim/mechanisms/rumour.py",
        "(u < told + forget)",
        "(u < forget)",
        "wrong interval: the better the answer, the fewer forget",
    ),
    Bug(
        "satisfaction-everybody-counted",
        "sim/mechanisms/satisfaction.py",
        "np.float32(community.last.service - community.last.service_nonlocal)",
        "np.float32(community.last.service)",
        "share not normalised: the service of all over the number of locals",
    ),
    Bug(
        "services-wrong-column",
        "sim/mechanisms/services.py",
        "district.capacity[FIRST_SERVICE + bureau.service]",
        "district.capacity[bureau.service]",
        "wrong column: bureaus work with the capacities of self-governance",
    ),
    Bug(
        "shocks-a-week-too-long",
        "sim/mechanisms/shocks.py",
        "(week < shock.end)",
        "(week <= shock.end)",
        "off by one week: every shock lasts a week too long",
    ),
    Bug(
        "unrest-line-not-reached",
        "sim/mechanisms/unrest.py",
        "np.float32(community.now.active) >= line",
        "np.float32(community.now.active) > line",
        "> for >=: a protest of just the size of an incident is none",
    ),
    Bug(
        "week-wrong-luck",
        "sim/mechanisms/week_source.py",
        '"luck_of(seed, S_{NAME}, week)"',
        '"luck_of(seed, S_{NAME}, week + 1)"',
        "off by one week: everybody has the luck of the week after",
    ),
)
"""One in every mechanism, and one in the order of the week."""

BOOKS = (
    Bug(
        "ledger-voice-for-all",
        "sim/ledger/verdicts.py",
        "p.belong_volunteer * busy + voice * locals_",
        "p.belong_volunteer * busy + voice * adults",
        "booked for all: voice counts for those who have none in the equation",
    ),
    Bug(
        "ledger-accounts-swapped",
        "sim/ledger/offences.py",
        "moved[EFFICACY] += mean * shift[0]\n                    moved[PARTICIPATION] += mean * shift[1]",
        "moved[EFFICACY] += mean * shift[1]\n                    moved[PARTICIPATION] += mean * shift[0]",
        "accounts swapped: what neighbours hold down is booked to the watch, and the reverse; the sum is right",
    ),
    Bug(
        "ledger-trust-reversed",
        "sim/ledger/protest.py",
        "(me.earlier - me.legitimacy) * towards",
        "(me.legitimacy - me.earlier) * towards",
        "sign flipped: rising legitimacy is booked as a reason to protest; the sum is right",
    ),
    Bug(
        "ledger-wrong-column",
        "sim/ledger/capacities.py",
        '"integrity", 1.0 - district["caution"]',
        '"integrity", 1.0 - district["diverted"]',
        "wrong column: time diverted to mass work is booked to integrity; the sum is right",
    ),
    Bug(
        "measure-a-week-too-many",
        "sim/city/measure.py",
        "(tile.since_volunteering[i] < 52)",
        "(tile.since_volunteering[i] <= 52)",
        "<= for <: a year has 53 weeks",
    ),
    Bug(
        "metrics-struck-last-week",
        "sim/metrics/attribution.py",
        "+ struck[week]",
        "+ struck[week - 1]",
        "off by one week: a stop hurts the week after it happened",
    ),
)
"""In the attribution ledger, in what is measured, and in the metrics."""

_PLANTED = {bug.file for bug in MECHANISMS}
NEW = tuple(
    Bug(f"{name}-never-{stage}s", file, f"    {stage}={kernel},\n", f"    {stage}=None,\n", "registered without its kernel")
    for name, mechanism in REGISTERED.items()
    if (file := f"sim/mechanisms/{name}.py") not in _PLANTED
    for stage in ("live", "plan", "close")
    if (kernel := getattr(getattr(mechanism, stage), "__name__", None))
)
"""In a mechanism for which nobody has thought of a bug yet: each of its kernels is forgotten."""

BUGS = MECHANISMS + BOOKS + NEW
