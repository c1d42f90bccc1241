"""Tables and layers as offices keep them: workbooks, GBK, titles, merged cells, totals, notes, coordinate systems."""

import contextlib
import io
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_cities import SMALL, city, reported, rows

from sim.errors import ScenarioError
from sim.messages import speaking
from sim.scenario import load_scenario
from sim.scenario.cities.own_communities import COLUMNS, read_communities
from sim.scenario.parsing.sources import Source, decode, read_source
from sim.scenario.parsing.table_problems import Problems

CHINESE = "社区名称,所属区,常住人口,外来人口占比\n和平社区,东城区,3204,35.5\n建设社区,东城区,2871,41\n光明社区,西城区,4020,12.0\n"
CHINESE += "新华社区,西城区,1988,8\n东风社区,西城区,2650,0\n"
PLAIN = "community,district,population,nonlocal_share\n和平社区,东城区,3204,0.355\n建设社区,东城区,2871,0.41\n光明社区,西城区,4020,0.12\n"
PLAIN += "新华社区,西城区,1988,0.08\n东风社区,西城区,2650,0\n"


def workbook(*lines, title="Sheet", merged=(), forms=None, others=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for line in lines:
        sheet.append(list(line))
    for cells in merged:
        sheet.merge_cells(cells)
    for cell, form in (forms or {}).items():
        sheet[cell].number_format = form
    for name, table in others:
        other = book.create_sheet(name)
        for line in table:
            other.append(list(line))
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def table_of(text):
    return [line.split(",") for line in text.strip().split("\n")]


def numbers_of(text):
    return [[float(cell) if cell.replace(".", "").isdecimal() else cell for cell in line] for line in table_of(text)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_encodings_of_chinese_programs_are_recognised(encoding, tmp_path):
    assert city(tmp_path, CHINESE.encode(encoding)).hash == city(tmp_path, PLAIN).hash


def test_an_encoding_may_be_asked_for_by_name(tmp_path):
    traditional = "社區名稱,所屬區,常住人口\n和平社區,東城區,3204\n"
    more = ", columns: {community: 社區名稱, district: 所屬區}, encoding: big5"
    (one,) = city(tmp_path, traditional.encode("big5"), more=more).city.communities.rows
    assert (one.community, one.district) == ("和平社區", "東城區")
    (line,) = reported(tmp_path, CHINESE.encode("gbk"), more=", encoding: utf-8")
    assert "which is not UTF-8" in line
    (line,) = reported(tmp_path, CHINESE, more=", encoding: gbkk")
    assert "city.encoding: got the unknown encoding 'gbkk'" in line
    assert "did you mean gbk?" in line


def xlsx(folder, raw, more=""):
    (folder / "my.xlsx").write_bytes(raw)
    (folder / "mine.yaml").write_text(f"city: {{communities: my.xlsx{more}}}\nhorizon: 6\n", encoding="utf-8")
    return load_scenario(folder / "mine.yaml")


def refused(folder, raw, more=""):
    with pytest.raises(ScenarioError) as caught:
        xlsx(folder, raw, more)
    return str(caught.value).replace(f"{folder}/", "").split("\n")


def test_a_workbook_is_read_like_a_table(tmp_path):
    assert xlsx(tmp_path, workbook(*numbers_of(CHINESE))).hash == city(tmp_path, PLAIN).hash


def test_titles_merged_districts_totals_and_notes(tmp_path, caplog):
    raw = workbook(
        ["某市社区基本情况表"],
        [],
        ["序号", "区", "社区", "常住人口\n（人）", "外来人口占比", "书记"],
        [1, "东城区", "和平社区", 3204, 0.355, "甲"],
        [2, None, "建设社区", 2871, 0.41, "乙"],
        ["小计", None, None, 6075],
        [3, "西城区", "光明社区", "4,020", 0.12, None],
        [4, None, "新华社区", 1988, 0.08, "丁"],
        [5, None, "东风社区", 2650, 0, "丁"],
        ["合计", None, None, 14733],
        ["注：数据截至2023年底。"],
        merged=("A1:F1", "B4:B5", "B7:B9"),
        forms={f"E{row}": "0.0%" for row in range(4, 10)},
    )
    assert xlsx(tmp_path, raw).hash == city(tmp_path, PLAIN).hash
    said = caplog.text
    assert "the header is in line 3; above it is left out: '某市社区基本情况表'" in said
    assert "columns are left out: 序号, 书记" in said
    assert "totals are left out: 2 in all (lines 6, 10)" in said
    assert "lines of notes are left out: '注：数据截至2023年底。'" in said
    assert "the total in line" not in said


def test_a_misspelt_header_below_a_title_is_still_the_header(tmp_path):
    above = "某市社区基本情况表（2024年末）,,,\n\n"
    for wrong, right in (("长住人口", "常住人口"), ("社区各称", "社区名称")):
        (line,) = reported(tmp_path, above + CHINESE.replace(right, wrong))
        assert line.startswith("my.csv:3:")
        assert f"got the unknown column '{wrong}'" in line
        assert line.endswith(f"did you mean {right}?")
    (line,) = reported(tmp_path, above + CHINESE.replace("常住人口", "年末总数"))
    assert line.startswith("my.csv:3:1: (header): got no column population")
    assert "columns: {population: 年末总数}" in line


def test_a_title_alone_is_no_header(tmp_path):
    lines = reported(tmp_path, "某市社区基本情况表,\n甲,乙\n和平社区,3204\n")
    assert not any("columns:" in line for line in lines)


def test_a_column_left_out_that_resembles_a_known_one_is_asked_about(tmp_path, caplog):
    text = "社区,人口,人均可支配收人(元),书记\nA,900,31000,甲\nB,800,29000,乙\n"
    communities = city(tmp_path, text).city.communities
    assert [one.hardship for one in communities.rows] == [0.4, 0.4]
    (question,) = [str(one) for one in communities.questions if "left out" in one]
    assert question.endswith("the column 人均可支配收人(元) is left out; did you mean 人均可支配收入?")
    assert question in [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


def test_a_total_that_its_rows_do_not_reach_is_asked_about(caplog):
    rows(f"{CHINESE}合计,,15733,\n")
    assert "the total in line 7 is 15,733, but the rows have 14,733 residents" in caplog.text


def test_names_written_once_for_several_rows(caplog):
    text = "区,街道,社区,人口\n东城区,一街,A,900\n,,B,900\n,二街,C,900\n西城区,三街,D,900\n,,E,900\n"
    assert [(one.district, one.subdistrict) for one in rows(text)] == [
        ("东城区", "一街"),
        ("东城区", "一街"),
        ("东城区", "二街"),
        ("西城区", "三街"),
        ("西城区", "三街"),
    ]
    assert "区: blank cells take the name above them, such as '东城区' (3 in all)" in caplog.text
    found, problems = read_communities(Source("区,街道,社区,人口\n东城区,一街,A,900\n西城区,,B,900\n", "my.csv"))
    assert found is None
    assert "街道: got nothing" in str(problems[0])


def test_mistakes_in_a_workbook_are_told_by_their_cells(tmp_path):
    raw = workbook(["社区", "区", "人口"], ["A", "N", 900], ["A", "S", "约八百"], ["C", "S", 70_000], title="社区表")
    assert sorted(line.split(": ")[0] for line in refused(tmp_path, raw)) == [f"my.xlsx:社区表!{cell}" for cell in ("A3", "C3", "C4")]
    assert "did you mean A (S)?" in "\n".join(refused(tmp_path, raw))


def test_the_sheet_with_the_columns_is_read_or_the_one_asked_for(tmp_path, caplog):
    other = [["社区", "人口"], ["A", 900], ["B", 800]]
    raw = workbook(["说明"], ["本表……"], title="说明", others=(("2022", other), ("2023", [*other, ["C", 700]])))
    assert xlsx(tmp_path, raw).city.population == 1700
    assert "read from the sheet '2022', not from '说明', '2023'" in caplog.text
    assert xlsx(tmp_path, raw, ", sheet: '2023'").city.population == 2400
    (line,) = refused(tmp_path, raw, ", sheet: '2024'")
    assert "got no sheet '2024'; expected one of '说明', '2022', '2023'" in line


def test_a_formula_needs_its_saved_result(tmp_path):
    (line,) = refused(tmp_path, workbook(["社区", "人口"], ["A", 900], ["B", "=A2+1"]))[:1]
    assert line.startswith("my.xlsx:Sheet!B3: (file): got a formula without a saved result")


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"PK\x03\x04", "a workbook that cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel file of before 2007 (.xls), or one with a password"),
        (workbook(), "an empty workbook"),
        (workbook(["社区", "人口"]), "a header and nothing below it"),
    ],
)
def test_what_is_no_workbook(raw, part, tmp_path):
    assert part in "\n".join(refused(tmp_path, raw))


