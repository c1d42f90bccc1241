"""What the dashboard says, in English and Chinese. Names of metrics, levers and units come from `sim.report.labels`."""

from sim.report.words import table

SAID = table("""
title|sanzhi 三治 · governance laboratory|三治 · 城市治理实验室
lead|Move a lever. A small city lives five years again and again, and the curves answer.|拖动杠杆：一座小城市反复运行，曲线随即给出回应。
budget_group|Budget|预算
shares_group|Where the budget goes|预算投向
stances_group|Stances|施政取向
splits_group|Instruments of each lever|各杠杆的工具
shocks_group|Shocks to set off|可触发的冲击
budget|Budget, × the reference|预算（基准的倍数）
unspent|Unspent|未动用
reset|Back to the baseline|恢复基准
shared_note|The budget is shared: when one lever gets more than is left, the others give in proportion.
    |预算总量有限：某一杠杆超出剩余预算时，其余杠杆按比例让出。
yours|yours|你的方案
baseline|baseline|基准
before|before|上一次
luck|{done}/{goal} runs|{done}/{goal}次运行
luck_full|{done} runs|{done}次运行
band_luck|Band: luck alone, 5th to 95th percentile of the runs. It says nothing about doubts in the assumptions.
    |色带仅表示偶然波动（各次运行的第5至第95百分位），不反映假设本身的不确定性。
band_few|Band: luck alone, lowest to highest of {done} runs so far.|色带仅表示偶然波动（目前{done}次运行的最低至最高值）。
band_wide|Pale band: parameters × luck, 5th to 95th percentile of {done} runs, each with other assumptions.
    |浅色带：参数×偶然波动，{done}次运行各用一套不同假设，取第5至第95百分位。
wide_on|Show the wider band: parameters × luck|显示更宽的色带：参数×偶然波动
wide_off|Hide the wider band|隐藏更宽的色带
difference|difference {change} ({low} to {high})|差异{change}（{low}至{high}）
difference_one|difference {change}|差异{change}
same|no difference yet: move a lever|尚无差异：请拖动杠杆
paired|95 % interval of the paired mean difference in the last year, {runs} pairs of runs on the same luck
    |最近一年配对均值差异的95%区间，{runs}对运行，随机条件相同
prices|Prices paid|付出的代价
last_year|Mean of the last year|最近一年均值
metric|Metric|指标
change|Change|变化
unclear|unclear|无法区分
group_headline|The two indices|两项指数
group_parts|What they are made of|指数的构成
group_price|Prices|代价
group_fairness|Fairness|公平
group_state|State of people|居民状态
group_flow|Flows|流量
group_rate|Rates|比率
tab_curves|Curves|曲线
tab_why|What changed and why|变化及原因
tab_mix|Mix|配比
tab_map|Map and weeks|地图与逐周
tab_people|People|人物
tab_doubts|Doubts|不确定性
tab_city|Whole city|全城
tab_share|Reproduce|复现
scenario|Scenario|情景
load|Load|载入
upload|Open a file …|打开文件…
save|Save|保存
save_as|Save as|另存为
download|Download YAML|下载YAML
saved|Saved as {name}|已保存为{name}
exists|{name} exists in {folder} and is left as it is; choose another name|{folder}中已有{name}，未作改动；请换一个名称
bad_name|A name has letters, digits, dot, dash or underline, at most 60 of them.|名称只能包含字母、数字、点、短横线或下划线，最多60个字符。
not_loaded|This scenario cannot be used; the one before it stays.|无法使用该情景，保留之前的情景。
not_possible|This setting is not possible; the one before it stays.|该设置不可行，保留之前的设置。
failed|The city could not be computed:|无法计算该城市：
working|The city is being computed …|正在计算城市…
link|A link to exactly this view|指向当前视图的链接
as_command|On the command line|命令行
as_python|In Python|Python
as_file|As a scenario file|情景文件
quick_note|Quick city: {residents} residents, {weeks} weeks, seeds from {seed}. The lines run the quick city of the curves first, then the scenario's own.
    |快速城市：{residents}名居民，{weeks}周，种子自{seed}起。以下先运行曲线所用的快速城市，再运行情景自身的城市。
quick_city|Quick city of {residents} residents: what a lever changes is what it is for; levels differ from those of the whole city.
    |{residents}名居民的快速城市：用于观察杠杆带来的变化；其水平与全城不同。
copied|Copied|已复制
copy|Copy|复制
other_language|中文|English
levers|Levers|杠杆
results|Results|结果
language|Language|语言
tracks|Colours of a track: stability in the last year at each setting, pale is lower, dark is higher.
    |滑轨颜色：每个取值下最近一年的稳定指数，浅色较低，深色较高。
start|Start|开始
stop|Stop|停止
again|Again|重新计算
play|Play|播放
pause|Pause|暂停
step|One week|下一周
step_year|One year|下一年
restart|From the start|从头开始
week_of|Week {week} of {weeks}|第{week}周，共{weeks}周
year|year|年
week|week|周
""")


def say(key: str, lang: str, **values: object) -> str:
    """Words of the dashboard with their placeholders filled."""
    return SAID[key].of(lang).format(**values)
