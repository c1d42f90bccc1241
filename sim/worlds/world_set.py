"""A set of plausible worlds as a file: Parquet with a row per world, and in its metadata what it was made with.

Columns: ``world``; a column for every uncertain coefficient and structural choice; ``rate:<name>`` and ``effect:<name>``, the value of
every target as simulated; ``distance:...``, how far it lies from the middle of its range in half-widths; ``luck:...``, two standard
errors as a share of the range; ``seeds`` and ``first_seed`` of its simulations. The metadata also keeps what the matching learnt from, so
that a set can be enlarged later, see `sim.experiments.worlds.make`.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from sim.errors import UserError
from sim.files import os_errors_as, write_whole
from sim.lazy import lazily
from sim.version import MODEL_VERSION
from sim.worlds.priors import shipped
from sim.worlds.world import CHOICES, World

with lazily():
    import io

    import pandas as pd
    import pyarrow as pa
    from pyarrow import parquet

if TYPE_CHECKING:
    from sim.scenario import Scenario

HERE = Path(__file__).parent
SHIPPED = HERE / "worlds.parquet"
"""The set of the package."""
WORLD = "world"
"""Factor of a study that takes numbers of worlds of the package's set."""
ABOUT = b"sanzhi"
"""Key of the file's metadata: a JSON object."""
CHECKSUM = b"checksum"
"""Key of the file's metadata: a hash of all names and values. Parquet has checksums of its own for pages of data only."""
POINTS = b"points"
"""Key of the file's metadata: `WorldSet.points`, float64, little-endian, row by row, compressed."""
OWN = "own"
"""Key of what is known about a set: coefficients that were fitted to a city's own rates, see `World.own`."""
NEEDED = ("model", "evidence", "scenario", "targets", "settings")


@dataclass(frozen=True, eq=False)
class WorldSet:
    """A set of plausible worlds.

    Parameters
    ----------
    table : DataFrame
        A row per world, see this file's head.
    about : dict
        ``model`` (version), ``evidence`` (hash of all targets and priors), ``scenario``, ``targets`` (a dict each), ``settings``, and what
        the matching found.
    path : Path, optional
        File it was read from.
    points : ndarray, shape (points, targets), optional
        Values of all targets at the points that the matching learnt from, in order: those that explored the prior, and the first step of
        every candidate. Without them a set cannot be enlarged.
    """

    table: "pd.DataFrame"
    about: dict[str, Any]
    path: Path | None = None
    points: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[World]:
        return (self.world(number) for number in self.table["world"].tolist())

    def world(self, number: int) -> World:
        """A world by its number.

        Parameters
        ----------
        number : int

        Raises
        ------
        UserError
            If the set has none of that number.
        """
        rows = self.table[self.table["world"] == number]
        if len(rows) != 1:
            raise UserError("world: got {number}; expected one of the {count} worlds of the set", number=repr(number), count=len(self))
        row = rows.iloc[0].to_dict()
        chosen = {choice.key: row[choice.key] for choice in CHOICES}
        return World(int(number), {name: float(row[name]) for name in shipped()}, chosen, self.about.get(OWN, {}))

    def only(self, worlds: Iterable[World]) -> "WorldSet":
        """A set of some of its worlds, in its order.

        Parameters
        ----------
        worlds : iterable of World
        """
        numbers = [world.number for world in worlds]
        return replace(self, table=self.table[self.table["world"].isin(numbers)].reset_index(drop=True))

    def sample(self, count: int, seed: int = 0) -> list[World]:
        """Some worlds, drawn without replacement and in the order of their numbers; a larger sample of one seed contains the smaller.

        Parameters
        ----------
        count : int
        seed : int
            Of the draw.

        Raises
        ------
        UserError
            If the set has fewer worlds.
        """
        if not 1 <= count <= len(self):
            raise UserError("worlds: got {count}; expected 1 to {most}, as many as the set has", count=repr(count), most=len(self))
        order = np.random.default_rng(seed).permutation(len(self))[:count]
        return [self.world(number) for number in sorted(self.table["world"].to_numpy()[order].tolist())]

    def apply(self, scenario: "Scenario", count: int | None = None, seed: int = 0) -> "list[Scenario]":
        """A scenario in every world, or in some, see `World.apply`.

        Parameters
        ----------
        scenario : Scenario
        count : int, optional
            Worlds to draw; all by default.
        seed : int
            Of the draw.
        """
        return [world.apply(scenario) for world in (self if count is None else self.sample(count, seed))]


