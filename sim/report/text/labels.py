"""Names of metrics, units and levers in English and Chinese.

Keys of metrics are the names of `sim.metrics`.
"""

from functools import lru_cache

from sim import outside
from sim.lazy import lazily
from sim.report.text.catalogue import has, say
from sim.report.text.phrases import STANCE
from sim.report.text.words import table

with lazily():  # they bring the compiler, which the words alone can do without
    from sim import mechanisms, metrics

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

LEVER = (
    table("""
self_governance|Self-governance (自治)|自治
rule_of_law|Rule of law (法治)|法治
moral_education|Moral education (德治)|德治
public_services|Public services|公共服务
unspent|Unspent|未动用
councils|councils|居民议事
mediation|mediation|人民调解
social_organisations|social organisations|社会组织
workplace|workplace|单位与工会
policing|policing|警务
courts|courts|法院
oversight|oversight|监督
legal_aid|legal aid|法律援助
legislation|legislation|立法
media|media|媒体宣传
school|school|学校教育
family|family|家庭教育
education|education|教育
employment|employment|就业
social_security|social security|社会保障
health|health|医疗卫生
housing|housing|住房
transparency|Transparency|政务公开程度
migrant_access|Services open to non-local residents|向外来居民开放的服务比例
patrol_targeting|Where police patrol|巡逻部署方式
even|evenly by residents|按人口均匀
reported|where offences were reported|按报案地点
""")
    | STANCE
)


def metric_title(name: str, lang: str) -> str:
    """Title of a metric: the report's own, else that of the catalogue, else its name."""
    return METRIC[name].of(lang) if name in METRIC else _catalogue_title(name, lang)


@lru_cache(maxsize=512)
def _catalogue_title(name: str, lang: str) -> str:
    return getattr(metrics.METRICS[name], f"title_{lang}") if name in metrics.METRICS else name


def metric_unit(name: str, lang: str) -> str:
    """Unit of a metric as `sim.metrics` gives it, in the given language where we have the words."""
    if name in SHARE_OF:
        return SHARE_OF[name].of(lang)
    unit = unit_of(name)
    return UNIT[unit].of(lang) if unit in UNIT else unit


@lru_cache(maxsize=256)
def unit_of(name: str) -> str:
    """Unit of a metric by its key in `UNIT`; a mean or a difference of a scale from 0 to 1 is told apart from a share."""
    unit = metrics.METRICS[name].unit if name in metrics.METRICS else ""
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
    return say(f"account_{name}", lang) if has(f"account_{name}") else _registered(name, lang)


@lru_cache(maxsize=256)
def _registered(name: str, lang: str) -> str:
    found = mechanisms.MECHANISMS.get(name) or outside.MECHANISMS.get(name)
    return found.names[lang] if found else name.replace("_", " ")


def small(title: str) -> str:
    """A title within a sentence."""
    return title[:1].lower() + title[1:]
