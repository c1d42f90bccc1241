"""Kernels linked into their drivers: faster, by interfaces that Numba does not document. For tested versions of Numba only.

A kernel is compiled as an unoptimised part. A driver links its parts and optimises them there, once, instead of each on its own as well.
Reference counting and the wrappers that Python would call are left out. Compiled drivers are kept on disk by a cache of their own.
Numba's file cache is named after the path of the source, so that another copy of the same package compiles anew; an entry that is half
written or damaged ends the program, as does a disk that is full or read-only. Here an entry is a file of its own, named after everything
that the machine code depends on and sealed by a checksum. What cannot be read is compiled anew, what cannot be written is said once.
"""

import contextlib
import functools
import gc
import hashlib
import io
import logging
import multiprocessing
import pickle
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import llvmlite.binding
import llvmlite.ir as ll
import numba
from numba.core import cgutils, errors, typed_passes, types, untyped_passes
from numba.core.caching import Cache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import register_pass
from numba.core.environment import Environment, _rebuild_env
from numba.core.funcdesc import default_mangler
from numba.core.lowering import Lower
from numba.core.runtime import rtsys
from numba.core.serialize import dumps
from numba.core.typing.templates import AttributeTemplate
from numba.extending import models

from sim.files import write_whole
from sim.kernel.cache import CACHE, STAMP, SUFFIX
from sim.kernel.literals import Compiler
from sim.messages import Message

SEAL = 16
"""Bytes of the checksum before an entry."""
_log = logging.getLogger("sanzhi")


class _PartLibrary(JITCodeLibrary):
    """Code of a kernel that waits to be linked into a driver, which optimises it. Never optimised or run on its own."""

    def _optimize_final_module(self):
        pass

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(typed_passes.NativeLowering):
    """Lowers a kernel into a `_PartLibrary`, and makes it known to the kernels that call it."""

    _name = "sanzhi_part_lowering"

    def run_pass(self, state):
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        typed_passes.NativeLowering.run_pass(self, state)
        lowered = state["cr"]._replace(cfunc=_Entry())
        state.targetctx.insert_user_function(lowered.cfunc, lowered.fndesc, [state.library])
        state["cr"] = lowered
        return True


class _Entry:
    """Stands for the address of a kernel that has none yet."""


class _LowerApart(Lower):
    """Lowers a tile kernel."""

    def setup_function(self, fndesc):
        super().setup_function(fndesc)
        self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class _ApartLowering(_PartLowering):
    _name = "sanzhi_apart_lowering"

    @property
    def lowering_class(self):
        return _LowerApart


def _own(module: str) -> bool:
    """Whether a module is of the package. What kernels from outside make use of is not known, so nothing is spared with them."""
    return module.startswith("sim.")


_UNUSED = {
    *(untyped_passes.WithLifting, untyped_passes.InlineClosureLikes, untyped_passes.DeadBranchPrune),
    *(untyped_passes.MakeFunctionToJitFunction, untyped_passes.InlineInlinables, untyped_passes.RewriteDynamicRaises),
    *(untyped_passes.FindLiterallyCalls, untyped_passes.LiteralUnroll, untyped_passes.LiteralPropagationSubPipelinePass),
    *(typed_passes.InlineOverloads, typed_passes.NopythonRewrites, typed_passes.DumpParforDiagnostics),
}
"""Passes for what no kernel of the package holds, as closures and expressions of whole arrays."""


class _LoweredBy(Compiler):
    """The pipeline with another last step, and for kernels of the package without passes that they have no use for."""

    lowering: type

    def define_pipelines(self):
        (manager,) = super().define_pipelines()
        left_out = _UNUSED if _own(self.state.func_id.modname) else ()
        steps = [step for step in manager.passes if step[0] not in left_out]
        manager.passes = [(self.lowering if step is typed_passes.NativeLowering else step, why) for step, why in steps]
        return [manager]


class _PartCompiler(_LoweredBy):
    lowering = _PartLowering


class _ApartCompiler(_LoweredBy):
    lowering = _ApartLowering


