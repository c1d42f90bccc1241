"""Files of scenarios: paths, shipped names, and files that a scenario may extend."""

import os
from pathlib import Path

from sim.errors import UserError
from sim.messages import Joined, Message
from sim.regular_files import is_file
from sim.scenario.cities.shipped import shipped_root
from sim.scenario.parsing import paths
from sim.scenario.parsing.document import MAX_BYTES
from sim.scenario.parsing.paths import Missing, beside, exists, path_of, printable
from sim.scenario.parsing.scalars import Refused, shown
from sim.suggestions import nearest

SUFFIXES = (".yaml", ".yml")
_PARENT = Message("a scenario in the same folder or below it")


def shipped_names() -> list[str]:
    """Names of the shipped scenarios, sorted."""
    return sorted(path.stem for path in shipped_root().glob("*.yaml"))


def find(source: str | os.PathLike) -> tuple[Path, str]:
    """File of a scenario and its name in messages.

    The name of a shipped scenario, without suffix or folder, is that scenario; everything else is a path.
    """
    text = os.fspath(source) if isinstance(source, (str, os.PathLike)) else source
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise UserError("got {name} for a scenario; expected a file or one of {names}", name=repr(text), names=Joined(shipped_names()))
    if isinstance(source, str) and text in shipped_names():
        return shipped_root() / f"{text}.yaml", f"{text}.yaml"
    return path_of(text), printable(text)


def read_bytes(file: Path, label: str) -> bytes:
    """Content of a file, up to one byte more than a scenario may have; raises `UserError` if it cannot be read."""
    return paths.read_bytes(file, label, MAX_BYTES, Message("a scenario file"), lambda: _near_files(file))


def parent_file(name: object, child: Path, child_label: str) -> tuple[Path, str]:
    """File that a scenario extends: in the folder of that scenario or below it, or a shipped scenario."""
    if not isinstance(name, str) or not name or "\0" in name:
        raise Refused(shown(name), Message("the name of a scenario file in the same folder or below it"))
    root, shipped = child.parent.resolve(), shipped_root().resolve()
    if not exists(root / name) and root.is_relative_to(shipped) and exists(shipped / name):
        child, child_label = shipped / "any.yaml", ""
    elif not exists(root / name) and name in shipped_names():
        return shipped_root() / f"{name}.yaml", f"{name}.yaml"
    try:
        target, label = beside(name, child, child_label, _PARENT)
    except Missing as refusal:
        raise Refused(*refusal.args[:2], nearest(name, _scenarios(root))) from None
    if not is_file(target):
        raise Refused(Message("{name}, which is not a file", name=shown(name)), Message("a scenario file"))
    return target, label


def _scenarios(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.suffix in SUFFIXES)[:1000]
    except OSError:
        return []


def _near_files(file: Path) -> list[str]:
    """Scenarios in a folder, or scenarios with similar names in the same folder and among the shipped ones."""
    if os.path.isdir(file):
        return _scenarios(file)[:5]
    near = []
    names = _scenarios(file.parent)
    found = next((name for name in names if Path(name).stem == file.name), None) or nearest(file.name, names)
    if found:
        near.append(printable(str(file.parent / found)))
    if near:
        return near
    shipped = nearest(file.stem, shipped_names())
    if shipped:
        return [shipped]
    return [] if file.suffix else shipped_names()  # a bare word was probably the name of a shipped scenario
