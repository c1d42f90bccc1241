"""Settings of the environment that were meant for other programs: Python's treatment of warnings, and folders of Matplotlib and Jupyter.

Where the package is imported, the settings of the process are the user's; a command is a program of its own and uses its own settings.
"""

import os
import sys
import warnings
from pathlib import Path

from sim.user_cache import private_folder


def use_own_settings() -> None:
    """Use a command's own settings: warnings are never errors, figures need no window, and Numba's number of threads is its default."""
    warnings.filters[:] = [rule for rule in warnings.filters if rule[0] != "error"]  # type: ignore[index]
    sys.warnoptions[:] = [option for option in sys.warnoptions if not option.startswith("e")]
    for name in ("PYTHONWARNINGS", "NUMBA_NUM_THREADS"):
        os.environ.pop(name, None)
    os.environ["MPLBACKEND"] = "agg"


def ensure_matplotlib_folder() -> None:
    """Give Matplotlib a permanent folder if it cannot write below the user's home. To be called before Matplotlib is imported.

    Otherwise it would create a temporary folder every time, print a warning, and search all fonts again.
    """
    if "matplotlib" in sys.modules or os.environ.get("MPLCONFIGDIR") or all(map(_can_be_made, _homes_of_matplotlib())):
        return
    folder = private_folder("matplotlib").path
    if folder is not None:
        os.environ["MPLCONFIGDIR"] = str(folder)


def ensure_jupyter_folders() -> None:
    """Give Jupyter and IPython a folder where the user has no home to write into. To be called before they are imported.

    Their import fails where there is neither HOME nor an entry in the list of users, and prints warnings where the home cannot be written.
    """
    if not _can_be_made(os.path.join(os.path.expanduser("~"), ".ipython")):
        folder = private_folder("jupyter").path
        if folder is not None:
            for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
                os.environ.setdefault(name, str(folder))


def _homes_of_matplotlib() -> list[str]:
    """Folders of Matplotlib's settings and font lists; an empty name if there is no home."""
    home = os.path.expanduser("~")
    if not os.path.isabs(home):
        return [""]
    if sys.platform == "darwin":
        return [str(Path(home, ".matplotlib"))]
    bases = (("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache"))
    return [str(Path(os.environ.get(name) or Path(home, usual), "matplotlib")) for name, usual in bases]


def _can_be_made(folder: str) -> bool:
    """Whether a folder exists or can be created, and is writable."""
    while folder and not os.path.exists(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK)
