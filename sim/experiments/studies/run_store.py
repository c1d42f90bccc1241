"""The run store of a study, ``study.sqlite``: the planned runs and their results.

Tables: ``about`` (the study), ``plan`` (a row per planned run: point, replicate, seed and a column per factor),
``results`` (a row per finished or failed run: key, state, error, seconds, a column per outcome, content hash, part with its series),
``parts`` (the Parquet files) and ``sessions``. The view ``runs`` joins plan and results.

Every row has a checksum that includes the study, so that a damaged row, or one of another study, is never accepted as a result. A damaged
store is rebuilt from its intact rows and those of its backup copy; only runs intact in neither are simulated again. One process writes;
other processes can read the file as a plain SQLite database.
"""

import contextlib
import datetime
import hashlib
import itertools
import json
import os
import socket
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.errors import UserError, reason
from sim.experiments.studies.more_replicates import carried_over, extended
from sim.experiments.studies.run_store_limits import existing
from sim.experiments.studies.run_store_rows import (
    DONE,
    FAILED,
    PLANNED,
    UNREADABLE,
    RunRecord,
    digest_of,
    first_damage,
    insert,
    layout,
    plan_of,
    plan_rows,
    quoted,
    read_about,
    result_row,
    row_checksum,
    sound_parts,
    sound_results,
)
from sim.experiments.studies.sessions import Session, add_checksums, note, put_sessions, refuse_other_sources, sessions_of
from sim.experiments.studies.study import Study
from sim.experiments.studies.study_file import RUN_STORE
from sim.files import FORBIDDEN, FULL, CannotLock, checksum, flush, lock, os_errors_as, removed_on_failure
from sim.lazy import lazily
from sim.messages import Joined, Message
from sim.regular_files import read_regular, refuse_special_file
from sim.version import MODEL_VERSION

with lazily():
    import pandas as pd

BACKUP, LOCK, SERIES = "study.backup.sqlite", "sweep.lock", "series"
MOST_DIFFERENCES = 12


class RunStore:
    """The run store of one study in one folder. Made by `open_run_store`."""

    def __init__(self, folder: Path, study: Study, connection: sqlite3.Connection):
        self.folder, self.study, self.connection = folder, study, connection
        self.plan_digest = digest_of(study)

    def pending(self) -> list[int]:
        """Pending runs, in order: those without a result, and those that failed."""
        query = "SELECT run FROM plan LEFT JOIN results USING (run) WHERE state IS NOT ? ORDER BY run"
        return [run for (run,) in self.connection.execute(query, (DONE,))]

    def counts(self) -> dict[str, int]:
        """Number of runs by state."""
        found = dict(self.connection.execute("SELECT state, count(*) FROM runs GROUP BY state"))
        return {state: found.get(state, 0) for state in (PLANNED, DONE, FAILED)}

    def failures(self, most: int = 10) -> list[tuple[int, str, int, str]]:
        """The first failed runs: number, key, seed, error."""
        query = "SELECT run, key, seed, error FROM runs WHERE state = ? ORDER BY run LIMIT ?"
        return list(self.connection.execute(query, (FAILED, most)))

    def record(self, results: Iterable[RunRecord], parts: Iterable[Path] = ()) -> None:
        """Record results atomically; existing results are replaced.

        Raises
        ------
        UserError
            When the disk is full or the file cannot be written.
        """
        rows = [result_row(result, self.study) for result in results]
        with sqlite_errors(self.folder / RUN_STORE), self.connection:
            insert(self.connection, "results", [(*row, row_checksum(self.plan_digest, row)) for row in rows])
            entries = [(path.name, path.stat().st_size, checksum(path)) for path in parts]
            insert(self.connection, "parts", [(*entry, row_checksum(self.plan_digest, entry)) for entry in entries])

    def begin(self, source: str, mixed: bool = False) -> None:
        """Record that a session begins, and the sources of the model.

        Raises
        ------
        UserError
            When there are results of other sources, unless `mixed`.
        """
        kept = bool(self.counts()[DONE])
        if kept and not mixed:
            refuse_other_sources(self.folder, self.sessions(), source)
        with sqlite_errors(self.folder / RUN_STORE), self.connection:
            if not kept:
                self.connection.execute("DELETE FROM sessions")  # no results of them are left
            note(self.connection, self.plan_digest, source)

    def sessions(self) -> list[Session]:
        """Sessions that did runs, in order."""
        return sessions_of(self.connection, self.plan_digest)

    def back_up(self) -> None:
        """Make a backup copy of the store: rows damaged in one are read from the other."""
        partial = self.folder / f".partial-{BACKUP}"
        with (
            os_errors_as("cannot write {path}", path=self.folder / BACKUP),
            sqlite_errors(self.folder / RUN_STORE),
            removed_on_failure(partial),
        ):
            partial.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(partial)) as copy:
                self.connection.backup(copy)
            flush(partial)
            partial.replace(self.folder / BACKUP)
            flush(self.folder)

    def content_hash(self) -> str:
        """Hash of every row in the order of the plan: independent of interruptions, machines and workers."""
        digest = hashlib.blake2b(digest_size=16)
        columns = ", ".join(quoted(name) for name in ("run", "seed", "key", "state", "content_hash", *self.study.outcomes))
        for row in self.connection.execute(f"SELECT {columns} FROM runs ORDER BY run"):
            digest.update(json.dumps(row).encode())
        return digest.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


