"""State of people and districts: means over adults, shares of them, and conditions."""

import numpy as np

from sim.city.community import FIXED
from sim.metrics.metric import ADULTS, metric
from sim.metrics.record import Record, ratio


@metric(unit="share", high=1, better="more", group="state", title="Legitimacy", title_zh="政府公信力")
def legitimacy(r: Record) -> np.ndarray:
    """Mean private view of government.

    成年人内心对政府评价的均值。
    """
    return r.mean("legitimacy")


@metric(unit="share", high=1, better="more", group="state", title="Verdict on the police", title_zh="对警察的评价")
def police_trust(r: Record) -> np.ndarray:
    """Mean verdict on the police.

    成年人对警察评价的均值。
    """
    return r.mean("police_trust")


@metric(unit="share", high=1, better="more", group="state", title="Civic norm", title_zh="公共道德规范")
def norm(r: Record) -> np.ndarray:
    """Mean civic norm.

    成年人公共道德规范的均值。
    """
    return r.mean("norm")


@metric(unit="share", high=1, better="more", group="state", title="Trust in neighbours", title_zh="邻里信任")
def cohesion(r: Record) -> np.ndarray:
    """Mean trust in neighbours.

    成年人对邻里信任的均值。
    """
    return r.mean("cohesion")


@metric(unit="share", high=1, better="more", group="state", title="Sense of efficacy", title_zh="参与效能感")
def efficacy(r: Record) -> np.ndarray:
    """Mean belief that taking part matters.

    成年人认为参与有用的程度的均值。
    """
    return r.mean("efficacy")


@metric(unit="share", high=1, better="less", group="state", title="Fatigue", title_zh="参与疲劳")
def fatigue(r: Record) -> np.ndarray:
    """Mean exhaustion from volunteering.

    成年人因志愿服务而疲劳的程度的均值。
    """
    return r.mean("fatigue")


@metric(unit="share", high=1, better="neither", group="state", title="Volunteers", title_zh="志愿者", share_of=ADULTS)
def volunteers(r: Record) -> np.ndarray:
    """Adults volunteering this week.

    本周参加志愿服务的成年人占比。
    """
    return ratio(r["volunteers"], r.adults)


@metric(unit="share", high=1, better="more", group="state", title="Credibility of messages", title_zh="宣传可信度")
def credibility(r: Record) -> np.ndarray:
    """Mean credibility of public messages.

    成年人对公共宣传信任程度的均值。
    """
    return r.mean("credibility")


@metric(unit="share", high=1, better="more", group="state", title="Services received", title_zh="获得的公共服务")
def service(r: Record) -> np.ndarray:
    """Mean perceived service.

    成年人感受到的公共服务水平的均值。
    """
    return r.mean("service")


@metric(unit="share", high=1, better="neither", group="state", title="Expectations of services", title_zh="对公共服务的期望")
def expectation(r: Record) -> np.ndarray:
    """Mean expected service.

    成年人期望的公共服务水平的均值。
    """
    return r.mean("expectation")


@metric(unit="share", high=1, better="less", group="state", title="Grievance", title_zh="不满积累")
def grievance(r: Record) -> np.ndarray:
    """Mean stock of grievance.

    成年人不满积累量的均值。
    """
    return r.mean("grievance")


@metric(unit="share", high=1, better="neither", group="state", title="Perceived risk of sanction", title_zh="感知的处罚风险")
def sanction_risk(r: Record) -> np.ndarray:
    """Mean perceived certainty of sanction.

    成年人感知的处罚确定性的均值。
    """
    return r.mean("sanction_risk")


@metric(unit="share", high=1, better="less", group="state", title="Strain", title_zh="生活压力")
def strain(r: Record) -> np.ndarray:
    """Mean perceived hardship, including unemployment and social security.

    成年人感受到的困难的均值，计入失业与所获救助。
    """
    return r.mean("strain")


@metric(unit="share", high=1, better="more", group="state", title="Integration of non-local residents", title_zh="外来居民融入程度")
def integration(r: Record) -> np.ndarray:
    """Mean integration of adults without local registration.

    外来成年人融入程度的均值。
    """
    return ratio(r["integration_nonlocal"], float(FIXED) * r.nonlocals)


