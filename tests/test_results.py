"""Results appear whole or not at all, and damage never goes unseen."""

import copy
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.errors import UserError
from sim.files import PARTIAL, whole_folder
from sim.report.run.page import write_report
from sim.results import Run, check_writable, read_manifest, read_run, run_folder, write_run
from sim.results.run_files import write_folder
from sim.scenario import read_scenario
from sim.version import MODEL_VERSION


def make_run(weeks=6, value=0.5):
    """A small run with made-up numbers."""
    scenario = read_scenario({"name": "made_up", "horizon": weeks, "city": {"preset": "synthetic", "residents": 1000, "districts": 1}})
    weekly = pd.DataFrame(
        {"replicate": 0, "seed": 7, "week": np.arange(weeks), "stability": value, "satisfaction": np.linspace(0, 1, weeks)}
    )
    districts = pd.DataFrame({"replicate": 0, "week": 0, "district": ["=SUM(A1)", "-x", "浦东", "plain"], "stability": value})
    flows = pd.DataFrame({"replicate": 0, "week": np.arange(weeks), "opened": 3})
    communities = pd.DataFrame({"replicate": 0, "year": 0, "community": np.arange(3), "offences": 1})
    manifest = {
        "versions": {"model": MODEL_VERSION},
        "failures": [],
        "scenario": scenario.canonical(),
        "title": dict(scenario.title),
        "seed": 7,
        "replicates": 1,
        "seeds": [7],
    }
    return Run(scenario, (7,), weekly, districts, flows, communities, manifest, "0123abcd")


@pytest.fixture
def run():
    return make_run()


@pytest.fixture
def folder(tmp_path, run):
    return write_run(run, run_folder(run.scenario, 7, 1, tmp_path)).folder


def test_what_is_written_is_read_back(run, folder):
    again = read_run(folder)
    for name, table in run.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table, check_dtype=False)
    assert again.scenario == run.scenario
    assert (again.seeds, again.content_hash, again.folder) == ((7,), "0123abcd", folder)


def test_title_and_question_are_read_back(run, tmp_path):
    asked = run.scenario.with_changes({"title": {"en": "Ours", "zh": "我们的"}, "description": "What if?"})
    manifest = run.manifest | {"title": dict(asked.title), "question": asked.description}
    write_run(replace(run, scenario=asked, manifest=manifest), tmp_path / "asked")
    again = read_run(tmp_path / "asked").scenario
    assert (again.title, again.description) == (asked.title, asked.description)


def test_the_folder_is_named_after_scenario_and_run_key(run, folder, tmp_path):
    assert folder == tmp_path / "made_up" / run.scenario.run_key(7, 1)
    assert run_folder(run.scenario, 8, 1, tmp_path) != folder


def test_the_manifest_lists_size_and_checksum_of_every_file(folder):
    manifest = read_manifest(folder)
    assert {entry["name"] for entry in manifest["files"]} == {p.name for p in folder.iterdir()} - {"manifest.json"}
    assert all((folder / entry["name"]).stat().st_size == entry["size"] for entry in manifest["files"])


def test_the_same_run_again_replaces_the_folder_and_leaves_nothing_else(run, folder):
    write_run(make_run(value=0.25), folder, csv=True)
    assert read_run(folder).weekly["stability"].eq(0.25).all()
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_files_of_a_users_own_stay_and_a_page_of_the_same_run(run, folder):
    (folder / "notes.txt").write_text("mine")
    (folder / "chapter").mkdir()
    (folder / "chapter" / "one.txt").write_text("mine")
    (folder / "report.html").write_text("page")
    write_run(run, folder)
    assert (folder / "notes.txt").read_text() == (folder / "chapter" / "one.txt").read_text() == "mine"
    assert (folder / "report.html").read_text() == "page"
    write_folder(folder, run.stored, run.manifest | {"content_hash": "another"})
    assert (folder / "notes.txt").exists()
    assert not (folder / "report.html").exists()


def test_a_folder_of_other_things_is_never_replaced(run, tmp_path):
    (tmp_path / "project" / "thesis").mkdir(parents=True)
    (tmp_path / "project" / "thesis" / "one.txt").write_text("mine")
    with pytest.raises(UserError, match="holds other files and is no folder of results"):
        write_run(run, tmp_path / "project")
    assert [path.name for path in (tmp_path / "project").rglob("*")] == ["thesis", "one.txt"]
    (tmp_path / "empty").mkdir()
    write_run(run, tmp_path / "empty")


