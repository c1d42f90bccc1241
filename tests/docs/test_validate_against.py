"""What docs/how_to/validate_against.md shows works: its tables are read, and its command lines run, on a small city."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from workbooks import faults

import sim
from sim.analysis.patterns.named import FORMS
from sim.cli import cli

PAGE = (Path(__file__).parents[1].parent / "docs" / "how_to" / "validate_against.md").read_text(encoding="utf-8")
LINES = re.findall(r"^    (sanzhi validate-against .*)$", PAGE, re.M)
AREAS, KNOWN = re.findall(r"```csv\n(.*?)```", PAGE, re.S)
SMALL = ["--set", "city.scale=0.002", "--set", "horizon=52", "--workers", "1"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    (tmp_path / "known.csv").write_text(KNOWN, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished run."""
    scenario = sim.load_scenario("baseline").with_changes({"city.scale": 0.002, "horizon": 52})
    return sim.write_run(sim.simulate(scenario, seed=1, replicates=2), tmp_path_factory.mktemp("run") / "key").folder


def sanzhi(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="sanzhi")


def test_the_page_shows_a_scenario_a_folder_and_both_layouts():
    shown = [shlex.split(line, comments=True) for line in LINES]
    assert {words[2] for words in shown} == {"areas.csv", "known.csv"}
    assert any("RUN_KEY" in words[3] for words in shown)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.partition("#")[0].strip())
def test_a_line_of_the_page_runs(line, here, finished):
    words = shlex.split(line, comments=True)[1:]
    words = [str(finished) if "RUN_KEY" in word else "2" if word == "10" else word for word in words]
    result = sanzhi(*words, "--xlsx", *([] if str(finished) in words else SMALL))
    assert result.exit_code in (0, 1), result.output
    (folder,) = (here / "results" / "baseline" / f"against-{Path(words[1]).stem}").iterdir()
    table = pd.read_csv(folder / "patterns.csv")
    assert result.exit_code == (0 if (table["verdict"] == "agrees").all() else 1)
    assert all(name in result.output for name in table["pattern"])
    assert (folder / "report.html").is_file()
    assert faults(folder / "tables.xlsx") == []
    assert str(folder.relative_to(here)) in result.output


def test_every_pattern_is_explained():
    for form in FORMS.values():
        for way in form.split(", or "):
            assert f"| `{way}`" in PAGE, way


# --- the command beyond the page


def test_bad_tables_are_told_before_anything_runs(here):
    (here / "areas.csv").write_text("community,population,offences\nA,0,1.5\n", encoding="utf-8")
    result = sanzhi("validate-against", "areas.csv")
    assert result.exit_code == 2
    assert [line.partition(": ")[0] for line in result.output.splitlines()] == ["areas.csv:2:1", "areas.csv:2:3", "areas.csv:2:5"]
    assert not (here / "results").exists()


def test_files_and_scenarios_that_are_not_there_are_told(here):
    assert sanzhi("validate-against", "none.csv").exit_code == 2
    result = sanzhi("validate-against", "areas.csv", "basline")
    assert result.exit_code == 2
    assert "baseline" in result.output


def test_a_finished_run_is_not_changed(here, finished):
    result = sanzhi("validate-against", "areas.csv", finished, "--seed", 3)
    assert result.exit_code == 2
    assert "--seed, --replicates and --set change a scenario" in result.output


def test_a_run_that_is_too_short_is_told(here):
    result = sanzhi("validate-against", "areas.csv", "baseline", "--set", "horizon=8", "--set", "city.scale=0.0005", "--replicates", 1)
    assert result.exit_code == 2
    assert "patterns over areas need a complete year" in result.output


def test_quiet_and_out_and_no_report(here, finished):
    result = sanzhi("validate-against", "areas.csv", finished, "--quiet", "--out", "there", "--no-report", "--threshold", 0.6)
    folder = here / result.output.strip()
    assert folder.parent == here / "there" / "baseline" / "against-areas"
    assert (folder / "patterns.csv").is_file()
    assert not (folder / "report.html").exists()


def test_another_call_overwrites_nothing_and_no_old_page_stays(here, finished):
    def asked(*more):
        return here / sanzhi("validate-against", "areas.csv", finished, "--quiet", *more).output.strip()

    first = asked("--threshold", 0.6)
    kept = {path.name: path.read_bytes() for path in first.iterdir() if path.is_file()}
    assert "report.html" in kept
    (here / "areas.csv").write_text((here / "areas.csv").read_text(encoding="utf-8").replace("1", "2"), encoding="utf-8")
    others = [asked("--threshold", 0.5), asked("--threshold", 0.6)]
    assert len({first, *others}) == 3
    assert {path.name: path.read_bytes() for path in first.iterdir() if path.is_file()} == kept
    (others[0] / "notes.txt").write_text("mine", encoding="utf-8")
    assert asked("--threshold", 0.5, "--no-report") == others[0]
    assert {path.suffix for path in others[0].iterdir()} == {".csv", ".txt"}


def test_all_that_agrees_ends_with_zero(here, finished):
    (here / "known.csv").write_text("metric,low,high\nstability,0,1\n", encoding="utf-8")
    assert sanzhi("validate-against", "known.csv", finished).exit_code == 0
