"""A user's own rates: accepted forms, messages about mistakes, and fits that follow them."""

import numpy as np
import pandas as pd
import pytest
from cities import small
from click.testing import CliRunner
from some_worlds import ABOUT, some
from workbooks import faults

import sim
from sim.cli import cli
from sim.experiments.calibration.calibrate import calibrate
from sim.scenario.cities.known_rates import known_rates
from sim.scenario.cities.rates_given import read_rates
from sim.scenario.cities.reference_rates import reference_ranges
from sim.worlds.world_set import write_worlds

YEARLY = "per 1,000 residents and year"
TABLE = f"""rate,value,low,high,unit,year,source
rate_criminal,,2.1,2.6,"{YEARLY}",2022,police yearbook
turnout,51.3,48,55,%,2021,election office
rate_suits,95,,,"per 10,000 residents and year",,
"""
FIT = {"residents": 2000, "weeks": 52, "replicates": 2, "evaluations": 4, "free": {"disputes.rate": ("rate_disputes",)}}


def by_name(rates):
    return {one.rate: one for one in rates}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_a_table_is_read_into_the_units_of_the_metrics(file):
    found = by_name(read_rates(file))
    assert (found["rate_criminal"].low, found["rate_criminal"].high, found["rate_criminal"].value) == (2.1, 2.6, None)
    assert (found["turnout"].value, found["turnout"].low, found["turnout"].high) == (0.513, 0.48, 0.55)
    assert (found["turnout"].year, found["turnout"].source) == (2021, "election office")
    assert (found["rate_suits"].low, found["rate_suits"].value, found["rate_suits"].high) == pytest.approx((8.55, 9.5, 10.45))


def test_every_form_says_the_same(file, tmp_path):
    yaml = tmp_path / "rates.yaml"
    yaml.write_text(
        f"rates:\n  - {{rate: rate_criminal, low: 2.1, high: 2.6, unit: '{YEARLY}', year: 2022, source: police yearbook}}\n"
        "  - {rate: turnout, value: 51.3, low: 48, high: 55, unit: '%', year: 2021, source: election office}\n"
        "  - {rate: rate_suits, value: 9.5, unit: 每千人每年}\n",
        encoding="utf-8",
    )
    mapping = {
        "rate_criminal": {"low": 2.1, "high": 2.6, "year": 2022, "source": "police yearbook"},
        "turnout": {"value": 51.3, "low": 48, "high": 55, "unit": "%", "year": 2021, "source": "election office"},
        "rate_suits": np.float64(9.5),
    }
    whole = read_rates(file)
    for given in (
        yaml,
        str(file),
        mapping,
        pd.read_csv(file),
        list(whole),
        [{"rate": name, **about} for name, about in mapping.items() if name != "rate_suits"],
    ):
        found = read_rates(given)
        assert found == whole[: len(found)]
    assert by_name(read_rates({"turnout": (0.48, 0.55)}))["turnout"].high == 0.55


@pytest.mark.parametrize(
    ("row", "place", "told"),
    [
        ('rate_crimnal,,2,3,"per 1,000 residents and year",,', "2:1: rate", "did you mean rate_criminal"),
        ("turnout,,0.4,0.5,per week,,", "2:18: unit", "'per week'; expected a unit of turnout: share, %"),
        ("turnout,,0.4,0.5,,,", "2:18: unit", "got nothing; expected a unit of turnout"),
        ("turnout,,0.5,0.4,share,,", "2:14: high", "got 0.4; expected a number above low (0.5)"),
        ("turnout,,40,140,%,,", "2:13: high", "a number from 0 to 100"),
        ("turnout,0.9,0.4,0.5,share,,", "2:9: value", "from low to high (0.4 to 0.5)"),
        ("turnout,,0.4,,share,,", "2:14: high", "low and high, or a value alone"),
        ("turnout,0,,,share,,", "2:9: value", "low and high beside a value of 0"),
        ("turnout,,0.4,0.5,share,20,", "2:24: year", "a year from 1900 to 2100"),
        ("turnout,,x,0.5,share,,", "2:10: low", "a number from 0 to 1"),
    ],
)
def test_a_mistake_is_reported_with_line_and_column(tmp_path, row, place, told):
    path = tmp_path / "rates.csv"
    path.write_text(f"rate,value,low,high,unit,year,source\n{row}\n", encoding="utf-8")
    with pytest.raises(sim.ScenarioError) as error:
        read_rates(path)
    assert f"{path}:{place}" in str(error.value)
    assert told in str(error.value)


def test_mistakes_in_yaml_have_their_place_and_all_are_reported(tmp_path):
    path = tmp_path / "rates.yaml"
    path.write_text(
        "rates:\n  - {rate: turnout, low: 0.4, high: 0.5, unit: shares}\n  - {rate: turnout, value: 2, unit: share, yaer: 2020}\n"
    )
    with pytest.raises(sim.ScenarioError) as error:
        read_rates(path)
    found = [(problem.line, problem.column, problem.key) for problem in error.value.problems]
    assert found == [(2, 48, "rates.0.unit"), (3, 28, "rates.1.value"), (3, 50, "rates.1.yaer")]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (5, "got a int; expected a CSV or YAML file"),
        ([], "a list of rates"),
        ([5], "a mapping with rate"),
        ({"turnout": "x"}, "a number from 0 to 1"),
    ],
)
def test_something_else_is_reported_in_a_sentence(given, told):
    with pytest.raises(sim.UserError, match=told):
        read_rates(given)


