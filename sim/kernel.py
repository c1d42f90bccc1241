"""The `kernel` decorator: Python functions compiled to fast, bit-reproducible machine code.

A kernel is an ordinary function. Compiled, it differs from plain Python in one thing: a literal such as
``0.5`` is a 32-bit float, so that ``0.5 * tile.norm[i]`` stays in 32 bits, as it does in NumPy 2. No fast-math
is used anywhere: sums and products happen in the order written.

Numba's file cache looks only at the file of the outermost function, so an edited mechanism would go unseen.
The cache folder is therefore named after a hash of every source file of the package.
"""

import hashlib
import os
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).parent


def _source_hash() -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid()
    except OSError:
        return False


def cache_folder() -> Path:
    """Folder for compiled kernels: private to the user, one per state of the sources."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sanzhi" / "kernels"
    folder = base / _source_hash()
    return folder if _writable(folder) else Path(tempfile.mkdtemp(prefix="sanzhi-kernels-"))


os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder()))

import numba  # noqa: E402  (the cache folder must be known before numba is imported)
import numpy as np  # noqa: E402
from numba.core import ir  # noqa: E402
from numba.core.compiler import CompilerBase, DefaultPassBuilder  # noqa: E402
from numba.core.compiler_machinery import FunctionPass, register_pass  # noqa: E402
from numba.core.untyped_passes import IRProcessing  # noqa: E402


@register_pass(mutates_CFG=False, analysis_only=False)
class _Float32Literals(FunctionPass):
    _name = "sanzhi_float32_literals"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        changed = False
        for block in state.func_ir.blocks.values():
            for statement in block.body:
                if not isinstance(statement, ir.Assign) or not isinstance(statement.value, ir.Const):
                    continue
                value = statement.value
                if type(value.value) is float:
                    statement.value = ir.Const(np.float32(value.value), value.loc)
                    changed = True
        return changed


class _KernelCompiler(CompilerBase):
    def define_pipelines(self):
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager.add_pass_after(_Float32Literals, IRProcessing)
        manager.finalize()
        return [manager]


def kernel(function):
    """Compile `function` when first called; its float literals are 32-bit."""
    return numba.njit(function, pipeline_class=_KernelCompiler)


def driver(function):
    """Compile an outermost kernel: cached on disk, and free of Python's global lock while it runs."""
    return numba.njit(function, pipeline_class=_KernelCompiler, cache=True, nogil=True)
