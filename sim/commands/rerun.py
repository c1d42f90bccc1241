"""Repeat a finished run."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, failure_as_error
from sim.console.progress import Progress
from sim.lazy import lazily
from sim.messages import Joined, Message

with lazily():
    from sim import results
    from sim.experiments.runs import simulate
    from sim.explain import cost
    from sim.results import earlier_versions


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options.computing
def command(folder, workers, threads, quiet) -> None:
    """Repeat a finished run and check that its content hash is the same (exit code 1 if not)."""
    before = results.read_run(folder)
    note = earlier_versions.version_note(folder, before.manifest["versions"]["model"])
    if note:
        click.echo(str(note), err=True)
    n_workers, n_threads = cost.workers_and_threads(before.scenario, workers, threads, len(before.seeds))
    with Progress(before.scenario.name, quiet) as progress, failure_as_error(before.scenario.name):
        again = simulate.simulate_seeds(before.scenario, before.seeds, n_workers, n_threads, progress)
    same = again.content_hash == before.content_hash
    verdict = Message("the same") if same else Message("different: {hash} now", hash=again.content_hash)
    about = {"name": before.scenario.name, "hash": before.content_hash, "verdict": verdict}
    click.echo(str(Message("{name}: content hash {hash}, {verdict}", **about)))
    if not same and again.manifest["versions"] != before.manifest["versions"]:
        before_versions = {
            name: version for name, version in before.manifest["versions"].items() if again.manifest["versions"].get(name) != version
        }
        versions = Joined(f"{name} {version}" for name, version in before_versions.items())
        click.echo(str(Message("versions then: {versions}", versions=versions)), err=True)
    sys.exit(0 if same else FAILED)
