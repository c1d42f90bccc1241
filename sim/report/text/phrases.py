"""More words of the report: what changed and why, events, groups, the map, assumptions; and the names of mechanisms."""

from sim.report.text.words import table

PHRASES = table("""
other_language|中文|English
language|Language|语言
question_event|policy changes or a shock strikes on the way|期间有1次政策变化或冲击
question_events|policy changes or a shock strikes {count} times on the way|期间有{count}次政策变化或冲击
semicolon|; |；
colon|: |：
h_change|What changed, and why|变化与原因
h_groups|Who gained, who lost|谁受益，谁受损
h_map|Where|空间分布
h_timeline|Policy and shocks over time|政策与冲击的时间线
h_why|Why: what each mechanism moved|原因：各机制的作用
h_assumptions|What was assumed|所作的假设
h_prices_paid|Prices paid|付出的代价
card_bar|On the bars: dot and line, mean and its interval; light band, range of the runs; dashed mark, the start.
    |条形图中圆点与横线为均值及其区间，浅色带为各次运行的范围，虚线标记为期初。
price_was|was {start}|期初{start}
event_week|week {at}|第{at}周
event_weeks|weeks {at} to {end}|第{at}–{end}周
event_move|{lever} from {before} to {after}|{lever}由{before}调至{after}
event_strength|strength {value}|强度{value}
event_number|No.|编号
event_time|When|时间
event_what|What|内容
events_none|Policy is the same in every week, and no shock strikes: what changes over time comes from the city itself.
    |各周政策相同，也没有冲击：随时间的变化来自城市自身。
events_one|On every curve, a dashed line marks the change of policy and hatching a shock; shading marks a gradual change.
    |各曲线图中，虚线标示政策变化，斜线区标示冲击，浅色区标示渐进调整。
key_mean|mean of {count} runs|{count}次运行的均值
key_run|one run|一次运行
key_band|5th to 95th percentile of the runs|各次运行的第5至第95百分位
key_range|lowest to highest run|各次运行的最低至最高值
key_city|the whole city|全市
key_policy|change of policy|政策变化
key_ramp|gradual change|渐进调整
key_shock|shock|冲击
key_end|mean of the last {weeks} weeks|最后{weeks}周均值
key_end_number|number: mean of the last {weeks} weeks|数字：最后{weeks}周均值
key_start|start: mean of the first {weeks} weeks|期初：最初{weeks}周均值
key_final|end: mean of the last {weeks} weeks|期末：最后{weeks}周均值
key_adds|adds|增加
key_takes|takes away|减少
key_rose|rose|上升
key_fell|fell|下降
key_interval|± 95 % interval of the change|±为变化的95%区间
events_resilience|What the shocks alone do, where, and when it comes back: the same city with them and without them, on the same luck.
    |冲击本身造成了什么、影响哪里、何时恢复：在相同随机条件下，有冲击与无冲击的同一座城市。
unit_budget|reference budgets|基准预算
c_timeline|Money of each lever, in budgets of the reference city.|各政策杠杆的经费，以基准城市预算为单位。
c_change|From the mean of the first {weeks} weeks to that of the last. Each bar: change of a part times its weight; hatched bars take
     away. The axis shows the part in use.
    |由最初{weeks}周均值到最后{weeks}周均值。每一条为该分项的变化乘以权重，斜线条表示减少；横轴只显示所用区段。
c_groups|Satisfaction at the start (hollow) and at the end (arrow head), and the change with its 95 % interval. Dashed: it fell.
     Tenths: the resident at their border. Communities are in thirds by hardship, compared over the
     first and the last year. Local and non-local: from the mean, their gap and their share of
     residents. The two districts are those with the best and the worst change, whatever their level, so luck flatters the one and
     wrongs the other.
    |期初（空心）与期末（箭头）的满意度，及其变化与95%区间；虚线表示下降。“十分之一”取处于分界处的居民；社区按困难程度分为三组，比较第一年与最后一年；
    本地与外来居民由均值、差距与人口占比推得。
    两个区是变化最有利与最不利者，与其水平高低无关，其中含有偶然因素。
c_map_communities|Each marker is a community: size and shade by class on the left, change from the first year to the last on the right.
    |每个标记为一个社区：左图以大小与深浅表示等级，右图为第一年至最后一年的变化。
c_map_squares|Each marker joins the communities of one square: size and shade by class on the left, change from the first year to the
     last on the right.
    |每个标记合并一个方格内的社区：左图以大小与深浅表示等级，右图为第一年至最后一年的变化。
c_map_districts|Each marker is a district: size and shade by class on the left, change from the start to the end on the right.
    |每个标记为一个区：左图以大小与深浅表示等级，右图为期初至期末的变化。
c_why|From the mean of the first weeks to that of the last: sum over the run of what each mechanism moved, mean over
     runs; hatched bars take away. Where several act together the order within a week matters.
    |由期初均值到期末均值：整个运行期内各机制作用之和，各次运行均值；斜线条表示减少。多种机制共同作用时，一周内的先后次序会有影响。
no_ledger|The parts say what changed; which mechanism moved them was not booked in this run.
    |分项说明了变化的内容；本次运行未记录各机制的作用。
map_level|{name}, last year|{name}（最后一年）
map_change|{name}, change|{name}的变化
map_one_year|one finished year only: no change to show|仅有一个完整年度，无变化可示
map_same|unchanged: {count}|不变：{count}处
map_up|rose: {count}, at most {most}|上升：{count}处，最大{most}
map_down|fell: {count}, at most {most}|下降：{count}处，最大{most}
place|Place|地点
residents|Residents|居民数
alt_map|Map of satisfaction at the end and of its change, {count} places. Highest {first}, lowest {final}.
    |期末满意度及其变化的地图，共{count}处。最高{first}，最低{final}。
alt_change|Waterfall of both indices from start to end by part. {values}|两项指数由期初到期末的分项瀑布图。{values}
alt_groups|Change of satisfaction by group of residents. {values}|各居民群体满意度的变化。{values}
alt_timeline|Line chart of the budget of each lever by week. {values}|各政策杠杆经费逐周折线图。{values}
alt_why|Waterfalls of what each mechanism moved. {values}|各机制作用的瀑布图。{values}
alt_step|{name} {value}.|{name}{value}。
group|Group|群体
group_p10|Least satisfied tenth|最不满意的十分之一
group_p50|The resident in the middle|满意度居中的居民
group_p90|Most satisfied tenth|最满意的十分之一
group_local|Local residents|本地居民
group_nonlocal|Non-local residents|外来居民
group_easy|Communities with least hardship|困难最少的社区
group_middle|Communities in between|困难居中的社区
group_hard|Communities with most hardship|困难最多的社区
group_best|{name} (district that changed most for the better)|{name}（变化最有利的区）
prices_none|Prices that were not paid at all in this run: {names}.|本次运行中未出现的代价：{names}。
group_worst|{name} (district that changed least well)|{name}（变化最不利的区）
step_rest|{count} smaller ones|其余{count}项
step_unbooked|Not booked|未记录
step_other|Not explained by parts|分项未能解释的部分
step|Step|步骤
index|Index|指数
moved|Moved|变动
quantity|Quantity|量
mechanism|Mechanism|机制
said_policy_same|Policy was the same in every week.|各周政策相同。
said_policy_moved|Policy changed or a shock struck at {count} moments; the first: {first}.|政策变化或冲击共有{count}次，首次为：{first}。
said_policy_once|There was one change of policy or shock: {first}.|政策变化或冲击共有1次：{first}。
said_parts|{index} {verb} {change}: most by {most}{second}.|{index}{verb}{change}，主要来自{most}{second}。
said_second|, against {name}|，而{name}作用相反
verb_up|rose by|上升
verb_down|fell by|下降
said_groups|Satisfaction by group: best change for {best}, worst for {worst}.|各群体满意度：变化最好的是{best}，最差的是{worst}。
said_no_loser|No group shown here ends lower than it began by more than luck explains.
    |所示群体中，没有哪一类期末低于期初的幅度超出偶然波动。
said_losers|Lower at the end than at the start, by more than luck: {names}. What of that is the policy, and what the city
     settling in from an estimated start, only a comparison on the same seeds can tell (sanzhi compare).
    |期末低于期初且超出偶然波动的有：{names}。其中多少出于政策，多少只是城市由估计的初始状态趋于稳定，
    须以相同随机种子比较情景才能分辨（sanzhi compare）。
said_one_run|From {runs}, luck and policy cannot be told apart.|仅凭{runs}，无法区分偶然与政策的作用。
said_mechanisms|Most of what moved {quantity} was booked by {names}.|{quantity}的变动主要来自{names}。
h_uncertainty|The largest uncertainty|最大的不确定性
uncertainty_luck|Luck alone spreads single runs most in {name}: from {low} to {high} at the end.
    |仅由偶然因素，各次运行差异最大的是{name}：期末从{low}到{high}。
uncertainty_single|One run shows one life of the city; how far luck alone could move it is not known.
    |一次运行只是城市的一种经历，无从得知偶然因素会带来多大差别。
uncertainty_assumed|What no band shows: {assumed} of the {total} coefficients are assumptions. Among the most doubtful are {names}; another
     value of these may change the answer more than luck does.
    |色带未能反映的是：{total}项系数中有{assumed}项属于假设，其中最存疑的包括{names}；改变其取值对结论的影响可能超过偶然因素。
caveat_outside|{count} of {total} rates lie outside what sources say of a real city, {names} among them.
    |{total}项比率中有{count}项超出真实城市已有数据的区间，包括{names}。
caveat_outside_all|Of {total} rates, those that lie outside what sources say of a real city: {names}.
    |{total}项比率中，超出真实城市已有数据区间的有：{names}。
caveat_inside|All {count} rates that can be judged lie inside what sources say of a real city, which is no proof that the model is right.
    |可判断的{count}项比率均在真实城市已有数据的区间内，但这并不证明模型正确。
caveat_scaled|The city has {share} of its real residents, so rare events are rarer and communities fewer than in the real one.
    |模拟城市只有真实居民的{share}，罕见事件更少，社区也更少。
caveat_short|{horizon} is short: schools, laws and expectations take years.|{horizon}较短，学校、法律与预期需要数年才见效。
caveat_start|The start is itself an estimate, so part of the change may be the city settling in.
    |期初状态本身也是估计，部分变化可能只是城市趋于稳态。
assumed_count|{assumed} of {total} coefficients are assumptions, the others have a source. {changed}
    |{total}项系数中有{assumed}项为假设，其余有来源。{changed}
assumed_same|All stand at their default in this run.|本次运行均取默认值。
assumed_one|One differs from its default in this run.|本次运行有1项与默认值不同。
assumed_changed|{count} differ from their default in this run.|本次运行有{count}项与默认值不同。
doubtful|The most doubtful assumptions|最存疑的假设
doubtful_note|Chosen by judgement, not computed: sanzhi dashboard tries all of them under your policy. Vary these first: --set
    mechanisms.KEY=VALUE changes one, a sweep many at once.
    |此表为人工判断，并非计算所得；交互面板可在你的政策下逐一检验全部假设。应首先检验这些取值：
    --set mechanisms.KEY=VALUE可改动其中一项，批量实验可同时改动多项。
changed_parameters|Coefficients that differ from their default|与默认值不同的系数
off|Switched off: {names}.|已关闭的机制：{names}。
range|Allowed|允许范围
source|Source|来源
why_doubtful|Why it is doubtful|存疑之处
coefficient|Coefficient|系数
meaning|Meaning|含义
target_reported|As reported|上报状态
target_reported_value|Reported value|上报数值
c_targets_reported|As reported: what the responsible unit would report upward; the other columns are what is true in the model.
    |上报状态为责任单位向上报告的情况，其余各列为模型中的真实情况。
shock_layoffs|Layoffs|裁员
shock_service_outage|Service outage|公共服务中断
shock_major_incident|Major incident|重大事件
shock_rumour|Rumour|谣言
shock_influx|Influx of residents|人口涌入
shock_disaster|Disaster|灾害
shock_crowd_event|Crowd event|人群聚集事件
figure_files|Every figure as SVG and PNG: folder figures beside this page.|各图的SVG与PNG文件：本页旁的figures文件夹。
""")

