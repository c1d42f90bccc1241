"""Columns as Arrow tables, without pandas: pyarrow's own conversions of arrays import it, which takes a third of a second."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

Columns = Mapping[str, "np.ndarray"]
"""A table as equally long arrays of numbers or of text (objects), by name."""


def arrow_table(columns: Columns, nan_is_null: bool = False) -> "pa.Table":
    """Arrow table of columns; numbers that are none (NaN) are missing values where `nan_is_null`, as pandas writes them."""
    import pyarrow as pa

    arrays = [_text(values) if values.dtype.kind == "O" else _numbers(values, nan_is_null) for values in columns.values()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def described(table: "pa.Table", about: Callable[[str], Mapping[str, str]]) -> "pa.Table":
    """The table with metadata in the field of every column.

    Parameters
    ----------
    table : pyarrow.Table
    about : callable
        Given a column's name, what is said of it, such as ``{"unit": "share"}``; nothing where that is empty.
    """
    import pyarrow as pa

    fields = [field.with_metadata(dict(said)) if (said := about(field.name)) else field for field in table.schema]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def _numbers(values: "np.ndarray", nan_is_null: bool) -> Any:
    import numpy as np
    import pyarrow as pa

    known = ~np.isnan(values) if nan_is_null and values.dtype.kind == "f" else np.ones(0, bool)
    valid = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])


def _text(values: "np.ndarray") -> Any:
    import numpy as np
    import pyarrow as pa

    words = [word.encode() for word in values.tolist()]
    ends = np.cumsum([0, *map(len, words)], dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(words))])
