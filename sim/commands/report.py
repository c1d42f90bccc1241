"""Write figures and report of a finished run again."""

import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page
from sim.lazy import lazily

with lazily():
    from sim import results
    from sim.report.run import page as run_page
    from sim.results import earlier_versions


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options.lang("Language of the report.")
@options.allow_rules
def command(folder, lang) -> None:
    """Write figures and report of a finished run again."""
    run = results.read_run(folder)
    if note := earlier_versions.version_note(folder, run.manifest["versions"]["model"]):
        click.echo(str(note), err=True)
    page = Page(run.scenario.name, folder, lambda: run_page.write_report(run, folder, lang=lang), quiet=False)
    if page.failed:
        sys.exit(FAILED)
    click.echo(str(page.path))
