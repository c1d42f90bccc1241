"""Check files of scenarios, studies and searches."""

import sys

import click

from sim.commands import options
from sim.commands.shared import BAD_INPUT
from sim.messages import Message


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.allow_rules
def command(files) -> None:
    """Check files of scenarios, studies and searches, or shipped ones by name, and report every problem at once."""
    from sim.errors import UserError

    bad = 0
    for file in files:
        try:
            click.echo(str(_check(file)))
        except UserError as error:
            bad += 1
            click.echo(str(error), err=True)
    sys.exit(BAD_INPUT if bad else 0)


def _check(file: str) -> Message:
    """What to say of a sound file: for a scenario with polygons also where they lie, which no check can judge.

    Raises
    ------
    UserError
        With all that is wrong with it.
    """
    from sim.experiments.studies.study_file import kind_of
    from sim.scenario import load_scenario
    from sim.scenario.cities.extent import described

    kind = kind_of(file)
    if kind == "scenario":
        places = load_scenario(file).city.communities
        if places is not None and places.ground:
            return Message("{file}: no problems found; {ground}", file=file, ground=described(places))
    elif kind == "search":
        from sim.experiments.optimization.search import load_search

        load_search(file)
    else:
        from sim.experiments.studies.study_file import load_study
        from sim.experiments.studies.sweep import planned

        planned(load_study(file))
    return Message("{file}: no problems found", file=file)
