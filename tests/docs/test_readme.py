"""What README shows works: every command line and the Python are run, on small cities, and every number in it is that of the code."""

import contextlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
import yaml
from processes import PATIENCE, wait_until

from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = [line.strip() for line in re.findall(r"^    (\S.*)$", README.split("```python")[0] + README.split("```")[-1], re.M)]
SMALL = ["--set", "city.scale=0.0005"]
FEW = ["--replicates", "2", "--no-report"]
EXTRA = {
    "run": [*SMALL, "--replicates", "1", "--no-report"],
    "compare": [*SMALL, *FEW],
    "attribute": [*SMALL, *FEW],
    "resilience": [*SMALL, *FEW],
    "mix": ["--residents", "1000", "--steps", "2", *FEW],
    "sweep": [],
    "analyze": [],
    "explain": [],
    "validate": [],
    "describe": [],
    "new": [],
}
"""What makes a command quick; one that is not here needs a line, or a test of its own as `dashboard` has."""
PYTHON = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


def words(line: str) -> list[str]:
    """Words of a command line, without what is said about it."""
    return shlex.split(line, comments=True)


SANZHI = [line for line in LINES if line.startswith("sanzhi ") and words(line)[1] != "dashboard"]
MAKE = [line for line in LINES if line.startswith("make ")]


def small_study(name: str, folder: Path) -> str:
    """A copy of a ready study with few and short runs."""
    data = yaml.safe_load((ROOT / "scenarios" / "studies" / f"{name}.yaml").read_text(encoding="utf-8"))
    data["design"]["samples"], data["replicates"], data["horizon"] = 2, 1, 8
    data["set"]["city.residents"] = 512
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return f"{name}.yaml"


def sanzhi(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *arguments], cwd=folder, env=PYTHON, capture_output=True, text=True, timeout=PATIENCE
    )


def test_readme_shows_commands_and_nothing_else_by_the_margin():
    assert len(SANZHI) >= 5
    assert MAKE
    assert all(line.startswith(("sanzhi ", "make ")) for line in LINES)


def test_every_command_of_sanzhi_runs(tmp_path):
    """In order and in one folder: later lines use what earlier ones wrote."""
    for line in SANZHI:
        command, *given = words(line)[1:]
        given = [small_study(given[0], tmp_path)] if command == "sweep" else given
        done = sanzhi(tmp_path, command, *given, *EXTRA[command])
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip(), line
    scenarios = [name for line in SANZHI if words(line)[1] == "run" for name in words(line)[2:] if re.fullmatch(r"\w+", name)]
    assert {path.name for path in (tmp_path / "results").iterdir() if path.is_dir()} >= set(scenarios)


@pytest.mark.skipif(not any(line.startswith("sanzhi dashboard") for line in LINES), reason="README shows no dashboard")
def test_the_dashboard_answers(tmp_path):
    pytest.importorskip("solara", reason="solara is not installed")
    command = [sys.executable, "-m", "sim.cli", "dashboard", "--port", "0", "--no-open"]
    with subprocess.Popen(command, cwd=tmp_path, env=PYTHON, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            address = server.stdout.readline().split()[0]
            wait_until(lambda: answers(address), server)
        finally:
            server.terminate()


def answers(address: str) -> bool:
    """Whether a server gives a page."""
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=60) as page:
        return page.status == 200
    return False


def test_every_target_of_make_exists():
    for line in MAKE:
        done = subprocess.run(["make", "--dry-run", *words(line)[1:]], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_the_python_runs_as_it_stands(tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", README, re.S)
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, env=PYTHON, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "satisfaction" in done.stdout
    assert not done.stderr


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)\s]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_every_number_is_that_of_the_code():
    scenario = load_scenario("baseline")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    low, high = re.fullmatch(r">=(3\.\d+),<3\.(\d+)", project["requires-python"]).groups()
    stated = {
        f"{scenario.city.population:,} residents",
        f"Shanghai at {scenario.city.scale:.0%}".replace("%", " %"),
        f"{scenario.horizon // 52} years",
        f"{scenario.replicates} replicates",
        f"Python {low} to 3.{int(high) - 1}",
    }
    prose = re.sub(r"```.*?```|\]\([^)]*\)|!\[[^]]*\]|^    sanzhi.*?$|`[^`]*`", "", README, flags=re.S | re.M)
    assert [one for one in stated if one not in prose] == []
    for one in stated:
        prose = prose.replace(one, "")
    assert re.findall(r"\d[\d,.]*", prose) == []


def test_the_picture_is_of_the_reference_city_under_this_version_of_the_model():
    """Where it fails: make model-docs PARTS=picture."""
    from docs.making.picture import said

    scenario = load_scenario("baseline")
    assert said()["run"] == scenario.run_key(scenario.seed, scenario.replicates)
    assert "make run" in README.partition("![")[2].partition("##")[0]


@pytest.mark.soak
def test_the_picture_shows_what_the_run_gives():
    from docs.making.picture import said
    from sim.experiments.runs.simulate import simulate

    scenario = load_scenario("baseline")
    assert said()["content hash"] == simulate(scenario, scenario.seed, scenario.replicates).content_hash
