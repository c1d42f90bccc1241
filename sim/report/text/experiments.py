"""Sentences and headings of the pages on experiments in English and Chinese. Placeholders in braces are filled by `say`."""

from sim.report.text.resilience import TEXT as RESILIENCE
from sim.report.text.sentences import TEXT as REPORT
from sim.report.text.words import table

TEXT = RESILIENCE | table("""
compare_top|Comparison of scenarios|情景比较
compare_title|{count} scenarios on the same luck|相同随机条件下的{count}个情景
compare_question|What differs from "{base}" when everything else, luck included, is the same?
    |其他条件（包括随机因素）完全相同时，各情景与“{base}”有何不同？
compare_settled|{name}: {settled} of {count} differences from "{base}" are settled.
    |{name}：与“{base}”的{count}项差异中，{settled}项已可判定。
compare_few|{name}: from {pairs} pairs there are numbers, but no verdict; that takes at least {least}.
    |{name}：{pairs}对运行只能给出数值，不作判定；判定至少需要{least}对。
compare_index|{index} is {size} {way}{interval}.|{index}{way}{size}{interval}。
compare_index_alone|{index} is {size} {way}{interval}: beyond chance if it were the only difference looked at, but not
     among the {tests} that were{needed}.
    |{index}{way}{size}{interval}：若只看这一项，已超出偶然；但在全部{tests}项差异中尚不能判定{needed}。
compare_index_open|For {index} the difference ({size}){interval} is open{needed}.
    |{index}的差异（{size}）{interval}尚不能判定{needed}。
compare_index_none|{index} differs by {size}.|{index}相差{size}。
compare_interval| (95 % interval {low} to {high})|（95%区间{low}至{high}）
compare_no_interval| (no interval can be given)|（无法给出区间）
compare_needed|: about {count} runs of each scenario would settle it if it is as large as it looks
    |；若真实差异与目前所见一样大，每个情景约需{count}次运行
verdict_short|Verdict|判定
verdict_settled|settled|可判定
verdict_by_itself|by itself only|仅单看成立
verdict_open|open|未判定
verdict_none|–|–
higher|higher|高
lower|lower|低
compare_method|Each scenario was run on the same {count} seeds; a difference is taken seed by seed. Values are means of the last {weeks}
     weeks. Intervals hold 95 % for each difference by itself ({interval}). Settled: p below 0.05 after Holm's correction for all
     {tests} differences that were tested, so that from 30 pairs on about 95 of 100 such pages have no false one (with 8 pairs, where
     outcomes are skewed, fewer than 90; see docs/validation.md). By itself only: the difference's own
     interval leaves out zero, as that of about one in twenty does by luck alone; among so many it says little. A dash in the place of
     an interval: fewer than {least} pairs, or nearly all pairs differ by the same, often by nothing; p is then that of the sign test.
    |每个情景在相同的{count}个随机种子下运行，差异逐种子计算。数值为最后{weeks}周的均值。区间为单项差异的95%区间（{interval}）。“可判定”指经
    Holm法对全部{tests}项检验校正后p小于0.05，即30对及以上时，100份此类报告中约95份没有任何误判（仅8对且结果偏斜时不足90份，见docs/validation.md）。“仅单看成立”指该项自身的区间不含零，
    而仅凭偶然，约二十项中就有一项如此，在众多差异中说明不了什么。区间处为短横：不足{least}对，或几乎所有各对的差异都相同（常为零），
    此时p值来自符号检验。
interval_t|Student's t, widened where outcomes are skewed|学生t区间，结果偏斜时放宽
interval_bootstrap|studentised bootstrap|学生化自助法
h_differences|Differences in the two indices and their parts|两项指数及其分项的差异
c_differences|Difference from "{base}"; all on the scale of the index, 0 to 1. Line: 95 % interval of that one
     difference. Filled: settled. Half filled: by itself only. Hollow: open.
    |与“{base}”之差，均为0到1的指数尺度。横线为该单项差异的95%区间。实心为可判定，半实心为仅单看成立，空心为尚不能判定。
alt_differences|Dot plot of differences from {base} in both indices and their parts. {values}|两项指数及其分项与{base}之差的点图。{values}
h_group_differences|Who gains, who loses|谁受益，谁受损
groups_said|{name}, satisfaction by group: best for {best}, worst for {worst}.
    |{name}，各群体满意度之差：最有利的是{best}，最不利的是{worst}。
groups_losers|By its own interval, {count} of {total} groups are worse off, most of all {names}.
    |按各自的区间，{total}类群体中有{count}类变差，最甚者为{names}。
groups_loser|By its own interval, one of {total} groups is worse off: {names}.|按各自的区间，{total}类群体中有1类变差：{names}。
groups_no_loser|By its own interval, none of the groups is worse off.|按各自的区间，没有哪一类群体变差。
groups_open|No interval can be given, so none of this can be told from luck.|无法给出区间，因此均不能与偶然波动区分。
group_struck|{name} (struck by a shock)|{name}（受冲击）
group_community|Community {name}|社区{name}
groups_struck|{name} has shocks that strike single places: {what}.|{name}含只波及局部地点的冲击：{what}。
struck_when|{what} ({when})|{what}（{when}）
c_group_differences|Difference in satisfaction from "{base}", seed by seed, mean of the last {weeks} weeks for every group. Line: 95 %
     interval of that one difference. Half filled: it leaves out zero; groups are not corrected for their number. Tenths: the resident at
     their border. Communities are in thirds by hardship. Local and non-local: from the mean, their gap and their share of residents.
    |满意度与“{base}”之差，逐个随机种子配对，各群体均取最后{weeks}周均值。横线为该项差异的95%区间，半实心表示区间不含零；各群体未作多重校正。
    “十分之一”取处于分界处的居民；社区按困难程度分为三组；本地与外来居民由均值、差距与人口占比推得。
alt_group_differences|Dot plot of differences from {base} in satisfaction, by group of residents. {values}
    |各居民群体满意度与{base}之差的点图。{values}
h_prices|Prices and fairness|代价与公平
c_price_panels|Each panel has a scale of its own; zero is "{base}". Line: 95 % interval of that one difference. Filled:
     settled. Half filled: by itself only. Hollow: open.
    |各小图量程不同，零点为“{base}”。横线为该单项差异的95%区间。实心为可判定，半实心为仅单看成立，空心为尚不能判定。
alt_prices|Dot plots of differences from {base} in prices and fairness. {values}|代价与公平指标与{base}之差的点图。{values}
h_ranking|Who comes first depends on the weights|谁排第一取决于权重
c_ranking|Share of {count} weightings, drawn evenly from all there are, under which each scenario ranks first. Dark: by the mean of the
     runs; the tick shows the same when the seeds are drawn again as well.
    |在均匀抽取的{count}种权重下，各情景排名第一的比例。色条按各次运行均值计算，竖线为同时重抽随机种子的结果。
alt_ranking|Bar charts of the share of weightings under which each scenario ranks first. {values}
    |各情景在不同权重下排名第一比例的条形图。{values}
both|Both together|两项合计
first_share|first under|排第一的权重比例
first_luck|with luck|含随机因素
mean_rank|mean rank|平均名次
rank_range|ranks|名次范围
h_all|Every metric|全部指标
all_note|Unpaired: how many times as many runs would be needed if each scenario had luck of its own. Won: share of the seeds on which it
     does better (has more, for a metric without a usual direction).
    |“非配对倍数”：若各情景随机条件不同，达到同样精度所需运行次数的倍数。“占优”：表现更好的种子比例（无通常方向的指标为数值更高的比例）。
difference|Difference|差异
interval|95 % interval|95%区间
p|p|p值
won|Won|占优
needed|Runs needed|所需次数
unpaired|Unpaired ×|非配对倍数
scenario|Scenario|情景
base_value|"{base}"|“{base}”
index|Index|指数
share_axis|share of weightings|权重占比
difference_axis|difference from "{base}"|与“{base}”之差
cities_differ|The scenarios differ in their city: their seeds are not the same luck, and pairing brings little.
    |各情景的城市不同：相同种子并非相同的随机条件，配对作用有限。
horizons_differ|The scenarios differ in their horizon; each is judged over its own last weeks.
    |各情景时间跨度不同，均按各自最后若干周评价。
weights_differ|The scenarios weigh the parts of the indices differently; the indices themselves are not the same quantity.
    |各情景的指数权重不同，指数本身并非同一量。
runs_failed|{count} runs failed. Seeds on which a scenario failed are left out for all: {left} of {total} are used.
    |有{count}次运行失败。任一情景失败的种子对所有情景均不计入：使用了{total}个种子中的{left}个。
was_interrupted|Interrupted: {left} of {total} seeds are used.|运行被中断：使用了{total}个种子中的{left}个。
small_city|This is a small city of {residents} residents. Rare events weigh more in it, and a city of another size may answer
     differently.
    |这是一个仅有{residents}名居民的小城市，罕见事件的影响更大；规模不同的城市结果可能不同。
h_reproduce|How to reproduce it|如何复现
seeds|Seeds|随机种子
residents_simulated|Residents simulated|模拟居民数
scenarios|Scenarios|情景
hash|Content hash of the outcomes|结果内容哈希
command|Command|命令
command_note|run with the same scenario files|使用相同的情景文件运行
key_difference_interval|95 % interval of the difference|差异的95%区间
key_settled|filled: settled|实心：可判定
key_open|hollow: open|空心：尚不能判定
key_first|by the mean of the runs|按各次运行均值
key_first_with_luck|the same, seeds drawn again as well|同时重抽随机种子
key_scenario|value of the scenario|情景本身的数值
key_own|the scenario's own mix|情景自身的组合
key_peak|peak on this grid|网格上的峰值
key_near|cannot be told apart from the peak|与峰值无法区分
key_sides|sides: share of what the three have together|三边刻度：占三者合计的比例
key_dots|dot: a mix, in the colour of the governance with most; larger: efficient more often
    |圆点：一种组合，颜色为占比最大的一项；越大则越常有效
key_efficient|efficient|有效
mix_top|The trade-off between the three governances|三治之间的权衡
mix_title|{name}: every mix of the three governances|{name}：三治的全部组合
mix_question|What happens when the {total} of the budget that self-governance, rule of law and moral education have together is divided
     in other ways?
    |若将自治、法治、德治合计占预算{total}的部分以其他方式分配，会发生什么？
mix_question_traded|What happens when the {total} of the budget for all four is divided in other ways, public services among them?
    |若将四项合计占预算{total}的部分（含公共服务）以其他方式分配，会发生什么？
mix_peak|{metric} is {extreme} at {mix}: {value}. {rivals}|{metric}在{mix}处{extreme}：{value}。{rivals}
mix_highest|highest|最高
mix_lowest|lowest|最低
mix_rivals|{near} of {total} mixes cannot be told apart from it (self-governance {a}, rule of law {b}, moral education {c}); with other
     luck the peak stays on the same mix in {same} of the draws.
    |在{total}种组合中有{near}种与之无法区分（自治{a}，法治{b}，德治{c}）；换一批随机条件，峰值仍在同一组合的比例为{same}。
mix_alone|No other mix comes near enough to be mistaken for it; with other luck the peak stays on the same mix in {same} of the draws.
    |没有其他组合接近到无法区分；换一批随机条件，峰值仍在同一组合的比例为{same}。
mix_few|From {count} seeds there are numbers, but no verdict: no mix is told apart from another, which takes at least {least}.
    |{count}个种子只能给出数值，不作判定：无法区分任何两种组合，判定至少需要{least}个种子。
mix_efficient|{count} of {total} mixes are efficient: no other mix is better in one of {metrics} without being worse in another. {often}
     more would be with other luck (in at least one of ten draws).
    |在{total}种组合中有{count}种是有效的：没有其他组合能在{metrics}之一更好而在其余方面不更差。换一批随机条件，另有{often}种可能有效（
    至少十分之一的抽样）。
mix_note|A peak says where these assumptions lead, not what a city should do: it moves with the weights of the indices, the city, and
     what else is asked of a policy.
    |峰值只说明这些假设会导向何处，而非城市应当如何做：它会随指数权重、城市以及对政策的其他要求而变化。
mix_method|{mixes} mixes on the same {count} seeds, {residents} residents, {weeks} weeks; values are means of the last {window} weeks.
     Hatched: mixes that cannot be told apart from the best one (paired differences; the truly best mix is among them in 95 of 100 such
     maps).
    |{mixes}种组合，使用相同的{count}个随机种子，{residents}名居民，{weeks}周；数值为最后{window}周均值。斜线区域：与最优组合无法区分的组合
    （配对差异；100幅此类图中有95幅包含真正最优的组合）。
mix_shrunk|To be quick, the city was made smaller: {residents} residents instead of {whole}. Rare events weigh more in it, and peaks may
     lie elsewhere in the whole city; see --residents.
    |为加快计算，城市已缩小：模拟{residents}名居民，而非{whole}名。罕见事件影响更大，完整城市的峰值可能不同；参见--residents。
h_maps|The whole trade-off in one picture|一图看清全部权衡
c_maps|Each corner gives all to one of the three, each side leaves one out; the scale is the share of what the three have together.
     Ring: the scenario's own mix. Cross: the peak on this grid. Hatched: cannot be told apart from it. Last: every mix as a dot,
     coloured by the governance with most; ringed ones are efficient, and larger dots stay efficient more often with other luck.
    |每个角把全部给予三者之一，每条边排除其中一项；刻度为占三者合计的比例。圆圈：情景自身的组合。叉号：网格上的峰值。斜线：与峰值无法区分。
    最后一图：每个点是一种组合，颜色表示占比最大的一项，带圈者为有效组合；点越大，换一批随机条件后越常保持有效。
alt_maps|Triangular maps of the outcome over all mixes of the three governances. {values}|三治全部组合结果的三角图。{values}
alt_peak|{metric}: {extreme} {value} at {mix}.|{metric}：{mix}处{extreme}，为{value}。
h_peaks|Where each objective peaks, and how sure that is|各目标的峰值位置及其可靠程度
h_mixes|All mixes|全部组合
peak_mix|Peak at|峰值位置
near_best|Not told apart|无法区分
same_peak|Same peak|峰值不变
efficient|Efficient|有效
own_mix|own mix|自身组合
yes|yes|是
tradeoff|Each mix: stability and satisfaction|各组合的社会稳定与居民满意度
services_level|services {share}|公共服务{share}
abbreviated|self-governance {a}, rule of law {b}, moral education {c}|自治{a}、法治{b}、德治{c}
with_services|{mix}, services {d}|{mix}、公共服务{d}
attribute_top|What made the difference|差异从何而来
attribute_title|From {first} to {second}|从{first}到{second}
attribute_question|Which of the {count} levers that differ made which part of the difference?|在{count}项不同的杠杆中，各造成了多大差异？
attribute_total|{metric} goes from {first} to {second}, a difference of {total}{interval}. {parts}
    |{metric}从{first}变为{second}，差异{total}{interval}。{parts}
attribute_part|{player} {value}{interval}|{player}{value}{interval}
in_brackets| ({low} to {high})|（{low}至{high}）
attribute_parts|Of that: {parts}.|其中：{parts}。
attribute_method|Every combination of old and new settings ({coalitions} of them) was run on the same {count} seeds; values are means of
     the last {weeks} weeks. A lever's share is its Shapley value: what it adds, averaged over all orders in which the levers could be
     changed. Shares sum exactly to the difference. Intervals hold 95 % over luck; none is given
     from fewer than {least} seeds, nor where nearly every seed gives the same.
    |新旧设置的全部{coalitions}种组合在相同的{count}个随机种子下运行，数值为最后{weeks}周均值。杠杆的份额为其Shapley值，即按所有可能的更改次
    序平均的增量；各份额之和恰等于总差异。区间为随机因素的95%区间；种子不足{least}个，或几乎所有种子结果相同时，不给出区间。
attribute_beyond|{count} of the combinations would spend more than the budget, since one lever has its larger share before another has
     its smaller one. There every lever keeps the money that its own scenario gives it. Such combinations are steps of the reckoning,
     not policies; what is left unspent is not attributed.
    |其中{count}种组合的支出会超出预算，因为某项杠杆已取较大份额，而另一项尚未取较小份额。此时每项杠杆仍使用其所属情景给予的资金。这类组合只
    是计算步骤，并非政策；未动用预算不作归因。
h_waterfall|Step by step from one to the other|从一个情景逐步到另一个
c_waterfall|Bars: Shapley shares, in the order of their size; line: 95 % interval. The order in which they stand changes none of them.
    |色条为Shapley份额，按大小排列；竖线为95%区间。排列次序不影响任何份额。
alt_waterfall|Waterfall charts of what each lever adds to the difference. {values}|各杠杆对差异贡献的瀑布图。{values}
h_interactions|Alone and together|单独作用与共同作用
c_interactions|Alone: the effect of changing only this lever. Pairs: what two add together beyond what each does alone; above zero they
     reinforce each other. Remainder: three or more. Alone, pairs and remainder sum to the difference as well.
    |“单独”：只更改该杠杆的效果。“成对”：两项共同作用超出各自单独作用之和的部分，大于零表示相互增强。“其余”：三项及以上。单独、成对与其余之
    和同样等于总差异。
alt_interactions|Dot plots of the effect of each lever alone and of the interactions. {values}|各杠杆单独效果与交互作用的点图。{values}
h_effects|Every metric|全部指标
player|Lever|杠杆
effect|Effect|效果
alone|alone|单独
together|Shapley share|Shapley份额
pair|{one} with {other}|{one}与{other}
remainder|three or more together|三项及以上共同作用
total|Total difference|总差异
group_policy|The mix of levers|政策组合
group_budget|Budget|预算
group_timeline|Timeline|时间安排
group_shocks|Shocks|冲击
group_weights|Weights of the indices|指数权重
group_mechanisms|Mechanism: {name}|机制：{name}
h_pairs|interactions|交互作用
first|First scenario|第一个情景
second|Second scenario|第二个情景
""")


def say(key: str, lang: str, **values: object) -> str:
    """A sentence of the pages on experiments, or of the report, with its placeholders filled."""
    return (TEXT if key in TEXT else REPORT)[key].of(lang).format(**values)
