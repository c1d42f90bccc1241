"""The short scenario that `sanzhi new` writes: the keys that planners usually change, with comments in English and Chinese."""

from sim.levers import REFERENCE_SHARES
from sim.scenario.schema.policy import Stance
from sim.shocks import SHOCK_KINDS

_TEXT = """\
# Check: sanzhi validate {name}.yaml     What it will do: sanzhi explain {name}.yaml     Run: sanzhi run {name}.yaml
# 检查、说明、运行同上。 Every other key, explained / 全部键及说明: sanzhi new NAME --full
schema: 1
name: "{name}"
title: {{en: "{name}", zh: "{name}"}}
description: {{en: "", zh: ""}}  # which question it answers / 要回答什么问题

city:                        # 城市
  preset: shanghai_2020      # or: sanzhi describe presets / 其他城市预设
  scale: 0.01                # share of the residents that is simulated, above 0 to 1 / 模拟的居民比例
  # communities: my.csv      # your own city instead of preset and scale: community, population, ... / 自己的社区表
  # geometry: areas.geojson  # or polygons, longitude and latitude / 或社区边界
  # rates: my_rates.csv      # what is known of its rates: rate, low, high, unit / 已知的比率

horizon: 5 years             # or weeks, such as 130 / 时长
budget: 1.0                  # 1 = that of the city today / 预算，1为城市现有预算
policy:                      # shares of the budget, or {{yuan: 900}} a resident, {{staff: 28}} per 10,000 / 份额，或人均元数、每万人人数
{policy}

stance:                      # choices without a price, each with two sides / 不花钱的取向
  transparency: {transparency}          # 0 to 1 / 透明度
  information_stance: {information}   # open, answer, wait or suppress / 信息发布：公开、回应、观望、压制
  campaign: {campaign}              # 0 to 1, intensity of a crackdown / 集中整治力度

# timeline:                  # policy over time / 政策随时间变化
#   - {{at: year 2, over: 13 weeks, set: {{policy.rule_of_law: 0.35, policy.moral_education: 0.05}}}}
# shocks:                    # {kinds}
#   - {{kind: {shock}, at: year 2, lasts: 8 weeks, strength: 0.6}}   # 冲击
# measures:                  # sanzhi describe measures / 措施
#   - {{more_mediators: {{people: 20, from: year 2, for: 1 year}}}}   # district: 区
# targets:                   # sanzhi describe metrics / 目标
#   - {{metric: stability, by: year 3, at_least: 0.7, responsible: city}}

replicates: 10               # runs with different random numbers / 重复次数
seed: 1                      # 随机种子
"""
_LEVERS = {"self_governance": "自治", "rule_of_law": "法治", "moral_education": "德治", "public_services": "公共服务"}


def short_template(name: str) -> str:
    """A scenario file with the keys that planners usually change, at their defaults; `name` is valid (`sim.scenario.parsing.names`)."""
    stance = Stance()
    policy = "\n".join(f"  {lever + ':':<18}{REFERENCE_SHARES[lever]:<9}# {chinese}" for lever, chinese in _LEVERS.items())
    return _TEXT.format(
        name=name,
        policy=policy,
        transparency=stance.transparency,
        information=stance.information_stance,
        campaign=stance.campaign,
        kinds=", ".join(SHOCK_KINDS),
        shock=SHOCK_KINDS[1],
    )
