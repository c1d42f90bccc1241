"""Descriptions of the columns of result tables, for the metadata of files: unit, and title in English and Chinese."""

from sim.city.community import COUNTS
from sim.metrics.catalogue import METRICS
from sim.metrics.tables import FLOW_COLUMNS

COUNTED = {"flows": "count in the week", "communities": "count in the year"}
"""Tables in which a column named after a count of the city is that count, and its unit."""
ENDS = {"low": ("lower end of the 95 % interval", "95%区间下限"), "high": ("upper end of the 95 % interval", "95%区间上限")}
_PLAIN = """
replicate|1|number of the replicate, from 0|重复编号（从0起）
seed|1|seed of the random numbers|随机种子
week|weeks|week, from 0|周（从0起）
year|years|year, from 1|年（从1起）
district||district|区
community||community|社区
residents|residents|residents|居民人数
hardship|index|hardship|困难程度
x|km|position, to the east|位置（向东）
y|km|position, to the north|位置（向北）
active_weeks|person-weeks|weeks in open protest, summed over residents|公开抗议人周数
quantity||outcome that changed|被改变的量
mechanism||mechanism to which the change is attributed|起作用的机制
moved|unit of the quantity|contribution of the mechanism to the change|机制带来的变化
instrument||instrument|政策工具
money|currency per resident and year|money assigned|分配的经费
idle|per 10,000 residents|staff without work|闲置工作人员
scenario||scenario|情景
metric||metric|指标
base|unit of the metric|mean of the first scenario|第一个情景的均值
value|unit of the metric|mean|均值
mean|unit of the metric|mean of the paired differences|配对差的均值
low|unit of the metric|lower end of the 95 % interval|95%区间下限
high|unit of the metric|upper end of the 95 % interval|95%区间上限
p|1|p, corrected for the number of metrics|经多重比较校正的p值
p_single|1|p of this metric alone|该指标单独的p值
n|pairs|pairs of runs|配对数
share_won|share|share of pairs in which it is better|占优的配对比例
settled||whether the difference is settled|差异是否确定
needed|pairs|pairs that would settle it|确定差异所需的配对数
variance_ratio|1|variance of unpaired over that of paired differences|非配对与配对方差之比
first|share|share of weightings under which it is first|排名第一的权重比例
first_geometric|share|share of weightings under which it is first, with geometric means|几何平均下排名第一的权重比例
rank|1|rank under the weights of the first scenario|第一个情景权重下的名次
rank_geometric|1|the same with geometric means|同上，按几何平均
part||part of the index|指数的分项
weight|share|nominal weight|名义权重
policies|share|share of the variance of the index between scenarios|对情景间指数方差的贡献
seeds|share|share of the variance of the index between seeds|对随机种子间指数方差的贡献
signal|1|standard deviation between scenarios over that between seeds|情景间与随机种子间标准差之比
first_with_luck|share|share of weightings and replicates in which it is first|排名第一的比例（含随机性）
mean_rank|1|mean rank|平均名次
best_rank|1|best rank|最好名次
worst_rank|1|worst rank|最差名次
easy|index|satisfaction of the third of communities with least hardship|困难最少的三分之一社区的满意度
middle|index|satisfaction of the third of communities in the middle|居中的三分之一社区的满意度
hard|index|satisfaction of the third of communities with most hardship|困难最多的三分之一社区的满意度
effect||kind of effect|效应类别
player||lever|杠杆
other||second lever of a pair|成对的另一杠杆
mix||mix of the budget|预算组合
self_governance|share|share of self-governance in the budget|自治占预算的比例
rule_of_law|share|share of rule of law in the budget|法治占预算的比例
moral_education|share|share of moral education in the budget|德治占预算的比例
public_services|share|share of public services in the budget|公共服务占预算的比例
efficient||whether no other mix is better in every objective|是否有效（没有组合在各目标上都更好）
share_efficient|share|share of draws in which it is efficient|有效的抽样比例
better||direction that is better|更好的方向
same_peak|share|share of draws with the same peak|峰值相同的抽样比例
near|mixes|mixes whose difference from the best is not settled|与最优组合无确定差异的组合数
near_share|share|the same, as a share of all mixes|与最优组合无确定差异的组合比例
ranked_by||index whose weights were varied|变动权重的指数
verdict||settled, by itself, open or none|判定：显著、仅单项显著、不显著或无
run|1|number of the run|运行编号
told||whether the part differs between the policies by more than luck|各政策在该分项上的差异是否超出偶然
money|currency per year|difference in money spent and leaked, in the real city|真实城市的支出与流失资金之差
cost_per_effect|currency per unit of effect|cost for each unit of improvement in the real city|真实城市每单位改善的成本
cost_verdict||better or worse, dearer or cheaper; no effect shown; or none|更好或更差、更贵或更省；未显示效果；或无判定
currency||currency, as an ISO 4217 code|货币（ISO 4217代码）
"""
PLAIN = {name: (unit, en, zh) for name, unit, en, zh in (line.split("|") for line in _PLAIN.strip().splitlines())}
"""Unit and titles of columns that are not metrics; text columns have no unit."""

