"""How the scenarios of a comparison differ: in money and staff, and in all other settings."""

from typing import TYPE_CHECKING

from sim.levers import INSTRUMENTS, LEVERS
from sim.report.parts.experiments import titles
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.numbers import amounts, money
from sim.report.parts.settings import between, differences
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import lever_title
from sim.scenario.costs import Cost, costs
from sim.scenario.schema.today import NEAR

if TYPE_CHECKING:
    from sim.experiments.comparisons.over_worlds import WorldComparison

MOST_INSTRUMENTS = 6
"""Instruments that are told one by one; of more, the levers to which they belong are told."""
MOST_SETTINGS = 4
ROUNDING = 1e-6
"""Share of the money up to which a difference comes from rounding of shares."""


def change_table(result: "WorldComparison", lang: str) -> Table:
    """What the scenarios pay and whom they employ in the last week: a row for each instrument that differs, and all of them together."""
    shown = titles(result.batch, lang)
    base, *others = result.batch.labels
    found = [costs(scenario, scenario.horizon - 1) for scenario in result.named]
    names = [name for name in INSTRUMENTS if _differs(found, name)]
    if len(names) > MOST_INSTRUMENTS:
        names = [name for name in LEVERS if _differs(found, name)]
    head = [say("brief_what", lang), shown[base], *(shown[label] for label in others)]
    rows = [[beginning(lever_title(name.split(".")[-1], lang)), *_cells(result, [each[name] for each in found], lang)] for name in names]
    total = [_sum([each[lever] for lever in LEVERS]) for each in found]
    return Table(head, [*rows, [say("brief_in_all", lang), *_cells(result, total, lang)]])


def beginning(title: str) -> str:
    """A title at the beginning of a row."""
    return title[:1].upper() + title[1:]


def _differs(found: list[dict[str, Cost]], name: str) -> bool:
    """Whether a scenario pays or employs otherwise than the first, beyond what rounding does."""
    first, *others = ((each[name].money, each[name].people) for each in found)
    return any(abs(a - b) > NEAR * max(abs(a), abs(b)) for other in others for a, b in zip(first, other, strict=True))


def _sum(parts: list[Cost]) -> Cost:
    """All levers together, as far as they add up."""
    first = parts[0]
    added = {name: sum(getattr(part, name) for part in parts) for name in ("share", "money", "millions", "staff", "people", "now")}
    return Cost(name="", work=first.work, **added)


def _cells(result: "WorldComparison", each: list[Cost], lang: str) -> list[str]:
    """Money and staff of the first scenario, and what the others add to them."""
    first, *others = each
    added = [other.millions - first.millions for other in others]
    added = [0.0 if abs(one) <= ROUNDING * abs(first.millions) else one for one in added]
    moved = [(one, other.people - first.people) for one, other in zip(added, others, strict=True)]
    return [_paid(result, first.millions, first.people, False, lang), *(_paid(result, *two, True, lang) for two in moved)]


def _paid(result: "WorldComparison", millions: float, people: float, sign: bool, lang: str) -> str:
    paid = money([1e6 * millions], lang, result.named[0].staffing.currency, sign)[0]
    employed = amounts([round(people)], lang, sign)[0]
    if sign and abs(millions) < 1e-9 and not round(people):
        return NOTHING
    return Shown(say("brief_money_staff", lang, money=paid, staff=employed), 1e6 * millions, people)


def other_settings(result: "WorldComparison", lang: str) -> list[str]:
    """Settings besides money in which the scenarios differ from the first, a sentence for each scenario that has some."""
    shown, said = titles(result.batch, lang), []
    for label, scenario in zip(result.batch.labels[1:], result.named[1:], strict=True):
        found = between(result.named[0], scenario, lang)
        if found:
            parts = [say("brief_setting", lang, name=name, before=before, now=now) for name, before, now in found[:MOST_SETTINGS]]
            more = say("brief_more_settings", lang, count=len(found) - MOST_SETTINGS) if len(found) > MOST_SETTINGS else ""
            said.append(say("brief_settings", lang, name=shown[label], settings=listed(parts, lang), more=more))
    return said


def fitted_said(result: "WorldComparison", own_rates: bool, lang: str) -> str:
    """Whether figures of the city itself were used: which coefficients the scenario sets for all worlds, if it sets any."""
    varied = {name.removeprefix("mechanisms.") for name, values in result.assumptions.items() if values.nunique() > 1}
    varied |= set(result.batch.about.get("own_rates", {}).get("coefficients", ()))
    given = [key.removeprefix("mechanisms.") for key, *_ in differences(result.named[0], lang) if key.startswith("mechanisms.")]
    fixed = [name for name in given if name not in varied]
    if fixed:
        return say("brief_city_fixed", lang, count=len(fixed), names=listed(fixed, lang))
    return "" if own_rates else say("brief_city_unfitted", lang)
