"""What the columns of tables mean that are not metrics, in English and Chinese, a line each: name, unit, English, Chinese."""

Words = dict[str, tuple[str, str, str]]
"""Unit, English and Chinese by the name of a column; text columns have no unit."""


def parsed(lines: str) -> Words:
    """Words of a line each: name, unit, English, Chinese."""
    return {name: (unit, en, zh) for name, unit, en, zh in (line.split("|") for line in lines.split("\n") if line)}


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
player||lever|政策手段
other||second lever of a pair|成对的另一政策手段
mix||mix of the budget|预算组合
self_governance|share|share of self-governance in the budget|自治占预算的比例
rule_of_law|share|share of rule of law in the budget|法治占预算的比例
moral_education|share|share of moral education in the budget|德治占预算的比例
public_services|share|share of public services in the budget|公共服务占预算的比例
efficient||whether no other mix is better in every objective|是否有效（没有组合在各目标上都更好）
share_efficient|share|share of draws in which it is efficient|有效的抽样比例
better||direction that is better: more or less|更好的方向：more为越多越好，less为越少越好
same_peak|share|share of draws with the same peak|峰值相同的抽样比例
near|mixes|mixes whose difference from the best is not settled|与最优组合无确定差异的组合数
near_share|share|the same, as a share of all mixes|与最优组合无确定差异的组合比例
ranked_by||index whose weights were varied|变动权重的指数
verdict||settled: significant among all tests; by itself: this test alone; open: not significant; none: too few pairs|\
settled：多重比较后显著；by itself：仅单项显著；open：不显著；none：配对过少
run|1|number of the run|运行编号
world|1|number of the world in its set|世界在集合中的编号
period||during: while the shocks last; end: the last weeks|during：冲击期间；end：最后几周
struck||whether a shock names the district or one of its communities|是否有冲击指明该区或其社区
area_lost|unit of the metric, times weeks|loss against the run without shocks, summed over weeks|与无冲击运行相比的损失，按周累计
deepest|unit of the metric|largest loss of a four-week mean|四周均值的最大损失
deepest_week|weeks|week of the largest loss|损失最大的一周
half_recovery|weeks|weeks from there until half of the loss is recovered|此后恢复一半损失所需的周数
censored||whether that was not seen before the end of the run|运行结束前是否未见恢复
told||whether the part differs between the policies by more than luck|各政策在该分项上的差异是否超出偶然
cost_per_effect|currency per unit of effect|cost for each unit of improvement in the real city; inf: no limit|\
真实城市每单位改善的成本；inf为无上限
cost_verdict||costs: better and dearer; cost open: better, difference in cost not shown; dominates: better and cheaper; \
saves: worse and cheaper; saving open: worse, difference in cost not shown; dominated: worse and dearer; \
same cost, better or worse; no effect: none shown; none: too few pairs|costs：更好且更贵；cost open：更好，成本差异未显示；\
dominates：更好且更省；saves：更差但更省；saving open：更差，成本差异未显示；dominated：更差且更贵；\
same cost, better/worse：成本相同而更好或更差；no effect：未显示效果；none：配对过少
currency||currency, as an ISO 4217 code|货币（ISO 4217代码）
"""
PLAIN = parsed(_PLAIN)
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
same|worlds|worlds in which both are the same but for rounding|除舍入误差外没有差异的世界数
base|unit of the metric|median of the first scenario over worlds|第一个情景在各世界中的中位数
value|unit of the metric|median of this scenario over worlds|该情景在各世界中的中位数
n|worlds|worlds in which the metric has a value|指标有数值的世界数
better|worlds|worlds in which it does better, or has more|更好（或更多）的世界数
worse|worlds|worlds in which it does worse, or has less|更差（或更少）的世界数
median|unit of the metric|median of the differences over worlds|各世界差异的中位数
low|unit of the metric|lower end of the middle 90 % of worlds|各世界中间90%的下限
high|unit of the metric|upper end of the middle 90 % of worlds|各世界中间90%的上限
word||holds, leans or open|holds（成立）、leans（倾向）或open（未定）
side||better or worse, whichever is in more worlds|better（更好）或worse（更差），取世界数较多者
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
cost_per_effect|currency per unit of effect|cost for each unit of improvement: median over worlds; \
inf where half of them have no improvement|每单位改善的成本：各世界的中位数；半数世界无改善时为inf
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
OVER_WORLDS = parsed(_OVER_WORLDS)
"""The same of the tables of a comparison over worlds."""

_RATES = """
rate||known rate of the city|城市的已知比率
low|unit of the rate|lower end of the known range|已知范围下限
high|unit of the rate|upper end of the known range|已知范围上限
value|unit of the rate|known value, where there is one|已知数值（如有）
unit||unit of the rate|比率的单位
year|1|year that it is known of|所属年份
source||source|来源
origin||given: by the user; preset: of the city's preset; reference: of the reference|given：用户提供；preset：预设城市；reference：参考值
"""
_CALIBRATE = (
    _RATES
    + """
