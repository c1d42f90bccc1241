"""The command `worlds`: what it prints, what it refuses, and its exit codes. The model is made up."""

import made_up
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.cli import cli
from sim.experiments.worlds import evidence, make, trials
from sim.version import MODEL_VERSION
from sim.worlds import world_set
from sim.worlds.world_set import read_worlds, write_worlds

MAKE = ("--count", 2, "--explored", 120, "--batch", 8, "--residents", 2000, "--small", 3000, "--workers", 1)


def sanzhi(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="sanzhi")


@pytest.fixture(autouse=True)
def made_up_model(monkeypatch):
    for module in (trials, evidence):
        monkeypatch.setattr(module, "measure", made_up.measured)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "measure", made_up.measured)
        result = sanzhi("worlds", "make", folder, *MAKE)
    assert result.exit_code == 0, result.output
    assert "fit" in result.output
    return folder / make.FILE


def altered(file, folder, **about):
    """The same set with other metadata."""
    found = read_worlds(file)
    return write_worlds(found.table, {**found.about, **about}, folder / "altered.parquet")


def test_what_is_in_a_set_is_shown(file, tmp_path):
    result = sanzhi("worlds", "show", file, "--csv", tmp_path, "--xlsx", tmp_path / "set.xlsx")
    assert result.exit_code == 0
    assert "rate:prisoners" in result.output
    assert "effect:hot spots" in result.output
    assert (tmp_path / "targets.csv").is_file()
    assert (tmp_path / "coefficients.csv").is_file()
    assert pd.ExcelFile(tmp_path / "set.xlsx").sheet_names[1:] == ["targets", "coefficients"]


def test_a_set_is_enlarged(file, tmp_path):
    wanted = len(read_worlds(file)) + 1
    result = sanzhi("worlds", "make", tmp_path / "more", *MAKE, "--count", wanted, "--enlarge", file)
    assert result.exit_code == 0, result.output
    assert len(read_worlds(tmp_path / "more" / make.FILE)) >= wanted
    result = sanzhi("worlds", "make", tmp_path / "other", *MAKE, "--batch", 9, "--enlarge", file)
    assert result.exit_code == 2
    assert "batch 8, not 9" in result.output


def test_in_chinese(file):
    result = sanzhi("worlds", "show", file, "--lang", "zh")
    assert "目标" in result.output
    assert "变动最大的系数" in result.output


def test_every_prior_is_listed():
    result = sanzhi("worlds", "priors")
    assert result.exit_code == 0
    assert "offending.base" in result.output
    assert "integrity.strength" in result.output


def test_a_set_that_fits_passes(file):
    result = sanzhi("worlds", "check", file, "--count", 2, "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "0 differ" in result.output


def test_a_bit_that_differs_is_told(file, tmp_path):
    found = read_worlds(file)
    table = found.table.assign(**{"rate:content": found.table["rate:content"] + 1e-12})
    other = write_worlds(table, found.about, tmp_path / "other.parquet")
    result = sanzhi("worlds", "check", other, "--count", 1, "--workers", 1)
    assert result.exit_code == 1
    assert "rate:content was" in result.output


def test_other_evidence_is_told(file, tmp_path):
    result = sanzhi("worlds", "check", altered(file, tmp_path, evidence="other"), "--count", 1, "--workers", 1)
    assert result.exit_code == 1
    assert "matched to other evidence" in result.output


@pytest.mark.parametrize("command", ["show", "check"])
def test_without_a_set_it_is_said_how_to_make_one(command, monkeypatch, tmp_path):
    monkeypatch.setattr(world_set, "SHIPPED", tmp_path / "none.parquet")
    result = sanzhi("worlds", command)
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "sanzhi worlds make" in result.output


def test_mistakes_are_one_error(file, tmp_path):
    other = altered(file, tmp_path, model="1.0")
    (tmp_path / "plain").write_text("")
    for arguments, said in (
        (("check", tmp_path / "missing"), "cannot read"),
        (("check", tmp_path / "plain"), "is no set of worlds"),
        (("check", other), f"this is model {MODEL_VERSION}"),
        (("make", tmp_path / "plain" / "below", *MAKE), "cannot write into"),
    ):
        result = sanzhi("worlds", *arguments)
        assert result.exit_code == 2
        assert said in result.output
        assert result.output.strip().count("\n") <= 1
    assert sanzhi("worlds", "show", other).exit_code == 0


def test_an_interrupt_says_that_work_is_kept(tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(trials, "measure", stopped)
    result = sanzhi("worlds", "make", tmp_path, *MAKE)
    assert result.exit_code == 130
    assert "the same command resumes" in result.output


def test_the_honesty_test_prints_every_effect(file, tmp_path, monkeypatch):
    found = read_worlds(file)
    monkeypatch.setattr("sim.experiments.worlds.honesty.make_worlds", lambda *_, **__: found)
    result = sanzhi("worlds", "check", file, "--count", 1, "--workers", 1, "--honesty", tmp_path, "--worlds", 2)
    assert "effects left out" in result.output
    assert "of the effects left out are covered" in result.output
