"""Print the JSON Schema of a scenario."""

import click

from sim.lazy import lazily

with lazily():
    import json

    from sim.scenario.export import json_schema


@click.command()
def command() -> None:
    """Print the JSON Schema of a scenario, for completion in an editor."""
    click.echo(json.dumps(json_schema.json_schema(), ensure_ascii=False, indent=2))
