"""Say what will run before it runs."""

from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import load_all


@click.command()
@click.argument("scenario")
@options.changing
@options.allow_rules
def command(scenario, seed, replicates, settings) -> None:
    """Say what will run before it runs: of a scenario its levers, cost, and levers that will do nothing; of a study or a search its runs,
    time, memory and disk. SCENARIO may be any of the three, by file or shipped name, or the folder of a study.
    """
    from sim.experiments.studies.study_file import kind_of, shipped_studies
    from sim.suggestions import nearest

    kind = kind_of(scenario)
    if kind == "scenario" and not Path(scenario).exists() and nearest(scenario, shipped_studies()):
        kind = "study"  # a shipped one was meant, and is proposed
    if kind == "scenario":
        from sim.explain import explain as text_of
        from sim.explain import share_out

        (loaded,) = load_all([scenario], settings, seed, replicates)
        click.echo(text_of(loaded, loaded.replicates, *share_out(loaded, None, None)))
        return
    if settings or seed is not None or replicates is not None:
        from sim.errors import UserError

        raise UserError("{source}: got --set, --seed or --replicates for a {kind}; expected them in its file", source=scenario, kind=kind)
    click.echo(_study_text(scenario, kind))


def _study_text(source: str, kind: str) -> str:
    """What a study or a search will do."""
    from sim.explain_study import explain_search, explain_study

    if kind == "search":
        from sim.experiments.optimization.search import load_search

        return explain_search(load_search(source))
    from sim.experiments.studies.sweep import asked, planned

    study, _ = asked(source)
    planned(study)  # what no sweep could do is told here, too
    return explain_study(study)
