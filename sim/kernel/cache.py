"""Where compiled kernels are kept: a folder named after a hash of all that the machine code depends on.

That is every source file that can hold a kernel or a constant of one, the processor, Python, Numba and its settings. An edited mechanism
is compiled anew; another copy of the same sources, wherever it lies, shares the folder.
"""

import hashlib
import os
import sys
from pathlib import Path

import llvmlite.binding
import numba

from sim.files import write_whole
from sim.kernel.versions import WAY
from sim.user_cache import CacheFolder, private_folder

PACKAGE = Path(__file__).parents[1]
SOURCES = ("kernel/*.py", "draws.py", "maths.py", "levers/*.py", "shocks.py", "city/*.py", "mechanisms/*.py", "attribution/*.py")
"""Files on which machine code depends. Kernels stand nowhere else."""
SUFFIX = ".nbc"
STAMP = "__sanzhi_stamp__"
"""Name in a module that was written by the package (see `sim.mechanisms.week`): of which state its source is."""
NAMED = "NUMBA_CACHE_DIR"
"""Environment variable with a folder to use in the place of the user's cache."""
_CONFIG = "OPT LOOP_VECTORIZE SLP_VECTORIZE ENABLE_AVX CPU_NAME CPU_FEATURES BOUNDSCHECK DEBUGINFO_DEFAULT".split()
"""Numba's settings that change machine code."""


def hash_of_sources(patterns: tuple[str, ...] = SOURCES) -> str:
    """Hash of the package's files of these patterns."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(path for pattern in patterns for path in PACKAGE.glob(pattern)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder(sources: str = "") -> CacheFolder:
    """Folder for machine code on this machine: the one that `NAMED` names, else the user's own, else a fallback.

    Parameters
    ----------
    sources : str, optional
        Hash of the sources; of those that are there by default.
    """
    part = f"{sources or hash_of_sources()}-{_machine()}"
    named = os.environ.get(NAMED)
    if named:
        chosen = Path(named).absolute() / part
        if any(chosen.rglob(f"*{SUFFIX}")) or _writable(chosen):
            return CacheFolder(chosen, None, True)
    found = private_folder(f"kernels/{part}")
    return found._replace(refused=Path(named)) if named else found


def _machine() -> str:
    """Hash of what the machine code depends on beside the sources: processor, compiler and its settings, version of Python."""
    processor = llvmlite.binding.get_host_cpu_name(), llvmlite.binding.get_host_cpu_features().flatten()
    settings = [str(getattr(numba.config, name, None)) for name in _CONFIG]
    about = sys.version_info[:2], sys.abiflags, numba.__version__, WAY, processor, settings
    return hashlib.blake2b(repr(about).encode(), digest_size=4).hexdigest()


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


CACHE = cache_folder()


def compiled() -> bool:
    """Whether this version of the model has been compiled on this machine."""
    return CACHE.path is not None and any(CACHE.path.rglob(f"*{SUFFIX}"))


def source_file(name: str, source: str) -> str:
    """File name for a module that the package writes. Numba's own cache wants a file that is there, so it is written beside that."""
    if WAY == "linked" or CACHE.path is None:
        return f"sanzhi-{name}.py"
    path, content = CACHE.path / f"{name}.py", source.encode()
    try:
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content, flushed=False)
    except OSError:
        return f"sanzhi-{name}.py"
    return str(path)
