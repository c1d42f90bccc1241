"""The run database of a matching, ``trials.sqlite``: the values of every finished trial, by its hash.

Matching is a deterministic function of simulated values. So after an interrupt, a kill or a power cut it simply begins again, and takes
from here what was simulated. Every row has a checksum with what it depends on; rows that do not match are simulated again.
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
from sim.files import CannotLock, lock, os_errors_as
from sim.scenario.schema.canonical import digest

FILE, LOCK = "trials.sqlite", "worlds.lock"
FLUSH_SECONDS = 0.5
"""After so long, what was put is written to the disk."""


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
        with sqlite_errors(self.folder):
            self.connection.execute("INSERT OR REPLACE INTO trials VALUES (?, ?, ?)", (key, text, self._checksum(key, text)))
        if time.monotonic() - self.flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write to the disk."""
        with sqlite_errors(self.folder):
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
        connection = stack.enter_context(contextlib.closing(sqlite3.connect(folder / FILE, timeout=60)))
        try:
            with sqlite_errors(folder), connection:
                connection.execute("CREATE TABLE IF NOT EXISTS about (text)")
                connection.execute("CREATE TABLE IF NOT EXISTS trials (key PRIMARY KEY, value, checksum)")
                row = connection.execute("SELECT text FROM about").fetchone()
                if row is None:
                    connection.execute("INSERT INTO about VALUES (?)", (said,))
        except sqlite3.DatabaseError as error:
            raise UserError("{path} is damaged ({why}): choose another folder, or remove it", path=folder / FILE, why=str(error)) from error
        if row is not None and row[0] != said:
            raise _other(folder, row[0], about)
        kept = KeptTrials(connection, digest(said, 16), folder)
        try:
            yield kept
        finally:
            kept.flush()


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
