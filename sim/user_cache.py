"""A folder of the user's own for what can be made again: compiled kernels, Matplotlib's list of fonts.

It lies in the user's cache folder. Containers and services often have no home, or one that cannot be written; then it lies in the
machine's temporary folder, under the same name every time. What is found there is run as code, and anybody may write beside it: so a
folder that is not the user's own, that others may write into, or that is a link is not used.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

NAME = "sanzhi"


class CacheFolder(NamedTuple):
    """Where something is kept.

    Parameters
    ----------
    path : Path or None
        The folder; None where nothing can be kept.
    refused : Path or None
        The usual folder, where that could not be used; also None where the user has no home.
    usual : bool
        Whether the folder is where it usually is.
    """

    path: Path | None
    refused: Path | None
    usual: bool


def private_folder(part: str) -> CacheFolder:
    """A private folder called `part`, made where it is not there: in the user's cache, else in the machine's temporary folder."""
    home = _cache_home()
    refused = home / NAME / part if home else None
    if refused is not None and own(refused):
        return CacheFolder(refused, None, True)
    for base in _fallbacks():
        if own(base) and own(base / part):
            return CacheFolder(base / part, refused, False)
    return CacheFolder(None, refused, False)


def own(path: Path) -> bool:
    """Whether a folder belongs to this user, others cannot write into it, and this process can; it is made where it is not there."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = path.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o022:
            return False
        tempfile.TemporaryFile(dir=path).close()  # what the mode says is not always so: read-only disks, NFS
    except OSError:
        return False
    return True


def _cache_home() -> Path | None:
    """The user's cache folder as the XDG standard has it, or None."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return Path(named)
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and no entry in the list of users
        return None
    return home / ".cache" if home.is_absolute() else None


def _fallbacks() -> Iterator[Path]:
    for base in dict.fromkeys(filter(None, (os.environ.get("TMPDIR"), "/tmp", "/var/tmp"))):  # noqa: S108  ownership and mode are checked
        if os.path.isabs(base) and os.path.isdir(base):
            yield Path(base) / f"{NAME}-{os.geteuid()}"
