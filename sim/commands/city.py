"""Check the data of a user's own city, and make a template for it."""

import shlex
import sys
from pathlib import Path

import click

from sim.commands import options
from sim.commands.shared import FAILED, Page
from sim.console.tables import interval_text, metric_label, print_table
from sim.errors import UserError
from sim.files import checksum, os_errors_as, write_whole
from sim.lazy import lazily
from sim.messages import Joined, Message, Words, language
from sim.text import labelled, wrapped_to

with lazily():
    from sim import results
    from sim import scenario as scenario_files
    from sim.describe import own_city as describe_city
    from sim.experiments import experiment_result
    from sim.experiments.calibration import calibrate, told_by_figures
    from sim.report.city import page as city_page
    from sim.report.parts import numbers
    from sim.report.text import labels
    from sim.scenario.cities import figures as figure_tables
    from sim.scenario.cities import own_communities, reference_rates
    from sim.scenario.export import own_city as own_files
    from sim.scenario.loading import own_city
    from sim.scenario.parsing import sources, table_problems

WIDTH = 106
"""Columns of a line of text below its heading."""

reading = options.options(
    click.option("--column", "columns", multiple=True, metavar="COLUMN=HEADER", help="Which header means a column (repeatable)."),
    click.option("--encoding", metavar="NAME", help="Encoding of the text, such as gbk; recognised by default."),
    click.option("--sheet", metavar="NAME", help="Sheet of a workbook or layer of a GeoPackage; the one with known columns by default."),
    click.option("--crs", metavar="CODE", help="Coordinate system of positions, such as EPSG:4547; that of the file by default."),
)
"""Options that say how a file is to be read; in a scenario they are keys of the city."""


@click.group()
def command() -> None:
    """Your own city: check its data, or start from a template.

    Start with: sanzhi city template
    """


@command.command("check")
@click.argument("data")
@reading
@options.out("<name>/city-check/<key>")
@options.lang("Language in which the page opens, and of messages.")
@options.no_report
def check(data, columns, encoding, sheet, crs, out, lang, no_report) -> None:
    """Show what is understood of DATA: a table or polygons of communities, or a scenario that names them.

    Prints size, extent, density and questions, how the file was read and what is assumed for what is missing, and writes a page with a map.
    Exit code 2 if the data cannot be used, with all problems at once.
    """
    how = sources.Reading(own_city.headers_of(columns, own_communities.COLUMNS), encoding, sheet, crs)
    found = _understood(data, how)
    _print(found)
    if no_report:
        return
    base = Path(out) / Path(data).stem / "city-check"
    results.check_writable(base)
    folder = experiment_result.keyed(base, checksum(Path(data)), columns, encoding, sheet, crs)
    typed = shlex.join(["sanzhi", *sys.argv[1:]])
    page = Page(Path(data).stem, folder, lambda: city_page.write_check(found, folder, lang, typed), quiet=True)
    if page.path:
        click.echo(labelled(Message("report"), page.path, 8))
    sys.exit(FAILED if page.failed else 0)


def _understood(data, how):
    """What is understood of a file of communities, or of a scenario."""
    with table_problems.silent():
        if Path(data).suffix.lower() not in (".yaml", ".yml"):
            return describe_city.Understood(data, *own_city.read_city(data, how))
        if how != sources.AS_IT_IS:
            raise UserError("{data} is a scenario: its city has the keys columns, encoding, sheet and crs", data=data)
        city = scenario_files.load_scenario(data).city
    if city.communities is None:
        raise UserError("{data}: got a city without communities of its own; expected communities or geometry in it", data=data)
    return describe_city.Understood(data, city.communities, city.adjacency)


def _print(found) -> None:
    """Print what was understood, in the order in which a mistake is most likely to show."""
    click.echo(str(describe_city.headline(found)))
    _print_list(None, map(str, describe_city.facts(found)))
    questions = [describe_city.without_file(question) for question in found.communities.questions]
    _print_list(Message("Questions"), questions)
    _print_list(Message("How the file was read"), describe_city.as_read(found))
    _print_list(Message("Missing, and assumed instead"), map(str, found.communities.defaulted))
    click.echo(f"\n{Message('Communities by residents')}")
    for line in describe_city.bars(found):
        click.echo(f"  {line}")
    click.echo()
    head = [Message("district"), Message("communities"), Message("population"), Message("hardship"), Message("without local registration")]
    rows = [
        [
            row["district"],
            f"{row['communities']:,}",
            f"{row['residents']:,}",
            f"{row['hardship']:.2f}",
            "–" if row["nonlocal_share"] is None else f"{row['nonlocal_share']:.0%}",
        ]
        for row in describe_city.districts(found)
    ]
    print_table(Message("Districts"), head, rows)


def _print_list(title, lines) -> None:
    """Print lines below a title, if there are any."""
    lines = list(lines)
    if title is not None and lines:
        click.echo(f"\n{title}")
    for line in lines:
        first, *rest = wrapped_to(line, WIDTH)
        click.echo("\n".join([f"  {first}", *(f"    {more}" for more in rest)]))


