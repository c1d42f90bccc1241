"""Reference pages that only the site has: the command line, from click, and the names of the package, from their docstrings."""

import inspect

import click

import sim
from docs.making.markdown import table
from sim import _HOMES
from sim.cli import COMMANDS, cli

GROUPS = {
    "Scenarios": "Scenario ScenarioError UserError load_scenario",
    "Plausible worlds": "worlds",
    "Runs": "Run simulate read_run write_run GovernanceModel AgentRule allow_rules",
    "Experiments": "compare mix attribute resilience optimize Study StudyResult load_study make_study sweep read_study analyze",
    "Comparison with data": "calibrate history_match validate_against",
    "Pictures and pages": "plot_indices plot_metric plot_groups plot_flows plot_policy plot_budget plot_districts plot_map plot_waterfall"
    " write_report write_brief write_workbook",
    "Catalogues": "LEVERS INSTRUMENTS MECHANISMS METRICS",
}
"""Public names of the package, each once, as the page groups them."""


def pages() -> dict[str, str]:
    """Text of every page, by its path in the site."""
    return {"reference/command_line.md": command_line(), "reference/python.md": python()}


def python() -> str:
    """Every public name with its docstring, by mkdocstrings."""
    parts = ["# Python", "All public names of `import sim`. They are imported when first used."]
    for title, names in GROUPS.items():
        parts.append(f"## {title}")
        for name in names.split():
            whole = inspect.ismodule(getattr(sim, name))
            place, more = (_HOMES[name], "\n      members: false") if whole else (f"{_HOMES[name]}.{name}", "")
            parts.append(f"::: {place}\n    options:\n      heading_level: 3{more}")
    return "\n\n".join(parts) + "\n"


def command_line() -> str:
    """Every command with its arguments and options."""
    parts = ["# Command line", "`sanzhi COMMAND --help` prints the same.", "## sanzhi", cli.help or ""]
    for name in COMMANDS:
        found = cli.get_command(click.Context(cli), name)
        assert found is not None
        parts += [_command(name, found), *(_command(f"{name} {one}", below) for one, below in getattr(found, "commands", {}).items())]
    return "\n\n".join(parts) + "\n"


def _command(name: str, found: click.Command) -> str:
    context = click.Context(found, info_name=f"sanzhi {name}")
    usage = " ".join(["sanzhi", name, *found.collect_usage_pieces(context)])
    text = "\n\n".join(" ".join(part.replace("\b", "").split()) for part in (found.help or "").split("\n\n"))
    rows = [record for option in found.get_params(context) if (record := option.get_help_record(context))]
    options = table(("option", "what it does"), [(f"`{first}`", what) for first, what in rows])
    return "\n\n".join([f"## {name}", f"    {usage}", text, options])
