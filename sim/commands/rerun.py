"""Run a finished run again."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED
from sim.messages import Joined, Message


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options.computing
def command(folder, workers, threads, quiet) -> None:
    """Run a finished run again and say whether the content hash is the same (exit code 1 if not)."""
    from sim.console import Progress
    from sim.experiments.runs.simulate import simulate_seeds
    from sim.explain import share_out
    from sim.older import made_by
    from sim.results import read_run

    before = read_run(folder)
    other = made_by(folder, before.manifest["versions"]["model"])
    if other:
        click.echo(str(other), err=True)
    n_workers, n_threads = share_out(before.scenario, workers, threads, len(before.seeds))
    with Progress(before.scenario.name, quiet) as progress:
        again = simulate_seeds(before.scenario, before.seeds, n_workers, n_threads, progress)
    same = again.content_hash == before.content_hash
    verdict = Message("the same") if same else Message("different: {hash} now", hash=again.content_hash)
    about = {"name": before.scenario.name, "hash": before.content_hash, "verdict": verdict}
    click.echo(str(Message("{name}: content hash {hash}, {verdict}", **about)))
    if not same and again.manifest["versions"] != before.manifest["versions"]:
        was = {name: version for name, version in before.manifest["versions"].items() if again.manifest["versions"].get(name) != version}
        versions = Joined(f"{name} {version}" for name, version in was.items())
        click.echo(str(Message("versions then: {versions}", versions=versions)), err=True)
    sys.exit(0 if same else FAILED)
