"""Print the JSON Schema of a scenario."""

import click


@click.command()
def command() -> None:
    """Print the JSON Schema of a scenario, for completion in an editor."""
    import json

    from sim.scenario.export.json_schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
