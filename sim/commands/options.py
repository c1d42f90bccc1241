"""Options that several commands share, and the groups of them that commands take."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import CHOICE, LANGUAGES, language

with lazily():
    from sim.rules import consent

Decorator = Callable[[Any], Any]


class WholeNumber(click.IntRange):
    """Whole numbers in a range; a name that error messages and the help text can show."""

    name = "whole number"


class Number(click.FloatRange):
    """Numbers in a range; see `WholeNumber`."""

    name = "number"


def options(*parts: Decorator) -> Decorator:
    """Several options as one decorator, in the order of the help text."""

    def add(command: Any) -> Any:
        """A command with the options."""
        for part in reversed(parts):
            command = part(command)
        return command

    return add


def quiet(printed: str = "the folder of results") -> Decorator:
    """``--quiet``; `printed` says what is printed nevertheless."""
    return click.option("--quiet", "-q", is_flag=True, help=f"Print only {printed}.")


def out(below: str) -> Decorator:
    """``--out``; `below` is the folder of the results below it."""
    return click.option("--out", default="results", show_default=True, metavar="DIR", help=f"Where results go: DIR/{below}.")


def _set_language(context: click.Context, _option: click.Parameter, wanted: str | None) -> str:
    """Print messages in a language, here and in workers, until the command ends; in that of the locale by default."""
    if wanted is None:
        return language()
    before = os.environ.get(CHOICE)
    os.environ[CHOICE] = wanted

    def back() -> None:
        os.environ.pop(CHOICE) if before is None else os.environ.update({CHOICE: before})

    context.find_root().call_on_close(back)
    return wanted


def lang(what: str = "Language in which the report opens, and of messages.", exposed: bool = True) -> Decorator:
    """``--lang``; if it is not `exposed` to the command, it chooses the language of messages only."""
    choice = click.Choice(LANGUAGES)
    help_text = f"{what} The locale's by default."
    return click.option("--lang", type=choice, callback=_set_language, is_eager=True, expose_value=exposed, help=help_text)


def workers(default: str = "as many as processors") -> Decorator:
    """``--workers``; `default` describes the default number."""
    return click.option("--workers", type=WholeNumber(1, 1024), help=f"Processes; {default} by default.")


def seed(what: str) -> Decorator:
    """``--seed``; the upper bound leaves room for the seeds of further replicates."""
    return click.option("--seed", type=WholeNumber(0, 2**63 - 10_001), help=what)


def settings(what: str) -> Decorator:
    """``--set``, any number of times."""
    return click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help=f"{what} (repeatable).")


def metrics(what: str) -> Decorator:
    """``--metric``, any number of times."""
    return click.option("--metric", "metrics", multiple=True, metavar="NAME", help=what)


ALL = "all"
"""Value of ``--worlds``: every world of the package's set."""


def worlds(default: str) -> Decorator:
    """``--worlds``; `default` describes the default. Its value is None, a number from 1, `ALL`, or the path of a file."""
    help_text = f"Plausible worlds: how many of the package's set, 'all', or the file of a set; 1 is the one default world. {default}"
    return click.option("--worlds", metavar="N|all|FILE", callback=_worlds, help=help_text)


def _worlds(_context: click.Context, _option: click.Parameter, given: str | None) -> int | str | Path | None:
    """What is meant, before anything is run; the set itself is read by the experiment."""
    if given is None or given == ALL:
        return given
    if given.isdecimal() and int(given) >= 1:
        return int(given)
    if Path(given).suffix or Path(given).is_file():
        return Path(given)
    raise UserError(
        "--worlds: got {given}; expected a number of worlds from 1, all, or a file that `sanzhi worlds make` wrote", given=repr(given)
    )


def _allow(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Allow rules and plug-ins to run, here and in workers, until the command ends."""
    if not wanted:
        return

    if os.environ.get(consent.CONSENT) != "1":
        os.environ[consent.CONSENT] = "1"
        context.call_on_close(lambda: os.environ.pop(consent.CONSENT, None))


allow_rules = click.option(
    "--allow-rules",
    is_flag=True,
    expose_value=False,
    callback=_allow,
    help="Run the Python rules and plug-ins that a scenario names. They are code: allow only files that you trust.",
)
keep = click.option("--keep", metavar="DIR", help="Keep every finished run in this folder, so that the same command resumes (over worlds).")
csv = click.option("--csv", is_flag=True, help="Also write the tables as CSV.")
xlsx = click.option("--xlsx", is_flag=True, help="Also write the tables as one Excel workbook, tables.xlsx, which explains every column.")
no_report = click.option("--no-report", is_flag=True, help="Write only the tables.")

changing = options(
    seed("Seed of the first replicate; the scenario's by default."),
    click.option("--replicates", type=WholeNumber(1, 10_000), help="Number of runs with different seeds; the scenario's by default."),
    settings("Change a key, as in --set policy.rule_of_law=0.4"),
)
"""Options that change a scenario."""

rates = options(
    click.option("--rates", metavar="FILE", help="Your own rates (CSV or YAML); they replace the reference for the rates they list."),
    click.option("--only-rates", is_flag=True, help="Do not use the reference for rates that neither FILE nor the preset lists."),
)
"""Options that give the known rates of a city."""

figures = click.option(
    "--figures",
    metavar="FILE",
    help="What your city knows, by district and year (CSV or .xlsx, see `sanzhi city template`): fits what it identifies.",
)
"""Option that gives what a city knows about itself."""

measured_weeks = click.option(
    "--weeks",
    type=WholeNumber(52, 2600),
    default=208,
    show_default=True,
    help="Weeks simulated; rates are measured in the second half.",
)
"""How long a city runs to which rates are fitted."""

computing = options(
    workers("as many as replicates and processors"),
    click.option("--threads", type=WholeNumber(1, 1024), help="Threads per replicate, if there is one process."),
    quiet(),
    allow_rules,
)
"""Options of every command that simulates a scenario."""

sweeping = options(
    out("<name of the study>"),
    allow_rules,
    workers(),
    click.option("--dask", metavar="ADDRESS", help="Use the workers of this Dask scheduler, as in tcp://127.0.0.1:8786."),
    click.option("--time-limit", type=Number(0, min_open=True), default=3600.0, show_default=True, help="Maximum seconds per run."),
    click.option(
        "--other-sources",
        is_flag=True,
        help="Continue although the source code of the model has changed since the study began; results mention it.",
    ),
)
"""Options of every command that performs the runs of a study."""
