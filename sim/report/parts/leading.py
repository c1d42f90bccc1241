"""Leading results in natural units: offences, cases, protests, hours, people, money and staff, for the real size of the city."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.cost_effectiveness import COSTS, OPEN, SAVES
from sim.analysis.intervals import FEWEST
from sim.analysis.real_size import (
    COUNT,
    DISTRICTS,
    LEADING,
    NONE,
    REPLICATES,
    WEEKS,
    RealResult,
    is_money,
    real_results,
    total_factor,
)
from sim.metrics import METRICS
from sim.report.parts.estimates import runs_in_words
from sim.report.parts.files import NOTHING, Shown
from sim.report.parts.money import currency_name
from sim.report.parts.numbers import amounts, money, number, percent, together
from sim.report.text.catalogue import beginning, has, say
from sim.report.text.labels import metric_title, metric_unit
from sim.scenario.cities.presets import preset_of
from sim.scenario.costs import real_residents

if TYPE_CHECKING:
    import pandas as pd

    from sim.results import Run
    from sim.scenario import Scenario

STEPS = {"offences": 100, "waiting_cases": 100, "case_weeks": 1, "incidents": 1, "active": 100, "content_residents": 100}
"""Units of effect for which a cost is told."""


def results_of(run: "Run") -> list[RealResult]:
    """Leading results of a run for the real city."""
    weekly = {name: values for name in LEADING if (values := _weekly(run, name)) is not None}
    people = {district.name: float(district.population) for district in preset_of(run.scenario.city).districts}
    by_district = _by_district(run, list(weekly), list(people)) if len(run.seeds) < FEWEST else None
    return real_results(weekly, real_residents(run.scenario), simulated(run), by_district, np.array(list(people.values())))


def simulated(run: "Run") -> int:
    """Residents simulated in each replicate."""
    return run.manifest.get("residents") or run.scenario.city.population


def _weekly(run: "Run", name: str) -> np.ndarray | None:
    """A metric, shape (weeks, replicates); None if the run lacks it."""
    if name not in run.stored["weekly"]:
        return None
    weeks, replicates = run.column("weekly", "week"), run.column("weekly", "replicate")
    order = np.lexsort((weeks, replicates))
    values = run.column("weekly", name)[order].astype(float)
    return values.reshape(len(np.unique(replicates)), -1).T


def _by_district(run: "Run", names: Sequence[str], districts: Sequence[str]) -> dict[str, np.ndarray]:
    """Means of the last year over replicates, in the order of `districts`; NaN for a district without values."""
    weeks, found = run.column("districts", "week"), run.column("districts", "district").astype(str)
    last = weeks > weeks.max() - WEEKS
    where = {name: last & (found == name) for name in districts}
    known = [name for name in names if name in run.stored["districts"]]
    values = {name: run.column("districts", name).astype(float) for name in known}
    return {name: np.array([_mean(values[name][rows]) for rows in where.values()]) for name in known}


def _mean(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else math.nan


def rows_of(run: "Run", lang: str) -> list[dict[str, str]]:
    """The leading results as texts: ``name, title, value, interval`` (empty without one) and ``per`` (the rate with its unit)."""
    currency = run.scenario.staffing.currency
    return [_row(result, _share_content(run), currency, lang) for result in results_of(run)]


def _share_content(run: "Run") -> float:
    values = _weekly(run, "content")
    return math.nan if values is None else _mean(values[-WEEKS:])


def _row(result: RealResult, share: float, currency: str, lang: str) -> dict[str, str]:
    name = result.metric
    value, low, high = totals(name, result.total, lang, currency)
    interval = say("natural_interval", lang, low=low, high=high) if math.isfinite(result.low) and low != high else ""
    if name == "content_residents" and math.isfinite(share):
        per = say("natural_share_of_adults", lang, share=percent(share))
    else:
        per = _rate(result, currency, lang)
    return {"name": name, "title": title(name, lang), "value": value, "interval": interval, "per": per}


def _rate(result: RealResult, currency: str, lang: str) -> str:
    """The rate with its unit; the unit alone where the rate is the result itself."""
    unit = METRICS[result.metric].unit
    if math.isnan(result.factor):
        return "" if unit == "weeks" else metric_unit(result.metric, lang)
    yearly = WEEKS if unit.endswith("and week") else 1
    key = next(key for key in beginning("natural_rate ") if unit.startswith(key))
    about = {"currency": currency_name(currency, lang)} if is_money(result.metric) else {}
    return say(f"natural_rate {key}", lang, value=number(yearly * result.rate, result.metric), **about)


def title(name: str, lang: str) -> str:
    """Title of a leading result as a total of the real city."""
    return say(f"natural {name}", lang) if has(f"natural {name}") else metric_title(name, lang)


def totals(name: str, values: Sequence[float], lang: str, currency: str, sign: bool = False) -> list[Shown]:
    """A total and the ends of its interval as text: money with its currency, a metric without a total in its own unit."""
    if is_money(name):
        return money(values, lang, currency, sign)
    return together(values, name, sign) if math.isnan(total_factor(name, 1.0)) else amounts(values, lang, sign)


def scale_in_words(scenario: "Scenario", residents: int, lang: str) -> str:
    """How many residents the real city has, and how many of them are simulated."""
    real = real_residents(scenario)
    shown, here = amounts([real], lang)[0], amounts([residents], lang)[0]
    if residents >= real:
        return say("natural_whole", lang, real=shown)
    return say("natural_scaled", lang, real=shown, simulated=here, share=percent(residents / real))


def note_of(run: "Run", lang: str) -> str:
    """How the leading results of a run were scaled, over which weeks they are averaged, and what their intervals are based on."""
    weeks = min(WEEKS, len(np.unique(run.column("weekly", "week"))))
    whole = simulated(run) >= real_residents(run.scenario)
    said = [
        scale_in_words(run.scenario, simulated(run), lang),
        say("natural_when", lang, weeks=weeks),
        basis_in_words(results_of(run), runs_in_words(run, lang), whole, lang),
    ]
    return say("gap", lang).join(said)


def basis_in_words(results: Sequence[RealResult], runs: str, whole: bool, lang: str) -> str:
    """What the intervals are based on."""
    found = {result.basis for result in results}
    basis = next((one for one in (REPLICATES, DISTRICTS, COUNT) if one in found), NONE)
    return say(f"natural_basis_{basis}{'_whole' if whole and basis == REPLICATES else ''}", lang, runs=runs, least=FEWEST)


def cost_in_words(row: dict[str, Any], lang: str) -> str:
    """Cost per effect of a row of `sim.experiments.comparisons.natural_units.natural_units`, as text."""
    verdict, name = row["cost_verdict"], row["metric"]
    if not verdict:
        return NOTHING
    if verdict not in (COSTS, OPEN, SAVES):
        return say(f"cost_{verdict.replace(' ', '_')}", lang)
    step = STEPS[name]
    values = [step * row[key] for key in ("cost_per_effect", "cost_low", "cost_high")]
    _, low, high = amounts(values, lang)
    interval = say("cost_interval", lang, low=low, high=high) if math.isfinite(row["cost_low"]) else ""
    effect = say(f"effect_lost {name}" if verdict == SAVES else f"effect {name}", lang, count=step)
    about = {"money": money(values, lang, row["currency"])[0], "effect": effect, "interval": interval}
    said = say(f"cost_{verdict.replace(' ', '_')}", lang, **about)
    return Shown(said, row["cost_per_effect"], row["cost_low"], row["cost_high"])


def difference_rows(table: "pd.DataFrame", lang: str) -> list[dict[str, str]]:
    """Differences of one scenario in leading results, as texts: ``title, base, mean, interval`` and ``cost`` (a dash without one).

    Parameters
    ----------
    table : DataFrame
        Rows of `sim.experiments.comparisons.natural_units.natural_units`.
    lang : str
    """
    rows = []
    for row in table.to_dict("records"):
        name = row["metric"]
        mean, low, high = totals(name, (row["mean"], row["low"], row["high"]), lang, row["currency"], sign=True)
        interval = say("natural_interval", lang, low=low, high=high) if math.isfinite(row["low"]) else NOTHING
        said = {
            "title": title(name, lang),
            "base": totals(name, [row["base"]], lang, row["currency"])[0],
            "mean": mean,
            "interval": interval,
        }
        rows.append(said | {"cost": cost_in_words(row, lang)})
    return rows


def difference_blocks(table: "pd.DataFrame", titles: dict[str, str], lang: str) -> list[dict[str, Any]]:
    """A block of a page for every scenario: its ``title``, its ``rows``, and whether money has a currency (``priced``)."""
    return [
        {"title": titles[label], "rows": difference_rows(rows, lang), "priced": bool((rows["cost_verdict"] != "").any())}
        for label, rows in table.groupby("scenario", sort=False)
    ]


def difference_note(scenario: "Scenario", residents: int, weeks: int, table: "pd.DataFrame", base: str, lang: str) -> str:
    """What the numbers of differences are, and how the cost per effect was computed.

    Parameters
    ----------
    scenario : Scenario
        In the real city.
    residents, weeks : int
        Residents simulated, and weeks over which outcomes are averaged.
    table : DataFrame
    base : str
        Title of the scenario that the others are compared with.
    """
    priced = say("c_natural_money", lang) if (table["cost_verdict"] != "").any() else ""
    said = say("c_natural", lang, base=base, weeks=weeks, money=priced)
    return scale_in_words(scenario, residents, lang) + say("gap", lang) + said
