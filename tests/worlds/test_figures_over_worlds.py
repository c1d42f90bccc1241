"""What a city's own rates identify is fitted to them in every world, and all else of the world stays."""

import pytest
from click.testing import CliRunner
from some_worlds import ABOUT, some

import sim
from sim.cli import cli
from sim.experiments.worlds.check import check_worlds
from sim.experiments.worlds.own_rates import fit_to_rates
from sim.worlds.world_set import WorldSet, read_worlds, write_worlds

WORLDS = 4
TOWN = "name: town\nhorizon: 6\ncity:\n  preset: synthetic\n  residents: 1200\n  districts: 1\n  rates: |\n    rate,low,high,unit\n"
RATE = '    rate_contacts,200,260,"per 1,000 residents and year"\n'
COEFFICIENT = "mass_work.contact"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.yaml"
    file.write_text(TOWN + RATE, encoding="utf-8")
    return sim.load_scenario(file)


@pytest.fixture(scope="module")
def worlds():
    table = some(WORLDS)
    table["rate:rate_contacts"] = 230.0
    return WorldSet(table, ABOUT)


@pytest.fixture(scope="module")
def fit(town, worlds):
    fitted = town.with_changes({f"mechanisms.{COEFFICIENT}": 0.3})
    return fit_to_rates(fitted, worlds, workers=1)


def test_only_what_the_rates_identify_moves_and_more_worlds_fit(fit, worlds):
    assert fit.coefficients == (COEFFICIENT,)
    assert fit.before < len(fit.kept)
    assert f"{len(fit.kept)} of {WORLDS}" in str(fit.said[0])
    kept = fit.kept.table.set_index("world")
    start = worlds.table.set_index("world").loc[kept.index]
    moved = [name for name in kept if (kept[name] != start[name]).any()]
    assert moved == [COEFFICIENT]
    assert "rate:rate_contacts" not in kept  # it was that of another city
    values = fit.table[fit.table["world"].isin(kept.index)]["value"]
    assert values.nunique() == len(kept)  # goals are spread over the range


def test_worlds_replace_the_fitted_value_and_no_other(fit, town):
    world = next(iter(fit.kept))
    of = lambda scenario: world.apply(scenario).mechanisms["mass_work"].contact  # noqa: E731
    assert of(town) == of(town.with_changes({f"mechanisms.{COEFFICIENT}": 0.3})) == world.coefficients[COEFFICIENT]
    assert of(town.with_changes({f"mechanisms.{COEFFICIENT}": 0.4})) == 0.4


def test_a_written_set_is_not_judged_again(fit, town, tmp_path):
    path = write_worlds(fit.kept.table, fit.kept.about, tmp_path / "mine.parquet")
    again = read_worlds(path)
    assert fit_to_rates(town, again) is None
    assert dict(next(iter(again)).own) == {COEFFICIENT: 0.3}
    shown = CliRunner().invoke(cli, ["worlds", "check", str(path)])
    assert shown.exit_code == 2
    assert "check the set that it was fitted from" in shown.output
    with pytest.raises(sim.errors.UserError):
        check_worlds(path)
