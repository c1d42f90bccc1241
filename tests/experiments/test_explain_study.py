"""`sanzhi explain` of studies and searches: runs, time, memory and disk, by file, shipped name or folder."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from studies import study

from sim.cli import cli
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import BACKUP, RUN_STORE, open_run_store
from sim.experiments.studies.run_store_rows import DONE, RunRecord
from sim.experiments.studies.study_file import load_study, shipped_studies
from sim.explain.study import disk_bytes, explain_study

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def explained(*arguments):
    result = CliRunner().invoke(cli, ["explain", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.mark.parametrize("name", shipped_studies())
def test_a_shipped_study_is_explained_by_its_name(name):
    code, told = explained(name)
    found = load_study(name)
    assert code == 0, told
    assert f"{designs.count(found) * found.replicates:,} (" in told
    for row in ("time", "memory", "disk", "a run"):
        assert re.search(rf"^  {row} +\S", told, re.MULTILINE), row


def test_a_search_is_explained(tmp_path):
    code, told = explained(EXAMPLES / "cheapest_mix.yaml")
    assert code == 0, told
    assert "at most 8,640 (360 policies, each in 24 plausible worlds)" in told
    text = (EXAMPLES / "cheapest_mix.yaml").read_text(encoding="utf-8")
    futures = "futures: {mechanisms.norms.bound: {low: 0.15, high: 0.45}}\nsearch:\n  futures: 3\n"
    (tmp_path / "mix.yaml").write_text(text.replace("search:\n", futures, 1), encoding="utf-8")
    code, told = explained(tmp_path / "mix.yaml")
    assert code == 0, told
    assert "policies, each in 3 futures with" in told


def test_the_folder_of_a_study_is_explained_and_its_size_predicted(tmp_path):
    of = study(design={"kind": "lhs", "samples": 200})
    with open_run_store(tmp_path / "small", of, designs.points(of)) as store:
        store.record([RunRecord(run, "f" * 16, DONE, None, 0.5, (0.1, 0.2), "f" * 32) for run in store.pending()])
        store.back_up()
    assert explained(tmp_path / "small") == (0, f"{explain_study(of)}\n")
    took = sum((tmp_path / "small" / name).stat().st_size for name in (RUN_STORE, BACKUP))
    assert took / 2 < disk_bytes(of, 400) < took * 2


def test_what_is_no_study_is_reported_in_one_line(tmp_path):
    code, told = explained("levers_sobl")
    assert (code, "did you mean levers_sobol?" in told) == (2, True)
    code, told = explained("levers_sobol", "--set", "budget=2")
    assert (code, "expected them in its file" in told) == (2, True)
    (tmp_path / "big.yaml").write_text(
        "scenario: baseline\ndesign: {kind: lhs, samples: 1000000}\nfactors: {budget: [1, 2]}\nreplicates: 99\n"
    )
    code, told = explained(tmp_path / "big.yaml")
    assert (code, "expected at most 10,000,000" in told) == (2, True)
