"""Files of series: every metric of every week of some runs, as Parquet."""

import functools
import io
from pathlib import Path

import numpy as np

from sim.arrow import arrow_table, with_column_metadata
from sim.errors import UserError
from sim.files import checksum
from sim.lazy import lazily
from sim.metrics.columns import about

with lazily():
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

MOST_COLUMNS = 1000
NUMBERS = {"BOOLEAN", "INT32", "INT64", "FLOAT", "DOUBLE"}
"""Types of columns allowed in a file of series."""


def series_file(series: "list[tuple[int, dict[str, np.ndarray]]]") -> bytes:
    """A Parquet file with every metric of some runs: columns ``run``, ``week`` and one per metric."""
    lengths = [len(next(iter(weeks.values()))) for _, weeks in series]
    columns = {
        "run": np.repeat(np.array([run for run, _ in series], np.int32), lengths),
        "week": np.concatenate([np.arange(length, dtype=np.int32) for length in lengths]),
        **{name: np.concatenate([weeks[name] for _, weeks in series]) for name in series[0][1]},
    }
    return parquet_of(with_column_metadata(arrow_table(columns), functools.partial(about, "weekly")))


def parquet_of(table: "pa.Table") -> bytes:
    """A table as a Parquet file whose pages carry checksums."""
    file = io.BytesIO()
    parquet.write_table(table, file, write_page_checksum=True, use_dictionary=False, compression="zstd", compression_level=1)
    return file.getvalue()


def read_series(path: Path, columns: "list[str] | None", size: int, expected: str, most: int) -> "pd.DataFrame":
    """Read a file of series with at most `most` rows and verify all of it: the checksums of its pages do not cover its metadata."""
    try:
        if path.stat().st_size != size or checksum(path) != expected:
            raise ValueError("its checksum does not match")
        about = parquet.read_metadata(path)
        kinds = {about.schema.column(place).physical_type for place in range(min(about.num_columns, MOST_COLUMNS))}
        if about.num_rows > most or about.num_columns > MOST_COLUMNS or not kinds <= NUMBERS:
            raise ValueError(f"{about.num_rows:,} rows of {about.num_columns} columns; expected at most {most:,} rows of numbers")
        return pd.read_parquet(path, columns=columns, page_checksum_verification=True)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            "{path} is damaged or missing ({why}): run sanzhi sweep again; only this part is repeated", path=path, why=str(error)
        ) from error
