"""Rates as reported in statistics of real cities, over the last 52 weeks, for calibration and comparison."""

import numpy as np

from sim.city.community import FIXED
from sim.metrics.definitions.price import volunteer_hours
from sim.metrics.metric import ADULTS, NONLOCALS, RESIDENTS, metric
from sim.metrics.record import YEAR, Record, ratio


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Hotline contacts", title_zh="热线来电率")
def rate_contacts(r: Record) -> np.ndarray:
    """Contacts with the city hotline.

    市民热线来电次数。
    """
    return r.yearly("contacts")


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Requests to the hotline", title_zh="热线诉求率")
def rate_requests(r: Record) -> np.ndarray:
    """Requests and complaints to the city hotline, which it sends to an office.

    市民热线派单办理的诉求与投诉。
    """
    return r.yearly("requests")


@metric(
    unit="share",
    high=1,
    better="neither",
    group="rate",
    title="Requests among contacts",
    title_zh="来电中诉求占比",
    share_of=("contacts with the hotline", "热线来电"),
)
def requests_share(r: Record) -> np.ndarray:
    """Requests and complaints among contacts with the hotline.

    热线来电中诉求与投诉的占比。
    """
    return ratio(r.recent("requests", YEAR), r.recent("contacts", YEAR))


@metric(
    unit="share",
    high=1,
    better="more",
    group="rate",
    title="Requests resolved",
    title_zh="诉求解决率",
    share_of=("requests and complaints", "诉求"),
)
def resolved_share(r: Record) -> np.ndarray:
    """Requests and complaints resolved.

    得到解决的诉求与投诉占比。
    """
    return ratio(r.recent("resolved", YEAR), r.recent("requests", YEAR))


@metric(
    unit="share",
    high=1,
    better="more",
    group="rate",
    title="Satisfied with the resolution",
    title_zh="诉求解决满意率",
    share_of=("resolved requests", "已解决的诉求"),
)
def pleased_share(r: Record) -> np.ndarray:
    """Resolved requests with which people are satisfied.

    已解决的诉求中来电人满意的占比。
    """
    return ratio(r.recent("pleased", YEAR), r.recent("resolved", YEAR))


@metric(unit="share", high=1, better="neither", group="rate", title="Registered volunteers", title_zh="注册志愿者占比", share_of=RESIDENTS)
def registered_volunteers(r: Record) -> np.ndarray:
    """Residents who volunteered within two and a half years.

    两年半内参加过志愿服务的居民占比。
    """
    return r["registered"] / r.residents


@metric(unit="share", high=1, better="more", group="rate", title="Turnout", title_zh="选举参与率", share_of=ADULTS)
def turnout(r: Record) -> np.ndarray:
    """Adults who would vote for the residents' committee.

    会参加居民委员会选举投票的成年人占比。
    """
    return ratio(r["votes"], float(FIXED) * r.adults)


@metric(
    unit="share",
    high=1,
    better="more",
    group="rate",
    title="Non-local residents taking part",
    title_zh="外来居民参与率",
    share_of=NONLOCALS,
)
def nonlocal_joining(r: Record) -> np.ndarray:
    """Adults without local registration who take part in community life (integration of at least 0.465).

    参与社区生活（融入程度不低于0.465）的外来成年人占比。
    """
    return ratio(r["joining"], r.nonlocals)


@metric(
    unit="share",
    high=1,
    better="more",
    group="rate",
    title="Non-local residents who feel at home",
    title_zh="外来居民本地认同率",
    share_of=NONLOCALS,
)
def nonlocal_feel_local(r: Record) -> np.ndarray:
    """Adults without local registration who feel local (integration of at least 0.48).

    认同本地（融入程度不低于0.48）的外来成年人占比。
    """
    return ratio(r["settled_in"], r.nonlocals)