def test_a_zip_file_is_told_apart(tmp_path):
    import zipfile

    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        packed.writestr("a.txt", "text")
    assert "a zip file that is no Excel workbook" in refused(tmp_path, raw.getvalue())[0]


def test_headers_may_be_given(tmp_path, caplog):
    text = "小区代号,大区,年末实有人口(万人),人口\nA,N,0.09,1\nB,S,0.08,2\n"
    more = ", columns: {community: 小区代号, population: 年末实有人口(万人)}"
    found = city(tmp_path, text, more=more).city.communities
    assert [one.population for one in found.rows] == [900, 800]
    assert "columns are left out: 人口, 大区" in caplog.text
    lines = reported(tmp_path, text, more=more.replace("代号", "代码"))
    assert "got no header '小区代码', which columns gives for community" in lines[0]
    assert "did you mean 小区代号?" in lines[0]
    (line,) = reported(tmp_path, SMALL, more=", columns: {populaton: x}")
    assert "city.columns.populaton: got the unknown column 'populaton'" in line
    assert "did you mean population?" in line


def test_keys_about_a_file_stand_beside_it(tmp_path):
    (tmp_path / "mine.yaml").write_text("city: {preset: shanghai_2020, encoding: gbk}\n")
    with pytest.raises(ScenarioError, match=r"city\.encoding: got encoding without a file"):
        load_scenario(tmp_path / "mine.yaml")


