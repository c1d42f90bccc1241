"""Results of runs: their types, and how they are written to disk and read."""

from sim.results.manifest import MANIFEST, read_manifest
from sim.results.run import ATTRIBUTION, STAFF, TABLES, Run
from sim.results.run_files import (
    MADE_FROM_RESULTS,
    PAGES,
    WORKBOOK,
    check_writable,
    described_parquet,
    read_run,
    run_folder,
    run_of,
    write_folder,
    write_run,
)

__all__ = [
    "ATTRIBUTION",
    "MADE_FROM_RESULTS",
    "MANIFEST",
    "PAGES",
    "STAFF",
    "TABLES",
    "WORKBOOK",
    "Run",
    "check_writable",
    "described_parquet",
    "read_manifest",
    "read_run",
    "run_folder",
    "run_of",
    "write_folder",
    "write_run",
]