def test_own_rates_go_before_those_of_the_preset_and_these_before_the_reference(tmp_path):
    folder = tmp_path / "mycity"
    folder.mkdir()
    (folder / "rates.csv").write_text(TABLE)
    (folder / "city.yaml").write_text(
        "name: mycity\ntitle: {en: My city, zh: 我市}\npopulation: 40000\nnonlocal_share: 0.2\nhousehold_size: 2.5\nsubdistrict_units: 2\n"
        "community_size: 2000\npolice_per_1000: 2.0\nrates: rates.csv\n"
    )
    (tmp_path / "mine.yaml").write_text("city: {preset: ./mycity, scale: 0.05}\n")
    scenario = sim.load_scenario(tmp_path / "mine.yaml")
    found = known_rates(scenario, {"turnout": (0.3, 0.4)})
    assert [found[name].origin for name in ("turnout", "rate_criminal", "rate_stops")] == ["given", "preset", "reference"]
    assert found["rate_criminal"].note_en == "police yearbook"
    assert set(known_rates(scenario, reference=False)) == {"turnout", "rate_criminal", "rate_suits"}
    again = sim.scenario.read_scenario(scenario.as_data())
    assert known_rates(again)["rate_criminal"].low == 2.1
    assert reference_ranges()["rate_criminal"].low == 2.5
    (folder / "rates.csv").write_text(TABLE.replace("2.1,2.6", "2.6,2.1"))
    with pytest.raises(sim.ScenarioError, match=r"mycity/rates\.csv:2:20: high"):
        sim.load_scenario(tmp_path / "mine.yaml")


def test_no_rates_at_all_are_refused():
    with pytest.raises(sim.UserError, match="rates of your own"):
        known_rates(small(), reference=False)


def test_a_fit_goes_where_the_rates_say_and_the_result_says_which_were_used():
    """Twice the disputes asked for: the coefficient that moves them must rise, and fall where half are asked for."""
    start = calibrate(small(52), **(FIT | {"evaluations": 1}), rates={"rate_disputes": 200}, reference=False)
    lived = start.rates["before"].item()
    moved = []
    for factor in (2.0, 0.5):
        found = calibrate(
            small(52), **FIT, rates={"rate_disputes": {"value": factor * lived, "source": "survey", "year": 2024}}, reference=False
        )
        row = found.rates.iloc[0]
        assert len(found.rates) == 1
        assert (row["origin"], row["source"], row["year"], row["unit"]) == ("given", "survey", 2024, YEARLY)
        assert abs(row["after"] - factor * lived) < 0.5 * abs(lived - factor * lived)
        moved.append(found.coefficients["after"].item() / found.coefficients["before"].item())
    assert moved[0] > 1.3
    assert moved[1] < 0.8


def test_the_commands_take_a_file(tmp_path, file):
    (tmp_path / "town.yaml").write_text("city: {preset: synthetic, residents: 2000, districts: 2}\nhorizon: 52\n")
    short = ["--residents", "2000", "--weeks", "52", "--steps", "1", "--replicates", "2", "--only", "disputes.rate", "--no-effects"]
    out = ["--out", str(tmp_path / "results")]
    done = CliRunner().invoke(cli, ["calibrate", str(tmp_path / "town.yaml"), *short, "--rates", str(file), "--only-rates", *out])
    assert done.exit_code in (0, 1), done.output
    assert "3 given" in done.output
    (table,) = (tmp_path / "results").rglob("rates.csv")
    assert pd.read_csv(table)["rate"].tolist() == ["rate_criminal", "turnout", "rate_suits"]
    file.write_text(TABLE.replace("turnout", "turnuot"))
    refused = CliRunner().invoke(cli, ["history-match", str(tmp_path / "town.yaml"), "--rates", str(file), *out])
    assert refused.exit_code == 2
    assert f"{file}:3:1: rate" in refused.output


def test_figures_fit_what_they_identify_and_districts_are_compared(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.csv").write_text("community,district,population\n" + "".join(f"c{n},{'NS'[n % 2]},700\n" for n in range(6)))
    (tmp_path / "town.yaml").write_text("city: {communities: town.csv}\nhorizon: 1 year\n")
    (tmp_path / "figures.csv").write_text("district,year,contacts,staff\nN,2024,620,22\nS,2024,200,22\n")
    found = sim.calibrate("town.yaml", residents=2100, weeks=52, replicates=2, evaluations=3, figures="figures.csv")
    assert found.coefficients["coefficient"].tolist() == ["mass_work.contact"]
    assert 0.9 < found.coefficients["determined"].item() <= 1
    assert "offending.base" in found.untold
    assert found.rates["rate"].tolist() == ["rate_contacts"]
    assert found.districts[["district", "rate"]].to_numpy().tolist() == [["N", "rate_contacts"], ["S", "rate_contacts"]]
    north, south = found.districts["misfit"]
    assert north < -1 < 1 < south  # the model knows of nothing in which they differ
    assert "104.8 staff per 10,000 residents by your figures" in str(found.settings_told[0])
    write_worlds(some(3), ABOUT, "worlds.parquet")
    options = [
        "--residents",
        "2100",
        "--weeks",
        "52",
        "--replicates",
        "2",
        "--steps",
        "2",
        "--no-effects",
        "--worlds",
        "worlds.parquet",
        "--xlsx",
    ]
    done = CliRunner().invoke(cli, ["calibrate", "town.yaml", "--figures", "figures.csv", *options])
    assert done.exit_code in (0, 1), done.output
    assert "of 3 plausible worlds fit" in done.output
    assert "The figures say nothing about" in done.output
    (page,) = tmp_path.glob("results/town/calibration/*/report.html")
    assert (page.parent / "districts.csv").exists()
    assert faults(page.parent / "tables.xlsx") == []
    assert "数据未能说明的内容" in page.read_text(encoding="utf-8")
    with pytest.raises(sim.UserError, match="figures: baseline has no communities of its own"):
        sim.calibrate("baseline", figures="figures.csv")
