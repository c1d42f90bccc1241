"""Sentences of the page on resilience in English and Chinese. Placeholders in braces are filled by `experiments.say`."""

from sim.report.text.words import table

TEXT = table("""
r_top|What shocks do, and what comes back|冲击的影响与恢复
r_title|{name}: what the shocks did|{name}：冲击造成了什么
r_title_one|{name}: what the shock did|{name}：这次冲击造成了什么
r_question|What is different because of this: {shocks}? Everything else, luck included, is the same.
    |下列冲击带来了什么不同：{shocks}？其他条件（包括随机因素）完全相同。
r_shock|{what} ({when})|{what}（{when}）
r_during|While shocks strike (weeks {first} to {last}), {index} is {size} {way} ({low} to {high}) than without them.
    |冲击期间（第{first}至{last}周），{index}比没有冲击时{way}{size}（{low}至{high}）。
r_during_open|While shocks strike (weeks {first} to {last}), the difference in {index} ({size}; {low} to {high}) cannot be told from luck.
    |冲击期间（第{first}至{last}周），{index}的差异（{size}；{low}至{high}）无法与偶然波动区分。
r_end|In the last {weeks} weeks it is {size} {way} ({low} to {high}).|最后{weeks}周{way}{size}（{low}至{high}）。
r_tiny|less than {size}|不到{size}
r_end_open|In the last {weeks} weeks nothing can be told from luck any more ({size}; {low} to {high}).
    |最后{weeks}周的差异（{size}；{low}至{high}）已无法与偶然波动区分。
r_half|Half of the largest loss is made good after {weeks} weeks (median of {seen} pairs; in {left} it is not, before the end).
    |最大损失的一半在{weeks}周后恢复（{seen}对运行的中位数；另有{left}对在期末前未恢复）。
r_half_all|Half of the largest loss is made good after {weeks} weeks (median of {seen} pairs).
    |最大损失的一半在{weeks}周后恢复（{seen}对运行的中位数）。
r_half_none|In none of the pairs is half of the largest loss made good before the end.|所有配对运行在期末前均未恢复最大损失的一半。
r_few|{index}: {size} while shocks strike, {end} in the last {weeks} weeks; too few pairs for an interval.
    |{index}：冲击期间{size}，最后{weeks}周{end}；配对过少，无法给出区间。
r_where|By district, while shocks strike: {metric} {struck}; in the others {low} to {high}.
    |分区来看，冲击期间{metric}：{struck}；其余各区{low}至{high}。
r_where_all|By district, while shocks strike: {metric} from {low} ({lowest}) to {high} ({highest}).
    |分区来看，冲击期间{metric}：从{low}（{lowest}）到{high}（{highest}）。
r_where_one|{district} (struck) {value} ({low} to {high})|{district}（受冲击）{value}（{low}至{high}）
r_method|Each of {count} seeds was lived twice, with the shocks and without; a difference is what is with them minus what is without,
     seed by seed. Intervals hold 95 % for each difference by itself: of twenty that are nothing, about one leaves out zero. Half made
     good: weeks from the largest loss of a four-week mean until the loss stays at or below half of it.
    |{count}个随机种子各运行两次：有冲击与无冲击；差异为同一种子下“有”减“无”。区间为单项差异的95%区间：
    每二十项实际为零的差异中，约有一项的区间不含零。
    “恢复一半”指从四周均值的最大损失起，到损失保持在其一半及以下为止的周数。
r_h_course|Week by week|逐周变化
r_c_course|Mean difference of the pairs in each week; band: its 95 % interval. Hatched: shocks, numbered as above.
    |各周配对差异的均值，色带为其95%区间。斜线区域为冲击，编号同上。
r_alt_course|Line charts of the difference that the shocks make, week by week. {values}|冲击造成的差异逐周折线图。{values}
r_h_effects|While it lasts, and at the end|冲击期间与期末
r_c_effects|Difference with minus without the shocks; line: 95 % interval. Filled: it leaves out zero. Hollow: luck alone may make it.
    |有冲击减无冲击之差；横线为95%区间。实心：区间不含零；空心：可能仅为偶然波动。
r_alt_effects|Dot plot of the difference that the shocks make in each metric. {values}|冲击对各项指标影响的点图。{values}
r_h_districts|Which districts|哪些区
r_c_districts|{metric} by district, those hit hardest on top. A star: a shock names it, or a community of it.
    |各区{metric}的差异，受影响最大者在上。星号：冲击所指定的区，或所指定社区所在的区。
r_alt_districts|Dot plot of the difference that the shocks make in {metric}, by district. {values}|各区{metric}受冲击影响的点图。{values}
r_axis|with minus without shocks ({unit})|有冲击减无冲击（{unit}）
r_difference|difference, mean of the pairs|差异（配对均值）
r_interval|95 % interval|95%区间
r_shocks|shock|冲击
r_period_during|while shocks strike|冲击期间
r_period_end|last {weeks} weeks|最后{weeks}周
r_filled|filled: interval leaves out zero|实心：区间不含零
r_hollow|hollow: luck alone may make it|空心：可能仅为偶然波动
r_star|* struck|* 受冲击
r_period|Weeks|时段
r_without|Without|无冲击
r_with|With|有冲击
r_half_head|Half made good, weeks|恢复一半（周）
r_not_seen|Not made good|期末前未恢复
r_of|{count} of {total}|{total}对中{count}对
r_h_losses|How fast it comes back|恢复的快慢
r_losses_note|Pair by pair. Luck alone makes single losses larger than nothing: read this beside the intervals above.
    |逐对计算。仅偶然波动也会使单次损失大于零：请与上文区间对照。
r_area|Loss summed over weeks|逐周累计损失
r_deepest|Largest loss|最大损失
""")
