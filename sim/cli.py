"""The program `sanzhi`: its commands are in `sim/commands`, one file each, loaded when called; errors become one line here."""

import atexit
import errno
import gc
import importlib
import logging
import os
import sys
from typing import Any

import click

from sim.commands import options
from sim.commands.shared import BAD_INPUT, FAILED, STOPPED
from sim.environment import use_own_settings
from sim.errors import UserError, reason
from sim.messages import Message
from sim.version import MODEL_VERSION, VERSION

COMMANDS = (
    *("demo", "run", "compare", "brief", "mix", "sweep", "analyze", "attribute", "resilience", "calibrate", "history-match"),
    *("validate-against", "optimize", "worlds", "city", "dashboard", "validate", "explain", "describe", "new", "schema", "rerun", "report"),
)
"""Every command, in the order of the help text; its file in `sim/commands` has the same name with underscores."""


class Commands(click.Group):
    """Commands that are loaded when called; errors of users are printed as one line each, and Ctrl-C ends with exit code 130."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command called `name`, loaded now; None where there is none."""
        if name in COMMANDS and name not in self.commands:
            self.commands[name] = importlib.import_module(f"sim.commands.{name.replace('-', '_')}").command
            self.commands[name].name = name
            for one in (self.commands[name], *getattr(self.commands[name], "commands", {}).values()):
                if not any(option.name == "lang" for option in one.params):
                    options.lang("Language of messages.", exposed=False)(one)
        return self.commands.get(name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with suggestions from all commands for an unknown name."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo(str(Message("interrupted")), err=True)
            ctx.exit(STOPPED)
        except MemoryError:
            message = Message("not enough memory: use a smaller city.scale or fewer --workers (see sanzhi explain)")
            click.echo(str(message), err=True)
            ctx.exit(FAILED)
        except OSError as error:
            if error.errno == errno.EPIPE or "SANZHI_DEBUG" in os.environ:
                raise
            click.echo(_system_error(error), err=True)
            ctx.exit(BAD_INPUT)
        except UserError as error:
            click.echo(str(error), err=True)
            ctx.exit(BAD_INPUT)


def _system_error(error: OSError) -> str:
    """An error of the operating system, in one line."""
    why = reason(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
        return str(Message("cannot write: {why}", why=why))
    if error.filename is None:
        return str(Message("refused by the operating system: {why}", why=why))
    return str(
        Message("{file}: {why}", file=os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else error.filename, why=why)
    )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@options.lang("Language of messages.", exposed=False)
@click.version_option(VERSION, message=f"sanzhi %(version)s, model {MODEL_VERSION}")
def cli() -> None:
    """Simulate how mixes of self-governance, rule of law and moral education affect a city over the years.

    Start with: sanzhi demo
    """


def main() -> None:
    """Entry point of the program."""
    use_own_settings()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot print Chinese must not fail
    log_each_message_once()
    atexit.register(gc.freeze)  # objects that end with the process need no last search for cycles, which takes most of a second
    cli(prog_name="sanzhi")


def log_each_message_once() -> None:
    """Log a note on a scenario file once, however often a command reads the file."""
    logged: set[str] = set()

    def new(record: logging.LogRecord) -> bool:
        before = len(logged)
        logged.add(record.getMessage())
        return len(logged) > before

    logging.getLogger("sim.scenario").addFilter(new)


if __name__ == "__main__":
    main()
