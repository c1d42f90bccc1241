"""Where scenarios lie on disk: paths, shipped names, and what a scenario may extend."""

import errno
import os
import stat
from pathlib import Path

from sim.errors import UserError
from sim.scenario.document import MAX_BYTES
from sim.scenario.presets import shipped_root
from sim.scenario.problems import nearest
from sim.scenario.scalars import Refused, shown

SUFFIXES = (".yaml", ".yml")


def shipped_names() -> list[str]:
    """Names of the shipped scenarios, sorted."""
    return sorted(path.stem for path in shipped_root().glob("*.yaml"))


def find(source: str | os.PathLike) -> tuple[Path, str]:
    """File of a scenario and its name in messages.

    A word without a suffix or a folder that names a shipped scenario is that scenario; everything else is a path.
    """
    text = os.fspath(source)
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise UserError(f"got {text!r} for a scenario; expected a file or one of {', '.join(shipped_names())}")
    if isinstance(source, str) and text in shipped_names():
        return shipped_root() / f"{text}.yaml", f"{text}.yaml"
    return Path(text), printable(text)


def printable(text: str) -> str:
    """A file's name as it may be shown."""
    return text if text.isprintable() else ascii(text)[1:-1]


def read_bytes(file: Path, label: str) -> bytes:
    """At most one byte more than a scenario may have; `UserError` when there is no such file or it cannot be read."""
    try:
        kind = os.stat(file).st_mode
        if stat.S_ISDIR(kind):
            inside = sorted(path.name for suffix in SUFFIXES for path in file.glob(f"*{suffix}"))
            raise UserError(f"{label}: got a folder; expected a scenario file{_perhaps(inside[:5])}")
        if not stat.S_ISREG(kind):
            raise UserError(f"{label}: got something that is not a plain file; expected a scenario file")
        with open(file, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise UserError(f"{label}: no such file{_perhaps(_near_files(file))}") from None
        raise UserError(f"{label}: cannot be read ({error.strerror or error})") from None


def parent_file(name: object, child: Path, child_label: str) -> tuple[Path, str]:
    """File that a scenario extends: in the folder of that scenario or below it, or a shipped scenario."""
    if not isinstance(name, str) or not name or "\0" in name:
        raise Refused(shown(name), "the name of a scenario file in the same folder or below it")
    root = child.parent.resolve()
    folders = [root] + ([shipped_root().resolve()] if root.is_relative_to(shipped_root().resolve()) else [])
    if os.path.isabs(name) or "\\" in name or ".." in Path(name).parts:
        raise Refused(shown(name), "a scenario in the same folder or below it")
    for folder in folders:
        target = folder / name
        if _exists(target):
            if not target.resolve().is_relative_to(folder):
                raise Refused(f"{shown(name)}, a link out of its folder", "a scenario in the same folder or below it")
            if not target.is_file():
                raise Refused(f"{shown(name)}, which is not a file", "a scenario file")
            return target, printable(os.path.join(os.path.dirname(child_label), name)) if folder == root else printable(name)
    if name in shipped_names():
        return shipped_root() / f"{name}.yaml", f"{name}.yaml"
    raise Refused(f"{shown(name)}, which does not exist", "a scenario in the same folder or below it", nearest(name, _scenarios(root)))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _scenarios(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.suffix in SUFFIXES)[:1000]
    except OSError:
        return []


def _near_files(file: Path) -> list[str]:
    """Scenarios with a like name: in the same folder, and among the shipped ones."""
    near = []
    beside = _scenarios(file.parent)
    found = next((name for name in beside if Path(name).stem == file.name), None) or nearest(file.name, beside)
    if found:
        near.append(printable(str(file.parent / found)))
    shipped = nearest(file.stem, shipped_names())
    return near + ([shipped] if shipped and not near else [])


def _perhaps(names: list[str]) -> str:
    return f"; did you mean {' or '.join(names)}?" if names else ""
