"""The command `sanzhi`: its commands stand in `sim/commands`, one file each, loaded when called. This file says how mistakes end."""

import errno
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from sim.commands.shared import BAD_INPUT, FAILED, STOPPED
from sim.version import MODEL_VERSION, VERSION

PLANNED = {
    "run": "simulate scenarios",
    "compare": "scenarios on the same luck, with paired differences",
    "mix": "the three levers over the simplex",
    "sweep": "a study over many scenarios",
    "analyze": "sensitivity, scenario discovery, Pareto set",
    "attribute": "Shapley shares of the levers that differ",
    "resilience": "what shocks take away, and how fast it comes back",
    "calibrate": "fit coefficients to stated rates",
    "history-match": "rule out coefficients by stated rates",
    "validate-against": "patterns of a run beside one's own data",
    "optimize": "multi-objective search over levers",
    "dashboard": "levers as sliders, in the browser",
    "validate": "check files of scenarios and studies",
    "explain": "what will run, before it runs",
    "describe": "what there is",
    "new": "a commented scenario to start from",
    "schema": "JSON Schema of a scenario",
    "rerun": "run a finished run again",
    "report": "make figures and report again",
}
"""Every command by name, in the order of the help text."""


def _file(name: str) -> str:
    """Name of the module of a command."""
    return name.replace("-", "_")


LATER = {name: what for name, what in PLANNED.items() if not (Path(__file__).with_name("commands") / f"{_file(name)}.py").is_file()}
"""Commands that have no file yet."""


class Commands(click.Group):
    """Commands loaded when called; people's mistakes are shown as one line each, and Ctrl-C is answered with exit code 130."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help text."""
        return list(PLANNED)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command called `name`, loaded now; None where there is none."""
        if name in PLANNED and name not in self.commands:
            self.commands[name] = (
                _later(name, LATER[name]) if name in LATER else importlib.import_module(f"sim.commands.{_file(name)}").command
            )
            self.commands[name].name = name
        return self.commands.get(name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with proposals from all commands where a name is unknown."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=list(PLANNED), ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(STOPPED)
        except MemoryError:
            click.echo("not enough memory: a smaller city.scale or fewer --workers need less (see sanzhi explain)", err=True)
            ctx.exit(FAILED)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
                raise
            click.echo(f"cannot write: {error.strerror}", err=True)
            ctx.exit(BAD_INPUT)
        except Exception as error:
            from sim.errors import UserError

            if not isinstance(error, UserError):
                raise
            click.echo(str(error), err=True)
            ctx.exit(BAD_INPUT)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, message=f"sanzhi %(version)s, model {MODEL_VERSION}")
def cli() -> None:
    """Simulate what mixes of self-governance, rule of law and moral education do to a city over the years.

    Start with: sanzhi run baseline
    """


def _later(name: str, what: str) -> click.Command:
    @click.command(name, hidden=True, context_settings={"ignore_unknown_options": True}, short_help=what)
    @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
    def command(rest) -> None:
        click.echo(f"sanzhi {name} ({what}) is not available yet in version {VERSION}", err=True)
        sys.exit(BAD_INPUT)

    return command


def main() -> None:
    """Entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Chinese is no reason to fail
    cli(prog_name="sanzhi")


if __name__ == "__main__":
    main()