def test_longitude_and_latitude_are_positions(tmp_path, caplog):
    text = "社区,人口,经度,纬度\nA,900,114.300,30.600\nB,900,114.310,30.600\nC,900,114.300,30.610\n"
    found = city(tmp_path, text).city.communities
    assert [round(one.x - found.rows[0].x, 2) for one in found.rows] == [0, 0.96, 0]
    assert [round(one.y - found.rows[0].y, 2) for one in found.rows] == [0, 0, 1.11]
    assert not [record for record in caplog.records if "neighbours" in record.getMessage()]
    (line,) = reported(tmp_path, text.replace("经度,纬度", "纬度,经度"))
    assert "the two headers are swapped" in line
    assert "longitude and latitude beside x and y" in "\n".join(
        reported(tmp_path, text.replace("纬度\n", "纬度,x,y\n").replace("0\n", "0,1,1\n"))
    )


def test_metres_are_asked_about_or_converted(tmp_path):
    text = "community,population,x,y\nA,900,510000,3386000\nB,900,511000,3386000\nC,900,510000,3387000\n"
    (line,) = reported(tmp_path, text)
    assert "got coordinates such as 510000, 3386000, which are metres of a projection" in line
    assert "crs: EPSG:4547" in line
    as_metres = city(tmp_path, text.replace("x,y", "x (m),y (m)")).city.communities
    assert [one.x - as_metres.rows[0].x for one in as_metres.rows] == pytest.approx([0, 1, 0])
    found = city(tmp_path, text, more=", crs: 'EPSG:4547'").city.communities
    for one, other in zip(found.rows, as_metres.rows, strict=True):
        assert (one.x, one.y) == pytest.approx((other.x, other.y), abs=0.02)
    (line,) = reported(tmp_path, text, more=", crs: 'EPSG:1'")
    assert "got the unknown coordinate system 'EPSG:1'" in line


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("A,900,0,0\nB,900,200,0\nC,900,0,200\n", "200 km between neighbours, 0.068 residents per square km"),
        ("A,900,0.01,0\nB,900,0,0.01\nC,900,0,0\n", "0.01 km between neighbours, 27,000,000 residents per square km: are these degrees"),
        ("A,900,121.4,31.2\nB,800,121.5,31.3\n", "0.141 km between neighbours, 170,000 residents per square km; are these degrees?"),
    ],
)
def test_densities_that_no_city_has_are_asked_about(text, part, caplog):
    rows(f"community,population,x,y\n{text}")
    assert part in caplog.text


def square(x, y, side):
    return [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]


