"""The results of a study: a row per run, read with all checksums verified."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.experiments.studies import designs
from sim.experiments.studies.own_outcomes import with_outcomes
from sim.experiments.studies.run_store import RUN_STORE, SERIES, RunStore
from sim.experiments.studies.run_store_limits import existing
from sim.experiments.studies.run_store_rows import PLANNED, digest_of, digest_of_plan, read_about, sound_parts, verified
from sim.experiments.studies.series_files import read_series
from sim.experiments.studies.sessions import Session, sessions_of
from sim.experiments.studies.study import Study
from sim.experiments.studies.study_file import make_study
from sim.files import folder_of
from sim.lazy import lazily
from sim.results.earlier_versions import explaining_version
from sim.version import MODEL_VERSION

with lazily():
    import pandas as pd


@dataclass(frozen=True, eq=False)
class DesignInfo:
    """The design of a study in the terms of SALib.

    Parameters
    ----------
    kind : str
    problem : dict
        ``num_vars``, ``names``, ``bounds`` and, where shares share a budget, ``groups``.
    sample : array, shape (points, num_vars), or None
        Points in the coordinates of `problem`, in order; None for a grid and a list.
    second_order : bool
        Whether a Sobol sample allows second-order indices.
    levels : int
        Levels of a Morris sample.
    """

    kind: str
    problem: dict[str, Any]
    sample: "np.ndarray | None"
    second_order: bool
    levels: int


@dataclass(frozen=True, eq=False)
class StudyResult:
    """A study and its runs.

    Parameters
    ----------
    study : Study
    runs : DataFrame
        A row per planned run, in order: ``run, point, replicate, seed``, a column per factor by its dotted key, ``state`` (planned, done,
        failed), ``key, error, seconds``, a column per outcome by the metric's name (NaN if there is none), ``content_hash, part``.
    design : DesignInfo
    content_hash : str
        Of all rows in order: independent of workers and interruptions.
    folder : Path
    model : str
        Version of the model of the runs.
    sessions : tuple of Session
        Sessions that made runs: start time and hash of the model's sources of each.
    plan_digest : bytes
        Digest of plan and model, with which the checksums of the rows begin.
    better : dict
        Direction, "more" or "less", of user-defined outcomes.
    """

    study: Study
    runs: "pd.DataFrame"
    design: DesignInfo
    content_hash: str
    folder: Path
    model: str = MODEL_VERSION
    sessions: tuple[Session, ...] = ()
    plan_digest: bytes = field(default=b"", repr=False)
    better: Mapping[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> list[str]:
        """Hashes of the model's sources of the runs, each once; more than one if they changed in between."""
        return list(dict.fromkeys(one.source for one in self.sessions))

    @property
    def complete(self) -> bool:
        """Whether every run is done."""
        return bool((self.runs["state"] == "done").all())

    def numbers(self) -> "pd.DataFrame":
        """The factors as numbers: choices by their index in the list of values."""
        table = self.runs[list(self.study.keys)].copy()
        for factor in self.study.columns:
            table[factor.key] = designs.numbers(factor, table[factor.key])
        return pd.DataFrame(table.astype(float))

    def with_outcomes(self, table: "pd.DataFrame | Mapping[str, Any]", better: Mapping[str, str] | None = None) -> "StudyResult":
        """The same with user-defined outcomes, which `sim.analyze` and its page treat like metrics.

        Parameters
        ----------
        table : DataFrame or mapping
            A column per outcome; the column ``run`` gives the run number of each row, without it there must be a row per row of `runs`, in
            order. NaN, or a missing row, if a run has no value.
        better : mapping, optional
            "more" or "less" by outcome: which is better; outcomes without an entry have no direction.

        Raises
        ------
        UserError
            When a name is taken or invalid, a value is not a number, or the rows do not match the runs.
        """
        return with_outcomes(self, table, better or {})

    def series(self, runs: "list[int] | None" = None, metrics: "list[str] | None" = None) -> "pd.DataFrame":
        """Metrics of every week: columns ``run``, ``week`` and one per metric.

        Parameters
        ----------
        runs : list of int, optional
            Numbers of runs; all by default.
        metrics : list of str, optional
            Names of metrics; all by default.

        Raises
        ------
        UserError
            When the study recorded none, or a file is missing or damaged.
        """
        wanted = self.runs if runs is None else self.runs[self.runs["run"].isin(runs)]
        files = wanted["part"].dropna().unique()
        if len(files) == 0:
            raise UserError("{folder}: no series were kept; a study with `record: series` keeps them", folder=self.folder)
        columns = None if metrics is None else ["run", "week", *metrics]
        parts = sound_parts(self.folder / RUN_STORE, self.plan_digest or digest_of(self.study), len(self.runs))
        sums = {name: (size, found) for name, size, found, _ in parts}
        most = self.runs["part"].value_counts() * self.study.scenario.horizon
        tables = [read_series(self.folder / SERIES / name, columns, *sums.get(name, (0, "")), int(most[name])) for name in files]
        table = pd.concat(tables, ignore_index=True)
        return table[table["run"].isin(wanted["run"])].sort_values(["run", "week"], ignore_index=True)


