"""Atomic writing of files and folders, locks, flushing to disk, checksums, and operating-system errors as one line.

Network and container file systems do not support everything: some refuse locks, flushing of folders, exchanging names or permissions.
Precautions are skipped there; a failure of something essential is an error with a clear message.
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
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.errors import UserError, reason
from sim.messages import Message, Words
from sim.regular_files import open_regular

PARTIAL = ".partial-"
_SWAP = 2  # RENAME_EXCHANGE
_HELD = (errno.EWOULDBLOCK, errno.EAGAIN)
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EBADF, errno.EPERM, errno.ENOLCK)
"""Errors for operations that a file system does not support; NFS returns EBADF when a folder is locked."""
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
    """Turn operating-system errors in the block into a `UserError` of one line.

    Parameters
    ----------
    what : str or Message
        The operation that failed; a str is the English template of a `Message`.
    **values
        Fields of the template.
    """
    try:
        yield
    except OSError as error:
        what = what if isinstance(what, Message) else Message(what, **values)
        raise UserError("{what}: {why}", what=what, why=_HINTS.get(error.errno or 0, reason(error))) from error


class CannotLock(OSError):
    """Raised if a file system does not support locks; this does not mean that the lock is taken."""


def lock(path: Path, stack: contextlib.ExitStack, wait: bool = False) -> bool:
    """Lock a file or folder until `stack` is closed or the process ends. Returns False if another process has the lock.

    A file is opened for writing, because NFS locks nothing else; folders cannot be locked there.

    Raises
    ------
    CannotLock
        If the file system does not support it.
    OSError
        If the file cannot be opened.
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
    """Flush a file, or the entries of a folder, to disk, if the file system supports it."""
    with _ignored_if_unsupported():
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _ignored_if_unsupported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise


def checksum(path: Path) -> str:
    """Checksum of a regular file: 32 hexadecimal digits."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


@contextlib.contextmanager
def removed_on_failure(partial: Path) -> Iterator[None]:
    """Remove a partially written file, and a database's journal, if the block fails."""
    try:
        yield
    except BaseException:
        for path in (partial, partial.with_name(f"{partial.name}-journal")):
            path.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes, flushed: bool = True) -> None:
    """Write a file atomically, even if others write it at the same time; an existing file is replaced.

    Parameters
    ----------
    path : Path
    content : bytes
    flushed : bool
        Whether it must also survive a power cut, which is slower; not needed for files that can be created again.

    Raises
    ------
    OSError
        If it cannot be written. Nothing is left behind.
    """
    partial = path.with_name(f"{PARTIAL}{path.name}-{os.getpid()}-{threading.get_ident()}")
    with removed_on_failure(partial):
        with partial.open("wb") as file:
            file.write(content)
            if flushed:
                file.flush()
                with _ignored_if_unsupported():
                    os.fsync(file.fileno())
        partial.replace(path)
    if flushed:
        flush(path.parent)


@contextlib.contextmanager
def whole_folder(folder: Path, replaced: Iterable[str] = ()) -> Iterator[Path]:
    """A hidden folder to write into, which replaces `folder` atomically when the block succeeds.

    Of its previous content stays what is not written anew. If the block fails, nothing changes. Hidden folders left by killed processes are
    removed first.

    Parameters
    ----------
    folder : Path
    replaced : iterable of str
        Names of files and folders of the previous content that go, even if they are not written anew.

    Raises
    ------
    OSError
        If it cannot be written, or a file of that name exists.
    """
    folder = pointed_at(folder)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        partial = _begun(folder, stack)
        with _ignored_if_unsupported():
            partial.chmod(0o777 & ~_umask())
        yield partial
        if folder.exists():
            _carry(folder, partial, {path.name for path in partial.iterdir()}.union(replaced))
        for path in partial.iterdir():
            if not path.is_symlink():
                flush(path)
        flush(partial)
        _put(partial, folder)
    flush(folder.parent)


def pointed_at(folder: Path) -> Path:
    """The folder that a link points at, which is replaced in its place; the path itself if it is no link.

    Raises
    ------
    OSError
        If links go in a circle.
    """
    if not folder.is_symlink():
        return folder
    with contextlib.suppress(RuntimeError):  # a circle, up to Python 3.12
        folder = folder.resolve()
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    return folder


def _carry(old: Path, new: Path, without: Collection[str]) -> None:
    """Copy what is in a folder into another, without these names; links stay links."""
    for path in old.iterdir():
        if path.name in without:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True)
        elif path.is_file() or path.is_symlink():
            shutil.copy2(path, new / path.name, follow_symlinks=False)


def _begun(folder: Path, stack: contextlib.ExitStack) -> Path:
    """Create a hidden folder beside `folder`, locked, and removed when `stack` is closed; those left by killed processes are removed.

    Without locks a killed process cannot be recognised; folders older than a day are then considered abandoned.
    """
    prefix = f"{PARTIAL}{folder.name}-"
    with contextlib.ExitStack() as door:  # one process at a time
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
        except OSError:  # owned by somebody else, or removed meanwhile
            return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _put(partial: Path, folder: Path) -> None:
    """Move `partial` to `folder` in one step; the previous content is then in `partial`, or removed."""
    if not folder.exists():
        partial.rename(folder)
        return
    with contextlib.suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.renameat2(-100, os.fsencode(partial.absolute()), -100, os.fsencode(folder.absolute()), _SWAP) == 0:
            return
    # No atomic exchange (not Linux, or an unsupported file system): the folder is missing for a moment, but never incomplete.
    old = folder.with_name(f"{partial.name}-old")
    shutil.move(folder, old)  # overlay file systems of containers cannot rename folders of an image
    try:
        partial.rename(folder)
    except BaseException:
        shutil.move(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def folder_of(given: str | os.PathLike, what: str = "folder") -> Path:
    """The path of a folder; `UserError` for anything that is not a path."""
    if isinstance(given, (str, os.PathLike)):
        return Path(given)
    raise UserError("{what}: got a {kind}; expected the path of a folder", what=what, kind=type(given).__name__)
