"""Which operating systems the package runs on. Read before anything else, so that others are told at once."""

import sys
from pathlib import PurePath

UNSUPPORTED = (
    "sanzhi runs on Linux and macOS, and on Windows inside WSL (`wsl --install`, then install and start sanzhi in its terminal);"
    " it does not run on Windows itself. sanzhi 可在 Linux、macOS 以及 Windows 的 WSL 中运行，不能直接在 Windows 上运行。"
)


def refuse_windows() -> None:
    """Nothing on a system that has what the package needs; on Windows, one line that says where it runs.

    Raises
    ------
    SystemExit
        With that line, where the command `sanzhi` was started.
    ImportError
        With that line, where the package is imported.
    """
    if sys.platform not in ("win32", "cygwin"):
        return
    if PurePath(sys.argv[0] if sys.argv else "").stem == "sanzhi" or "sim.cli" in sys.orig_argv:
        sys.exit(UNSUPPORTED)
    raise ImportError(UNSUPPORTED)
