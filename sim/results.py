"""One run's results: what they are, and how they are written and read so that damage never goes unseen.

A folder of results appears whole or not at all: everything is written into a hidden folder beside it, flushed to the
disk, and put in place by one rename. The manifest lists size and checksum of every file and carries a checksum of itself;
Parquet pages carry theirs. Reading verifies all of them.
"""

import copy
import errno
import os
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrow import Columns, arrow_table, described
from sim.crate import CRATE, crate
from sim.errors import UserError
from sim.files import checksum, folder_of, os_errors_as, whole_folder
from sim.manifest import MANIFEST, read_manifest, sealed
from sim.reading import is_file
from sim.spreadsheets import write_table
from sim.version import MODEL_VERSION

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

TABLES = ("weekly", "districts", "flows", "communities")
ATTRIBUTION = "attribution"
"""A table that is only there where it was asked for."""


@dataclass(frozen=True, eq=False)
class Run:
    """All replicates of one scenario.

    A table may be given as a dict of its columns (arrays, text as objects); it becomes a DataFrame when it is first read.

    Parameters
    ----------
    scenario : Scenario
    seeds : tuple of int
        Seeds of the replicates that finished, in order.
    weekly : DataFrame
        A row per replicate and week: ``replicate, seed, week`` and a column per metric.
    districts : DataFrame
        A row per replicate, week and district.
    flows : DataFrame
        Cases between stages, per replicate and week.
    communities : DataFrame
        A row per replicate, year and community.
    manifest : dict
        What is needed to run it again, and how it went.
    content_hash : str
        Equal for two runs if and only if every replicate went the same way to the last bit.
    folder : Path or None
        Where it was written.
    attribution : DataFrame or None
        A row per replicate, week, quantity and mechanism: how much it ``moved`` (see `sim.metrics.attribution`); None unless asked for.
    """

    scenario: "Scenario"
    seeds: tuple[int, ...]
    weekly: "pd.DataFrame"
    districts: "pd.DataFrame"
    flows: "pd.DataFrame"
    communities: "pd.DataFrame"
    manifest: dict[str, Any] = field(repr=False)
    content_hash: str
    folder: Path | None = None
    attribution: "pd.DataFrame | None" = None

    @property
    def tables(self) -> dict[str, "pd.DataFrame"]:
        """The tables by name."""
        return {name: getattr(self, name) for name in self._held}

    @property
    def _held(self) -> "dict[str, pd.DataFrame | Columns]":
        """The tables by name, each as it is: columns until somebody has asked for the DataFrame."""
        return {name: held for name in (*TABLES, ATTRIBUTION) if (held := vars(self)[name]) is not None}

    def column(self, table: str, name: str) -> "np.ndarray":
        """The column `name` of a `table` such as ``"weekly"``, shape (rows,), without making a DataFrame of it."""
        return np.asarray(self._held[table][name])

    def _repr_html_(self) -> str:
        from sim.show import INDICES, card, changes

        residents = self.manifest.get("residents") or self.scenario.city.population
        facts = [("replicates", len(self.seeds)), ("weeks", self.weekly["week"].nunique()), ("residents", f"{residents:,}")]
        facts += [("content hash", self.content_hash[:12]), ("folder", self.folder)]
        return card(self.scenario.title.get("en") or self.scenario.name, facts, *changes(self.weekly, INDICES))


class _Table:
    """Attribute of a `Run` that is a DataFrame to whoever reads it, made of columns when first read: runs themselves need no pandas."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, run, owner=None) -> Any:
        if run is None:
            return self
        held = vars(run)[self.name]
        if isinstance(held, dict):
            import pandas as pd

            held = vars(run)[self.name] = pd.DataFrame(held)
        return held

    def __set__(self, run, value) -> None:
        vars(run)[self.name] = value


for _name in (*TABLES, ATTRIBUTION):
    setattr(Run, _name, _Table(_name))


def run_of(given: "Run | str | os.PathLike", what: str = "run") -> Run:
    """The run that is meant: a `Run`, or the folder of one.

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
    raise UserError("{what}: got a {kind}; expected a Run, as sim.simulate gives it, or the folder of one", what=what, kind=kind)


def run_folder(scenario: "Scenario", seed: int, replicates: int, out: str | Path = "results") -> Path:
    """Folder of a run: ``out/<name>/<run key>``."""
    return Path(out) / scenario.name / scenario.run_key(seed, replicates)