MECHANISM = table("""
start|City as built, settling|城市初始状态的消退
limits|Verdicts at their limits|评价触及上下限
chance|Chance|偶然
remainder|Rounding|舍入误差
""")

COEFFICIENT_UNIT = table("""
1|{value}|{value}
factor|{value}|{value}
share|{value} (share)|{value}（份额）
weeks|{value} weeks|{value}周
per week|{value} per week|每周{value}
per year|{value} per year|每年{value}
per 1,000 residents|{value} per 1,000 residents|每千人{value}
per 1,000 residents and year|{value} per 1,000 residents and year|每千人每年{value}
per resident|{value} per resident|人均{value}
per adult and year|{value} per adult and year|每名成年人每年{value}
per officer and week|{value} per officer and week|每名警员每周{value}
hours/week|{value} hours a week|每周{value}小时
log hazard|{value} (log hazard)|{value}（对数风险率）
log rate|{value} (log rate)|{value}（对数发生率）
elasticity|{value} (elasticity)|{value}（弹性）
exponent|{value} (exponent)|{value}（指数次方）
1 = reference|{value} (1 = reference)|{value}（基准为1）
thresholds|{value} thresholds|{value}个阈值
1 / threshold|{value} per threshold|每个阈值{value}
offences|{value} offences|{value}起
officers|{value} officers|{value}名警员
""")
"""By the unit of a parameter of a mechanism."""