@metric(unit="share", high=1, better="less", group="state", title="Jobless adults", title_zh="失业成年人占比", share_of=ADULTS)
def jobless(r: Record) -> np.ndarray:
    """Unemployed adults.

    没有工作的成年人占比。
    """
    return ratio(r["jobless"], r.adults)


@metric(unit="1 = usual", better="less", group="state", title="Congestion and pollution", title_zh="拥堵与污染")
def burden(r: Record) -> np.ndarray:
    """Burden of congestion and pollution, mean over residents.

    拥堵与污染给居民带来的负担的均值。
    """
    return r.condition("burden")


@metric(unit="index", high=1, better="more", group="state", title="True performance", title_zh="真实绩效")
def performance(r: Record) -> np.ndarray:
    """True performance of districts: satisfied residents, cases dealt with, order.

    各区的真实绩效：居民满意、案件办理与治安秩序。
    """
    return r.condition("performance")


@metric(unit="index", high=1, better="neither", group="state", title="Reported performance", title_zh="上报绩效")
def reported_performance(r: Record) -> np.ndarray:
    """Performance reported by districts.

    各区上报的绩效。
    """
    return r.condition("reported")


@metric(
    unit="per 1,000 residents",
    high=1000,
    better="more",
    group="state",
    title="Residents content with services",
    title_zh="对公共服务满意的居民",
)
def content_residents(r: Record) -> np.ndarray:
    """Adults content with services, for every 1,000 residents of any age.

    每千名居民（含儿童）中对公共服务满意的成年人数。
    """
    return r.weekly("content")


@metric(
    unit="share",
    high=1,
    better="less",
    group="state",
    title="Adults in conflict",
    title_zh="处于纠纷中的成年人",
    share_of=ADULTS,
)
def in_conflict(r: Record) -> np.ndarray:
    """Adults with an open case, or with grievance from one that failed.

    有未结纠纷或因纠纷未解决而心怀不满的成年人占比。
    """
    return ratio(r["in_conflict"], r.adults)


@metric(
    unit="share",
    high=1,
    better="more",
    group="state",
    title="Satisfaction of those in conflict",
    title_zh="纠纷当事人的满意度",
)
def satisfaction_in_conflict(r: Record) -> np.ndarray:
    """Mean satisfaction of adults in conflict.

    处于纠纷中的成年人满意度均值。
    """
    return ratio(r["satisfaction_in_conflict"], float(FIXED) * r["in_conflict"])


@metric(
    unit="share",
    high=1,
    better="more",
    group="state",
    title="Legitimacy among those in conflict",
    title_zh="纠纷当事人的政府公信力",
)
def legitimacy_in_conflict(r: Record) -> np.ndarray:
    """Mean private view of government among adults in conflict.

    处于纠纷中的成年人内心对政府评价的均值。
    """
    return ratio(r["legitimacy_in_conflict"], float(FIXED) * r["in_conflict"])


@metric(
    unit="share",
    high=1,
    better="more",
    group="state",
    title="Content with the county government",
    title_zh="对县区政府满意",
    share_of=ADULTS,
)
def content_county(r: Record) -> np.ndarray:
    """Adults content with the county government, judged partly by messages.

    对县区政府满意的成年人占比，部分依据宣传作出判断。
    """
    return ratio(r["content_county"], r.adults)


@metric(
    unit="share",
    high=1,
    better="more",
    group="state",
    title="Content with the provincial government",
    title_zh="对省级政府满意",
    share_of=ADULTS,
)
def content_province(r: Record) -> np.ndarray:
    """Adults content with the provincial government, judged partly by messages.

    对省级政府满意的成年人占比，部分依据宣传作出判断。
    """
    return ratio(r["content_province"], r.adults)


@metric(
    unit="share",
    high=1,
    better="more",
    group="state",
    title="Content with the central government",
    title_zh="对中央政府满意",
    share_of=ADULTS,
)
def content_centre(r: Record) -> np.ndarray:
    """Adults content with the central government, judged partly by messages.

    对中央政府满意的成年人占比，部分依据宣传作出判断。
    """
    return ratio(r["content_centre"], r.adults)
