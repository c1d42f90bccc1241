"""Columns as Arrow tables, without pandas: pyarrow's own conversion of arrays imports it, which takes a third of a second."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.lazy import lazily

with lazily():
    import pyarrow as pa

Columns = Mapping[str, np.ndarray]
"""A table as equally long arrays of numbers or of text (objects), by name."""


def arrow_table(columns: Columns, nan_is_null: bool = False) -> "pa.Table":
    """Arrow table of columns; with `nan_is_null`, NaN is written as a missing value, as pandas does."""
    arrays = [_text(values) if values.dtype.kind == "O" else _numbers(values, nan_is_null) for values in columns.values()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def with_column_metadata(table: "pa.Table", about: Callable[[str], Mapping[str, str]]) -> "pa.Table":
    """The table with metadata in the field of every column.

    Parameters
    ----------
    table : pyarrow.Table
    about : callable
        Gives the metadata of a column by its name, such as ``{"unit": "share"}``; an empty mapping for none.
    """
    fields = [field.with_metadata(dict(metadata)) if (metadata := about(field.name)) else field for field in table.schema]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def _numbers(values: np.ndarray, nan_is_null: bool) -> Any:
    known = ~np.isnan(values) if nan_is_null and values.dtype.kind == "f" else np.ones(0, bool)
    valid = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])


def _text(values: np.ndarray) -> Any:
    words = [word.encode() for word in values.tolist()]
    ends = np.cumsum([0, *map(len, words)], dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(words))])
