"""`sanzhi sweep` and then `sanzhi analyze`, for real."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from workbooks import faults

import sim
from sim.cli import cli

pytest.importorskip("SALib", reason="the extra `analysis` is not installed")
STUDY = """scenario: tiny.yaml
horizon: 26
design: {kind: lhs, samples: 40}
factors: {stance.transparency: {low: 0, high: 1}, policy.rule_of_law: {low: 0, high: 0.3}, stance.patrol_targeting: [even, reported]}
replicates: 2
outcomes: {stability: last_year, satisfaction: last_year, stops: last_year}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("study")
    (place / "tiny.yaml").write_text("name: tiny\ncity: {preset: synthetic, residents: 2048, districts: 1}\n")
    (place / "asked.yaml").write_text(STUDY)
    sim.sweep(str(place / "asked.yaml"), place / "results", workers=1)
    return place / "results" / "asked"


def test_a_real_study_is_analysed(folder):
    found = sim.analyze(sim.read_study(folder))
    assert found.counts["done"] == 80
    assert found.uncertain == []
    assert found.better == {"stability": "more", "satisfaction": "more"}  # stops have no direction
    assert set(found.sensitivity["outcome"]) == {"stability", "satisfaction", "stops"}
    stops = found.sensitivity[(found.sensitivity["outcome"] == "stops") & (found.sensitivity["measure"] == "delta")].set_index("factor")
    assert stops["value"].idxmax() == "policy.rule_of_law"  # police are paid from it
    assert len(found.front) == 40
    assert found.robust["futures"].eq(2).all()


def test_the_command_says_what_was_found_and_where_the_page_is(folder, tmp_path):
    result = CliRunner().invoke(cli, ["analyze", str(folder), "--target", "stability >= 0.3", "--out", str(tmp_path), "--xlsx"])
    assert result.exit_code == 0, result.output
    assert "80 of 80 runs" in result.output
    assert "Stability ≥ 0.30" in result.output
    assert (tmp_path / "report.html").is_file()
    assert faults(tmp_path / "tables.xlsx") == []
    assert len(pd.read_csv(tmp_path / "sensitivity.csv")) == 3 * 3 * 3
    quiet = CliRunner().invoke(cli, ["analyze", str(folder), "-q", "--lang", "zh"])
    assert quiet.output.strip() == str(folder / "analysis" / "report.html")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--target", "stability = 0.6"], "expected an outcome, >= or <=, and a number"),
        (["--target", "stability >= e"], "expected an outcome, >= or <=, and a number"),
        (["--target", "stabilty >= 0.6"], "did you mean stability?"),
        (["--uncertain", "stance.transparancy"], "did you mean stance.transparency?"),
    ],
)
def test_mistakes_are_reported_in_a_line(folder, arguments, told):
    result = CliRunner().invoke(cli, ["analyze", str(folder), *arguments])
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_folder_without_a_study_is_reported(tmp_path):
    result = CliRunner().invoke(cli, ["analyze", str(tmp_path)])
    assert result.exit_code == 2
    assert "expected the folder of a study" in result.output
    assert not list(tmp_path.iterdir())


def test_help_is_quick_to_load_nothing_heavy():
    import subprocess
    import sys

    code = "import sys; import sim.commands.analyze, sim.commands.optimize; import json; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert not {"pandas", "numpy", "matplotlib", "SALib", "pymoo"} & set(loaded)
