"""Say what there is."""

import click


@click.command()
@click.argument("kind", required=False, metavar="[levers|mechanisms|metrics|presets|shocks]")
@click.argument("name", required=False)
def command(kind, name) -> None:
    """Say what there is: unit, range, default, source, what it brings and costs."""
    from sim.describe import describe as text_of

    click.echo(text_of(kind, name))
