"""Supported operating systems; checked before anything else is imported."""

import sys
from pathlib import PurePath

UNSUPPORTED = (
    "sanzhi runs on Linux and macOS, and on Windows inside WSL (`wsl --install`, then install and start sanzhi in its terminal);"
    " it does not run on Windows itself. sanzhi 可在 Linux、macOS 以及 Windows 的 WSL 中运行，不能直接在 Windows 上运行。"
)


def refuse_windows() -> None:
    """On Windows, end with one line that says where the package runs; on other systems, do nothing.

    Raises
    ------
    SystemExit
        If the command `sanzhi` was started.
    ImportError
        If the package is imported.
    """
    if sys.platform not in ("win32", "cygwin"):
        return
    if PurePath(sys.argv[0] if sys.argv else "").stem == "sanzhi" or not {"sim.cli", "sanzhi"}.isdisjoint(sys.orig_argv):
        sys.exit(UNSUPPORTED)
    raise ImportError(UNSUPPORTED)
