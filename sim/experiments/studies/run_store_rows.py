"""Rows of the run store: their layout and checksums, how they are verified, and how they are read from a damaged file."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.experiments.studies.designs import count
from sim.experiments.studies.run_store_limits import existing, refuse_swollen
from sim.experiments.studies.study import Study
from sim.lazy import lazily
from sim.messages import Message
from sim.version import MODEL_VERSION

with lazily():
    import pandas as pd

LAYOUT = 1
PLANNED, DONE, FAILED = "planned", "done", "failed"
UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""Errors of damaged files; the second also if the damage is in a name, which SQLite's message repeats."""


@dataclass(frozen=True)
class RunRecord:
    """The record of one run.

    Parameters
    ----------
    run : int
        Number of the run in the plan.
    key : str
        Hash of scenario, seed and version of the model.
    state : str
        "done" or "failed".
    error : str or None
        The failure in one line.
    seconds : float
    outcomes : tuple of float or None
        In the order of ``study.outcomes``; None if a metric has no value.
    content_hash : str
        Of the run's history and final state; empty for a failure.
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


def digest_of(study: Study) -> bytes:
    """Digest of a study and the version of the model, included in the checksum of every row."""
    return digest_of_plan(plan_of(study))


def digest_of_plan(plan: Mapping[str, Any]) -> bytes:
    """The same for a plan as stored, also for one of another version of the model."""
    text = json.dumps([plan, LAYOUT], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def plan_of(study: Study) -> dict[str, Any]:
    """The data that identify a study: everything except its texts, and the version of the model."""
    data = {key: value for key, value in study.as_data().items() if key not in ("title", "description")}
    return {"model": MODEL_VERSION, **data, "scenario": study.scenario.canonical()}


def read_about(path: Path) -> dict[str, Any] | None:
    """The ``study`` of a store, and its ``plan`` with the version of the ``model``; None if damaged."""
    with contextlib.suppress(sqlite3.DatabaseError, ValueError, RecursionError), contextlib.closing(existing(path)) as connection:
        ((text, plan_digest),) = connection.execute("SELECT text, checksum FROM about LIMIT 2")
        about = json.loads(text) if plan_digest == row_checksum(b"", text) else None
        if isinstance(about, dict) and all(isinstance(about.get(part), dict) for part in ("study", "plan")):
            return about if isinstance(about["plan"].get("model"), str) else None
    return None


def sound_results(path: Path, study: Study) -> dict[int, tuple]:
    """Rows of results with a matching checksum, by run; as many as can be read from a damaged store."""
    found: dict[int, tuple] = {}
    plan_digest, planned = digest_of(study), count(study) * study.replicates
    with contextlib.suppress(*UNREADABLE), contextlib.closing(existing(path)) as connection:
        refuse_swollen(path, planned)
        for row in rows_of(connection, "results", planned):
            if row[-1] == row_checksum(plan_digest, row[:-1]):
                found[row[0]] = row
    return found


def verified(path: Path, study: Study, plan_digest: bytes | None = None) -> Iterator[tuple[tuple, tuple | None]]:
    """Rows of plan and results, each verified; `plan_digest` is that of the store's own plan if another model made it.

    Raises
    ------
    UserError
        At the first row that is damaged or missing.
    """
    plan_digest, planned = plan_digest or digest_of(study), count(study) * study.replicates
    width = 4 + len(study.keys) + 1
    seen = 0
    try:
        refuse_swollen(path, planned)
        with contextlib.closing(existing(path)) as connection:
            trouble = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if trouble != "ok":
                raise sqlite3.DatabaseError(trouble)
            laid_out = {text for (text,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
            if laid_out not in (set(layout(study)), set(layout(study, without_checksums=True))):
                raise sqlite3.DatabaseError(Message("its tables do not have the expected layout"))
            query = "SELECT plan.*, results.* FROM plan LEFT JOIN results USING (run) ORDER BY plan.run"
            for seen, row in enumerate(connection.execute(query), 1):
                plan, result = row[:width], row[width:] if row[width] is not None else None
                for part in filter(None, (plan, result)):
                    if part[-1] != row_checksum(plan_digest, part[:-1]) or part[0] != seen - 1:
                        raise sqlite3.DatabaseError(Message("run {run}: its checksum does not match", run=seen - 1))
                yield plan, result
            extra = connection.execute("SELECT count(*) FROM results WHERE run NOT IN (SELECT run FROM plan)").fetchone()[0]
        if seen != planned or extra:
            raise sqlite3.DatabaseError(Message("only {seen} of {planned} runs are present", seen=seen, planned=planned))
    except UNREADABLE as error:
        why = error.args[0] if error.args and isinstance(error.args[0], Message) else str(error)
        raise UserError("{path} is damaged ({why}): run sanzhi sweep again; intact runs are kept", path=path, why=why) from error


def first_damage(path: Path, study: Study) -> str:
    """The first problem of a store, or an empty text."""
    try:
        for _ in verified(path, study):
            pass
    except UserError as error:
        return str(error)
    return ""


def sound_parts(path: Path, plan_digest: bytes, planned: int) -> list[tuple]:
    """Rows of the table of parts with a matching checksum, in a store of so many `planned` runs."""
    found: list[tuple] = []
    with contextlib.suppress(*UNREADABLE), contextlib.closing(existing(path)) as connection:
        refuse_swollen(path, planned)
        found += [row for row in rows_of(connection, "parts", planned) if row[-1] == row_checksum(plan_digest, row[:-1])]
    return found


def layout(study: Study, without_checksums: bool = False) -> list[str]:
    """Statements that create the tables; with sessions without checksums, as in earlier versions, if `without_checksums`."""
    factors = "".join(f", {quoted(key)}" for key in study.keys)
    outcomes = "".join(f", {quoted(name)}" for name in study.outcomes)
    return [
        "CREATE TABLE about (text, checksum)",
        f"CREATE TABLE plan (run INTEGER PRIMARY KEY, point, replicate, seed{factors}, checksum)",
        f"CREATE TABLE results (run INTEGER PRIMARY KEY, key, state, error, seconds{outcomes}, content_hash, part, checksum)",
        "CREATE TABLE parts (name PRIMARY KEY, size, blake2b, checksum)",
        f"CREATE TABLE sessions (started, model, source{'' if without_checksums else ', checksum'})",
        f"CREATE VIEW runs AS SELECT plan.run, point, replicate, seed{factors}, coalesce(state, '{PLANNED}') AS state, key, error, seconds"
        f"{outcomes}, content_hash, part FROM plan LEFT JOIN results USING (run)",
    ]


def plan_rows(study: Study, plan: "pd.DataFrame") -> Iterator[tuple]:
    """Rows of the table of planned runs, in order."""
    for point, values in enumerate(plan.itertuples(index=False, name=None)):
        for replicate in range(study.replicates):
            yield (point * study.replicates + replicate, point, replicate, study.seed_of(point, replicate), *map(_plain, values))


def result_row(result: RunRecord, study: Study) -> tuple:
    """Row of the table of results, without its checksum."""
    outcomes = result.outcomes or (None,) * len(study.outcomes)
    return (result.run, result.key, result.state, result.error, result.seconds, *outcomes, result.content_hash, result.part)


def _plain(value: Any) -> Any:
    """A value as stored in SQLite; true and false as 1 and 0."""
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, bool) else value


def row_checksum(plan_digest: bytes, row: Any) -> bytes:
    """Checksum of a row."""
    try:
        text = json.dumps(row)
    except (TypeError, ValueError):  # bytes in place of text: certainly damaged
        return b""
    return hashlib.blake2b(text.encode(), digest_size=8, key=plan_digest).digest()


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple]) -> None:
    """Put rows into a table; a row with the same number is replaced."""
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    statement = f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(first))})"
    connection.execute(statement, first)
    connection.executemany(statement, iterator)


def rows_of(connection: sqlite3.Connection, table: str, most: int) -> Iterator[tuple]:
    """Rows of a table; after an unreadable page, rows are looked up one by one among the next `most` numbers."""
    last = -1
    try:
        for rowid, *row in connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid"):
            last = rowid
            yield tuple(row)
    except UNREADABLE:
        for rowid in range(last + 1, last + most + 2):
            with contextlib.suppress(*UNREADABLE):
                yield from connection.execute(f"SELECT * FROM {table} WHERE rowid = ?", (rowid,))


def quoted(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'
