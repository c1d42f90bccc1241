"""A study extended by more replicates: finished runs are kept and renumbered for the longer plan."""

import dataclasses
import io
import json
import time
from collections.abc import Iterable
from pathlib import Path

from sim.experiments.studies.run_store_rows import digest_of, plan_of, read_about, row_checksum
from sim.experiments.studies.series_files import parquet_of
from sim.experiments.studies.study import SHARED, Study
from sim.files import checksum, os_errors_as, write_whole
from sim.lazy import lazily
from sim.regular_files import is_file

with lazily():
    import pyarrow as pa
    from pyarrow import parquet

REPLICATES = "replicates"


def extended(path: Path, study: Study) -> Study | None:
    """The study of the store at `path` if `study` is the same with more replicates; else None.

    If design points have separate seeds (``luck: own``), more replicates change the seed of every run: that is a different plan.
    """
    about = read_about(path) if is_file(path) else None
    if about is None or study.luck != SHARED:
        return None
    was, now = about["plan"], json.loads(json.dumps(plan_of(study)))
    before = was.get(REPLICATES)
    if {**was, REPLICATES: 0} != {**now, REPLICATES: 0} or not isinstance(before, int) or not before < study.replicates:
        return None
    return dataclasses.replace(study, replicates=before)


def new_number(run: int, earlier: Study, study: Study) -> int:
    """Number of a run of `earlier` in the plan of `study`."""
    point, replicate = divmod(run, earlier.replicates)
    return point * study.replicates + replicate


def carried_over(
    series: Path, rows: Iterable[tuple], parts: Iterable[tuple], earlier: Study, study: Study
) -> tuple[dict[int, tuple], list[tuple]]:
    """Rows of results and of parts of `earlier` as rows of `study`; files of series are rewritten under other names.

    Rows whose series cannot be read are left out, so that these runs are repeated.
    """
    plan_digest, names, kept_parts, kept = digest_of(study), {}, [], {}
    for name, _, digest, _ in parts:
        old = series / str(name)
        if name in names or not is_file(old) or checksum(old) != digest:
            continue
        new = _renumbered(old, earlier, study)
        names[name] = new.name
        entry = (new.name, new.stat().st_size, checksum(new))
        kept_parts.append((*entry, row_checksum(plan_digest, entry)))
    for run, *values, part, _ in rows:
        if part is None or part in names:
            row = (new_number(run, earlier, study), *values, names.get(part))
            kept[row[0]] = (*row, row_checksum(plan_digest, row))
    return kept, kept_parts


def _renumbered(old: Path, earlier: Study, study: Study) -> Path:
    table = parquet.read_table(io.BytesIO(old.read_bytes()))  # intact: its checksum was verified
    runs = [new_number(run, earlier, study) for run in table.column("run").to_pylist()]
    place = table.schema.get_field_index("run")
    table = table.set_column(place, table.schema.field(place), pa.array(runs, table.schema.field(place).type))
    new = old.with_name(f"{runs[0]:08d}-{time.time_ns():x}.parquet")
    with os_errors_as("cannot write {path}", path=new):
        write_whole(new, parquet_of(table))
    return new
