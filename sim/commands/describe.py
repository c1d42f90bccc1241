"""Say what there is."""

import click

from sim.commands import options


@click.command()
@click.argument("kind", required=False, metavar="[levers|mechanisms|parameters|metrics|presets|shocks|week|plugins]")
@click.argument("name", required=False)
@options.allow_rules
def command(kind, name) -> None:
    """Say what there is: unit, range, default, source, what it brings and costs; who acts when in a week.

    Of plug-ins: those that are installed, or what one brings, a file.py or one that is installed (it is code: --allow-rules).
    """
    from sim.describe import describe as text_of

    click.echo(text_of(kind, name))