def test_a_link_to_a_folder_stays_a_link_and_a_circle_of_links_is_one_error(run, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "astray").symlink_to("nowhere")
    write_run(run, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert read_run(tmp_path / "there").content_hash == run.content_hash
    with pytest.raises(UserError, match="cannot write results into"):
        write_run(run, tmp_path / "circle")
    for name in ("circle", "astray"):
        with pytest.raises(UserError, match="cannot write results into"):
            check_writable(tmp_path / name / "run")


def test_without_an_atomic_exchange_the_folder_is_replaced_all_the_same(run, folder, monkeypatch):
    monkeypatch.setattr("sim.files._SWAP", 1 << 30)  # a flag no kernel knows
    write_run(make_run(value=0.25), folder)
    assert read_run(folder).weekly["stability"].eq(0.25).all()
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_text_that_a_spreadsheet_would_run_is_quoted_in_csv(run, tmp_path):
    folder = write_run(run, tmp_path / "run", csv=True).folder
    table = pd.read_csv(folder / "districts.csv")
    assert (folder / "districts.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # by which spreadsheets know Chinese
    assert list(table["district"]) == ["'=SUM(A1)", "'-x", "浦东", "plain"]
    assert table["stability"].dtype.kind == "f"
    assert read_run(folder).districts["district"][0] == "=SUM(A1)"


def test_pages_of_the_tables_carry_checksums_of_their_own(folder):
    """A table read without the manifest, or by another program, is not silently wrong either."""
    path = folder / "weekly.parquet"
    good = path.read_bytes()
    whole = pd.read_parquet(path)
    outcomes = []
    group = pq.read_metadata(path).row_group(0)
    for place in range(4, 4 + sum(group.column(i).total_compressed_size for i in range(group.num_columns))):
        bad = bytearray(good)
        bad[place] ^= 4
        path.write_bytes(bad)
        outcomes.append((_equal(path, whole, check=True), _equal(path, whole, check=False)))
    checked, unchecked = zip(*outcomes, strict=True)
    assert "different" in unchecked  # else this test would show nothing
    assert "different" not in checked


def _equal(path, whole, check):
    try:
        return "same" if pd.read_parquet(path, page_checksum_verification=check).equals(whole) else "different"
    except (OSError, ValueError):
        return "refused"


@pytest.mark.parametrize("size", [0, 1, 100])
@pytest.mark.parametrize("name", ["manifest.json", "weekly.parquet", "communities.parquet"])
def test_a_truncated_file_is_found(folder, name, size):
    os.truncate(folder / name, size)
    with pytest.raises(UserError, match=name):
        read_run(folder)


@pytest.mark.parametrize("name", ["manifest.json", "flows.parquet"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(UserError, match=name):
        read_run(folder)


def test_an_edited_manifest_is_refused(folder):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["seeds"] = [8]
    path.write_text(json.dumps(manifest, indent=1))
    with pytest.raises(UserError, match="edited"):
        read_run(folder)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"manifest\.json"):
        read_run(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(UserError, match="damaged"):
        read_run(tmp_path)


def test_a_run_of_another_model_is_read_and_its_report_leaves_gaps(run, tmp_path):
    older = replace(run, manifest=run.manifest | {"versions": {"model": "3"}})
    folder = write_run(older, tmp_path / "older").folder
    assert read_run(folder).weekly["stability"].eq(0.5).all()
    assert "This run has no data for this figure." in write_report(folder, folder).read_text(encoding="utf-8")


def test_a_failed_write_leaves_the_old_run_and_nothing_half(run, folder, monkeypatch):
    def full(*args, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.files.flush", full)
    with pytest.raises(UserError, match="the disk is full"):
        write_run(make_run(value=0.25), folder)
    monkeypatch.undo()
    assert read_run(folder).weekly["stability"].eq(0.5).all()
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_a_file_in_the_way_is_reported_in_one_line(run, tmp_path):
    (tmp_path / "results").write_text("mine")
    with pytest.raises(UserError, match="a file of that name is in the way") as error:
        write_run(run, tmp_path / "results" / "made_up" / "key")
    assert "\n" not in str(error.value)
    for folder in (tmp_path / "results", tmp_path / "results" / "made_up" / "key"):
        with pytest.raises(UserError, match="a file of that name is in the way"):
            check_writable(folder)
    assert (tmp_path / "results").read_text() == "mine"
    with pytest.raises(UserError, match="in the way"):
        write_run(run, tmp_path / "results")


def test_check_writable_leaves_nothing(tmp_path):
    check_writable(tmp_path / "new" / "made_up" / "key")
    assert list(tmp_path.iterdir()) == []


WRITER = """
    import sys
    sys.path.insert(0, sys.argv[2])
    from test_results import make_run
    from sim.results import write_run
    run = make_run(weeks=400)
    print("ready", flush=True)
    while True:
        write_run(run, sys.argv[1], csv=True)
        print("written", flush=True)
"""


def test_killed_while_writing_the_folder_is_whole_or_absent_and_the_rest_is_cleaned_up(tmp_path):
    folder = tmp_path / "made_up" / "key"
    chance = random.Random(3)
    for _ in range(4):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(folder), os.path.dirname(__file__)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout.readline() == "ready\n"
        for _ in range(chance.randrange(3)):
            writer.stdout.readline()
        try:
            writer.wait(chance.random() * 0.1)
        except subprocess.TimeoutExpired:
            writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        if folder.exists():
            assert len(read_run(folder).weekly) == 400
    write_run(make_run(), folder)
    assert len(read_run(folder).weekly) == 6
    assert [p.name for p in folder.parent.iterdir() if p.name.startswith(PARTIAL)] == []


def test_a_folder_that_another_process_is_writing_is_left_alone(run, tmp_path):
    with whole_folder(tmp_path / "key") as first:
        (first / "table").write_text("half")
        write_run(run, tmp_path / "key")
        assert len(read_run(tmp_path / "key").weekly) == len(run.weekly)
        assert (first / "table").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["key"]


def test_a_run_may_be_moved(folder, tmp_path):
    moved = folder.rename(tmp_path / "elsewhere")
    assert read_run(moved).folder == moved
    assert replace(read_run(moved), folder=None).folder is None


def test_a_run_of_another_model_is_read_or_reported_with_the_model_that_made_it(run, tmp_path):
    """The same sentences as for studies, see `sim.results.earlier_versions`."""
    versions = {"model": "1"}
    older = copy.copy(run)
    vars(older)["manifest"] = run.manifest | {"versions": versions}
    assert read_run(write_run(older, tmp_path / "older").folder).manifest["versions"]["model"] == "1"
    scenario = run.manifest["scenario"] | {"gone": 0.5}
    vars(older)["manifest"] = run.manifest | {"versions": versions, "scenario": scenario}
    with pytest.raises(UserError, match=r"was made by model 1, and this one.* cannot read its scenario"):
        read_run(write_run(older, tmp_path / "older").folder)
