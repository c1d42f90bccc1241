"""The commands compare and attribute over plausible worlds: what people type, what they see, and the exit code."""

import html
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_world_set import ABOUT, some

from sim.cli import cli
from sim.experiments.comparisons import world_runs
from sim.experiments.worlds.kept_trials import open_kept
from sim.results import read_manifest
from sim.worlds import world_set
from sim.worlds.world_set import write_worlds

SCENARIO = """\
schema: 1
name: {name}
horizon: 8
city: {{preset: synthetic, residents: 600, districts: 1}}
policy: {{rule_of_law: {law}}}
seed: 5
"""
WORLDS = 4
ASKED = {kind: [kind, "one.yaml", "two.yaml", "--metric", "stability", "--metric", "satisfaction"] for kind in ("compare", "attribute")}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(world_set, "SHIPPED", tmp_path / "none.parquet")
    for name, law in (("one", 0.3), ("two", 0.1)):
        (tmp_path / f"{name}.yaml").write_text(SCENARIO.format(name=name, law=law))
    write_worlds(some(WORLDS), ABOUT, tmp_path / "worlds.parquet")
    return tmp_path


def sanzhi(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in (*arguments, "--workers", 1)], prog_name="sanzhi")


@pytest.mark.parametrize("kind", ASKED)
def test_it_counts_worlds_and_the_command_on_its_page_runs_as_printed(kind):
    result = sanzhi(*ASKED[kind], "--worlds", "worlds.parquet", "--residents", 500)
    assert result.exit_code == 0, result.output
    assert f"{WORLDS} plausible worlds, " in result.output
    assert f"of {WORLDS}" in result.output
    (page,) = Path("results").rglob("report.html")
    printed = html.unescape(re.search(r"<pre>(sanzhi .*?)</pre>", page.read_text(encoding="utf-8"))[1])
    again = sanzhi(*shlex.split(printed)[1:], "--out", "again", "--no-report")
    assert again.exit_code == 0, again.output
    first, second = (read_manifest(path.parent) for folder in ("results", "again") for path in Path(folder).rglob("manifest.json"))
    assert first["content_hash"] == second["content_hash"]
    assert first["worlds"] == WORLDS
    assert {path.parent.name for path in Path("again").rglob("manifest.json")} == {page.parent.name}


@pytest.mark.parametrize("kind", ASKED)
def test_one_world_shows_luck_alone_and_says_so(kind):
    result = sanzhi(*ASKED[kind], "--worlds", 1, "--replicates", 2)
    assert result.exit_code == 0, result.output
    assert "Intervals show luck alone" in result.output
    assert "no plausible worlds are shipped" not in result.output
    (page,) = Path("results").rglob("report.html")
    assert "Intervals show luck alone" in page.read_text(encoding="utf-8")


def test_without_a_set_one_line_says_so_and_luck_alone_is_shown():
    result = sanzhi(*ASKED["compare"], "--no-report")
    assert result.exit_code == 0, result.output
    assert result.output.count("no plausible worlds are shipped for this version") == 1
    assert "30 pairs" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--worlds", "worlds.parquet", "--replicates", 3], "no replicates"),
        (["--worlds", "none.parquet"], "none.parquet"),
        (["--worlds", 60], "sanzhi worlds make"),
        (["--worlds", "all"], "sanzhi worlds make"),
        (["--worlds", 0], "worlds: got"),
        (["--worlds", 1, "--keep", "kept"], "expected plausible worlds"),
    ],
)
def test_mistakes_end_with_exit_code_2_and_leave_nothing(arguments, says):
    result = sanzhi(*ASKED["compare"], *arguments)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert not Path("results").exists()


def test_an_interrupted_comparison_keeps_whole_worlds_and_resumes(monkeypatch):
    run, calls = world_runs.summarise, []

    def stopped(*job):
        calls.append(job)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return run(*job)

    monkeypatch.setattr(world_runs, "summarise", stopped)
    asked = [*ASKED["compare"], "--worlds", "worlds.parquet", "--keep", "kept", "--no-report"]
    first = sanzhi(*asked)
    assert first.exit_code == 130
    assert f"2 of {WORLDS} worlds are kept" in first.output
    assert sanzhi(*asked).exit_code == 0
    assert len(calls) == 6 + 2 * 2 * WORLDS - 5


def test_a_folder_of_runs_that_another_process_uses_is_told(here):
    with open_kept(here / "kept", {}):
        result = sanzhi(*ASKED["compare"], "--worlds", "worlds.parquet", "--keep", "kept")
    assert result.exit_code == 2
    assert "another process keeps its runs in this folder" in result.output
