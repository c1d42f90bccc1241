"""Open the dashboard: levers, curves and map, live in the browser."""

import click

from sim.commands import options
from sim.console.progress import Progress, announce_compiling
from sim.lazy import lazily
from sim.messages import Message

with lazily():
    from sim import simulation
    from sim.dashboard import guard, server

LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--port", type=options.WholeNumber(0, 65535), help="Port to listen on; by default the first free one from 8765.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@options.lang("Language of the page.")
@click.option(
    "--host", default=LOCAL[0], show_default=True, help="Address to listen on. Any address other than this machine's requires a token."
)
@click.option("--token", help="Token that the link must contain; generated if --host is not this machine.")
@click.option("--worlds", metavar="FILE", help="Set of plausible worlds that the bands show; that of the package by default.")
@options.allow_rules
def command(scenario, port, no_open, lang, host, token, worlds) -> None:
    """Open SCENARIO (a file or a shipped name, baseline by default) as a page with levers that responds immediately."""
    if host not in LOCAL and not token:
        token = guard.new_token()
    dashboard = server.Dashboard(scenario, host, port, token, lang, worlds)
    announce_compiling()
    simulation.compile_kernels()
    if dashboard.to_fit:
        with Progress(Message("worlds"), False) as progress:
            dashboard.fit(progress)

    def ready() -> None:
        click.echo(str(Message("{url}   (Ctrl-C to stop)", url=dashboard.url)))
        if not no_open:
            dashboard.open_browser()

    dashboard.serve(ready)
