"""What the dashboard says, in English and Chinese. Names of metrics, levers and units come from `sim.report.text.labels`."""

from sim.report.text.words import table

SAID = table("""
title|sanzhi 三治 · governance laboratory|三治 · 城市治理实验室
lead|Move a lever: a small city lives {horizon} again and again, and the curves answer.
    |拖动杠杆：一座小城市一次次运行{horizon}，曲线随即给出回应。
gap| |
city_itself|City: {city}, as the scenario has it, {residents} residents.|城市：{city}，与情景一致，{residents}名居民。
city_in_small|City: {city} in small, all {districts} districts, {residents} of {whole} residents.
    |城市：{city}的缩小版，保留全部{districts}个区，居民由{whole}名缩至{residents}名。
city_of_own|City: your own in small, all {communities} communities, {residents} of {whole} residents.
    |城市：你的城市的缩小版，保留全部{communities}个社区，居民由{whole}名缩至{residents}名。
city_stands_in|City: not {city} itself; a made-up one of {residents} residents in {districts} districts stands in for it. The tab “Whole
     city” runs {city}.
    |城市：并非{city}本身，而是以一座有{districts}个区、{residents}名居民的虚构城市代替；“全城”页签运行{city}。
budget_group|Budget|预算
shares_group|Where the budget goes|预算投向
stances_group|Stances|施政取向
splits_group|Instruments of each lever|各杠杆的工具
shocks_group|Shocks to set off|可触发的冲击
budget|Budget, × the reference|预算（基准的倍数）
unspent_note|Unspent {share}. The budget is shared: when one lever gets more than is left, the others give in proportion.
    |未动用{share}。预算总量有限：某一杠杆超出剩余预算时，其余杠杆按比例让出。
reset|Back to the baseline|恢复原方案
yours|yours|你的方案
baseline|baseline|原方案
before|before|上一次
luck|{done}/{goal} runs|{done}/{goal}次运行
luck_full|{done} runs|{done}次运行
band_luck|Band: luck alone, 5th to 95th percentile of the runs. It says nothing about doubts in the assumptions.
    |色带仅表示偶然波动（各次运行的第5至第95百分位），不反映假设本身的不确定性。
band_few|Band: luck alone, lowest to highest of {done} runs.|色带仅表示偶然波动（{done}次运行的最低至最高值）。
band_wide|Dotted outline: assumptions × luck, 5th to 95th percentile of {done} runs, each with all assumptions drawn anew,
     from half to one and a half times their value.
    |点线边界：假设×偶然波动，{done}次运行各自重新抽取全部假设（数值的一半至一倍半），取第5至第95百分位。
wide_on|Show the wider band: assumptions × luck|显示更宽的色带：假设×偶然波动
wide_off|Hide the wider band|隐藏更宽的色带
difference|difference {change} ({low} to {high})|差异{change}（{low}至{high}）
difference_one|difference {change}|差异{change}
same|no difference yet: move a lever|尚无差异：请拖动杠杆
paired|95 % interval of the paired mean difference in the last year, {runs} pairs of runs on the same luck
    |最近一年配对均值差异的95%区间，{runs}对运行，随机条件相同
prices|Prices paid|付出的代价
last_year|Mean of the last year. Unclear: luck alone may make the change.|最近一年均值。“无法区分”指变化可能仅由偶然造成。
metric|Metric|指标
change|Change|变化
unclear|unclear|无法区分
group_headline|The two indices|两项指数
group_parts|What they are made of|指数的构成
group_price|Prices|代价
group_fairness|Fairness|公平
group_state|State of people|居民状况
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
quick_note
    |Quick city: {residents} residents, {weeks} weeks, seeds from {seed}. The lines run the quick city of the curves first, then
     the scenario's own.
    |快速城市：{residents}名居民，{weeks}周，种子自{seed}起。以下先运行曲线所用的快速城市，再运行情景自身的城市。
quick_city|Quick city of {residents} residents: what a lever changes is what it is for; levels differ from those of the whole city.
    |{residents}名居民的快速城市：用于观察杠杆带来的变化；其水平与全城不同。
copied|Copied|已复制
copy|Copy|复制
other_language|中文|English
tracks|Colours of a track: stability in the last year at each setting, pale is lower, dark is higher.
    |滑轨颜色：每个取值下最近一年的社会稳定指数，浅色较低，深色较高。
start|Start|开始
stop|Stop|停止
again|Again|重新计算
play|Play|播放
pause|Pause|暂停
step|One week|下一周
step_year|One year|下一年
week_of|Week {week} of {weeks}|第{week}周，共{weeks}周
year|year {number}|第{number}年
week|week {number}|第{number}周
after_years|{number} years|{number}年
after_weeks|{number} weeks|{number}周
one_city|One city, seed {seed}: {residents} residents, two policies, the same people and the same luck.
    |一座城市，种子{seed}：{residents}名居民，两种政策，同样的人、同样的随机条件。
measure|Colour|颜色
which|Policy|政策
yours_minus|yours minus baseline|你的方案减原方案
kind|Kind|类别
number|Number|编号
of_count|from 0 to {last}|0至{last}
example_poor|the resident with most hardship|处境最困难的居民
example_outside|a non-local resident|一位外来居民
example_joiner|the most engaged resident|最热心参与的居民
examples|Examples|示例
fixed|What stays the same|不变的属性
life|Life under both policies|两种政策下的经历
people_city
    |These lives are of the quick city, {residents} residents and seed {seed}; people of the whole city differ.
    |以下经历来自{residents}名居民、种子{seed}的快速城市，与全城中的人不同。
mean_yours|mean of all, yours|全体均值，你的方案
mean_baseline|mean of all, baseline|全体均值，原方案
throughout|{what}: {value} throughout, under both|{what}：两种政策下始终为“{value}”
no_line|(no line: {words})|（无线段处：{words}）
list_end|; |；
stop_sign|.|。
weeks_each|({yours} weeks; baseline {baseline})|（{yours}周；原方案{baseline}周）
life_note|The same one, the same luck, under the other policy: what differs follows from the policy. Thin lines: the mean of all of
     this kind (of residents, the adults).
    |同一主体、同样的随机条件，只是政策不同，差异来自政策。细线为同类主体的均值（居民取成年人）。
place|Community {number}|社区{number}
per_year|per 1,000 residents a year, last 13 weeks|每千人每年（最近13周）
per_week|per 1,000 residents, mean of the last 13 weeks|每千人（最近13周均值）
colon|: |：
in_brackets|{what} ({inside})|{what}（{inside}）
mean_adults|mean over adults, 0 to 1|成年居民均值（0到1）
click_place|Click a circle for its numbers.|点击圆圈查看数值。
both|Let my shocks strike the baseline, too|让冲击同时作用于原方案
shock_at|Week|发生周
shock_lasts|Weeks it lasts|持续周数
shock_strength|Strength|强度
shock_layoffs|Layoffs|裁员
shock_service_outage|Service outage|公共服务中断
shock_major_incident|Major incident|重大事件
shock_rumour|Rumour|谣言
shock_influx|Influx of people|人口流入
shock_disaster|Disaster|灾害
shock_crowd_event|Crowd event|大型群体活动
player_shocks|Shocks|冲击
mix_note|Three governances share what they have together, {total} of the budget; everything else as in your policy. Click to take a mix.
    |三项治理共分预算的{total}，其余同你的方案。点击即可采用该配比。
listed|, |、
mix_timeline|The timeline of this scenario sets shares itself ({names}), which would undo every mix. Without those entries, the mixes
     stand here.
    |本情景的时间安排自行设定了份额（{names}），会使任何配比失效；去掉这些条目后，此处显示各种配比。
panel_failed|This cannot be shown:|无法显示：
mix_fill|{done} runs a mix, on the same luck|每种配比{done}次运行，随机条件相同
mix_yours|your mix|你的配比
mix_both|yours and baseline|你的方案与原方案
mix_baseline|baseline|原方案
goal_title|The cheapest mix that keeps stability up|保持社会稳定的最低成本配比
goal_ask|Stability in the last year of at least|最近一年社会稳定指数不低于
goal_futures|in {share} of futures (runs with different luck)|在{share}的未来情形中（不同随机条件的运行）
goal_go|Search|搜索
goal_found|At {cost} of the reference budget for everything ({mix}), {share} of {runs} fresh futures keep it. No cheaper
     mix that was tried does.
    |总支出为基准预算的{cost}（{mix}）时，{runs}种新的未来情形中有{share}达标；所试的更低成本配比均未达标。
goal_none|No mix that was tried keeps stability at {target} in {share} of futures; the best reaches it in {best}.
    |所试配比均未能在{share}的未来情形中把社会稳定指数保持在{target}；最高比例为{best}。
goal_take|Take this mix|采用该配比
goal_note|Tried: every mix of the three governances in steps, from little money to much, public services and stances as in yours,
     {runs} futures each in the quick city; what passes is checked in {fresh} futures that did not choose it.
    |逐级尝试三项治理的各种配比（由少到多），公共服务与取向同你的方案，快速城市中每种{runs}个未来情形；
    通过者再以未参与挑选的{fresh}个情形检验。
doubt_title|Ten assumptions that matter most|影响最大的十项假设
doubt_metric|What they move|所影响的指数
doubt_intro
    |Hundreds of coefficients have been measured by nobody. All of them are tried, and the ten that move the answer most are shown.
    |模型中有数百项系数未经实测。此处逐一检验，并列出对结果影响最大的十项。
doubt_note
    |Each assumption alone set to half and to one and a half times its value (within what is allowed), all else equal, on the same
     {runs} runs. Bars: by how much {what} moves; black line: 95 % interval. All {count} coefficients that rest on assumption were tried
     with one run each, the 30 that moved most with four, and the ten that then moved most are shown; a small one may be missed.
    |每项假设单独取其数值的一半与一倍半（不超出允许范围），其余不变，同样的{runs}次运行。条形表示{what}移动多少，黑线为95%区间。
    全部{count}项属于假设的系数先各试一次，影响最大的30项再试四次，其中最大的十项列于此处；较小的影响可能被遗漏。
doubt_level|the level of {name} under your policy|你的方案下“{name}”的水平
doubt_difference|the difference in {name} between your policy and the baseline|你的方案与原方案在“{name}”上的差异
doubt_low|at half|减半时
doubt_high|at one and a half times|增至一倍半时
doubt_go|Try the assumptions|检验假设
city_title|The whole city of the scenario|情景中的完整城市
city_note|{residents} residents, {runs} runs of each policy on the same luck. It works in the background; go on meanwhile.
    |{residents}名居民，每种政策{runs}次运行，随机条件相同。可在后台运行，期间可继续操作。
city_old|Of your policy as it was when this began; levers have moved since.|以下为开始运行时的方案，此后杠杆已变动。
city_again|Run it for the present policy|按当前方案重新运行
city_go|Run the whole city|运行全城
player_stance|Stances|施政取向
player_mechanisms|Assumptions|假设
player_policy|All levers|全部杠杆
why_said|{change} ({low} to {high}). Largest share: {lever} ({part}).|{change}（{low}至{high}），份额最大者为{lever}（{part}）。
why_unclear|{change} ({low} to {high}), which luck alone may make. Largest share: {lever} ({part}).
    |{change}（{low}至{high}），可能仅为偶然波动；份额最大者为{lever}（{part}）。
why_note
    |Exact Shapley shares from {mixes} mixes × {runs} runs on the same luck, last year. Black line: 95 % interval. The shares add
     up to the whole difference, which is that of these runs: above, it comes from as many as there are by now.
    |由{mixes}种组合×{runs}次同随机条件运行得出的精确沙普利份额（最近一年）；黑线为95%区间。各份额之和等于这些运行的总差异；上方数值来自目前的全部运行。
why_raised|Mixes beyond the budget were run with a larger one, each lever with its own money.
    |超出预算的组合以更大的预算运行，各杠杆资金不变。
why_pairs|Interactions: what two levers do together beyond what each does alone|交互作用：两个杠杆共同产生、超出各自单独作用之和的部分
why_pair|Pair|组合
why_prices|Who pays: shares of each change in price|代价的构成：各项代价变化的份额
why_total|Whole|合计
""")


def say(key: str, lang: str, **values: object) -> str:
    """Words of the dashboard with their placeholders filled."""
    return SAID[key].of(lang).format(**values)
