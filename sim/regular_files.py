"""Files that others wrote: only plain ones are opened, without waiting, and no more of them is read than they may hold."""

import errno
import io
import os
import stat
from pathlib import Path

from sim.messages import Message

_HOW = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
"""Opening a pipe, and reading from a device, would wait for somebody to write."""

PIECE = 64 * 1024
"""Bytes that are read at a time of a file that does not say how large it is."""


class NotRegularFileError(OSError):
    """A pipe, a socket or a device where a file of data is wanted."""


class TooLargeError(OSError):
    """A file that holds more than is read."""


def open_regular(path: str | os.PathLike) -> io.BufferedReader:
    """Open a plain file for reading bytes; never waits, whatever lies there.

    Raises
    ------
    NotRegularFileError
        For what is neither a plain file nor a folder.
    OSError
        Where it cannot be opened; IsADirectoryError for a folder.
    """
    refuse_special_file(path)  # opening is enough to wake some devices
    handle = os.open(path, _HOW)
    try:
        _check(os.fstat(handle).st_mode, path)  # what was opened, in case another took its place
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def refuse_special_file(path: str | os.PathLike) -> None:
    """Raise unless a plain file lies at `path`: for files that a library is to open.

    Raises
    ------
    NotRegularFileError
        For what is neither a plain file nor a folder.
    OSError
        Where there is nothing, and for a folder.
    """
    _check(os.stat(path).st_mode, path)


def read_regular(path: str | os.PathLike, most: int) -> bytes:
    """All of a plain file of at most `most` bytes.

    Raises
    ------
    TooLargeError
        For a larger one, before anything is read.
    OSError
        As in `open_regular`.
    """
    with open_regular(path) as file:
        raw = b"" if os.fstat(file.fileno()).st_size > most else read_up_to(file, most + 1)
        if len(raw) > most or os.fstat(file.fileno()).st_size > most:
            raise TooLargeError(errno.EFBIG, Message("larger than the {most:,} bytes that it may have", most=most), os.fspath(path))
    return raw


def read_up_to(file: io.BufferedReader, most: int) -> bytes:
    """At most `most` bytes of an open file.

    Raises
    ------
    BlockingIOError
        Where something that calls itself a plain file, as in ``/proc``, has nothing to say yet.
    """
    parts, left = [], most
    piece = max(PIECE, os.fstat(file.fileno()).st_size + 1)  # room for as much is made before it is there
    while left > 0:
        part = file.read(min(left, piece))
        if part is None:
            raise BlockingIOError(errno.EAGAIN, "it would have to be waited for", file.name)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def is_file(path: str | os.PathLike) -> bool:
    """Whether there is a plain file; False for names that no file can have and folders that cannot be looked into."""
    return os.path.isfile(path)


def _check(mode: int, path: str | os.PathLike) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(mode):
        raise NotRegularFileError(errno.EINVAL, "not a plain file", str(Path(path)))
