"""Words of the page of a run that was held against data, in English and Chinese."""

from sim.analysis.patterns.named import parse
from sim.metrics import METRICS
from sim.report.study import words as study
from sim.report.text.labels import metric_title
from sim.report.text.words import table

VALIDATION = table("""
top|A run held against data|模拟与数据对照
title|{name} against {data}|{name}与{data}对照
question|Do the patterns in the data show in the simulation, and would they without what makes them?
    |数据中的规律是否出现在模拟中？若没有产生它们的机制，是否同样会出现？
agree|{count} of {total} patterns agree.|{total}项规律中{count}项相符。
miss|Missed: {names}.|不符：{names}。
unknown|Cannot be told: {names}.|无法判断：{names}。
idle|Of those that agree, a null model agrees too with {names}: that they agree says little.
    |在相符者中，{names}也与零模型相符：这些相符说明不了什么。
rule|A pattern agrees where the 95 % interval of the data meets that of the simulation. Data: leaving out blocks of neighbouring areas, or
     the range that was stated. Simulation: where one more replicate would lie (Student), from {count} replicates.
    |数据的95%区间与模拟的95%区间相交即为相符。数据区间：逐块剔除相邻区域，或所给范围；模拟区间：再多一次重复所落的范围（t分布），来自{count}次重复。
few|With {count} replicates the spread of the simulation is poorly known and its intervals are wide: ten or more are better.
    |仅{count}次重复，模拟的离散程度难以确定，区间偏宽；建议十次以上。
one|One replicate has no spread: the simulation counts as a point.|单次重复没有离散程度，模拟按一点计。
h_patterns|Patterns|各项规律
h_concentration|Concentration|集中程度
c_patterns|Each pattern on a scale of its own. Blue: data, with its 95 % interval; orange: simulation, with the interval of one more
     replicate; grey band: null model. Hollow: does not meet the data.
    |各项规律各用一把尺度。蓝色：数据及其95%区间；橙色：模拟及再多一次重复的区间；灰带：零模型。空心表示与数据不相交。
c_concentration|Share of events in the worst share of the areas, with as many events an area in data and simulation. Band: all replicates.
     Dashed: what luck alone would give.
    |最差的部分区域内事件所占份额，数据与模拟每区域事件数相同。色带：全部重复；虚线：仅凭偶然的结果。
events|Events|事件
areas_axis|share of the areas, the worst first (%)|区域份额，由最差起（%）
events_axis|share of events (%)|事件份额（%）
data|Data|数据
simulated|Simulation|模拟
null|Null model|零模型
luck|Luck alone|仅凭偶然
pattern|Pattern|规律
interval|95 % interval|95%区间
verdict|Verdict|结论
note|Note|备注
source|Source|来源
agrees|agrees|相符
misses|misses|不符
cannot be told|cannot be told|无法判断
too|agrees; so does the null model|相符，零模型亦相符
reproduce_data|Data|数据
reproduce_command|Command|命令
k_moran|Moran's I of events per resident: above 0 where like areas lie together|人均事件的Moran指数：相似区域相邻时大于0
k_concentration|share of events in the worst tenth of the areas|最差十分之一区域的事件份额
k_gradient|from least to most hardship (slope index); events as a share of their mean|由最不困难到最困难（斜率指数）；事件以均值的份额计
k_elasticity|per cent of the first for one per cent of the second|后者变动1%时前者变动的百分比
k_gap|what is reported against what is true: a share of events, a difference of indices|上报与真实之比：事件为份额，指数为差值
k_jump|change where the second passes the number|后者越过该数值时的跳变
""")


def say(key: str, lang: str, **values: object) -> str:
    """A sentence of this page, or of one of those it is like, with its placeholders filled."""
    return VALIDATION[key].of(lang).format(**values) if key in VALIDATION else study.say(key, lang, **values)


def meaning(name: str, lang: str) -> str:
    """What a pattern or metric of a table means."""
    if name in METRICS:
        return metric_title(name, lang)
    pattern, _ = parse(name)
    return say(f"k_{pattern.kind}", lang) if pattern else ""