class KernelCache(Cache):
    """Machine code of one function, by signature, in a folder.

    Parameters
    ----------
    function : callable
        The Python function.
    folder : path or None
        As of `sim.kernel.cache`; where it is None nothing is kept.
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
            return CompileResult._rebuild(target_context, *_Entries(io.BytesIO(raw[SEAL:])).load())  # from a folder of the user's own
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
        (name, kind, (code, _)), *rest = data._reduce()
        content = dumps(((name, kind, (code, _names_of(data.library))), *rest))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._entry(self._folder, sig, data.codegen), _seal(content) + content, flushed=False)
        except OSError as error:
            _complain(self._folder, error)

    def _entry(self, folder: Path, sig, codegen) -> Path:
        _, processor, code = self._index_key(sig, codegen)
        about = f"{self._py_func.__module__}.{self._py_func.__qualname__}", str(sig), processor, code, self._source
        return folder / f"{self._py_func.__name__}-{hashlib.blake2b(repr(about).encode(), digest_size=12).hexdigest()}{SUFFIX}"


class _Entries(pickle.Unpickler):
    """Reads an entry without importing those modules of Numba's whose functions became part of the machine code."""

    def find_class(self, module, name):
        return _environment if name == "_rebuild_env" else super().find_class(module, name)


def _environment(module: str, constants: list, name: str) -> Environment:
    """What a function would find when it runs Python, which those of Numba's in a kernel never do."""
    if not module.startswith("numba."):
        return _rebuild_env(module, constants, name)
    found = Environment({})
    found.env_name = name
    return found


def _names_of(library) -> bytes:
    """A module with the names that a driver defines, without their code: nothing links a driver, and reading that takes longest."""
    module = library._get_module_for_linking()
    defined = [f'@"{one.name}" = global i8 0' for one in module.global_variables if not one.is_declaration]
    defined += [f'define void @"{one.name}"() {{ ret void }}' for one in module.functions if not one.is_declaration]
    return llvmlite.binding.parse_assembly("\n".join(defined)).as_bitcode()


def _seal(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=SEAL).digest()


_complained = False


def _complain(folder: Path, error: OSError) -> None:
    """Say that machine code cannot be kept, once, and not again in every worker."""
    global _complained
    if not _complained and multiprocessing.parent_process() is None:
        _complained = True
        why = error.strerror or error
        _log.warning(Message("compiled code cannot be kept in {folder} ({why}): the next start compiles again", folder=folder, why=why))


_PLAIN = SimpleNamespace(**dict.fromkeys(("code", "errmsg", "filename", "indicate", "highlight", "reset"), str))
_BRIEFLY = (types.Record, "__repr__", types.Type.__repr__), (errors, "_termcolor_inst", _PLAIN)
"""Messages of Numba's without colours, and with the names of records instead of all their fields.

Numba writes thousands of messages while it tries one way after another, of which hardly one is ever read.
"""


@contextlib.contextmanager
def _thriftily(dispatcher) -> Iterator[None]:
    """Compile with less repetition, and without the search for cycles of dead objects: there are few among millions that live on."""
    context, typing = dispatcher.targetctx, dispatcher.typingctx
    with global_compiler_lock:
        collects, before = gc.isenabled(), [(holder, name, getattr(holder, name)) for holder, name, _ in _BRIEFLY]
        gc.disable()
        for holder, name, brief in _BRIEFLY:
            setattr(holder, name, brief)
        context.mangler, typing.resolve_function_type = _short_name, _remembered(typing.resolve_function_type)
        try:
            yield
        finally:
            del context.mangler, typing.resolve_function_type
            for holder, name, usual in before:
                setattr(holder, name, usual)
            if collects:
                gc.enable()


def _remembered(resolve):
    """Types of calls of what is not a kernel: four of five calls were met before."""
    known = {}

    def resolved(function, arguments, named):
        if not isinstance(function, types.Function):
            return resolve(function, arguments, named)
        call = function, arguments, tuple(named.items())
        if call not in known:
            known[call] = resolve(*call[:2], named)
        return known[call]

    return resolved


