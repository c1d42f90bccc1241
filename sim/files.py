"""Files and folders that are whole or not there: locks, flushing to the disk, checksums, and operating-system errors in one line.

Not every file system does everything: network and container file systems refuse locks, flushing of folders, exchange of names or rights.
What only guards against the worst is left out there; what everything rests on is an error that says so.
"""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.errors import UserError, reason
from sim.messages import Message, Words
from sim.regular_files import open_regular

PARTIAL = ".partial-"
_SWAP = 2  # RENAME_EXCHANGE
_HELD = (errno.EWOULDBLOCK, errno.EAGAIN)
_UNKNOWN_HERE = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EBADF, errno.EPERM, errno.ENOLCK)
"""What a file system answers to a call that it does not know; EBADF is NFS's answer where a folder is to be locked."""
DAY = 86400.0
FULL, FORBIDDEN = Message("the disk is full"), Message("no permission")
_IN_THE_WAY = Message("a file of that name is in the way; choose another folder with --out")
_HINTS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: Message("your share of the disk is full"),
    errno.EROFS: Message("the disk is read-only"),
    errno.EACCES: FORBIDDEN,
    errno.EMFILE: Message("too many open files; allow more of them (ulimit -n)"),
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
}


@contextlib.contextmanager
def os_errors_as(what: Words, /, **values: Any) -> Iterator[None]:
    """Operating-system errors as one line that says what could not be done.

    Parameters
    ----------
    what : str or Message
        What could not be done; a str is the English template of a `Message`.
    **values
        Fields of the template.
    """
    try:
        yield
    except OSError as error:
        what = what if isinstance(what, Message) else Message(what, **values)
        raise UserError("{what}: {why}", what=what, why=_HINTS.get(error.errno or 0, reason(error))) from error


class CannotLock(OSError):
    """Raised where a file system has no locks; that is no sign that somebody holds one."""


def lock(path: Path, stack: contextlib.ExitStack, wait: bool = False) -> bool:
    """Lock a file or folder until `stack` is left; the lock ends with the process, however that ends. False where another holds it.

    A file is opened for writing, without which NFS locks nothing; folders cannot be, and are not to be locked there.

    Raises
    ------
    CannotLock
        Where the file system cannot.
    OSError
        Where the file cannot be opened.
    """
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    stack.callback(os.close, handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise CannotLock(error.errno, error.strerror, str(path)) from error
    return True


def flush(path: Path) -> None:
    """Have what is at `path` (for a folder: its entries) on the disk before going on, where the file system knows how to."""
    with _left_out_where_unknown():
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _left_out_where_unknown() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _UNKNOWN_HERE:
            raise


def checksum(path: Path) -> str:
    """32 hexadecimal digits of what a plain file holds."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


@contextlib.contextmanager
def removed_on_failure(partial: Path) -> Iterator[None]:
    """While a file is being written: take it away, with a database's journal, where that fails."""
    try:
        yield
    except BaseException:
        for path in (partial, partial.with_name(f"{partial.name}-journal")):
            path.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes, flushed: bool = True) -> None:
    """Write a file that is there whole or not at all, whoever else writes it at the same time; what was there before is replaced.

    Parameters
    ----------
    path : Path
    content : bytes
    flushed : bool
        Whether it is also to be there whole after a power cut. That takes a moment, and what can be made again does without.

    Raises
    ------
    OSError
        When it cannot be written. Nothing is left behind.
    """
    partial = path.with_name(f"{PARTIAL}{path.name}-{os.getpid()}-{threading.get_ident()}")
    with removed_on_failure(partial):
        with partial.open("wb") as file:
            file.write(content)
            if flushed:
                file.flush()
                with _left_out_where_unknown():
                    os.fsync(file.fileno())
        partial.replace(path)
    if flushed:
        flush(path.parent)


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder beside `folder` to write into; when the block ends well, it is flushed and takes the place of `folder` in one step.

    What was there before is replaced; when the block fails, nothing has changed. Hidden folders of killed processes are removed first.

    Raises
    ------
    OSError
        When it cannot be written, or a file is in the way.
    """
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        partial = _begun(folder, stack)
        with _left_out_where_unknown():
            partial.chmod(0o777 & ~_umask())
        yield partial
        for path in partial.iterdir():
            flush(path)
        flush(partial)
        _put(partial, folder)
    flush(folder.parent)


def _begun(folder: Path, stack: contextlib.ExitStack) -> Path:
    """A new hidden folder beside `folder`, locked and gone when `stack` is left; those that killed processes left are taken away.

    Without locks one cannot tell who was killed: what is older than a day is taken for it.
    """
    prefix = f"{PARTIAL}{folder.name}-"
    with contextlib.ExitStack() as door:  # one process at a time cleans up and begins
        with contextlib.suppress(OSError):
            lock(folder.parent, door, wait=True)
        for left in folder.parent.glob(f"{prefix}*"):
            if _left_behind(left):
                shutil.rmtree(left, ignore_errors=True)
        partial = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
        stack.callback(shutil.rmtree, partial, ignore_errors=True)
        with contextlib.suppress(OSError):
            lock(partial, stack)
    return partial


def _left_behind(partial: Path) -> bool:
    with contextlib.ExitStack() as look:
        try:
            return lock(partial, look)
        except CannotLock:
            return time.time() - partial.stat().st_mtime > DAY
        except OSError:  # another's, or gone meanwhile
            return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _put(partial: Path, folder: Path) -> None:
    """Put `partial` in the place of `folder` in one step; what was there is then in `partial`, or gone."""
    if not folder.exists():
        partial.rename(folder)
        return
    with contextlib.suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.renameat2(-100, os.fsencode(partial.absolute()), -100, os.fsencode(folder.absolute()), _SWAP) == 0:
            return
    # No exchange here (not Linux, or a file system without it): a moment without the folder, but never a half one.
    old = folder.with_name(f"{partial.name}-old")
    shutil.move(folder, old)  # layers of containers cannot rename what an image brought, only copy it
    try:
        partial.rename(folder)
    except BaseException:
        shutil.move(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def folder_of(given: str | os.PathLike, what: str = "folder") -> Path:
    """Path of a folder that a caller hands in; `UserError` for what is no path."""
    if isinstance(given, (str, os.PathLike)):
        return Path(given)
    raise UserError("{what}: got a {kind}; expected the path of a folder", what=what, kind=type(given).__name__)
