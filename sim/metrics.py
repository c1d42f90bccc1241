"""From counts to named numbers: stability, satisfaction and all their parts, prices, fairness, flows.

Pure functions of what a simulation recorded. Everything is computed from whole numbers with + - * / and `exp2`, in one fixed
order, so metrics are as reproducible as the counts. References that turn a rate into an index are frozen constants of the model version.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.city.community import COUNTS, FIXED, HISTOGRAM_BINS, SUMS
from sim.maths import exp2

NAMES = (*COUNTS, *SUMS)
YEAR, QUARTER, BLOCK = 52, 13, 4

OFFENCES_REFERENCE = 0.021
"""Offences per resident and year at which order is one half."""
ACTIVE_REFERENCE = 20.0
"""Person-weeks of protest per 1,000 residents and year at which calm is one half."""
DURATION_REFERENCE = 3.5
"""Weeks of a formal case at which resolution is one half."""
UNSTEADINESS_REFERENCE = 0.30
"""Swing of four-week counts (see `_steadiness`) at which steadiness is one half."""


@dataclass(frozen=True)
class Metric:
    """A named number of every week.

    Parameters
    ----------
    better : str
        "more", "less" or "neither": how its direction is usually read; the model itself takes no side.
    group : str
        headline, stability, satisfaction, price, fairness, flow, state or rate.
    """

    name: str
    unit: str
    low: float
    high: float
    better: str
    group: str
    doc: str
    title_en: str
    title_zh: str


def _metrics() -> dict[str, Metric]:
    inf = float("inf")
    share = ("share", 0.0, 1.0)
    count = ("per 1,000 residents and week", 0.0, inf)
    yearly = ("per 1,000 residents and year", 0.0, inf)
    rows = [
        (
            "stability",
            "index",
            0.0,
            1.0,
            "more",
            "headline",
            "weighted mean of order, calm, resolution and steadiness",
            "Stability",
            "稳定",
        ),
        (
            "satisfaction",
            "index",
            0.0,
            1.0,
            "more",
            "headline",
            "weighted mean of belonging, happiness and security over adults",
            "Satisfaction",
            "满意",
        ),
        (
            "order",
            "index",
            0.0,
            1.0,
            "more",
            "stability",
            f"2^(-offences of 13 weeks / {OFFENCES_REFERENCE} per resident and year)",
            "Order",
            "秩序",
        ),
        (
            "calm",
            "index",
            0.0,
            1.0,
            "more",
            "stability",
            f"2^(-protest person-weeks of 52 weeks / {ACTIVE_REFERENCE:g} per 1,000)",
            "Calm",
            "平静",
        ),
        (
            "resolution",
            "index",
            0.0,
            1.0,
            "more",
            "stability",
            f"2^(-weeks of formal cases, seen and expected from the queue / {DURATION_REFERENCE})",
            "Resolution",
            "化解",
        ),
        (
            "steadiness",
            "index",
            0.0,
            1.0,
            "more",
            "stability",
            f"1 / (1 + phi / {UNSTEADINESS_REFERENCE}), phi the swing of four-week counts of offences and protest over a year beyond"
            " chance, per 100,000 residents",
            "Steadiness",
            "平稳",
        ),
        ("belonging", *share, "more", "satisfaction", "mean belonging of adults", "Belonging", "归属感"),
        ("happiness", *share, "more", "satisfaction", "mean happiness of adults", "Happiness", "幸福感"),
        ("security", *share, "more", "satisfaction", "mean feeling of security of adults", "Security", "安全感"),
        (
            "satisfaction_p10",
            "index",
            0.0,
            1.0,
            "more",
            "satisfaction",
            "satisfaction that one adult in ten falls short of",
            "Satisfaction, lowest tenth",
            "满意（第10百分位）",
        ),
        (
            "satisfaction_p50",
            "index",
            0.0,
            1.0,
            "more",
            "satisfaction",
            "median satisfaction of adults",
            "Satisfaction, median",
            "满意（中位数）",
        ),
        (
            "satisfaction_p90",
            "index",
            0.0,
            1.0,
            "more",
            "satisfaction",
            "satisfaction that one adult in ten exceeds",
            "Satisfaction, highest tenth",
            "满意（第90百分位）",
        ),
        (
            "satisfied_share",
            *share,
            "more",
            "satisfaction",
            "adults with satisfaction of at least 0.65",
            "Satisfied adults",
            "满意人群占比",
        ),
        (
            "budget_spent",
            "reference budgets",
            0.0,
            inf,
            "neither",
            "price",
            "budget spent on instruments; 1 = reference per resident",
            "Budget spent",
            "已用预算",
        ),
        ("budget_leaked", "reference budgets", 0.0, inf, "less", "price", "budget lost on the way", "Budget leaked", "流失预算"),
        ("budget_unspent", "reference budgets", 0.0, inf, "neither", "price", "budget given to no lever", "Budget unspent", "未用预算"),
        ("wrongful_stops", *yearly, "less", "price", "police stops without result, over the last 52 weeks", "Fruitless stops", "无果盘查"),
        ("jailed", "per 1,000 residents", 0.0, 1000.0, "less", "price", "people in jail or detention", "People in jail", "在押人数"),
        (
            "volunteer_hours",
            "hours per resident and year",
            0.0,
            inf,
            "neither",
            "price",
            "hours that volunteers give, over the last 52 weeks",
            "Volunteer hours",
            "志愿时长",
        ),
        ("burn_out", *yearly, "less", "price", "volunteers who quit exhausted, over the last 52 weeks", "Burn-out", "倦怠退出"),
        (
            "gap_satisfaction",
            "index points",
            -1.0,
            1.0,
            "less",
            "fairness",
            "satisfaction of local minus non-local adults",
            "Satisfaction gap, local to non-local",
            "户籍与非户籍满意差距",
        ),
        (
            "gap_service",
            "share",
            -1.0,
            1.0,
            "less",
            "fairness",
            "perceived service of local minus non-local adults",
            "Service gap, local to non-local",
            "户籍与非户籍服务差距",
        ),
        (
            "spread_satisfaction",
            "index points",
            0.0,
            1.0,
            "less",
            "fairness",
            "standard deviation of mean satisfaction between communities",
            "Spread between communities",
            "社区间差异",
        ),
        ("disputes_opened", *count, "less", "flow", "disputes that arose", "Disputes opened", "新增纠纷"),
        ("settled_negotiation", *count, "neither", "flow", "settled or dropped in negotiation", "Ended by negotiation", "协商了结"),
        ("closed_mediation", *count, "neither", "flow", "settled by mediation", "Closed by mediation", "调解结案"),
        ("closed_office", *count, "neither", "flow", "settled by the sub-district office", "Closed by the office", "街道办结"),
        ("closed_court", *count, "neither", "flow", "decided by the court", "Closed by the court", "法院结案"),
        ("withdrawn", *count, "less", "flow", "given up", "Given up", "放弃"),
        (
            "waiting_mediation",
            "per 1,000 residents",
            0.0,
            1000.0,
            "less",
            "flow",
            "cases waiting for mediation",
            "Waiting for mediation",
            "待调解",
        ),
        (
            "waiting_office",
            "per 1,000 residents",
            0.0,
            1000.0,
            "less",
            "flow",
            "cases waiting for the office",
            "Waiting for the office",
            "待街道办理",
        ),
        (
            "waiting_court",
            "per 1,000 residents",
            0.0,
            1000.0,
            "less",
            "flow",
            "cases waiting for the court",
            "Waiting for the court",
            "待法院审理",
        ),
        ("offences", *count, "less", "flow", "offences committed", "Offences", "违法行为"),
        ("recorded_offences", *count, "neither", "flow", "offences recorded by the police", "Recorded offences", "立案违法"),
        ("cleared_offences", *count, "neither", "flow", "recorded offences cleared", "Cleared offences", "破案"),
        ("stops", *count, "neither", "flow", "police stops", "Police stops", "盘查"),
        ("active", "per 1,000 residents", 0.0, 1000.0, "less", "flow", "residents openly protesting", "Protesters", "抗议者"),
        ("incidents", *count, "less", "flow", "collective incidents that began", "Collective incidents", "群体事件"),
        ("legitimacy", *share, "more", "state", "mean private view of government", "Legitimacy", "认同（合法性）"),
        ("norm", *share, "more", "state", "mean civic norm", "Civic norm", "公民规范"),
        ("cohesion", *share, "more", "state", "mean trust in neighbours", "Cohesion", "邻里信任"),
        ("efficacy", *share, "more", "state", "mean belief that taking part matters", "Efficacy", "参与效能感"),
        ("fatigue", *share, "less", "state", "mean exhaustion from volunteering", "Fatigue", "疲惫"),
        ("volunteers", *share, "neither", "state", "adults volunteering this week", "Volunteers", "志愿者"),
        ("credibility", *share, "more", "state", "mean credibility of public messages", "Credibility of messages", "宣传可信度"),
        ("service", *share, "more", "state", "mean perceived service", "Perceived service", "服务感知"),
        ("expectation", *share, "neither", "state", "mean expected service", "Expected service", "服务期望"),
        ("grievance", *share, "less", "state", "mean stock of grievance", "Grievance", "怨气"),
        (
            "sanction_risk",
            *share,
            "neither",
            "state",
            "mean perceived certainty of sanction",
            "Perceived certainty of sanction",
            "受罚感知",
        ),
        ("rate_disputes", *yearly, "less", "rate", "disputes that arose", "Disputes", "纠纷率"),
        ("rate_mediation", *yearly, "neither", "rate", "formal mediations heard", "Formal mediations", "正式调解率"),
        ("rate_office", *yearly, "neither", "rate", "cases passed on to an office", "Cases at offices", "街道受理率"),
        ("rate_suits", *yearly, "neither", "rate", "suits filed", "Suits", "诉讼率"),
        ("rate_recorded", *yearly, "less", "rate", "offences recorded (criminal and public-security cases)", "Recorded offences", "立案率"),
        ("rate_cleared_share", *share, "more", "rate", "recorded offences cleared", "Clearance", "破案率"),
        ("rate_criminal", *yearly, "less", "rate", "criminal cases recorded", "Criminal cases", "刑事案件率"),
        ("rate_security_cases", *yearly, "less", "rate", "public-security cases recorded", "Public-security cases", "治安案件率"),
        ("rate_prosecuted", *yearly, "neither", "rate", "people prosecuted", "Prosecuted", "起诉率"),
        ("prisoners", "per 1,000 residents", 0.0, 1000.0, "less", "rate", "people in jail, mean of the year", "Prisoners", "在押率"),
        ("rate_stops", *yearly, "neither", "rate", "police stops", "Police stops", "盘查率"),
        ("stops_without_result", *share, "less", "rate", "stops that found nothing", "Stops without result", "无果盘查占比"),
        ("rate_incidents", *yearly, "less", "rate", "collective incidents", "Collective incidents", "群体事件率"),
        (
            "active_volunteers_year",
            *share,
            "neither",
            "rate",
            "residents who volunteered within the year",
            "Active volunteers",
            "年内志愿者占比",
        ),
        (
            "hours_per_resident",
            "hours per year",
            0.0,
            inf,
            "neither",
            "rate",
            "volunteer hours per resident",
            "Volunteer hours per resident",
            "人均志愿时长",
        ),
        ("mediation_success", *share, "more", "rate", "mediations that end in agreement", "Mediation success", "调解成功率"),
        ("mediation_weeks", "weeks", 0.0, inf, "less", "rate", "age of a dispute when mediation ends", "Weeks to mediation", "调解用时"),
        (
            "content",
            *share,
            "more",
            "rate",
            "adults content with services (perceived service of at least 0.55)",
            "Content with services",
            "对服务满意",
        ),
        (
            "happiness_1_5",
            "points of 5",
            1.0,
            5.0,
            "more",
            "rate",
            "mean happiness on a scale from 1 to 5",
            "Happiness (1 to 5)",
            "幸福感（1–5）",
        ),
        ("feel_safe", *share, "more", "rate", "adults who feel safe (security of at least 0.72)", "Feel safe", "感到安全"),
    ]
    return {row[0]: Metric(*row) for row in rows}


METRICS: dict[str, Metric] = _metrics()
"""Every metric by name; `stability` and `satisfaction` head them."""

CITY_ONLY = ("budget_spent", "budget_leaked", "budget_unspent", "spread_satisfaction")
"""Metrics that exist for the city as a whole only."""
FLOW_COLUMNS = tuple(COUNTS)


class _Record:
    """Counts of a simulation, for the city (column 0) and every district, with sums over trailing windows."""

    def __init__(self, simulation):
        self.weeks = simulation.week
        world = simulation.city.world
        districts = world.history[: self.weeks]
        city = districts.sum(axis=1, keepdims=True)
        self.counts = np.concatenate([city, districts], axis=1)
        histogram = world.history_histogram[: self.weeks]
        self.histogram = np.concatenate([histogram.sum(axis=1, keepdims=True), histogram], axis=1)
        self.residents = _with_total(world.districts["residents"])
        self.adults = _with_total(world.districts["adults"])
        self.nonlocals = _with_total(world.districts["nonlocals"])
        self.money = world.history_money[: self.weeks]
        self.spread = world.history_spread[: self.weeks]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.counts[:, :, NAMES.index(name)]

    def recent(self, name: str, window: int, before: float | None = None) -> np.ndarray:
        """Sum over the last `window` weeks; shape (weeks, units).

        Weeks before the first count `before` per resident each, or as much as the weeks that have passed.
        """
        total = np.cumsum(self[name], axis=0)
        passed = np.minimum(np.arange(1, self.weeks + 1), window)[:, None]
        start = np.vstack([np.zeros((min(window, self.weeks), total.shape[1]), np.int64), total[:-window]])[: self.weeks]
        if before is None:
            return (total - start) * (window / passed)
        return (total - start) + (window - passed) * (before * self.residents)

    def mean(self, name: str) -> np.ndarray:
        """Mean over adults of a judged column."""
        return _ratio(self[name], float(FIXED) * self.adults)

    def yearly(self, name: str) -> np.ndarray:
        """Per 1,000 residents over the last 52 weeks."""
        return self.recent(name, YEAR) * 1000.0 / self.residents

    def weekly(self, name: str) -> np.ndarray:
        """Per 1,000 residents this week."""
        return self[name] * 1000.0 / self.residents


def _with_total(column: np.ndarray) -> np.ndarray:
    return np.concatenate([[column.sum()], column]).astype(np.float64)


def _ratio(above, below, empty: float = np.nan) -> np.ndarray:
    """`above / below`, and `empty` where there is nothing to divide by."""
    above, below = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    return np.divide(above, below, out=np.full(above.shape, empty), where=below > 0)


def _order(r: _Record) -> np.ndarray:
    offences = r.recent("offences", QUARTER, before=OFFENCES_REFERENCE / YEAR)
    return exp2(-offences * (YEAR / QUARTER) / (r.residents * OFFENCES_REFERENCE))


def _calm(r: _Record) -> np.ndarray:
    active = r.recent("active", YEAR, before=ACTIVE_REFERENCE / 1000.0 / YEAR)
    return exp2(-active * 1000.0 / (r.residents * ACTIVE_REFERENCE))


def _resolution(r: _Record) -> np.ndarray:
    """Age of closed formal cases, and the wait that the queue promises (Little's law), in equal parts."""
    closed = r.recent("formal_closed", QUARTER)
    seen = _ratio(r.recent("formal_weeks", QUARTER), closed, empty=0.0)
    waiting = r["open_mediation"] + r["open_office"] + r["open_court"]
    expected = 1.0 + _ratio(waiting * QUARTER, closed, empty=0.0)
    nothing_moves = (closed == 0) & (waiting > 0)
    return np.where(nothing_moves, 0.0, exp2(-0.5 * (seen + expected) / DURATION_REFERENCE))


def _steadiness(r: _Record) -> np.ndarray:
    """How far four-week counts over a year swing beyond pure chance.

    phi = (variance - mean) / (mean * mean per 100,000 residents): for bursts in single communities, the same at every size of city.
    Until a year has passed, the reference stands in for what is missing.
    """
    events = r["offences"] + r["active"]
    total = _cumulated(events)
    block = total[BLOCK:] - total[:-BLOCK]  # every run of four weeks, one starting each week: whole numbers, so sums are exact
    phi = np.full(events.shape, UNSTEADINESS_REFERENCE)
    once, twice = _cumulated(block), _cumulated(block * block)
    blocks = YEAR - BLOCK + 1
    for week in range(YEAR // 4 - 1, r.weeks):
        last = week + 2 - BLOCK
        count = min(last, blocks)
        mean = (once[last] - once[last - count]) / count
        variance = (twice[last] - twice[last - count]) / (count - 1) - mean * mean * count / (count - 1)
        seen = np.maximum(0.0, _ratio(variance - mean, mean * mean * 100_000.0 / r.residents, empty=0.0))
        phi[week] = (count * seen + (blocks - count) * UNSTEADINESS_REFERENCE) / blocks
    return 1.0 / (1.0 + phi / UNSTEADINESS_REFERENCE)


def _cumulated(rows: np.ndarray) -> np.ndarray:
    """Sums over the first 0, 1, 2, ... rows."""
    return np.vstack([np.zeros((1, rows.shape[1]), np.int64), np.cumsum(rows, axis=0)])


def _quantile(r: _Record, share: float) -> np.ndarray:
    """Quantile of satisfaction from its histogram, linear within a bin."""
    cumulative = np.cumsum(r.histogram, axis=2)
    target = share * cumulative[:, :, -1:]
    bin_ = np.minimum((cumulative < target).sum(axis=2), HISTOGRAM_BINS - 1)
    upto = np.take_along_axis(cumulative, bin_[:, :, None], axis=2)[:, :, 0]
    inside = np.take_along_axis(r.histogram, bin_[:, :, None], axis=2)[:, :, 0]
    return (bin_ + 1.0 - _ratio(upto - target[:, :, 0], inside, empty=0.0)) / HISTOGRAM_BINS


def _gap(r: _Record, name: str) -> np.ndarray:
    """Mean of local minus mean of non-local adults."""
    outside = r[f"{name}_nonlocal"]
    local = _ratio(r[name] - outside, float(FIXED) * (r.adults - r.nonlocals))
    return local - _ratio(outside, float(FIXED) * r.nonlocals)


def _weighted(parts: dict[str, np.ndarray], weights: dict[str, float]) -> np.ndarray:
    total = 0.0
    above = np.zeros(())
    for name, weight in weights.items():
        if name in parts:
            total += weight
            above = above + weight * parts[name]
    return above / total


def _all(simulation) -> dict[str, np.ndarray]:
    """Every metric, shape (weeks, 1 + districts): the city first."""
    r = _Record(simulation)
    scenario = simulation.scenario
    hours = scenario.mechanisms["participation"].hours
    parts = {"order": _order(r), "calm": _calm(r), "resolution": _resolution(r), "steadiness": _steadiness(r)}
    verdicts = {name: r.mean(name) for name in ("belonging", "happiness", "security")}
    city_weeks = r.residents[0] * 10_000.0
    mediated = r.recent("closed_mediation", YEAR) + r.recent("failed_mediation", YEAR)
    out = {
        "stability": _weighted(parts, scenario.weights.stability.model_dump()),
        "satisfaction": _weighted(verdicts, scenario.weights.satisfaction.model_dump()),
        **parts,
        **verdicts,
        "satisfaction_p10": _quantile(r, 0.10),
        "satisfaction_p50": _quantile(r, 0.50),
        "satisfaction_p90": _quantile(r, 0.90),
        "satisfied_share": _ratio(r["satisfied"], r.adults),
        "budget_spent": r.money[:, 1:2] / city_weeks,
        "budget_leaked": r.money[:, 2:3] / city_weeks,
        "budget_unspent": r.money[:, 3:4] / city_weeks,
        "wrongful_stops": r.yearly("fruitless"),
        "jailed": r.weekly("prisoners"),
        "volunteer_hours": r.recent("volunteers", YEAR) * hours / r.residents,
        "burn_out": r.yearly("burned_out"),
        "gap_satisfaction": _gap(r, "satisfaction"),
        "gap_service": _gap(r, "service"),
        "spread_satisfaction": r.spread[:, None],
        "disputes_opened": r.weekly("opened"),
        "settled_negotiation": r.weekly("settled") + r.weekly("dropped"),
        "closed_mediation": r.weekly("closed_mediation"),
        "closed_office": r.weekly("closed_office"),
        "closed_court": r.weekly("closed_court"),
        "withdrawn": r.weekly("withdrawn"),
        "waiting_mediation": r.weekly("open_mediation"),
        "waiting_office": r.weekly("open_office"),
        "waiting_court": r.weekly("open_court"),
        "offences": r.weekly("offences"),
        "recorded_offences": r.weekly("recorded"),
        "cleared_offences": r.weekly("cleared"),
        "stops": r.weekly("stops"),
        "active": r.weekly("active"),
        "incidents": r.weekly("incidents"),
        **{
            name: r.mean(name)
            for name in "legitimacy norm cohesion efficacy fatigue credibility service expectation grievance sanction_risk".split()
        },
        "volunteers": _ratio(r["volunteers"], r.adults),
        "rate_disputes": r.yearly("opened"),
        "rate_mediation": mediated * 1000.0 / r.residents,
        "rate_office": r.yearly("to_office"),
        "rate_suits": r.yearly("to_court"),
        "rate_recorded": r.yearly("recorded"),
        "rate_cleared_share": _ratio(r.recent("cleared", YEAR), r.recent("recorded", YEAR)),
        "rate_criminal": r.yearly("criminal"),
        "rate_security_cases": r.yearly("recorded") - r.yearly("criminal"),
        "rate_prosecuted": r.yearly("prosecuted"),
        "prisoners": r.yearly("prisoners") / YEAR,
        "rate_stops": r.yearly("stops"),
        "stops_without_result": _ratio(r.recent("fruitless", YEAR), r.recent("stops", YEAR)),
        "rate_incidents": r.yearly("incidents"),
        "active_volunteers_year": r["volunteered_year"] / r.residents,
        "hours_per_resident": r.recent("volunteers", YEAR) * hours / r.residents,
        "mediation_success": _ratio(r.recent("closed_mediation", YEAR), mediated),
        "mediation_weeks": _ratio(r.recent("mediated_weeks", YEAR), mediated),
        "content": _ratio(r["content"], r.adults),
        "happiness_1_5": 1.0 + 4.0 * verdicts["happiness"],
        "feel_safe": _ratio(r["safe"], r.adults),
    }
    return {name: out[name] for name in METRICS}


def weekly(simulation) -> pd.DataFrame:
    """Every metric of the city, a row a week (from week 0).

    Parameters
    ----------
    simulation : Simulation
        With at least one week lived.

    Returns
    -------
    DataFrame
        Index 0 to weeks - 1, a column per metric; NaN where nothing happened that could be judged.
    """
    return pd.DataFrame({name: values[:, 0] for name, values in _all(simulation).items()})


def districts(simulation) -> pd.DataFrame:
    """The same by district: columns ``week``, ``district`` and every metric but those of the city as a whole."""
    names = simulation.city.district_names
    values = {name: v[:, 1:].reshape(-1) for name, v in _all(simulation).items() if name not in CITY_ONLY}
    frame = {"week": np.repeat(np.arange(simulation.week), len(names)), "district": np.tile(np.array(names, object), simulation.week)}
    return pd.DataFrame({**frame, **values})


def flows(simulation) -> pd.DataFrame:
    """Plain counts of the city, a row a week."""
    counts = simulation.city.world.history[: simulation.week].sum(axis=1)
    return pd.DataFrame({name: counts[:, NAMES.index(name)] for name in FLOW_COLUMNS})


def communities(simulation) -> pd.DataFrame:
    """Counts and means by community, a row per finished year and community."""
    world = simulation.city.world
    years = simulation.week // YEAR
    places = world.communities
    names = np.array(simulation.city.district_names, object)
    frames = []
    for year in range(years):
        counts = world.history_communities[year]
        frame = pd.DataFrame({"year": year + 1, "community": np.arange(len(places)), "district": names[places["district"]]})
        frame["residents"], frame["hardship"] = places["residents"], places["hardship"]
        frame["x"], frame["y"] = places["x"], places["y"]
        for name in (
            "opened",
            "closed_mediation",
            "closed_office",
            "closed_court",
            "withdrawn",
            "offences",
            "recorded",
            "stops",
            "fruitless",
            "incidents",
        ):
            frame[name] = counts[:, NAMES.index(name)]
        frame["active_weeks"] = counts[:, NAMES.index("active")]
        adults = places["adults"].astype(np.float64)
        frame["volunteers"] = _ratio(counts[:, NAMES.index("volunteers")], YEAR * adults)
        for name in ("satisfaction", "belonging", "happiness", "security", "legitimacy", "service", "cohesion", "norm"):
            frame[name] = _ratio(counts[:, NAMES.index(name)], YEAR * adults * float(FIXED))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["year", "community", "district"])
