"""Tables as people write them: what is read beyond doubt is read and reported once for each column, all else is refused."""

import logging

import pytest
from own_cities import SMALL, city, reported, rows

from sim.messages import speaking
from sim.scenario.cities.extent import described
from sim.scenario.cities.own_communities import COLUMNS
from sim.scenario.parsing.column_names import MEANT, meant
from sim.scenario.parsing.numerals import Kind, certain

PEOPLE, SHARE = Kind(1, 1e8, whole=True), Kind(0, 1)
MONEY, EUROPEAN = Kind(0, 1e12, money=True), Kind(0, 1e12, money=True, commas=False)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("4,452", PEOPLE, 4452),
        ("1,204,452", PEOPLE, 1204452),
        ("4 452", PEOPLE, 4452),
        ("4\u202f452", PEOPLE, 4452),
        ("4'452", PEOPLE, 4452),
        ("４４５２", PEOPLE, 4452),
        ("４，４５２", PEOPLE, 4452),
        ("4452人", PEOPLE, 4452),
        ("1.2万", PEOPLE, 12000),
        ("4.452", PEOPLE, None),  # 4452, or 4.452 thousand
        ("3.000", PEOPLE, None),
        ("约4000", PEOPLE, None),
        ("4,45", PEOPLE, None),
        ("04,452", PEOPLE, None),
        ("¥47000", MONEY, 47000),
        ("￥47,000.50", MONEY, 47000.5),
        ("47000元", MONEY, 47000),
        ("4.7万元", MONEY, 47000),
        ("47,000", MONEY, 47000),
        ("47,000", EUROPEAN, None),  # 47 thousand, or 47
        ("47,5", EUROPEAN, 47.5),
        ("35%", SHARE, 0.35),
        ("35％", SHARE, 0.35),
        ("0,35", SHARE, 0.35),
        ("35", SHARE, None),
        ("135%", SHARE, None),
        ("−0.5", Kind(-1000, 1000), -0.5),
    ],
)
def test_a_number_is_what_it_can_be_alone(text, kind, value):
    assert certain(text, kind) == value


def test_what_was_read_is_reported_once_for_each_column(tmp_path, caplog):
    plain = "community,population,income,nonlocal_share\n" + "".join(f"c{n},4452,{47000 + n},0.35\n" for n in range(60))
    written = "社区,常住人口,人均收入(元),外来人口占比\n" + "".join(f'c{n},"4,452",¥{47000 + n},35%\n' for n in range(60))
    assert city(tmp_path, written).hash == city(tmp_path, plain).hash
    notes = [record for record in caplog.records if record.levelno == logging.INFO]
    assert [record.getMessage().removeprefix(f"{tmp_path}/") for record in notes] == [
        "my.csv: columns are read as 社区 = community, 常住人口 = population, 人均收入(元) = income, 外来人口占比 = nonlocal_share",
        "my.csv: 常住人口: numbers such as '4,452' are read as 4452 (60 in all)",
        "my.csv: 人均收入(元): numbers such as '¥47000' are read as 47000 (60 in all)",
        "my.csv: 外来人口占比: numbers such as '35%' are read as 0.35 (60 in all)",
    ]
    (counted,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert "4 notes" in counted
    assert "sanzhi city check" in counted


def test_unknown_values_are_blank_where_they_may_be(tmp_path, caplog):
    text = "community,population,hardship\nA,900,0.4\nB,900,不详\nC,900,N/A\n"
    assert rows(text) == rows(text.replace("不详", "").replace("N/A", ""))
    assert "hardship: cells such as '不详' count as blank (2 in all)" in caplog.text
    (line,) = reported(tmp_path, "community,population\nA,900\nB,不详\n")
    assert "my.csv:3:3: population: got '不详'; expected a whole number" in line


def test_mistakes_of_a_column_are_one_line(tmp_path):
    cells = ["不详", "约200", "不详", *["若干"] * 57]
    found = reported(tmp_path, "community,population,hardship\n" + "".join(f"c{n},{cell},{2 + n}\n" for n, cell in enumerate(cells)))
    assert [line.split("; expected")[0] for line in found] == [
        "my.csv:2:4: population: got '不详', '约200', '若干' in 60 rows (lines 2, 3, 4 ...)",
        "my.csv:2:7: hardship: got 2, 3, 4 and others in 60 rows (lines 2, 3, 4 ...)",
    ]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("OBJECTID,community,population,Shape_Area\n1,A,900,4.5\n2,B,800,4.5\n", "community,population\nA,900\nB,800\n"),
        ("community,population,\nA,900,\nB,800,\n", "community,population\nA,900\nB,800\n"),
        ("community,population\nA,900,\nB,800,,\n", "community,population\nA,900\nB,800\n"),
        ("NAME,Population\nA,900\nB,800\n", "community,population\nA,900\nB,800\n"),
        ("NAME,社区,人口\n1,A,900\n2,B,800\n", "community,population\nA,900\nB,800\n"),
        ("社区,常住人口（万人）\nA,0.09\nB,0.08\n", "community,population\nA,900\nB,800\n"),
        ("community,population,hardship (%)\nA,900,35\nB,800,40%\n", "community,population,hardship\nA,900,0.35\nB,800,0.4\n"),
    ],
)
def test_headers_as_people_write_them(written, plain):
    assert rows(written) == rows(plain)


def test_a_documented_column_has_names_in_two_languages_and_no_name_has_two_columns():
    for column in COLUMNS:
        assert meant(column, COLUMNS).name == column
    for column in ("community", "district", "subdistrict", "population", "hardship", "income", "nonlocal_share", "x", "y", "facilities"):
        assert any(name > "\u4e00" for name, owner in MEANT.items() if owner == column)
    assert meant("户籍人口", COLUMNS) is None  # registered people are not those who live there


def test_degrees_in_the_place_of_km_are_reported(tmp_path, caplog):
    city(tmp_path, "community,population,x,y\nA,900,121.4,31.2\nB,800,121.5,31.3\n")
    assert "x and y look like longitude and latitude" in caplog.text
    caplog.clear()
    city(tmp_path, SMALL)
    assert not caplog.records


def test_the_extent_of_a_table_of_positions(tmp_path):
    places = city(tmp_path, SMALL).city.communities
    assert str(described(places)) == "middles of communities within 1 × 2 km; 1,200 residents per square km of these"


def test_what_was_read_is_reported_in_chinese(tmp_path, caplog):
    with speaking("zh"):
        city(tmp_path, '社区,人口\nA,"9,000"\n')
        assert "列的读法" in caplog.records[0].getMessage()
