"""What README shows works: every command line and the Python are run, on small cities."""

import contextlib
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from processes import PATIENCE, wait_until

from sim.cli import cli
from sim.experiments.runs.simulate import simulate
from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from docs.making.picture import said  # noqa: E402

FAST = ["--workers", "1"]
SMALL = ["--set", "city.scale=0.0005"]
FEW = ["--replicates", "2", "--no-report"]
EXTRA = {
    "run": [*FAST, *SMALL, "--set", "horizon=52", "--replicates", "1", "--no-report"],
    "compare": [*FAST, *SMALL, "--set", "horizon=52", *FEW],
    "brief": [*FAST, "--residents", "600", "--set", "horizon=52", "--worlds", "4", "--browser", "none"],
    "attribute": [*FAST, *SMALL, "--set", "horizon=52", *FEW],
    "resilience": [*FAST, *SMALL, *FEW],
    "mix": [*FAST, "--residents", "1000", "--steps", "2", *FEW],
    "sweep": FAST,
    "analyze": [],
    "explain": [],
    "validate": [],
    "describe": [],
    "new": [],
}
"""What makes a command quick; one that is not here needs a line, or a test of its own as `dashboard` and `demo` have."""
PYTHON = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lines(readme) -> list[str]:
    """What is to be typed."""
    return [line.strip() for line in re.findall(r"^    (\S.*)$", readme.split("```python")[0] + readme.split("```")[-1], re.M)]


def words(line: str) -> list[str]:
    """Words of a command line, without what is said about it."""
    return shlex.split(line, comments=True)


def small_study(name: str, folder: Path) -> str:
    """A copy of a ready study with few and short runs."""
    data = yaml.safe_load((ROOT / "scenarios" / "studies" / f"{name}.yaml").read_text(encoding="utf-8"))
    data["design"]["samples"], data["replicates"], data["horizon"] = 2, 1, 8
    data["set"]["city.residents"] = 512
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return f"{name}.yaml"


def test_every_command_of_sanzhi_runs(lines, tmp_path, monkeypatch):
    """In order and in one folder: later lines use what earlier ones wrote."""
    monkeypatch.chdir(tmp_path)
    ready = set()
    for line in lines:
        if not line.startswith("sanzhi ") or words(line)[1] in ("dashboard", "demo"):
            continue
        command, *given = words(line)[1:]
        given = [small_study(given[0], tmp_path)] if command == "sweep" else given
        done = CliRunner().invoke(cli, [command, *given, *EXTRA[command]], prog_name="sanzhi")
        assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception}"
        assert done.output.strip(), line
        ready |= {name for name in given if command == "run" and re.fullmatch(r"\w+", name)}
    assert ready
    assert {path.name for path in (tmp_path / "results").iterdir() if path.is_dir()} >= ready


def test_the_dashboard_answers(lines, tmp_path):
    pytest.importorskip("solara", reason="solara is not installed")
    if not any(line.startswith("sanzhi dashboard") for line in lines):
        pytest.skip("README shows no dashboard")
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


def test_every_target_of_make_exists(lines):
    for line in (line for line in lines if line.startswith("make ")):
        done = subprocess.run(["make", "--dry-run", *words(line)[1:]], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_the_python_runs_as_it_stands(readme, tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", readme, re.S)
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, env=PYTHON, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "satisfaction" in done.stdout
    assert not done.stderr


def test_the_picture_is_of_the_reference_city_under_this_version_of_the_model():
    """Where it fails: make model-docs PARTS=picture."""
    scenario = load_scenario("baseline")
    assert said()["run"] == scenario.run_key(scenario.seed, scenario.replicates)


@pytest.mark.soak
def test_the_picture_shows_what_the_run_gives():
    scenario = load_scenario("baseline")
    assert said()["content hash"] == simulate(scenario, scenario.seed, scenario.replicates).content_hash
