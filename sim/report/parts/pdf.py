"""Print a page as PDF with a browser that is on the machine, without a window, a network or a profile; see docs/decisions/0038."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.errors import UserError, reason
from sim.files import write_whole
from sim.messages import Message

VARIABLE = "SANZHI_BROWSER"
"""Environment variable that names the browser, or `NONE`."""
NONE = "none"
NAMES = (
    *("google-chrome", "google-chrome-stable", "chrome", "chromium", "chromium-browser"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser", "chrome-headless-shell"),
)
"""Programs that print pages in the same way, as they are called on Linux and macOS."""
APPLICATIONS = tuple(
    f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")
)
PLAYWRIGHT = ("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_FILES = ("chromium*/chrome-*/chrome", "chromium*/chrome-*/headless_shell", "chromium*/chrome-*/chrome-headless-shell")
TIME_LIMIT = 180.0
"""Seconds after which a browser is ended."""
LINE = 160
"""Most characters of what a browser complained of."""
OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND"),
    *("--no-pdf-header-footer", "--print-to-pdf-no-header"),  # the second is the name that older versions know
)
_PAGE = re.compile(rb"/Type\s*/Page\b")


class NotPrinted(Exception):
    """Raised when a browser gives no PDF; its argument is a `Message` that says why."""


def find_browser(named: str | None = None) -> str | None:
    """The browser that prints: the one that is named, that of `VARIABLE`, or the first that is found; None if there is none.

    Parameters
    ----------
    named : str, optional
        A program or its path; `NONE` for no browser at all.

    Raises
    ------
    UserError
        If the one that is named is no program.
    """
    for what, wanted in (("--browser", named), (VARIABLE, os.environ.get(VARIABLE))):
        if wanted == NONE:
            return None
        if wanted:
            found = shutil.which(os.path.expanduser(wanted))
            if found is None:
                raise UserError(
                    "{what}: got {given}; expected a program such as chromium, google-chrome or microsoft-edge, its path, or none",
                    what=what,
                    given=repr(wanted),
                )
            return found
    return next(_installed(), None)


def is_wanted(named: str | None = None) -> bool:
    """Whether a PDF is wanted: neither the name nor `VARIABLE` says `NONE`."""
    return (named or os.environ.get(VARIABLE)) != NONE


def _installed() -> Iterator[str]:
    for name in (*NAMES, *APPLICATIONS):
        if found := shutil.which(name):
            yield found
    variable, *folders = PLAYWRIGHT
    for folder in filter(None, (os.environ.get(variable), *folders)):
        for pattern in PLAYWRIGHT_FILES:
            yield from (str(path) for path in sorted(Path(folder).expanduser().glob(pattern), reverse=True) if os.access(path, os.X_OK))


def print_page(page: Path, pdf: Path, browser: str, seconds: float = TIME_LIMIT) -> int:
    """Print a page of this machine into a file, which is written whole or not at all, and count its sheets.

    Parameters
    ----------
    page, pdf : Path
    browser : str
        As of `find_browser`.
    seconds : float
        Time limit.

    Raises
    ------
    NotPrinted
        If the browser cannot be started, takes too long, or gives no PDF.
    """
    # A sandbox needs rights that containers and some systems do not give; the page is ours, and has no script.
    tries = [["--no-sandbox"]] if os.geteuid() == 0 else [[], ["--no-sandbox"]]
    for number, more in enumerate(tries, start=1):
        try:
            data = _printed(page, browser, more, seconds)
            break
        except NotPrinted:
            if number == len(tries):
                raise
    write_whole(pdf, data, flushed=False)
    return len(_PAGE.findall(data))


def _printed(page: Path, browser: str, more: list[str], seconds: float) -> bytes:
    # Beside the page: a browser in a package of its own (snap, flatpak) sees no other folder.
    with _folder(page.parent) as beside, _folder() as profile:
        made = Path(beside) / "page.pdf"
        command = [browser, *OPTIONS, *more, f"--user-data-dir={profile}", f"--print-to-pdf={made.resolve()}", page.resolve().as_uri()]
        said = _run(command, {**os.environ, "XDG_CONFIG_HOME": profile, "XDG_CACHE_HOME": profile}, seconds)
        data = made.read_bytes() if made.is_file() else b""
    if not data.startswith(b"%PDF") or b"%%EOF" not in data[-1024:]:
        raise NotPrinted(Message("{browser} gave no PDF ({why})", browser=Path(browser).name, why=said or "–"))
    return data


def _folder(within: Path | None = None) -> "tempfile.TemporaryDirectory[str]":
    """A folder for a browser, whose processes may still write while they end."""
    return tempfile.TemporaryDirectory(prefix="printing-", dir=within, ignore_cleanup_errors=True)


def _run(command: list[str], environment: dict[str, str], seconds: float) -> str:
    """Run a browser with all its processes, which end with it; the last line that it said."""
    name = Path(command[0]).name
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
        except OSError as error:
            raise NotPrinted(Message("{browser} cannot be started ({why})", browser=name, why=reason(error))) from error
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise NotPrinted(Message("{browser} took longer than {seconds:g} s", browser=name, seconds=seconds)) from error
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:LINE] if lines else ""
