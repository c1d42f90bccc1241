"""Serve the dashboard: Solara behind the guard, without telemetry and without a network."""

import os
import socket
import threading
import time
import warnings
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.dashboard.guard import Guard
from sim.dashboard.places import MANY, places_in
from sim.dashboard.session import ScenarioFolder, View
from sim.dashboard.small_city import CurveCache
from sim.environment import ensure_jupyter_folders
from sim.errors import UserError
from sim.experiments.worlds.own_rates import fit_to_rates
from sim.lazy import lazily
from sim.messages import Message
from sim.rules import check_rules_allowed
from sim.scenario import load_scenario
from sim.scenario.loading.files import shipped_names

with lazily():  # of the extra `dashboard`, which may be missing
    import uvicorn
    from solara.server import app as apps
    from solara.server import settings, starlette

    from sim.dashboard import app as page

PORT = 8765
TRIES = 20
LOCAL = "127.0.0.1"
MISSING = Message("the dashboard needs the extra `dashboard`, which is not installed: pip install 'sanzhi[dashboard]'")


class Dashboard:
    """A dashboard that listens on a port.

    Parameters
    ----------
    source : str
        File or name of the first scenario.
    host, port : str, int or None
        Address to listen on; without a port, the first free one from `PORT` on.
    token : str or None
        If given, required for every request.
    lang : str
        "en" or "zh".
    worlds : str or None
        File of a set of plausible worlds; by default that of the package, if there is one of this version of the model.

    Raises
    ------
    sim.errors.UserError
        When Solara is not installed, the port is taken, the set cannot be used, or the scenario cannot be used or has rules that were not
        allowed.
    """

    def __init__(
        self,
        source: str = "baseline",
        host: str = LOCAL,
        port: int | None = None,
        token: str | None = None,
        lang: str = "en",
        worlds: str | None = None,
    ):
        self.host, self.token = host, token
        default, scenarios = _begin(source, lang)
        self._places, self._first = places_in(worlds), default.baseline
        self.socket = _listen(host, port)
        self.port: int = self.socket.getsockname()[1]
        try:
            self._server = self._prepare(default, scenarios)
        except BaseException:
            self.socket.close()
            raise

    @property
    def url(self) -> str:
        """Address for the browser."""
        name = LOCAL if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/" + (f"?token={self.token}" if self.token else "")

    def serve(self, ready: Callable[[], None] | None = None) -> None:
        """Serve until `stop` is called or Ctrl-C is pressed."""
        if ready:
            threading.Thread(target=self._when_started, args=(ready,), daemon=True).start()
        try:
            self._server.run(sockets=[self.socket])
        finally:
            self.close()

    @property
    def to_fit(self) -> bool:
        """Whether there are worlds, and rates to judge them by."""
        return self._places.found is not None and self._first.city.rates is not None

    def fit(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Leave out the worlds that do not fit the known rates of the first scenario's city (see `to_fit`); some minutes in a large city.

        Parameters
        ----------
        progress : callable, optional
            Called with weeks done and planned.
        """
        if self._places.found is not None:
            self._places.keep(fit_to_rates(self._first, self._places.found, progress=progress, enough=MANY), self._first)

    def open_browser(self) -> None:
        """Open the page in this machine's browser."""
        webbrowser.open(self.url)

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._server.force_exit = True

    def close(self) -> None:
        """Release the threads and the port."""
        self.cache.close()
        self.socket.close()

    def _prepare(self, default, scenarios) -> Any:
        app, assets = _solara()
        self.cache = CurveCache(places=self._places)
        page.served = page.Served(self.cache, scenarios, default)
        names = {LOCAL, "localhost", "[::1]"} if self.host in (LOCAL, "localhost", "::1") else {self.host}
        guarded = Guard(app, {f"{name}:{self.port}" for name in names}, self.token, assets)
        # Websockets that stay open do not keep the process from ending.
        return uvicorn.Server(uvicorn.Config(guarded, access_log=False, log_level="warning", loop="asyncio", timeout_graceful_shutdown=1))

    def _when_started(self, ready: Callable[[], None]) -> None:
        while not self._server.started and not self._server.should_exit:
            time.sleep(0.02)
        if self._server.started:
            ready()


def _begin(source: str, lang: str):
    """The first view, and the folder that the pages may use."""
    scenario = load_scenario(source)
    check_rules_allowed(scenario)
    if source in shipped_names():
        here = Path("scenarios")
        return View(source, scenario, lang=lang), ScenarioFolder(here if here.is_dir() else Path())
    path = Path(source)
    return View(path.name, scenario, lang=lang), ScenarioFolder(path.parent)


def _listen(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in [port] if port is not None else range(PORT, PORT + TRIES):
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, number))
            return bound
        except OSError as error:
            bound.close()
            trouble = error
    about = {"host": host, "why": trouble.strerror}
    if port is not None:
        raise UserError("cannot listen on {host}, port {port}: {why}; choose another with --port", **about, port=port)
    ports = {"first": PORT, "last": PORT + TRIES - 1}
    raise UserError("cannot listen on {host}, one of the ports {first} to {last}: {why}; choose another with --port", **about, **ports)


def _solara():
    """Solara's application and the folder of its assets, with everything that would contact other hosts switched off."""
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    os.environ["SOLARA_TELEMETRY_SERVER_USER_ID"] = "none"  # so that Solara does not create one in the user's home
    ensure_jupyter_folders()
    try:
        app = starlette.app
    except ModuleNotFoundError as error:
        raise UserError("{message} ({name} is missing)", message=MISSING, name=error.name) from None
    warnings.filterwarnings("ignore", "Cookies with samesite=none")  # the page is on this machine and in no frame
    settings.telemetry.mixpanel_enable = False
    settings.main.mode = "production"
    settings.theme.show_banner = False
    settings.session.http_only = True
    assets = settings.assets.proxy_cache_dir
    if not any(assets.glob("@widgetti")):
        raise UserError("{message} ({name} is missing)", message=MISSING, name="solara-assets")
    if "__default__" not in apps.apps:
        apps.apps["__default__"] = apps.AppScript("sim.dashboard.app")
    return app, assets
