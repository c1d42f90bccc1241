"""Names of metrics, units and levers in English and Chinese, and numbers as people write them.

Keys of metrics are the names of `sim.metrics`.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from sim import outside
from sim.levers import NAMES
from sim.report.files import NOTHING, Shown
from sim.report.phrases import MECHANISM
from sim.report.ranges import RANGE, RANGE_OF_CITY, Range
from sim.report.sentences import SCOPE, TEXT, text
from sim.report.words import LANGUAGES, Words, table

__all__ = [
    "DEFINITION",
    "LANGUAGES",
    "LEVER",
    "METRIC",
    "PERCENT",
    "RANGE",
    "RANGE_OF_CITY",
    "SCOPE",
    "SHARES",
    "TEXT",
    "UNIT",
    "Range",
    "Words",
    "MECHANISM",
    "between",
    "lever_title",
    "mechanism_title",
    "metric_title",
    "metric_unit",
    "number",
    "percent",
    "text",
    "together",
]

PERCENT = "\u202f%"
ONE_PLACE = 0.0995
"""Share below which per cent have one place."""
FINER = 4
"""An interval is at least so many units of its last place wide."""
SMALL, SMALLEST, MOST_PLACES = 0.001, 1e-6, 7
"""Values between the first two are written with two digits; decimal places at most."""

METRIC = table("""
stability|Stability|社会稳定
satisfaction|Satisfaction|居民满意度
order|Order|治安秩序
calm|Calm|社会平静
resolution|Resolution|纠纷化解
steadiness|Steadiness|运行平稳
belonging|Belonging|归属感
happiness|Happiness|幸福感
security|Security|安全感
satisfaction_p10|Satisfaction, lowest tenth|满意度第10百分位
satisfaction_p50|Satisfaction, median|满意度中位数
satisfaction_p90|Satisfaction, highest tenth|满意度第90百分位
satisfied_share|Satisfied adults|满意的成年人占比
budget_spent|Budget spent|已支出预算
budget_leaked|Budget leaked|流失预算
budget_unspent|Budget unspent|未动用预算
wrongful_stops|Wrongful (fruitless) stops|不当（无果）盘查
jailed|People in jail|在押人员
volunteer_hours|Volunteer hours|志愿服务时长
burn_out|Volunteers burnt out|志愿者倦怠退出
gap_satisfaction|Gap in satisfaction, local minus non-local|满意度差距（本地减外来）
gap_service|Gap in services, local minus non-local|公共服务差距（本地减外来）
spread_satisfaction|Spread of satisfaction between communities|社区间满意度离散程度
disputes_opened|Disputes that arose|新发纠纷
settled_negotiation|Ended in negotiation|协商了结
closed_mediation|Settled by mediation|调解结案
closed_office|Closed by an office|街道（乡镇）办结
closed_court|Decided by a court|法院审结
withdrawn|Given up|放弃
waiting_mediation|Waiting for mediation|等待调解
waiting_office|Waiting for an office|等待街道办理
waiting_court|Waiting for a court|等待法院审理
offences|Offences|违法犯罪
recorded_offences|Recorded offences|记录在案的违法犯罪
cleared_offences|Cleared offences|已破案件
stops|Police stops|警察盘查
active|People openly protesting|公开抗议人数
incidents|Collective incidents|群体性事件
legitimacy|Legitimacy|政府公信力
norm|Civic norm|公共道德规范
cohesion|Trust in neighbours|邻里信任
efficacy|Sense that taking part matters|参与效能感
fatigue|Fatigue|参与疲劳
volunteers|Volunteers|志愿者
credibility|Credibility of messages|宣传可信度
service|Services received|获得的公共服务
expectation|Expectations|公众期望
grievance|Grievance|不满积累
sanction_risk|Perceived risk of sanction|感知的处罚风险
rate_disputes|Residents meeting a dispute|遇到纠纷的居民
rate_mediation|Formal mediations|正式调解
rate_office|Cases passed to an office|转交街道办理的事项
rate_suits|Civil suits|民事诉讼
rate_recorded|Recorded offences|记录在案的违法犯罪
rate_criminal|Criminal cases|刑事案件
rate_security_cases|Public-security cases|治安案件
rate_cleared_share|Recorded offences cleared|破案（查处）率
rate_prosecuted|People prosecuted|被起诉人员
prisoners|Prisoners|在押人员
rate_stops|Police stops|警察盘查
stops_without_result|Stops without result|盘查无结果占比
rate_incidents|Collective incidents|群体性事件
active_volunteers_year|Residents who volunteered in a year|一年内参加志愿服务的居民
hours_per_resident|Volunteer hours per resident|人均志愿服务时长
mediation_success|Mediations that succeed|调解成功率
mediation_weeks|Weeks until mediation ends|调解用时
content|Content with services|对公共服务满意的成年人占比
happiness_1_5|Happiness, 1 to 5|幸福感（1–5分）
feel_safe|Feel safe|感到安全的成年人占比
""")

DEFINITION = table("""
order|few offences: one half at the reference rate|违法犯罪少；处于参照水平时为0.5
calm|few people openly protesting over the past year: one half at the reference level|过去一年公开抗议者少；处于参照水平时为0.5
resolution|formal cases closed quickly and short queues: one half at 3.5 weeks|正式渠道办结快、排队短；用时3.5周时为0.5
steadiness|offences and protest come evenly, not in bursts|事件分布均匀，没有突发高峰
belonging|ties, integration and a say in local affairs|人际联系、融入与参与本地事务
happiness|services received, against what was expected|所得公共服务及其与期望之差
security|offences, incidents and presence where one lives|住地的案件、事件与警力存在
spread|the resident at the lowest tenth, the median and the highest tenth|第10百分位、中位数与第90百分位的居民
""")

UNIT = table("""
index|0 to 1|0到1
mean|0 to 1|0到1
share|share|占比
index points|points of the index|指数点
reference budgets|reference budgets|基准预算
per 1,000 residents|per 1,000 residents|每千人
per 1,000 residents and week|per 1,000 residents a week|每千人每周
per 1,000 residents and year|per 1,000 residents a year|每千人每年
hours per resident and year|hours per resident a year|人均每年小时
hours per year|hours a year|每年小时
weeks|weeks|周
points of 5|points of 5|5分制
1 = reference|1 = reference|基准为1
""")
"""By the unit that `sim.metrics` gives."""

SHARE_OF = table("""
satisfied_share|share of adults|占成年人
volunteers|share of adults|占成年人
rate_cleared_share|share of recorded offences|占记录在案的违法犯罪
stops_without_result|share of stops|占盘查
active_volunteers_year|share of residents|占居民
mediation_success|share of mediations|占正式调解
content|share of adults|占成年人
feel_safe|share of adults|占成年人
requests_share|share of contacts with the hotline|占热线来电
resolved_share|share of requests and complaints|占诉求
pleased_share|share of resolved requests|占已解决的诉求
registered_volunteers|share of residents|占居民
turnout|share of adults|占成年人
nonlocal_joining|share of adults without local registration|占外来成年人
nonlocal_feel_local|share of adults without local registration|占外来成年人
rumour_share|share of adults|占成年人
detection_precision|share of suspicions of automatic detection|占自动识别的可疑情形
jobless|share of adults|占成年人
chilled|share of joining that would be|占本会发生的参与
""")
"""Shares of something that can be counted, and of what."""

SHARES = frozenset(SHARE_OF)
"""Metrics that are shown in per cent; other shares are means of a scale from 0 to 1."""

LEVER = table("unspent|Unspent|未动用") | {name: Words(names["en"], names["zh"]) for name, names in NAMES.items()}


def metric_title(name: str, lang: str) -> str:
    """Title of a metric: the report's own, else that of the catalogue, else its name."""
    return METRIC[name].of(lang) if name in METRIC else _catalogue_title(name, lang)


