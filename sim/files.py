"""Files and folders that are whole or not there: locks, flushing to the disk, checksums, and operating-system errors in one line."""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.errors import UserError
from sim.reading import open_plain

PARTIAL = ".partial-"
_SWAP = 2  # RENAME_EXCHANGE


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Operating-system errors as one line that says what could not be done."""
    try:
        yield
    except OSError as error:
        hint = {
            errno.ENOSPC: "the disk is full",
            errno.EDQUOT: "your share of the disk is full",
            errno.EROFS: "the disk is read-only",
            errno.EACCES: "no permission",
            errno.ENOTDIR: "a file of that name is in the way; choose another folder with --out",
            errno.EEXIST: "a file of that name is in the way; choose another folder with --out",
        }.get(error.errno or 0, error.strerror or str(error))
        raise UserError(f"{what}: {hint}") from error


def lock(folder: Path, stack: contextlib.ExitStack, wait: bool = False) -> bool:
    """Lock a folder until `stack` is left; the lock ends with the process, however that ends. False where another holds it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        stack.callback(os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def flush(path: Path) -> None:
    """Have what is at `path` (for a folder: its entries) on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def checksum(path: Path) -> str:
    """32 hexadecimal digits of what a plain file holds."""
    with open_plain(path) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


@contextlib.contextmanager
def gone_unless_whole(partial: Path) -> Iterator[None]:
    """While a file is being written: take it away, with a database's journal, where that fails."""
    try:
        yield
    except BaseException:
        for path in (partial, partial.with_name(f"{partial.name}-journal")):
            path.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also after a power cut; what was there before is replaced.

    Raises
    ------
    OSError
        When it cannot be written. Nothing is left behind.
    """
    partial = path.with_name(f"{PARTIAL}{path.name}")
    with gone_unless_whole(partial):
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
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
    prefix = f"{PARTIAL}{folder.name}-"
    with contextlib.ExitStack() as stack:
        with contextlib.ExitStack() as door:  # one process at a time cleans up and begins
            lock(folder.parent, door, wait=True)
            for left in folder.parent.glob(f"{prefix}*"):
                with contextlib.ExitStack() as look:
                    if lock(left, look):
                        shutil.rmtree(left, ignore_errors=True)
            partial = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
            stack.callback(shutil.rmtree, partial, ignore_errors=True)
            lock(partial, stack)
        partial.chmod(0o777 & ~_umask())
        yield partial
        for path in partial.iterdir():
            flush(path)
        flush(partial)
        _put(partial, folder)
    flush(folder.parent)


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
    folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def folder_of(given: str | os.PathLike, what: str = "folder") -> Path:
    """Path of a folder that a caller hands in; `UserError` for what is no path."""
    if isinstance(given, (str, os.PathLike)):
        return Path(given)
    raise UserError("{what}: got a {kind}; expected the path of a folder", what=what, kind=type(given).__name__)
