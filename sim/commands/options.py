"""Options that several commands have, each worded once, and the sets of them that commands take."""

import os
from collections.abc import Callable
from typing import Any

import click

from sim.messages import CHOICE, LANGUAGES, language

Decorator = Callable[[Any], Any]


def options(*parts: Decorator) -> Decorator:
    """Several options as one decorator, in the order of the help text."""

    def add(command: Any) -> Any:
        """A command with the options."""
        for part in reversed(parts):
            command = part(command)
        return command

    return add


def quiet(shown: str = "the folder of results") -> Decorator:
    """``--quiet``; what is `shown` all the same."""
    return click.option("--quiet", "-q", is_flag=True, help=f"Print {shown} and nothing else.")


def out(below: str) -> Decorator:
    """``--out``, and the folder that results have below it."""
    return click.option("--out", default="results", show_default=True, metavar="DIR", help=f"Where results go: DIR/{below}.")


def _speak(context: click.Context, _option: click.Parameter, wanted: str | None) -> str:
    """Tell messages in the language, here and in workers, until the command ends; the locale's where none is wanted."""
    if wanted is None:
        return language()
    before = os.environ.get(CHOICE)
    os.environ[CHOICE] = wanted

    def back() -> None:
        os.environ.pop(CHOICE) if before is None else os.environ.update({CHOICE: before})

    context.find_root().call_on_close(back)
    return wanted


def lang(what: str = "Language in which the report opens, and of messages.", exposed: bool = True) -> Decorator:
    """``--lang``; where it is not `exposed`, it chooses the language of messages and nothing else."""
    choice = click.Choice(LANGUAGES)
    help_text = f"{what} The locale's by default."
    return click.option("--lang", type=choice, callback=_speak, is_eager=True, expose_value=exposed, help=help_text)


def workers(default: str = "as many as processors") -> Decorator:
    """``--workers``, and how many there are by default."""
    return click.option("--workers", type=click.IntRange(1, 1024), help=f"Processes; {default} by default.")


def seed(what: str) -> Decorator:
    """``--seed``: such that the last of the most replicates is a seed, too."""
    return click.option("--seed", type=click.IntRange(0, 2**63 - 10_001), help=what)


def settings(what: str) -> Decorator:
    """``--set``, any number of times."""
    return click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help=f"{what} (repeatable).")


def metrics(what: str) -> Decorator:
    """``--metric``, any number of times."""
    return click.option("--metric", "metrics", multiple=True, metavar="NAME", help=what)


def _allow(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Allow rules and plug-ins, here and in workers, until the command ends."""
    if not wanted:
        return
    from sim.rules import CONSENT

    if os.environ.get(CONSENT) != "1":
        os.environ[CONSENT] = "1"
        context.call_on_close(lambda: os.environ.pop(CONSENT, None))


allow_rules = click.option(
    "--allow-rules",
    is_flag=True,
    expose_value=False,
    callback=_allow,
    help="Run the Python rules and plug-ins that a scenario names: they are code, so allow only files that you trust.",
)
csv = click.option("--csv", is_flag=True, help="Write the tables as CSV, too.")
no_report = click.option("--no-report", is_flag=True, help="Write the tables only.")

changing = options(
    seed("Seed of the first replicate; the scenario's by default."),
    click.option("--replicates", type=click.IntRange(1, 10_000), help="Runs with different luck; the scenario's by default."),
    settings("Change a key, as in --set policy.rule_of_law=0.4"),
)
"""Options that change a scenario."""

rates = options(
    click.option("--rates", metavar="FILE", help="Rates of your own (CSV or YAML), in the place of the reference for those it names."),
    click.option("--only-rates", is_flag=True, help="Leave out the reference for the rates that neither FILE nor the preset names."),
)
"""Options that say which rates of a city are known."""

computing = options(
    workers("as many as replicates and processors"),
    click.option("--threads", type=click.IntRange(1, 1024), help="Threads of a replicate, where there is one process."),
    quiet(),
    allow_rules,
)
"""Options of every command that simulates a scenario."""

sweeping = options(
    out("<name of the study>"),
    allow_rules,
    workers(),
    click.option("--dask", metavar="ADDRESS", help="Use the workers of this Dask scheduler, as in tcp://127.0.0.1:8786."),
    click.option(
        "--time-limit", type=click.FloatRange(0, min_open=True), default=3600.0, show_default=True, help="Seconds that a run may take."
    ),
    click.option(
        "--other-sources",
        is_flag=True,
        help="Go on although the sources of the model changed since the study was begun; what is read from it says so.",
    ),
)
"""Options of every command that does the runs of a study."""
