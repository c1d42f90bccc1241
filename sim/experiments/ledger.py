"""The ledger of a sweep, ``study.sqlite``: what was planned, and what became of every run.

Tables: ``about`` (the study as it was asked for), ``plan`` (a row per planned run: point, replicate, seed and a column per factor),
``results`` (a row per run that ended, well or not: key, state, error, seconds, a column per outcome, content hash, part with its
series), ``parts`` (the Parquet files) and ``sessions``. The view ``runs`` puts plan and results side by side.

Every row carries a checksum in which the study has a part, so that a damaged row, or one of another study, is never taken for a
result. A ledger in which anything is wrong is built anew out of its sound rows and those of its backup copy; only what is sound in neither
is simulated again. One process writes; the file is a plain SQLite database for everybody else.
"""

import contextlib
import datetime
import hashlib
import json
import os
import socket
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.experiments.designs import count
from sim.experiments.study import Study
from sim.files import checksum, flush, lock, told
from sim.version import MODEL_VERSION

if TYPE_CHECKING:
    import pandas as pd

LEDGER, BACKUP, DOOR, SERIES = "study.sqlite", "study.backup.sqlite", "sweep.lock", "series"
LAYOUT = 1
PLANNED, DONE, FAILED = "planned", "done", "failed"
MOST_DIFFERENCES = 12


@dataclass(frozen=True)
class Result:
    """What became of one run.

    Parameters
    ----------
    run : int
        Its number in the plan.
    key : str
        Hash of scenario, seed and version of the model.
    state : str
        "done" or "failed".
    error : str or None
        The failure in one line.
    seconds : float
    outcomes : tuple of float or None
        In the order of ``study.outcomes``; None where a metric could not be judged.
    content_hash : str
        Of the run's whole history and final state; empty for a failure.
    part : str or None
        File with its series.
    """

    run: int
    key: str
    state: str
    error: str | None = None
    seconds: float = 0.0
    outcomes: tuple[float | None, ...] = ()
    content_hash: str = ""
    part: str | None = None


