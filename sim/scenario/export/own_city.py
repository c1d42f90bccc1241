"""Files for a user's own city: a workbook to fill in, and a made-up city with the untidiness of real files.

The made-up city, Linjiang, has 60 communities in five districts. Its table is as an office might export it: GBK, a title above the header,
districts written once, other columns, totals, blanks and slips. Its numbers are invented and mean nothing.
"""

import io
import math
import random
from typing import Any, NamedTuple

from sim.lazy import lazily
from sim.messages import Message, speaking
from sim.scenario.cities import figures
from sim.scenario.parsing.column_names import titles_of

with lazily():
    import openpyxl
    from openpyxl import styles

EXAMPLE_COMMUNITIES = (
    ("Old Town", "Centre", 4200, 0.15, 31_000, 112.2410, 30.3120),
    ("Station", "Centre", 2600, 0.55, 27_500, 112.2510, 30.3090),
    ("Mill", "Riverside", 2900, None, 24_800, 112.2590, 30.3200),
    ("New Estate", "Riverside", 5400, 0.60, 45_200, 112.2620, 30.3280),
)
EXAMPLE_FIGURES: tuple[tuple[Any, ...], ...] = (
    ("Centre", 2024, 1500, 62, 48, 1400, 0.71, 72, 17_500_000),
    ("Riverside", 2024, 2050, 91, 57, 1650, 0.66, 86, 21_000_000),
)
COMMUNITY_COLUMNS = ("community", "district", "population", "nonlocal_share", "income", "longitude", "latitude")
FIGURE_COLUMNS = ("district", "year", "contacts", "recorded", "mediations", "registered", "content", "staff", "spending")


class Column(NamedTuple):
    """A column of a table of communities: whether it is required, unit and meaning."""

    name: str
    required: bool
    unit: Message
    meaning: Message


_NAME, _PEOPLE, _SHARE = Message("name"), Message("people"), Message("0 to 1, or %")
COLUMNS = (
    Column("community", True, _NAME, Message("its name, each once")),
    Column("population", True, _PEOPLE, Message("residents, all ages")),
    Column("district", False, _NAME, Message("its district; one district if left out")),
    Column("subdistrict", False, _NAME, Message("its sub-district; about 100,000 residents together if left out")),
    Column("hardship", False, _SHARE, Message("how poor it is; 0.4 if unknown")),
    Column("income", False, Message("any"), Message("instead of hardship: mean income or another number that ranks communities")),
    Column("nonlocal_share", False, _SHARE, Message("share of residents without local registration; that of the preset if unknown")),
    Column("x", False, Message("km"), Message("km east of the centre, with y; or m, or another system with its code (crs)")),
    Column("y", False, Message("km"), Message("km north of the centre")),
    Column("longitude", False, Message("degrees"), Message("instead of x and y, with latitude")),
    Column("latitude", False, Message("degrees"), Message("instead of x and y, with longitude")),
    Column("facilities", False, Message("number"), Message("shops, bars, stations, markets: they draw offences")),
    Column("estates", False, _SHARE, Message("share of commodity estates in its housing; generated if unknown")),
)
"""Columns of a table of communities."""
AREA_COLUMNS = (
    Column("district", False, _NAME, Message("the district of the figures, as in the table of communities")),
    Column("community", False, _NAME, Message("or the community; neither: the figures are of the whole city, which then has one district")),
    Column("year", True, Message("year"), Message("the year of the figures")),
    Column("population", False, _PEOPLE, Message("residents in that year; those of the table of communities if left out")),
)
"""Columns that say what a row of figures is about."""


def described() -> list[tuple[str, str, Column | figures.Figure]]:
    """Every column of both tables: the table, the Chinese header and the column."""
    rows: list[tuple[str, str, Column | figures.Figure]] = [("communities", titles_of(one.name), one) for one in COLUMNS]
    rows += [("figures", titles_of(one.name), one) for one in AREA_COLUMNS]
    return rows + [("figures", titles_of(name), one) for name, one in figures.FIGURES.items()]


def template(lang: str) -> bytes:
    """A workbook with a sheet of communities, a sheet of figures, both with rows to be replaced, and a sheet that explains every column.

    Parameters
    ----------
    lang : str
        Language of headers and explanations, ``"en"`` or ``"zh"``; both are read.
    """
    book = openpyxl.Workbook()
    _fill(book.active, "communities", _headers(COMMUNITY_COLUMNS, lang), EXAMPLE_COMMUNITIES, {"nonlocal_share": "0%"}, COMMUNITY_COLUMNS)
    _fill(book.create_sheet(), "figures", _headers(FIGURE_COLUMNS, lang), EXAMPLE_FIGURES, {"content": "0%"}, FIGURE_COLUMNS)
    with speaking(lang):
        head = [str(message) for message in (Message("table"), Message("column"), Message("header"), Message("unit"), Message("meaning"))]
        rows = [(table, one.name, header, str(one.unit), str(one.meaning)) for table, header, one in described()]
    _fill(book.create_sheet(), "columns", head, rows, {}, ())
    return _saved(book)


def _headers(columns: tuple[str, ...], lang: str) -> list[str]:
    return [titles_of(name) if lang == "zh" else name for name in columns]


def _fill(sheet: Any, title: str, head: list[str], rows: Any, forms: dict[str, str], columns: tuple[str, ...]) -> None:
    """Write a table into a sheet, with a bold header that stays in sight."""
    sheet.title = title
    sheet.append(head)
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = styles.Font(bold=True)
    for name, form in forms.items():
        for (cell,) in sheet.iter_rows(min_row=2, min_col=columns.index(name) + 1, max_col=columns.index(name) + 1):
            cell.number_format = form
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(*([head, *rows]), strict=True), 1):
        wide = max(sum(2 if character >= "\u2e80" else 1 for character in str(cell or "")) for cell in column)
        sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width = min(60, wide + 3)


