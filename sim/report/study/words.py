"""Words of the page of a study in English and Chinese, and names of factors and policies."""

from typing import Any

from sim.experiments.studies.study import POLICY
from sim.report.parts.numbers import number, percent
from sim.report.text.labels import lever_title, mechanism_title
from sim.report.text.sentences import TEXT, text
from sim.report.text.words import table

STUDY = table("""
top|Report on a study of many runs|多次运行研究报告
lead|{done} of {planned} runs are in, at {points} points ({design}).|已有{planned}次运行中的{done}次，共{points}个设计点（{design}）。
partial|The study is not finished: {missing} runs are still to come, and what is said here may change.
    |研究尚未完成：还有{missing}次运行，以下结论可能变化。
failed|{count} runs failed and are left out.|{count}次运行失败，未计入。
design_grid|every combination of levels|水平全组合
design_lhs|Latin hypercube|拉丁超立方
design_sobol|Sobol design|Sobol设计
design_morris|Morris design|Morris设计
design_simplex|shares of one budget, drawn evenly|在同一预算内均匀抽取份额
design_list|a given list|给定列表
design_policies|named policies, each in the same sampled futures|若干政策，各自面对同一组抽样情形
older|Made by model {made}; this is model {now}, whose runs may give other numbers.
    |由模型{made}运行；当前为模型{now}，重新运行的数值可能不同。
mixed|The sources of the model changed while this study was run: its runs were made by {count} states of them, and differences may come from
     that.
    |本研究运行期间模型源代码有过改动：各次运行出自{count}种源代码状态，差异可能由此而来。
h_sensitivity|Which factors matter|哪些因素重要
s_largest|{outcome}: {factor} matters most ({index} {value}, 95 % interval {low} to {high}){way}.
    |{outcome}：{factor}影响最大（{index}{value}，95%区间{low}至{high}）{way}。
s_largest_open|{outcome}: {factor} matters most so far ({index} {value}, 95 % interval {low} to {high}){way}, but how much needs more runs.
    |{outcome}：目前{factor}影响最大（{index}{value}，95%区间{low}至{high}）{way}，但影响大小需更多运行才能确定。
way_up|; more of it mostly goes with a higher value|；其值越高，结果多半越高
way_down|; more of it mostly goes with a lower value|；其值越高，结果多半越低
way_bent|; it has no single direction|；没有单一方向
s_also|Also seen to matter: {factors}.|同样有影响的因素：{factors}。
s_none|No effect seen beyond chance or a twentieth of the largest: {factors}.|未见超出偶然或最大影响二十分之一的影响：{factors}。
s_open|Open, needs more runs: {factors}.|尚无定论，需更多运行：{factors}。
s_nothing_matters|{outcome}: no factor can be told from chance with these runs.|{outcome}：以现有运行，没有任何因素能与偶然区分。
s_no_index|{outcome}: no index, as it does not move or too few whole blocks of the design are done.
    |{outcome}：无法计算指数，因为结果不变，或设计中完整的部分太少。
s_pairs|{outcome}: together beyond what each does alone: {pairs}.|{outcome}：共同作用超出各自单独作用之和：{pairs}。
s_pair|{first} with {second} ({value}, {low} to {high})|{first}与{second}（{value}，{low}至{high}）
s_luck|Luck explains {share} of the differences between points in {outcome}; no factor can explain that part.
    |设计点之间{outcome}的差异有{share}出于偶然，任何因素都无法解释这一部分。
s_luck_unknown|With one replicate a point, luck cannot be told from the factors.|每个设计点只有一次运行，无法区分偶然与因素的作用。
index_total|total share of variance|方差总份额
index_first|share of variance alone|单独方差份额
index_second|share of variance of the pair|交互方差份额
index_mu_star|mean size of effect over the whole range|全范围平均效应大小
index_mu|mean effect over the whole range|全范围平均效应
index_sigma|spread of the effect|效应的离散程度
index_delta|delta|delta指数
index_pawn|PAWN|PAWN指数
c_sensitivity|Dot: {main}; ring: {other}; lines: 95 % intervals, dashed where more runs are needed. Grey line: what counts as no effect for
     the dots. {explained}
    |实心点：{main}；空心点：{other}；线段为95%区间，虚线表示需更多运行。灰线：实心点低于此值视为无影响。{explained}
x_sobol|A total share counts everything a factor does with others; the share alone does not. Total shares may sum to more than 1.
    |总份额包含该因素与其他因素的共同作用，单独份额则不含；总份额之和可能大于1。
x_morris|In units of the outcome, from the lowest to the highest value of the factor. A large spread means bends or joint effects.
    |以结果的单位计，对应因素由最低值到最高值；离散程度大说明存在非线性或共同作用。
x_given|Both run from 0 (outcome independent of the factor) to 1 and hold for dependent factors too, such as shares of one budget. The
     line is what made-up factors reach by chance.
    |两者介于0（结果与因素无关）与1之间，对相互依赖的因素（如同一预算内的份额）同样适用。灰线为虚构因素凭偶然所达到的水平。
h_discovery|Where it goes wrong|何处出问题
q_targets|Points whose mean over runs misses a target ({targets}): {share} of all.|各次运行均值未达目标（{targets}）的设计点占{share}。
q_outcome|The least favourable quarter of points in {outcome}, as it is usually read: {sign} {bound}.
    |{outcome}通常意义上最不利的四分之一设计点：{sign} {bound}。
d_box|Where {bounds}, {density} of the points are such cases, against {base} overall; that holds {coverage} of them.
    |当{bounds}时，{density}的设计点属于此类（总体为{base}），涵盖其中{coverage}。
d_weak|Left out, as chance may have set them: {bounds}.|可能出于偶然而未列出的界限：{bounds}。
d_none|No region was found that holds clearly more of them than the whole.|未发现此类情形明显更集中的区域。
d_all|All points are such cases.|所有设计点均属此类。
d_no_case|There is no such case.|没有此类情形。
d_few|There are too few points or cases to search ({cases}).|设计点或此类情形太少（{cases}），无法搜索。
b_at_least|{factor} is at least {value}|{factor}不低于{value}
b_at_most|{factor} is at most {value}|{factor}不高于{value}
b_one_of|{factor} is {value}|{factor}为{value}
or|or|或
c_boxes|Left: each dot is a box, from all points (right) inwards; ring: the box described. Coverage: share of all such cases inside;
     density: share of the points inside that are such cases. Right: what bounds it within the range studied, with quasi-p-values.
    |左：每个点为一个区域，从全部设计点（右端）逐步收缩，圆圈为文中所述区域。覆盖率：此类情形落入其中的份额；密度：其中设计点属于此类的份额。
    右：该区域在研究范围内的界限及准p值。
coverage|coverage|覆盖率
density|density|密度
key_interval_95|95 % interval|95%区间
key_more_runs|dashed: more runs are needed|虚线：需更多运行
key_no_effect|grey line: dots below it count as no effect|灰线：实心点低于此值视为无影响
key_box|a box, from all points inwards|逐步收缩的区域
key_box_chosen|the box described|文中所述区域
key_range_studied|range studied|研究范围
key_bound|bound of the box, quasi-p below 0.05|区域界限，准p值小于0.05
key_bound_weak|bound of the box, quasi-p above|区域界限，准p值较大
key_front_sure|efficient, and surely so|有效率且可靠
key_front|efficient, but luck decides|有效率但取决于偶然
key_dominated|another policy is better|有更优的政策
key_tried|tried; darker in later generations|试验过；颜色越深代数越晚
key_ringed|ringed: the front|圆圈：前沿
key_missed|misses a constraint|不满足约束
share_of_runs_axis|share of runs|占运行次数的份额
policy_number|policy, numbered as in the table|政策（编号同下表）
h_front|Efficient policies|有效率的政策
f_some|{count} of {total} policies are efficient: no other does at least as well in {outcomes} and better in one.
    |{total}项政策中有{count}项有效率：在{outcomes}上没有其他政策全部不逊且至少一项更优。
f_sure|{sure} of them stay efficient in at least 19 of 20 redraws of the luck; for the others luck decides.
    |其中{sure}项在至少95%的重抽样中仍有效率；其余取决于偶然。
f_unsure|Luck could not be redrawn, so how sure that is stays open.|无法重抽偶然因素，因此可靠程度未知。
c_front|Each dot is a policy, mean over its runs; filled: efficient, dark where that is sure. Better is {ways}.
    |每点为一项政策（各次运行均值）；实心为有效率，深色为可靠。较优方向：{ways}。
way_more|more {outcome}|{outcome}更高
way_less|less {outcome}|{outcome}更低
h_robust|What holds up|哪些政策稳健
r_share|The policy that meets every target most often does so in {share} of its runs (95 % interval {low} to {high}): {policy}.
    |最常达到全部目标的政策在{share}的运行中达标（95%区间{low}至{high}）：{policy}。
r_tied|{count} others cannot be told from it.|另有{count}项政策与之无法区分。
r_regret|In {outcome}, {policy} loses least in its worst future: at most {value} against the best policy there.
    |就{outcome}而言，{policy}在最坏情形下损失最小：与该情形下的最优政策相比至多差{value}。
r_futures|Futures: {count} {what}.|情形：{count}种{what}。
futures_unsure|settings of {factors}|（{factors}的取值）
futures_luck|seeds, that is luck alone; what is uncertain about the city was not varied|随机种子，即仅有偶然因素；未改变城市的不确定参数
c_robust|The {count} best policies, numbered as in the table. Left: share of runs that meet every target, 95 % interval. Right:
     greatest loss against the best policy of a future.
    |排名前{count}的政策，编号同下表。左：达到全部目标的运行份额及95%区间。右：与各情形最优政策相比的最大损失。
c_robust_regret|The {count} best policies, numbered as in the table: greatest loss against the best policy of a future.
    |排名前{count}的政策，编号同下表：与各情形最优政策相比的最大损失。
share_met|targets met|达标份额
greatest_regret|greatest loss: {outcome}|最大损失：{outcome}
n_few_points|There are few points: take all of this with care.|设计点很少，以下结论须谨慎对待。
n_no_front_outcomes|Fewer than two outcomes have a direction that is usually read as better, so nothing is efficient or not.
    |具有通常优劣方向的结果不足两项，无法判断效率。
n_no_policy|No factor is a lever, so there are no policies to compare.|没有政策杠杆作为因素，因此没有可比较的政策。
n_no_front_futures|Policies met different futures, so a good one may only have been lucky: no efficient set is given.
    |各政策遇到的情形不同，好的结果可能只是碰巧，因此不给出有效集。
n_no_policy_robust|No factor is a lever, so there is no policy whose robustness could be told.|没有政策杠杆作为因素，无法判断政策的稳健性。
n_not_crossed|Policies met different futures, so they cannot be compared future by future. A study of policies (kind: policies), or a
     grid of levers and uncertain factors, can.
    |各政策遇到的情形不同，无法逐一比较；政策研究（kind: policies）或由杠杆与不确定因素构成的全组合设计可以。
n_no_luck|Every policy was run once, or on seeds of its own: whether it holds up cannot be told. Two or more replicates can.
    |每项政策只运行一次，或种子各不相同，无法判断稳健性；至少两次重复运行方可。
n_no_targets|No target was given; with --target "stability >= 0.6" the share of runs that meet it is told too.
    |未给定目标；使用 --target "stability >= 0.6" 可同时给出达标份额。
h_made|How this was made|方法与来源
made_study|Study|研究
made_design|Design|设计
made_runs|Runs|运行
made_model|Model|模型
made_policy|Policy (set)|政策（可设定）
made_unsure|Uncertain (met)|不确定因素（须面对）
made_outcomes|Outcomes|结果指标
made_hash|Content hash|内容哈希
made_method|Indices: SALib ({method}); discovery: patient rule induction; see the files beside this page for all numbers.
    |指数：SALib（{method}）；情景发现：耐心规则归纳法；全部数值见本页旁的文件。
factor|Factor|因素
other_factor|With|与
index|Index|指数
value|Value|值
low|Low|下限
high|High|上限
verdict|Verdict|判断
v_matters|matters|有影响
v_matters_open|matters; size needs more runs|有影响；大小需更多运行
v_none|no effect seen|未见影响
v_open|needs more runs|需更多运行
outcome|Outcome|结果
policy|Policy|政策
futures|Futures|情形数
sure|Stays so|可靠程度
bound|Bound|界限
box|Box|区域
p_value|quasi-p|准p值
h_optimum|What the search found|搜索结果
o_top|Report on a search over policies|政策搜索报告
o_lead|{evaluations} policies were tried in {generations} generations, each on the same {runs} runs ({futures}).
    |共{generations}代，试验了{evaluations}项政策，每项均在相同的{runs}次运行上评估（{futures}）。
o_futures|{futures} futures on {replicates} seeds each|{futures}种情形，每种{replicates}个种子
o_front|{count} of them are best in the sense that none beats them in one objective without losing in another.
    |其中{count}项为最优：没有其他政策能在某一目标上胜出而不在另一目标上落后。
o_none|No policy tried meets the constraint; the nearest meets the targets in {share} of its runs. More generations, more budget or
     lower targets may help.
    |试验过的政策均不满足约束；最接近者在{share}的运行中达标。可增加代数或预算，或降低目标。
o_end|{objective}: best {value}, at {policy}.|{objective}：最优值{value}，政策为{policy}。
o_constraint|Constraint: {constraint} in at least {share} of the runs.|约束：至少{share}的运行满足{constraint}。
o_steady|The front did not move in the last quarter of the generations.|最后四分之一的代数中前沿未再变化。
o_moving|The front still moved in the last quarter of the generations: a longer search may find better.
    |最后四分之一的代数中前沿仍在移动，延长搜索可能找到更优解。
o_luck|Intervals cover luck and the futures given. Among many policies tried, the best looks somewhat better than it is: run the
     chosen ones again on new seeds.
    |区间只涵盖偶然与给定情形。在众多试验中，最优者往往显得略优于实际，选定后应以新的种子重新运行。
c_search|Each dot is a policy that was tried, darker in later generations; ringed: the front. Crosses miss a constraint.
    |每点为一项试验过的政策，颜色越深代数越晚；圆圈为前沿，叉号表示不满足约束。
c_progress|Share of the space of objectives that the front dominates, by generation (hypervolume; higher is better).
    |各代前沿所支配的目标空间份额（超体积，越高越好）。
o_method|NSGA-II (pymoo), {population} policies a generation, seed {seed}; every run is a row of a ledger in the folder generations.
    |NSGA-II（pymoo），每代{population}项政策，种子{seed}；每次运行均记录于generations文件夹的账本中。
generation|generation|代
hypervolume|hypervolume|超体积
share_of_runs|Constraints met|约束满足份额
""")

