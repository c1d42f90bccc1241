"""The `kernel` decorator: Python functions compiled to fast, bit-reproducible machine code.

A kernel is an ordinary function. Compiled, it differs from plain Python in three things: a literal such as
``0.5`` is a 32-bit float, so that ``0.5 * tile.norm[i]`` stays in 32 bits, as it does in NumPy 2; a division by zero gives
infinity, as it does in NumPy, because a test before every division would keep loops from being vectorised; and it cannot make
arrays. No fast-math is used anywhere: sums and products happen in the order written.

There are three sorts. A `kernel` melts into whoever calls it. A `phase` keeps a function of its own in the machine code: melted
together, the loops of a week are too much for the compiler, which then vectorises few of them. A `driver` is what Python calls:
it is cached on disk, and the kernels below it are optimised there, once, and not on their own as well.

Machine code is kept on disk (`sim.kernel_cache`) in a folder named after a hash of every source file that can hold a kernel or a constant
of one: an edited mechanism is compiled anew, and so is everything on another processor, another version of Python or of Numba. Another
copy of the same sources, wherever it lies and whenever it was installed, finds what the first compiled.
"""

import hashlib
from collections import namedtuple
from pathlib import Path

import llvmlite.ir as ll
import numba
import numpy as np
from numba.core import cgutils, ir
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering
from numba.core.untyped_passes import IRProcessing

from sim import kernel_cache
from sim.private import Place

PACKAGE = Path(__file__).parent
SOURCES = ("kernel.py", "draws.py", "maths.py", "levers.py", "city/*.py", "mechanisms/*.py", "ledger/*.py")
"""Files on which machine code depends. Kernels stand nowhere else."""


def _source_hash(patterns: tuple[str, ...] = SOURCES) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(path for pattern in patterns for path in PACKAGE.glob(pattern)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_place() -> Place:
    """Folder for compiled kernels, one per state of the sources, and why it is not the usual one where it is not."""
    return kernel_cache.place(_source_hash())


CACHE = cache_place()


def compiled() -> bool:
    """Whether this version of the model has been compiled on this machine."""
    return CACHE.path is not None and any(CACHE.path.glob(f"*{kernel_cache.SUFFIX}"))


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


class _PartLibrary(JITCodeLibrary):
    """Code of a kernel that waits to be linked into a driver, which optimises it. Never optimised or run on its own."""

    def _optimize_final_module(self):
        pass

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(NativeLowering):
    """Lowers a kernel into a `_PartLibrary`, and makes it known to the kernels that call it."""

    _name = "sanzhi_part_lowering"

    def run_pass(self, state):
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        NativeLowering.run_pass(self, state)
        lowered = state["cr"]._replace(cfunc=_Entry())
        state.targetctx.insert_user_function(lowered.cfunc, lowered.fndesc, [state.library])
        state["cr"] = lowered
        return True


class _Entry:
    """Stands for the address of a kernel that has none yet."""


class _LowerApart(Lower):
    """Lowers a phase."""

    def setup_function(self, fndesc):
        super().setup_function(fndesc)
        self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class _ApartLowering(_PartLowering):
    _name = "sanzhi_apart_lowering"

    @property
    def lowering_class(self):
        return _LowerApart


class _Compiler(CompilerBase):
    lowering = NativeLowering

    def define_pipelines(self):
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager.add_pass_after(_Float32Literals, IRProcessing)
        manager.passes = [(self.lowering if step is NativeLowering else step, why) for step, why in manager.passes]
        manager.finalize()
        return [manager]


class _PartCompiler(_Compiler):
    lowering = _PartLowering


class _ApartCompiler(_Compiler):
    lowering = _ApartLowering


_OPTIONS = {"error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}


def _cached(dispatcher):
    """A dispatcher whose machine code is kept on disk."""
    if not numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        dispatcher._cache = kernel_cache.KernelCache(dispatcher.py_func, CACHE.path)
    return dispatcher


def _part(function, compiler):
    """Function compiled as a part of its callers; called from Python, it is compiled on its own."""
    part = numba.njit(function, pipeline_class=compiler, no_cpython_wrapper=True, **_OPTIONS)
    if part is function:  # NUMBA_DISABLE_JIT
        return part
    part._insert = lambda *overload, **more: None
    alone = numba.njit(function, pipeline_class=_Compiler, **_OPTIONS)
    if function.__module__.startswith("sim."):
        _cached(alone)
    part._compile_for_args = lambda *arguments, **more: alone
    return part


def kernel(function):
    """Compile `function` when first called; its float literals are 32-bit."""
    return _part(function, _PartCompiler)


def phase(function):
    """A kernel that keeps a function of its own in the machine code: the compiler sees one loop at a time."""
    return _part(function, _ApartCompiler)


def driver(function):
    """Compile an outermost kernel: cached on disk, and free of Python's global lock while it runs. It may make arrays."""
    return _cached(numba.njit(function, pipeline_class=_Compiler, nogil=True, **{**_OPTIONS, "_nrt": True}))


@numba.extending.intrinsic
def _load(typing, record):
    values = numba.types.NamedTuple([kind for _, kind in record.members], namedtuple("Values", [name for name, _ in record.members]))

    def load(context, builder, signature, arguments):
        parts = []
        for name, kind in record.members:
            place = cgutils.get_record_member(builder, arguments[0], record.offset(name), context.get_data_type(kind))
            parts.append(context.unpack_value(builder, kind, place))
        return context.make_tuple(builder, values, parts)

    return values(record), load


def _fetch(context, builder, start, offset):
    byte, number = ll.IntType(8).as_pointer(), ll.IntType(32)
    kind = ll.FunctionType(ll.VoidType(), [byte, number, number, number])
    prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    to_read, second_level, data = number(0), number(2), number(1)
    builder.call(prefetch, [builder.gep(builder.bitcast(start, byte), [offset]), to_read, second_level, data])
    return context.get_dummy_value()


@numba.extending.intrinsic
def _fetch_byte(typing, array, index):
    def fetch(context, builder, signature, arguments):
        start = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return _fetch(context, builder, start, arguments[1])

    return numba.types.none(array, index), fetch


@numba.extending.intrinsic
def _fetch_line(typing, record, offset):
    def fetch(context, builder, signature, arguments):
        return _fetch(context, builder, arguments[0], arguments[1])

    return numba.types.none(record, offset), fetch


@kernel
def values_of(record):
    """Fields of a record as a named tuple. Tuples live in registers, records in memory: a loop that reads a tuple vectorises."""
    return _load(record)


@kernel
def fetch_byte(array, index):
    """Ask for element `index` of an array of bytes to be brought into the cache. Changes nothing; may point anywhere."""
    _fetch_byte(array, index)


@kernel
def fetch_line(record, offset):
    """Ask for the 64 bytes around `offset` of a record to be brought into the cache. Changes nothing; may point anywhere."""
    _fetch_line(record, offset)


if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # plain Python has no registers and no cache to care for

    def values_of(record):
        return record

    def fetch_byte(array, index):
        return None

    def fetch_line(record, offset):
        return None