def _short_name(name: str, kinds, *, abi_tags=(), uid=None) -> str:
    """Symbol of a function. The usual one lists every field of its arguments, tens of thousands of characters wherever it is called."""
    about = hashlib.blake2b(repr([kind.name for kind in kinds]).encode(), digest_size=12).hexdigest()
    return default_mangler(name, (), abi_tags=[*abi_tags, about], uid=uid)


def _any_number(kind):
    """The type of a number that is written into a call: one version of a kernel of the package serves all such numbers."""
    return types.unliteral(kind) if isinstance(kind, types.IntegerLiteral) else kind


_OPTIONS = {"error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}


def _cached(dispatcher):
    """A dispatcher whose machine code is kept on disk."""
    compiled = dispatcher._compiler.compile

    def compile_thriftily(arguments, returned):
        with _thriftily(dispatcher):
            return compiled(arguments, returned)

    dispatcher._cache, dispatcher._compiler.compile = KernelCache(dispatcher.py_func, CACHE.path), compile_thriftily
    return dispatcher


class _Part:
    """A kernel: compiled as a part of its callers when they are compiled; called from Python, it is compiled on its own.

    Nothing of it is made before that, and most processes load the machine code of drivers and compile nothing.
    """

    def __init__(self, function, compiler):
        functools.update_wrapper(self, function)
        self.py_func, self._compiler = function, compiler

    @property
    def _numba_type_(self):
        """Its type, by which Numba knows it in the source of a caller."""
        return self._part._numba_type_

    @functools.cached_property
    def _part(self):
        part = numba.njit(self.py_func, pipeline_class=self._compiler, no_cpython_wrapper=True, **_OPTIONS)
        part._insert = lambda *overload, **more: None
        if _own(self.py_func.__module__):
            typed = part.get_call_template
            part.get_call_template = lambda arguments, named: typed(tuple(map(_any_number, arguments)), named)
        return part

    @functools.cached_property
    def _alone(self):
        alone = numba.njit(self.py_func, pipeline_class=Compiler, **_OPTIONS)
        return _cached(alone) if _own(self.py_func.__module__) else alone

    def __call__(self, *arguments):
        return self._alone(*arguments)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` when first called; its float literals are 32-bit."""
    return _Part(function, _PartCompiler)


def tile_kernel(function: Callable[..., Any]) -> Any:
    """A kernel that keeps a function of its own in the machine code: the compiler sees one loop at a time."""
    return _Part(function, _ApartCompiler)


def driver(function: Callable[..., Any]) -> Any:
    """Compile an outermost kernel: cached on disk, and free of Python's global lock while it runs. It may make arrays."""
    options: dict[str, Any] = {**_OPTIONS, "_nrt": True}
    return _cached(numba.njit(function, pipeline_class=Compiler, nogil=True, **options))


class _Shared(types.Type):
    """A named tuple that lies in the memory of a driver. Kernels are passed where it lies, not each of its hundreds of numbers."""

    def __init__(self, values):
        self.values = values
        super().__init__(f"shared({values.name})")


@numba.extending.register_model(_Shared)
class _SharedModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, manager.lookup(kind.values).get_value_type().as_pointer())


@numba.extending.infer_getattr
class _SharedFields(AttributeTemplate):
    key = _Shared

    def generic_resolve(self, shared, name):
        return shared.values[shared.values.fields.index(name)] if name in shared.values.fields else None


@numba.extending.lower_getattr_generic(_Shared)
def _shared_field(context, builder, kind, place, name):
    return builder.load(cgutils.gep_inbounds(builder, place, 0, kind.values.fields.index(name)))


@numba.extending.intrinsic
def shared(typing, values):
    """Have the kernels that a driver calls read its named tuple where it lies. For use in a driver only, which outlives them."""

    def share(context, builder, signature, arguments):
        return cgutils.alloca_once_value(builder, arguments[0])

    return _Shared(values)(values), share


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
