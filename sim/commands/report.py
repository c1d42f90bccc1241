"""Make figures and report of a run again."""

from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import write_page


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options.lang("Language of the report.")
@options.allow_rules
def command(folder, lang) -> None:
    """Make figures and report of a run again."""
    from sim.results import read_run

    click.echo(str(write_page(read_run(folder), folder, lang)))
