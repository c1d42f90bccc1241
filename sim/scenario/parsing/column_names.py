"""Synonyms of column names in English and Chinese, and columns that software adds automatically.

A name is unambiguous if it can refer to only one column of a table. A documented name takes precedence over its synonyms; two synonyms of
the same column are refused as ambiguous.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sim.scenario.parsing.widths import narrow

_SYNONYMS = """
community      | community name, neighbourhood, neighborhood, name | 社区, 社区名称, 社区名, 居委会, 居委会名称, 居委
               | 居民委员会, 村居, 村居名称, 小区, 小区名称, 名称
district       | district name | 区, 区县, 县区, 县市区, 县(市、区), 区(县), 县(区), 区名, 行政区
               | 所属区, 所在区, 市辖区, 区县名称
subdistrict    | sub district, subdistrict name, township | 街道, 街道名称, 街道办, 街道办事处, 街镇, 街道镇
               | 所属街道, 乡镇, 乡镇街道, 街道乡镇
population     | residents, inhabitants, total population, resident population | 人口, 人口数, 常住人口, 常住人口数, 总人口, 居民数, 人数
hardship       | hardship index | 困难程度, 困难指数, 困难度
income         | mean income, average income, median income, income per head | 收入, 人均收入, 平均收入
               | 人均可支配收入, 居民人均可支配收入, 收入中位数
nonlocal_share | nonlocal, share without local registration
               | 外来人口占比, 外来人口比例, 外来人口比重, 非户籍人口占比, 非户籍人口比例, 非户籍占比, 非本地户籍占比
               | 流动人口占比, 流动人口比例, 流动人口比重
facilities     | facility count, number of facilities, points of interest, poi, poi count
               | 设施, 设施数, 设施数量, 商业设施数, 公共设施数, 兴趣点, 兴趣点数, POI数, POI数量
estates        | commodity estates, share of commodity estates | 商品房占比, 商品房小区占比, 商品房比例
x              | | 东向坐标
y              | | 北向坐标
longitude      | lon, lng, long | 经度, 中心经度, 东经
latitude       | lat | 纬度, 中心纬度, 北纬
year           | | 年份, 年度, 年, 统计年度, 统计年份
contacts       | hotline contacts, hotline calls | 热线来电, 热线来电量, 热线量, 12345来电, 12345来电量, 市民热线来电量
               | 热线受理量, 12345受理量, 12345热线受理量
