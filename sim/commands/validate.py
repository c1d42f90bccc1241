"""Check files of scenarios, studies and searches."""

import sys

import click

from sim.commands import options
from sim.commands.shared import BAD_INPUT
from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    from sim import scenario as scenario_files
    from sim.experiments.optimization import search as searches
    from sim.experiments.studies import study_file, sweep
    from sim.scenario.cities import extent


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.allow_rules
def command(files) -> None:
    """Check files of scenarios, studies and searches, or shipped ones by name, and report all problems at once."""
    failed = False
    for file in files:
        try:
            click.echo(str(_check(file)))
        except UserError as error:
            failed = True
            click.echo(str(error), err=True)
    sys.exit(BAD_INPUT if failed else 0)


def _check(file: str) -> Message:
    """Check a file; for a scenario with polygons, also report where they lie, which no check can judge.

    Raises
    ------
    UserError
        With all problems of the file.
    """
    kind = study_file.kind_of(file)
    if kind == "scenario":
        communities = scenario_files.load_scenario(file).city.communities
        if communities is not None and communities.ground:
            return Message("{file}: no problems found; {ground}", file=file, ground=extent.described(communities))
    elif kind == "search":
        searches.load_search(file)
    else:
        sweep.planned(study_file.load_study(file))
    return Message("{file}: no problems found", file=file)
