"""Worlds that also fit the known rates of a user's own city."""

import numpy as np
import pytest
from click.testing import CliRunner
from some_worlds import ABOUT, some

import sim
from sim.cli import cli
from sim.dashboard.places import Places
from sim.dashboard.small_city import in_small_city
from sim.errors import ScenarioError, UserError
from sim.experiments.worlds import own_rates
from sim.experiments.worlds.evidence import targets
from sim.experiments.worlds.own_rates import FITTED, fit_to_rates
from sim.scenario.cities.known_rates import known_rates
from sim.scenario.cities.reference_rates import GIVEN
from sim.worlds.world_set import WorldSet, read_worlds, write_worlds

WORLDS = 8
TABLE = 'rate,low,high,unit\nturnout,{low},{high},share\nrate_disputes,0,100000,"per 1,000 residents and year"\n'
CITY = "name: town\nhorizon: 6\ncity: {preset: synthetic, residents: 400, districts: 1, rates: my_rates.csv}\n"


@pytest.fixture(scope="module")
def worlds():
    return WorldSet(some(WORLDS), ABOUT)


@pytest.fixture
def town(tmp_path):
    """Writes a town whose turnout is known, and loads it."""

    def load(low=0.0, high=1.0):
        (tmp_path / "my_rates.csv").write_text(TABLE.format(low=low, high=high), encoding="utf-8")
        (tmp_path / "town.yaml").write_text(CITY, encoding="utf-8")
        return sim.load_scenario(tmp_path / "town.yaml")

    return load


