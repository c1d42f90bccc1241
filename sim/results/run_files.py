"""Runs on disk, written and read so that damage is always detected.

A folder of results is written atomically: everything is written into a hidden folder beside it, flushed to the disk, and moved into place
by one rename. The manifest lists size and checksum of every file and contains a checksum of itself; Parquet pages have their own. Reading
verifies all of them.
"""

import copy
import errno
import io
import os
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.arrow import Columns, arrow_table, with_column_metadata
from sim.errors import UserError
from sim.files import checksum, folder_of, os_errors_as, pointed_at, whole_folder
from sim.lazy import lazily
from sim.metrics.columns import about
from sim.regular_files import is_file
from sim.results.earlier_versions import explaining_version
from sim.results.manifest import MANIFEST, read_manifest, with_checksum
from sim.results.ro_crate import CRATE, crate
from sim.results.run import OPTIONAL, TABLES, Run
from sim.scenario import read_scenario
from sim.spreadsheets import write_table
from sim.version import MODEL_VERSION

with lazily():
    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

if TYPE_CHECKING:
    from sim.scenario import Scenario


PAGES = ("report.html", "brief.html", "brief.pdf", "figures")
"""What pages consist of: of an earlier run of the same experiment they stay until new ones are written, one by one."""
WORKBOOK = "tables.xlsx"
MADE_FROM_RESULTS = {*PAGES, WORKBOOK}
"""What stands beside results and is made from them: gone with them, unless the new ones are the same."""


def run_of(given: "Run | str | os.PathLike", what: str = "run") -> Run:
    """A `Run`, from itself or from its folder.

    Raises
    ------
    UserError
        For anything else, and as `read_run`.
    """
    if isinstance(given, Run):
        return given
    if isinstance(given, (str, os.PathLike)):
        return read_run(given)
    kind = type(given).__name__
    raise UserError("{what}: got a {kind}; expected a Run, as sanzhi.simulate gives it, or the folder of one", what=what, kind=kind)


def run_folder(scenario: "Scenario", seed: int, replicates: int, out: str | Path = "results") -> Path:
    """Folder of a run: ``out/<name>/<run key>``."""
    return Path(out) / scenario.name / scenario.run_key(seed, replicates)


def write_run(run: Run, folder: str | Path, csv: bool = False) -> Run:
    """Write a run into `folder` atomically. Results that are there are replaced; all other files in it stay.

    Parameters
    ----------
    run : Run
    folder : path
        The run's own folder, see `run_folder`.
    csv : bool
        Also write every table as CSV.

    Returns
    -------
    Run
        The same run, with its folder and the list of files in its manifest.

    Raises
    ------
    UserError
        If it cannot be written: disk full, no permission, a file of that name; or if the folder holds files and is none of results. No
        partial files remain.
    """
    run, folder = run_of(run), folder_of(folder)
    manifest = write_folder(folder, run.stored, run.manifest | {"content_hash": run.content_hash}, csv)
    written = copy.copy(run)
    vars(written).update(manifest=manifest, folder=folder)
    return written


def write_folder(
    folder: str | Path,
    tables: "dict[str, pd.DataFrame | Columns]",
    manifest: dict[str, Any],
    csv: bool = False,
    carried: Iterable[str] = (),
    kind: str = "",
) -> dict[str, Any]:
    """Write tables (DataFrames or columns) and a manifest into `folder` atomically.

    Of its previous content stays what is `carried`, and what is no result of this package; page, figures and workbook stay if they are of
    the same content.

    Columns are described as a result of this `kind` means them, see `sim.metrics.columns.about`.

    Returns
    -------
    dict
        The manifest with the list of files.

    Raises
    ------
    UserError
        If it cannot be written, or the folder holds files and is none of results. No partial files remain.
    """
    folder = Path(folder)
    replaced = _results_in(folder, manifest.get("content_hash")).difference(carried)
    with os_errors_as("cannot write results into {folder}", folder=folder), whole_folder(folder, replaced) as partial_folder:
        for name, table in tables.items():
            (partial_folder / f"{name}.parquet").write_bytes(described_parquet(name, table, kind))
            if csv:
                write_table(pd.DataFrame(table), partial_folder / f"{name}.csv")
        sizes = [(path.name, path.stat().st_size) for path in sorted(partial_folder.iterdir())]
        (partial_folder / CRATE).write_bytes(crate(manifest, sizes))
        manifest = manifest | {"files": _files(partial_folder)}
        (partial_folder / MANIFEST).write_bytes(with_checksum(manifest))
    return manifest


