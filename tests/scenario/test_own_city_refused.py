"""Communities of one's own: what is refused, every mistake at once and with its place."""

from pathlib import Path

import pytest
from own_cities import SMALL, city, layout, reported

from sim.errors import ScenarioError
from sim.scenario import load_scenario
from sim.scenario.cities.own_communities import LARGEST, SMALLEST
from sim.scenario.cities.presets import preset_of


def test_every_mistake_at_once(tmp_path):
    text = "\n".join(
        [
            "community,distrct,population,hardship,x",
            "A,N,-3,0.4,1",
            "A,N,12000.5,1.4,a",
            '"B,N,3,4,5',
            ',N,"12;000",40,2',
            'C,N,3000,"0,4",',
            "D,N",
            ",,,,",
            "E,S,3.000,-,1e999",
            "F,S,3000,.5,5,6",
        ]
    )
    assert [line.split("; expected")[0] for line in reported(tmp_path, text)] == [
        "my.csv:1:39: x: got x alone",
        "my.csv:2:5: population: got -3, 12000.5, '12;000' and others in 4 rows (lines 2, 3, 5 ...)",
        "my.csv:3:1: community: got the community 'A' again (first in line 2)",
        "my.csv:3:13: hardship: got 1.4",
        "my.csv:3:17: x: got 'a'",
        "my.csv:4:1: (file): got a quote that is not closed in its line",
        "my.csv:5:1: community: got nothing",
        "my.csv:5:13: hardship: got 40",
        "my.csv:6:16: x: got nothing",
        "my.csv:7:1: (file): got 2 cells",
        "my.csv:9:11: hardship: got '-'",
        "my.csv:9:13: x: got 1e999",
        "my.csv:10:1: (file): got more than 5 cells",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", ":1:1: (file): got an empty file"),
        ("\n \n", ":1:1: (file): got an empty file"),
        ("\ufeff", ":1:1: (file): got an empty file"),
        ("community,population\n", ":1:1: (file): got a header and nothing below it"),
        ("community,populaton\nA,900\n", "did you mean population?"),
        ("community,people\nA,900\n", "(header): got no column population"),
        ("A,900\nB,800\n", "(header): got the unknown column 'A'"),
        ("community,people\nA,900\n", "--column population=people, or columns: {population: people} in a scenario"),
        ("社区,居委会,人口\nA,B,900\n", ":1:4: (header): got 社区 and 居委会, which mean the same column"),
        ("社区,户籍人口\nA,900\n", "(header): got the unknown column '户籍人口'"),
        ("社区,常住人口（亿）\nA,900\n", "did you mean 常住人口?"),
        ("community,population,population\nA,900,900\n", ":1:22: population: got the same column again"),
        ("community,population,hardship,income\nA,900,0.4,5\n", ":1:31: income: got income beside hardship"),
        ("community,population\nA,0\n", ":2:3: population: got 0; expected a whole number from 1 to"),
        ("community,population\nA,\n", ":2:3: population: got nothing"),
        ("community,population\nA,900\nB,1\n", f":3:3: population: got 1 residents, 1 at scale 1; expected at least {SMALLEST}"),
        (
            "community,population\nA,900\nB,65536\n",
            f":3:3: population: got 65,536 residents, 65,536 at scale 1; expected at most {LARGEST:,}",
        ),
        ("community,population\nA,200\n", "city.communities: got 200 residents in all; expected at least 256"),
        ("community,district,population\nA,,900\n", ":2:3: district: got nothing"),
        (f"community,population\n{'A' * 101},900\n", "community: got 'AAA"),
        ("community,population\nA\x07,900\n", r"community: got 'A\x07'"),
        ("community,population\nA\u202e,900\n", "community: got"),
        ("community,population,x,y\nA,900,1,\n", ":2:9: y: got nothing"),
        ("community,population,x,y\nA,900,121000,31\n", ":2:7: x: got 121000; expected a number from -1,000 to 1,000"),
        ("community,population,nonlocal_share\nA,900,42\n", "did you mean 0.42?"),
        ("community,population,facilities\nA,900,-1\n", ":2:7: facilities: got -1; expected a number from 0 to 10,000,000"),
        ("community,population,facilities\nA,900,many\n", ":2:7: facilities: got 'many'; expected a number from 0"),
        ("community,population\nCafé,900\nMünchen,800\n".encode("cp1252"), "which is not UTF-8; expected text in UTF-8 or GB18030"),
        (b"PK\x03\x04 spreadsheet", "got a workbook that cannot be read"),
        (b"\xd0\xcf\x11\xe0 old", "got an Excel file of before 2007 (.xls), or one with a password"),
        (b"community,population\nA,900\n\xff\n", ":3:1: (file): got byte 0xff"),
        (b"x" * 9_000_000, "at most 8,388,608 bytes"),
        (b"," * 8_000_000, "a line of 8,000,000 characters"),
        ("community,population\n" + "\n" * 300_000, "more than 200,000 lines"),
        ("community,population\n" + "".join(f"c{n},900\n" for n in range(50_001)), ":50002:1: (file): got more than 50,000 rows"),
        (
            "community,population\n" + "x,y\n" * 5000,
            "community: got the community 'x' again (first in line 2) in 4,999 rows (lines 3, 4, 5 ...)",
        ),
        ("community,population\n" + '"a",' * 2000 + "\n", "more than 2 cells"),
        (
            "community,district,population\n" + "".join(f"c{n},d{n},900\n" for n in range(65)),
            ":1:11: district: got 65 districts; expected at most 64",
        ),
        (
            "community,subdistrict,population\n" + "".join(f"c{n},s{n},900\n" for n in range(2001)),
            ":1:11: subdistrict: got 2,001 subdistricts; expected at most 2,000",
        ),
    ],
)
def test_refused_tables(text, part, tmp_path):
    found = reported(tmp_path, text)
    assert part in "\n".join(found)