@pytest.fixture(scope="module")
def everywhere(worlds, tmp_path_factory):
    """The worlds judged by a turnout that every one has."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "my_rates.csv").write_text(TABLE.format(low=0.0, high=1.0), encoding="utf-8")
    (folder / "town.yaml").write_text(CITY, encoding="utf-8")
    fit = fit_to_rates(sim.load_scenario(folder / "town.yaml"), worlds, workers=1)
    assert len(fit.kept) == WORLDS
    return fit


@pytest.fixture
def half(town, everywhere, monkeypatch):
    """The town with a turnout that half of the worlds have, and the numbers of those worlds."""
    monkeypatch.setattr(own_rates, "LUCK", 0.0)
    values = everywhere.table[everywhere.table["rate"] == "turnout"].set_index("world")["value"].sort_values()
    middle = float(values.iloc[WORLDS // 2 - 1 : WORLDS // 2 + 1].mean())
    return town(high=round(middle, 6)), sorted(values.index[: WORLDS // 2])


def test_scenario_keeps_the_rates_of_its_city(town):
    scenario = town(0.4, 0.5)
    assert next((one.rate, one.low, one.high) for one in scenario.city.rates.rows) == ("turnout", 0.4, 0.5)
    again = scenario.with_changes({"budget": 1.1})
    assert again.city.rates == scenario.city.rates
    inline = scenario.with_changes({"city": {"preset": "synthetic", "residents": 400, "districts": 1, "rates": scenario.city.rates.text}})
    assert inline.hash == scenario.hash
    assert known_rates(scenario)["turnout"].origin == GIVEN
    assert in_small_city(scenario).city.rates == scenario.city.rates
    other = scenario.with_changes({"city.preset": "beijing_2020"})
    assert other.city.rates is None


def test_a_set_made_for_the_town_aims_at_its_rates(town):
    found = {one.short: (one.low, one.high) for one in targets(town(0.41, 0.42))}
    assert found["turnout"] == (0.41, 0.42)
    assert len(found) > 20


def test_mistakes_in_the_table_are_told_with_their_place(town):
    with pytest.raises(ScenarioError, match=r"my_rates\.csv:2:\d+: high: got 0.2; expected a number above low"):
        town(0.4, 0.2)


def test_worlds_in_which_a_rate_comes_out_wrong_are_left_out(half, worlds):
    scenario, expected = half
    fit = fit_to_rates(scenario, worlds, workers=1)
    assert fit.kept.table["world"].tolist() == expected
    assert fit.rates.set_index("rate")["fits"].to_dict() == {"turnout": WORLDS // 2, "rate_disputes": WORLDS}
    assert fit.of == WORLDS
    assert fit_to_rates(scenario, fit.kept) is None  # a set that was fitted is not judged again
    assert fit_to_rates(scenario.with_changes({"budget": 0.9, "city.residents": 500}), fit.kept) is None


def test_only_as_many_worlds_are_judged_as_are_needed(half, town, worlds):
    scenario, expected = half
    fit = fit_to_rates(scenario, worlds, workers=1, enough=WORLDS // 2)
    assert fit.kept.table["world"].tolist() == expected
    assert fit.of <= WORLDS
    every = fit_to_rates(town(), worlds, workers=1, enough=3)
    drawn = [world.number for world in worlds.sample(every.of)]
    assert 3 <= every.of < WORLDS
    assert every.kept.table["world"].tolist() == drawn


def test_a_world_stays_if_luck_explains_the_miss(town, worlds, everywhere):
    rows = everywhere.table[everywhere.table["rate"] == "turnout"]
    value, luck = rows["value"].max(), rows["luck"].iloc[0]
    assert luck > 0
    top = int(rows.loc[rows["value"].idxmax(), "world"])
    for share, stays in ((0.5, True), (1.5, False)):
        fit = fit_to_rates(town(high=value - share * own_rates.LUCK * luck), worlds, workers=1)
        assert (top in fit.kept.table["world"].tolist()) == stays


def test_without_rates_nothing_is_simulated(worlds):
    assert fit_to_rates(sim.load_scenario("baseline"), worlds) is None


def test_comparison_takes_place_in_worlds_that_fit_the_first_scenario(half, worlds):
    scenario, expected = half
    other = scenario.with_changes({"name": "other", "policy.rule_of_law": 0.1})
    result = sim.compare([scenario, other], worlds=worlds, workers=1, metrics=["stability"])
    assert result.assumptions["world"].tolist() == expected
    assert result.settings["set"]["own_rates"] == {"kept": WORLDS // 2, "of": WORLDS}
    assert result.settings["set"]["count"] == WORLDS


def test_an_interrupted_fit_goes_on_where_runs_are_kept(half, worlds, tmp_path, monkeypatch):
    scenario, expected = half
    run, calls = own_rates.measured, []

    def stopped(*job):
        calls.append(job)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return run(*job)

    monkeypatch.setattr(own_rates, "measured", stopped)
    asked = {"worlds": worlds, "workers": 1, "metrics": ["stability"], "keep": tmp_path / "kept"}
    policies = [scenario, scenario.with_changes({"name": "other", "policy.rule_of_law": 0.1})]
    with pytest.raises(KeyboardInterrupt):
        sim.compare(policies, **asked)
    result = sim.compare(policies, **asked)
    assert result.assumptions["world"].tolist() == expected
    assert len(calls) == 6 + 2 * WORLDS - 5  # every world once, and again for luck, but those that were kept
    assert sim.compare(policies, **asked).batch.outcomes.equals(result.batch.outcomes)
    assert len(calls) == 6 + 2 * WORLDS - 5


def test_few_worlds_are_told_and_none_is_an_error(half, town, worlds):
    scenario, _ = half
    said = [str(line) for line in fit_to_rates(scenario, worlds, workers=1).said]
    assert f"{WORLDS // 2} of {WORLDS} plausible worlds" in said[0]
    assert "sanzhi worlds make" in said[1]
    impossible = town(0.9, 0.91)
    with pytest.raises(UserError, match=r"none of the 8 plausible worlds .*turnout fits in 0.*sanzhi worlds make"):
        sim.compare([impossible, impossible.with_changes({"name": "other"})], worlds=worlds, workers=1)


def test_command_shows_and_writes_what_fits(half, worlds, tmp_path):
    _, expected = half
    path = write_worlds(worlds.table, ABOUT, tmp_path / "worlds.parquet")
    done = CliRunner().invoke(
        cli, ["worlds", "fit", str(tmp_path / "town.yaml"), str(path), "--out", str(tmp_path / "mine.parquet"), "--workers", "1"]
    )
    assert done.exit_code == 0, done.output
    assert f"{WORLDS // 2}/{WORLDS}" in done.output
    mine = read_worlds(tmp_path / "mine.parquet")
    assert mine.table["world"].tolist() == expected
    assert FITTED in mine.about
    refused = CliRunner().invoke(cli, ["worlds", "fit", "baseline", str(path)])
    assert refused.exit_code == 2
    assert "city.rates" in refused.output


def test_dashboard_leaves_the_same_worlds_out(half, worlds):
    scenario, expected = half
    places, small = Places(worlds), in_small_city(scenario)
    assert places.count(small) == WORLDS
    assert "not been compared" in places.said(small, "en")
    places.keep(fit_to_rates(scenario, worlds, workers=1), scenario)
    assert sorted(world.number for world in places.worlds(small)) == expected
    assert "4 of 8" in places.said(small, "en")
    assert "8个" in places.said(small, "zh")
    whole = Places(worlds)
    whole.keep(None, scenario)  # a set that was made for the town
    assert (whole.count(small), whole.said(small, "en")) == (WORLDS, "")
    plain = in_small_city(sim.load_scenario("baseline"))
    assert places.count(plain) == WORLDS
    assert places.said(plain, "en") == ""
    numbers = [places.of(small, run)[1] for run in range(8)]
    assert len(np.unique(numbers)) == 8