@metric(unit="per 1,000 residents and year", better="less", group="rate", title="Disputes", title_zh="纠纷发生率")
def rate_disputes(r: Record) -> np.ndarray:
    """Disputes that arose.

    新发生的纠纷数。
    """
    return r.yearly("opened")


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Formal mediations", title_zh="正式调解")
def rate_mediation(r: Record) -> np.ndarray:
    """Formal mediations heard.

    正式调解的案件数。
    """
    return _mediations(r) * 1000.0 / r.residents


@metric(
    unit="per 1,000 residents and year", better="neither", group="rate", title="Cases passed to an office", title_zh="转交街道办理的事项"
)
def rate_office(r: Record) -> np.ndarray:
    """Cases passed on to an office.

    转交街道（乡镇）办理的事项数。
    """
    return r.yearly("to_office")


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Civil suits", title_zh="民事诉讼")
def rate_suits(r: Record) -> np.ndarray:
    """Suits filed.

    提起的民事诉讼数。
    """
    return r.yearly("to_court")


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Recorded offences a year", title_zh="年记录违法犯罪")
def rate_recorded(r: Record) -> np.ndarray:
    """Offences recorded (criminal and public-security cases).

    记录在案的违法犯罪（刑事与治安案件）数。
    """
    return r.yearly("recorded")


@metric(
    unit="share",
    high=1,
    better="neither",
    group="rate",
    title="Clearance rate",
    title_zh="破案（查处）率",
    share_of=("recorded offences", "记录在案的违法犯罪"),
)
def rate_cleared_share(r: Record) -> np.ndarray:
    """Recorded offences cleared.

    记录在案的违法犯罪中已侦破（查处）的占比。
    """
    return ratio(r.recent("cleared", YEAR), r.recent("recorded", YEAR))


@metric(
    unit="share",
    high=1,
    better="neither",
    group="rate",
    title="Clearance rate of acquisitive offences",
    title_zh="侵财类案件破案（查处）率",
    share_of=("recorded acquisitive offences", "记录在案的侵财类违法犯罪"),
)
def rate_cleared_share_acquisitive(r: Record) -> np.ndarray:
    """Recorded acquisitive offences cleared.

    记录在案的侵财类违法犯罪中已侦破（查处）的占比。
    """
    cleared = r.recent(r["cleared"] - r["cleared_violent"], YEAR)
    return ratio(cleared, r.recent(r["recorded"] - r["recorded_violent"], YEAR))


@metric(
    unit="share",
    high=1,
    better="neither",
    group="rate",
    title="Clearance rate of violent offences",
    title_zh="暴力案件破案（查处）率",
    share_of=("recorded violent offences", "记录在案的暴力违法犯罪"),
)
def rate_cleared_share_violent(r: Record) -> np.ndarray:
    """Recorded violent offences cleared.

    记录在案的暴力违法犯罪中已侦破（查处）的占比。
    """
    return ratio(r.recent("cleared_violent", YEAR), r.recent("recorded_violent", YEAR))


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Recorded violent offences", title_zh="暴力案件")
def rate_violent(r: Record) -> np.ndarray:
    """Violent offences recorded.

    记录在案的暴力违法犯罪数。
    """
    return r.yearly("recorded_violent")


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Criminal cases", title_zh="刑事案件")
def rate_criminal(r: Record) -> np.ndarray:
    """Criminal cases recorded.

    记录在案的刑事案件数。
    """
    return r.yearly("criminal")


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Public-security cases", title_zh="治安案件")
def rate_security_cases(r: Record) -> np.ndarray:
    """Public-security cases recorded.

    记录在案的治安案件数。
    """
    return r.yearly("recorded") - r.yearly("criminal")


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="People prosecuted", title_zh="被起诉人员")
def rate_prosecuted(r: Record) -> np.ndarray:
    """People prosecuted.

    被起诉的人数。
    """
    return r.yearly("prosecuted")


@metric(unit="per 1,000 residents", high=1000, better="less", group="rate", title="Prisoners, mean of the year", title_zh="年均在押人员")
def prisoners(r: Record) -> np.ndarray:
    """People in jail, mean of the year.

    一年内在押人数的均值。
    """
    return r.yearly("prisoners") / YEAR


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Police stops a year", title_zh="年警察盘查")
def rate_stops(r: Record) -> np.ndarray:
    """Police stops.

    警察盘查次数。
    """
    return r.yearly("stops")


