"""Parts that the pages of experiments share: figures with descriptions and tables, notices, and the section on reproduction."""

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.comparisons.world_batch import WorldBatch
from sim.experiments.worlds.own_rates import fit_said
from sim.report.parts import style
from sim.report.parts.drawing import Draw, picture
from sim.report.parts.files import Shown, Table
from sim.report.parts.html import write_page
from sim.report.parts.numbers import number, together
from sim.report.parts.settings import allowing, asked_for
from sim.report.text.catalogue import say
from sim.version import VERSION

if TYPE_CHECKING:
    from sim.experiments.experiment_result import ExperimentResult
    from sim.experiments.runs.batch import Batch

COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY, style.GREY)
MARKERS = ("o", "D", "s", "^", "v", "P", "X")
LONGEST, LONGEST_IN_TWO = 30, 42
"""Columns of a title in a figure, and of one that has half the width of a figure."""
FEW_RESIDENTS = 100_000
"""Residents below which the page notes that the city is small."""


def titles(batch: "Batch", lang: str) -> dict[str, str]:
    """Titles of the scenarios by label; the label itself if two have the same title."""
    chinese = lang == "zh"
    found = {
        label: scenario.title.get("zh" if chinese else "en") or label for label, scenario in zip(batch.labels, batch.scenarios, strict=True)
    }
    return {label: title if list(found.values()).count(title) == 1 else label for label, title in found.items()}


def shortened(title: str, most: int = LONGEST) -> str:
    """A title for a figure with at most `most` columns; a Chinese character takes two."""
    columns = 0
    for place, letter in enumerate(title):
        columns += 2 if ord(letter) > 0x2E7F else 1
        if columns > most:
            return f"{title[:place].rstrip()}…"
    return title


Picture = Callable[[str, Draw, str, Table], dict[str, Any]]
"""Draws a figure for a page: its name, the function that draws it, its description, and its numbers."""


def write(
    result: "ExperimentResult",
    folder: str | Path,
    lang: str,
    context: Callable[[str, Picture], dict[str, Any]],
    options: str,
    template: str = "",
    command: str = "",
    name: str = "report.html",
) -> Path:
    """Write the page of the result's kind.

    Parameters
    ----------
    context : callable
        Returns the content of the page, from a language and from what draws its figures.
    options : str
        Of the command.
    template : str
        Name of the page's template; that of the result's kind by default.
    command : str
        Command that makes the page; that of the result's kind by default.
    name : str
        File name of the page.
    """

    def said(each: str, figures: Path | None) -> dict[str, Any]:
        def drawn(name: str, draw: Draw, alt: str, table: Table) -> dict[str, Any]:
            return picture(name, draw, each, alt, table, figures)

        own = context(each, drawn)
        return own | {
            "t": partial(say, lang=each),
            "notices": [*notices(result.batch, each, own.get("small")), *own.get("notices", [])],
            "reproduce": reproduce(result, each, options, command),
            "scope": say("scope", each),
            "over_worlds": isinstance(result.batch, WorldBatch),
            "version": VERSION,
        }

    return write_page(folder, f"{template or result.kind}.html.jinja", lang, said, name)


def notices(batch: "Batch", lang: str, small: str | None = None) -> list[str]:
    """Notices at the top of the page: failures, an interruption, a small city, a missing font.

    Parameters
    ----------
    small : str, optional
        What is said of a small city; empty where the page says it elsewhere, the usual text by default.
    """
    said, counts = [], {"left": batch.finished, "total": batch.wanted}
    of = "" if batch.counts == "replicates" else f"_{batch.counts}"
    if batch.failures:
        said.append(say(f"runs_failed{of}", lang, count=len(batch.failures), **counts))
    if batch.interrupted:
        said.append(say(f"was_interrupted{of}", lang, **counts))
    if small is None and batch.residents < FEW_RESIDENTS:
        small = say("small_city", lang, residents=f"{batch.residents:,}")
    if small:
        said.append(small)
    if lang == "zh" and style.figure_language(lang) != "zh":
        said.append(say("no_font", lang))
    return said


