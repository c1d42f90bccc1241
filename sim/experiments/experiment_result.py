"""What the results of experiments have in common: a key, a manifest, and a folder that is written atomically."""

import hashlib
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.experiments.runs.batch import Batch
from sim.experiments.runs.model_source import source_hash
from sim.lazy import lazily
from sim.metrics.table_words import IN_WORLDS
from sim.results import write_folder
from sim.scenario import Scenario
from sim.version import MODEL_VERSION, VERSION

with lazily():
    import pandas as pd


class ExperimentResult:
    """Base of the result of an experiment: its batch of runs, its tables, and how to write them."""

    kind = ""
    batch: Batch
    named: tuple[Scenario, ...]

    @property
    def tables(self) -> "dict[str, pd.DataFrame]":
        """Tables by the name of their file."""
        raise NotImplementedError

    @property
    def described_as(self) -> str:
        """Kind of result under which columns of its tables are described: over plausible worlds one of its own."""
        return f"{self.kind}{IN_WORLDS}" if self.batch.counts == "worlds" else self.kind

    @property
    def settings(self) -> dict[str, Any]:
        """The settings besides scenarios and seeds, as plain data."""
        return {}

    @property
    def manifest(self) -> dict[str, Any]:
        """Everything needed to repeat the experiment, and a record of its execution. No host names, no paths."""
        batch = self.batch
        versions = {"sanzhi": VERSION, "model": MODEL_VERSION, "source": source_hash(), "python": platform.python_version()}
        versions |= {name: version(name) for name in ("numpy", "numba", "scipy")}
        return {
            "name": self.kind,
            "kind": self.kind,
            "scenario": batch.scenarios[0].canonical(),
            "scenarios": {label: scenario.canonical() for label, scenario in zip(batch.labels, batch.scenarios, strict=True)},
            "settings": {"window": batch.window, **self.settings},
            "seeds": list(batch.seeds),
            batch.counts: batch.wanted,
            "failures": batch.failures,
            "interrupted": batch.interrupted,
            "residents": batch.residents,
            "content_hash": outcomes_hash(batch),
            "versions": versions,
            "machine": {"processors": os.cpu_count(), "architecture": platform.machine(), "system": platform.system()},
            "timings": {"seconds": round(batch.seconds, 3)},
        }

    def write(self, folder: str | Path, csv: bool = False, carried: Sequence[str] = ()) -> Path:
        """Write every table as Parquet (and CSV) and the manifest into `folder`; raises `UserError` if that fails.

        Of a folder that exists, files and folders whose names are `carried` stay.
        """
        write_folder(folder, self.tables, self.manifest, csv, carried, self.described_as)
        return Path(folder)


def outcomes_hash(batch: Batch) -> str:
    """Equal for two batches if and only if every outcome is the same to the last bit."""
    digest = hashlib.blake2b(digest_size=16)
    for row in batch.outcomes.itertuples(index=False):
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def experiment_folder(kind: str, scenarios: Sequence[Scenario], seed: int, replicates: int, settings: Any, out: str | Path) -> Path:
    """Folder of an experiment, ``out/<kind>/<key>``: the same for the same scenarios, seeds, settings and model."""
    digest = hashlib.blake2b(digest_size=8)
    for scenario in scenarios:
        digest.update(f"{scenario.name}:{scenario.run_key(seed, replicates)}\n".encode())
    digest.update(repr(settings).encode())
    return Path(out) / kind / digest.hexdigest()


def keyed(folder: Path, *asked: Any) -> Path:
    """Folder below `folder` named after all settings, so that a different call never overwrites it.

    Parameters
    ----------
    folder : path
    *asked
        All settings that affect the results: text, numbers, and tuples and dicts of them.
    """
    return folder / hashlib.blake2b(repr(asked).encode(), digest_size=8).hexdigest()