coefficient||free coefficient|可调系数
before|its own unit|before the fit|拟合前
after|its own unit|after the fit|拟合后
determined|share|how far the rates determine it, from 0 to 1|这些比率能确定它的程度（0到1）
moves||rates that it mostly moves|它主要影响的比率
misfit|half-widths of the range|distance from the middle of the range; 1 is its edge|与范围中点的距离，1为边缘
inside||whether it is inside the range|是否在范围内
effect||known effect of a lever, not fitted|政策手段的已知效应（不参与拟合）
what||what was changed, and what was measured|改变了什么，测量了什么
change|1|effect in the fitted model|拟合后模型中的效应
known_low|1|lower end of what studies found|研究结果的下限
known_high|1|upper end of what studies found|研究结果的上限
agrees||whether both agree|两者是否一致
figure||figure of the district|区的数据
given|unit of the rate|figure as a rate|换算成比率的数据
simulated|unit of the rate|in the fitted model|拟合后的模型
"""
)
_HISTORY = (
    _RATES
    + """
wave|1|number of the wave|轮次
points|1|points simulated|模拟的点数
hold|share|share of its points that are not implausible|未被判为不可信的点的比例
left_first|share|share of the space left, by the highest implausibility|按最高不可信度剩余的空间比例
left_second|share|the same, by the second highest|同上，按第二高
left_third|share|the same, by the third highest|同上，按第三高
distrusted||rates without a trusted emulator|没有可信代理模型的比率
coefficient||free coefficient|可调系数
present|its own unit|present value|当前值
left_low|its own unit|lower end of the middle 95 % of what is left|剩余部分中间95%的下限
left_high|its own unit|upper end of the middle 95 % of what is left|剩余部分中间95%的上限
narrowed|share|share of its range that is ruled out|其范围中被排除的比例
bounded_by||rates that bound it|限制它的比率
luck|unit of the rate|standard deviation between replicates|重复之间的标准差
implausibility|1|implausibility of the present values|当前值的不可信度
explained|share|share of the variance that the emulator explains|代理模型解释的方差比例
far|share|share of points that the emulator misses by far|代理模型严重偏离的点的比例
trusted||whether the emulator is trusted|代理模型是否可信
ruled_out|share|share of the space that this rate alone rules out|仅此比率排除的空间比例
a||first coefficient|第一个系数
b||second coefficient|第二个系数
a_value|its own unit|value of the first|第一个系数的值
b_value|its own unit|value of the second|第二个系数的值
least|1|least implausibility found there|该处最低的不可信度
share_left|share|share of what is left that lies there|剩余空间落在该处的比例
residents|residents|residents of the city|城市的居民数
weeks|weeks|weeks simulated|模拟周数
seeds|1|seeds of each point|每个点的随机种子数
first_seed|1|first seed of the random numbers|首个随机种子
waves|1|maximum number of waves|最多轮数
discrepancy|share|discrepancy of the best possible model|最佳模型仍有的偏差
cut|1|implausibility above which a point is ruled out|超过此不可信度的点被排除
highest|1|which highest implausibility rules out|按第几高的不可信度排除
"""
)
_VALIDATE = """
pattern||pattern|规律
data|its own unit|in the data|数据
simulated|its own unit|in the simulation|模拟
replicates|1|number of replicates|重复次数
null|its own unit|in the null model|零模型
data_low|its own unit|lower end of the 95 % interval in the data|数据的95%区间下限
data_high|its own unit|upper end of the 95 % interval in the data|数据的95%区间上限
simulated_low|its own unit|lower end of the 95 % interval in the simulation|模拟的95%区间下限
simulated_high|its own unit|upper end of the 95 % interval in the simulation|模拟的95%区间上限
null_low|its own unit|lower end of the 95 % interval in the null model|零模型的95%区间下限
null_high|its own unit|upper end of the 95 % interval in the null model|零模型的95%区间上限
null_agrees||whether the null model also agrees|零模型是否也一致
verdict||agrees, misses or cannot be told; \
of single areas: better than hardship alone, no clear difference, or hardship alone is better|\
agrees（一致）、misses（不一致）或cannot be told（无法判断）；\
单个地区：better than hardship alone（好于仅用困难程度）、no clear difference（无明显差异）或hardship alone is better（仅用困难程度更好）
note||note|备注
source||source|来源
areas|1|areas, or their share with the worst first|地区数，或从最严重者起的地区比例
luck|share|share of events in them by chance alone|仅凭偶然时其中事件的比例
events||kind of event|事件类别
simulation|1|R² of the prediction by the simulation|模拟预测的R²
hardship|1|R² of the prediction by hardship alone|仅用困难程度预测的R²
neighbours|1|R² of the prediction by neighbouring areas|用相邻地区预测的R²
better|share|share of resamples in which the simulation predicts better|模拟预测更好的重抽样比例
"""
_ANALYZE = """
outcome||outcome|结果指标
method||method of the analysis|分析方法
measure||index of sensitivity|敏感性指数
factor||factor|因素
other||second factor of an interaction|交互作用的第二个因素
value|1|value of the index|指数的数值
low|1|lower end of the 95 % interval|95%区间下限
high|1|upper end of the 95 % interval|95%区间上限
floor|1|value below which a factor counts as without effect|低于此值视为无影响
matters||whether the factor matters|该因素是否重要
settled||whether the interval is narrow enough|区间是否足够窄
direction|1|rank correlation of factor and outcome|因素与结果的秩相关
question||outcome whose worst quarter is searched, or targets missed|查找其最差四分之一的指标，或未达目标
box|1|number of the box|盒的编号
coverage|share|share of the cases of interest that are in the box|所关注情形落在盒中的比例
density|share|share of the box that are cases of interest|盒中属于所关注情形的比例
mass|share|share of all points that are in the box|全部点中落在盒中的比例
side||side of the bound|界限的方向
bound|unit of the factor|bound of the factor|因素的界限
p|1|quasi-p-value of the bound|界限的准p值
efficient||whether no other policy is better in every outcome|是否有效（没有政策在各指标上都更好）
sure|share|share of resampled seeds in which it stays so|重抽样种子中保持有效的比例
futures|1|number of futures|未来情形数
share|share|share of futures in which it meets the targets|达到目标的未来比例
"""
_OPTIMIZE = """
generation|1|generation|代
share|share|share of runs that meet the targets|达到目标的运行比例
low|share|lower end of its 95 % interval|其95%区间下限
high|share|upper end of its 95 % interval|其95%区间上限
miss|share|how far that falls short of what was asked|与要求相差多少
runs|1|number of runs|运行次数
front||whether it meets the targets and no other that does is better in every objective|是否达到目标且不被其他达标政策全面超过
hypervolume|1|hypervolume of the best policies so far, from 0 to 1|迄今最优政策的超体积（0到1）
scenario||row of the policy in the table of tried policies, from 0|政策在tried表中的行号（从0起）
"""
_WORLDS = """
target||rate or effect that is known|已知的比率或效应
low|unit of the target|lower end of what is known|已知范围下限
high|unit of the target|upper end of what is known|已知范围上限
prior_inside|share|share of points of the prior that are inside|先验点中在范围内的比例
steered_inside|share|share of steered points that are inside|引导后的点中在范围内的比例
refused|1|candidates that it refused|被它排除的候选数
set_low|its own unit|5 % of the worlds are below|5%的世界低于此值
set_middle|its own unit|median over the worlds|各世界的中位数
set_high|its own unit|95 % of the worlds are below|95%的世界低于此值
luck|unit of the target|largest standard error by luck|偶然造成的最大标准误
coefficient||coefficient|系数
default|its own unit|default|默认值
prior_low|its own unit|lower end of the prior|先验下限
prior_high|its own unit|upper end of the prior|先验上限
spread|1|spread in the set, over that of the prior|集合中的离散程度与先验之比
shift|1|mean position in the prior, less a half|在先验中的平均位置减二分之一
"""
KINDS = {
    kind: parsed(lines)
    for kind, lines in {
        "calibrate": _CALIBRATE,
        "history-match": _HISTORY,
        "validate-against": _VALIDATE,
        "analyze": _ANALYZE,
        "optimize": _OPTIMIZE,
        "worlds": _WORLDS,
    }.items()
}
"""The same of tables that only some commands write, in which a name may mean something else; they come first there."""

_COUNTS = """
joined|开始做志愿者的居民
left|停止做志愿者的居民
burned_out|其中因疲惫而停止者
lost_work|失去工作的居民
found_work|找到工作的无业居民
arrived|取代外来居民的新来者
contacts|热线来电
requests|其中的诉求与投诉（其余为咨询）
resolved|已办结的诉求与投诉
pleased|其中当事人满意者
jobless|周末无业的劳动年龄成年人
registered|注册志愿者（两年半内做过志愿服务）
joining|参加社区活动的外来成年人
settled_in|在本市有归属感的外来成年人
volunteers|周末正在做志愿者的居民
volunteered_year|最近52周内做过志愿者的居民
opened|发生的纠纷
settled|协商解决的纠纷
dropped|协商中放弃的纠纷
to_mediation|转入调解的案件
to_office|转交街道的案件
to_court|诉至法院的案件
closed_mediation|调解结案
closed_office|街道结案
closed_court|法院判决
failed_mediation|调解未成
failed_office|街道未能解决的案件
withdrawn|等待中或失败后放弃的案件
reopened|解决后又复发的案件
balked|因排队过长而离开的案件
passed_on|街道转出而未答复的案件
jumped|干部走访提前解决的案件
lost|起诉人败诉的判决
overdue|周末逾一个季度未结的正式案件
open_negotiation|周末协商中的案件
open_mediation|等待调解的案件
open_office|等待街道处理的案件
open_court|等待法院审理的案件
formal_closed|调解、街道或法院结案的案件
formal_weeks|其历时周数之和
mediated_weeks|调解案件历时周数之和
offences|违法犯罪（按发生地）
violent|其中暴力类（其余为侵财类）
recorded|警方记录的违法犯罪（按发生地）
recorded_violent|其中暴力类
criminal|记录中的刑事案件（其余为治安案件，按发生地）
cleared|已破的记录案件（按作案者居住地）
cleared_violent|其中暴力类
prosecuted|被起诉者（按居住地）
jailed|开始服刑或被拘留者（按居住地）
prisoners|周末在押者
stops|警察盘查次数
fruitless|无结果的盘查
wrongful|专项行动中被错误拘留者
flagged_rightly|自动检测正确发现的违法犯罪（按发生地）
flagged_falsely|被自动检测误疑者
petty_arrests|因小事被拘者
triggered|局部触发事件
active|公开抗议的居民
arrested|被捕的抗议者
incidents|新发生的群体性事件
calmed|干部以让步或调解平息的抗议
heard_rumour|开始相信当日谣言的居民
heard_answer|听到辟谣的相信者
believers|周末仍相信谣言的成年人
satisfied|满意度高于界线的成年人
content|对公共服务满意的成年人
content_county|对县级政府满意的成年人
content_province|对省级政府满意的成年人
content_centre|对中央政府满意的成年人
safe|有安全感的成年人
in_conflict|有未结案件、或因失败案件仍有怨气的成年人
"""
COUNTS_ZH = dict(line.split("|") for line in _COUNTS.strip().splitlines())
"""Counts of `sim.city.community.COUNTS` in Chinese."""

TABLES: dict[str, tuple[str, str]] = {
    "weekly": ("Every metric of the city, a row per replicate and week", "全市各项指标，每次重复每周一行"),
    "districts": ("Metrics by district, a row per replicate, week and district", "各区指标，每次重复每周每区一行"),
    "flows": ("Counts of the city, a row per replicate and week", "全市计数，每次重复每周一行"),
    "communities": (
        "Counts and means by community, a row per replicate, finished year and community",
        "各社区的计数与均值，每次重复、每个完整年份、每个社区一行",
    ),
    "staff": (
        "Money and staff of every instrument, a row per replicate, week and instrument",
        "各政策工具的经费与人员，每次重复、每周、每种工具一行",
    ),
    "attribution": (
        "Which mechanism moved what, a row per replicate, week, quantity and mechanism",
        "各机制引起的变化，每次重复、每周、每个量、每个机制一行",
    ),
    "outcomes": ("Every outcome of every run, a row per scenario and seed", "每次运行的全部结果，每个情景每个随机种子一行"),
    "groups": ("Satisfaction of groups, a row per scenario, seed and group", "各群体的满意度，每个情景、随机种子、群体一行"),
    "differences": ("Paired differences from the first scenario", "与第一个情景的配对差"),
    "ranking": ("Ranks of the scenarios under other weights", "改变权重时各情景的名次"),
    "mixes": ("Outcomes of every mix of the budget", "每种预算组合的结果"),
    "peaks": ("Where every objective peaks", "各目标的最优组合"),
    "effects": ("Effects of levers, alone and together", "各政策手段单独与共同的效应"),
    "natural_units": ("Leading results in numbers of the real city, and what they cost", "以真实城市的数量表示的主要结果及其成本"),
    "effective": (
        "What moves an index between scenarios and between seeds, a row per index and part",
        "各分项对指数差异的贡献，每个指数每个分项一行",
    ),
    "world_verdicts": (
        "In how many plausible worlds a scenario does better, a row per scenario and metric",
        "在多少个可能的世界中更好，每个情景每个指标一行",
    ),
    "world_differences": (
        "Differences in every world, a row per scenario, world, seed and metric",
        "各世界中的差异，每个情景、世界、随机种子、指标一行",
    ),
    "world_natural_units": (
        "Leading results in numbers of the real city over worlds, and what they cost",
        "各世界中以真实城市的数量表示的主要结果及其成本",
    ),
    "world_carriers": ("Assumptions that carry the spread of a difference", "造成差异离散的主要假设"),
    "world_beliefs": ("What one would have to believe for the other side to win", "要使另一方占优须相信什么"),
    "world_ranks": ("Shares of weightings under which each scenario ranks first, over worlds", "各世界中各情景排名第一的权重占比"),
    "world_effects": ("Effects of levers over worlds, alone and together", "各世界中政策手段单独与共同的效应"),
    "assumptions": ("Every assumption of every world, a row per world", "各世界的全部假设，每个世界一行"),
    "among_best": ("In how many worlds every mix is among the best", "各组合在多少个世界中属最优之列"),
    "best_mixes": ("The best mix for every objective", "各目标的最优组合"),
    "regrets": ("Shortfall of every mix from the best of its world", "各组合与该世界最优组合的差距"),
    "losses": ("What is lost and how fast it recovers, a row per metric and seed", "损失与恢复速度，每个指标每个随机种子一行"),
    "resilience/effects": ("Effects of the shocks, a row per metric and period", "冲击的影响，每个指标每个时期一行"),
    "resilience/districts": ("Effects of the shocks by district", "冲击对各区的影响"),
    "resilience/weekly": ("Means with and without the shocks, a row per metric and week", "有无冲击时的均值，每个指标每周一行"),
    "calibrate/coefficients": ("Coefficients before and after the fit", "拟合前后的系数"),
    "calibrate/rates": ("Rates that it was fitted to", "拟合所用的比率"),
    "calibrate/effects": ("Known effects of levers, checked and not fitted", "用于检验、不参与拟合的政策手段已知效应"),
    "calibrate/districts": ("Figures of every district against the fitted model", "各区数据与拟合后模型的对照"),
    "history-match/waves": ("What every wave leaves of the space", "每一轮之后剩余的空间"),
    "history-match/coefficients": ("What is left of every coefficient", "各系数剩余的范围"),
    "history-match/rates": ("What every rate rules out", "各比率所排除的部分"),
    "history-match/pairs": ("What is left, by pairs of coefficients", "按系数两两组合的剩余部分"),
    "history-match/points": ("Every simulated point with its rates", "每个模拟点及其比率"),
    "history-match/settings": ("Settings of the matching", "匹配的设置"),
    "validate-against/patterns": ("Patterns in the data and in the simulation", "数据与模拟中的规律"),
    "validate-against/areas": ("How well single areas are predicted", "单个地区的预测效果"),
    "analyze/sensitivity": ("Which factors matter, a row per outcome and factor", "各因素的重要性，每个结果每个因素一行"),
    "analyze/boxes": ("Where it goes wrong: bounds of the boxes", "问题所在：各盒的界限"),
    "analyze/front": ("Policies, and which of them are efficient", "各政策及其是否有效"),
    "analyze/robustness": ("Policies over futures", "各政策在不同未来中的表现"),
    "optimize/front": ("The best policies", "最优政策"),
    "optimize/verdicts": ("In how many fresh worlds a policy is better than the scenario's own", "政策在多少个新世界中好于情景自身的政策"),
    "optimize/among_best": ("In how many fresh worlds every policy is among the best", "各政策在多少个新世界中属最优之列"),
    "optimize/regrets": ("Shortfall of every policy from the best of its world", "各政策与该世界最优政策的差距"),
    "optimize/outcomes": (
        "Every outcome of every run in fresh worlds, a row per policy, world and seed",
        "新世界中每次运行的全部结果，每个政策、世界、随机种子一行",
    ),
    "world_districts": (
        "In how many worlds a district does better, a row per scenario, district and metric",
        "各区在多少个世界中更好，每个情景、区、指标一行",
    ),
    "optimize/tried": ("Every policy that was tried", "尝试过的全部政策"),
    "optimize/progress": ("Progress of the search, a row per generation", "搜索进程，每代一行"),
    "optimize/effective": ("What moves an index between the best policies", "各分项对最优政策间指数差异的贡献"),
    "optimize/ranking": ("Ranks of the best policies under other weights", "改变权重时最优政策的名次"),
    "worlds/targets": ("What is known, and what the set has", "已知范围与该集合的结果"),
    "worlds/coefficients": ("How far every coefficient moved from its prior", "各系数偏离先验的程度"),
}
"""What a table is, in English and Chinese; with the kind of result before it where a name has several meanings."""