def _saved(book: Any) -> bytes:
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


DISTRICTS = ("老城区", "江北区", "新港区", "南湖区", "东山区")
"""Districts of the made-up city."""
FIRST = "和平 建设 光明 新华 东风 胜利 幸福 团结 红旗 滨河 北苑 南园 西城 朝阳 春风 桃园 荷花 古楼 桥头 码头".split()
FIRST += "大同 长青 金桥 银杏 玉泉 石桥 云山 白鹭 兰亭 梅岭 松林 柳巷 竹园 枫林 翠湖 明珠 文昌 书院 钟楼 鼓楼".split()
FIRST += "工农 劳动 友谊 民主 自强 学府 科苑 机场 车站 港湾 渔港 盐仓 米市 茶亭 花园 果园 苗圃 水厂 电厂 纺织".split()
PER_DISTRICT = 12
MIDDLES = ((112.240, 30.310), (112.235, 30.352), (112.290, 30.322), (112.252, 30.268), (112.192, 30.305))
"""Longitude and latitude of the districts' centres, in an area that is not meant."""
POOR, NEW = (0.62, 0.48, 0.40, 0.34, 0.45), (0.18, 0.30, 0.58, 0.42, 0.25)
"""How poor the districts are, and their share without local registration."""
RATES = {"contacts": 0.235, "recorded": 0.0092, "mediations": 0.0078, "registered": 0.205, "staff": 0.0105}
"""Figures per resident, about which the districts vary."""
YEAR = 2024
SLIP = 44
"""Number of the row with a letter among the digits of its residents."""


def example() -> dict[str, bytes]:
    """The files of the made-up city, by name; their content is always the same."""
    luck = random.Random(20_240_101)  # a made-up city, not a draw of the model
    lines, number, people = (
        ["临江市社区基本情况表（2024年末）,,,,,,,,", "", "序号,区,社区,常住人口,外来人口占比,人均可支配收入(元),经度,纬度,书记,备注"],
        0,
        [],
    )
    for district, name in enumerate(DISTRICTS):
        sizes = [round(luck.lognormvariate(math.log(3300), 0.32)) for _ in range(PER_DISTRICT)]
        if name == "南湖区":
            sizes[(SLIP - 1) % PER_DISTRICT] = 3208
        people.append(sum(sizes))
        for place, size in enumerate(sizes):
            number += 1
            angle, away = 2.39996 * place, 0.0055 * math.sqrt(place)
            east, north = MIDDLES[district][0] + away * math.cos(angle) / 0.864, MIDDLES[district][1] + away * math.sin(angle)
            share = min(0.9, max(0.02, luck.gauss(NEW[district], 0.09)))
            income = round(luck.gauss(52_000 - 32_000 * POOR[district], 3500), -2)
            cells = [str(number), name if place == 0 else "", f"{FIRST[number - 1]}社区", f'"{size:,}"', f"{share:.1%}", f'"{income:,.0f}"']
            cells += [f"{east:.4f}", f"{north:.4f}", "张王李赵陈"[luck.randrange(5)] + "某", ""]
            lines.append(",".join(_slips(number, cells)))
        lines.append(f',小计,,"{sum(sizes):,}",,,,,,')
    lines += [f',合计,,"{sum(people):,}",,,,,,', "注：常住人口为年末数；外来人口指非本市户籍人口。"]
    table = "\r\n".join(lines) + "\r\n"
    return {"linjiang.csv": table.encode("gbk"), "linjiang_figures.xlsx": _example_figures(luck, people)}


def _slips(number: int, cells: list[str]) -> list[str]:
    """Cells with the slips of a few rows: unknown and blank cells, a name that stands twice, a letter among digits."""
    if number in (7, 23):
        cells[4] = "不详"
    if number in (15, 38, 51):
        cells[5] = ""
    if number == 30:
        cells[2] = f"{FIRST[0]}社区"
    if number == SLIP:
        cells[3] = '"3,2O8"'
        cells[9] = "人口待核"
    return cells


def _example_figures(luck: random.Random, people: list[int]) -> bytes:
    """The figures of the made-up city: last year, by district, as a workbook with a title and a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "2024"
    sheet.append(["临江市各区基层治理数据"])
    sheet.merge_cells("A1:H1")
    sheet.append(
        ["区", "年份", "热线来电", "案件数", "人民调解案件数", "注册志愿者数", "公共服务满意度", "工作人员数", "社会治理支出(万元)"]
    )
    total = [0.0] * 6
    for district, (name, size) in enumerate(zip(DISTRICTS, people, strict=True)):
        strain = 1 + 0.6 * (POOR[district] - 0.45)
        counts = {
            key: round(size * rate * luck.uniform(0.94, 1.06) * (strain if key != "registered" else 1)) for key, rate in RATES.items()
        }
        counts["recorded"] = round(counts["recorded"] * (1.7 if name == "新港区" else 1.0))
        spending = round(size * 2540 * luck.uniform(0.97, 1.03) / 1e4, 1)
        content = round(0.74 - 0.16 * POOR[district] + luck.uniform(-0.01, 0.01), 3)
        row = [counts["contacts"], counts["recorded"], counts["mediations"], counts["registered"], content, counts["staff"], spending]
        sheet.append([name, YEAR, *row])
        sheet.cell(sheet.max_row, 7).number_format = "0.0%"
        total = [have + more for have, more in zip(total, [*row[:4], *row[5:]], strict=True)]
    sheet.append(["合计", YEAR, *total[:4], None, *total[4:]])
    return _saved(book)
