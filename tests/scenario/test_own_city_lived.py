"""Communities of one's own: what becomes of them in a scenario, a city and its runs."""

import copy
import json
import pickle
import shutil

import numpy as np
import pytest
from own_cities import EXAMPLE, SMALL, TABLE, city, layout

from sim.scenario import load_scenario, read_scenario
from sim.scenario.cities.presets import preset_of


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
    places = layout(city(tmp_path, SMALL, edges="a,b\nB,A\n"))
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


def test_of_a_plan_only_what_was_not_given_depends_on_the_seed(tmp_path):
    scenario = city(tmp_path, SMALL)
    one, other = (layout(scenario, seed).communities for seed in (1, 2))
    assert (one["attraction"] != other["attraction"]).any()
    for drawn in ("attraction", "estates", "bonds"):
        one[drawn] = other[drawn]
    assert one.tobytes() == other.tobytes()


def neighbours(places):
    return [set(places.neighbours[a:b].tolist()) for a, b in zip(places.first_neighbour, places.first_neighbour[1:], strict=False)]


def test_without_borders_the_six_nearest_are_neighbours():
    text = "community,population,x,y\n" + "".join(f"c{n},900,{n % 10},{n // 10}\n" for n in range(100))
    found = neighbours(layout(load_scenario("baseline").with_changes({"city": {"communities": text}})))
    at = np.array([(n % 10, n // 10) for n in range(100)], float)
    distance = ((at[:, None] - at) ** 2).sum(axis=2) + np.eye(100) * 1e9
    near = [set(np.argsort(row, kind="stable")[:6].tolist()) for row in distance]
    assert all(found[a] == near[a] | {b for b in range(100) if a in near[b]} for a in range(100))


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_few_communities_are_all_neighbours(count):
    text = "community,population\n" + "".join(f"c{n},900\n" for n in range(count))
    found = neighbours(layout(load_scenario("baseline").with_changes({"city": {"communities": text}})))
    assert found == [set(range(count)) - {a} for a in range(count)]


def test_presets_have_neighbours_too():
    scenario = load_scenario("baseline")
    found = neighbours(layout(scenario))
    assert len(found) == len(layout(scenario).communities)
    assert min(map(len, found)) >= 6
    assert all(a in found[b] for a, near in enumerate(found) for b in near)


def test_the_districts_of_the_preset_are_sums(tmp_path):
    preset = preset_of(city(tmp_path, SMALL).city)
    north, south = preset.districts
    assert (north.name, north.population, south.population) == ("North", 1600, 800)
    assert north.nonlocal_share == pytest.approx((900 * 0.5 + 700 * 0.2) / 1600)
    assert (preset.population, preset.subdistrict_units, preset.title["zh"]) == (2400, 2, "自定义城市")


def test_a_run_is_repeated_from_its_manifest_without_the_files(tmp_path):
    from sim.experiments.runs.simulate import simulate
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
