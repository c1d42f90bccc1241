"""Compiled kernels on disk: a cache that no state of the disk makes a fault of.

Numba's own file cache is named after the path of the source, so that another copy of the same package compiles anew; an entry that
is half written or damaged ends the program, as does a disk that is full or read-only; and processes that write at the same time can mix
up entries. Here an entry is a file of its own, named after everything that the machine code depends on and sealed by a checksum. What
cannot be read is compiled anew, what cannot be written is said once.
"""

import contextlib
import hashlib
import logging
import multiprocessing
import os
import pickle
import sys
import uuid
from pathlib import Path

import llvmlite.binding
import numba
from numba.core.caching import Cache
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from sim import private
from sim.messages import Message

SUFFIX = ".nbc"
STAMP = "__sanzhi_stamp__"
"""Name in a module that was written by the package (see `sim.mechanisms.week`): of which state its source is."""
NAMED = "NUMBA_CACHE_DIR"
"""Environment variable with a folder to use in the place of the user's cache."""
SEAL = 16
"""Bytes of the checksum before an entry."""
_CONFIG = "OPT LOOP_VECTORIZE SLP_VECTORIZE ENABLE_AVX CPU_NAME CPU_FEATURES BOUNDSCHECK DEBUGINFO_DEFAULT".split()
"""Numba's settings that change machine code."""
_log = logging.getLogger("sanzhi")


def place(sources: str) -> private.Place:
    """Folder for machine code of these sources on this machine: the one that `NAMED` names, else the user's own, else a fallback.

    Parameters
    ----------
    sources : str
        Hash of the sources.
    """
    part = f"{sources}-{_machine()}"
    named = os.environ.get(NAMED)
    if named:
        chosen = Path(named).absolute() / part
        if any(chosen.glob(f"*{SUFFIX}")) or _writable(chosen):
            return private.Place(chosen, None, True)
    found = private.folder(f"kernels/{part}")
    return found._replace(refused=Path(named)) if named else found


def _machine() -> str:
    """Hash of what the machine code depends on beside the sources: processor, compiler and its settings, version of Python."""
    processor = llvmlite.binding.get_host_cpu_name(), llvmlite.binding.get_host_cpu_features().flatten()
    settings = [str(getattr(numba.config, name, None)) for name in _CONFIG]
    about = sys.version_info[:2], sys.abiflags, numba.__version__, processor, settings
    return hashlib.blake2b(repr(about).encode(), digest_size=4).hexdigest()


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


class KernelCache(Cache):
    """Machine code of one function, by signature, in a folder.

    Parameters
    ----------
    function : callable
        The Python function.
    folder : path or None
        As of `place`; where it is None nothing is kept.
    """

    def __init__(self, function, folder: Path | None):
        self._py_func = function
        self._folder = folder
        self._source = function.__globals__.get(STAMP, "")
        with contextlib.suppress(OSError):  # a function that was typed in has no file; its byte code is part of every key
            self._source += hashlib.blake2b(Path(function.__code__.co_filename).read_bytes(), digest_size=16).hexdigest()
        self.enable()

    @property
    def cache_path(self):
        """The folder, as Numba asks for it."""
        return self._folder and str(self._folder)

    def flush(self):
        """Nothing is kept back."""

    def load_overload(self, sig, target_context):
        """Machine code for a signature; None where there is none that is sound.

        It is loaded without all that compiling would need, which is half of the time until a first week.
        """
        rtsys.initialize(target_context)
        if not self._enabled or self._folder is None:
            return None
        try:
            raw = self._entry(self._folder, sig, target_context.codegen()).read_bytes()
            if _seal(raw[SEAL:]) != raw[:SEAL]:
                return None
            return CompileResult._rebuild(target_context, *pickle.loads(raw[SEAL:]))  # from a folder of the user's own
        except Exception:  # whatever ails it, it can be compiled
            return None

    def save_overload(self, sig, data):
        """Keep machine code, where it can be kept."""
        if (
            not self._enabled
            or self._folder is None
            or any(not lifted.can_cache for lifted in data.lifted)
            or data.library.has_dynamic_globals
        ):
            return
        content = dumps(data._reduce())
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._entry(self._folder, sig, data.codegen), _seal(content) + content)
        except OSError as error:
            _complain(self._folder, error)

    def _entry(self, folder: Path, sig, codegen) -> Path:
        _, processor, code = self._index_key(sig, codegen)
        about = f"{self._py_func.__module__}.{self._py_func.__qualname__}", str(sig), processor, code, self._source
        return folder / f"{self._py_func.__name__}-{hashlib.blake2b(repr(about).encode(), digest_size=12).hexdigest()}{SUFFIX}"


def _seal(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=SEAL).digest()


def _write(path: Path, content: bytes) -> None:
    """Put a file in its place in one step: readers see it whole or not at all."""
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


_complained = False


def _complain(folder: Path, error: OSError) -> None:
    """Say that machine code cannot be kept, once, and not again in every worker."""
    global _complained
    if not _complained and multiprocessing.parent_process() is None:
        _complained = True
        why = error.strerror or error
        _log.warning(Message("compiled code cannot be kept in {folder} ({why}): the next start compiles again", folder=folder, why=why))
