"""Describe levers, mechanisms, metrics and other parts of the model."""

import click

from sim.commands import options
from sim.lazy import lazily

with lazily():
    from sim.describe import describe as describe_text


@click.command()
@click.argument("kind", required=False, metavar="[levers|measures|mechanisms|parameters|metrics|presets|shocks|week|plugins]")
@click.argument("name", required=False)
@options.allow_rules
def command(kind, name) -> None:
    """Describe the model: unit, range, default and source of each part, its benefits and costs; the order of a week.

    measures FILE shows a measure of your own as it was understood.

    plugins lists the installed plug-ins, or describes one, installed or a file.py (it is code: --allow-rules).
    """
    click.echo(describe_text.describe(kind, name))
