"""A figure as files and as a part of a page: for wide and narrow screens, with its description and its numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.files import write_whole
from sim.report.parts import style
from sim.report.parts.files import Table, csv_of, data_uri

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[str, bool], "Figure"]
"""Called with the language of figures and whether the figure is narrow."""


def picture(
    name: str, draw: Draw, lang: str, alt: str, table: Table, folder: Path | None = None, numbers: Table | None = None
) -> dict[str, Any]:
    """Draw a figure for wide and narrow screens, and return what the page needs.

    Parameters
    ----------
    name : str
        Name of its files, and of its anchor on the page.
    draw : callable
        Called with the language of figures and whether the figure is narrow.
    alt : str
        Description of the figure.
    table : Table
        Its numbers, for the page.
    folder : path, optional
        Folder for SVG and PNG files, if any.
    numbers : Table, optional
        Its numbers at full precision, for the CSV; those of `table` by default.
    """
    wide, narrow = (draw(style.figure_language(lang), is_narrow) for is_narrow in (False, True))
    size = [round(100 * inches) for inches in wide.get_size_inches()]
    svg, small = style.to_svg(wide), style.to_svg(narrow)
    if folder is not None:
        write_whole(folder / f"{name}.svg", svg, flushed=False)
        write_whole(folder / f"{name}.png", style.to_png(wide), flushed=False)
    return {
        "name": name,
        "alt": alt,
        "wide": data_uri("image/svg+xml", svg),
        "narrow": data_uri("image/svg+xml", small),
        "size": size,
        "note": "",
        "table": table,
        "csv": data_uri("text/csv;charset=utf-8", csv_of(numbers or table, lang)),
    }