def test_the_size_that_counts_is_that_at_the_scale(tmp_path):
    text = "community,population\nA,70000\nB,9000\n"
    assert layout(city(tmp_path, text, more=", scale: 0.5")).communities["residents"].tolist() == [35000, 4500]
    assert "at most 65,535 at that scale: several communities, or a smaller scale" in reported(tmp_path, text)[0]
    assert (
        "got 70 residents, 1 at scale 0.01; expected at least 2 at that scale: put together with a neighbour, or a scale of at least 0.0286"
        in (reported(tmp_path, f"{text}C,70\n", more=", scale: 0.01")[0])
    )
    with pytest.raises(ScenarioError, match=r"city\.communities: got the community 'A' with 70,000 residents, 70,000 at scale 1"):
        city(tmp_path, text, more=", scale: 0.5").with_changes({"city.scale": 1})


def test_a_city_beyond_25_million_needs_a_scale(tmp_path):
    text = "community,population\n" + "".join(f"c{n},60000\n" for n in range(500))
    assert "city.scale: got 1, which makes 30,000,000 residents; expected at most 0.8333" in reported(tmp_path, text)[0]
    assert city(tmp_path, text, more=", scale: 0.1").city.population == 3_000_000


def test_refused_neighbours(tmp_path):
    text = "a,b\nA,B\nA,Bb\nB,B\nC,\n\nC,A\nA,C\n"
    assert [line.split("; expected")[0] for line in reported(tmp_path, SMALL, edges=text)] == [
        "edges.csv:3:3: b: got the unknown community 'Bb'",
        "edges.csv:4:3: b: got 'B', a neighbour of itself",
        "edges.csv:5:3: b: got nothing",
    ]
    assert "did you mean Alpha?" in reported(tmp_path, SMALL.replace("A,N", "Alpha,N"), edges="a,b\nAlph,B\n")[0]


def test_mistakes_of_both_tables_and_of_the_scenario(tmp_path):
    (tmp_path / "edges.csv").write_bytes(b"\xff")
    (tmp_path / "my.csv").write_text("community,population\nA,x\n")
    file = tmp_path / "mine.yaml"
    file.write_text("city: {communities: my.csv, adjacency: edges.csv, residents: 900}\nseeed: 3\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    found = sorted((Path(p.file).name, p.line, p.key) for p in caught.value.problems)
    assert found == [("edges.csv", 1, "(file)"), ("mine.yaml", 1, "city.residents"), ("mine.yaml", 2, "seeed"), ("my.csv", 2, "population")]


@pytest.mark.parametrize("name", ["link.csv", "linked/my.csv", "../my.csv", "sub/../../my.csv", "folder", "none.csv", "C:\\my.csv"])
def test_files_lie_in_the_folder_of_the_scenario_or_below(name, tmp_path):
    home, outside = tmp_path / "home", tmp_path / "outside"
    for folder in (home / "folder", outside):
        folder.mkdir(parents=True)
    for file in (tmp_path / "my.csv", outside / "my.csv"):
        file.write_text(SMALL)
    (home / "link.csv").symlink_to(outside / "my.csv")
    (home / "linked").symlink_to(outside)
    file = home / "mine.yaml"
    file.write_text(f"city: {{communities: '{name}'}}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.key) == (1, 21, "city.communities")
    assert "in the same folder as the scenario or below it" in problem.expected


def test_a_parents_tables_lie_beside_the_parent(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "my.csv").write_text(SMALL)
    (tmp_path / "parts" / "base.yaml").write_text("city: {communities: my.csv}\n")
    (tmp_path / "edges.csv").write_text("a,b\nA,B\n")
    file = tmp_path / "mine.yaml"
    file.write_text("extends: parts/base.yaml\ncity: {adjacency: edges.csv, scale: 0.5}\n")
    scenario = load_scenario(file)
    assert (scenario.city.population, scenario.city.adjacency.pairs) == (1200, ((0, 2),))
    file.write_text("extends: parts/base.yaml\ncity: {preset: beijing_2020}\n")
    assert load_scenario(file).city.as_data() == {"preset": "beijing_2020", "scale": 0.01, "community_size": 3000}


def test_communities_in_the_place_of_a_preset(tmp_path):
    (tmp_path / "my.csv").write_text(SMALL)
    (tmp_path / "mine.yaml").write_text("extends: baseline\ncity: {communities: my.csv}\n")
    found = load_scenario(tmp_path / "mine.yaml").city
    assert (found.preset, found.scale, found.population) == ("shanghai_2020", 1.0, 2400)
    assert preset_of(found).household_size == 2.32


def test_a_table_may_stand_in_the_scenario(tmp_path):
    file = tmp_path / "mine.yaml"
    table = SMALL.replace("\n", "\n    ")
    file.write_text(f"city:\n  communities: |\n    {table}\nhorizon: 6\n")
    assert load_scenario(file).hash == city(tmp_path, SMALL).hash
    file.write_text(f"city:\n  communities: |\n    {table.replace('800', 'x')}\n")
    with pytest.raises(ScenarioError, match=r"mine\.yaml \(city\.communities\):3:12: population: got 'x'"):
        load_scenario(file)


def test_python_gives_the_table_itself(tmp_path):
    scenario = load_scenario("baseline").with_changes({"city": {"communities": SMALL}, "horizon": 6})
    assert scenario.city.population == 2400
    with pytest.raises(
        ScenarioError, match=r"city\.communities: got 'my\.csv'; expected a table \(CSV or \.xlsx\) that a scenario's file names, or"
    ):
        load_scenario("baseline").with_changes({"city.communities": "my.csv"})