requests       | hotline requests | 热线诉求, 热线诉求量, 诉求量, 工单量, 热线工单量, 12345工单量
recorded       | recorded offences, offences recorded | 案件数, 案件总数, 立案数, 违法犯罪案件, 违法犯罪案件数, 刑事治安案件, 刑事治安案件数
criminal       | criminal cases | 刑事案件, 刑事案件数, 刑事立案数
disputes       | disputes that arose | 纠纷数, 矛盾纠纷, 矛盾纠纷数
mediations     | formal mediations | 调解数, 调解案件, 调解案件数, 人民调解, 人民调解数, 人民调解案件数
suits          | civil suits | 民事诉讼, 民事诉讼数, 民事案件, 民事收案数
registered     | registered volunteers | 注册志愿者, 注册志愿者数, 志愿者数, 志愿者人数
content        | content with services, satisfied with services | 满意度, 满意率, 群众满意度, 群众满意率, 公共服务满意度, 公共服务满意率
staff          | | 人员数, 工作人员, 工作人员数, 在岗人员, 在岗人员数
spending       | expenditure | 支出, 治理支出, 社会治理支出, 经费, 治理经费
name_zh        | chinese name, name chinese | 中文名, 中文名称
a              | from | 社区a, 社区1, 社区甲
b              | to   | 社区b, 社区2, 社区乙
"""
"""Column | names in English | names in Chinese; a line that begins with ``|`` continues the previous column."""

HINTS = {
    "户籍人口": "population",
    "户数": "population",
    "户籍人口数": "population",
    "区县代码": "district",
}
"""Headers that resemble a column without being synonyms, with that column as a hint."""

_LEFT_OUT = """
objectid, object id, fid, oid, gid, shape, geom, geometry, shape area, shape leng, shape length, shape perimeter,
st area(shape), st length(shape), unnamed: 0, index, 序号, 备注, 说明
"""
PER_CENT = 0.01
FIRST_CHINESE = "\u4e00"
_UNITS = {
    **dict.fromkeys(
        (
            "人",
            "people",
            "persons",
            "residents",
            "km",
            "千米",
            "公里",
            "度",
            "°",
            "degrees",
            "个",
            "家",
            "件",
            "起",
            "次",
            "人次",
            "名",
            "元",
            "yuan",
        ),
        1.0,
    ),
    **dict.fromkeys(("%", "percent", "per cent", "百分比"), PER_CENT),
    **dict.fromkeys(("m", "米"), 0.001),
    **dict.fromkeys(("千人", "thousands"), 1e3),
    **dict.fromkeys(("万人", "万元", "万件", "万人次", "万次"), 1e4),
    "亿元": 1e8,
}
"""Units that may follow a name in brackets, with their factors."""
_OF_UNIT = {
    0.01: ("hardship", "nonlocal_share", "estates", "content"),
    0.001: ("x", "y"),
    1e3: ("population",),
    1e4: ("population", "spending", "contacts", "requests", "registered"),
    1e8: ("spending",),
}
"""Columns to which a unit with a factor applies."""
_BRACKET = re.compile(r"(.+?)\s*\[([^\[\]]*)\]|(.+?)\s*\(([^()]*)\)")


class Column(NamedTuple):
    """The meaning of a header: a column, and the factor of its numbers."""

    name: str
    factor: float = 1.0


class Headers(NamedTuple):
    """Headers of a table as typed: known columns, columns to leave out, and ambiguous pairs; headers asked for but absent, by column.

    `near` has the name that each of some columns to leave out resembles, where the table lacks the column of that name.
    """

    known: Mapping[str, Column]
    left_out: tuple[str, ...]
    doubled: Mapping[str, str]
    absent: Mapping[str, str] = {}
    near: Mapping[str, str] = {}


def _plain(header: str) -> str:
    """A header in normal form, without differences of case, width, blanks, underscores and hyphens."""
    return re.sub(r"[\s_\-]+", " ", narrow(header)).strip().lower()


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    column = ""
    for line in _SYNONYMS.strip().splitlines():
        first, *rest = line.split("|")
        column = first.strip() or column
        for name in (column, *(name for part in rest for name in _listed(part))):
            found[_plain(name)] = column
    return found


MEANT = _table()
"""Normal form of every name, with its column."""
_SOFTWARE = frozenset(map(_plain, _listed(_LEFT_OUT)))


def by_software(header: str) -> bool:
    """Whether programs add a column of this header by themselves, or it only numbers or comments on the rows."""
    return _plain(header).replace("  ", " ") in _SOFTWARE


def titles_of(column: str) -> str:
    """The first Chinese header of a column; its name if it has none."""
    return next((header for header, owner in MEANT.items() if owner == column and header >= FIRST_CHINESE), column)


def without_unit(header: str) -> tuple[str, ...]:
    """The normal form of a header before its bracket; empty without a bracket."""
    found = _BRACKET.fullmatch(narrow(header))
    return (_plain(found[1] or found[3]),) if found else ()


def meant(header: str, known: Sequence[str]) -> Column | None:
    """The one of the `known` columns that a header means, or None."""
    if header in known:
        return Column(header)
    name, factor = MEANT.get(_plain(header)), 1.0
    if name is None and (found := _BRACKET.fullmatch(narrow(header))):
        name = MEANT.get(_plain(found[1] or found[3]))
        factor = _factor(header, name) if name else 0.0
    return Column(name, factor) if name and name in known and factor else None


def _factor(header: str, name: str) -> float:
    """Factor of a column's unit in brackets, 1 without one; 0 if it is unknown or does not apply to the column."""
    found = _BRACKET.fullmatch(narrow(header))
    if found is None or name == "income":  # only the ranks of incomes are used
        return 1.0
    factor = _UNITS.get((found[2] or found[4] or "").strip().lower(), 0.0)
    return factor if factor == 1.0 or name in _OF_UNIT.get(factor, ()) else 0.0


def read_headers(headers: Iterable[str], known: Sequence[str], asked: Mapping[str, str] | None = None) -> Headers:
    """Meanings of headers among `known` columns; headers in none of the groups are unknown.

    Parameters
    ----------
    headers : iterable of str
    known : sequence of str
        Columns that the table may have.
    asked : mapping of str to str, optional
        Headers by column, as a user gives them; they take precedence over all other names of these columns.
    """
    unique = list(dict.fromkeys(headers))
    found: dict[str, Column] = {}
    doubled: dict[str, str] = {}
    left_out: list[str] = []
    owner: dict[str, str] = {}
    absent: dict[str, str] = {}
    for column_name, wanted in (asked or {}).items():
        header = next((one for one in unique if one == wanted or _plain(one) == _plain(wanted)), None)
        if header is None:
            absent[column_name] = wanted
        else:
            found[header], owner[column_name] = Column(column_name, _factor(header, column_name) or 1.0), header
    for header in sorted(unique, key=lambda header: header not in known):
        column = meant(header, known)
        if header in found:
            continue
        if column is None:
            if by_software(header):
                left_out.append(header)
        elif column.name in (asked or {}):
            left_out.append(header)
        elif column.name in owner:
            first = owner[column.name]
            if first in known or _plain(header) == "name":
                left_out.append(header)
            elif _plain(first) == "name":
                left_out.append(first)
                del found[first]
                found[header], owner[column.name] = column, header
            else:
                doubled[header] = first
        else:
            found[header], owner[column.name] = column, header
    return Headers(found, tuple(left_out), doubled, absent)