_OVER_WORLDS = """
scenario||scenario|情景
metric||metric|指标
world|1|number of the world in its set|世界在集合中的编号
seed|1|seed of the random numbers|随机种子
a|unit of the metric|value of the first scenario|第一个情景的数值
b|unit of the metric|value of this scenario|该情景的数值
difference|unit of the metric|this scenario less the first|该情景减去第一个情景
counted||whether it counts for the verdict; second seeds tell luck only|是否计入结论（第二个种子只用于估计偶然）
same||whether the difference is finer than the precision of levers or money; number of such worlds|差异是否小于杠杆或经费的精度；此类世界数
base|unit of the metric|median of the first scenario over worlds|第一个情景在各世界中的中位数
value|unit of the metric|median of this scenario over worlds|该情景在各世界中的中位数
n|worlds|worlds in which the metric has a value|指标有数值的世界数
better|worlds|worlds in which it does better, or has more|更好（或更多）的世界数
worse|worlds|worlds in which it does worse, or has less|更差（或更少）的世界数
median|unit of the metric|median of the differences over worlds|各世界差异的中位数
low|unit of the metric|lower end of the middle 90 % of worlds|各世界中间90%的下限
high|unit of the metric|upper end of the middle 90 % of worlds|各世界中间90%的上限
word||holds, leans or open|成立、倾向或未定
side||better or worse, whichever is in more worlds|更好或更差，取世界数较多者
directed||whether more or less is better|指标是否有好坏方向
luck|unit of the metric|standard deviation of differences by luck|偶然造成的差异标准差
assumptions|unit of the metric|standard deviation of differences by assumptions|假设造成的差异标准差
luck_share|share|share of luck in the variance over worlds|偶然在各世界间方差中的份额
luck_low|share|lower end of its 90 % interval|其90%区间下限
luck_high|share|upper end of its 90 % interval|其90%区间上限
truncated||whether the variance by assumptions was estimated below 0 and is 0|假设造成的方差估计为负、取为零
alone_low|worlds|lower end of the worlds one way if all had the median effect|若各世界效应均为中位数，同向世界数的90%范围下限
alone_high|worlds|upper end of the worlds one way if all had the median effect|若各世界效应均为中位数，同向世界数的90%范围上限
name||assumption|假设
option||option of a structural choice|结构选择的选项
correlation|1|rank correlation with the differences|与差异的秩相关
share|share|share of the spread that it carries|所造成的离散份额
p|1|share of permutations that find as much|找到同样结果的置换比例
threshold|unit of the coefficient|threshold of the condition|条件的阈值
above||whether the assumption must be above the threshold, or be that option|是否须高于阈值，或取该选项
positive||whether differences are above 0 where the rule is met|符合规则处差异是否大于0
inside|worlds|worlds that meet the rule|符合规则的世界数
against|worlds|worlds that meet it and go the other way|符合规则而结果相反的世界数
missed|worlds|worlds that go its way and do not meet it|不符合规则而结果一致的世界数
worlds|worlds|worlds with a difference|有差异的世界数
cost_per_effect|currency per unit of effect|cost for each unit of improvement: median over worlds|每单位改善的成本：各世界的中位数
cost_low|currency per unit of effect|lower end of the middle 90 % of worlds|各世界中间90%的下限
cost_high|currency per unit of effect|upper end of the middle 90 % of worlds|各世界中间90%的上限
objective||metric, or all that have a direction together|指标，或所有有好坏方向者合并
among|worlds|worlds in which the mix is among the best|配比属最优之列的世界数
regret|unit of the metric|shortfall from the best, in the world or median over worlds|与最优配比的差距（该世界中，或各世界的中位数）
worst_regret|unit of the metric|largest regret over worlds|各世界中最大的后悔值
as_many|mixes|mixes among the best in as many worlds|世界数相同的配比数
everywhere|mixes|mixes among the best in all worlds|在全部世界中属最优之列的配比数
expected|worlds|worlds in which a mix picked blindly is among the best|随意选取的配比属最优之列的世界数
fewest|worlds|fewest worlds that are beyond chance|超出碰巧的最少世界数
regret_mix||mix of least worst regret|最大后悔值最小的配比
regret_worst|unit of the metric|its largest regret|其最大后悔值
regret_near|mixes|mixes whose largest regret exceeds it by no more than luck|最大后悔值与之相差不超过偶然的配比数
regret_self_governance|share|its share of self-governance|其自治所占份额
regret_rule_of_law|share|its share of the rule of law|其法治所占份额
regret_moral_education|share|its share of moral education|其德治所占份额
regret_public_services|share|its share of public services|其公共服务所占份额
first|share|share of weightings that put it first, mean over worlds|排名第一的权重占比，各世界的平均
most|worlds|worlds in which more weightings put it first than any other|在多于其他任何一项的权重下排名第一的世界数
disagree|mixes|mixes for which worlds do not agree whether better or worse than the own mix|各世界对其好于还是差于自身配比方向不一的配比数
"""
OVER_WORLDS = {name: (unit, en, zh) for name, unit, en, zh in (line.split("|") for line in _OVER_WORLDS.strip().splitlines())}
"""The same of the tables of a comparison over worlds."""
NATURAL, OF_METRIC = "world_natural_units", "unit of the metric"
WORLD_TABLES = (
    "world_verdicts",
    "world_differences",
    NATURAL,
    "world_carriers",
    "world_beliefs",
    "world_effects",
    "world_ranks",
    "among_best",
    "best_mixes",
    "regrets",
)