def read_study(folder: str | os.PathLike) -> StudyResult:
    """Read a study, finished or not.

    Parameters
    ----------
    folder : path
        The study's folder, as in ``results/levers``.

    Raises
    ------
    UserError
        When there is no study, or it is damaged (``sanzhi sweep`` repairs it).
    """
    folder = folder_of(folder)
    study, model, plan_digest = study_inside(folder)
    path = folder / RUN_STORE
    names = ["run", "point", "replicate", "seed", *study.keys]
    ends = ["key", "state", "error", "seconds", *study.outcomes, "content_hash", "part"]
    empty = (None, PLANNED, None, None, *(None for _ in study.outcomes), None, None)
    rows = [(*plan[:-1], *(result[1:-1] if result else empty)) for plan, result in verified(path, study, plan_digest)]
    table = pd.DataFrame(rows, columns=[*names, *ends])
    for factor in study.factors:
        if factor.values and any(isinstance(value, bool) for value in factor.values):
            typed = {int(value) if isinstance(value, bool) else value: value for value in factor.values}
            table[factor.key] = table[factor.key].map(typed)
    table = table.astype(dict.fromkeys(("seconds", *study.outcomes), float))
    order = [*names, "state", "key", "error", "seconds", *study.outcomes, "content_hash", "part"]
    with contextlib.closing(existing(path)) as connection:
        content = RunStore(folder, study, connection).content_hash()
        sessions = tuple(sessions_of(connection, plan_digest))
    return StudyResult(study, table[order], _design(study), content, folder, model, sessions, plan_digest)


def study_inside(folder: str | Path) -> tuple[Study, str, bytes]:
    """The study in a folder, the version of the model that started it, and the plan_digest of its rows.

    Raises
    ------
    UserError
        When there is none, it is damaged, or another version of the model made it and this one cannot read its scenario.
    """
    path = Path(folder) / RUN_STORE
    if not path.is_file():
        raise UserError(
            "{folder}: no {file} found; expected the folder of a study, as printed by `sanzhi sweep`", folder=folder, file=RUN_STORE
        )
    about = read_about(path)
    if about is None:
        raise UserError("{path} is damaged: run sanzhi sweep again; intact runs are kept", path=path)
    model = about["plan"]["model"]
    with explaining_version(folder, model):
        study = make_study(about["study"])
    return study, model, digest_of_plan(about["plan"])


def sessions_inside(folder: Path) -> list[Session]:
    """Sessions of the study in a folder; empty if they cannot be read."""
    about = read_about(folder / RUN_STORE)
    if about is None:
        return []
    with contextlib.closing(existing(folder / RUN_STORE)) as connection:
        return sessions_of(connection, digest_of_plan(about["plan"]))


def _design(study: Study) -> DesignInfo:
    sample = None
    if study.design.kind not in ("grid", "list"):
        problem = designs.problem(study)
        low, high = np.array(problem["bounds"]).T
        sample = low + designs.sample(study) * (high - low)
    return DesignInfo(study.design.kind, designs.problem(study), sample, study.design.second_order, study.design.levels)
