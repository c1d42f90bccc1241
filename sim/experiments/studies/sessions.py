"""Sessions of a sweep: when each began, and which sources of the model it ran; two states of the sources are not mixed unseen."""

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
    """When a session began, with which version of the model and which hash of its sources."""

    started: str
    model: str
    source: str


def note(connection: sqlite3.Connection, plan_digest: bytes, source: str) -> None:
    """Write down that a session begins now."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    put_sessions(connection, plan_digest, [Session(now, MODEL_VERSION, source)])


def put_sessions(connection: sqlite3.Connection, plan_digest: bytes, sessions: Iterable[Session]) -> None:
    """Write down sessions, each once and in order."""
    insert(connection, "sessions", [(*one, row_checksum(plan_digest, list(one))) for one in sorted(set(sessions))])


def sessions_of(connection: sqlite3.Connection, plan_digest: bytes) -> list[Session]:
    """Sessions of a store, in order: those whose checksum fits, and those of a time when they had none."""
    found = []
    with contextlib.suppress(*UNREADABLE):
        for started, model, source, *own in connection.execute("SELECT * FROM sessions LIMIT ?", (MOST_SESSIONS,)):
            one = Session(started, model, source)
            if all(isinstance(part, str) for part in one) and own in ([], [None], [row_checksum(plan_digest, list(one))]):
                found.append(one)
    return sorted(found)


def add_checksums(connection: sqlite3.Connection, plan_digest: bytes) -> None:
    """Give the sessions of a store a checksum where it is of a time when they had none."""
    if [column[1] for column in connection.execute("PRAGMA table_info(sessions)")] == list(Session._fields):
        with connection:
            before = sessions_of(connection, plan_digest)
            connection.execute("ALTER TABLE sessions ADD COLUMN checksum")
            connection.execute("DELETE FROM sessions")
            put_sessions(connection, plan_digest, before)


def refuse_other_sources(folder: Path, sessions: Iterable[Session], source: str) -> None:
    """Raise `UserError` where sources other than `source` took part."""
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
