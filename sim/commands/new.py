"""Write a scenario to start from."""

from pathlib import Path

import click


@click.command()
@click.argument("name")
@click.option("--full", is_flag=True, help="Write every key with its range and unit, not only those that planners touch.")
def command(name, full) -> None:
    """Write NAME.yaml, a commented scenario to start from. Never overwrites."""
    from sim.errors import UserError
    from sim.messages import Message
    from sim.scenario.export.template import template

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    text = template(path.stem, full)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError("{path} exists and is left as it is; choose another name", path=path) from None
    except OSError as error:
        raise UserError("cannot write {path}: {why}", path=path, why=error.strerror) from error
    click.echo(str(Message("{path}: edit it, then: sanzhi explain {path}", path=path)))
