"""What the pages on experiments share: pictures with their words and tables, notices, and how to reproduce them."""

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UserError
from sim.report import style
from sim.report.experiment_words import say
from sim.report.files import Table, csv_of, data_uri, put
from sim.report.html import environment
from sim.report.labels import number
from sim.report.sentences import SCOPE
from sim.report.words import LANGUAGES
from sim.version import VERSION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.batch import Batch
    from sim.experiments.written import Result

COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY, style.GREY)
MARKERS = ("o", "D", "s", "^", "v", "P", "X")
FEW_RESIDENTS = 100_000
"""Below this the page says that the city is a small one."""


def titles(batch: "Batch", lang: str) -> dict[str, str]:
    """Titles of the scenarios by label; the label where two have the same title."""
    chinese = lang == "zh"
    found = {
        label: scenario.title.get("zh" if chinese else "en") or label for label, scenario in zip(batch.labels, batch.scenarios, strict=True)
    }
    return {label: title if list(found.values()).count(title) == 1 else label for label, title in found.items()}


def shortened(title: str, most: int = 30) -> str:
    """A title for a figure: at most so many columns, of which a Chinese character takes two."""
    columns = 0
    for place, letter in enumerate(title):
        columns += 2 if ord(letter) > 0x2E7F else 1
        if columns > most:
            return f"{title[:place].rstrip()}…"
    return title


def figure_folder(folder: str | Path, lang: str) -> Path:
    """Folder of the figures of a page, made now; `UserError` for a language there is not."""
    if lang not in LANGUAGES:
        raise UserError(f"lang: got {lang!r}; expected {' or '.join(LANGUAGES)}")
    figures = Path(folder) / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    return figures


def picture(name: str, draw: "Callable[[str, bool], Figure]", folder: Path, lang: str, alt: str, table: Table) -> dict[str, Any]:
    """Draw a figure for page and phone, save it as SVG and PNG, and give what the page needs of it.

    Parameters
    ----------
    draw : callable
        Called with the language of figures and whether it is narrow.
    alt : str
        What it shows, in words.
    table : Table
        Its numbers.
    """
    wide, narrow = (draw(style.figure_language(lang), is_narrow) for is_narrow in (False, True))
    svg, small = style.to_svg(wide), style.to_svg(narrow)
    wide.set_layout_engine("none")  # it has its place already
    put(folder / f"{name}.svg", svg)
    put(folder / f"{name}.png", style.to_png(wide))
    return {
        "name": name,
        "alt": alt,
        "wide": data_uri("image/svg+xml", svg),
        "narrow": data_uri("image/svg+xml", small),
        "size": [round(100 * inches) for inches in wide.get_size_inches()],
        "note": "",
        "table": table,
        "csv": data_uri("text/csv;charset=utf-8", csv_of(table)),
    }


def write(result: "Result", folder: str | Path, lang: str, context: dict[str, Any]) -> Path:
    """Write ``report.html`` from the template of the result's kind."""
    batch = result.batch
    shared = {
        "lang": lang,
        "t": partial(say, lang=lang),
        "notices": [*notices(batch, lang, context.pop("small", "")), *context.pop("notices", [])],
        "reproduce": reproduce(result, lang, context.pop("options", "")),
        "scope": SCOPE.of(lang),
        "version": VERSION,
    }
    page = Path(folder) / "report.html"
    put(page, environment().get_template(f"{result.kind}.html.jinja").render(shared | context).encode())
    return page


def notices(batch: "Batch", lang: str, small: str = "") -> list[str]:
    """What a reader must know before anything else: failures, an interruption, a small city (in the words of `small`), a missing font."""
    said, counts = [], {"left": len(batch.seeds), "total": batch.wanted}
    if batch.failures:
        said.append(say("runs_failed", lang, count=len(batch.failures), **counts))
    if batch.interrupted:
        said.append(say("was_interrupted", lang, **counts))
    if small or batch.residents < FEW_RESIDENTS:
        said.append(small or say("small_city", lang, residents=f"{batch.residents:,}"))
    if lang == "zh" and style.figure_language(lang) != "zh":
        said.append(say("no_font", lang))
    return said


def reproduce(result: "Result", lang: str, options: str) -> dict[str, Any]:
    """Command, seeds, hash and versions, and the manifest for the page."""
    batch, manifest = result.batch, result.manifest
    names = " ".join(shlex.quote(scenario.name) for scenario in shown_scenarios(result))
    first = batch.seeds[0] if not batch.failures else min([*batch.seeds, *(f["seed"] for f in batch.failures)])
    return {
        "command": f"sanzhi {result.kind} {names} --seed {first} --replicates {batch.wanted}{options}",
        "rows": [
            (say("seeds", lang), f"{batch.seeds[0]}–{batch.seeds[-1]} ({len(batch.seeds)})"),
            (say("residents_simulated", lang), f"{batch.residents:,}"),
            (say("hash", lang), manifest["content_hash"]),
            (say("versions", lang), ", ".join(f"{name} {value}" for name, value in manifest["versions"].items())),
        ],
        "json": {key: value for key, value in manifest.items() if key != "scenarios"},
    }


def shown_scenarios(result: "Result") -> list[Any]:
    """Scenarios that the user named."""
    return list(getattr(result, "named", result.batch.scenarios))


def signed(value: float, metric: str) -> str:
    """A difference as people write it, per cent as points."""
    shown = number(value, metric, sign=True)
    return shown.replace("%", "pp")


def span(low: float, high: float, metric: str) -> str:
    """An interval of a difference."""
    return f"{signed(low, metric)}…{signed(high, metric)}" if np.isfinite(low) else "–"
