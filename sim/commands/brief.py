"""Two pages for a meeting: scenarios compared over plausible worlds, as a decision brief."""

import click

from sim.commands.experiments import chosen_worlds, experiment_command, options_of, over_worlds
from sim.console.worlds import print_over_worlds
from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    from sim.experiments import arguments
    from sim.experiments.comparisons import compare
    from sim.report.brief import page as brief_page
    from sim.report.compare import page as compare_page
    from sim.report.parts import pdf


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--question", default="", metavar="TEXT", help="The question of the meeting; by default that of the second scenario.")
@click.option("--where", default="", metavar="NAME", help="Result on the map of districts; by default one of those that hold or lean.")
@click.option(
    "--browser",
    metavar="PROGRAM",
    help="Chrome, Chromium or Edge to print the PDF with, or none; SANZHI_BROWSER or the first that is found by default.",
)
@over_worlds
@experiment_command(in_worlds_only=True)
def command(scenarios, question, where, browser, worlds, residents, keep, request) -> None:
    """Write a decision brief: two pages on what scenarios change against the first of them, over plausible worlds.

    Writes brief.html, brief.pdf where a browser is found that prints it, and the full report beside them, into a folder of its own for
    each question. With --keep, runs that `sanzhi compare` kept in the same folder are not run again.
    """
    loaded = request.load(*scenarios)
    brief_page.check_brief(len(loaded), question, where)
    pdf.find_browser(browser)  # a program that does not exist is told now
    chosen = chosen_worlds(worlds, False, request.quiet)
    if chosen is None:
        raise UserError("brief: expected plausible worlds, two or more; luck in one world is no basis for a decision")

    def call(seed, progress):
        return compare.compare(
            loaded,
            seed=seed,
            workers=request.workers,
            window=request.window,
            progress=progress,
            worlds=chosen,
            residents=residents or arguments.DEFAULT,
            keep=keep,
            districts=True,
        )

    def page(result, folder, lang, repeat):
        replaced = [Message("the earlier brief on the same question in {folder} was replaced", folder=folder)]
        told = replaced if (folder / "brief.html").is_file() else []
        compare_page.write_comparison(result, folder, lang, options_of(request.settings, residents=residents, window=request.window))
        typed = options_of((), browser=browser, lang=request.lang, csv=request.csv, xlsx=request.xlsx)
        written = brief_page.write_brief(result, folder, lang, question, where, browser, f"{repeat}{typed}")
        return written.page, [*told, *written.told]

    own = {"residents": residents, "question": question or None, "where": where or None}
    request.experiment("brief", loaded, own, call, print_over_worlds, page, chosen)
