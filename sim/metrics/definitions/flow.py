"""Weekly flows of disputes, offences, protest and rumours, and the resulting queues."""

import numpy as np

from sim.metrics.metric import ADULTS, metric
from sim.metrics.record import YEAR, Record, ratio


@metric(unit="per 1,000 residents and week", better="less", group="flow", title="Disputes opened", title_zh="新发纠纷")
def disputes_opened(r: Record) -> np.ndarray:
    """Disputes that arose.

    新发生的纠纷数。
    """
    return r.weekly("opened")


@metric(unit="per 1,000 residents and week", better="neither", group="flow", title="Ended in negotiation", title_zh="协商了结")
def settled_negotiation(r: Record) -> np.ndarray:
    """Settled or dropped in negotiation.

    在协商中和解或搁置的纠纷数。
    """
    return r.weekly("settled") + r.weekly("dropped")


@metric(unit="per 1,000 residents and week", better="neither", group="flow", title="Settled by mediation", title_zh="调解结案")
def closed_mediation(r: Record) -> np.ndarray:
    """Settled by mediation.

    经调解解决的纠纷数。
    """
    return r.weekly("closed_mediation")


@metric(unit="per 1,000 residents and week", better="neither", group="flow", title="Closed by an office", title_zh="街道（乡镇）办结")
def closed_office(r: Record) -> np.ndarray:
    """Settled by the sub-district office.

    由街道（乡镇）办结的案件数。
    """
    return r.weekly("closed_office")


@metric(unit="per 1,000 residents and week", better="neither", group="flow", title="Decided by a court", title_zh="法院审结")
def closed_court(r: Record) -> np.ndarray:
    """Decided by the court.

    由法院审结的案件数。
    """
    return r.weekly("closed_court")


@metric(unit="per 1,000 residents and week", better="less", group="flow", title="Disputes given up", title_zh="放弃的纠纷")
def withdrawn(r: Record) -> np.ndarray:
    """Withdrawn while waiting or after failure.

    在等待中或未果后放弃的纠纷数。
    """
    return r.weekly("withdrawn")


@metric(unit="per 1,000 residents", high=1000, better="less", group="flow", title="Waiting for mediation", title_zh="等待调解")
def waiting_mediation(r: Record) -> np.ndarray:
    """Cases waiting for mediation.

    等待调解的案件数。
    """
    return r.weekly("open_mediation")


@metric(unit="per 1,000 residents", high=1000, better="less", group="flow", title="Waiting for an office", title_zh="等待街道办理")
def waiting_office(r: Record) -> np.ndarray:
    """Cases waiting for the sub-district office.

    等待街道（乡镇）办理的案件数。
    """
    return r.weekly("open_office")


@metric(unit="per 1,000 residents", high=1000, better="less", group="flow", title="Waiting for a court", title_zh="等待法院审理")
def waiting_court(r: Record) -> np.ndarray:
    """Cases waiting for the court.

    等待法院审理的案件数。
    """
    return r.weekly("open_court")


@metric(unit="per 1,000 residents", high=1000, better="less", group="flow", title="Formal cases waiting", title_zh="待处理的正式案件")
def waiting_cases(r: Record) -> np.ndarray:
    """Cases waiting for mediation, an office or a court; fewer also where more are given up.

    等待调解、街道（乡镇）办理或法院审理的案件数；放弃的纠纷增多时也会减少。
    """
    return r.weekly("open_mediation") + r.weekly("open_office") + r.weekly("open_court")


@metric(unit="weeks", better="less", group="flow", title="Age of a formal case when closed", title_zh="正式案件办结用时")
def case_weeks(r: Record) -> np.ndarray:
    """Weeks from the start of a dispute until mediation, an office or a court closes it, over the last 52 weeks; fewer also where more are
    given up.

    最近52周由调解、街道（乡镇）或法院办结的案件自纠纷发生起所用的周数；放弃的纠纷增多时也会减少。
    """
    return ratio(r.recent("formal_weeks", YEAR), r.recent("formal_closed", YEAR))


@metric(unit="per 1,000 residents and week", better="less", group="flow", title="Offences", title_zh="违法犯罪")
def offences(r: Record) -> np.ndarray:
    """Offences committed.

    实际发生的违法犯罪数。
    """
    return r.weekly("offences")


@metric(unit="per 1,000 residents and week", better="neither", group="flow", title="Recorded offences", title_zh="记录在案的违法犯罪")
def recorded_offences(r: Record) -> np.ndarray:
    """Offences recorded by the police.

    警方记录在案的违法犯罪数。
    """
    return r.weekly("recorded")


@metric(unit="per 1,000 residents and week", better="neither", group="flow", title="Cleared offences", title_zh="已破案件")
def cleared_offences(r: Record) -> np.ndarray:
    """Recorded offences cleared.

    记录在案且已侦破（查处）的违法犯罪数。
    """
    return r.weekly("cleared")


@metric(unit="per 1,000 residents and week", better="neither", group="flow", title="Police stops", title_zh="警察盘查")
def stops(r: Record) -> np.ndarray:
    """Police stops.

    警察盘查次数。
    """
    return r.weekly("stops")


@metric(unit="per 1,000 residents", high=1000, better="less", group="flow", title="Protesters", title_zh="公开抗议人数")
def active(r: Record) -> np.ndarray:
    """Residents openly protesting.

    正在公开抗议的居民人数。
    """
    return r.weekly("active")


@metric(unit="per 1,000 residents and week", better="less", group="flow", title="Collective incidents", title_zh="群体性事件")
def incidents(r: Record) -> np.ndarray:
    """Collective incidents that began.

    新发生的群体性事件数。
    """
    return r.weekly("incidents")


@metric(
    unit="share", high=1, better="less", group="flow", title="Adults who believe a rumour", title_zh="相信谣言的成年人占比", share_of=ADULTS
)
def rumour_share(r: Record) -> np.ndarray:
    """Adults who believe the current rumour.

    相信当下谣言的成年人占比。
    """
    return ratio(r["believers"], r.adults)


@metric(
    unit="share",
    high=1,
    better="more",
    group="flow",
    title="Precision of detection",
    title_zh="自动识别查准率",
    share_of=("suspicions of automatic detection", "自动识别的可疑情形"),
)
def detection_precision(r: Record) -> np.ndarray:
    """True positives among all flags of automatic detection, over the last 52 weeks.

    最近52周自动识别的可疑情形中确有其事的占比。
    """
    rightly = r.recent("flagged_rightly", YEAR)
    return ratio(rightly, rightly + r.recent("flagged_falsely", YEAR))
