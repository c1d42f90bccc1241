"""A user's own preset: a folder beside the scenario."""

import shutil
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario, read_scenario
from sim.scenario.cities.presets import list_presets, load_preset, preset_of
from sim.scenario.cities.shipped import shipped_root

CITY = """\
name: mycity
title: {en: My city, zh: 我的城市}
population: 300000
districts: districts.csv
nonlocal_share: 0.385
household_size: 2.31
subdistrict_units: 3
community_size: 3000
police_per_1000: 1.9
"""
DISTRICTS = "district,name_zh,population,nonlocal_share,x,y\nEast,东区,200000,,5,0\nWest,,100000,0.2,-5,0\n"


def load(folder: Path, city: str = CITY, districts: str | None = DISTRICTS, more: str = ""):
    (folder / "mycity").mkdir(exist_ok=True)
    (folder / "mycity" / "city.yaml").write_text(city)
    if districts is not None:
        (folder / "mycity" / "districts.csv").write_text(districts)
    (folder / "mine.yaml").write_text(f"city: {{preset: ./mycity, scale: 0.1{more}}}\n")
    return load_scenario(folder / "mine.yaml")


def reported(folder: Path, *args, **kwargs) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(folder, *args, **kwargs)
    return [line.removeprefix(f"{folder}/").split("; expected")[0] for line in str(caught.value).split("\n")]


def test_a_folder_is_a_preset(tmp_path):
    scenario = load(tmp_path)
    preset = preset_of(scenario.city)
    assert (scenario.city.preset, scenario.city.population, preset.household_size) == ("./mycity", 30_000, 2.31)
    assert [(d.name, d.name_zh, d.population, d.nonlocal_share) for d in preset.districts] == [
        ("East", "东区", 200_000, None),
        ("West", "West", 100_000, 0.2),
    ]


@pytest.mark.parametrize("name", [name for name in list_presets() if name != "synthetic"])
def test_a_copy_of_a_shipped_one_is_the_same_city(name, tmp_path):
    shutil.copytree(shipped_root() / "cities" / name, tmp_path / "copy")
    (tmp_path / "mine.yaml").write_text("city: {preset: ./copy}\n")
    scenario = load_scenario(tmp_path / "mine.yaml")
    assert preset_of(scenario.city) == load_preset(name)
    assert scenario.city.preset == f"./{name}"


def test_the_content_is_kept_not_the_path(tmp_path):
    scenario = load(tmp_path)
    shutil.rmtree(tmp_path / "mycity")
    assert read_scenario(scenario.canonical()).hash == scenario.hash
    assert read_scenario(scenario.canonical()).city == scenario.city
    assert scenario.with_changes({"city.scale": 0.2}).city.population == 60_000
    assert load(tmp_path, districts=DISTRICTS.replace("0.2", "0.3")).hash != scenario.hash


def test_another_preset_takes_its_place(tmp_path):
    scenario = load(tmp_path)
    assert scenario.with_changes({"city.preset": "beijing_2020"}).city.as_data() == {
        "preset": "beijing_2020",
        "scale": 0.1,
        "community_size": 3000,
    }
    with pytest.raises(ScenarioError, match=r"city\.preset: got '\./other'; expected a folder beside the scenario's file"):
        scenario.with_changes({"city.preset": "./other"})


def test_its_rates_hold_for_communities_of_ones_own(tmp_path):
    (tmp_path / "my.csv").write_text("community,population\nA,9000\n")
    preset = preset_of(load(tmp_path, more=", communities: my.csv").city)
    assert (preset.nonlocal_share, preset.household_size, preset.population) == (0.385, 2.31, 9000)


def test_mistakes_of_both_files_at_once(tmp_path):
    city = CITY.replace("2.31", "12").replace("police", "polise").replace("en:", "fr:")
    districts = "district,population,x,y\nEast,200000,1\nEast,-1,1,1\nWest,100000,1,z\nWest,2,3,4\n"
    found = reported(tmp_path, city, districts)
    assert found == [
        "mycity/city.yaml:1:1: police_per_1000: got nothing",
        "mycity/city.yaml:2:13: title.fr: got 'fr'",
        "mycity/city.yaml:6:17: household_size: got 12",
        "mycity/city.yaml:9:18: polise_per_1000: got the unknown key 'polise_per_1000'",
        "mycity/districts.csv:2:1: (file): got 3 cells",
        "mycity/districts.csv:3:6: population: got -1",
        "mycity/districts.csv:4:15: y: got 'z'",
        "mycity/districts.csv:5:1: district: got the district 'West' again (first in line 4)",
    ]


