"""Communities of one's own: what is read, what a missing column means, and what becomes of them in a city."""

import copy
import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import CPU_SECONDS, processor_seconds

from sim.city.places import plan_places
from sim.errors import ScenarioError
from sim.scenario import load_scenario, read_scenario
from sim.scenario.own import LARGEST, SMALLEST, read_places
from sim.scenario.presets import preset_of

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "cities" / "example"
TABLE = "community,district,subdistrict,population,hardship,nonlocal_share,x,y\n"
SMALL = f"{TABLE}A,North,N1,900,0.2,0.5,0,0\nB,South,S1,800,0.6,0.1,1,0\nC,North,N1,700,0.3,0.2,0,2\n"


def city(folder: Path, text: str | bytes, edges: str | None = None, more: str = ""):
    (folder / "my.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    if edges is not None:
        (folder / "edges.csv").write_text(edges)
        more += ", adjacency: edges.csv"
    file = folder / "mine.yaml"
    file.write_text(f"city: {{communities: my.csv{more}}}\nhorizon: 6\n")
    return load_scenario(file)


def told(folder: Path, *args, **kwargs) -> list[str]:
    """What is wrong, as ``file:line:column: key: got ...``."""

    def read():
        with pytest.raises(ScenarioError) as caught:
            city(folder, *args, **kwargs)
        return caught.value

    error, seconds = processor_seconds(read)
    assert seconds < CPU_SECONDS
    lines = [line.removeprefix(f"{folder}/") for line in str(error).split("\n")]
    assert all(line.isprintable() for line in lines)
    return lines


def rows(text: str):
    places, problems = read_places(text, "my.csv")
    assert not problems, [str(problem) for problem in problems]
    return places.rows


def plan(scenario, seed=1):
    return plan_places(preset_of(scenario.city), scenario.city.population, scenario.city.community_size, 512, seed)


# what is read


def test_communities_come_district_by_district(tmp_path):
    places = city(tmp_path, SMALL).city.communities
    assert [place.community for place in places.rows] == ["A", "C", "B"]
    assert places.districts == ("North", "South")
    assert places.population == 2400
    assert places.rows[2] == ("B", "South", "S1", 800, 0.6, 0.1, 1.0, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("\n", "\r\n"),
        SMALL.replace("\n", "\r"),
        SMALL.replace(",", ";"),
        SMALL.replace(",", "\t"),
        SMALL.replace(",", " , "),
        f"\ufeff{SMALL}",
        f"\n\n{SMALL}\n,,,,,,,\n\n",
        SMALL.removesuffix("\n"),
        SMALL.replace("North", '"North"'),
        SMALL.replace("0.2", "2e-1").replace("800", "800.0"),
    ],
)
def test_dialects_are_the_same_city(text, tmp_path):
    assert city(tmp_path, text).hash == city(tmp_path, SMALL).hash


def test_names_in_any_script_and_in_quotes():
    found = rows('community,population\n陆家嘴,900\n"O\'Brien, ""Old"" St",800\n')
    assert [place.community for place in found] == ["陆家嘴", 'O\'Brien, "Old" St']


def test_without_a_district_there_is_one():
    assert {place.district for place in rows("community,population\nA,900\nB,800\n")} == {"City"}


def test_without_a_subdistrict_about_100000_share_one():
    text = "community,district,population\n" + "".join(f"c{n},{'NS'[n % 2]},10000\n" for n in range(60))
    found = rows(text)
    sizes = {}
    for place in found:
        sizes[place.district, place.subdistrict] = sizes.get((place.district, place.subdistrict), 0) + place.population
    assert list(sizes.values()) == [100_000] * 6
    assert [place.subdistrict for place in found] == sorted(place.subdistrict for place in found)


def test_without_hardship_it_is_that_of_the_presets():
    assert {place.hardship for place in rows("community,population\nA,900\nB,800\n")} == {0.4}
    assert [place.hardship for place in rows("community,population,hardship\nA,900,\nB,800,0\n")] == [0.4, 0.0]