TOTALS = {name: (f"{PLAIN[name][1]}, in the real city", f"{PLAIN[name][2]}（真实城市）") for name in "base value mean low high".split()}
"""Titles of columns of the table `natural_units`, which has totals: in a year, at a time, or in the metric's unit without a total."""


def about(table: str, column: str) -> dict[str, str]:
    """``unit``, ``title`` and, if known, ``title_zh`` of a column; empty for a column without description.

    Parameters
    ----------
    table : str
        Name of the table, such as ``"flows"``.
    column : str
    """
    if table in WORLD_TABLES and column in OVER_WORLDS:
        unit, *titles = OVER_WORLDS[column]
        return _words("number or currency in the real city" if table == NATURAL and unit == OF_METRIC else unit, *titles)
    if table == "assumptions":
        return {"unit": "", "title": column}
    counted = next((name for name, written in FLOW_COLUMNS.items() if written == column), "")
    if table in COUNTED and counted and (table, column) != ("communities", "volunteers"):
        return _words(COUNTED[table], COUNTS[counted], METRICS[column].title_zh if column in METRICS else "")
    if column in METRICS:
        metric = METRICS[column]
        return _words(metric.unit, metric.title, metric.title_zh)
    if table == "natural_units" and column in TOTALS:
        return _words("number or currency in the real city", *TOTALS[column])
    if column in PLAIN:
        return _words(*PLAIN[column])
    base, _, end = column.rpartition("_")
    base = "cost_per_effect" if base == "cost" else base
    if base and end in ENDS and (known := about(table, base)):
        en, zh = ENDS[end]
        return _words(known["unit"], f"{known['title']}: {en}", f"{known['title_zh']}：{zh}" if "title_zh" in known else "")
    return {}


def _words(unit: str, title: str, title_zh: str) -> dict[str, str]:
    return {"unit": unit, "title": title, **({"title_zh": title_zh} if title_zh else {})}