CHINESE_STOP, STOP = "、", ", "


def say(key: str, lang: str, **values: Any) -> str:
    """A sentence of this page, or of the report of a run, with its placeholders filled."""
    return (STUDY[key] if key in STUDY else TEXT[key]).of(lang).format(**values)


def listed(parts: list[str], lang: str) -> str:
    """Parts of a list in a sentence."""
    return (CHINESE_STOP if lang == "zh" else STOP).join(parts)


def factor_title(key: str, lang: str) -> str:
    """Name of a factor: of a lever, stance or mechanism's parameter where it has one, else its key."""
    if key == POLICY:
        return say("policy", lang)
    parts = key.removesuffix(".share").split(".")
    if parts[0] == "policy" and len(parts) > 1:
        inner = [part for part in parts[1:] if part != "split"]
        return (": " if lang == "en" else "：").join(lever_title(part, lang) for part in inner)
    if parts[0] == "stance" and len(parts) == 2:
        return lever_title(parts[1], lang)
    if parts[0] == "mechanisms" and len(parts) > 2:
        return f"{mechanism_title(parts[1], lang)}{': ' if lang == 'en' else '：'}{' '.join(parts[2:])}"
    return text(key, lang) if key == "budget" else lever_title(key, lang)


def factor_value(key: str, value: Any, lang: str) -> str:
    """A value of a factor as people write it: shares of the budget in per cent, choices by their name."""
    if isinstance(value, str):
        return value if key == POLICY else lever_title(value, lang)
    if isinstance(value, bool):
        return str(value).lower()
    parts = key.split(".")
    if parts[0] == "policy" and "split" not in parts:
        return percent(float(value))
    return number(float(value))


def policy_text(row: Any, keys: list[str], lang: str) -> str:
    """A policy in a sentence: every lever with its value."""
    return listed([f"{factor_title(key, lang)} {factor_value(key, row[key], lang)}" for key in keys], lang)