def test_incomes_are_ranks():
    lines = [f"c{n},1000,{income}" for n, income in enumerate([5, 50_000, 700, 700, 20, ""])]
    found = [place.hardship for place in rows("\n".join(["community,population,income", *lines]))]
    assert found[0] > found[4] > found[2] == found[3] > found[1]
    assert found[2] == pytest.approx(0.4 - 0.1 * 0.2533, abs=1e-4)  # 2 of 5 are poorer, 2 of 5 as poor: the 60th percentile of the normal
    assert found[5] == 0.4
    many = "".join(f"c{n},1000,{7**n % 1009}\n" for n in range(30))
    spread = [place.hardship for place in rows(f"community,population,income\n{many}")]
    assert np.mean(spread) == pytest.approx(0.4, abs=0.001)
    assert np.std(spread) == pytest.approx(0.1, abs=0.01)


def test_without_positions_communities_lie_apart_and_districts_together():
    found = rows("community,district,population\n" + "".join(f"c{n},{'NSW'[n % 3]},3000\n" for n in range(60)))
    at = np.array([(place.x, place.y) for place in found])
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + np.eye(60) * 9
    assert apart.min() > 0.2
    nearest = apart.argmin(axis=1)
    assert np.mean([found[k].district == found[n].district for k, n in enumerate(nearest)]) > 0.8
    assert np.ptp(at, axis=0).max() < 10


def test_blank_shares_are_those_of_the_preset(tmp_path):
    text = "community,population,nonlocal_share\nA,900,\nB,800,0.25\n"
    assert plan(city(tmp_path, text)).nonlocal_share == pytest.approx([0.4, 0.25])
    assert plan(city(tmp_path, text, more=", preset: shanghai_2020")).nonlocal_share == pytest.approx([0.421, 0.25])


# what is refused


def test_every_mistake_at_once(tmp_path):
    text = "\n".join(
        [
            "community,distrct,population,hardship,x",
            "A,N,-3,0.4,1",
            "A,N,12000.5,1.4,a",
            '"B,N,3,4,5',
            ',N,"12,000",40%,2',
            'C,N,3000,"0,4",',
            "D,N",
            ",,,,",
            "E,S,3 000,nan,1e999",
            "F,S,3000,.5,5,6",
        ]
    )
    assert [line.split("; expected")[0] for line in told(tmp_path, text)] == [
        "my.csv:1:11: (header): got the unknown column 'distrct'",
        "my.csv:1:39: x: got x alone",
        "my.csv:2:5: population: got -3",
        "my.csv:3:1: community: got the community 'A' again (first in line 2)",
        "my.csv:3:5: population: got 12000.5",
        "my.csv:3:13: hardship: got 1.4",
        "my.csv:3:17: x: got 'a'",
        "my.csv:4:1: (file): got a quote that is not closed in its line",
        "my.csv:5:1: community: got nothing",
        "my.csv:5:4: population: got '12,000'",
        "my.csv:5:13: hardship: got '40%'",
        "my.csv:6:10: hardship: got '0,4'",
        "my.csv:6:16: x: got nothing",
        "my.csv:7:1: (file): got 2 cells",
        "my.csv:9:5: population: got '3 000'",
        "my.csv:9:11: hardship: got 'nan'",
        "my.csv:9:15: x: got 1e999",
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
        ("community,population,\nA,900,\n", "a column without a name"),
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
        ("community,population\n陆家嘴,900\n".encode("gb18030"), "which is not UTF-8"),
        ("community,population\nA,900\n".encode("utf-16"), ":1:1: (file): got UTF-16"),
        (b"PK\x03\x04 spreadsheet", "a spreadsheet or zip file"),
        (b"community,population\nA,900\n\xff\n", ":3:1: (file): got byte 0xff"),
        (b"x" * 9_000_000, "at most 8,388,608 bytes"),
        (b"," * 8_000_000, "a line of 8,000,000 characters"),
        ("community,population\n" + "\n" * 300_000, "more than 200,000 lines"),
        ("community,population\n" + "".join(f"c{n},900\n" for n in range(50_001)), ":50002:1: (file): got more than 50,000 rows"),
        ("community,population\n" + "x,y\n" * 5000, "got more than 1,000 mistakes"),
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
    found = told(tmp_path, text)
    assert part in "\n".join(found)


def test_the_size_that_counts_is_that_at_the_scale(tmp_path):
    text = "community,population\nA,70000\nB,9000\n"
    assert plan(city(tmp_path, text, more=", scale: 0.5")).communities["residents"].tolist() == [35000, 4500]
    assert "at most 65,535 at that scale: several communities, or a smaller scale" in told(tmp_path, text)[0]
    assert (
        "got 70 residents, 1 at scale 0.01; expected at least 2 at that scale: put together with a neighbour, or a scale of at least 0.0286"
        in (told(tmp_path, f"{text}C,70\n", more=", scale: 0.01")[0])
    )
    with pytest.raises(ScenarioError, match=r"city\.communities: got the community 'A' with 70,000 residents, 70,000 at scale 1"):
        city(tmp_path, text, more=", scale: 0.5").with_changes({"city.scale": 1})


def test_a_city_beyond_25_million_needs_a_scale(tmp_path):
    text = "community,population\n" + "".join(f"c{n},60000\n" for n in range(500))
    assert "city.scale: got 1, which makes 30,000,000 residents; expected at most 0.8333" in told(tmp_path, text)[0]
    assert city(tmp_path, text, more=", scale: 0.1").city.population == 3_000_000


def test_refused_neighbours(tmp_path):
    text = "a,b\nA,B\nA,Bb\nB,B\nC,\n\nC,A\nA,C\n"
    assert [line.split("; expected")[0] for line in told(tmp_path, SMALL, edges=text)] == [
        "edges.csv:3:3: b: got the unknown community 'Bb'",
        "edges.csv:4:3: b: got 'B', a neighbour of itself",
        "edges.csv:5:3: b: got nothing",
    ]
    assert "did you mean Alpha?" in told(tmp_path, SMALL.replace("A,N", "Alpha,N"), edges="a,b\nAlph,B\n")[0]


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
        ScenarioError, match=r"city\.communities: got 'my\.csv'; expected a CSV file that a scenario's file names, or the table"
    ):
        load_scenario("baseline").with_changes({"city.communities": "my.csv"})


