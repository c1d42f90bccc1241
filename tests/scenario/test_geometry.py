"""Communities as polygons."""

import copy
import json
import sys

import pytest
from processes import CPU_SECONDS, processor_seconds

from sim.errors import ScenarioError
from sim.scenario import load_scenario, read_scenario
from sim.scenario.cities.extent import described
from sim.scenario.cities.presets import preset_of

STEP = 0.01


def square(east, north, size=STEP):
    return [[[east, north], [east + size, north], [east + size, north + size], [east, north + size], [east, north]]]


def area(name, east, north, **properties):
    geometry = {"type": "Polygon", "coordinates": square(121 + east * STEP, 31 + north * STEP)}
    return {"type": "Feature", "properties": {"community": name, "population": 3000, **properties}, "geometry": geometry}


def grid():
    """Two rows of three squares."""
    areas = [area(f"{east}{north}", east, north, district="NS"[north]) for north in range(2) for east in range(3)]
    return {"type": "FeatureCollection", "features": areas}


def load(folder, data, more=""):
    text = data if isinstance(data, str) else json.dumps(data, indent=1)
    (folder / "areas.geojson").write_text(text)
    (folder / "mine.yaml").write_text(f"city: {{geometry: areas.geojson{more}}}\n")
    return load_scenario(folder / "mine.yaml")


def reported(folder, data, more=""):
    with pytest.raises(ScenarioError) as caught:
        load(folder, data, more)
    return [line.removeprefix(f"{folder}/") for line in str(caught.value).split("\n")]


@pytest.fixture(autouse=True)
def _extra(request):
    if "without" not in request.node.name:
        pytest.importorskip("shapely", reason="the extra geo is not installed")


def test_positions_are_centroids_in_km(tmp_path):
    places = load(tmp_path, grid()).city.communities.rows
    assert [place.community for place in places] == ["00", "10", "20", "01", "11", "21"]
    wide = 111.195 * 0.857 * STEP
    assert [round(place.x / wide, 2) for place in places] == [-1, 0, 1] * 2
    assert [round(place.y / (111.195 * STEP), 2) for place in places] == [-0.5] * 3 + [0.5] * 3
    given = grid()
    for number, feature in enumerate(given["features"]):
        feature["properties"].update(x=number, y=0)
    assert [place.x for place in load(tmp_path, given).city.communities.rows] == list(range(6))


def test_neighbours_share_a_border_and_not_just_a_corner(tmp_path):
    assert load(tmp_path, grid()).city.adjacency.pairs == ((0, 1), (0, 3), (1, 2), (1, 4), (2, 5), (3, 4), (4, 5))


def test_small_gaps_are_no_obstacle(tmp_path):
    loose = grid()
    for feature in loose["features"]:
        west, south = feature["geometry"]["coordinates"][0][0]
        feature["geometry"]["coordinates"] = square(west + 0.000005, south + 0.000005, STEP - 0.00001)  # gaps of a metre
    assert load(tmp_path, loose).city.adjacency.pairs == load(tmp_path, grid()).city.adjacency.pairs


def test_islands_are_one_community(tmp_path):
    data = grid()
    data["features"][0]["geometry"] = {"type": "MultiPolygon", "coordinates": [square(121, 31), square(121.05, 31.05)]}
    assert (0, 1) in load(tmp_path, data).city.adjacency.pairs


def test_a_border_that_crosses_itself_is_refused_and_one_that_touches_itself_is_mended(tmp_path, caplog):
    data = grid()
    data["features"][5]["geometry"]["coordinates"] = [[[122, 31], [122.1, 31.1], [122.1, 31], [122, 31.1], [122, 31]]]
    (line,) = reported(tmp_path, data)
    assert "got a border that crosses itself at 122.05 31.05, in feature 6: 21" in line
    touching = [[122, 31], [122.2, 31], [122.2, 31.2], [122.1, 31], [122, 31.2], [122, 31]]  # the third side meets the first
    data["features"][5]["geometry"]["coordinates"] = [touching]
    load(tmp_path, data)
    assert "borders that touch themselves are mended (1 features)" in caplog.text


