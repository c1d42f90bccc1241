"""Levers, curves and map, live in the browser."""

import click

from sim.commands import options
from sim.messages import Message

LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; the first free one from 8765 on by default.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@options.lang("Language of the page.")
@click.option("--host", default=LOCAL[0], show_default=True, help="Address to listen on. Any other than this machine's own needs a token.")
@click.option("--token", help="Token that the link must carry; made up where --host is not this machine.")
@options.allow_rules
def command(scenario, port, no_open, lang, host, token) -> None:
    """Open SCENARIO (a file or a shipped name, baseline by default) as a page with levers that answers at once."""
    from sim.console import tell_compiling
    from sim.dashboard.server import Dashboard
    from sim.simulation import warm

    if host not in LOCAL and not token:
        from sim.dashboard.guard import new_token

        token = new_token()
    dashboard = Dashboard(scenario, host, port, token, lang)
    tell_compiling()
    warm()

    def ready() -> None:
        click.echo(str(Message("{url}   (Ctrl-C ends it)", url=dashboard.url)))
        if not no_open:
            dashboard.open_browser()

    dashboard.serve(ready)