@contextlib.contextmanager
def open_run_store(folder: Path, study: Study, plan: "pd.DataFrame", source: str | None = None) -> Iterator[RunStore]:
    """Open the store of a study for writing, created, repaired or extended by more replicates first where necessary.

    Parameters
    ----------
    folder : path
        The study's own folder.
    plan : DataFrame
        Points of the study, see `sim.experiments.studies.designs.points`.
    source : str, optional
        Hash of the sources of the model: a store made by other sources is not extended.

    Raises
    ------
    UserError
        When another sweep is running in the folder, when it contains a different study (with the differences), or cannot be written.
    """
    with os_errors_as("cannot write into {folder}", folder=folder), contextlib.ExitStack() as stack:
        _enter(folder, stack)
        path = folder / RUN_STORE
        earlier = extended(path, study)
        if earlier and source:
            with contextlib.suppress(*UNREADABLE), contextlib.closing(existing(path)) as connection:
                refuse_other_sources(folder, sessions_of(connection, digest_of(earlier)), source)
        trouble = "" if earlier else refuse_other(path, study) if path.exists() else "missing"
        trouble = trouble or first_damage(path, earlier or study)
        if not trouble:
            _refuse_other_points(path, earlier or study, plan)
        (folder / SERIES).mkdir(exist_ok=True)
        for left in (*folder.glob(".partial-*"), *(folder / SERIES).glob(".partial-*")):
            left.unlink()
        if earlier or trouble:
            _build(folder, study, plan, earlier)
        try:
            connection = stack.enter_context(_connected(folder, study))
        except UNREADABLE:  # damage outside of rows, found while deleting some
            _build(folder, study, plan, None)
            connection = stack.enter_context(_connected(folder, study))
        store = RunStore(folder, study, connection)
        if earlier:
            store.back_up()  # the old backup has the shorter plan
        yield store


@contextlib.contextmanager
def _connected(folder: Path, study: Study) -> Iterator[sqlite3.Connection]:
    """The store opened for writing, without results whose series are lost."""
    with contextlib.closing(sqlite3.connect(folder / RUN_STORE, timeout=60)) as connection:
        with sqlite_errors(folder / RUN_STORE):
            connection.execute("PRAGMA synchronous = FULL")
            try:
                add_checksums(connection, digest_of(study))
                _forget_lost_parts(folder, connection, digest_of(study))
            except sqlite3.OperationalError as error:
                if "decode" not in str(error):
                    raise
                raise sqlite3.DataError(str(error)) from error  # damaged text, not a file that cannot be written
        yield connection


