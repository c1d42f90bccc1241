"""Figures of a city by district and year: what is read of them, which rates they amount to, and what is asked."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from sim.errors import ScenarioError
from sim.messages import speaking
from sim.metrics import METRICS
from sim.scenario.cities.figures import COLUMNS, FIGURES, as_table_of_rates, rates_of, read_figures
from sim.scenario.cities.own_communities import read_communities
from sim.scenario.cities.rates_given import read_rates
from sim.scenario.export import own_city
from sim.scenario.loading.own_city import read_city
from sim.scenario.parsing.sources import Source

TOWN = "community,district,population\nA,N,6000\nB,N,4000\nC,S,5000\n"
PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "own_figures.md"


def figures(folder, text):
    (folder / "figures.csv").write_text(text, encoding="utf-8")
    communities, _ = read_communities(Source(TOWN, "town.csv"))
    return read_figures(folder / "figures.csv", communities)


def by_rate(found):
    return {one.rate: one for one in rates_of(found)}


def test_counts_become_rates_by_the_residents_of_their_districts(tmp_path):
    found = figures(
        tmp_path, '区,年份,热线来电,满意度,社会治理支出(万元)\nN,2024,"2,500",70%,2500\nS,2024,1000,55%,1300\n合计,2024,3500,,3800\n'
    )
    assert found.by_district("contacts", 2024) == {"N": (250.0, 10_000), "S": (200.0, 5000)}
    rates = by_rate(found)
    assert rates["rate_contacts"].value == pytest.approx(3500 / 15, rel=1e-5)
    assert (rates["rate_contacts"].low, rates["rate_contacts"].high) == pytest.approx((3150 / 15, 3850 / 15), rel=1e-5)
    assert rates["content"].value == pytest.approx(0.65)
    assert rates["budget_spent"].value == pytest.approx(38_000_000 / 15_000, rel=1e-5)
    assert rates["rate_contacts"].year == 2024


def test_the_range_covers_all_years_and_the_value_is_that_of_the_last(tmp_path):
    rate = by_rate(figures(tmp_path, "district,year,contacts\nN,2023,3000\nN,2024,2500\nS,2023,\n"))["rate_contacts"]
    assert (rate.value, rate.low, rate.high) == pytest.approx((250, 225, 330))
    assert "1 of 2 districts" in rate.source


def test_communities_and_residents_of_the_year(tmp_path):
    found = figures(tmp_path, "community,year,population,mediations\nA,2024,,60\nB,2024,5000,40\n")
    assert found.by_district("mediations", 2024) == {"N": (pytest.approx(100 / 11), 11_000)}


def test_the_rates_are_a_table_that_is_read_again(tmp_path):
    rates = rates_of(figures(tmp_path, "district,year,contacts,content,registered\nN,2024,2500,0.7,2000\n"))
    (tmp_path / "rates.csv").write_bytes(as_table_of_rates(rates))
    assert [(one.rate, one.low, one.high, one.value) for one in read_rates(tmp_path / "rates.csv")] == [
        (one.rate, one.low, one.high, one.value) for one in rates
    ]


def test_a_figure_that_counts_something_else_is_asked_about(tmp_path, caplog):
    found = figures(tmp_path, "district,year,disputes\nN,2024,90\nS,2024,50\n")
    (question,) = found.questions
    assert "disputes: 9.33 per 1,000 residents and year in 2024, but 150 to 290 elsewhere" in str(question)
    with speaking("zh"):
        assert "统计口径是否相同" in str(question)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("district,year,contacts\nNn,2024,3\n", ":2:1: district: got 'Nn', which the city does not have; expected one of N, S"),
        ("district,year,contacts\nN,2024,3\nN,2024,4\n", ":3:3: year: got 'N' in 2024 again (first in line 2)"),
        ("district,year,contacts\nN,24,3\n", ":2:3: year: got 24; expected a whole number from 1900 to 2100"),
        ("district,year,contacts\nN,2024,-3\n", ":2:8: contacts: got -3"),
        ("district,year\nN,2024\n", "got no column of figures; expected at least one of contacts"),
        ("district,contacts\nN,3\n", "got no column year"),
        ("year,contacts\n2024,3\n", "got no column district and no column community"),
        ("district,year,contcts\nN,2024,3\n", "did you mean contacts?"),
    ],
)
def test_mistakes_have_their_places(text, part, tmp_path):
    with pytest.raises(ScenarioError) as caught:
        figures(tmp_path, text)
    assert part in str(caught.value)


def test_figures_left_out_are_asked_about_in_the_words_of_the_file(tmp_path):
    found = figures(tmp_path, "区,年份,刑事立案总数,来电量,热线来店,案件数\nN,2024,3,4,5,6\n")
    assert found.names == ("recorded",)
    asked = " ".join(str(one) for one in found.questions)
    for header, name in (("刑事立案总数", "刑事立案数"), ("来电量", "热线来电量"), ("热线来店", "热线来电")):
        assert f"the column {header} is left out; did you mean {name}?" in asked


def test_every_figure_is_a_metric_and_every_column_is_documented():
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"| `{name}` |" not in page] == []
    assert [one.metric for one in FIGURES.values() if one.metric not in METRICS or f"`{one.metric}`" not in page] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_template_is_a_city_with_figures(lang, tmp_path):
    file = tmp_path / "city.xlsx"
    file.write_bytes(own_city.template(lang))
    communities, _ = read_city(file)
    assert communities.questions == ()
    assert read_figures(file, communities).names == tuple(name for name in own_city.FIGURE_COLUMNS if name in FIGURES)


def test_the_made_up_city_has_slips_that_are_told_and_is_a_city_without_them(tmp_path):
    files = own_city.example()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        read_city(tmp_path / "linjiang.csv")
    assert [problem.line for problem in caught.value.problems] == [35, 50]
    text = files["linjiang.csv"].decode("gbk").replace("30,,和平社区", "30,,新和平社区").replace("3,2O8", "3,208")
    (tmp_path / "linjiang.csv").write_bytes(text.encode("gbk"))
    communities, _ = read_city(tmp_path / "linjiang.csv")
    assert (len(communities.rows), len(communities.districts), communities.questions) == (60, 5, ())
    found = read_figures(tmp_path / "linjiang_figures.xlsx", communities)
    assert (len(found.rows), found.questions) == (5, ())


def test_what_is_missing_is_told_once_at_its_header_with_how_to_name_it(tmp_path):
    with pytest.raises(ScenarioError) as told:
        figures(tmp_path, "片区,年份,热线来电\nN,2024,10\nS,2024,20\nN,2023,30\n")
    assert len(told.value.problems) == 1
    assert "--column district=片区" in str(told.value)
    with pytest.raises(ScenarioError, match="--column year=数据年份"):
        figures(tmp_path, "行业,数据年份,区,热线来电\n全部,2024,N,10\n")


def test_a_place_in_a_workbook_is_the_cell_of_the_header(tmp_path):
    book = Workbook()
    for row in (["各区治理数据"], ["片区名称", "年份", "热线来电"], ["N", 2024, 10]):
        book.active.append(row)
    book.save(tmp_path / "figures.xlsx")
    communities, _ = read_communities(Source(TOWN, "town.csv"))
    with pytest.raises(ScenarioError) as told:
        read_figures(tmp_path / "figures.xlsx", communities)
    assert [one.cell for one in told.value.problems] == ["Sheet!B2"]


def test_districts_without_figures_are_named(tmp_path):
    questions = figures(tmp_path, "district,year,contacts\nN,2024,2500\n").questions
    assert [("S" in str(one), "N" in str(one)) for one in questions] == [(True, False)]


def test_years_and_counts_with_their_measure_words(tmp_path):
    found = figures(tmp_path, "区,年份,热线来电\nN,2024年,2500件\nS,2024年,0.1万次\n")
    assert found.years == (2024,)
    assert [row.values["contacts"] for row in found.rows] == [2500, 1000]
