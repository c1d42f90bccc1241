"""Check scenario files."""

import sys

import click

from sim.commands.shared import BAD_INPUT


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def command(files) -> None:
    """Check scenario files and report every problem at once."""
    from sim.errors import UserError
    from sim.scenario import load_scenario

    bad = 0
    for file in files:
        try:
            load_scenario(file)
            click.echo(f"{file}: good")
        except UserError as error:
            bad += 1
            click.echo(str(error), err=True)
    sys.exit(BAD_INPUT if bad else 0)
