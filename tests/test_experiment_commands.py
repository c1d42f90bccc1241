"""The commands compare, mix, attribute and resilience: what people type, what they see, and the exit code."""

import html
import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from workbooks import faults

import sim.experiments.runs.batch as batch_module
from sim.cli import cli

SCENARIO = """\
schema: 1
name: {name}
horizon: 8
city: {{preset: synthetic, residents: 1000, districts: 2}}
policy: {{rule_of_law: {law}}}
seed: 5
"""
ASKED = {
    "compare": ["compare", "one.yaml", "two.yaml", "--replicates", 3],
    "mix": ["mix", "one.yaml", "--steps", 2, "--replicates", 2],
    "attribute": ["attribute", "one.yaml", "two.yaml", "--replicates", 2],
    "resilience": ["resilience", "one.yaml", "--replicates", 2, "--set", "shocks=[{kind: rumour, at: 2}]"],
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, law in (("one", 0.3), ("two", 0.1)):
        (tmp_path / f"{name}.yaml").write_text(SCENARIO.format(name=name, law=law))
    return tmp_path


def sanzhi(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in (*arguments, "--workers", 1)], prog_name="sanzhi")


@pytest.mark.parametrize("kind", ASKED)
def test_it_prints_a_table_and_writes_tables_and_page(kind):
    result = sanzhi(*ASKED[kind], "--csv", "--xlsx")
    assert result.exit_code == 0, result.output
    (folder,) = Path("results", kind).iterdir()
    assert str(folder / "report.html") in result.output
    assert (folder / "report.html").is_file()
    assert (folder / "outcomes.parquet").is_file()
    assert (folder / "outcomes.csv").is_file()
    assert str(folder / "tables.xlsx") in result.output
    assert "outcomes" in openpyxl.load_workbook(folder / "tables.xlsx", read_only=True).sheetnames
    assert faults(folder / "tables.xlsx") == []
    assert "stability" in result.output.lower()


@pytest.mark.parametrize("kind", ASKED)
def test_quiet_prints_the_folder_and_the_same_command_finds_it_again(kind):
    folders = {sanzhi(*ASKED[kind], "--quiet", "--no-report").output.splitlines()[-1] for _ in range(2)}
    assert len(folders) == 1
    assert not Path(folders.pop(), "report.html").exists()


def test_in_chinese():
    assert sanzhi(*ASKED["compare"], "--lang", "zh").exit_code == 0
    (page,) = Path("results").rglob("report.html")
    assert '<html lang="zh">' in page.read_text(encoding="utf-8")


def test_settings_seed_and_metrics_reach_the_runs():
    from sim.results import read_manifest

    result = sanzhi(*ASKED["compare"], "--set", "horizon=5", "--seed", 40, "--metric", "stability", "--interval", "bootstrap")
    assert result.exit_code == 0, result.output
    (folder,) = Path("results/compare").iterdir()
    manifest = read_manifest(folder)
    assert manifest["seeds"] == [40, 41, 42]
    assert manifest["settings"]["interval"] == "bootstrap"
    assert {scenario["horizon"] for scenario in manifest["scenarios"].values()} == {5}
    assert "--set horizon=5 --metric stability --interval bootstrap" in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compare", "one.yaml"], "expected two or more"),
        (["compare", "one.yaml", "one.yaml"], "expected two or more"),
        (["compare", "one.yaml", "three.yaml"], "no such file"),
        (["compare", "one.yaml", "two.yaml", "--metric", "stabilty"], "did you mean stability"),
        (["compare", "one.yaml", "two.yaml", "--set", "horizn=3"], "horizon"),
        (["compare", "one.yaml", "two.yaml", "--out", "one.yaml"], "in the way"),
        (["mix", "one.yaml", "--services", "0.99"], "for the three governances"),
        (["mix", "one.yaml", "--window", "9"], "expected a whole number from 1 to 8"),
        (["attribute", "one.yaml", "one.yaml"], "the same scenario"),
        (["resilience", "one.yaml"], "one has no shocks"),
        (["resilience", "one.yaml", "--set", "shocks=[{kind: rumour, at: 2}]", "--metric", "expectation"], "got expectation"),
        (["resilience", "one.yaml", "--set", "shocks=[{kind: rumour, at: 2}]", "--window", "9"], "expected a whole number from 1 to 8"),
        (["attribute", "one.yaml", "two.yaml", "--together", "stance"], "no difference begins with stance"),
    ],
)
def test_mistakes_end_with_exit_code_2_and_leave_nothing(arguments, says):
    result = sanzhi(*arguments, "--replicates", 2)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert "Traceback" not in result.output
    assert not Path("results").exists()


def test_a_run_that_fails_is_named_and_the_others_are_kept(monkeypatch):
    run = batch_module.summarise

    def unlucky(scenario, seed, *rest):
        if (scenario.name, seed) == ("two", 6):
            raise ZeroDivisionError("unlucky")
        return run(scenario, seed, *rest)

    monkeypatch.setattr(batch_module, "summarise", unlucky)
    result = sanzhi(*ASKED["compare"])
    assert result.exit_code == 1
    assert "two, seed 6: ZeroDivisionError: unlucky" in result.output
    assert "2 pairs" in result.output


def test_interrupted_what_is_whole_is_kept(monkeypatch):
    run = batch_module.summarise

    def stop(scenario, seed, *rest):
        if seed == 7:
            raise KeyboardInterrupt
        return run(scenario, seed, *rest)

    monkeypatch.setattr(batch_module, "summarise", stop)
    result = sanzhi(*ASKED["compare"])
    assert result.exit_code == 130
    assert "2 of 3 seeds are kept" in result.output
    (before,) = Path("results").rglob("differences.parquet")
    monkeypatch.setattr(batch_module, "summarise", run)
    assert sanzhi(*ASKED["compare"], "--no-report").exit_code == 0  # the same command, not disturbed, replaces it
    whole = before.read_bytes()
    monkeypatch.setattr(batch_module, "summarise", stop)
    again = sanzhi(*ASKED["compare"])
    assert again.exit_code == 130
    assert "is kept" in again.output
    assert before.read_bytes() == whole


def test_a_folder_of_an_experiment_is_not_taken_for_a_run():
    folder = sanzhi(*ASKED["compare"], "--quiet", "--no-report").output.splitlines()[-1]
    result = CliRunner().invoke(cli, ["report", folder], prog_name="sanzhi")
    assert result.exit_code == 2
    assert "result of sanzhi compare" in result.output


@pytest.mark.parametrize("kind", ASKED)
def test_the_command_on_the_page_runs_as_printed(kind, here):
    (here / "in a folder").mkdir()
    for name in ("one", "two"):  # a file whose name is not that of its scenario, in a folder with blanks
        (here / f"{name}.yaml").rename(here / "in a folder" / f"file_{name}.yaml")
    typed = [f"in a folder/file_{word}" if word.endswith(".yaml") else word for word in map(str, ASKED[kind])]
    assert sanzhi(*typed, "--set", "stance.transparency=0.7").exit_code == 0
    (page,) = Path("results").rglob("report.html")
    printed = html.unescape(re.search(r"<pre>(sanzhi .*?)</pre>", page.read_text(encoding="utf-8"))[1])
    before = {path.parent.name for path in Path("results").rglob("manifest.json")}
    again = CliRunner().invoke(cli, [*shlex.split(printed)[1:], "--workers", "1", "--out", "again", "--no-report"], prog_name="sanzhi")
    assert again.exit_code == 0, again.output
    assert {path.parent.name for path in Path("again").rglob("manifest.json")} == before
