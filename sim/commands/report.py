"""Make figures and report of a run again."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options.lang("Language of the report.")
@options.allow_rules
def command(folder, lang) -> None:
    """Make figures and report of a run again."""
    from sim.report.run.page import write_report
    from sim.results import read_run

    run = read_run(folder)
    page = Page(run.scenario.name, folder, lambda: write_report(run, folder, lang=lang), quiet=False)
    if page.failed:
        sys.exit(FAILED)
    click.echo(str(page.path))
