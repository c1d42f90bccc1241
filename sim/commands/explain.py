"""Explain what will run before it runs."""

from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import load_all
from sim.errors import UserError
from sim.lazy import lazily
from sim.suggestions import nearest

with lazily():
    from sim.experiments.optimization import search as searches
    from sim.experiments.studies import study_file, sweep
    from sim.explain import cost
    from sim.explain import scenario as explain_scenario
    from sim.explain import search as explain_search
    from sim.explain import study as explain_study


@click.command()
@click.argument("scenario")
@options.changing
@options.allow_rules
def command(scenario, seed, replicates, settings) -> None:
    """Explain what will run before it runs: the levers and cost of a scenario, and levers without effect; the runs, time, memory and disk
    space of a study or a search. SCENARIO may be any of the three, by file or shipped name, or the folder of a study.
    """
    kind = study_file.kind_of(scenario)
    if kind == "scenario" and not Path(scenario).exists() and nearest(scenario, study_file.shipped_studies()):
        kind = "study"  # probably a shipped study, whose name will be suggested
    if kind == "scenario":
        (loaded,) = load_all([scenario], settings, seed, replicates)
        click.echo(explain_scenario.explain_scenario(loaded, loaded.replicates, *cost.workers_and_threads(loaded, None, None)))
        return
    if settings or seed is not None or replicates is not None:
        raise UserError("{source}: got --set, --seed or --replicates for a {kind}; expected them in its file", source=scenario, kind=kind)
    click.echo(_study_text(scenario, kind))


def _study_text(source: str, kind: str) -> str:
    """Explain a study or a search."""
    if kind == "search":
        return explain_search.explain_search(searches.load_search(source))

    study, _ = sweep.asked(source)
    sweep.planned(study)  # what no sweep could run is an error here, too
    return explain_study.explain_study(study)
