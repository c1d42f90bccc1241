"""Reading files from untrusted sources: only regular files are opened, without blocking, and no more than a limit is read."""

import errno
import io
import os
import stat
from pathlib import Path

from sim.messages import Message

_HOW = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
"""Opening a pipe, or reading from a device, could block until somebody writes."""

PIECE = 64 * 1024
"""Bytes read at a time from a file of unknown size."""


class NotRegularFileError(OSError):
    """Raised for a pipe, a socket or a device instead of a file."""


class TooLargeError(OSError):
    """Raised for a file larger than the limit."""


def open_regular(path: str | os.PathLike) -> io.BufferedReader:
    """Open a regular file for reading bytes, without ever blocking.

    Raises
    ------
    NotRegularFileError
        For anything but a regular file or a folder.
    OSError
        If it cannot be opened; IsADirectoryError for a folder.
    """
    refuse_special_file(path)  # opening is enough to wake some devices
    handle = os.open(path, _HOW)
    try:
        _check(os.fstat(handle).st_mode, path)  # checked again, in case the file was replaced
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def refuse_special_file(path: str | os.PathLike) -> None:
    """Raise unless `path` is a regular file; for files that a library opens.

    Raises
    ------
    NotRegularFileError
        For anything but a regular file or a folder.
    OSError
        If there is nothing, or a folder.
    """
    _check(os.stat(path).st_mode, path)


def read_regular(path: str | os.PathLike, most: int) -> bytes:
    """The content of a regular file of at most `most` bytes.

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
            raise TooLargeError(errno.EFBIG, Message("larger than the limit of {most:,} bytes", most=most), os.fspath(path))
    return raw


def read_up_to(file: io.BufferedReader, most: int) -> bytes:
    """At most `most` bytes of an open file.

    Raises
    ------
    BlockingIOError
        If a special file that looks regular, as in ``/proc``, has no data yet.
    """
    parts, left = [], most
    piece = max(PIECE, os.fstat(file.fileno()).st_size + 1)  # a buffer of this size is allocated first
    while left > 0:
        part = file.read(min(left, piece))
        if part is None:
            raise BlockingIOError(errno.EAGAIN, "it has no data yet", file.name)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def is_file(path: str | os.PathLike) -> bool:
    """Whether `path` is a regular file; False for invalid names and in folders without permission."""
    return os.path.isfile(path)


def _check(mode: int, path: str | os.PathLike) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(mode):
        raise NotRegularFileError(errno.EINVAL, "not a regular file", str(Path(path)))
