"""Wheel and source archive hold what they must, and the package runs from the wheel's files alone, outside the checkout."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from processes import PATIENCE

from sim.version import VERSION

pytest.importorskip("hatchling", reason="hatchling is not installed")

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("sanzhi", "sim")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder with a wheel and a source archive of this checkout."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        yield archive


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    wheel.extractall(folder)
    return folder


def files(folder: Path) -> set[str]:
    """Files below a folder that belong to the project."""
    made = {"__pycache__"}
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and not made & set(path.parts)}


def test_the_wheel_holds_every_file_of_the_package_and_every_scenario(wheel):
    names = set(wheel.namelist())
    assert {f"{package}/{name}" for package in PACKAGES for name in files(ROOT / package)} <= names
    assert {f"sim/ready/{name}" for name in files(ROOT / "scenarios")} <= names


def test_the_wheel_holds_nothing_else(wheel):
    rest = [name for name in wheel.namelist() if name.partition("/")[0] not in PACKAGES]
    assert all(name.startswith(f"sanzhi-{VERSION}.dist-info/") for name in rest)
    assert f"sanzhi-{VERSION}.dist-info/licenses/LICENSE" in rest
    assert not [name for name in wheel.namelist() if "__pycache__" in name]


def test_the_wheel_says_what_it_is(wheel):
    about = message_from_string(wheel.read(f"sanzhi-{VERSION}.dist-info/METADATA").decode())
    assert (about["Name"], about["Version"], about["License-Expression"]) == ("sanzhi", VERSION, "MIT")
    assert set(about.get_all("Provides-Extra")) == set(PROJECT["optional-dependencies"])
    assert {part.strip() for part in about["Requires-Python"].split(",")} == {
        part.strip() for part in PROJECT["requires-python"].split(",")
    }
    assert "sanzhi = sanzhi.__main__:main" in wheel.read(f"sanzhi-{VERSION}.dist-info/entry_points.txt").decode()


def test_the_source_archive_holds_what_is_needed_to_build_test_and_cite(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for top in ("README.md", "LICENSE", "CITATION.cff", "codemeta.json", "CHANGELOG.md", "Makefile", "constraints.txt", "mkdocs.yml"):
        assert top in names
    for folder in (*PACKAGES, "scenarios", "tests", "docs"):
        assert {f"{folder}/{name}" for name in files(ROOT / folder)} <= names
    assert not [name for name in names if re.match(r"(results/.+/|site/|build/|dist/|\.venv/|\.git/)", name)]


def run(folder: Path, unpacked: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The command of the unpacked wheel, in a folder that knows nothing of the checkout."""
    environment = os.environ | {"PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "sanzhi", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)


def test_every_shipped_scenario_and_study_is_found_and_good(unpacked, tmp_path):
    names = [path.stem for pattern in ("*.yaml", "studies/*.yaml") for path in (ROOT / "scenarios").glob(pattern)]
    done = run(tmp_path, unpacked, "validate", *names)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": no problems found") == len(names)


@pytest.mark.slow
def test_a_shipped_scenario_runs_and_has_its_report(unpacked, tmp_path):
    done = run(tmp_path, unpacked, "run", "baseline", "--set", "city.scale=0.0003", "--set", "horizon=10", "--replicates", "1", "--quiet")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / done.stdout.strip() / "report.html").stat().st_size > 100_000