@pytest.mark.parametrize(
    ("city", "districts", "part"),
    [
        (CITY.replace("300000", "300001"), DISTRICTS, "mycity/city.yaml:3:13: population: got 300,001"),
        (CITY.replace("districts.csv", "../districts.csv"), DISTRICTS, "mycity/city.yaml:4:12: districts: got '../districts.csv'"),
        (CITY.replace("districts.csv", "none.csv"), DISTRICTS, "districts: got 'none.csv', which does not exist"),
        (CITY.replace("districts.csv", "[1]"), DISTRICTS, "mycity/city.yaml:4:12: districts: got a list of 1"),
        (CITY, "", "mycity/districts.csv:1:1: (file): got an empty file"),
        (CITY, "district,population\nEast,300000\n", "mycity/districts.csv:1:1: (header): got no column x and no column y"),
        ("name: [\n", DISTRICTS, "mycity/city.yaml:2:1: name.0: got text that is not YAML"),
        ("", DISTRICTS, "mycity/city.yaml:1:1: (file): got an empty file"),
        (CITY.replace("mycity", "my city"), DISTRICTS, "mycity/city.yaml:1:7: name: got 'my city'"),
        (CITY.replace("1.9", "no"), DISTRICTS, "mycity/city.yaml:9:18: police_per_1000: got 'no'"),
        (
            CITY,
            "district,population,x,y\nEast,299999,1,2\nWest,1,2,3\n",
            "mine.yaml:1:33: city.scale: got 0.1, at which the district West has 0",
        ),
    ],
)
def test_refused_folders(city, districts, part, tmp_path):
    assert part in "\n".join(reported(tmp_path, city, districts))


def test_without_a_table_districts_are_made(tmp_path):
    preset = preset_of(load(tmp_path, CITY.replace("districts: districts.csv\n", ""), None).city)
    assert sum(district.population for district in preset.districts) == 300_000
    assert len(preset.districts) == 4


@pytest.mark.parametrize("name", ["../mycity", "./nowhere", "./link", "/etc", "./mine.yaml"])
def test_folders_lie_beside_the_scenario_or_below(name, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(shipped_root() / "cities" / "beijing_2020", tmp_path / "mycity")
    (home / "link").symlink_to(tmp_path / "mycity")
    (home / "mine.yaml").write_text(f"city: {{preset: {name}}}\n")
    with pytest.raises(ScenarioError):
        load_scenario(home / "mine.yaml")


COEFFICIENTS = "mechanisms: {mass_work: {contact: 0.5}, disputes: {rate: 1}}\n"


def test_a_preset_has_coefficients_of_its_own_which_a_scenario_may_replace(tmp_path):
    scenario = load(tmp_path, city=CITY + COEFFICIENTS)
    assert (scenario.mechanisms["mass_work"].contact, scenario.mechanisms["disputes"].rate) == (0.5, 1.0)
    assert scenario.mechanisms["mass_work"].requests == load(tmp_path).mechanisms["mass_work"].requests
    assert scenario.hash != load(tmp_path).hash
    (tmp_path / "mycity" / "city.yaml").write_text(CITY + COEFFICIENTS)
    (tmp_path / "mine.yaml").write_text("city: {preset: ./mycity, scale: 0.1}\nmechanisms: {mass_work: {contact: 0.2}}\n")
    mine = load_scenario(tmp_path / "mine.yaml")
    assert (mine.mechanisms["mass_work"].contact, mine.mechanisms["disputes"].rate) == (0.2, 1.0)
    assert read_scenario(mine.canonical()).hash == mine.hash


def test_coefficients_stay_with_their_city(tmp_path):
    """Another preset brings its own; what the scenario changed itself it keeps."""
    usual = load_scenario("baseline")
    beijing = usual.with_changes({"city.preset": "beijing_2020", "mechanisms.disputes.rate": 0.3})
    assert beijing.mechanisms["mass_work"].contact == load_preset("beijing_2020").mechanisms["mass_work"]["contact"]
    assert beijing.with_changes({"horizon": 30, "city.scale": 0.001}).mechanisms == beijing.mechanisms
    back = beijing.with_changes({"city.preset": "shanghai_2020"})
    assert back.mechanisms["mass_work"] == usual.mechanisms["mass_work"]
    assert back.mechanisms["disputes"].rate == 0.3
    assert load(tmp_path, city=CITY + COEFFICIENTS).with_changes({"city.preset": "shanghai_2020"}).mechanisms == usual.mechanisms


def test_mistakes_in_coefficients_are_reported_at_once(tmp_path):
    wrong = "mechanisms:\n  mass_wrk: {contact: 1}\n  mass_work: {contct: 1, contact: 99, again: much}\n  disputes: 3\n"
    found = reported(tmp_path, city=CITY + wrong)
    assert [line.split(" (")[0] if "did you" in line else line for line in found] == found
    assert len(found) == 5
    for words in ("mass_wrk", "contct", "99", "much", "mechanisms.disputes"):
        assert any(words in line for line in found), (words, found)
    assert len(reported(tmp_path, city=CITY + "mechanisms: 3\n")) == 1