def write_run(run: Run, folder: str | Path, csv: bool = False) -> Run:
    """Write a run into `folder`, which appears whole or not at all; what was there before is replaced.

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
        When it cannot be written: disk full, no permission, a file in the way. Nothing is left behind.
    """
    run, folder = run_of(run), folder_of(folder)
    manifest = write_folder(folder, run._held, run.manifest | {"content_hash": run.content_hash}, csv)
    written = copy.copy(run)
    vars(written).update(manifest=manifest, folder=folder)
    return written


def write_folder(
    folder: str | Path, tables: "dict[str, pd.DataFrame | Columns]", manifest: dict[str, Any], csv: bool = False
) -> dict[str, Any]:
    """Write tables (DataFrames or columns) and a manifest into `folder`, which appears whole or not at all.

    Returns
    -------
    dict
        The manifest with the list of files.

    Raises
    ------
    UserError
        When it cannot be written. Nothing is left behind.
    """
    folder = Path(folder)
    with os_errors_as("cannot write results into {folder}", folder=folder), whole_folder(folder) as hidden:
        for name, table in tables.items():
            _write_parquet(name, table, hidden / f"{name}.parquet")
            if csv:
                write_table(_frame(table), hidden / f"{name}.csv")
        sizes = [(path.name, path.stat().st_size) for path in sorted(hidden.iterdir())]
        (hidden / CRATE).write_bytes(crate(manifest, sizes))
        manifest = manifest | {"files": _files(hidden)}
        (hidden / MANIFEST).write_bytes(sealed(manifest))
    return manifest


def _frame(table: "pd.DataFrame | Columns") -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(table)


def _write_parquet(name: str, table: "pd.DataFrame | Columns", file: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    from sim.metrics.columns import about

    columns = arrow_table(table, nan_is_null=True) if isinstance(table, dict) else pa.Table.from_pandas(table, preserve_index=False)
    parquet.write_table(described(columns, partial(about, name)), file, write_page_checksum=True)


def read_run(folder: str | os.PathLike) -> Run:
    """Read a run and verify every checksum.

    Parameters
    ----------
    folder : path
        Where `write_run` or the command line left it.

    Raises
    ------
    UserError
        When something is missing, damaged or not the result of a run.
    """
    import pandas as pd

    from sim.older import reading
    from sim.scenario import read_scenario

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
        kept = {entry["name"]: entry for entry in manifest["files"]}
        for name, entry in kept.items():
            _verify(folder / name, entry)
        for name in (*TABLES, *([ATTRIBUTION] if f"{ATTRIBUTION}.parquet" in kept else [])):
            if f"{name}.parquet" not in kept:
                raise UserError("{path} is damaged or was edited: it lists no {name}.parquet", path=folder / MANIFEST, name=name)
            try:
                tables[name] = pd.read_parquet(folder / f"{name}.parquet", page_checksum_verification=True)
            except (ValueError, KeyError) as error:
                raise UserError("{path} is damaged: {why}", path=folder / f"{name}.parquet", why=str(error)) from error
    words = {"title": manifest.get("title", {}), "description": manifest.get("questions") or manifest.get("question", "")}
    with reading(folder, manifest.get("versions", {}).get("model", MODEL_VERSION)):
        scenario = read_scenario(manifest["scenario"] | words, str(folder / MANIFEST))
    return Run(scenario, tuple(manifest["seeds"]), **tables, manifest=manifest, content_hash=manifest["content_hash"], folder=folder)


def check_writable(folder: str | Path) -> None:
    """Raise `UserError` unless a run's `folder` can be written: better before a long run than after it. Makes nothing."""
    folder = Path(folder).absolute()
    with os_errors_as("cannot write results into {folder}", folder=folder):
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(folder))
        place = folder.parent
        while not place.exists():
            place = place.parent
        with tempfile.TemporaryFile(dir=place) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()


def _files(folder: Path) -> list[dict[str, Any]]:
    return [{"name": p.name, "size": p.stat().st_size, "blake2b": checksum(p)} for p in sorted(folder.iterdir())]


def _verify(path: Path, entry: dict[str, Any]) -> None:
    if not is_file(path):
        raise UserError("{path} is missing", path=path)
    if path.stat().st_size != entry["size"] or checksum(path) != entry["blake2b"]:
        raise UserError("{path} is damaged or was changed: its checksum does not fit; run the scenario again", path=path)
