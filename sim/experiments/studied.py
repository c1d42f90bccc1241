"""What came out of a study: every run a row, read back with every checksum verified."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.experiments import designs
from sim.experiments.ledger import LEDGER, SERIES, Ledger
from sim.experiments.ledger_rows import PLANNED, existing, read_about, seal_of, sound_parts, verified
from sim.experiments.study import Study
from sim.experiments.study_file import make_study
from sim.files import checksum, folder_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True, eq=False)
class DesignInfo:
    """How the points of a study were chosen, in the terms of SALib.

    Parameters
    ----------
    kind : str
    problem : dict
        ``num_vars``, ``names``, ``bounds`` and, where shares share a budget, ``groups``.
    sample : array, shape (points, num_vars), or None
        Points in the coordinates of `problem`, in order of their numbers; None for a grid and a list.
    second_order : bool
        Whether a Sobol sample has what interactions of two factors need.
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
        failed), ``key, error, seconds``, a column per outcome by the metric's name (NaN where there is none), ``content_hash, part``.
    design : DesignInfo
    content_hash : str
        Of all rows in order: independent of workers, kills and resumptions.
    folder : Path
    """

    study: Study
    runs: "pd.DataFrame"
    design: DesignInfo
    content_hash: str
    folder: Path

    @property
    def complete(self) -> bool:
        """Whether every run is done."""
        return bool((self.runs["state"] == "done").all())

    def numbers(self) -> "pd.DataFrame":
        """The factors as numbers: words by their place in the list of values."""
        import pandas as pd

        table = self.runs[list(self.study.keys)].copy()
        for factor in self.study.factors:
            table[factor.key] = designs.numbers(factor, table[factor.key])
        return pd.DataFrame(table.astype(float))

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
            When the study kept none, or a file is missing or damaged.
        """
        import pandas as pd

        wanted = self.runs if runs is None else self.runs[self.runs["run"].isin(runs)]
        files = wanted["part"].dropna().unique()
        if len(files) == 0:
            raise UserError(f"{self.folder}: no series were kept; a study with `record: series` keeps them")
        columns = None if metrics is None else ["run", "week", *metrics]
        sums = {name: found for name, _, found, _ in sound_parts(self.folder / LEDGER, seal_of(self.study))}
        table = pd.concat([_part(self.folder / SERIES / name, columns, sums.get(name)) for name in files], ignore_index=True)
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
        When there is no study, or it is damaged (``sanzhi sweep`` mends it).
    """
    import pandas as pd

    folder = folder_of(folder)
    path = folder / LEDGER
    if not path.is_file():
        raise UserError(f"{folder}: no {LEDGER} there; expected the folder of a study, as `sanzhi sweep` prints it")
    about = read_about(path)
    if about is None:
        raise UserError(f"{path} is damaged: sweep the study again, and what is sound is kept")
    study = make_study(about["study"])
    names = ["run", "point", "replicate", "seed", *study.keys]
    ends = ["key", "state", "error", "seconds", *study.outcomes, "content_hash", "part"]
    empty = (None, PLANNED, None, None, *(None for _ in study.outcomes), None, None)
    rows = [(*plan[:-1], *(result[1:-1] if result else empty)) for plan, result in verified(path, study)]
    table = pd.DataFrame(rows, columns=[*names, *ends])
    for factor in study.factors:
        if factor.values and any(isinstance(value, bool) for value in factor.values):
            table[factor.key] = table[factor.key].map(bool)
    table = table.astype(dict.fromkeys(("seconds", *study.outcomes), float))
    order = [*names, "state", "key", "error", "seconds", *study.outcomes, "content_hash", "part"]
    with contextlib.closing(existing(path)) as connection:
        content = Ledger(folder, study, connection).content_hash()
    return StudyResult(study, table[order], _design(study), content, folder)


def _design(study: Study) -> DesignInfo:
    import numpy as np

    sample = None
    if study.design.kind not in ("grid", "list"):
        problem = designs.problem(study)
        low, high = np.array(problem["bounds"]).T
        sample = low + designs.sample(study) * (high - low)
    return DesignInfo(study.design.kind, designs.problem(study), sample, study.design.second_order, study.design.levels)


def _part(path: Path, columns: "list[str] | None", expected: str | None) -> "pd.DataFrame":
    """A file of series, whole: checksums of its pages do not cover what it says of its columns."""
    import pandas as pd

    try:
        if checksum(path) != expected:
            raise ValueError("its checksum does not fit")
        return pd.read_parquet(path, columns=columns, page_checksum_verification=True)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{path} is damaged or missing ({error}): sweep the study again, and it alone is done again") from error
