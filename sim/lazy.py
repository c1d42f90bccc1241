"""Imports that wait for their first use: the one place where start-up time is saved.

pandas, SciPy and Matplotlib take longer to import than a small city takes to run, and most commands need none of them. Such modules are
imported at the top of a file, where imports belong, in a block that puts off the work::

    with lazily():
        import pandas as pd
        from scipy import stats

Python 3.15 has ``lazy import`` for this (PEP 810); the block goes where that can be relied on.
"""

import builtins
import contextlib
import importlib
import sys
import threading
from collections.abc import Iterator, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

_ONE_AT_A_TIME = threading.RLock()
"""No module is loaded while it is held, so that nobody can wait for somebody who waits."""


class _Lazy(ModuleType):
    """A module that is imported when something is asked of it."""

    def __getattr__(self, name: str) -> Any:
        # From Python 3.15 on, `dataclass` looks up what annotations in quotes name, to find class variables: no use of the module.
        if sys._getframe(1).f_globals.get("__name__") == "dataclasses":
            raise AttributeError(name)
        return getattr(_loaded(self.__name__), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_loaded(self.__name__), name, value)

    def __dir__(self) -> list[str]:
        return dir(_loaded(self.__name__))


def _loaded(name: str) -> ModuleType:
    return importlib.import_module(name)  # not from sys.modules: there another thread may be half way through importing it


def _known_or_lazy(name: str) -> ModuleType:
    return sys.modules.get(name) or _Lazy(name)


@contextlib.contextmanager
def lazily() -> Iterator[None]:
    """Put off the imports in the block until their modules are used.

    Only modules can be put off: ``import pandas as pd``, ``from scipy import stats``.

    Raises
    ------
    ImportError
        Where a dotted module has no name of its own (``import scipy.stats``), or an import is relative.
    ModuleNotFoundError
        At the first use of a module that does not exist.
    """
    importing = sys._getframe(2).f_globals["__name__"]
    with _ONE_AT_A_TIME:
        at_once = builtins.__import__

        def put_off(name: str, globals: Any = None, locals: Any = None, fromlist: Sequence[str] | None = (), level: int = 0) -> Any:
            if globals is None or globals.get("__name__") != importing:
                return at_once(name, globals, locals, fromlist or (), level)
            if level or ("." in name and not fromlist):
                raise ImportError(f"{importing}: in lazily(), write 'from package import module' for {name}", name=name)
            if fromlist:
                return SimpleNamespace(**{one: _known_or_lazy(f"{name}.{one}") for one in fromlist})
            return _known_or_lazy(name)

        builtins.__import__ = put_off
        try:
            yield
        finally:
            builtins.__import__ = at_once
