"""Do every run of a study."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands import options
from sim.commands.shared import FAILED, going_on

if TYPE_CHECKING:
    from sim.experiments.studied import StudyResult
    from sim.experiments.study import Study


@click.command()
@click.argument("study")
@options.sweeping
@options.quiet()
def command(study, out, workers, dask, time_limit, other_sources, quiet) -> None:
    """Do every run of a study: a file, the name of a shipped one, or a folder in which one was begun.

    Interrupted, killed or in a power cut, the same command goes on from where it was. More `replicates` in the file extend a study.
    """
    from sim.console import Progress, tell_compiling
    from sim.experiments.extension import extended
    from sim.experiments.ledger import LEDGER
    from sim.experiments.sweep import asked, sweep

    loaded, folder = asked(study, out)
    if not quiet:
        click.echo(_plan(loaded), err=True)
        earlier = extended(folder / LEDGER, loaded)
        if earlier:
            click.echo(f"{loaded.name}: from {earlier.replicates} to {loaded.replicates} replicates; what is done stays", err=True)
    tell_compiling(quiet or dask is not None)
    with going_on(loaded.name, folder), Progress(loaded.name, quiet, "runs") as progress:
        result = sweep(study, out, workers, dask, time_limit, progress, other_sources=other_sources)
    _summary(result, quiet)
    sys.exit(0 if result.complete else FAILED)


def _plan(study: "Study") -> str:
    """What is to be done, in one line."""
    from sim.experiments.designs import count

    points = count(study)
    many = f" with {study.replicates} replicates" if study.replicates > 1 else ""
    runs = f"{points * study.replicates:,} runs of {study.scenario.horizon} weeks, {study.scenario.city.population:,} residents"
    return f"{study.name}: {study.design.kind} of {points:,} points{many} over {len(study.keys)} keys: {runs}"


def _summary(result: "StudyResult", quiet: bool) -> None:
    """Say how the study stands; failures are listed even when quiet."""
    failed = result.runs[result.runs["state"] == "failed"]
    if len(failed):
        click.echo(f"{result.study.name}: {len(failed)} of {len(result.runs)} runs failed; the same command tries them again:", err=True)
        for row in failed.head(10).itertuples():
            click.echo(f"  run {row.run}, key {row.key}, seed {row.seed}: {row.error}", err=True)
        if len(failed) > 10:
            click.echo(f"  and {len(failed) - 10} more, see the column error", err=True)
    if quiet:
        click.echo(str(result.folder))
        return
    done = result.runs[result.runs["state"] == "done"]
    click.echo(f"{result.study.name}: {len(done):,} of {len(result.runs):,} runs done, {done['seconds'].sum():.1f} s of processors")
    for name, how in result.study.outcomes.items():
        values = done[name].dropna()
        if len(values):
            click.echo(f"  {name:<20} {how:<10} {values.min():.4g} to {values.max():.4g}, median {values.median():.4g}")
    click.echo(f"  content hash  {result.content_hash}")
    click.echo(f"  results       {Path(result.folder)}")
