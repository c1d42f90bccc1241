"""What columns mean in one table of one kind of result, where the same name means something else elsewhere.

A line each, as in `sim.metrics.column_words`; in a name, ``*`` stands for a metric, whose title comes before the meaning. Results over
plausible worlds are kinds of their own.
"""

from sim.metrics.column_words import Words, parsed

IN_WORLDS = " over worlds"
"""Ending of the kind of a result over plausible worlds."""
LEVERS = {"self_governance": "自治", "rule_of_law": "法治", "moral_education": "德治", "public_services": "公共服务"}

_SHOCKS = """
scenario||whether the run has its shocks|是否含冲击
base|unit of the metric|mean without the shocks|无冲击时的均值
value|unit of the metric|mean with the shocks|有冲击时的均值
mean|unit of the metric|what the shocks change: mean over seeds|冲击造成的变化：各随机种子的均值
"""
_EFFECT = """
effect||first, second: values of the two scenarios; total: their difference; shapley: the lever's fair share of it; \
main: the lever alone; pair: what two levers do only together; remainder: three or more together|\
first、second：两个情景各自的数值；total：两者之差；shapley：该政策手段公平分得的部分；main：仅该政策手段的效应；\
pair：两个政策手段共同才有的效应；remainder：三个及以上共同才有的效应
player||lever, or levers taken as one|政策手段（或合为一项的多个政策手段）
"""
_PART_OF = "scenario||lever whose share of the difference it is; empty for the whole difference|所属政策手段；空白为全部差异\n"
_COALITION = "scenario||levers that have the second scenario's settings|取第二个情景设置的政策手段\n"
_OWN_POLICY = (
    "policy||number of the policy, its row in the table of policies tried, from 0; own: the scenario's own policy"
    "|政策编号，即tried表中的行号（从0起）；own为情景自身的政策\n"
)
_COUNTS = """
better|worlds|worlds in which it does better than the scenario's own policy, as the search asks|好于情景自身政策的世界数
worse|worlds|worlds in which it does worse|差于情景自身政策的世界数
"""
_OF_TABLE = {
    "/natural_units": """
money|currency per year|difference in money spent and leaked, in the real city|真实城市的支出与流失经费之差
""",
    "/world_differences": "same||whether both are the same but for rounding|除舍入误差外是否没有差异\n",
    "/communities": "community|1|community: its name, or its number from 0|社区名称或编号（从0起）\n",
    "resilience": _SHOCKS,
    "resilience/weekly": """
base|unit of the metric|mean of the week without the shocks|该周无冲击时的均值
value|unit of the metric|mean of the week with the shocks|该周有冲击时的均值
""",
    "attribute/effects": _EFFECT
    + """
mean|unit of the metric|the value or effect: mean over seeds|该数值或效应：各随机种子的均值
n|seeds|seeds on which all combinations have a value|全部组合均有数值的随机种子数
""",
    "attribute/natural_units": _PART_OF
    + """
value|number or currency in the real city|mean of the first scenario with this difference or share added|第一个情景的均值加上该差异或份额
mean|number or currency in the real city|the whole difference, or the lever's share of it|全部差异，或该政策手段的份额
""",
    "attribute/outcomes": _COALITION,
    "attribute over worlds/outcomes": _COALITION,
    "attribute over worlds/world_effects": _EFFECT
    + """
mean|unit of the metric|the value or effect: mean over worlds|该数值或效应：各世界的均值
median|unit of the metric|its median over worlds|各世界的中位数
better|worlds|worlds in which it is above 0|大于0的世界数
worse|worlds|worlds in which it is below 0|小于0的世界数
n|worlds|worlds in which all combinations have a value|全部组合均有数值的世界数
""",
    "attribute over worlds/world_natural_units": _PART_OF,
    "mix/mixes": """
*|unit of the metric|mean over seeds|各随机种子的均值
""",
    "mix/peaks": """
better||direction in which the metric is better: more or less|指标更好的方向：more为越多越好，less为越少越好
mix||mix with the best value|数值最优的组合
value|unit of the metric|mean at this mix|该组合的均值
"""
    + "".join(
        f"{name}_{end}|share|{en} share of {name.replace('_', ' ')} among mixes not settled to be worse"
        f"|与最优无确定差异的组合中{zh}的{least}占比\n"
        for name, zh in LEVERS.items()
        for end, en, least in (("low", "smallest", "最小"), ("high", "largest", "最大"))
    ),
    "mix/outcomes": "scenario||mix of the budget|预算组合\n",
    "mix/natural_units": "scenario||mix of the budget, compared with the scenario's own|预算组合，与情景自身的组合相比\n",
    "mix/ranking": "scenario||mix of the budget|预算组合\n",
    "mix over worlds/mixes": """
*|unit of the metric|median over worlds|各世界的中位数
*_low|unit of the metric|lower end of the middle 90 % of worlds|各世界中间90%的下限
*_high|unit of the metric|upper end of the middle 90 % of worlds|各世界中间90%的上限
efficient||whether no other mix is better in every objective, by medians over worlds|是否有效（按各世界的中位数，没有组合在各目标上都更好）
share_efficient|share|share of worlds in which it is efficient, beyond luck|超出偶然的有效世界占比
""",
    "mix over worlds/among_best": "mix||mix of the budget; own: the scenario's own|预算组合；own为情景自身的组合\n",
    "mix over worlds/best_mixes": """
better||direction in which the metric is better: more or less|指标更好的方向：more为越多越好，less为越少越好
mix||mix that is among the best in most worlds|在最多世界中属最优之列的组合
luck|unit of the metric|standard deviation of differences between mixes by luck|组合之间由偶然造成的差异标准差
""",
    "mix over worlds/regrets": """
mix||mix of the budget; own: the scenario's own|预算组合；own为情景自身的组合
among||whether the mix is among the best of the world|该组合是否属该世界最优之列
""",
    "mix over worlds/outcomes": "scenario||mix of the budget; own: the scenario's own|预算组合；own为情景自身的组合\n",
    "mix over worlds/world_verdicts": "scenario||mix of the budget, compared with the scenario's own|预算组合，与情景自身的组合相比\n",
    "mix over worlds/world_natural_units": "scenario||mix of the budget, compared with the scenario's own|预算组合，与情景自身的组合相比\n",
    "analyze/front": """
*|unit of the metric|mean over replicates and futures|各重复与未来的均值
""",
    "analyze/robustness": """
rival||whether the policy cannot be distinguished from the one with the largest share, by their shares in the same futures|\
按在相同未来中的比例，该政策是否无法与比例最大的政策区分
low|share|lower end of the 95 % interval of this share|该比例的95%区间下限
high|share|upper end of the 95 % interval of this share|该比例的95%区间上限
""",
    "optimize/tried": """
*|unit of the metric|mean over runs|各次运行的均值
low_*|unit of the metric|lower end of the 95 % interval|95%区间下限
high_*|unit of the metric|upper end of the 95 % interval|95%区间上限
""",
    "optimize over worlds": """
share|share|share of worlds in which the policy meets the targets; all of them without targets|达到目标的世界占比；无目标时为全部
low|share|lower end of the 95 % interval of this share|该占比的95%区间下限
high|share|upper end of the 95 % interval of this share|该占比的95%区间上限
runs|worlds|worlds that the policy finished|该政策完成模拟的世界数
n|worlds|worlds in which it was judged|参与评判的世界数
among|worlds|worlds in which the policy is among the best|该政策属最优之列的世界数
share_among|share|the same, as a share of the worlds|属最优之列的世界占比
word_among||holds, leans or open: whether it is among the best in more worlds than by chance|\
holds（成立）、leans（倾向）或open（未定）：属最优之列的世界是否多于碰巧
"""
    + _OWN_POLICY,
    "optimize over worlds/tried": """
*|unit of the metric|difference from the scenario's own policy in the worlds of the search: \
the median, or the quantile that the search asks for|与情景自身政策之差（搜索所用世界的中位数，或搜索指定的分位数）
low_*|unit of the metric|lower end of the middle 90 % of these differences|该差异各世界中间90%的下限
high_*|unit of the metric|upper end of the middle 90 % of these differences|该差异各世界中间90%的上限
""",
    "optimize over worlds/front": """
*|unit of the metric|difference from the scenario's own policy, median over fresh worlds|与情景自身政策之差，各新世界的中位数
low_*|unit of the metric|lower end of the middle 90 % of these differences|该差异各世界中间90%的下限
high_*|unit of the metric|upper end of the middle 90 % of these differences|该差异各世界中间90%的上限
share_better_*|share|share of fresh worlds in which it is better than the scenario's own policy|好于情景自身政策的新世界占比
verdict_*||holds, leans or open|holds（成立）、leans（倾向）或open（未定）
search_*|unit of the metric|the same difference in the worlds of the search|搜索所用世界中的同一差异
regret_*|unit of the metric|largest shortfall from the best policy of a world|与该世界最优政策的最大差距
regret_90_*|unit of the metric|shortfall that nine worlds in ten do not exceed|十分之九的世界不超过的差距
efficient||whether no other policy is better in every objective, by medians over worlds|\
是否有效（按各世界的中位数，没有政策在各目标上都更好）
""",
    "optimize over worlds/verdicts": _COUNTS
    + """
objective||metric|指标
same|worlds|worlds in which both are the same but for rounding|除舍入误差外没有差异的世界数
median|unit of the metric|difference from the scenario's own policy, median over fresh worlds|与情景自身政策之差，各新世界的中位数
low|unit of the metric|lower end of the middle 90 % of worlds|各世界中间90%的下限
high|unit of the metric|upper end of the middle 90 % of worlds|各世界中间90%的上限
side||better or worse, whichever is in more worlds|better（更好）或worse（更差），取世界数较多者
share_better|share|share of worlds in which it is better|更好的世界占比
verdict||holds, leans or open|holds（成立）、leans（倾向）或open（未定）
""",
    "optimize over worlds/regrets": """
regret|unit of the metric|shortfall from the best policy of the world|与该世界最优政策的差距
among||whether the policy is among the best of the world|该政策是否属该世界最优之列
""",
    "optimize over worlds/outcomes": "scenario" + _OWN_POLICY.removeprefix("policy"),
}
OF_TABLE: dict[str, Words] = {place: parsed(lines) for place, lines in _OF_TABLE.items()}
"""Words by kind and table (``optimize/front``), by table of any kind (``/natural_units``), or by kind."""
