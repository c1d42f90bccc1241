"""Names of metrics, units and levers in English and Chinese.

Keys of metrics are the names of `sim.metrics`.
"""

from functools import lru_cache

from sim import plugin_registry
from sim.levers import NAMES
from sim.mechanisms import MECHANISMS
from sim.metrics.catalogue import METRICS
from sim.report.text.catalogue import has, say
from sim.report.text.words import Words, table

DEFINITION = table("""
order|few offences: one half at the reference rate|违法犯罪少；处于参照水平时为0.5
calm|few people openly protesting over the past year: one half at the reference level|过去一年公开抗议者少；处于参照水平时为0.5
resolution|formal cases closed quickly and short queues: one half at 3.5 weeks|正式渠道办结快、排队短；用时3.5周时为0.5
steadiness|offences and protest come evenly, not in bursts|事件分布均匀，没有突发高峰
belonging|ties, integration and a say in local affairs|人际联系、融入与参与本地事务
happiness|services received, against what was expected|所得公共服务及其与期望之差
security|offences, incidents and presence where one lives|住地的案件、事件与警力存在
spread|the resident at the lowest tenth, the median and the highest tenth|第10百分位、中位数与第90百分位的居民
""")

UNIT = table("""
index|0 to 1|0到1
mean|0 to 1|0到1
share|share|占比
index points|points of the index|指数点
reference budgets|reference budgets|基准预算
per 1,000 residents|per 1,000 residents|每千人
per 1,000 residents and week|per 1,000 residents a week|每千人每周
per 1,000 residents and year|per 1,000 residents a year|每千人每年
hours per resident and year|hours per resident a year|人均每年小时
hours per year|hours a year|每年小时
weeks|weeks|周
points of 5|points of 5|5分制
1 = reference|1 = reference|基准为1
""")
"""By the unit that `sim.metrics` gives."""

SHARE_OF = Words("share of {whole}", "占{whole}")

LEVER = table("unspent|Unspent|未动用") | {name: Words(names["en"], names["zh"]) for name, names in NAMES.items()}


def metric_title(name: str, lang: str) -> str:
    """Title of a metric, or the name itself where there is no such metric."""
    return METRICS[name].title_in(lang) if name in METRICS else name


def in_per_cent(name: str) -> bool:
    """Whether a metric is shown in per cent, as a share of something that can be counted; other shares are means of a scale from 0 to 1."""
    return name in METRICS and METRICS[name].share_of is not None


def metric_unit(name: str, lang: str) -> str:
    """Unit of a metric in the given language, where we have the words."""
    if name in METRICS and (whole := METRICS[name].share_of):
        return SHARE_OF.of(lang).format(whole=Words(*whole).of(lang))
    unit = unit_of(name)
    return UNIT[unit].of(lang) if unit in UNIT else unit


def unit_of(name: str) -> str:
    """Unit of a metric by its key in `UNIT`; a mean of a scale from 0 to 1 is told apart from a share."""
    unit = METRICS[name].unit if name in METRICS else ""
    return "mean" if unit == "share" and not in_per_cent(name) else unit


def lever_title(name: str, lang: str) -> str:
    """Name of a lever, instrument, stance or choice."""
    if name in plugin_registry.LEVERS:
        return plugin_registry.LEVERS[name].names[lang]
    return LEVER[name].of(lang) if name in LEVER else name.replace("_", " ")


def mechanism_title(name: str, lang: str) -> str:
    """Name of a mechanism as it is registered, or of another account of the attribution; the key in words where there is none."""
    return say(f"account_{name}", lang) if has(f"account_{name}") else _registered(name, lang)


@lru_cache(maxsize=256)
def _registered(name: str, lang: str) -> str:
    found = MECHANISMS.get(name) or plugin_registry.MECHANISMS.get(name)
    return found.names[lang] if found else name.replace("_", " ")


def small(title: str) -> str:
    """A title within a sentence."""
    return title[:1].lower() + title[1:]
