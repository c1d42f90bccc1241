"""Say what there is."""

import click


@click.command()
@click.argument("kind", required=False, metavar="[levers|mechanisms|metrics|presets|shocks|week]")
@click.argument("name", required=False)
def command(kind, name) -> None:
    """Say what there is: unit, range, default, source, what it brings and costs; and who acts when in a week."""
    from sim.describe import describe as text_of

    click.echo(text_of(kind, name))
