"""Sessions of a sweep: start time and sources of the model of each, so that different sources are not mixed unnoticed."""

import contextlib
import datetime
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sim.errors import UserError
from sim.experiments.studies.run_store_rows import UNREADABLE, insert, row_checksum
from sim.version import MODEL_VERSION

MOST_SESSIONS = 10_000


class Session(NamedTuple):
    """Start time of a session, version of the model and hash of its sources."""

    started: str
    model: str
    source: str


def note(connection: sqlite3.Connection, plan_digest: bytes, source: str) -> None:
    """Record that a session begins now."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    put_sessions(connection, plan_digest, [Session(now, MODEL_VERSION, source)])


def put_sessions(connection: sqlite3.Connection, plan_digest: bytes, sessions: Iterable[Session]) -> None:
    """Record sessions, each once and in order."""
    insert(connection, "sessions", [(*one, row_checksum(plan_digest, list(one))) for one in sorted(set(sessions))])


def sessions_of(connection: sqlite3.Connection, plan_digest: bytes) -> list[Session]:
    """Sessions of a store, in order: those with a matching checksum, and those of earlier versions without one."""
    found = []
    with contextlib.suppress(*UNREADABLE):
        for started, model, source, *own in connection.execute("SELECT * FROM sessions LIMIT ?", (MOST_SESSIONS,)):
            one = Session(started, model, source)
            if all(isinstance(part, str) for part in one) and own in ([], [None], [row_checksum(plan_digest, list(one))]):
                found.append(one)
    return sorted(found)


def add_checksums(connection: sqlite3.Connection, plan_digest: bytes) -> None:
    """Add checksums to the sessions of a store of an earlier version without them."""
    if [column[1] for column in connection.execute("PRAGMA table_info(sessions)")] == list(Session._fields):
        with connection:
            before = sessions_of(connection, plan_digest)
            connection.execute("ALTER TABLE sessions ADD COLUMN checksum")
            connection.execute("DELETE FROM sessions")
            put_sessions(connection, plan_digest, before)


def refuse_other_sources(folder: Path, sessions: Iterable[Session], source: str) -> None:
    """Raise `UserError` if sources other than `source` made runs."""
    others = [one for one in sessions if one.source != source]
    if others:
        raise UserError(
            "{folder}: its runs were made by other sources of model {model} (last on {started}); resuming would "
            "mix two models: restore those sources, choose another name or --out for the study, or resume anyway with "
            "--other-sources",
            folder=folder,
            model=others[-1].model,
            started=others[-1].started,
        )
