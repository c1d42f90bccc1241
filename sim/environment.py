"""What a command finds around it that was meant for other programs: how Python treats warnings, and how Matplotlib is set up.

Settings of a process are the user's where the package is imported; a command is a program of its own, and goes by its own.
"""

import os
import sys
import warnings
from pathlib import Path

from sim.user_cache import private_folder


def use_own_settings() -> None:
    """For commands: a library's warning ends none, here or in a worker; figures need no window, kernels none of Numba's own threads."""
    warnings.filters[:] = [rule for rule in warnings.filters if rule[0] != "error"]  # type: ignore[index]
    sys.warnoptions[:] = [option for option in sys.warnoptions if not option.startswith("e")]
    for name in ("PYTHONWARNINGS", "NUMBA_NUM_THREADS"):
        os.environ.pop(name, None)
    os.environ["MPLBACKEND"] = "agg"


def ensure_matplotlib_folder() -> None:
    """Before Matplotlib is imported: where it cannot write below the user's home, give it a folder that lasts.

    It would make one anew each time, say so, and list all fonts of the machine again.
    """
    if "matplotlib" in sys.modules or os.environ.get("MPLCONFIGDIR") or all(map(_can_be_made, _homes_of_matplotlib())):
        return
    folder = private_folder("matplotlib").path
    if folder is not None:
        os.environ["MPLCONFIGDIR"] = str(folder)


def _homes_of_matplotlib() -> list[str]:
    """Where Matplotlib keeps settings and lists; an empty name where there is no home for them."""
    home = os.path.expanduser("~")
    if not os.path.isabs(home):
        return [""]
    if sys.platform == "darwin":
        return [str(Path(home, ".matplotlib"))]
    bases = (("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache"))
    return [str(Path(os.environ.get(name) or Path(home, usual), "matplotlib")) for name, usual in bases]


def _can_be_made(folder: str) -> bool:
    """Whether a folder is there, or can be made, and can be written into."""
    while folder and not os.path.exists(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK)
