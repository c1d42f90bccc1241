"""A dashboard that really listens, and a browser without a way out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from processes import PATIENCE

ROOT = Path(__file__).parents[2]
BROKEN = "name: broken\npolicy: {rule_of_lew: 0.2}\nhorizon: 1 decade\n"


def start(folder: Path, *options: str) -> tuple[subprocess.Popen, str]:
    """Start `sanzhi dashboard` in a folder; the process and the address that it printed."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "sim.cli", "dashboard", "--no-open", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    printed = []
    for line in process.stdout:
        printed.append(line)
        if line.startswith("http"):
            return process, line.split()[0]
    raise AssertionError("".join(printed))


def stop(process: subprocess.Popen) -> None:
    """End a dashboard as Ctrl-C does."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


@pytest.fixture(scope="module")
def cache():
    """What has been computed, for the tests of one file."""
    from sim.dashboard.small_city import CurveCache

    shared = CurveCache()
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Scenarios of a user: a good one, which is short, and a broken one."""
    place = tmp_path_factory.mktemp("scenarios")
    (place / "mine.yaml").write_text(
        "extends: baseline\nname: mine\nhorizon: 1 year\ntitle: {en: <script>alert(1)</script>}\n", encoding="utf-8"
    )
    (place / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def address(folder):
    """Address of a running dashboard."""
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    process, url = start(folder, "mine.yaml")
    yield url
    stop(process)


@pytest.fixture
def own(folder):
    """Process and address of a dashboard that serves one test only."""
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    process, url = start(folder)
    yield process, url
    if process.poll() is None:
        stop(process)
