"""Code of plug-ins: found and identified without execution, and executed if this was allowed."""

import hashlib
import importlib
import linecache
import sys
import types
from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.messages import Message, Words

GROUP = "sanzhi.plugins"
"""Group of the entry points of installed plug-ins."""
LABEL = "sanzhi-plugin:"


def installed() -> dict[str, EntryPoint]:
    """Plug-ins of installed packages by name; none of their code is executed."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))}


def version_of(point: EntryPoint) -> str:
    """Version of the package of an installed plug-in."""
    return point.dist.version if point.dist else ""


def digest_of(point: EntryPoint) -> str:
    """Hash of the Python files of an installed plug-in's package; none of its code is executed."""
    digest = hashlib.blake2b(digest_size=16)
    spec = PathFinder.find_spec(point.module.partition(".")[0])
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(folder).rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    if spec and not spec.submodule_search_locations and spec.origin:
        digest.update(Path(spec.origin).read_bytes())
    return digest.hexdigest()


def text_digest(text: str) -> str:
    """Hash of the text of a plug-in's file."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def from_text(file: str, text: str) -> Any:
    """``PLUGIN`` of a plug-in's file, which is executed to define it."""
    label, module = f"{LABEL}{file}", types.ModuleType(f"sanzhi_plugin_{text_digest(text)}")
    linecache.cache[label] = (len(text), None, text.splitlines(keepends=True), label)
    sys.modules[module.__name__] = module  # dataclasses, pickle and docstrings look a module up
    try:
        exec(compile(text, label, "exec"), vars(module))  # noqa: S102  (only if it was allowed)
    except BaseException:
        del sys.modules[module.__name__]
        raise
    return getattr(module, "PLUGIN", None)


def from_package(point: EntryPoint) -> Any:
    """``PLUGIN`` of an installed plug-in, whose module is imported."""
    found: Any = importlib.import_module(point.module)
    for part in filter(None, (point.attr or "PLUGIN").split(".")):
        found = getattr(found, part, None)
    return found


def where(error: BaseException) -> Words:
    """Line of a plug-in's file in which an error was raised."""
    found: Words = ""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(LABEL):
            file = trace.tb_frame.f_code.co_filename.removeprefix(LABEL)
            found = Message(" ({file}, line {line})", file=file, line=trace.tb_lineno)
        trace = trace.tb_next
    return found


class PluginFailed(UserError):
    """Raised when code of a plug-in raises an error or cannot be compiled."""
