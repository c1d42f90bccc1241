"""Write a scenario to start from."""

from pathlib import Path

import click


@click.command()
@click.argument("name")
def command(name) -> None:
    """Write NAME.yaml, a commented scenario to start from. Never overwrites."""
    from sim.errors import UserError
    from sim.scenario.template import template

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    text = template(path.stem)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{path} exists and is left as it is; choose another name") from None
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from error
    click.echo(f"{path}: edit it, then: sanzhi explain {path}")
