"""The run database of a matching, ``trials.sqlite``: the values of every finished trial, by its hash.

Matching is a deterministic function of simulated values. So after an interrupt, a kill or a power cut it simply begins again, and takes
from here what was simulated. Every row has a checksum with what it depends on; rows that do not match, or cannot be read, are simulated
again.
"""

import contextlib
import hashlib
import json
import math
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.errors import UserError
from sim.experiments.studies.run_store import sqlite_errors
from sim.experiments.studies.run_store_rows import UNREADABLE, rows_of
from sim.files import CannotLock, flush, lock, os_errors_as, removed_on_failure
from sim.scenario.schema.canonical import digest

FILE, LOCK = "trials.sqlite", "worlds.lock"
TABLES = ("CREATE TABLE IF NOT EXISTS about (text)", "CREATE TABLE IF NOT EXISTS trials (key PRIMARY KEY, value, checksum)")
FLUSH_SECONDS = 0.5
"""After so long, what was put is written to the disk."""
LEAST_BYTES = 64
"""Bytes that a row takes at least: how many there may be in a file."""


class KeptTrials:
    """Values of finished trials in a folder. Made by `open_kept`."""

    def __init__(self, connection: sqlite3.Connection, about: str, folder: Path):
        self.connection, self.about, self.folder, self.flushed = connection, about, folder, time.monotonic()

    def get(self, keys: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """Values of those trials that are finished."""
        found = {}
        for key in keys:
            row = self.connection.execute("SELECT value, checksum FROM trials WHERE key = ?", (key,)).fetchone()
            if row and row[1] == self._checksum(key, row[0]):
                found[key] = tuple(math.nan if one is None else one for one in json.loads(row[0]))
        return found

    def put(self, key: str, values: Sequence[float]) -> None:
        """Keep the values of a trial; they are on the disk after `flush`, which is called every `FLUSH_SECONDS`."""
        text = json.dumps([None if math.isnan(one) else one for one in values])
        with sqlite_errors(self.folder / FILE):
            self.connection.execute("INSERT OR REPLACE INTO trials VALUES (?, ?, ?)", (key, text, self._checksum(key, text)))
        if time.monotonic() - self.flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write to the disk."""
        with sqlite_errors(self.folder / FILE):
            self.connection.commit()
        self.flushed = time.monotonic()

    def _checksum(self, key: str, text: str) -> bytes:
        return hashlib.blake2b(f"{self.about}\n{key}\n{text}".encode(), digest_size=8).digest()


@contextlib.contextmanager
def open_kept(folder: Path, about: dict) -> Iterator[KeptTrials]:
    """Open the database in a folder, created if it is missing.

    Parameters
    ----------
    folder : Path
    about : dict
        What values depend on besides the trial: model, its sources, the scenario.

    Raises
    ------
    UserError
        If another process works in the folder, its trials are of another model or scenario, or it cannot be written.
    """
    said = json.dumps(about, sort_keys=True)
    with os_errors_as("cannot write into {folder}", folder=folder), contextlib.ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(CannotLock):
            (folder / LOCK).touch()
            if not lock(folder / LOCK, stack):
                raise UserError("{folder}: another process keeps its runs in this folder", folder=folder)
        path = folder / FILE
        connection = stack.enter_context(contextlib.closing(sqlite3.connect(path, timeout=60)))
        try:
            with sqlite_errors(path), connection:
                for statement in TABLES:
                    connection.execute(statement)
                row = connection.execute("SELECT text FROM about").fetchone()
                if row is None:
                    connection.execute("INSERT INTO about VALUES (?)", (said,))
            if row is not None and row[0] != said:
                raise _other(folder, row[0], about)
            if not _sound(connection):
                _rebuild(connection, path, said)
                connection.close()
                connection = stack.enter_context(contextlib.closing(sqlite3.connect(path, timeout=60)))
        except UNREADABLE as error:
            raise UserError("{path} is damaged ({why}): choose another folder, or remove it", path=path, why=str(error)) from error
        kept = KeptTrials(connection, digest(said, 16), folder)
        try:
            yield kept
        finally:
            kept.flush()


def _sound(connection: sqlite3.Connection) -> bool:
    """Whether every page can be read."""
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except UNREADABLE:
        return False


def _rebuild(damaged: sqlite3.Connection, path: Path, said: str) -> None:
    """Replace a database by one of all rows that can still be read."""
    partial = path.with_name(f".partial-{path.name}")
    partial.unlink(missing_ok=True)
    try:
        most = int(damaged.execute("SELECT max(rowid) FROM trials").fetchone()[0] or 0)
    except UNREADABLE:
        most = path.stat().st_size // LEAST_BYTES
    with sqlite_errors(path), removed_on_failure(partial):
        with contextlib.closing(sqlite3.connect(partial)) as connection, connection:
            for statement in TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO about VALUES (?)", (said,))
            connection.executemany("INSERT OR REPLACE INTO trials VALUES (?, ?, ?)", rows_of(damaged, "trials", most))
        flush(partial)
        partial.replace(path)


def _other(folder: Path, before: str, about: dict) -> UserError:
    """What to do where the runs of a folder depend on something else."""
    made, now = json.loads(before).get("model"), about.get("model")
    if made != now:
        return UserError(
            "{folder}: its runs were made by model {made}, and this is model {now}, which cannot go on with them: choose another folder",
            folder=folder,
            made=made,
            now=now,
        )
    return UserError(
        "{folder}: its runs were made by other sources of the model, or for another purpose: choose another folder", folder=folder
    )
