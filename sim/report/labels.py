"""Every word of the report in English and Chinese: metrics, units, levers, evidence ranges, sentences.

Keys of metrics are the names of `sim.metrics`. Placeholders in braces are filled by `sim.report.html`.
"""

from functools import lru_cache
from typing import NamedTuple

LANGUAGES = ("en", "zh")
PERCENT = "\u202f%"


class Words(NamedTuple):
    """The same words in two languages."""

    en: str
    zh: str

    def of(self, lang: str) -> str:
        """The words in one language, ``"en"`` or ``"zh"``."""
        return self.zh if lang == "zh" else self.en


class Range(NamedTuple):
    """What sources say of a rate in a large Chinese city about 2020.

    Parameters
    ----------
    low, high : float
        In the unit of the metric.
    note : Words
        What was seen, and what the range leaves open.
    """

    low: float
    high: float
    note: Words


def _table(text: str) -> dict[str, Words]:
    """Rows of ``key|English|Chinese``; what is long goes on in the next line, behind four spaces."""
    rows = (line.split("|") for line in text.strip("\n").replace("\n    ", "").splitlines())
    return {key.strip(): Words(en, zh) for key, en, zh in rows}


METRIC = _table("""
stability|Stability|社会稳定
satisfaction|Satisfaction|居民满意
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
satisfied_share|Satisfied adults|满意居民占比
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
recorded_offences|Recorded offences|记录在案
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
content|Content with services|对公共服务满意
happiness_1_5|Happiness, 1 to 5|幸福感（1–5分）
feel_safe|Feel safe|感到安全
""")

DEFINITION = _table("""
order|few offences: one half at the reference rate|违法犯罪少；处于参照水平时为0.5
calm|few people openly protesting over the past year: one half at the reference level|过去一年公开抗议者少；处于参照水平时为0.5
resolution|formal cases closed quickly and short queues: one half at 3.5 weeks|正式渠道办结快、排队短；用时3.5周时为0.5
steadiness|offences and protest come evenly, not in bursts|事件分布均匀，没有突发高峰
belonging|ties, integration and a say in local affairs|人际联系、融入与参与本地事务
happiness|services received, against what was expected|所得公共服务及其与期望之差
security|offences, incidents and presence where one lives|住地的案件、事件与警力存在
spread|the resident at the lowest tenth, the median and the highest tenth|第10百分位、中位数与第90百分位的居民
""")

UNIT = _table("""
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
""")
"""By the unit that `sim.metrics` gives."""

SHARES = frozenset(
    "satisfied_share volunteers rate_cleared_share stops_without_result active_volunteers_year mediation_success content feel_safe".split()
)
"""Shares of something that can be counted, shown in per cent; other shares are means of a scale from 0 to 1."""


