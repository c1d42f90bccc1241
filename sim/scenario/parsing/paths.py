"""Files named in a scenario: allowed locations, and reading."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from sim.errors import UserError, reason
from sim.messages import Joined, Message, Words
from sim.regular_files import NotRegularFileError, is_file, open_regular, read_up_to
from sim.scenario.parsing.scalars import Refused, shown
from sim.suggestions import nearest

MOST_MEANT = 5
"""Largest number of names in a suggestion; more are given as a list of existing files."""


_NOT_REGULAR = Message("something that is not a regular file")


class Missing(Refused):
    """Raised for a name without a file. Arguments as for `Refused`."""


class Unreadable(UserError):
    """Raised for a file that cannot be read; `why` is the reason, without the file's name."""

    def __init__(self, label: str, why: Message, whole: Message | None = None):
        self.why = why
        super().__init__("{file}: {why}", file=label, why=whole or why)


def path_of(source: str | os.PathLike) -> Path:
    """Path of a file given by a user.

    Raises
    ------
    UserError
        For the name of a file that ends in a slash, as that of a folder; a path would drop the slash.
    """
    text = os.fspath(source)
    if text.endswith(("/", os.sep)) and is_file(text.rstrip("/" + os.sep)):
        name = printable(text)
        raise UserError("{name}: is a file, and the slash at its end means a folder; did you mean {meant}?", name=name, meant=name[:-1])
    return Path(text)


def read_bytes(file: Path, label: str, most: int, what: Words = "a plain file", near: Callable[[], Sequence[str]] = tuple) -> bytes:
    """Read a file, up to one byte more than `most`.

    Parameters
    ----------
    file : path
    label : str
        Its name in messages.
    most : int
        Allowed number of bytes; one byte more shows that the file is too large.
    what : str
        Expected content, in messages.
    near : callable
        Returns the names of files that were probably meant.

    Raises
    ------
    Unreadable
        If there is no such file or it cannot be read.
    """
    try:
        with open_regular(file) as stream:
            return read_up_to(stream, most + 1)
    except IsADirectoryError:
        raise Unreadable(label, Message("a folder"), _instead(Message("a folder"), what, near())) from None
    except NotRegularFileError:
        raise Unreadable(label, _NOT_REGULAR, _instead(_NOT_REGULAR, what)) from None
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise Unreadable(label, Message("no such file"), _perhaps(Message("no such file"), near())) from None
        raise Unreadable(label, Message("cannot be read ({why})", why=reason(error))) from None


def beside(name: str, file: Path, label: str, what: Words) -> tuple[Path, str]:
    """Path of a `name` in `file`, in the same folder or below it, and its name in messages.

    Raises
    ------
    Refused
        For a path outside this folder, also through a link, and for one that does not exist. `what` is the expected content.
    """
    root = file.parent.resolve()
    if not name or "\0" in name or os.path.isabs(name) or "\\" in name or ".." in Path(name).parts:
        raise Refused(shown(name), what)
    target = root / name
    if not exists(target):
        raise Missing(Message("{name}, which does not exist", name=shown(name)), what, nearest(name, _names(root)))
    if name.endswith("/") and not target.is_dir():
        raise Refused(Message("{name}, which ends like a folder and is a file", name=shown(name)), what, name.rstrip("/"))
    if not target.resolve().is_relative_to(root):
        raise Refused(Message("{name}, a link out of its folder", name=shown(name)), what)
    return target, printable(os.path.join(os.path.dirname(label), os.path.normpath(name)))


def exists(path: Path) -> bool:
    """Whether a path exists; False for names that no file can have."""
    return os.path.exists(path)


def printable(text: str) -> str:
    """A file's name for display."""
    return text if text.isprintable() else ascii(text)[1:-1]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())[:1000]
    except OSError:
        return []


def _instead(got: Message, what: Words, near: Sequence[str] = ()) -> Message:
    """What was found instead of `what`, and files that were probably meant."""
    return _perhaps(Message("got {got}; expected {expected}", got=got, expected=what), near)


def _perhaps(sentence: Message, names: Sequence[str]) -> Message:
    """A sentence, and files that were probably meant."""
    if len(names) > MOST_MEANT:
        return Message("{sentence}; there are {names}", sentence=sentence, names=Joined(names))
    return Message("{sentence}; did you mean {names}?", sentence=sentence, names=Joined(names, " or ")) if names else sentence