# what becomes of it


def test_the_content_is_hashed_not_the_path(tmp_path):
    one = city(tmp_path, SMALL)
    other = tmp_path / "other" / "folder"
    other.mkdir(parents=True)
    assert city(other, SMALL).hash == one.hash
    assert str(tmp_path) not in json.dumps(one.canonical())
    assert "my.csv" not in json.dumps(one.canonical())
    for change in (
        SMALL.replace("0.6", "0.61"),
        SMALL.replace("A,", "AA,"),
        SMALL.replace("900", "901"),
        f"{SMALL}D,North,N1,900,0.2,0.5,0,0\n",
    ):
        assert city(tmp_path, change).hash != one.hash
    assert city(tmp_path, SMALL, edges="a,b\nA,B\n").hash != one.hash
    assert city(tmp_path, SMALL, edges="a,b\nB,A\nA,B\n").hash == city(tmp_path, SMALL, edges="b,a\nB,A\n").hash


def test_round_trips_without_the_files(tmp_path):
    scenario = city(tmp_path, SMALL, edges="a,b\nA,B\n")
    again = read_scenario(json.loads(json.dumps(scenario.canonical())))
    shutil.rmtree(tmp_path)
    for other in (again, pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), scenario.with_changes({"seed": 3})):
        assert other.hash == scenario.hash
        assert other.city == scenario.city


def test_a_plan_has_what_was_given(tmp_path):
    places = plan(city(tmp_path, SMALL, edges="a,b\nB,A\n"))
    communities = places.communities
    assert communities["residents"].tolist() == [900, 700, 800]
    assert communities["district"].tolist() == [0, 0, 1]
    assert communities["subdistrict"].tolist() == [0, 0, 1]
    assert communities["hardship"] == pytest.approx([0.2, 0.3, 0.6])
    assert communities["x"].tolist() == [0, 0, 1]
    assert places.nonlocal_share == pytest.approx([0.5, 0.2, 0.1])
    assert places.subdistrict_district.tolist() == [0, 1]
    assert places.names == ("A", "C", "B")
    assert (places.first_neighbour.tolist(), places.neighbours.tolist()) == ([0, 1, 1, 2], [2, 0])