LEVER = _table("""
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

RANGE = {
    "rate_disputes": Range(150, 290, Words("legal-needs surveys: 17–29 % of residents a year", "法律需求调查：每年17%–29%的居民")),
    "rate_mediation": Range(4, 10, Words("6.2–10.6 seen; official counts run high", "所见为6.2–10.6；官方统计偏高")),
    "rate_office": Range(50, 130, Words("Shanghai; seen 50 in 2016", "上海；2016年为50")),
    "rate_suits": Range(7, 12, Words("9.3 seen", "所见为9.3")),
    "rate_criminal": Range(2.5, 4, Words("4.2 in 2009", "2009年为4.2")),
    "rate_security_cases": Range(4, 8, Words("from memory, to be checked", "待核实")),
    "rate_cleared_share": Range(
        0.15, 0.95, Words("from minor theft (15–45 %) to burglary (60–95 %)", "从小额盗窃（15%–45%）到入室盗窃（60%–95%）")
    ),
    "rate_prosecuted": Range(1.5, 2.0, Words("Shanghai 2019: 1.83", "上海2019年：1.83")),
    "prisoners": Range(1.1, 1.3, Words("1.2 seen", "所见为1.2")),
    "rate_stops": Range(5, 15, Words("no Chinese figure; UK: 9.7", "无中国数据；英国：9.7")),
    "stops_without_result": Range(0.70, 0.80, Words("no Chinese figure; UK: 76 %", "无中国数据；英国：76%")),
    "rate_incidents": Range(0.03, 0.15, Words("0.06 to 0.15 seen", "所见为0.06–0.15")),
    "active_volunteers_year": Range(0.08, 0.15, Words("over 21 % are registered", "注册者超过21%")),
    "hours_per_resident": Range(5, 10, Words("Shanghai 2016: about 8", "上海2016年：约8")),
    "mediation_success": Range(0.65, 0.95, Words("65 % online by courts; 96 % as reported", "法院在线调解65%；官方报告96%")),
    "mediation_weeks": Range(2, 5, Words("23 days online by courts", "法院在线调解23天")),
    "content": Range(0.65, 0.75, Words("with the nearest tier of government: 70.2 %", "对最近一级政府满意：70.2%")),
    "happiness_1_5": Range(3.6, 3.9, Words("3.61 seen, SD .86", "所见为3.61，标准差0.86")),
    "feel_safe": Range(0.85, 0.95, Words("at night: about 90 %", "夜间：约90%")),
}
"""By rate. The ranges are a judgement over sources that differ; official ones are likely flattering."""

RANGE_OF_CITY = {
    "beijing_2020": {"rate_office": Range(150, 220, Words("Beijing; 115 in 2019, 206 in 2020", "北京；2019年115，2020年206"))},
}
"""Ranges that hold for one preset only."""

TEXT = _table("""
question|What happens in {city} over {horizon} when {policy}?|{city}在{horizon}内{policy}，会发生什么？
question_default|the reference policy is kept|保持基准政策
question_share|{lever} gets {share} of the budget (reference {reference})|{lever}占预算{share}（基准{reference}）
question_budget|the budget is {value} times the reference|预算为基准的{value}倍
question_other|{count} other settings differ from the reference|另有{count}项设置与基准不同
question_one|one other setting differs from the reference|另有1项设置与基准不同
gap| |
join|, |，
last| and |，
answer|At the end, {name} stands at {end}{interval}.|期末，{name}为{end}{interval}。
answer_interval| (95 % interval of the mean {low} to {high}; single runs {min} to {max})
    |（均值95%区间{low}至{high}；单次运行{min}至{max}）
answer_up|That is {change} above the start (95 % interval {low} to {high}).|比期初高{change}（95%区间{low}至{high}）。
answer_down|That is {change} below the start (95 % interval {low} to {high}).|比期初低{change}（95%区间{low}至{high}）。
answer_flat|The change since the start, {change}, cannot be told from chance (95 % interval {low} to {high}).
    |与期初相比变化{change}，无法与偶然波动区分（95%区间{low}至{high}）。
answer_single|The change since the start is {change}; with one run nothing can be said about chance.
    |与期初相比变化{change}；只有一次运行，无法判断偶然因素。
answer_moved|Of their seven parts, {name} moved most ({change}).|七个分项中，{name}变化最大（{change}）。
answer_note|Both indices run from 0 to 1. Start: mean of the first {weeks} weeks; end: mean of the last {weeks}.
     {runs} with different luck.
    |两项指数均在0到1之间。期初为前{weeks}周均值，期末为后{weeks}周均值；{runs}，随机条件各不相同。
runs_one|1 run|1次运行
runs|{count} runs|{count}次运行
years|{count} years|{count}年
year|1 year|1年
weeks|{count} weeks|{count}周
end|End|期末
start|Start|期初
change|Change|变化
mean|Mean|均值
low|Low|低
high|High|高
card|From {start} at the start to {end} at the end ({change})|期初{start}，期末{end}（{change}）
card_interval|95 % interval {low}–{high}|95%区间{low}–{high}
lowest|Lowest run|最低
highest|Highest run|最高
year_axis|year|年
week_axis|week|周
unit_index|index, 0 to 1|指数（0到1）
spread|Satisfaction p10, p50, p90|满意度 p10、p50、p90
week|Week|周
metric|Metric|指标
unit|Unit|单位
district|District|区
band_quantiles|Line: mean over {runs}. Band: 5th to 95th percentile of the runs.|实线或虚线：{runs}均值。色带：各次运行的第5至第95百分位。
band_range|Line: mean over {runs}. Band: lowest to highest run.|线：{runs}均值。色带：各次运行的最低至最高值。
band_none|One run: no band.|仅一次运行，无色带。
h_indices|The two indices over time|两项指数的变化
h_parts|What they are made of|指数的构成
h_prices|Prices paid|付出的代价
h_fairness|Fairness|公平
h_districts|Districts side by side|各区对照
h_flows|Where disputes go|纠纷的去向
h_targets|Targets|目标
target_metric|Target|目标指标
target_asked|Asked for|要求
target_by|By week|截止周
target_responsible|Responsible|责任单位
target_value|Value|数值
target_state|State|状态
target_share|Runs that meet it|达标的模拟占比
target_met|met|已达成
target_missed|missed|未达成
target_on_track|on track|进展正常
target_off_track|off track|进展落后
target_not_yet_due|not yet due|尚未到期
target_no_value|nothing to judge|无法判断
c_targets|Value: mean over the runs at the date, or now before it. On track: the straight
     line of the last 26 weeks reaches it.
    |数值为各次模拟在截止周的平均值，未到期则为当前值。进展正常：按最近26周的直线趋势可以达到。
h_rates|How close is this city to a real large Chinese city about 2020?|这座模拟城市与2020年前后真实的中国大城市有多接近？
h_scenario|What the scenario was|情景设定
h_reproduce|How to reproduce it|如何复现
h_scope|What this can and cannot say|适用范围与限制
alt_indices|Line chart of stability and satisfaction by week. {values}|稳定与满意两项指数逐周折线图。{values}
alt_parts|Small line charts of the parts of both indices and of the spread of satisfaction. {values}
    |两项指数各分项及满意度分布的小型折线图。{values}
alt_prices|Charts of what was paid: budget, wrongful stops, people jailed, volunteer hours, burn-out. {values}
    |代价图：预算、不当盘查、羁押、志愿时长、倦怠退出。{values}
alt_fairness|Small line charts of gaps and spread. {values}|差距与离散程度的小型折线图。{values}
alt_districts|Dot plot of stability and satisfaction in {count} districts at the end, sorted by satisfaction. Highest
     {first}, lowest {final}.
    |期末{count}个区稳定与满意指数点图，按满意指数排序。最高{first}，最低{final}。
alt_flows|Ladder of where disputes of the last year went. {values}|最近一年纠纷去向阶梯图。{values}
alt_value|{name} {value} at the end.|{name}期末{value}。
c_indices|Scale 0 to 1; the vertical axis shows the part in use.|量程0到1；纵轴只显示所用区段。
c_parts|All on one scale; each could run from 0 to 1. Calm and steadiness look back over a year, so their first year
     rests on fewer weeks.
    |同一量程，各项均可在0到1之间变化。平静与平稳按过去一年计算，首年依据的周数较少。
c_prices|Every policy has a price. The table compares the first and the last {weeks} weeks.
    |任何政策都有代价。下表比较前{weeks}周与后{weeks}周。
c_looking_back|Stops, hours and burn-out are sums over the past 52 weeks. The bar shows the whole run.
    |盘查、时长与倦怠为过去52周累计。条形图为整个运行期。
c_bars|Bar: reference range. Dot: mean of the runs; line: lowest to highest run. A dot at the end of the scale stands
     for a value beyond it.
    |色条为参照区间，圆点为各次运行均值，横线为最低至最高值；位于端点的圆点表示超出量程。
c_fairness|Above zero: residents with local registration are better off than those without.|高于零表示本地户籍居民的境况好于外来居民。
c_districts|Mean of the last {weeks} weeks; line: lowest to highest run. Sorted by satisfaction.
    |后{weeks}周均值；横线为各次运行的最低至最高值。按满意指数排序。
c_flows|Last {weeks} weeks, mean over runs. Width: share of the disputes that arose; below each name, how many wait at the end.
    |最近{weeks}周，各次运行均值。宽度为占新发纠纷的比例；名称下方为期末等待数量。
c_rates|Ranges are a judgement over sources that differ; official figures are likely flattering. Inside a range is no
     proof that the model is right.
    |参照区间是对相互不一致的来源所作的判断，官方数据可能偏乐观。落在区间内并不证明模型正确。
c_rates_short|The run is shorter than a year: rates rest on few weeks.|运行不足一年，各项比率依据的周数很少。
rate|Rate|比率
here|This city|本城市
runs_range|Runs|各次运行
reference|Reference|参照区间
verdict|Compared|比较
inside|inside|区间内
below|below|偏低
above|above|偏高
rare|too rare to tell|过于罕见，无法判断
missing|no value|无数据
inside_count|{count} of {total} rates lie inside their range.|{total}项比率中有{count}项落在参照区间内。
disputes|Disputes: {value} per 1,000 a year|纠纷：每年每千人{value}件
stage|Stage|环节
stage_unit|Cases of the last {weeks} weeks per 1,000 residents, mean over runs.|最近{weeks}周每千居民案件数，各次运行均值。
share_of_disputes|Share of disputes|占纠纷比例
arrived|Arrived|进入
closed|Closed|办结
failed|Not settled|未成
waits|Waiting at the end|期末等待
negotiation|Negotiation|协商
mediation|Mediation|调解
office|Office|街道（乡镇）
court|Court|法院
still_open|Still open|仍未办结
waiting|{value} per 1,000 residents waiting|每千人{value}件等待
lever|Lever|政策杠杆
share|Share of budget|占预算比例
default|Reference|基准
difference|Difference|差异
instruments|Instruments, share of budget|工具（占预算比例）
stance|Stance|施政取向
value|Value|数值
setting|Setting|设置项
differs|Differs from the reference|与基准不同之处
differs_none|Nothing: this is the reference policy.|无：即基准政策。
city|City|城市
horizon|Horizon|时间跨度
budget|Budget|预算
budget_value|{value} × the reference per resident|人均基准的{value}倍
weights|Weights|权重
city_scaled|{title}, {share} of its residents: {residents} simulated|{title}，按{share}人口比例：模拟{residents}名居民
city_whole|{title}: {residents} residents simulated|{title}：模拟{residents}名居民
seeds|Seeds|随机种子
hash|Content hash|内容哈希
hash_note|Equal on every machine, number of threads and processes.|在任何机器、线程数和进程数下都相同。
versions|Versions|版本
command|Command|命令
again|or, from the folder of results,|或在结果目录中
scenario_file|Scenario as a file|情景文件
manifest_file|the manifest as JSON|清单（JSON）
failures|{count} of {total} runs failed and are left out.|{total}次运行中有{count}次失败，未计入。
interrupted|The run was interrupted: only finished runs are shown.|运行被中断，只显示已完成的部分。
no_font|No Chinese font was found on the machine that made the figures: their labels are in English.
    |制图的计算机上没有中文字体，因此图中标注使用英文。
table|Table and data|数据表
csv|Download as CSV|下载CSV
missing_figure|This run has no data for this figure.|本次运行没有此图所需的数据。
made_by|Made by sanzhi {version}, an agent-based simulation of urban governance.|由三治（sanzhi {version}）生成，城市治理的多主体仿真。
top|Report on one scenario|情景报告
""")

SCOPE = Words(
    "This is a simulated city. Its rules and most of its coefficients are assumptions, set so that a reference city resembles the rates "
    "above. It can show what follows from those assumptions, for whom, at what price, and how much of that is luck. It cannot forecast a "
    "real city, and no number here measures one: before anything is decided, compare scenarios on the same seeds, vary the assumptions, "
    "and ask those who live there. The intervals cover luck only, not errors in the assumptions.",
    "这是一座模拟城市：其规则与多数系数属于假设，经设定使基准城市接近上述比率。它可以说明由这些假设会引出哪些后果、"
    "影响哪些人、代价多大，以及其中有多少出于偶然。它不能预测真实城市，此处任何数字都不是对真实城市的测量。"
    "决策之前，应在相同随机种子下比较多个情景，改变假设再看结论是否成立，并听取当地居民的意见。"
    "文中区间只反映偶然波动，不包含假设本身的误差。",
)


def metric_title(name: str, lang: str) -> str:
    """Title of a metric; its name where there is none."""
    return METRIC[name].of(lang) if name in METRIC else name


def metric_unit(name: str, lang: str) -> str:
    """Unit of a metric as `sim.metrics` gives it, in the given language where we have the words."""
    unit = _unit(name)
    return UNIT[unit].of(lang) if unit in UNIT else unit


@lru_cache(maxsize=256)
def _unit(name: str) -> str:
    from sim.metrics import METRICS  # brings the compiler, which the words alone can do without

    unit = METRICS[name].unit if name in METRICS else ""
    if unit == "share" and name not in SHARES:
        return "index points" if name.startswith("gap_") else "mean"
    return unit


def lever_title(name: str, lang: str) -> str:
    """Name of a lever, instrument, stance or choice."""
    return LEVER[name].of(lang) if name in LEVER else name.replace("_", " ")


def text(key: str, lang: str, **values: object) -> str:
    """A sentence of the report with its placeholders filled."""
    return TEXT[key].of(lang).format(**values)


def number(value: float, name: str = "", sign: bool = False) -> str:
    """A value as people write it: shares in per cent, indices to two places, others to about three digits."""
    plus, size = "+" if sign else "", abs(value)
    if value != value:
        return "–"
    if name in SHARES:
        return percent(value, plus)
    if name and _unit(name) in ("index", "mean", "index points"):
        digits = 3 if sign or _unit(name) == "index points" else 2
    else:
        digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 or size == 0 else 3
    return _tidy(f"{value:{plus},.{digits}f}")


def percent(share: float, plus: str = "") -> str:
    """A share in per cent, with one place below ten per cent."""
    digits = 0 if abs(share) >= 0.0995 or abs(share * 100 - round(share * 100)) < 0.05 else 1
    return _tidy(f"{100 * share:{plus}.{digits}f}") + PERCENT


def between(low: str, high: str) -> str:
    """A range of two written values; the unit of per cent once."""
    return f"{low.removesuffix(PERCENT) if high.endswith(PERCENT) else low}–{high}"


def _tidy(shown: str) -> str:
    """A true minus, and no sign before nothing."""
    return shown.replace("-", "−") if shown.strip("+-0.,") else shown.lstrip("+-")
