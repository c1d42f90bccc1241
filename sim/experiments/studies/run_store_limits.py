"""Checks before reading an untrusted store: a plain file with plain tables, of a size that fits its plan.

A manipulated file may have a view in place of a table, and a view may compute endless text.
"""

import re
import sqlite3
from pathlib import Path

from sim.files import os_errors_as
from sim.messages import Message
from sim.regular_files import refuse_special_file

LONGEST = 64_000_000
"""Maximum size of a text or a row; the longest is the study itself with all points of a list."""
ROOM, ROOM_PER_RUN = 200_000_000, 20_000
"""Maximum size of a store: a fixed part, and a part per planned run."""
TABLES = ("about", "plan", "results", "parts", "sessions")
COMPUTED = re.compile(r"\bAS\s*\(|\bGENERATED\s+ALWAYS\b", re.IGNORECASE)
"""Keywords of statements with computed columns."""


def existing(path: Path) -> sqlite3.Connection:
    """Open an existing store. Not read-only, since unfinished transactions of a killed writer have to be rolled back.

    Raises
    ------
    UserError
        If it is not a plain file: SQLite would wait for a pipe.
    sqlite3.DatabaseError
        When there is something else in place of a table.
    """
    with os_errors_as("cannot read {path}", path=path):
        refuse_special_file(path)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=60)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        connection.execute("PRAGMA trusted_schema = OFF")
        _refuse_computed(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_computed(connection: sqlite3.Connection) -> None:
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'runs' LIMIT ?"
    for kind, name, text in connection.execute(query, (len(TABLES) + 1,)):
        if kind != "table" or not str(text).startswith("CREATE TABLE ") or COMPUTED.search(str(text)):
            raise sqlite3.DatabaseError(Message("{name} is not a plain table", name=str(name)[:40]))


def refuse_swollen(path: Path, planned: int) -> None:
    """Raise `sqlite3.DatabaseError` if a store is much larger than possible for so many `planned` runs."""
    size, most = path.stat().st_size, ROOM + planned * ROOM_PER_RUN
    if size > most:
        raise sqlite3.DatabaseError(
            Message("{size:,} bytes for {planned:,} runs; expected at most {most:,}", size=size, planned=planned, most=most)
        )