def test_an_open_ring_is_closed_and_reported(tmp_path, caplog):
    data = grid()
    whole = load(tmp_path, data).hash
    assert not caplog.records
    for feature in data["features"][:2]:
        feature["geometry"]["coordinates"][0].pop()
    assert load(tmp_path, data).hash == whole
    assert "rings that are not closed are closed (2 features)" in caplog.text


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda x, y: [y, x], "got latitude before longitude (31, 121)"),
        (lambda x, y: [x * 111_320, y * 120_000], "which are metres of a projection"),
    ],
)
def test_other_axes_are_reported_in_one_line(change, part, tmp_path):
    data = grid()
    for feature in data["features"]:
        feature["geometry"]["coordinates"] = [[change(*point) for point in ring] for ring in feature["geometry"]["coordinates"]]
    (line,) = reported(tmp_path, data)
    assert part in line
    assert "in 6 features (1: 00, 2: 10, 3: 20 ...)" in line


def test_where_a_city_lies_and_how_large_it_is(tmp_path):
    places = load(tmp_path, grid()).city.communities
    assert str(described(places)) == "middle at 31.01° N, 121.02° E; 2.86 × 2.22 km, 6.358 square km; 2,831 residents per square km"
    munich = grid()
    for feature in munich["features"]:
        feature["geometry"]["coordinates"] = [[[y + 17.1, x - 109.4] for x, y in ring] for ring in feature["geometry"]["coordinates"]]
    places = load(tmp_path, munich, ", scale: 0.5").city.communities
    assert "if your city lies at 48.11° N, 11.61° E, the file has the axes swapped" in str(described(places))


@pytest.mark.parametrize(
    ("points", "part"),
    [
        ((100_000, 3e-6), "got a border of 100,004 points"),
        ((9000, 1e-6), "pieces lie within 2 m of each other"),
    ],
)
def test_borders_without_end_are_refused_soon(points, part, tmp_path):
    number, step = points
    points, data = [[121 + step * i, 31 + 0.05 * (i % 2)] for i in range(number)], grid()
    data["features"][0]["geometry"]["coordinates"] = [[*points, [points[-1][0], 30], [121, 30], points[0]][:100_004]]
    data["features"][0]["geometry"]["coordinates"][0].insert(0, points[0])
    found, seconds = processor_seconds(lambda: reported(tmp_path, json.dumps(data)))
    assert part in found[0]
    assert seconds < CPU_SECONDS


