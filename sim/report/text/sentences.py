"""Sentences and headings of the report in English and Chinese. Placeholders in braces are filled by `text`."""

from sim.report.text.phrases import PHRASES
from sim.report.text.words import Words, table

TEXT = (
    table("""
question|What happens in {city} over {horizon} when {policy}?|若{policy}，{city}在{horizon}内会发生什么？
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
answer_single|The change since the start is {change}; from {runs}, nothing can be said about chance.
    |与期初相比变化{change}；仅凭{runs}，无法判断偶然因素。
answer_same|The change since the start is {change}, nearly the same in every run, so that no interval can be given.
    |与期初相比变化{change}，各次运行几乎相同，因此无法给出区间。
answer_moved|Of their parts, {name} moved most: {change}{interval}.|各分项中，{name}变化最大：{change}{interval}。
answer_within| (95 % interval {low} to {high})|（95%区间{low}至{high}）
answer_note|Both indices run from 0 to 1. Start: mean of the first {weeks} weeks; end: mean of the last {weeks}.
     {runs} with different luck.
    |两项指数均在0到1之间。期初为最初{weeks}周均值，期末为最后{weeks}周均值；{runs}，随机条件各不相同。
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
year_axis|years since the start|起始后年数
week_axis|weeks since the start|起始后周数
unit_index|index, 0 to 1|指数，0到1
budget_whole|Budget of the whole run, in per cent|整个运行期的预算（百分比）
with_unit|{name} ({unit})|{name}（{unit}）
spread|Spread p10–p90|分布 p10–p90
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
h_plugins|From outside the package|外部插件
c_plugins|Plug-ins add to this model: {names}. Their code is not part of the package. What they measure, mean of the first and
     the last {weeks} weeks:
    |本模型含外部插件：{names}，其代码不属于本软件包。插件指标在前{weeks}周与后{weeks}周的均值：
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
target_met_mean|met by the mean, not in every run|均值达成，非每次运行
target_missed_mean|missed by the mean, met in some runs|均值未达成，部分运行达成
target_not_yet_due|not yet due|尚未到期
target_no_value|nothing to judge|无法判断
c_targets|Value: mean over the runs at the date, or now before it. On track: the straight
     line of the last 26 weeks reaches it.
    |数值为各次模拟在截止周的平均值，未到期则为当前值。进展正常：按最近26周的直线趋势可以达到。
h_rates|How close is this city to a real large Chinese city about 2020?|这座模拟城市与2020年前后真实的中国大城市有多接近？
h_scenario|What the scenario was|情景设定
h_reproduce|How to reproduce it|如何复现
table_communities|{count} communities of one's own|{count}个自定义社区
table_adjacency|{count} pairs of neighbours|{count}对相邻社区
h_scope|What this can and cannot say|适用范围与限制
alt_indices|Line chart of stability and satisfaction by week. {values}|社会稳定与居民满意度逐周折线图。{values}
alt_parts|Small line charts of the parts of both indices and of the spread of satisfaction. {values}
    |两项指数各分项及满意度分布的小型折线图。{values}
alt_prices|Charts of what was paid: budget, wrongful stops, people jailed, volunteer hours, burn-out. {values}
    |代价图：预算、不当盘查、羁押、志愿时长、倦怠退出。{values}
alt_fairness|Small line charts of gaps and spread. {values}|差距与离散程度的小型折线图。{values}
alt_districts|Dot plot of stability and satisfaction in {count} districts at the end, sorted by satisfaction. Highest
     {first}, lowest {final}.
    |期末{count}个区社会稳定与居民满意度点图，按满意度排序。最高{first}，最低{final}。
alt_flows|Ladder of where disputes of the last year went. {values}|最近一年纠纷去向阶梯图。{values}
alt_value|{name} {value} at the end.|{name}期末{value}。
c_indices|Scale 0 to 1; the vertical axis shows the part in use.|量程0到1；纵轴只显示所用区段。
c_parts|All on one scale; each could run from 0 to 1. Calm and steadiness look back over a year, so their first year
     rests on fewer weeks.
    |同一量程，各项均可在0到1之间变化。社会平静与运行平稳按过去一年计算，第一年依据的周数较少。
c_prices|Every policy has a price. The table compares the first and the last {weeks} weeks.
    |任何政策都有代价。下表比较最初{weeks}周与最后{weeks}周。
c_looking_back|Stops, hours and burn-out are sums over the past 52 weeks. The bar shows the whole run.
    |盘查、时长与倦怠为过去52周累计。条形图为整个运行期。
c_bars|Bar: reference range. Dot: mean of the runs; line: lowest to highest run. A dot at the end of the scale stands
     for a value beyond it.
    |色条为参照区间，圆点为各次运行均值，横线为最低至最高值；位于端点的圆点表示超出量程。
c_fairness|Above zero: residents with local registration are better off than those without.|高于零表示本地户籍居民的境况好于外来居民。
c_districts|Mean of the last {weeks} weeks; line: lowest to highest run. Sorted by satisfaction. Dashed: the whole city,
     whose satisfaction is the mean over residents. Its stability is not that of its districts: protest and bursts
     that gather in a few of them count in full in the city, so most districts lie above it. Compare their stability with each other only.
    |最后{weeks}周均值；横线为各次运行的最低至最高值。按满意度排序。虚线为全市满意度，即居民均值。全市的社会稳定指数并非各区的均值：集中于少数区的
    抗议与突发事件全部计入全市，故多数区高于全市；各区社会稳定指数只宜相互比较。
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
disputes|Disputes: {value} per 1,000 residents a year = 100 %|纠纷：每年每千人{value}件 = 100%
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
    | PHRASES
)

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


def text(key: str, lang: str, **values: object) -> str:
    """A sentence of the report with its placeholders filled."""
    return TEXT[key].of(lang).format(**values)
