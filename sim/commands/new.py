"""Write a new scenario file."""

from pathlib import Path

import click

from sim.errors import UserError, reason
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    from sim.scenario.export import template


@click.command()
@click.argument("name")
@click.option("--full", is_flag=True, help="Write every key with its range and unit, not only the most common ones.")
def command(name, full) -> None:
    """Write NAME.yaml, a commented scenario to start from. An existing file is never overwritten."""
    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    text = template.template(path.stem, full)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError("{path} exists and is not overwritten; choose another name", path=path) from None
    except OSError as error:
        raise UserError("cannot write {path}: {why}", path=path, why=reason(error)) from error
    click.echo(str(Message("{path}: edit it, then run: sanzhi explain {path}", path=path)))