def refuse_other(path: Path, study: Study) -> str:
    """Raise `UserError` with the differences if a store belongs to another study or model, or cannot be read."""
    about = read_about(path)
    if about is None:
        return "damaged"
    if about["plan"]["model"] != MODEL_VERSION:
        raise UserError(
            "{path} was started with model {made}, but this is model {now}, and a study cannot mix two models: finish "
            "it with the version that started it, or choose another name or --out for the new one (sanzhi analyze can "
            "still read it)",
            path=path,
            made=about["plan"]["model"],
            now=MODEL_VERSION,
        )
    different = list(_differences(about["plan"], json.loads(json.dumps(plan_of(study))), ""))
    if different:
        left = len(different) - MOST_DIFFERENCES
        raise UserError(
            "{path} contains a different study of the same name:\n"
            "{differences}\n"
            "expected the same study, to resume it, or the same with more replicates (luck: shared); choose another "
            "name or --out for the new one, or remove the folder",
            path=path,
            differences=Joined(
                [*different[:MOST_DIFFERENCES], *([Message("  and {count} more", count=left)] if left > 0 else ())],
                "\n",
            ),
        )
    return ""


def _build(folder: Path, study: Study, plan: "pd.DataFrame", earlier: Study | None) -> None:
    """Build a store with every intact result of the previous one, possibly of an `earlier` plan, and of its backup."""
    path, partial, plan_digest = folder / RUN_STORE, folder / f".partial-{RUN_STORE}", digest_of(study)
    kept: dict[int, tuple] = {}
    parts: list[tuple] = []
    sessions: list[Session] = []
    before = earlier or study
    for old in (folder / BACKUP, path):
        if old.is_file():
            kept |= sound_results(old, before)
            parts += sound_parts(old, digest_of(before), len(plan) * before.replicates)
            with contextlib.suppress(*UNREADABLE), contextlib.closing(existing(old)) as connection:
                sessions += sessions_of(connection, digest_of(before))
    if earlier:
        kept, parts = carried_over(folder / SERIES, kept.values(), parts, earlier, study)
    total = len(plan) * study.replicates
    with sqlite_errors(folder / RUN_STORE), removed_on_failure(partial):
        with contextlib.closing(sqlite3.connect(partial)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")  # flushed once, below
            for statement in layout(study):
                connection.execute(statement)
            text = json.dumps({"study": study.as_data(), "plan": plan_of(study)}, ensure_ascii=False)
            insert(connection, "about", [(text, row_checksum(b"", text))])
            insert(connection, "plan", ((*row, row_checksum(plan_digest, row)) for row in plan_rows(study, plan)))
            insert(connection, "results", (row for run, row in sorted(kept.items()) if 0 <= run < total))
            insert(connection, "parts", parts)
            put_sessions(connection, plan_digest, sessions)
        flush(partial)
        for journal in ("-journal", "-wal", "-shm"):  # journal of the damaged file, which must not be applied to the new one
            path.with_name(path.name + journal).unlink(missing_ok=True)
        partial.replace(path)
        flush(folder)


def _forget_lost_parts(folder: Path, connection: sqlite3.Connection, plan_digest: bytes) -> None:
    """Delete results whose series are missing or damaged, and files that no result needs."""
    known = {row[0] for row in connection.execute("SELECT name, size, blake2b, checksum FROM parts") if _whole(folder, row, plan_digest)}
    named = {name for (name,) in connection.execute("SELECT DISTINCT part FROM results WHERE part IS NOT NULL")}
    with connection:
        for name in named - known:
            connection.execute("DELETE FROM results WHERE part = ?", (name,))
        for (name,) in list(connection.execute("SELECT name FROM parts")):
            if name not in known & named:
                connection.execute("DELETE FROM parts WHERE name = ?", (name,))
    for path in (folder / SERIES).iterdir():
        if path.name not in known & named:
            path.unlink()


def _whole(folder: Path, row: tuple, plan_digest: bytes) -> bool:
    name, size, digest, own = row
    path = folder / SERIES / str(name)
    return own == row_checksum(plan_digest, row[:-1]) and path.is_file() and path.stat().st_size == size and checksum(path) == digest


def _refuse_other_points(path: Path, study: Study, plan: "pd.DataFrame") -> None:
    """Raise `UserError` if an intact store was planned with points that differ from those of the design now."""
    with contextlib.closing(existing(path)) as connection:
        columns = ", ".join(map(quoted, ("run", "point", "replicate", "seed", *study.keys)))
        kept = connection.execute(f"SELECT {columns} FROM plan ORDER BY run")
        for mine, planned in itertools.zip_longest(kept, plan_rows(study, plan)):
            if mine != planned:
                raise UserError(
                    "{path}: run {run} was planned with {kept}, but the same design now gives {now} (a different version of "
                    "SALib or SciPy): resume with the versions that started the study, or choose another name or --out",
                    path=path,
                    run=mine[0] if mine else planned[0],
                    kept=list(mine or ())[4:],
                    now=list(planned or ())[4:],
                )


def _enter(folder: Path, stack: contextlib.ExitStack) -> None:
    """Lock the folder for this process; if another sweep holds the lock, report which.

    The lock file exists only while a sweep is running, and a folder created for a sweep that was then rejected is removed. A process that
    opened the file just before it was removed has locked a deleted file: then the lock is taken again.
    """
    door, made = folder / LOCK, [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    stack.callback(_leave_no_empty, made)
    while not _locked(door, stack):
        pass
    stack.callback(door.unlink, missing_ok=True)
    now = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    door.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": now}))


def _locked(door: Path, stack: contextlib.ExitStack) -> bool:
    """Take the lock; False if its file was removed in the meantime."""
    door.touch()
    with os_errors_as("cannot write {path}", path=door):
        refuse_special_file(door)
    before = door.stat().st_ino
    with contextlib.ExitStack() as attempt:
        try:
            free = lock(door, attempt)
        except CannotLock as error:
            door.unlink(missing_ok=True)
            raise UserError(
                "{folder}: its file system does not support file locks ({why}), so two sweeps in it could interfere; "
                "choose a folder on a local disk with --out, and copy it afterwards",
                folder=door.parent,
                why=reason(error),
            ) from error
        if not free:
            raise UserError(
                "{folder}: another sweep is running in this folder ({who}); wait for it, stop it, or choose another folder with --out",
                folder=door.parent,
                who=_who(door),
            )
        if door.exists() and door.stat().st_ino == before:
            stack.push(attempt.pop_all())
            return True
    return False


def _who(door: Path) -> Message:
    """The process that holds the lock, as far as the lock file states it."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        first = json.loads(read_regular(door, 4096))
        values = {name: first[name] for name in ("pid", "host", "started")}
        return Message("process {pid} on {host}, started {started}", **values)
    return Message("another process")


def _leave_no_empty(made: list[Path]) -> None:
    """Remove created folders that are empty, the innermost first."""
    with contextlib.suppress(OSError):
        for place in made:
            place.rmdir()


def _differences(before: Any, now: Any, path: str) -> Iterator[Message]:
    """A line for each key that differs."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*before, *now)):
            below = f"{path}.{key}" if path else key
            if key not in now or key not in before:
                removed = Message("  {key}: was {before}, now removed", key=below, before=json.dumps(before.get(key)))
                yield removed if key in before else Message("  {key}: is new", key=below)
            else:
                yield from _differences(before[key], now[key], below)
    elif before != now:
        was, then = (json.dumps(value, ensure_ascii=False) for value in (before, now))
        yield Message("  {key}: was {before}, now {now}", key=path, before=was, now=then)


@contextlib.contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Context that turns errors of SQLite about a file into one-line `UserError` messages."""
    try:
        yield
    except sqlite3.OperationalError as error:
        hint = {"database or disk is full": FULL, "attempt to write a readonly database": FORBIDDEN}
        raise UserError("cannot write {path}: {why}", path=path, why=hint.get(str(error), str(error))) from error