@lru_cache(maxsize=512)
def _catalogue_title(name: str, lang: str) -> str:
    from sim.metrics import METRICS  # brings the compiler, which the words alone can do without

    return getattr(METRICS[name], f"title_{lang}") if name in METRICS else name


def metric_unit(name: str, lang: str) -> str:
    """Unit of a metric as `sim.metrics` gives it, in the given language where we have the words."""
    if name in SHARE_OF:
        return SHARE_OF[name].of(lang)
    unit = _unit(name)
    return UNIT[unit].of(lang) if unit in UNIT else unit


@lru_cache(maxsize=256)
def _unit(name: str) -> str:
    from sim.metrics import METRICS  # brings the compiler, which the words alone can do without

    unit = METRICS[name].unit if name in METRICS else ""
    if unit == "share" and name not in SHARES:
        return "index points" if name.startswith("gap_") or name.endswith("_gap") else "mean"
    return unit


def lever_title(name: str, lang: str) -> str:
    """Name of a lever, instrument, stance or choice."""
    if name in outside.LEVERS:
        return outside.LEVERS[name].names[lang]
    return LEVER[name].of(lang) if name in LEVER else name.replace("_", " ")


def mechanism_title(name: str, lang: str) -> str:
    """Name of a mechanism as it is registered, or of another account of the attribution; the key in words where there is none."""
    return MECHANISM[name].of(lang) if name in MECHANISM else _registered(name, lang)


