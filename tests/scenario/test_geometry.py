"""Communities as polygons."""

import copy
import json
import sys

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario, read_scenario
from sim.scenario.presets import preset_of

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


def told(folder, data, more=""):
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


def test_islands_and_polygons_that_cross_themselves(tmp_path):
    data = grid()
    two = [square(121, 31), square(121.05, 31.05)]
    data["features"][0]["geometry"] = {"type": "MultiPolygon", "coordinates": two}
    data["features"][5]["geometry"]["coordinates"] = [[[122, 31], [122.1, 31.1], [122.1, 31], [122, 31.1], [122, 31]]]
    pairs = load(tmp_path, data).city.adjacency.pairs
    assert (0, 1) in pairs
    assert not any(5 in pair for pair in pairs)


def test_adjacency_wins_over_borders(tmp_path):
    (tmp_path / "edges.csv").write_text("a,b\n00,21\n")
    assert load(tmp_path, grid(), ", adjacency: edges.csv").city.adjacency.pairs == ((0, 5),)


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
    found = [line.split("; expected")[0] for line in told(tmp_path, data)]
    assert [line.split(": ", 1)[1] for line in found] == [
        "hardshp: got the unknown property 'hardshp'",
        "nonlocal_share: got 3",
        "geometry: got 'Point'",
        "coordinates: got coordinates that make no polygon",
        "population: got -1",
        "community: got the community '00' again (first in line 1)",
        "coordinates: got coordinates that enclose nothing on the globe",
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
        (json.dumps({**grid(), "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}}), "(file): got another coordinate system"),
    ],
)
def test_refused_files(text, part, tmp_path):
    assert part in "\n".join(told(tmp_path, text))


def test_wgs_84_may_be_named(tmp_path):
    data = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, **grid()}
    assert load(tmp_path, data).hash == load(tmp_path, grid()).hash


def test_sizes_count_at_the_scale(tmp_path):
    data = copy.deepcopy(grid())
    data["features"][2]["properties"]["population"] = 70_000
    assert "population: got 70,000 residents, 70,000 at scale 1" in told(tmp_path, data)[0]


def test_polygons_beside_a_table_are_refused(tmp_path):
    (tmp_path / "my.csv").write_text("community,population\nA,900\n")
    assert "city.geometry: got geometry beside communities" in told(tmp_path, grid(), ", communities: my.csv")[0]


def test_without_the_extra_one_line_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    (line,) = told(tmp_path, grid())
    assert line.startswith("mine.yaml:1:18: city.geometry: ")
    assert line.endswith("expected the extra geo: pip install 'sanzhi[geo]'")
