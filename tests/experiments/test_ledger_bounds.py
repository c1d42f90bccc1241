"""What is read from a store is bounded: views, computed columns, texts, files and series that were tampered with."""

import contextlib
import io
import os
import resource
import shutil
import sqlite3
import time
from functools import cache

import pandas as pd
import pytest
from studies import study

from sim.errors import UserError
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import BACKUP, RUN_STORE, SERIES, open_run_store
from sim.experiments.studies.run_store_rows import DONE, RunRecord, digest_of, row_checksum
from sim.experiments.studies.study_result import read_study
from sim.files import checksum

BLOB = "zeroblob(2000000000)"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT"
VIEWS = {
    "about, huge": ("about", f"CREATE VIEW about AS SELECT {BLOB} AS text, 1 AS checksum"),
    "about, endless": ("about", f"CREATE VIEW about AS {ENDLESS} max(i) AS text, 1 AS checksum FROM n"),
    "results, endless": ("results", f"CREATE VIEW results AS {ENDLESS} i AS run FROM n"),
    "parts, huge": ("parts", f"CREATE VIEW parts AS SELECT {BLOB} AS name, 1 AS size, 1 AS blake2b, 1 AS checksum"),
    "sessions, endless": ("sessions", f"CREATE VIEW sessions AS {ENDLESS} i AS started, i AS model, i AS source FROM n"),
    "about, computed": ("about", f"CREATE TABLE about (text AS ({BLOB}), checksum)"),
}


@cache
def asked():
    """The study that is swept."""
    return study(horizon=2, record="series")


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    folder = tmp_path_factory.mktemp("full") / "small"
    with open_run_store(folder, asked(), designs.points(asked())) as store:
        store.begin("one")
        store.record([RunRecord(run, "key", DONE, None, 0.5, (0.1, 0.2), "hash") for run in store.pending()])
    return folder


@contextlib.contextmanager
def little():
    """At most 5 s of processor time and 300 MB more than before."""
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


@pytest.mark.parametrize("name", VIEWS)
def test_what_replaces_a_table_is_never_queried(full, tmp_path, name):
    folder = shutil.copytree(full, tmp_path / "small")
    table, statement = VIEWS[name]
    with contextlib.closing(sqlite3.connect(folder / RUN_STORE)) as connection, connection:
        connection.execute(f"DROP TABLE {table}")
        connection.execute(statement)
    shutil.copy(folder / RUN_STORE, folder / BACKUP)
    with little(), pytest.raises(UserError, match="damaged"):
        read_study(folder)
    with little(), open_run_store(folder, asked(), designs.points(asked())) as store:
        assert len(store.pending()) == 24


def test_a_text_that_is_too_long_and_a_number_that_is_too_high_are_damage(full, tmp_path):
    folder = shutil.copytree(full, tmp_path / "small")
    with contextlib.closing(sqlite3.connect(folder / RUN_STORE)) as connection, connection:
        connection.execute("UPDATE results SET error = zeroblob(100000000) WHERE run = 3")
        connection.execute("INSERT INTO plan (run) VALUES (4000000000000000000)")
    with little(), pytest.raises(UserError, match="damaged"):
        read_study(folder)
    with little(), open_run_store(folder, asked(), designs.points(asked())) as store:
        assert 3 in store.pending()


def test_a_file_much_larger_than_its_plan_and_one_that_is_no_file_are_damage(full, tmp_path):
    folder = shutil.copytree(full, tmp_path / "small")
    os.truncate(folder / RUN_STORE, 8_000_000_000)
    with little(), pytest.raises(UserError, match="bytes for 24 runs"):
        read_study(folder)
    (folder / BACKUP).unlink(missing_ok=True)
    os.mkfifo(folder / BACKUP)
    with little(), open_run_store(folder, asked(), designs.points(asked())):
        pass


def test_series_of_more_rows_than_weeks_and_of_texts_are_damage(full, tmp_path):
    folder = shutil.copytree(full, tmp_path / "small")
    for table in (pd.DataFrame({"run": [0] * 1000, "week": 0}), pd.DataFrame({"run": [0], "week": ["long"]})):
        raw = io.BytesIO()
        table.to_parquet(raw)
        (folder / SERIES / "a.parquet").write_bytes(raw.getvalue())
        plan_digest, entry = digest_of(asked()), ("a.parquet", len(raw.getvalue()), checksum(folder / SERIES / "a.parquet"))
        with contextlib.closing(sqlite3.connect(folder / RUN_STORE)) as connection, connection:
            connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)", (*entry, row_checksum(plan_digest, entry)))
            row = list(connection.execute("SELECT * FROM results WHERE run = 0").fetchone())
            row[-2] = "a.parquet"
            row[-1] = row_checksum(plan_digest, row[:-1])
            connection.execute(f"INSERT OR REPLACE INTO results VALUES ({', '.join('?' * len(row))})", row)
        with pytest.raises(UserError, match=r"a\.parquet is damaged.* rows of numbers"):
            read_study(folder).series()
