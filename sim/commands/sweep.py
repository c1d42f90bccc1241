"""Perform every run of a study."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options
from sim.commands.shared import FAILED, resumable
from sim.console.progress import Progress, announce_compiling
from sim.console.run_summary import print_line
from sim.console.tables import metric_label
from sim.lazy import lazily
from sim.messages import Message
from sim.text import labelled

with lazily():
    from sim.experiments.studies import designs, more_replicates, run_store, sweep

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.studies.study import Study
    from sim.experiments.studies.study_result import StudyResult


MOST_LISTED = 10
"""Failures that are printed; the table of runs has all."""


@click.command()
@click.argument("study")
@options.sweeping
@options.quiet()
def command(study, out, workers, dask, time_limit, other_sources, quiet) -> None:
    """Perform every run of a study: a file, a shipped one by name, or the folder of a study that has begun.

    After an interrupt, a kill or a power cut, the same command resumes. More `replicates` in the file extend a study.
    """
    loaded, folder = sweep.asked(study, out)
    if not quiet:
        click.echo(str(_plan(loaded)), err=True)
        earlier = more_replicates.extended(folder / run_store.RUN_STORE, loaded)
        if earlier:
            about = {"name": loaded.name, "before": earlier.replicates, "now": loaded.replicates}
            click.echo(str(Message("{name}: from {before} to {now} replicates; finished runs are kept", **about)), err=True)
    announce_compiling(quiet or dask is not None)
    with resumable(loaded.name, folder), Progress(loaded.name, quiet, Message("runs")) as progress:
        result = sweep.sweep(study, out, workers, dask, time_limit, progress, other_sources=other_sources)
    _summary(result, quiet)
    sys.exit(0 if result.complete else FAILED)


def _plan(study: "Study") -> Message:
    """The runs to be performed, in one line."""
    points, city = designs.count(study), study.scenario.city
    runs = {"runs": points * study.replicates, "weeks": study.scenario.horizon, "residents": city.population}
    about = {
        "name": study.name,
        "kind": study.design.kind,
        "points": points,
        "keys": len(study.keys),
        "runs": Message("{runs:,} runs of {weeks} weeks, {residents:,} residents", **runs),
    }
    if study.replicates == 1:
        return Message("{name}: {kind} of {points:,} points over {keys} keys: {runs}", **about)
    return Message("{name}: {kind} of {points:,} points with {count} replicates over {keys} keys: {runs}", **about, count=study.replicates)


def _summary(result: "StudyResult", quiet: bool) -> None:
    """Print the state of the study; failures are listed even when quiet."""
    failed = result.runs[result.runs["state"] == "failed"]
    if len(failed):
        _print_failures(result.study.name, failed, len(result.runs))
    if quiet:
        click.echo(str(result.folder))
        return
    done = result.runs[result.runs["state"] == "done"]
    about = {"done": len(done), "count": len(result.runs), "seconds": done["seconds"].sum()}
    click.echo(str(Message("{name}: {done:,} of {count:,} runs done, {seconds:.1f} s of processor time", name=result.study.name, **about)))
    for name, how in result.study.outcomes.items():
        values = done[name].dropna()
        if len(values):
            spread = {"low": values.min(), "high": values.max(), "median": values.median()}
            values_text = Message("{low:.4g} to {high:.4g}, median {median:.4g}", **spread)
            click.echo(f"  {labelled(metric_label(name), f'{how:<10}', 20)} {values_text}")
    print_line(Message("content hash"), result.content_hash)
    print_line(Message("results"), Path(result.folder))


def _print_failures(name: str, failed: "pd.DataFrame", count: int) -> None:
    """Print how many runs failed, the first of them with key, seed and reason."""
    about = {"name": name, "failed": len(failed), "count": count}
    click.echo(str(Message("{name}: {failed} of {count} runs failed; the same command retries them:", **about)), err=True)
    for row in failed.head(MOST_LISTED).itertuples():
        about = {"run": row.run, "key": row.key, "seed": row.seed, "error": row.error}
        click.echo(str(Message("  run {run}, key {key}, seed {seed}: {error}", **about)), err=True)
    if len(failed) > MOST_LISTED:
        click.echo(str(Message("  and {count} more, see the column error", count=len(failed) - MOST_LISTED)), err=True)
