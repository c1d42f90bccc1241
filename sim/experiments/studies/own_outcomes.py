"""User-defined outcomes: numbers per run of a study that are not metrics of the model, added to its outcomes."""

import dataclasses
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.lazy import lazily
from sim.scenario.parsing.paths import read_bytes

with lazily():
    import pandas as pd

if TYPE_CHECKING:
    from sim.experiments.studies.study_result import StudyResult

NAME = re.compile(r"(?!\d)\w{1,64}")
WAYS = ("more", "less")
OWN = "own"
"""Summary of a user-defined outcome: computed by the user."""
MOST_BYTES = 100_000_000


def with_outcomes(result: "StudyResult", table: "pd.DataFrame | Mapping[str, Any]", better: Mapping[str, str]) -> "StudyResult":
    """A study with user-defined outcomes, see `sim.experiments.studies.study_result.StudyResult.with_outcomes`."""
    if not isinstance(table, pd.DataFrame):
        lengths = {len(values) for values in table.values()}
        if lengths - {len(result.runs)} and "run" not in table:
            raise UserError(
                "outcomes: got columns of {lengths} values; expected {runs}, one per run, or a column run",
                lengths=", ".join(map(str, sorted(lengths))),
                runs=len(result.runs),
            )
        table = pd.DataFrame(dict(table))
    found = _by_run(table, result)
    for name, way in better.items():
        if name not in found or way not in WAYS:
            known = f"{', '.join(found)} = {' | '.join(WAYS)}"
            raise UserError("better: got {name}={way}; expected one of {known}", name=name, way=way, known=known)
    study = dataclasses.replace(result.study, outcomes={**result.study.outcomes, **dict.fromkeys(found, OWN)})
    runs = result.runs.assign(**{name: found[name].to_numpy() for name in found})
    return dataclasses.replace(result, study=study, runs=runs, better={**result.better, **better})


def _by_run(table: "pd.DataFrame", result: "StudyResult") -> "pd.DataFrame":
    """The outcomes in the order of the runs, as numbers."""
    runs = result.runs["run"]
    if "run" not in table:
        if len(table) != len(runs):
            raise UserError("outcomes: got {rows} rows; expected {runs}, one per run, or a column run", rows=len(table), runs=len(runs))
        table = table.assign(run=runs.to_numpy())
    if not table["run"].is_unique or not table["run"].isin(runs).all():
        raise UserError("outcomes: got a run twice, or one that is not in the study; expected runs from 0 to {last}", last=len(runs) - 1)
    names = [name for name in table.columns if name != "run"]
    if not names:
        raise UserError("outcomes: got no column except run; expected one per outcome")
    for name in names:
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in result.runs:
            raise UserError("outcomes: got the name {name}; expected a word that is not yet a column of the study", name=name)
    try:
        numbers = table.set_index("run")[names].apply(pd.to_numeric).astype(float)
    except (ValueError, TypeError) as error:
        raise UserError("outcomes: got {error}; expected numbers", error=error) from error
    return numbers.replace([float("inf"), float("-inf")], float("nan")).reindex(runs)


def read_outcomes(path: Path) -> "pd.DataFrame":
    """A table of outcomes with a column ``run``, from CSV or Parquet.

    Raises
    ------
    UserError
        When there is no such file, or it is not such a table.
    """
    raw = read_bytes(path, str(path), MOST_BYTES, "a table of outcomes")
    if len(raw) > MOST_BYTES:
        raise UserError("{path}: got more than {most} bytes; expected a smaller table", path=path, most=f"{MOST_BYTES:,}")
    try:
        table = pd.read_parquet(io.BytesIO(raw)) if raw[:4] == b"PAR1" else pd.read_csv(io.BytesIO(raw), encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        raise UserError("{path}: not a table ({error}); expected CSV in UTF-8 or Parquet", path=path, error=error) from error
    if "run" not in table:
        raise UserError("{path}: got the columns {columns}; expected run and a column per outcome", path=path, columns=list(table.columns))
    return table