class Ledger:
    """Ledger of one study in one folder. Made by `open_ledger`."""

    def __init__(self, folder: Path, study: Study, connection: sqlite3.Connection):
        self.folder, self.study, self.connection = folder, study, connection
        self.seal = seal_of(study)

    def pending(self) -> list[int]:
        """Runs to do, in order: those without a result, and those that failed."""
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

    def record(self, results: Iterable[Result], parts: Iterable[Path] = ()) -> None:
        """Write down results, all or none; a result that is there already is replaced.

        Raises
        ------
        UserError
            When the disk is full or the file cannot be written.
        """
        rows = [_row(result, self.study) for result in results]
        with _told_sqlite(self.folder), self.connection:
            _insert(self.connection, "results", [(*row, _seal(self.seal, row)) for row in rows])
            entries = [(path.name, path.stat().st_size, checksum(path)) for path in parts]
            _insert(self.connection, "parts", [(*entry, _seal(self.seal, entry)) for entry in entries])

    def begin(self, source: str) -> None:
        """Write down that a session begins, and with which sources of the model."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        with _told_sqlite(self.folder), self.connection:
            self.connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", (now, MODEL_VERSION, source))

    def sources(self) -> list[str]:
        """Hashes of the sources of the model that took part so far."""
        return [source for (source,) in self.connection.execute("SELECT DISTINCT source FROM sessions")]

    def back_up(self) -> None:
        """Copy the ledger beside itself: what is damaged in one is taken from the other."""
        partial = self.folder / f".partial-{BACKUP}"
        with told(f"cannot write {self.folder / BACKUP}"), _told_sqlite(self.folder):
            partial.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(partial)) as copy:
                self.connection.backup(copy)
            flush(partial)
            partial.replace(self.folder / BACKUP)
            flush(self.folder)

    def content_hash(self) -> str:
        """Hash of every row in the order of the plan: the same however often, where and by how many workers it was run."""
        digest = hashlib.blake2b(digest_size=16)
        columns = ", ".join(_quoted(name) for name in ("run", "seed", "key", "state", "content_hash", *self.study.outcomes))
        for row in self.connection.execute(f"SELECT {columns} FROM runs ORDER BY run"):
            digest.update(json.dumps(row).encode())
        return digest.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


@contextlib.contextmanager
def open_ledger(folder: Path, study: Study, plan: "pd.DataFrame") -> Iterator[Ledger]:
    """Open the ledger of a study for writing, made or mended first where it must be.

    Parameters
    ----------
    folder : path
        The study's own folder.
    plan : DataFrame
        Points of the study, see `sim.experiments.designs.points`.

    Raises
    ------
    UserError
        When another sweep is at work in the folder, when it holds another study (with the difference), or cannot be written.
    """
    with told(f"cannot write into {folder}"), contextlib.ExitStack() as stack:
        (folder / SERIES).mkdir(parents=True, exist_ok=True)
        _enter(folder, stack)
        path = folder / LEDGER
        for left in (*folder.glob(".partial-*"), *(folder / SERIES).glob(".partial-*")):
            left.unlink()
        trouble = refuse_other(path, study) if path.exists() else "missing"
        sound = trouble or _first_damage(path, study)
        if sound:
            _build(folder, study, plan)
        connection = stack.enter_context(contextlib.closing(sqlite3.connect(path, timeout=60)))
        with _told_sqlite(folder):
            connection.execute("PRAGMA synchronous = FULL")
            _forget_lost_parts(folder, connection, seal_of(study))
        yield Ledger(folder, study, connection)


def seal_of(study: Study) -> bytes:
    """Digest of a study and the version of the model: has a part in the checksum of every row."""
    text = json.dumps([plan_of(study), MODEL_VERSION, LAYOUT], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def plan_of(study: Study) -> dict[str, Any]:
    """What makes a study another one: all but its texts."""
    return {key: value for key, value in study.as_data().items() if key not in ("title", "description")}


def read_about(path: Path) -> dict[str, Any] | None:
    """What a ledger says of its study and model; None where that is damaged."""
    with contextlib.suppress(sqlite3.DatabaseError, ValueError), contextlib.closing(existing(path)) as connection:
        ((text, seal),) = connection.execute("SELECT text, checksum FROM about")
        if seal == _seal(b"", text):
            return json.loads(text)
    return None


def refuse_other(path: Path, study: Study) -> str:
    """Raise `UserError` with the difference where a ledger is of another study or model; say so where it cannot be told."""
    about = read_about(path)
    if about is None:
        return "damaged"
    before = {"model": about["model"], **{key: value for key, value in about["study"].items() if key not in ("title", "description")}}
    now = json.loads(json.dumps({"model": MODEL_VERSION, **plan_of(study)}))
    different = list(_differences(before, now, ""))
    if different:
        more = f"\n  and {len(different) - MOST_DIFFERENCES} more" if len(different) > MOST_DIFFERENCES else ""
        lines = "\n".join(f"  {line}" for line in different[:MOST_DIFFERENCES]) + more
        raise UserError(
            f"{path} holds another plan under this name:\n{lines}\n"
            "expected the same study, to go on with; give the new one another name or --out, or remove the folder"
        )
    return ""


def sound_results(path: Path, study: Study) -> dict[int, tuple]:
    """Rows of results in a ledger whose checksum fits, by run; as many as can be read of a damaged one."""
    found: dict[int, tuple] = {}
    seal = seal_of(study)
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(existing(path)) as connection:
        for row in _rows(connection, "results"):
            if row[-1] == _seal(seal, row[:-1]):
                found[row[0]] = row
    return found


def verified(path: Path, study: Study) -> Iterator[tuple[tuple, tuple | None]]:
    """Rows of plan and results side by side, each checked.

    Raises
    ------
    UserError
        At the first row that is damaged or missing.
    """
    seal, planned = seal_of(study), count(study) * study.replicates
    width = 4 + len(study.keys) + 1
    seen = 0
    try:
        with contextlib.closing(existing(path)) as connection:
            trouble = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if trouble != "ok":
                raise sqlite3.DatabaseError(trouble)
            query = "SELECT plan.*, results.* FROM plan LEFT JOIN results USING (run) ORDER BY plan.run"
            for seen, row in enumerate(connection.execute(query), 1):
                plan, result = row[:width], row[width:] if row[width] is not None else None
                for part in filter(None, (plan, result)):
                    if part[-1] != _seal(seal, part[:-1]) or part[0] != seen - 1:
                        raise sqlite3.DatabaseError(f"run {seen - 1}: its checksum does not fit")
                yield plan, result
            extra = connection.execute("SELECT count(*) FROM results WHERE run NOT IN (SELECT run FROM plan)").fetchone()[0]
        if seen != planned or extra:
            raise sqlite3.DatabaseError(f"{seen} of {planned} runs are there")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is damaged ({error}): sweep the study again, and what is sound is kept") from error


def _first_damage(path: Path, study: Study) -> str:
    try:
        for _ in verified(path, study):
            pass
    except UserError as error:
        return str(error)
    return ""


def _build(folder: Path, study: Study, plan: "pd.DataFrame") -> None:
    """Put a ledger in place, with every sound result of what was there before and of its backup."""
    path, partial, seal = folder / LEDGER, folder / f".partial-{LEDGER}", seal_of(study)
    kept: dict[int, tuple] = {}
    for old in (folder / BACKUP, path):
        if old.exists():
            kept |= sound_results(old, study)
    total = len(plan) * study.replicates
    with _told_sqlite(folder):
        with contextlib.closing(sqlite3.connect(partial)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")  # flushed once, below
            for statement in _layout(study):
                connection.execute(statement)
            text = json.dumps({"study": study.as_data(), "model": MODEL_VERSION, "layout": LAYOUT}, ensure_ascii=False)
            _insert(connection, "about", [(text, _seal(b"", text))])
            _insert(connection, "plan", ((*row, _seal(seal, row)) for row in _plan_rows(study, plan)))
            _insert(connection, "results", (row for run, row in sorted(kept.items()) if 0 <= run < total))
            for old in (folder / BACKUP, path):
                if old.exists():
                    _insert(connection, "parts", _sound_parts(old, seal))
        flush(partial)
        for journal in ("-journal", "-wal", "-shm"):  # of the damaged file; it must not be taken for the new one's
            path.with_name(path.name + journal).unlink(missing_ok=True)
        partial.replace(path)
        flush(folder)


def _sound_parts(path: Path, seal: bytes) -> list[tuple]:
    found: list[tuple] = []
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(existing(path)) as connection:
        found += [row for row in _rows(connection, "parts") if row[-1] == _seal(seal, row[:-1])]
    return found


def _forget_lost_parts(folder: Path, connection: sqlite3.Connection, seal: bytes) -> None:
    """Forget results whose series are missing or damaged, and files that no result needs."""
    known = {row[0] for row in connection.execute("SELECT name, size, blake2b, checksum FROM parts") if _whole(folder, row, seal)}
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


def _whole(folder: Path, row: tuple, seal: bytes) -> bool:
    name, size, digest, own = row
    path = folder / SERIES / str(name)
    return own == _seal(seal, row[:-1]) and path.is_file() and path.stat().st_size == size and checksum(path) == digest


def _enter(folder: Path, stack: contextlib.ExitStack) -> None:
    """Lock the folder for this process; where another sweep has it, say which."""
    door = folder / DOOR
    door.touch()
    if not lock(door, stack):
        who = "another process"
        with contextlib.suppress(OSError, ValueError, KeyError):
            first = json.loads(door.read_text())
            who = f"process {first['pid']} on {first['host']}, started {first['started']}"
        raise UserError(f"{folder}: a sweep is at work here already ({who}); wait for it, stop it, or choose another folder with --out")
    now = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    door.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": now}))
    stack.callback(door.write_text, "")


def _layout(study: Study) -> list[str]:
    factors = "".join(f", {_quoted(key)}" for key in study.keys)
    outcomes = "".join(f", {_quoted(name)}" for name in study.outcomes)
    return [
        "CREATE TABLE about (text, checksum)",
        f"CREATE TABLE plan (run INTEGER PRIMARY KEY, point, replicate, seed{factors}, checksum)",
        f"CREATE TABLE results (run INTEGER PRIMARY KEY, key, state, error, seconds{outcomes}, content_hash, part, checksum)",
        "CREATE TABLE parts (name PRIMARY KEY, size, blake2b, checksum)",
        "CREATE TABLE sessions (started, model, source)",
        f"CREATE VIEW runs AS SELECT plan.run, point, replicate, seed{factors}, coalesce(state, '{PLANNED}') AS state, key, error, seconds"
        f"{outcomes}, content_hash, part FROM plan LEFT JOIN results USING (run)",
    ]


def _plan_rows(study: Study, plan: "pd.DataFrame") -> Iterator[tuple]:
    for point, values in enumerate(plan.itertuples(index=False, name=None)):
        for replicate in range(study.replicates):
            yield (point * study.replicates + replicate, point, replicate, study.seed_of(point, replicate), *map(_plain, values))


def _row(result: Result, study: Study) -> tuple:
    outcomes = result.outcomes or (None,) * len(study.outcomes)
    return (result.run, result.key, result.state, result.error, result.seconds, *outcomes, result.content_hash, result.part)


def _plain(value: Any) -> Any:
    """A value as SQLite keeps it; true and false as 1 and 0."""
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, bool) else value


def _seal(seal: bytes, row: Any) -> bytes:
    try:
        text = json.dumps(row)
    except (TypeError, ValueError):  # bytes in the place of text: certainly not what was written
        return b""
    return hashlib.blake2b(text.encode(), digest_size=8, key=seal).digest()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple]) -> None:
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    statement = f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(first))})"
    connection.execute(statement, first)
    connection.executemany(statement, iterator)


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple]:
    """Rows of a table; beyond a page that cannot be read, those that can be found one by one."""
    last = 0
    try:
        for rowid, *row in connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid"):
            last = rowid
            yield tuple(row)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        (most,) = connection.execute("SELECT max(run) FROM plan").fetchone() or (0,)
        for rowid in range(last + 1, (most or 0) + 2):
            with contextlib.suppress(sqlite3.DatabaseError, UnicodeDecodeError):
                yield from connection.execute(f"SELECT * FROM {table} WHERE rowid = ?", (rowid,))


def existing(path: Path) -> sqlite3.Connection:
    """A ledger that is there already. Not opened read-only: what a killed writer left half done could not be undone then."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=60)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _differences(before: Any, now: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*before, *now)):
            below = f"{path}.{key}" if path else key
            if key not in now or key not in before:
                yield f"{below}: {'was ' + json.dumps(before[key]) + ', now left out' if key in before else 'is new'}"
            else:
                yield from _differences(before[key], now[key], below)
    elif before != now:
        yield f"{path}: was {json.dumps(before, ensure_ascii=False)}, now {json.dumps(now, ensure_ascii=False)}"


@contextlib.contextmanager
def _told_sqlite(folder: Path) -> Iterator[None]:
    """What SQLite cannot do, in one line."""
    try:
        yield
    except sqlite3.OperationalError as error:
        hint = {"database or disk is full": "the disk is full", "attempt to write a readonly database": "no permission"}
        raise UserError(f"cannot write {folder / LEDGER}: {hint.get(str(error), error)}") from error
