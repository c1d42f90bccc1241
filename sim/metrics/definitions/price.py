"""Prices: money, and the burdens that policies impose on people."""

import numpy as np

from sim.city.community import FIXED
from sim.maths import exp2
from sim.metrics.metric import metric
from sim.metrics.record import YEAR, Record

MONEY, STAFF = "currency per resident and year", "staff per 10,000 residents"
MOST_HOURS = 40.0
"""Hours of which `time_given` counts shares."""
LN2 = 0.6931471805599453


@metric(unit=MONEY, better="neither", group="price", title="Money spent", title_zh="支出经费", city_only=True)
def budget_spent(r: Record) -> np.ndarray:
    """Money spent on instruments, without what leaked.

    用于各政策工具的经费，不含流失部分。
    """
    return r.budget("spent")


@metric(unit=MONEY, better="less", group="price", title="Money leaked", title_zh="流失经费", city_only=True)
def budget_leaked(r: Record) -> np.ndarray:
    """Money lost to leakage.

    拨付途中流失的经费。
    """
    return r.budget("leaked")


@metric(unit=MONEY, better="neither", group="price", title="Money unspent", title_zh="未动用经费", city_only=True)
def budget_unspent(r: Record) -> np.ndarray:
    """Money of the budget that is assigned to no lever.

    预算中未分配给任何政策手段的经费。
    """
    return r.budget("unspent")


@metric(unit=STAFF, better="neither", group="price", title="Staff", title_zh="工作人员", city_only=True)
def staff(r: Record) -> np.ndarray:
    """Staff of all instruments.

    各政策工具的工作人员总数。
    """
    return r.staffed()


@metric(
    unit="staff per 10,000 residents", better="less", group="price", title="Staff without work", title_zh="闲置工作人员", city_only=True
)
def idle_staff(r: Record) -> np.ndarray:
    """Staff for whose work there is no demand, such as mediators without cases.

    没有相应需求的工作人员，例如没有案件可调解的调解员。
    """
    return r.staffed(idle=True)


@metric(unit="per 1,000 residents and year", better="less", group="price", title="Fruitless police stops", title_zh="无果盘查")
def wrongful_stops(r: Record) -> np.ndarray:
    """Police stops without result, over the last 52 weeks.

    最近52周没有结果的警察盘查次数。
    """
    return r.yearly("fruitless")


@metric(unit="per 1,000 residents", high=1000, better="less", group="price", title="People in jail", title_zh="在押人员")
def jailed(r: Record) -> np.ndarray:
    """People in jail or detention.

    被监禁或拘留的人数。
    """
    return r.weekly("prisoners")


@metric(unit="hours per resident and year", better="neither", group="price", title="Volunteer hours", title_zh="志愿服务时长")
def volunteer_hours(r: Record) -> np.ndarray:
    """Hours that volunteers give, over the last 52 weeks.

    最近52周志愿者付出的人均小时数。
    """
    return r.recent("time_given", YEAR) / float(FIXED) * MOST_HOURS / r.residents


@metric(unit="per 1,000 residents and year", better="less", group="price", title="Volunteers burnt out", title_zh="志愿者倦怠退出")
def burn_out(r: Record) -> np.ndarray:
    """Volunteers who quit exhausted, over the last 52 weeks.

    最近52周因倦怠退出的志愿者人数。
    """
    return r.yearly("burned_out")


@metric(
    unit="per 1,000 residents and year",
    better="less",
    group="price",
    title="Disputes reopened after settlement",
    title_zh="和解后再起的纠纷",
)
def settlements_back(r: Record) -> np.ndarray:
    """Mediated settlements under pressure that were reopened, over the last 52 weeks.

    最近52周在压力下调解成功后再起的纠纷数。
    """
    return r.yearly("reopened")


@metric(unit="per 1,000 residents and year", better="less", group="price", title="Wrongful detentions", title_zh="错误羁押")
def wrongful_cases(r: Record) -> np.ndarray:
    """Innocent people detained in campaigns, over the last 52 weeks.

    最近52周专项行动中被无故羁押的人数。
    """
    return r.yearly("wrongful")


@metric(
    unit="per 1,000 residents and year", better="less", group="price", title="False positives of detection", title_zh="自动识别误报人次"
)
def false_flags(r: Record) -> np.ndarray:
    """Innocent people flagged by automatic detection, over the last 52 weeks.

    最近52周被自动识别误判为可疑的人次。
    """
    return r.yearly("flagged_falsely")


@metric(unit="share", high=1, better="less", group="price", title="Exposure to surveillance", title_zh="受监控程度")
def exposure(r: Record) -> np.ndarray:
    """Mean exposure of residents to surveillance.

    居民所受监控程度的均值。
    """
    return r.condition("exposure")


@metric(
    unit="share",
    high=1,
    better="less",
    group="price",
    title="Participation deterred by surveillance",
    title_zh="因监控而放弃的参与",
    share_of=("potential joiners", "本会发生的参与"),
)
def chilled(r: Record) -> np.ndarray:
    """Share of joining that surveillance prevents.

    因受监控而没有发生的参与所占比例。
    """
    return 1.0 - exp2(-r.condition("chill") / LN2)


@metric(
    unit="index points",
    low=0,
    high=1,
    better="less",
    group="price",
    title="Gap between expressed and private legitimacy",
    title_zh="公开表态与内心认同之差",
)
def expressed_gap(r: Record) -> np.ndarray:
    """Publicly expressed minus private legitimacy: the difference hidden by suppression.

    居民公开表达的公信力评价减去内心评价，即压制所掩盖的部分。
    """
    return r.condition("hush") * (1.0 - r.mean("legitimacy"))


@metric(unit="index points", low=-1, high=1, better="less", group="price", title="Overstated performance", title_zh="绩效虚报")
def overstated(r: Record) -> np.ndarray:
    """Reported minus true performance of districts.

    各区上报绩效减去真实绩效。
    """
    return r.condition("reported") - r.condition("performance")