@lru_cache(maxsize=256)
def _registered(name: str, lang: str) -> str:
    from sim.mechanisms import MECHANISMS  # brings the compiler, which the words alone can do without

    found = MECHANISMS.get(name) or outside.MECHANISMS.get(name)
    return found.names[lang] if found else name.replace("_", " ")


def number(value: float, name: str = "", sign: bool = False) -> Shown:
    """A value as people write it: shares in per cent, indices to two places, others to about three digits."""
    return percent(value, "+" if sign else "") if name in SHARES else _written(value, _places(value, name, sign), name, sign)


def together(values: Sequence[float], name: str = "", sign: bool = False) -> list[Shown]:
    """A value and the ends of its interval, written to the same places: as many as it takes to tell the ends apart, and from zero.

    Parameters
    ----------
    values : sequence of float
        Of one metric; NaN is written as a dash.
    name : str
        The metric.
    sign : bool
        Write a plus before what is above zero, as of a difference.
    """
    known = [value for value in values if math.isfinite(value)]
    if len(known) < 2 or max(known) == min(known):
        return [number(value, name, sign) for value in values]
    scale = 100 if name in SHARES else 1
    apart = scale * (max(known) - min(known)) / FINER
    least = max(_places(value, name, sign) for value in known) if name not in SHARES else int(max(map(abs, known)) < ONE_PLACE)
    places = max(least, math.ceil(-math.log10(apart)) if apart > 0 else 0)
    nearest = scale * min(map(abs, known))
    if sign and (min(known) > 0 or max(known) < 0) and round(nearest, places) == 0:
        places = math.ceil(-math.log10(nearest))
    return [_written(value, min(places, MOST_PLACES), name, sign) for value in values]


def _places(value: float, name: str, sign: bool) -> int:
    """Decimal places of a value by itself; two digits of what three places would hide."""
    size = abs(value)
    if name and _unit(name) in ("index", "mean", "index points"):
        return 3 if sign or _unit(name) == "index points" else 2
    if SMALLEST <= size < SMALL:
        return math.ceil(-math.log10(size)) + 1
    return 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 or size == 0 else 3


def _written(value: float, places: int, name: str, sign: bool) -> Shown:
    if not math.isfinite(value):
        return Shown(NOTHING if value != value else "∞" if value > 0 else "−∞", value)
    shown = _tidy(f"{(100 if name in SHARES else 1) * value:{'+' if sign else ''},.{places}f}")
    return Shown(shown + PERCENT if name in SHARES else shown, value)


def percent(share: float, plus: str = "") -> Shown:
    """A share in per cent, with one place below ten per cent, and one digit of what is smaller than a tenth of a per cent."""
    return Shown(_percent(share, plus), share)


def _percent(share: float, plus: str) -> str:
    if share != share:
        return NOTHING
    if 0 < abs(share) < 0.0005:
        return _tidy(f"{100 * float(f'{share:.1g}'):{plus}.4g}") + PERCENT if abs(share) >= 5e-7 else f"< 0.0001{PERCENT}"
    digits = 0 if abs(share) >= ONE_PLACE or abs(share * 100 - round(share * 100)) < 0.05 else 1
    return _tidy(f"{100 * share:{plus}.{digits}f}") + PERCENT


def between(low: str, high: str) -> str:
    """A range of two written values; the unit of per cent once."""
    text = f"{low.removesuffix(PERCENT) if high.endswith(PERCENT) else low}–{high}"
    exact = (*getattr(low, "exact", ()), *getattr(high, "exact", ()))
    return Shown(text, *exact) if len(exact) == 2 else text


def _tidy(shown: str) -> str:
    """A true minus, and no sign before nothing."""
    return shown.replace("-", "−") if shown.strip("+-0.,") else shown.lstrip("+-")