DOUBTFUL = table("""
norms.kappa|pull of public messages: field trials find one to five points, and not for years
    |宣传信息的影响力：实地试验仅见1至5个百分点，且未持续多年
norms.backlash|push away from messages among those who think otherwise: not measured in such a city
    |宣传对持异议者的反作用：尚无同类城市的测量
participation.norm|pull of the civic norm on volunteering: the strongest in the model, without a source
    |道德规范对志愿参与的影响：模型中最大，却没有来源
norms.distrust|credibility lost where life is worse than the message: no measured value|现实不如宣传时可信度的流失：没有测量值
offending.control|offences that neighbours prevent: only correlations are known|邻里所防止的违法行为：已知的只是相关关系
offending.recorded|share of offences that is ever recorded: it shifts every rate of crime|违法行为的记录比例：它改变所有治安比率
procedural_justice.bad_stop|legitimacy lost in a fruitless stop: from surveys in other countries|无果盘查对公信力的损害：来自他国的问卷调查
services.crowding|loss of service quality under load: no measured value|负荷增加时公共服务质量的下降：没有测量值
satisfaction.own|weight of own experience in expectations: surveys disagree|自身经历在预期中的权重：各项调查结论不一
unrest.trigger|how often something local stirs people: there are no open counts|本地事件激发民众的频率：没有公开统计
budget.institution_weeks|time that money takes to become a working office: no measured value|经费转化为机构能力所需的时间：没有测量值
""")
"""Assumptions on which the answer may hang, by ``mechanism.parameter``: what it is and, behind a colon, why it is doubtful (a judgement).

These are the first to vary."""
