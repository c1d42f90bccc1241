"""Self-contained pages in both languages with a switch."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.files import folder_of, os_errors_as, write_whole
from sim.lazy import lazily
from sim.messages import LANGUAGES, Joined

with lazily():
    import jinja2

TEMPLATES = Path(__file__).parent.parent / "templates"
Context = Callable[[str, Path | None], dict[str, Any]]
"""The content of a page: called with a language, and with the folder for the files of its figures, or None for no files."""


def write_page(folder: str | Path, template: str, lang: str, context: Context, name: str = "report.html") -> Path:
    """Write a page and ``figures/``, both languages in one page.

    Parameters
    ----------
    folder : path
        Created if it does not exist.
    template : str
        Name of a file in ``templates``.
    lang : str
        Language in which the page opens, and that of the figure files: ``"en"`` or ``"zh"``. The page has a switch to the other.
    context : callable
        Returns the content of the page in one language.
    name : str
        File name of the page.

    Returns
    -------
    Path
        The page. It is self-contained: it works without a network and without the figure files.

    Raises
    ------
    UserError
        For another language, what is no path, or if it cannot be written.
    """
    if lang not in LANGUAGES:
        raise UserError("lang: got {value}; expected {choices}", value=repr(lang), choices=Joined(LANGUAGES, " or "))
    folder = folder_of(folder)
    figures, page = folder / "figures", folder / name
    with os_errors_as("cannot write into {folder}", folder=folder):
        figures.mkdir(parents=True, exist_ok=True)
        ordered = (lang, *(other for other in LANGUAGES if other != lang))
        pages = [{"lang": each, **context(each, figures if each == lang else None)} for each in ordered]
        write_whole(page, environment().get_template(template).render(pages=pages, lang=lang).encode(), flushed=False)
    return page


@lru_cache(maxsize=1)
def environment() -> "jinja2.Environment":
    """Templates of the pages: all values are escaped, and missing names raise an error."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