@metric(
    unit="share", high=1, better="less", group="rate", title="Stops without result", title_zh="盘查无结果占比", share_of=("stops", "盘查")
)
def stops_without_result(r: Record) -> np.ndarray:
    """Stops that found nothing.

    没有结果的盘查占比。
    """
    return ratio(r.recent("fruitless", YEAR), r.recent("stops", YEAR))


@metric(unit="per 1,000 residents and year", better="neither", group="rate", title="Arrests for trifles a year", title_zh="年轻微事由抓捕")
def rate_petty_arrests(r: Record) -> np.ndarray:
    """Arrests for trifles, at officers' discretion.

    警察自由裁量下因轻微事由的抓捕人次。
    """
    return r.yearly("petty_arrests")


@metric(unit="per 1,000 residents and year", better="less", group="rate", title="Collective incidents a year", title_zh="年群体性事件")
def rate_incidents(r: Record) -> np.ndarray:
    """Collective incidents.

    群体性事件数。
    """
    return r.yearly("incidents")


@metric(
    unit="share",
    high=1,
    better="neither",
    group="rate",
    title="Residents who volunteered in a year",
    title_zh="一年内参加志愿服务的居民",
    share_of=RESIDENTS,
)
def active_volunteers_year(r: Record) -> np.ndarray:
    """Residents who volunteered within the year.

    一年内参加过志愿服务的居民占比。
    """
    return r["volunteered_year"] / r.residents


@metric(unit="hours per year", better="neither", group="rate", title="Volunteer hours per resident", title_zh="人均志愿服务时长")
def hours_per_resident(r: Record) -> np.ndarray:
    """Volunteer hours per resident.

    人均志愿服务小时数。
    """
    return volunteer_hours(r)


@metric(
    unit="share",
    high=1,
    better="more",
    group="rate",
    title="Mediation success rate",
    title_zh="调解成功率",
    share_of=("mediations", "正式调解"),
)
def mediation_success(r: Record) -> np.ndarray:
    """Mediations that end in agreement.

    达成协议的调解占比。
    """
    return ratio(r.recent("closed_mediation", YEAR), _mediations(r))


@metric(unit="weeks", better="less", group="rate", title="Weeks until mediation ends", title_zh="调解用时")
def mediation_weeks(r: Record) -> np.ndarray:
    """Age of a dispute when mediation ends.

    调解结束时纠纷已持续的周数。
    """
    return ratio(r.recent("mediated_weeks", YEAR), _mediations(r))


@metric(
    unit="share",
    high=1,
    better="more",
    group="rate",
    title="Adults content with services",
    title_zh="对公共服务满意的成年人占比",
    share_of=ADULTS,
)
def content(r: Record) -> np.ndarray:
    """Adults content with services (perceived service of at least 0.55).

    对公共服务满意（感受水平不低于0.55）的成年人占比。
    """
    return ratio(r["content"], r.adults)


@metric(unit="points of 5", low=1, high=5, better="more", group="rate", title="Happiness (1 to 5)", title_zh="幸福感（1–5分）")
def happiness_1_5(r: Record) -> np.ndarray:
    """Mean happiness on a scale from 1 to 5.

    以1至5分计的幸福感均值。
    """
    return 1.0 + 4.0 * r.mean("happiness")


@metric(unit="share", high=1, better="more", group="rate", title="Adults who feel safe", title_zh="感到安全的成年人占比", share_of=ADULTS)
def feel_safe(r: Record) -> np.ndarray:
    """Adults who feel safe (security of at least 0.72).

    感到安全（安全感不低于0.72）的成年人占比。
    """
    return ratio(r["safe"], r.adults)


def _mediations(r: Record) -> np.ndarray:
    """Formal mediations that ended within a year."""
    return r.recent("closed_mediation", YEAR) + r.recent("failed_mediation", YEAR)
