"""City presets: totals, districts and sources."""

import numpy as np
import pytest

from sim.errors import UserError
from sim.scenario import load_scenario
from sim.scenario.cities.presets import list_presets, load_preset, preset_of, synthetic_districts
from sim.simulation import Simulation


def test_presets_are_listed():
    assert list_presets() == ["beijing_2020", "huzhou_2020", "reykjavik_2015", "shanghai_2020", "synthetic", "vienna_2019"]


@pytest.mark.parametrize(
    ("name", "population", "nonlocal_share", "household", "units"),
    [("shanghai_2020", 24_870_895, 0.421, 2.32, 214), ("beijing_2020", 21_893_095, 0.385, 2.31, 343)],
)
def test_real_cities(name, population, nonlocal_share, household, units):
    preset = load_preset(name)
    assert (preset.population, preset.nonlocal_share) == (population, nonlocal_share)
    assert (preset.household_size, preset.subdistrict_units, preset.community_size, preset.police_per_1000) == (household, units, 3000, 2.4)
    assert len(preset.districts) == 16
    assert sum(district.population for district in preset.districts) == population
    assert all(district.nonlocal_share is None for district in preset.districts)
    assert len({(district.x, district.y) for district in preset.districts}) == 16


REAL = [name for name in list_presets() if name != "synthetic"]


@pytest.mark.parametrize(
    ("name", "currency", "money_key", "districts"),
    [("huzhou_2020", "CNY", "yuan", 5), ("vienna_2019", "EUR", "eur", 23), ("reykjavik_2015", "ISK", "isk", 10)],
)
def test_cities_of_other_sizes_and_countries(name, currency, money_key, districts):
    scenario = load_scenario("baseline").with_changes({"city": {"preset": name, "scale": 0.01}})
    preset = preset_of(scenario.city)
    assert (preset.currency, scenario.money_key, len(preset.districts)) == (currency, money_key, districts)
    assert scenario.staffing.money_for(scenario.staffing.staff).sum() == pytest.approx(0.95 * scenario.staffing.budget, rel=2e-3)


@pytest.mark.parametrize("name", REAL)
def test_a_real_city_has_a_plausible_density_and_lives_for_some_weeks(name):
    preset = load_preset(name)
    size = {"preset": name, "scale": 0.005 if preset.population > 1_000_000 else 0.05}
    simulation = Simulation(load_scenario("baseline").with_changes({"city": size, "horizon": 6}), seed=1)
    communities = simulation.city.world.communities
    ground = float(np.ptp(communities["x"])) * float(np.ptp(communities["y"]))
    assert 500 < preset.population / ground < 15_000  # per square km
    assert communities["density"].min() > 0.02  # 1: the mean of the city
    assert communities["density"].max() < 5
    simulation.advance(6)
    shares = [np.mean(simulation.city.residents.values(column)) for column in ("service", "legitimacy")]
    assert all(0.2 < share < 0.95 for share in shares)


@pytest.mark.parametrize("name", list_presets())
def test_every_number_has_a_source(name):
    preset = load_preset(name)
    numbers = {
        "population",
        "nonlocal_share",
        "household_size",
        "subdistrict_units",
        "community_size",
        "police_per_1000",
        "budget_per_resident",
    }
    assert numbers <= set(preset.sources)
    assert preset.name == name
    assert set(preset.title) == {"en", "zh"}


@pytest.mark.parametrize(("count", "population"), [(1, 256), (4, 20_000), (7, 1_000_003), (64, 25_000_000)])
def test_made_districts_add_up(count, population):
    districts = synthetic_districts(count, population)
    sizes = [district.population for district in districts]
    assert sum(sizes) == population
    assert all(before + 1 >= after for before, after in zip(sizes, sizes[1:], strict=False))
    assert len({district.name for district in districts}) == count


def test_the_preset_of_a_scenarios_city():
    baseline = load_scenario("baseline")
    assert preset_of(baseline.city) == load_preset("shanghai_2020")
    made = preset_of(baseline.with_changes({"city": {"preset": "synthetic", "residents": 999, "districts": 3}}).city)
    assert made.population == sum(district.population for district in made.districts) == 999
    assert len(made.districts) == 3


def test_unknown_preset():
    with pytest.raises(UserError, match="presets are beijing_2020"):
        load_preset("atlantis")
