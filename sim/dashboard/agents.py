"""What the dashboard says of agents: their kinds, their columns with units, and what columns may hold."""

import numpy as np

from sim.city.columns import Column
from sim.metrics import METRICS
from sim.report.parts.numbers import number
from sim.report.text.labels import metric_title
from sim.report.text.words import table

AGENT = table("""
kind_Resident|Resident|居民
kind_ResidentsCommittee|Residents' committee|居民委员会
kind_SocialOrganisation|Social organisation|社会组织
kind_WorkplaceUnion|Workplace union|企业工会
kind_CityGovernment|City government|市政府
kind_DistrictGovernment|District government|区政府
kind_SubdistrictOffice|Sub-district office|街道办事处
kind_PoliceStation|Police station|派出所
kind_Court|Court|法院
kind_ServiceBureau|Service bureau|公共服务局
choice_calm|calm|平静
choice_volunteering|volunteering|参加志愿服务
choice_active|protesting|公开抗议
choice_jailed|in jail|在押
choice_none|no case|无纠纷
choice_negotiation|negotiation|协商
choice_mediation|mediation|调解
choice_office|office|街道办理
choice_court|court|法院审理
choice_conditional|conditional co-operator|条件合作者
choice_free_riding|free rider|搭便车者
choice_hump_shaped|hump-shaped co-operator|驼峰型合作者
choice_unconditional|unconditional co-operator|无条件合作者
column_status|What the person does|居民状态
column_case_stage|Stage of the open case|纠纷所处环节
column_case_age|Age of the open case, weeks|纠纷持续周数
column_hardship|Hardship|生活困难程度
column_risk_aversion|Aversion to risk|风险厌恶
column_susceptibility|Susceptibility to others|受他人影响程度
column_norm_anchor|Norm of the upbringing|成长中形成的规范
column_confidence_bound|Openness to messages|对宣传的接受范围
column_engagement|Disposition to volunteer|志愿倾向
column_age_group|Age|年龄
column_local|Local registration|本地户籍
column_cooperation|Type of co-operation|合作类型
column_household_size|People in the household|家庭人数
column_household_place|Place in the household|家庭中的次序
column_weeks_left|Weeks of detention left|剩余拘留周数
column_since_volunteering|Weeks since volunteering|距上次志愿服务周数
choice_neighbours|between neighbours|邻里
choice_work|at work|劳动
choice_services|about services|公共服务
choice_unaware|has not heard it|未听说
choice_believes|believes it|相信
choice_answered|has heard the answer|已知澄清
choice_mutual_aid|mutual aid|互助
choice_culture|culture|文化
choice_education|education|教育
choice_employment|employment|就业
choice_social_security|social security|社会保障
choice_health|health|医疗卫生
choice_housing|housing|住房
column_case_kind|What the open case is about|纠纷类型
column_rumour|The rumour of the day|当下的谣言
column_integration|Integration|融入程度
column_strain|Strain|生活压力
column_jobless|Weeks without work|失业周数
column_tenure|Weeks lived in the city|在本市居住周数
column_community|Community|所在社区
column_hours|Volunteer hours this week|本周志愿时长
column_skill|Skill, 1 = reference|能力（1为基准）
column_capture|Held by a few|被少数人把持的程度
column_reputation|Standing among residents|居民中的声望
column_caseload|Cases waiting|待处理案件
column_speciality|What it does|专长
column_effort|Capacity to act, 1 = reference|行动能力（1为基准）
column_subdistrict|Sub-district|所在街道
column_district|District|所在区
column_allotted|Budget so far, in 1/10,000 of a resident's week|累计预算（居民周均预算的万分之一）
column_spent|Spent so far, in the same unit|累计支出（同上单位）
column_leaked|Leaked so far, in the same unit|累计流失（同上单位）
column_unspent|Unspent so far, in the same unit|累计未动用（同上单位）
column_upheaval|Effort lost to reorganising|因调整而损失的精力
column_habituation|Used to campaigns|对专项行动的习惯程度
column_residents|Residents|居民数
column_nonlocals|Adults without local registration|外来成年人数
column_adults|Adults|成年人数
column_first_community|First community|首个社区编号
column_last_community|One past the last community|末个社区之后的编号
column_leakage|Spending lost|支出流失的比例
column_corruption|Spending taken by officials|被贪占的支出比例
column_caution|Time lost to audits and caution|审计与谨慎占用的时间
column_diverted|Time for visits, projects, hotline|走访、项目与热线占用的时间
column_answering|Time for answering rumours|回应谣言占用的时间
column_DistrictGovernment.effort|Extra effort in measured work|对考核事项的额外投入
column_neglect|Effort lost in unmeasured work|非考核事项的投入损失
column_performance|Performance as it is|真实绩效
column_reported|Performance as reported|上报绩效
column_capacity|Cases it can handle a week|每周可处理案件数
column_backlog|Cases waiting|积压案件
column_surge|Extra effort under pressure|压力下的额外投入
column_officers|Officers on duty|在岗警员
column_load|Load, 1 = reference|负荷（1为基准）
column_clearance|Recorded offences cleared|破案率
column_discretion|Room that the law leaves, 1 = reference|自由裁量空间（1为基准）
column_ServiceBureau.service|Service|服务类别
column_quality|Quality delivered|服务质量
stop_tenure|all their life|自出生起
stop_since_volunteering|never, or longer ago than is counted|从未，或早于所计周数
yes|yes|是
no|no|否
""")

HIDDEN = ("events", "peers")
"""Columns that hold packed bits, of no meaning to a reader."""


STOPS = tuple(key.removeprefix("stop_") for key in AGENT if key.startswith("stop_"))
"""Columns whose highest value is no number of weeks: it stands for what the words say."""


def counted(name: str, column: Column, values: np.ndarray) -> np.ndarray:
    """Values that are numbers; what stands for something else (`STOPS`) is NaN."""
    values = np.asarray(values, float)
    return np.where(values >= column.high, np.nan, values) if name in STOPS and column.high is not None else values


def shown(column: Column) -> bool:
    """Whether a column is one that people can read."""
    return not column.slots and column.name not in HIDDEN


def kind_title(kind: str, lang: str) -> str:
    """Words for a kind of agent."""
    return AGENT[f"kind_{kind}"].of(lang)


def column_title(kind: str, name: str, lang: str) -> str:
    """Words for a column of a kind of agent."""
    for key in (f"column_{kind}.{name}", f"column_{name}"):
        if key in AGENT:
            return AGENT[key].of(lang)
    return metric_title(name, lang) if name in METRICS else name.replace("_", " ")


def stop_words(name: str, lang: str) -> str:
    """What the highest value of one of `STOPS` stands for."""
    return AGENT[f"stop_{name}"].of(lang)


def value_words(value: object, column: Column, lang: str) -> str:
    """A value of a column as people write it."""
    if isinstance(value, str):
        return AGENT[f"choice_{value}"].of(lang) if f"choice_{value}" in AGENT else value.replace("_", " ")
    if (column.low, column.high) == (0, 1) and isinstance(value, int):
        return AGENT["yes" if value else "no"].of(lang)
    return number(float(value)) if isinstance(value, float) else f"{value:,}"  # type: ignore[str-bytes-safe]