def unlike(batch: "Batch", lang: str) -> list[str]:
    """Notices on what scenarios that are compared differ in besides their policies."""
    first, *others = batch.scenarios
    checks = {"cities_differ": "city", "horizons_differ": "horizon", "weights_differ": "weights"}
    return [say(key, lang) for key, what in checks.items() if any(getattr(s, what) != getattr(first, what) for s in others)]


def reproduce(result: "ExperimentResult", lang: str, options: str, command: str = "") -> dict[str, Any]:
    """Command, seeds, hash and versions, and the manifest for the page."""
    batch, manifest = result.batch, result.manifest
    scenarios = shown_scenarios(result)
    names = " ".join(asked_for(scenario, settings=False) for scenario in scenarios)
    return {
        "command": f"sanzhi {command or result.kind} {names}{_asked(batch)}{options}{allowing(scenarios)}",
        "rows": [
            (say("seeds", lang), f"{batch.seeds[0]}–{batch.seeds[-1]} ({len(batch.seeds)})"),
            (say("residents_simulated", lang), f"{batch.residents:,}"),
            (say("hash", lang), manifest["content_hash"]),
            (say("versions", lang), ", ".join(f"{name} {value}" for name, value in manifest["versions"].items())),
        ],
        "json": {key: value for key, value in manifest.items() if key != "scenarios"},
    }


def _asked(batch: "Batch") -> str:
    """Options that ask for the same seeds, or for the same worlds."""
    if isinstance(batch, WorldBatch):
        return f" --seed {batch.first} --worlds {shlex.quote(batch.asked)}"
    first = batch.seeds[0] if not batch.failures else min([*batch.seeds, *(f["seed"] for f in batch.failures)])
    return f" --seed {first} --replicates {batch.wanted}"


def shown_scenarios(result: "ExperimentResult") -> list[Any]:
    """Scenarios that the user named."""
    return list(getattr(result, "named", ()) or result.batch.scenarios)


def signed(value: float, metric: str) -> Shown:
    """A difference as text, with per cent as percentage points."""
    return _points(number(value, metric, sign=True))


def estimate_in_words(mean: float, low: float, high: float, metric: str) -> tuple[Shown, Shown, Shown]:
    """A difference and the ends of its interval, to the same number of decimals."""
    first, second, third = (_points(shown) for shown in together((mean, low, high), metric, sign=True))
    return first, second, third


def difference_cells(row: dict[str, Any], metric: str) -> list[str]:
    """A difference and its interval as two cells of a table."""
    mean, low, high = estimate_in_words(row["mean"], row["low"], row["high"], metric)
    return [mean, span(low, high)]


def size_in_words(row: dict[str, Any], metric: str) -> dict[str, str]:
    """Size of a difference without its sign, as ``size``, and the ends of its interval, the smaller first, as ``low`` and ``high``."""
    ends = sorted((abs(row["low"]), abs(row["high"])))
    shown = together((abs(row["mean"]), *ends), metric, sign=True)
    return dict(zip(("size", "low", "high"), (_points(value).lstrip("+") for value in shown), strict=True))


def span(low: Shown, high: Shown) -> Shown:
    """An interval from its ends as text; a dash if there is none."""
    return Shown(low if low == high else f"{low}…{high}", *low.exact, *high.exact)


def _points(shown: Shown) -> Shown:
    return Shown(shown.replace("%", "pp"), *shown.exact)


def own_rates_said(batch: "Batch", lang: str, named: bool = True) -> list[str]:
    """How many worlds fit the known rates of the scenario's own city; nothing if it names none. Coefficients are named or counted."""
    told = batch.about.get("own_rates") if isinstance(batch, WorldBatch) else None
    if told is None:
        return []
    return [line.text(lang) + say("sentence_end", lang) for line in fit_said(told, batch.labels[0], named)]
