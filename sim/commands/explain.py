"""Say what will run before it runs."""

import click

from sim.commands import options
from sim.commands.shared import load_all


@click.command()
@click.argument("scenario")
@options.changing
@options.allow_rules
def command(scenario, seed, replicates, settings) -> None:
    """Say what will run before it runs: levers, cost, and levers that will do nothing."""
    from sim.explain import explain as text_of
    from sim.explain import share_out

    (loaded,) = load_all([scenario], settings, seed, replicates)
    click.echo(text_of(loaded, loaded.replicates, *share_out(loaded, None, None)))