def test_more_features_than_communities_are_refused_soon(tmp_path):
    data = {"type": "FeatureCollection", "features": [area(f"c{n}", n % 200, n // 200) for n in range(20_001)]}
    found, seconds = processor_seconds(lambda: reported(tmp_path, json.dumps(data)))
    assert "more than 20,000 features" in found[0]
    assert seconds < 6 * CPU_SECONDS  # each of them is read


def test_properties_in_chinese_and_those_that_software_adds(tmp_path, caplog):
    data = grid()
    whole = load(tmp_path, data).hash
    for number, feature in enumerate(data["features"]):
        old = feature["properties"]
        feature["properties"] = {
            "OBJECTID": number,
            "社区": old["community"],
            "常住人口": "3,000",
            "所属区": old["district"],
            "Shape_Area": 1.5,
        }
    assert load(tmp_path, data).hash == whole
    assert "社区 = community" in caplog.text
    assert "left out: OBJECTID, Shape_Area" in caplog.text
    data["features"][2]["properties"]["常住人口"] = "三千"
    (line,) = reported(tmp_path, json.dumps(data, ensure_ascii=False))
    assert "常住人口: got '三千', in feature 3: 20; expected a whole number" in line


def test_gb18030_is_recognised(tmp_path, caplog):
    data = grid()
    data["features"][0]["properties"]["community"] = "陆家嘴街道"
    (tmp_path / "areas.geojson").write_bytes(json.dumps(data, ensure_ascii=False).encode("gb18030"))
    (tmp_path / "mine.yaml").write_text("city: {geometry: areas.geojson}\n")
    assert "陆家嘴街道" in load_scenario(tmp_path / "mine.yaml").city.communities.number
    assert "areas.geojson: read as GB18030" in caplog.text


def test_adjacency_wins_over_borders(tmp_path):
    (tmp_path / "edges.csv").write_text("a,b\n00,21\n")
    assert load(tmp_path, grid(), ", adjacency: edges.csv").city.adjacency.pairs == ((0, 5),)


def test_facilities_are_a_property_like_any_other(tmp_path):
    data = grid()
    for number, feature in enumerate(data["features"]):
        feature["properties"]["facilities"] = 10 * number
    scenario = load(tmp_path, data)
    known = {place.community: place.facilities for place in scenario.city.communities.rows}
    assert known == {feature["properties"]["community"]: 10 * number for number, feature in enumerate(data["features"])}
    assert read_scenario(scenario.canonical()).hash == scenario.hash


def test_it_is_kept_as_tables(tmp_path):
    scenario = load(tmp_path, grid())
    kept = scenario.canonical()["city"]
    assert set(kept) == {"communities", "adjacency", "preset", "scale"}
    assert read_scenario(scenario.canonical()).hash == scenario.hash
    assert [district.name for district in preset_of(scenario.city).districts] == ["N", "S"]
    assert scenario.with_changes({"city.scale": 0.5}).city.population == 9000


def test_every_mistake_at_once(tmp_path):
    data = grid()
    features = data["features"]
    features[0]["properties"].update(hardshp=1, nonlocal_share=3)
    features[1]["geometry"] = {"type": "Point", "coordinates": [1, 2]}
    features[2]["geometry"]["coordinates"] = "x"
    features[3]["properties"]["population"] = -1
    features[4]["properties"]["community"] = "00"
    features[5]["geometry"]["coordinates"] = square(12100, 3100)
    found = [line.split("; expected")[0] for line in reported(tmp_path, data)]
    assert [line.split(": ", 1)[1] for line in found] == [
        "nonlocal_share: got 3, in feature 1: 00",
        "geometry: got 'Point', in feature 2: 10",
        "coordinates: got coordinates that make no polygon, in feature 3: 20",
        "population: got -1, in feature 4: 01",
        "community: got the community '00' again (first in feature 1), in feature 5: 00",
        "coordinates: got coordinates such as 12100, 3100, which are metres of a projection, in feature 6: 21",
    ]
    lines = json.dumps(data, indent=1).split("\n")
    for line in found:
        _, row, column, key = line.split(":")[:4]
        key = key.strip()
        assert f'"{key}": ' in lines[int(row) - 1]
        assert lines[int(row) - 1][int(column) - 1 :][0] not in ' :"' or key in ("geometry", "community", "coordinates")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "1:1: (file): got text that is not GeoJSON"),
        ("[1]", "1:1: (file): got text that is not GeoJSON"),
        ("{}", "(file): got the type nothing"),
        (json.dumps(area("A", 0, 0)), "(file): got the type 'Feature'"),
        ('{"type": "FeatureCollection", "features": []}', "(file): got no features"),
        ('{"type": "FeatureCollection"}', "(file): got no features"),
        ('{"type": "FeatureCollection", "features": [1]}', '1:44: (file): got 1; expected an object with "type": "Feature"'),
        ('{"type": "FeatureCollection",\n "features": [{"type": "Feature"', "2:"),
        (json.dumps(grid()).replace("31.01", "NaN"), "NaN is no JSON"),
        ('{"type":"FeatureCollection","features":[' + "[" * 100_000, "(file): got"),
        ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"population":' + "9" * 5000 + "}}]}", "not JSON"),
        ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":null,"geometry":null}]}', "properties: got nothing"),
        (json.dumps({**grid(), "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}}), "which are no metres of urn:ogc"),
        (json.dumps({**grid(), "crs": {"properties": {"name": "EPSG:0"}}}), "(file): got the unknown coordinate system 'EPSG:0'"),
    ],
)
def test_refused_files(text, part, tmp_path):
    assert part in "\n".join(reported(tmp_path, text))


def test_wgs_84_may_be_named(tmp_path):
    data = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, **grid()}
    assert load(tmp_path, data).hash == load(tmp_path, grid()).hash


def test_sizes_count_at_the_scale(tmp_path):
    data = copy.deepcopy(grid())
    data["features"][2]["properties"]["population"] = 70_000
    assert "population: got 70,000 residents, 70,000 at scale 1" in reported(tmp_path, data)[0]


def test_polygons_beside_a_table_are_refused(tmp_path):
    (tmp_path / "my.csv").write_text("community,population\nA,900\n")
    assert "city.geometry: got geometry beside communities" in reported(tmp_path, grid(), ", communities: my.csv")[0]


def test_without_the_extra_one_line_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    (line,) = reported(tmp_path, grid())
    assert line.startswith("mine.yaml:1:18: city.geometry: ")
    assert line.endswith("expected the extra geo: pip install 'sanzhi[geo]'")