def write_worlds(table: "pd.DataFrame", about: Mapping[str, Any], path: str | Path, points: np.ndarray | None = None) -> Path:
    """Write a set as one file, atomically; the same set gives the same bytes.

    Parameters
    ----------
    table, about, points
        As in `WorldSet`.
    path : str or Path

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    told = {ABOUT: json.dumps(about, sort_keys=True).encode(), CHECKSUM: _checksum(table)}
    if points is not None:
        told[POINTS] = zlib.compress(np.ascontiguousarray(points, "<f8").tobytes(), 9)
    content = io.BytesIO()
    columns = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(told)
    parquet.write_table(columns, content, compression="zstd")
    with os_errors_as("cannot write {path}", path=path):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_whole(Path(path), content.getvalue())
    return Path(path)


def read_worlds(path: str | Path | None = None, any_model: bool = False) -> WorldSet:
    """Read a set of worlds.

    Parameters
    ----------
    path : str or Path, optional
        File; the set of the package by default.
    any_model : bool
        Also a set of another version of the model, to look at it; its worlds may not fit.

    Raises
    ------
    UserError
        If there is no such file, it is no set of worlds, it was made with another version of the model, or for other coefficients.
    """
    file = SHIPPED if path is None else Path(path)
    if path is None and not file.is_file():
        raise UserError("this version has no set of worlds yet: make one with `sanzhi worlds make FOLDER`, and give its file")
    return _read(file, file.stat().st_mtime_ns if file.exists() else 0, any_model)


def shipped_set() -> WorldSet | None:
    """The set of the package; None if it ships none for this version of the model.

    Raises
    ------
    UserError
        If its file is damaged.
    """
    if not SHIPPED.is_file() or read_worlds(any_model=True).about["model"] != MODEL_VERSION:
        return None
    return read_worlds()


@cache
def _read(file: Path, _changed: int, any_model: bool) -> WorldSet:
    with os_errors_as("cannot read {path}", path=file):
        content = file.read_bytes()
    try:
        columns = parquet.read_table(io.BytesIO(content))
        table, told = columns.to_pandas(), columns.schema.metadata or {}
        about = json.loads(told[ABOUT])
        whole = told[CHECKSUM] == _checksum(table) and all(name in about for name in NEEDED)
        points = np.frombuffer(zlib.decompress(told[POINTS]), "<f8").reshape(-1, len(about["targets"])) if POINTS in told else None
    except (pa.ArrowException, KeyError, ValueError, TypeError, OSError, zlib.error) as error:
        raise UserError("{path} is no set of worlds, or damaged; expected a file that `sanzhi worlds make` wrote", path=file) from error
    if not whole:
        raise UserError("{path} is no set of worlds, or damaged; expected a file that `sanzhi worlds make` wrote", path=file)
    if about["model"] != MODEL_VERSION and not any_model:
        raise UserError(
            "{path} was made with model {made}, but this is model {now}, in which its worlds may fit nothing: make a new set with "
            "`sanzhi worlds make`, or use the version that made it",
            path=file,
            made=about["model"],
            now=MODEL_VERSION,
        )
    wanted = {"world", *shipped(), *(choice.key for choice in CHOICES)}
    if not any_model and not wanted <= set(columns.column_names):
        lacking = sorted(wanted - set(columns.column_names))
        raise UserError("{path} lacks {count} coefficients, {name} first: make a new set", path=file, count=len(lacking), name=lacking[0])
    return WorldSet(table, about, file, points)


def _checksum(table: "pd.DataFrame") -> bytes:
    digest = xxhash.xxh3_128()
    for name, column in table.items():
        values = column.to_numpy()
        digest.update(str(name).encode())
        digest.update("\0".join(map(str, values)).encode() if values.dtype.kind not in "biuf" else np.ascontiguousarray(values).data)
    return digest.hexdigest().encode()


def in_world(scenario: "Scenario", changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes to a scenario with the key `WORLD` resolved: the number of a world of the package's set, under all other changes.

    Raises
    ------
    UserError
        If there is no set, or no such world.
    """
    if WORLD not in changes:
        return dict(changes)
    return {**read_worlds().world(changes[WORLD]).changes(scenario), **{key: value for key, value in changes.items() if key != WORLD}}