def test_a_plan_owes_nothing_to_luck(tmp_path):
    scenario = city(tmp_path, SMALL)
    assert plan(scenario, 1).communities.tobytes() == plan(scenario, 2).communities.tobytes()


def neighbours(places):
    return [set(places.neighbours[a:b].tolist()) for a, b in zip(places.first_neighbour, places.first_neighbour[1:], strict=False)]


def test_without_borders_the_six_nearest_are_neighbours():
    text = "community,population,x,y\n" + "".join(f"c{n},900,{n % 10},{n // 10}\n" for n in range(100))
    found = neighbours(plan(load_scenario("baseline").with_changes({"city": {"communities": text}})))
    at = np.array([(n % 10, n // 10) for n in range(100)], float)
    distance = ((at[:, None] - at) ** 2).sum(axis=2) + np.eye(100) * 1e9
    near = [set(np.argsort(row, kind="stable")[:6].tolist()) for row in distance]
    assert all(found[a] == near[a] | {b for b in range(100) if a in near[b]} for a in range(100))


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_few_communities_are_all_neighbours(count):
    text = "community,population\n" + "".join(f"c{n},900\n" for n in range(count))
    found = neighbours(plan(load_scenario("baseline").with_changes({"city": {"communities": text}})))
    assert found == [set(range(count)) - {a} for a in range(count)]


def test_presets_have_neighbours_too():
    scenario = load_scenario("baseline")
    found = neighbours(plan(scenario))
    assert len(found) == len(plan(scenario).communities)
    assert min(map(len, found)) >= 6
    assert all(a in found[b] for a, near in enumerate(found) for b in near)


def test_the_districts_of_the_preset_are_sums(tmp_path):
    preset = preset_of(city(tmp_path, SMALL).city)
    north, south = preset.districts
    assert (north.name, north.population, south.population) == ("North", 1600, 800)
    assert north.nonlocal_share == pytest.approx((900 * 0.5 + 700 * 0.2) / 1600)
    assert (preset.population, preset.subdistrict_units, preset.title["zh"]) == (2400, 2, "自定义城市")


def test_a_run_is_repeated_from_its_manifest_without_the_files(tmp_path):
    from sim.experiments.simulate import simulate
    from sim.results import read_run, write_run

    shutil.copytree(EXAMPLE, tmp_path / "example")
    scenario = load_scenario(tmp_path / "example" / "town.yaml").with_changes({"horizon": 3, "timeline": [], "targets": []})
    run = write_run(simulate(scenario), tmp_path / "run")
    shutil.rmtree(tmp_path / "example")
    before = read_run(tmp_path / "run")
    assert before.scenario.hash == scenario.hash
    assert simulate(before.scenario).content_hash == run.content_hash
    assert set(before.districts["district"]) == {"Centre", "Riverside", "Hills"}


def test_people_are_as_their_communities():
    from sim.simulation import Simulation

    text = f"{TABLE}poor,N,N1,3000,0.8,0.9,0,0\nrich,N,N1,3000,0.2,0.1,0,1\nsmall,N,N1,30,0.4,0.5,1,1\nhut,N,N2,2,0.4,0.5,1,2\n"
    simulation = Simulation(load_scenario("baseline").with_changes({"city": {"communities": text}, "horizon": 3}), seed=1)
    communities = simulation.city.world.communities
    assert communities["hardship"][:2] == pytest.approx([0.8, 0.2], abs=0.05)
    local = simulation.city.residents.values("local")
    assert 1 - local[:3000].mean() == pytest.approx(0.9, abs=0.03)
    assert 1 - local[3000:6000].mean() == pytest.approx(0.1, abs=0.03)
    simulation.advance(3)
    near = simulation.city.residents.values("near")
    assert (near[6000:6030] < 30).all()
    assert near[6030:].tolist() in ([[1] * 8, [0] * 8],)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.sampled_from('A1,;\t "\n\r-.e%基\u00a0\x00'), max_size=8), max_size=30))
def test_any_text_is_a_table_or_problems_with_places(cells):
    text = "community,population,hardship\n" + ",".join(cells)
    places, problems = read_places(text, "my.csv", 1.0)
    assert (places is None) == bool(problems)
    assert all(problem.line and problem.column for problem in problems)
    if places is not None:
        assert read_places(places.text, "my.csv") == (places, [])