def grid(x, y, side):
    features = []
    for number in range(4):
        corner = square(x + side * (number % 2), y + side * (number // 2), side)
        properties = {"社区": f"社区{number}", "常住人口": 900 + number, "备用": "x"}
        features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": corner}})
    return {"type": "FeatureCollection", "features": features}


def geometry(folder, name, more=""):
    (folder / "mine.yaml").write_text(f"city: {{geometry: {name}{more}}}\nhorizon: 6\n", encoding="utf-8")
    return load_scenario(folder / "mine.yaml").city


def projected(folder, more=""):
    (folder / "areas.geojson").write_text(json.dumps({**grid(510_000, 3_386_000, 1000), **({"crs": more} if more else {})}))
    return folder


def test_polygons_in_metres_are_converted_from_the_system_declared_or_asked_for(tmp_path, caplog):
    declared = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    found = geometry(projected(tmp_path, declared), "areas.geojson")
    assert found.communities.ground.wide == pytest.approx(2, abs=0.01)
    assert "coordinates are converted from urn:ogc:def:crs:EPSG::4547" in caplog.text
    asked = geometry(projected(tmp_path), "areas.geojson", ", crs: 'EPSG:4547'")
    assert asked.communities == found.communities
    assert asked.adjacency.pairs == found.adjacency.pairs == ((0, 1), (0, 2), (1, 3), (2, 3))
    with pytest.raises(ScenarioError, match=r"metres of a projection.*; expected .* or the coordinate system of the file"):
        geometry(projected(tmp_path), "areas.geojson")


@pytest.mark.parametrize("name", ["areas.gpkg", "areas.shp"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4547"])
def test_layers_of_other_formats(name, crs, tmp_path, caplog):
    shapely, pyogrio = pytest.importorskip("shapely"), pytest.importorskip("pyogrio")
    import numpy as np

    data = grid(114.1, 30.6, 0.01) if crs == "EPSG:4326" else grid(510_000, 3_386_000, 1000)
    shapes = shapely.to_wkb([shapely.polygons(feature["geometry"]["coordinates"][0]) for feature in data["features"]])
    names = np.array([f"社区{n}" for n in range(4)], object)
    more = {"encoding": "GBK"} if name.endswith("shp") else {}
    pyogrio.raw.write(tmp_path / name, shapes, [names, np.arange(900, 904)], ["社区", "人口"], geometry_type="Polygon", crs=crs, **more)
    (tmp_path / "areas.cpg").unlink(missing_ok=True)
    found = geometry(tmp_path, name)
    assert [one.community for one in found.communities.rows] == ["社区0", "社区1", "社区2", "社区3"]
    assert found.communities.population == 3606
    assert found.adjacency.pairs == ((0, 1), (0, 2), (1, 3), (2, 3))
    assert found.communities.ground.tall == pytest.approx(2.2 if crs == "EPSG:4326" else 2, abs=0.05)
    assert ("read as GB18030" in caplog.text) == name.endswith("shp")


def test_a_broken_layer_is_one_line(tmp_path):
    pytest.importorskip("pyogrio")
    (tmp_path / "areas.gpkg").write_bytes(b"no database")
    with pytest.raises(ScenarioError, match=r"areas.gpkg: \(file\): got a layer that cannot be read") as caught:
        geometry(tmp_path, "areas.gpkg")
    assert "\n" not in str(caught.value)


WORDS = st.text(st.sampled_from("甲乙丙丁东西南北区社Ａa1 .,，;\"'%％万\t-"), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=5), max_size=12), st.sampled_from(["utf-8", "gb18030", "utf-16"]), st.booleans())
def test_whatever_stands_in_the_cells_the_table_is_read_or_told_in_both_languages(cells, encoding, as_workbook):
    lines = [["社区", "区", "常住人口", "占比", "经度"], *cells]
    if as_workbook:
        raw = workbook(*lines)
    else:
        raw = "\n".join(",".join(line) for line in lines).encode(encoding)
    problems = Problems("my.csv")
    source = read_source(raw, "my.csv", problems, known=COLUMNS)
    assert (source is None) == bool(problems.found)
    if source is None:
        return
    communities, found = read_communities(source, 1.0)
    assert (communities is None) == bool(found)
    for problem in found:
        for lang in ("en", "zh"):
            with speaking(lang):
                assert str(problem).isprintable()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_problem(raw):
    problems = Problems("my.csv")
    text = decode(raw, problems)
    assert (text is None) == bool(problems.found)


@pytest.mark.parametrize(("written", "meant"), [("人囗", "人口"), ("经渡", "经度"), ("街到", "街道")])
def test_a_misspelt_header_of_two_characters_is_asked_about(written, meant, tmp_path, caplog):
    right = {"社区": "A", "人口": "900", "经度": "112.2", "纬度": "30.3", "街道": "B"}
    heads = [written if head == meant else head for head in right]
    text = f"{','.join(heads)}\n{','.join(right.values())}\n"
    with contextlib.suppress(ScenarioError):
        city(tmp_path, text)
        assert any(f"did you mean {meant}" in record.getMessage() for record in caplog.records)
        return
    assert any(f"did you mean {meant}" in line for line in reported(tmp_path, text))


def test_a_header_of_two_other_characters_is_not(tmp_path, caplog):
    city(tmp_path, "社区,人口,书记,面积\nA,900,甲,3\n")
    assert not any("did you mean" in record.getMessage() for record in caplog.records)
