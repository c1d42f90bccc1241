"""`sanzhi demo`: what somebody sees first."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import cli
from sim.commands import demo


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch):
    """Cities in which the demonstration takes no time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo, "SETTINGS", ("horizon=4",))
    monkeypatch.setattr(demo, "RESIDENTS", 1_000)
    monkeypatch.setattr(demo, "WORLDS", 2)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_shows_differences_what_they_mean_and_what_to_do_next(language):
    done = CliRunner().invoke(cli, ["demo", "--workers", "1", "--no-report", "--lang", language], prog_name="sanzhi")
    assert done.exit_code == 0, done.output
    assert all(mix in done.stdout for mix in demo.MIXES)
    assert all(typed in done.stdout for typed, _ in demo.NEXT)
    (folder,) = Path("results", "compare").iterdir()
    assert (folder / "outcomes.parquet").is_file()
