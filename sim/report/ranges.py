"""What sources say of rates in a large Chinese city about 2020."""

from typing import NamedTuple

from sim.report.words import Words


class Range(NamedTuple):
    """What sources say of a rate in a large Chinese city about 2020.

    Parameters
    ----------
    low, high : float
        In the unit of the metric.
    note : Words
        What was seen, and what the range leaves open.
    """

    low: float
    high: float
    note: Words


RANGE = {
    "rate_contacts": Range(150, 350, Words("Shanghai; 116 in 2016, 363 in 2023", "上海；2016年116，2023年363")),
    "requests_share": Range(0.35, 0.45, Words("41.5 % seen", "所见为41.5%")),
    "resolved_share": Range(0.75, 0.90, Words("as appraised 53 to 97 % (Beijing 2019 to 2024)", "考核口径53%–97%（北京2019–2024年）")),
    "pleased_share": Range(0.80, 0.92, Words("91 % in an independent survey", "独立调查91%")),
    "registered_volunteers": Range(0.20, 0.22, Words("over 21 % in Shanghai 2020", "上海2020年超过21%")),
    "turnout": Range(0.40, 0.55, Words("47.9 %; steep with age", "47.9%；随年龄陡增")),
    "nonlocal_joining": Range(0.25, 0.32, Words("29.3 and 30.4 % seen", "所见为29.3%和30.4%")),
    "nonlocal_feel_local": Range(0.15, 0.40, Words("41 % nationally, less in larger cities", "全国41%，大城市更低")),
    "rate_disputes": Range(150, 290, Words("legal-needs surveys: 17–29 % of residents a year", "法律需求调查：每年17%–29%的居民")),
    "rate_mediation": Range(4, 10, Words("6.2–10.6 seen; official counts run high", "所见为6.2–10.6；官方统计偏高")),
    "rate_office": Range(50, 130, Words("Shanghai; seen 50 in 2016", "上海；2016年为50")),
    "rate_suits": Range(7, 12, Words("9.3 seen", "所见为9.3")),
    "rate_criminal": Range(2.5, 4, Words("4.2 in 2009", "2009年为4.2")),
    "rate_security_cases": Range(4, 8, Words("from memory, to be checked", "待核实")),
    "rate_cleared_share": Range(
        0.15, 0.95, Words("from minor theft (15–45 %) to burglary (60–95 %)", "从小额盗窃（15%–45%）到入室盗窃（60%–95%）")
    ),
    "rate_prosecuted": Range(1.5, 2.0, Words("Shanghai 2019: 1.83", "上海2019年：1.83")),
    "prisoners": Range(1.1, 1.3, Words("1.2 seen", "所见为1.2")),
    "rate_stops": Range(5, 15, Words("no Chinese figure; UK: 9.7", "无中国数据；英国：9.7")),
    "stops_without_result": Range(0.70, 0.80, Words("no Chinese figure; UK: 76 %", "无中国数据；英国：76%")),
    "rate_incidents": Range(0.03, 0.15, Words("0.06 to 0.15 seen", "所见为0.06–0.15")),
    "active_volunteers_year": Range(0.08, 0.15, Words("over 21 % are registered", "注册者超过21%")),
    "hours_per_resident": Range(5, 10, Words("Shanghai 2016: about 8", "上海2016年：约8")),
    "mediation_success": Range(0.65, 0.95, Words("65 % online by courts; 96 % as reported", "法院在线调解65%；官方报告96%")),
    "mediation_weeks": Range(2, 5, Words("23 days online by courts", "法院在线调解23天")),
    "content": Range(0.65, 0.75, Words("with the nearest tier of government: 70.2 %", "对最近一级政府满意：70.2%")),
    "happiness_1_5": Range(3.6, 3.9, Words("3.61 seen, SD .86", "所见为3.61，标准差0.86")),
    "feel_safe": Range(0.85, 0.95, Words("at night: about 90 %", "夜间：约90%")),
}
"""By rate. The ranges are a judgement over sources that differ; official ones are likely flattering."""

RANGE_OF_CITY = {
    "beijing_2020": {
        "rate_contacts": Range(400, 550, Words("Beijing; 318 in 2019, 504 in 2020", "北京；2019年318，2020年504")),
        "rate_office": Range(150, 220, Words("Beijing; 115 in 2019, 206 in 2020", "北京；2019年115，2020年206")),
    },
}
"""Ranges that hold for one preset only."""