def _results_in(folder: Path, content_hash: str | None) -> set[str]:
    """Names of files and folders in a folder of results that are replaced with the results, by those of this hash."""
    if not folder.is_dir():
        return set()
    there = {path.name for path in folder.iterdir()}
    if there and MANIFEST not in there:
        raise UserError("{folder} holds other files and is no folder of results; expected a new folder, or one of results", folder=folder)
    try:
        before = read_manifest(folder)
        results = {entry["name"] for entry in before["files"]}
    except UserError:  # damaged: what results there were is known by their kind
        before, results = {}, {name for name in there if Path(name).suffix in (".parquet", ".csv")}
    if before.get("content_hash") != content_hash:
        results |= MADE_FROM_RESULTS
    return results | {MANIFEST, CRATE}


def described_parquet(name: str, table: "pd.DataFrame | Columns", kind: str = "") -> bytes:
    """A table as a Parquet file whose columns say what they mean in a result of this kind, and whose pages carry checksums."""
    columns = arrow_table(table, nan_is_null=True) if isinstance(table, dict) else pa.Table.from_pandas(table, preserve_index=False)
    file = io.BytesIO()
    parquet.write_table(with_column_metadata(columns, partial(about, name, kind=kind)), file, write_page_checksum=True)
    return file.getvalue()


def read_run(folder: str | os.PathLike) -> Run:
    """Read a run and verify every checksum.

    Parameters
    ----------
    folder : path
        Folder written by `write_run` or the command line.

    Raises
    ------
    UserError
        If a file is missing, damaged or not the result of a run.
    """
    folder = folder_of(folder)
    manifest = read_manifest(folder)
    if "kind" in manifest:
        raise UserError(
            "{folder} holds the result of sanzhi {kind}, not of a run; the same command makes it again",
            folder=folder,
            kind=manifest["kind"],
        )
    tables: dict[str, pd.DataFrame] = {}
    with os_errors_as("cannot read {path}", path=folder):
        listed = {entry["name"]: entry for entry in manifest["files"]}
        for name, entry in listed.items():
            _verify(folder / name, entry)
        for name in (*TABLES, *(name for name in OPTIONAL if f"{name}.parquet" in listed)):
            if f"{name}.parquet" not in listed:
                raise UserError("{path} is damaged or was edited: it lists no {name}.parquet", path=folder / MANIFEST, name=name)
            try:
                tables[name] = pd.read_parquet(folder / f"{name}.parquet", page_checksum_verification=True)
            except (ValueError, KeyError) as error:
                raise UserError("{path} is damaged: {why}", path=folder / f"{name}.parquet", why=str(error)) from error
    words = {"title": manifest.get("title", {}), "description": manifest.get("questions") or manifest.get("question", "")}
    with explaining_version(folder, manifest.get("versions", {}).get("model", MODEL_VERSION)):
        scenario = read_scenario(manifest["scenario"] | words, str(folder / MANIFEST))
    return Run(scenario, tuple(manifest["seeds"]), **tables, manifest=manifest, content_hash=manifest["content_hash"], folder=folder)


def check_writable(folder: str | Path) -> None:
    """Raise `UserError` unless a run's `folder` can be written; for use before a long run. Creates nothing."""
    folder = Path(folder).absolute()
    with os_errors_as("cannot write results into {folder}", folder=folder):
        folder = pointed_at(folder)
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(folder))
        parent = folder.parent
        while not parent.exists():
            if parent.is_symlink():  # to nowhere: no folder can be made there
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(parent))
            parent = parent.parent
        with tempfile.TemporaryFile(dir=parent) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()


def _files(folder: Path) -> list[dict[str, Any]]:
    return [{"name": p.name, "size": p.stat().st_size, "blake2b": checksum(p)} for p in sorted(folder.iterdir())]


def _verify(path: Path, entry: dict[str, Any]) -> None:
    if not is_file(path):
        raise UserError("{path} is missing", path=path)
    if path.stat().st_size != entry["size"] or checksum(path) != entry["blake2b"]:
        raise UserError("{path} is damaged or was changed: its checksum does not match; run the scenario again", path=path)
