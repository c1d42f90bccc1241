"""Coded columns in kernels: ``tile.norm[i]`` is a 32-bit float there, though whole numbers of 16 bits lie in memory.

Which columns of a record are coded, and how, is written in the class of its dtype (`sim.city.columns.Tile`). The types here carry that
into kernels, by Numba's documented interface for types: reading an item converts a number, writing one rounds a float and keeps it within
the bounds, NaN at the lower one. Both are done as `sim.city.columns.Coding` does them, in the same order in 32 bits.
"""

import operator
from typing import Any

import llvmlite.ir as ll
import numpy as np
from numba.core import cgutils, types
from numba.core.typing import signature
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    lower_builtin,
    lower_getattr,
    lower_getattr_generic,
    models,
    register_model,
    type_callable,
    typeof_impl,
)

WHOLE, STORED, REAL = ll.IntType(32), ll.IntType(16), ll.FloatType()


class CodedArray(types.Type):
    """A coded column of a record: `size` numbers that stand for parts of a highest value, from `least` to `most` of them."""

    def __init__(self, size: int, coding):
        self.size, self.least, self.most = size, coding.least, coding.most
        self.step, self.parts = float(coding.step), float(coding.parts)
        super().__init__(f"coded({size} x {coding.kind}, {self.step!r})")


class TileRecord(types.Record):
    """A record some of whose columns are coded, by the names of these."""

    def __init__(self, plain: Any, codings):
        fields: Any = [(name, part._asdict()) for name, part in plain.fields.items()]
        super().__init__(fields, plain.size, plain.aligned)
        self.plain = plain
        self.coded = {name: CodedArray(plain.typeof(name).nitems, coding) for name, coding in codings.items()}
        self.name += "".join(f" {name}={kind}" for name, kind in self.coded.items())  # a record is told from others by its name


register_model(TileRecord)(models.RecordModel)


@register_model(CodedArray)
class _CodedArrayModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, STORED.as_pointer())


def _with_codes(record: types.Record, dtype: np.dtype) -> types.Record:
    """Type of a record, given what Numba makes of its dtype."""
    codings = getattr(dtype.type, "codings", None)
    return TileRecord(record, codings) if codings else record


_typeof_array, _typeof_record = typeof_impl.dispatch(np.ndarray), typeof_impl.dispatch(np.record)


@typeof_impl.register(np.ndarray)
def _typeof_tiles(array, context):
    found = _typeof_array(array, context)
    return found.copy(dtype=_with_codes(found.dtype, array.dtype)) if array.dtype.names else found


@typeof_impl.register(np.record)
def _typeof_tile(record, context):
    return _with_codes(_typeof_record(record, context), record.dtype)


@infer_getattr
class _Columns(AttributeTemplate):
    key = TileRecord

    def generic_resolve(self, record, name):
        return record.coded.get(name)  # of the others Numba knows the type


@lower_getattr_generic(TileRecord)
def _column(context, builder, kind, record, name):
    if name not in kind.coded:
        return context.get_getattr(kind.plain, name)(context, builder, kind.plain, record, name)
    return cgutils.get_record_member(builder, record, kind.offset(name), STORED)


@infer_getattr
class _CodedFields(AttributeTemplate):
    key = CodedArray

    def resolve_size(self, array):
        return types.intp


@lower_getattr(CodedArray, "size")
def _size(context, builder, kind, array):
    return context.get_constant(types.intp, kind.size)


@type_callable(operator.getitem)
def _type_of_item(context):
    def typer(array, index):
        if isinstance(array, CodedArray) and isinstance(index, types.Integer):
            return types.float32

    return typer


@type_callable(operator.setitem)
def _type_of_write(context):
    def typer(array, index, value):
        if isinstance(array, CodedArray) and isinstance(index, types.Integer):
            return signature(types.none, array, index, types.float32)

    return typer


@lower_builtin(operator.getitem, CodedArray, types.Integer)
def _read(context, builder, called, arguments):
    kind = called.args[0]
    number = builder.load(_place(context, builder, called, arguments), align=1)
    whole = builder.sext(number, WHOLE) if kind.least else builder.zext(number, WHOLE)
    return builder.fmul(builder.sitofp(whole, REAL), REAL(kind.step))


@lower_builtin(operator.setitem, CodedArray, types.Integer, types.Float)
def _write(context, builder, called, arguments):
    kind, value = called.args[0], arguments[2]
    above = builder.fadd(builder.fmul(value, REAL(kind.parts)), REAL(0.5 - kind.least))
    above = builder.select(builder.fcmp_ordered(">", above, REAL(0.0)), above, REAL(0.0))
    most = REAL(float(kind.most - kind.least))
    above = builder.select(builder.fcmp_ordered("<", above, most), above, most)
    number = builder.add(builder.fptosi(above, WHOLE), WHOLE(kind.least))
    builder.store(builder.trunc(number, STORED), _place(context, builder, called, arguments), align=1)
    return context.get_dummy_value()


def _place(context, builder, called, arguments):
    """Where the number of an item lies; rows of a tile are counted from its first."""
    index = context.cast(builder, arguments[1], called.args[1], types.intp)
    if context.enable_boundscheck:
        cgutils.do_boundscheck(context, builder, index, context.get_constant(types.intp, called.args[0].size))
    return builder.gep(arguments[0], [index])