@command.command("figures")
@click.argument("figures")
@click.argument("data")
@reading
@click.option("--write", metavar="FILE", help="Write the rates that the figures amount to, for city.rates or --rates; a new file.")
def show_figures(figures, data, columns, encoding, sheet, crs, write) -> None:
    """Show what FIGURES tell about the city of DATA: its districts, its rates, and which coefficients they identify.

    FIGURES is a table (CSV or .xlsx) by district or community and year; DATA is a table of communities, polygons or a scenario. The
    options say how FIGURES is read. Exit code 2 if it cannot be used, with all problems at once.
    """
    how = sources.Reading(own_city.headers_of(columns, figure_tables.COLUMNS), encoding, sheet, crs)
    with table_problems.silent():
        found = figure_tables.read_figures(figures, _understood(data, sources.AS_IT_IS).communities, how)
    rates = figure_tables.rates_of(found)
    years = Joined(map(str, found.years))
    fields = {"file": figures, "rows": len(found.rows), "figures": len(found.names), "years": years}
    click.echo(str(Message("{file}: {rows:,} rows, {figures} figures, years {years}", **fields)))
    asked = set(found.questions)
    _print_list(Message("Questions"), map(describe_city.without_file, found.questions))
    notes = [describe_city.without_file(message) for message in found.notes if message not in asked]
    _print_list(Message("How the file was read"), notes)
    click.echo()
    _print_rates(rates)
    _print_identified(rates)
    if write:
        path = Path(write)
        _write_new({path: figure_tables.as_table_of_rates(rates)})
        told = Message("{path}: name it as city.rates in the scenario, and worlds are fitted to it; or give it as --rates", path=path)
        click.echo(str(told))


def _print_rates(rates) -> None:
    """Print the rates of the city beside what is known elsewhere."""
    reference = reference_rates.reference_ranges()
    rows: list[list[Words]] = []
    for one in rates:
        value, low, high = numbers.together([one.value, one.low, one.high], one.rate)
        known = reference.get(one.rate)
        elsewhere: Words = interval_text(*numbers.together([known.low, known.high], one.rate)) if known else "–"
        rows.append([metric_label(one.rate), value, interval_text(low, high), elsewhere, labels.metric_unit(one.rate, language())])
    head = [Message("rate"), Message("value"), Message("range"), Message("elsewhere"), Message("unit")]
    print_table(Message("Rates of the city"), head, rows)


def _print_identified(rates) -> None:
    """Print which coefficients the rates identify, and which not."""
    names = [one.rate for one in rates if one.rate not in told_by_figures.SETTINGS]
    try:
        told = told_by_figures.told(dict.fromkeys(names), calibrate.FREE)
    except UserError as error:
        click.echo(str(error))
        return
    lines = [str(Message("{coefficient}: by {rates}", coefficient=name, rates=Joined(rates))) for name, rates in told.items()]
    _print_list(Message("Coefficients that they identify (sanzhi calibrate SCENARIO --figures FILE fits them)"), lines)
    _print_list(Message("Coefficients that they say nothing about"), [str(Joined(name for name in calibrate.FREE if name not in told))])
    given = [one.rate for one in rates if one.rate in told_by_figures.SETTINGS]
    if given:
        message = Message("{names}: set by a scenario (city.staffing, budget, policy), so not fitted", names=Joined(given))
        _print_list(Message("For comparison only"), [str(message)])


@command.command("template")
@click.argument("name", default="my_city")
def template(name) -> None:
    """Write NAME.xlsx to fill in: communities and figures with example rows, and what every column means.

    Headers and explanations are in the language of messages. An existing file is never overwritten.
    """
    path = Path(name if name.endswith(".xlsx") else f"{name}.xlsx")
    _write_new({path: own_files.template(language())})
    click.echo(str(Message("{path}: replace the example rows, then run: sanzhi city check {path}", path=path)))


@command.command("example")
@click.argument("folder", default=".")
def example(folder) -> None:
    """Write the files of a made-up city of 60 communities into FOLDER, as untidy as real ones.

    For the tutorial "From spreadsheet to brief". Existing files are never overwritten.
    """
    files = {Path(folder) / name: content for name, content in own_files.example().items()}
    with os_errors_as("cannot write into {folder}", folder=folder):
        Path(folder).mkdir(parents=True, exist_ok=True)
    _write_new(files)
    click.echo(str(Message("{files}: made-up files of a made-up city", files=Joined(map(str, files)))))


def _write_new(files) -> None:
    """Write files, none of which may exist."""
    for path in files:
        if path.exists():
            raise UserError("{path} exists and is not overwritten; choose another name", path=path)
    for path, content in files.items():
        with os_errors_as("cannot write {path}", path=path):
            write_whole(path, content)
