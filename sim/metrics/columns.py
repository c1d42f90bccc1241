"""Descriptions of the columns of result tables, for the metadata of files: unit, and title in English and Chinese."""

from sim.city.community import COUNTS
from sim.metrics.catalogue import METRICS
from sim.metrics.column_words import COUNTS_ZH, KINDS, OVER_WORLDS, PLAIN, TABLES
from sim.metrics.table_words import IN_WORLDS, OF_TABLE
from sim.metrics.tables import FLOW_COLUMNS

COUNTED = {"flows": "count in the week", "communities": "count in the year"}
"""Tables in which a column named after a count of the city is that count, and its unit."""
ENDS = {"low": ("lower end of the 95 % interval", "95%区间下限"), "high": ("upper end of the 95 % interval", "95%区间上限")}
NEAR = ("whether luck alone may explain its difference from the best", "与最优者的差异是否可能仅由偶然造成")
OVER = {
    "low": ENDS["low"],
    "high": ENDS["high"],
    "regret_mean": ("mean shortfall from the best policy over futures", "各未来中与最优政策的平均差距"),
    "regret_max": ("largest shortfall from the best policy over futures", "各未来中与最优政策的最大差距"),
    "mean": ("mean over futures", "各未来的均值"),
    "worst": ("worst over futures", "各未来中的最差值"),
}
"""Meanings of what stands before the name of an outcome, as in ``worst_stability``."""
NATURAL, OF_METRIC = "world_natural_units", "unit of the metric"
WORLD_TABLES = (
    "world_verdicts",
    "world_differences",
    NATURAL,
    "world_carriers",
    "world_beliefs",
    "world_effects",
    "world_districts",
    "world_ranks",
    "among_best",
    "best_mixes",
    "regrets",
)

TOTALS = {name: (f"{PLAIN[name][1]}, in the real city", f"{PLAIN[name][2]}（真实城市）") for name in "base value mean low high".split()}
"""Titles of columns of the table `natural_units`, which has totals: in a year, at a time, or in the metric's unit without a total."""


def about_table(table: str, kind: str = "") -> tuple[str, str]:
    """What a table of a kind of result is, in English and Chinese; empty if it is not described."""
    kind = kind.removesuffix(IN_WORLDS)
    found = TABLES.get(f"{kind}/{table}")
    return found or ("", "") if kind in KINDS else found or TABLES.get(table, ("", ""))


def own_words(table: str, column: str, kind: str = "") -> tuple[str, tuple[str, str, str]] | None:
    """The metric in the name of a column, if there is one, and unit and titles, where a kind of result gives them; None elsewhere."""
    base = kind.removesuffix(IN_WORLDS)
    for place in (f"{kind}/{table}", kind, base, f"/{table}"):
        for known in (OF_TABLE.get(place, {}), KINDS.get(place, {})):
            if column in known:
                return "", known[column]
            for pattern, words in known.items():
                start, star, end = pattern.partition("*")
                metric = column.removeprefix(start).removesuffix(end)
                if star and f"{start}{metric}{end}" == column and metric in METRICS:
                    return metric, words
    return None


def about(table: str, column: str, kind: str = "") -> dict[str, str]:
    """``unit``, ``title`` and, if known, ``title_zh`` of a column; empty for a column without description.

    Parameters
    ----------
    table : str
        Name of the table, such as ``"flows"``.
    column : str
    kind : str, optional
        Kind of the result, for those of `sim.metrics.column_words.KINDS` and `sim.metrics.table_words.OF_TABLE`.
    """
    if own := own_words(table, column, kind):
        name, (unit, title, title_zh) = own
        if not name:
            return _words(unit, title, title_zh)
        metric = METRICS[name]
        return _words(metric.unit if unit == OF_METRIC else unit, f"{metric.title}: {title}", f"{metric.title_zh}：{title_zh}")
    if table in WORLD_TABLES and column in OVER_WORLDS:
        unit, *titles = OVER_WORLDS[column]
        return _words("number or currency in the real city" if table == NATURAL and unit == OF_METRIC else unit, *titles)
    if table == "assumptions" and "." in column:
        return {"unit": "", "title": column}
    counted = next((name for name, written in FLOW_COLUMNS.items() if written == column), "")
    if table in COUNTED and counted and (table, column) != ("communities", "volunteers"):
        return _words(COUNTED[table], COUNTS[counted], COUNTS_ZH.get(counted, ""))
    if column in METRICS:
        metric = METRICS[column]
        return _words(metric.unit, metric.title, metric.title_zh)
    if table == "natural_units" and column in TOTALS:
        return _words("number or currency in the real city", *TOTALS[column])
    if column in PLAIN:
        return _words(*PLAIN[column])
    base, _, end = column.rpartition("_")
    base = "cost_per_effect" if base == "cost" else base
    if base and end in ENDS and (known := about(table, base)):
        en, zh = ENDS[end]
        return _words(known["unit"], f"{known['title']}: {en}", f"{known['title_zh']}：{zh}" if "title_zh" in known else "")
    if base and end == "near" and (known := about(table, base)):
        return _words("", f"{known['title']}: {NEAR[0]}", f"{known['title_zh']}：{NEAR[1]}")
    for start, (en, zh) in OVER.items():
        name = column.removeprefix(f"{start}_")
        if name != column and name in METRICS:
            return _words(METRICS[name].unit, f"{METRICS[name].title}: {en}", f"{METRICS[name].title_zh}：{zh}")
    return {}


def _words(unit: str, title: str, title_zh: str) -> dict[str, str]:
    return {"unit": unit, "title": title, **({"title_zh": title_zh} if title_zh else {})}
