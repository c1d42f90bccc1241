"""The wheel in empty environments: every supported Python, every extra alone, `pip check`, and what each serves. Needs a package registry.

`make soak TESTS=tests/packaging`. Interpreters are found as ``python3.11`` and so on, or in pyenv's folder; those that are
not there are skipped.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
from processes import PATIENCE, wait_until

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSIONS = re.findall(r"Python :: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.M)
SMALL = ["--set", "city.scale=0.0003", "--set", "horizon=8", "--replicates", "2"]
STUDY = """schema: 1
name: tiny
scenario: baseline
set: {city.preset: synthetic, city.residents: 512}
horizon: 4
design: {kind: sobol, samples: 32, seed: 1}
factors: {stance.transparency: {low: 0, high: 1}, stance.audit: {low: 0, high: 1}}
outcomes: {satisfaction: end}
"""
ON_DASK = """
import sanzhi
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        found = sanzhi.sweep({**STUDY, "design": {"kind": "grid", "levels": 2}}, dask=cluster.scheduler_address)
    assert found.complete
"""


def interpreter(version: str) -> str:
    """The Python of a version; skips where there is none."""
    own = Path.home() / ".pyenv" / "versions"
    found = [str(path) for path in sorted(own.glob(f"{version}.*/bin/python"))] + [shutil.which(f"python{version}")]
    if not (python := next(filter(None, found), None)):
        pytest.skip(f"no Python {version} on this machine")
    return python


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)
    return next(folder.glob("*.whl"))


class Environment:
    """An empty environment with the wheel in it."""

    def __init__(self, folder: Path, python: str, wheel: Path, extra: str = ""):
        self.folder, self.bin = folder / "work", folder / "venv" / "bin"
        self.folder.mkdir()
        self.variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
        self.variables["PATH"] = f"{self.bin}{os.pathsep}{self.variables['PATH']}"
        self.do(python, "-m", "venv", str(folder / "venv"))
        self.do("python", "-m", "pip", "install", "--quiet", f"{wheel}{f'[{extra}]' if extra else ''}")
        assert "No broken requirements" in self.do("python", "-m", "pip", "check")

    def do(self, *command: str, folder: Path | None = None) -> str:
        """Run a command and give what it prints; fails where it does."""
        found = self.bin / command[0]
        command = (str(found) if found.exists() else command[0], *command[1:])
        done = subprocess.run(command, cwd=folder or self.folder, env=self.variables, capture_output=True, text=True, timeout=3 * PATIENCE)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_it_installs_clean_and_runs_what_is_shipped(version, wheel, tmp_path):
    place = Environment(tmp_path, interpreter(version), wheel)
    told = place.do("sanzhi", "run", "baseline", *SMALL)
    assert "content hash" in told
    assert next((place.folder / "results").rglob("report.html")).is_file()
    place.do("sanzhi", "compare", "baseline", "balanced", *SMALL, "--quiet")
    place.do("sanzhi", "validate", "uncertain_city_lhs")
    place.do(
        "python",
        "-c",
        "from sanzhi import *; GovernanceModel(load_scenario('baseline').with_changes({'city.scale': 0.0003})).step()",
    )


def analysis(place):
    (place.folder / "tiny.yaml").write_text(STUDY)
    place.do("sanzhi", "sweep", "tiny.yaml", "--quiet")
    place.do("sanzhi", "analyze", "results/tiny", "--quiet")
    assert "pymoo" in place.do("python", "-c", "import pymoo.algorithms.moo.nsga2; print('pymoo')")


def cluster(place):
    study = "import yaml\nSTUDY = yaml.safe_load('''" + STUDY + "''')\n"
    (place.folder / "on_dask.py").write_text(study + ON_DASK)
    place.do("python", "on_dask.py")


def dashboard(place):
    command = [str(place.bin / "sanzhi"), "dashboard", "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, cwd=place.folder, env=place.variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            address = server.stdout.readline().split()[0]

            def answers():
                with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=60) as page:
                    return page.status == 200

            wait_until(answers, server)
        finally:
            server.terminate()


def geo(place):
    square = [[0.0, 0.0], [0.01, 0.0], [0.01, 0.01], [0.0, 0.01], [0.0, 0.0]]
    feature = {
        "type": "Feature",
        "properties": {"community": "A", "population": 900},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    other = {"type": "Feature", "properties": {"community": "B", "population": 900}}
    other["geometry"] = {"type": "Polygon", "coordinates": [[[x + 0.01, y] for x, y in square]]}
    (place.folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature, other]}))
    (place.folder / "town.yaml").write_text("schema: 1\nname: town\nhorizon: 4\nreplicates: 1\ncity: {geometry: areas.geojson}\n")
    place.do("sanzhi", "run", "town.yaml", "--no-report")


def notebook(place):
    shutil.copy(ROOT / "docs" / "tutorials" / "01_first_run.ipynb", place.folder)  # it writes beside itself
    place.do("jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace", "01_first_run.ipynb")
    place.do("jupyter", "lab", "--version")


def emulate(place):
    recipe = ROOT / "docs" / "examples" / "ema_recipe.py"
    code = f"import runpy; runpy.run_path({str(recipe)!r})['main'](scenarios=12, weeks=8, residents=512)"
    place.do("python", "-c", code)


def docs(place):
    place.do("python", "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(place.folder / "site"), folder=ROOT)
    assert (place.folder / "site" / "index.html").is_file()


def test(place):
    place.do("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_maths.py", "tests/scenario/test_times.py", folder=ROOT)


def lint(place):
    place.do("ruff", "check", "--no-cache", "sim", folder=ROOT)
    place.do("mypy", "--version")


test.__test__ = False  # what the extra of this name serves, and no test
SERVES = {"analysis": analysis, "cluster": cluster, "dashboard": dashboard, "docs": docs, "emulate": emulate, "geo": geo, "lint": lint}
SERVES |= {"notebook": notebook, "test": test, "all": analysis}


def test_every_extra_is_tried():
    assert set(SERVES) == set(PROJECT["optional-dependencies"])


@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]])
@pytest.mark.parametrize("extra", SERVES)
def test_every_extra_works_alone(extra, version, wheel, tmp_path):
    SERVES[extra](Environment(tmp_path, interpreter(version), wheel, extra))
