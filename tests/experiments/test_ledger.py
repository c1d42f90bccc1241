"""The store: a row for every run whatever happens, damage found, another plan refused, one sweep at a time."""

import contextlib
import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from studies import study

from sim.errors import UserError
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import RUN_STORE, open_run_store
from sim.experiments.studies.run_store_rows import DONE, FAILED, RunRecord
from sim.experiments.studies.study_result import read_study


def opened(folder, of=None):
    of = of or study()
    return open_run_store(folder, of, designs.points(of))


def result(run, state=DONE):
    if state == FAILED:
        return RunRecord(run, f"key{run}", FAILED, "ValueError: no luck", 0.25)
    return RunRecord(run, f"key{run}", DONE, None, 0.5, (0.1 * run, None), f"hash{run}")


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A store with a result for every run; run 3 failed."""
    folder = tmp_path_factory.mktemp("full") / "small"
    with opened(folder) as store:
        store.begin("source")
        store.record([result(run, FAILED if run == 3 else DONE) for run in store.pending()])
    return folder


def copy(full, tmp_path, name="copy"):
    return Path(shutil.copytree(full, tmp_path / name))


def test_every_planned_run_is_a_row_before_it_is_run(tmp_path):
    with opened(tmp_path / "small") as store:
        assert store.pending() == list(range(24))
        assert store.counts() == {"planned": 24, "done": 0, "failed": 0}
    runs = read_study(tmp_path / "small").runs
    assert runs["run"].tolist() == list(range(24))
    assert runs["point"].tolist() == [run // 2 for run in range(24)]
    assert runs["seed"].tolist() == [1, 2] * 12
    assert set(runs["state"]) == {"planned"}


def test_results_stand_beside_factors_and_seed_for_every_reader_of_sqlite(full):
    with contextlib.closing(sqlite3.connect(full / RUN_STORE)) as connection:
        cursor = connection.execute("SELECT * FROM runs WHERE run = 5")
        row = dict(zip([column[0] for column in cursor.description], cursor.fetchone()))
    plan = designs.points(study())
    assert (row["point"], row["replicate"], row["seed"]) == (2, 1, 2)
    assert row["stance.transparency"] == plan["stance.transparency"][2]
    assert (row["key"], row["state"], row["stability"], row["satisfaction"]) == ("key5", "done", 0.5, None)


def test_failures_keep_key_seed_and_error_and_are_tried_again(full, tmp_path):
    with opened(copy(full, tmp_path)) as store:
        assert store.pending() == [3]
        assert store.failures() == [(3, "key3", 2, "ValueError: no luck")]
    row = read_study(full).runs.iloc[3]
    assert (row["state"], row["key"], row["error"]) == ("failed", "key3", "ValueError: no luck")


def test_a_result_that_comes_twice_is_one_row(full, tmp_path):
    folder = copy(full, tmp_path)
    before = read_study(folder)
    with opened(folder) as store:
        store.record([result(7), result(7)])
    assert read_study(folder).content_hash == before.content_hash


def test_the_content_hash_is_that_of_the_rows_in_order_not_of_their_coming(full, tmp_path):
    with opened(tmp_path / "small") as store:
        for run in random.Random(1).sample(range(24), 24):
            store.record([result(run, FAILED if run == 3 else DONE)])
    assert read_study(tmp_path / "small").content_hash == read_study(full).content_hash
    with opened(tmp_path / "small") as store:
        store.record([result(3)])
    assert read_study(tmp_path / "small").content_hash != read_study(full).content_hash


CHANGES = [
    ({"replicates": 1}, "replicates: was 2, now 1"),
    ({"replicates": 3, "horizon": 9}, "replicates: was 2, now 3"),
    ({"replicates": 3, "luck": "own"}, "replicates: was 2, now 3"),
    ({"horizon": 9}, "scenario.horizon: was 8, now 9"),
    ({"design": {"kind": "lhs", "samples": 12, "seed": 4}}, "design.seed: was 3, now 4"),
    ({"factors": {"stance.transparency": {"low": 0, "high": 1}}}, "factors.stance.patrol_targeting: was"),
    ({"luck": "own"}, 'luck: was "shared", now "own"'),
]


@pytest.mark.parametrize(("change", "says"), CHANGES)
def test_another_plan_is_refused_with_the_difference(full, change, says):
    before = (full / RUN_STORE).read_bytes()
    with pytest.raises(UserError) as error, opened(full, study(**change)):
        pass
    assert says in str(error.value)
    assert "--out" in str(error.value)
    assert (full / RUN_STORE).read_bytes() == before


def test_a_new_version_of_the_model_is_another_plan(full, monkeypatch):
    monkeypatch.setattr("sim.experiments.studies.run_store_rows.MODEL_VERSION", "next")
    with pytest.raises(UserError, match=r'model: was "[^"]+", now "next"'), opened(full):
        pass


def test_texts_are_no_part_of_the_plan(full, tmp_path):
    with opened(copy(full, tmp_path), study(title={"en": "Other", "zh": "别的"}, description="more")) as store:
        assert store.pending() == [3]


@pytest.mark.parametrize("table", ["plan", "results", "parts", "sessions"])
def test_a_flipped_bit_in_the_name_of_a_column_is_found_and_mended(full, tmp_path, table):
    folder = copy(full, tmp_path)
    raw = (folder / RUN_STORE).read_bytes()
    place = raw.index(f"CREATE TABLE {table} (".encode())
    last = raw.index(b")", place) - 1
    (folder / RUN_STORE).write_bytes(raw[:last] + bytes([raw[last] ^ 1]) + raw[last + 1 :])
    with pytest.raises(UserError, match="run sanzhi sweep again"):
        read_study(folder)
    with opened(folder) as store:
        assert 3 in store.pending()
        store.begin("source")
    assert len(read_study(folder).runs) == 24


@pytest.mark.parametrize("left", [0, 50, 4096, 9000])
def test_a_torn_store_is_rebuilt_from_what_is_valid(full, tmp_path, left):
    folder = copy(full, tmp_path)
    os.truncate(folder / RUN_STORE, left)
    with pytest.raises(UserError, match="run sanzhi sweep again"):
        read_study(folder)
    with opened(folder) as store:
        assert 3 in store.pending()
    assert len(read_study(folder).runs) == 24


def test_rows_of_another_study_are_never_taken_for_results(full, tmp_path):
    folder = copy(full, tmp_path)
    with contextlib.closing(sqlite3.connect(folder / RUN_STORE)) as connection, connection:
        connection.execute("UPDATE about SET text = 'nonsense'")
    with opened(folder, study(horizon=9)) as store:
        assert len(store.pending()) == 24


def test_a_file_in_the_way_and_a_folder_that_is_no_study_are_reported_in_one_line(tmp_path):
    (tmp_path / "small").write_text("in the way")
    with pytest.raises(UserError, match="a file of that name is in the way"), opened(tmp_path / "small"):
        pass
    with pytest.raises(UserError, match=r"no study\.sqlite found"):
        read_study(tmp_path)


def test_a_full_disk_is_reported_in_one_line_and_the_rest_is_kept(full, tmp_path):
    folder = copy(full, tmp_path)
    with opened(folder) as store:
        store.connection.execute("PRAGMA max_page_count = 1")  # SQLite's own way of having no room
        big = [RunRecord(3, "k" * 200_000, DONE, None, 0.5, (0.3, None), "h")]
        with pytest.raises(UserError, match="the disk is full"):
            store.record(big)
    with opened(folder) as store:
        assert store.pending() == [3]
