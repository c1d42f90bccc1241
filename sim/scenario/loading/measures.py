"""Measures: what people propose or fear, in their words, as entries of a timeline and shocks.

::

    measures:
      - more_mediators: {district: Pudong, people: 20, from: year 2, for: 1 year}

A measure of the library (``scenarios/measures/``) is a file of a few lines: title, question, the numbers that may be given with their
defaults (``takes``), and the entries that it stands for, in which the name of such a number stands for it. A scenario adds place and time.
Measures are written out when a scenario is read; the scenario itself has only the entries, so that its runs do not depend on the library.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from sim.messages import Joined, Message
from sim.scenario.cities.shipped import shipped_root
from sim.scenario.loading.merge import normal
from sim.scenario.parsing.document import Document, read_document
from sim.scenario.parsing.scalars import Path, shown
from sim.scenario.schema.section import number_of
from sim.scenario.schema.times import LONGEST, horizon, moment
from sim.suggestions import nearest

KEY = "measures"
PLACE, TIME = ("district", "districts"), ("from", "until", "for")
"""Keys that every measure takes besides its own."""
LISTS = ("timeline", "shocks")
EXPECTED = Message("a measure with its place and time, as in {example}", example="more_mediators: {district: Pudong, people: 20}")


class Measure(NamedTuple):
    """One measure of the library.

    Parameters
    ----------
    name : str
        Name of its file.
    title, question : dict
        By language.
    takes : dict of str to float
        Numbers that a scenario may give, with their defaults.
    timeline, shocks : list of dict
        Entries without place and time; the name of a number that it takes stands for the number.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    takes: Mapping[str, float]
    timeline: list[dict[str, Any]]
    shocks: list[dict[str, Any]]


@lru_cache(maxsize=1)
def library() -> dict[str, Measure]:
    """Every measure by name, sorted."""
    files = sorted((shipped_root() / KEY).glob("*.yaml"))
    return {file.stem: _measure(file.stem, read_document(file.read_bytes(), f"{KEY}/{file.name}").data) for file in files}


def _measure(name: str, data: dict[str, Any]) -> Measure:
    takes = {key: float(value) for key, value in data["takes"].items()}
    return Measure(name, data["title"], data["question"], takes, *(data.get(key, []) for key in LISTS))


def settle(document: Document) -> None:
    """Write out the measures of a document as entries of its timeline and shocks; problems are added to the document."""
    given = document.data.pop(KEY, None)
    if given is None or (KEY,) in document.refused:
        return
    if not isinstance(given, list):
        document.report((KEY,), shown(given), Message("a list of measures"))
        return
    for index, entry in enumerate(given):
        _take(document, (KEY, index), entry)


def _take(document: Document, path: Path, entry: Any) -> None:
    """Add the entries of one measure."""
    if isinstance(entry, str):
        entry = {entry: {}}
    if not isinstance(entry, dict) or len(entry) != 1:
        document.report(path, Message("several keys") if isinstance(entry, dict) else shown(entry), EXPECTED)
        return
    (name, settings), known = next(iter(entry.items())), library()
    if name not in known:
        got, expected = Message("the unknown measure {name}", name=shown(name)), Message("one of {choices}", choices=Joined(known))
        document.report((*path, name), got, expected, nearest(str(name), known), at_key=True)
        return
    if not isinstance(settings, dict):
        document.report((*path, name), shown(settings), EXPECTED)
        return
    problems = len(document.problems)
    start, end = _times(document, (*path, name), settings)
    numbers = _numbers(document, (*path, name), known[name], settings)
    if len(document.problems) == problems and start is not None:
        where = {key: settings[key] for key in PLACE if key in settings}
        _add(document, path, _entries(known[name], numbers, start, end, where))


def _times(document: Document, path: Path, settings: dict[str, Any]) -> tuple[int | None, int | None]:
    """First week, and first week after the measure if it ends; None for the first if they are invalid."""
    found: dict[str, int] = {"from": 0}
    for key, read in zip(TIME, (moment, moment, horizon), strict=True):
        try:
            if key in settings:
                found[key] = read(settings[key])
        except PydanticCustomError as error:
            words = error.context or {}
            document.report((*path, key), words["got"], words["expected"], words["suggestion"] or None)
            return None, None
    if "until" in found and "for" in found:
        document.report((*path, "for"), Message("an end beside {key}", key="until"), Message("one of the two"))
        return None, None
    end = found["from"] + found["for"] if "for" in found else found.get("until")
    if end is not None and end <= found["from"]:
        document.report((*path, "until"), Message("week {week}", week=end), Message("a week after week {week}", week=found["from"]))
        return None, None
    return found["from"], end


def _numbers(document: Document, path: Path, measure: Measure, settings: dict[str, Any]) -> dict[str, float]:
    """The numbers that a measure takes, as given or by default."""
    known = (*measure.takes, *PLACE, *TIME)
    for key in settings:
        if key not in known:
            got, expected = Message("the unknown key {key}", key=shown(key)), Message("one of {choices}", choices=Joined(known))
            document.report((*path, key), got, expected, nearest(str(key), known), at_key=True)
        elif key in measure.takes and number_of(settings[key]) is None:
            document.report((*path, key), shown(settings[key]), Message("a number"))
    return {key: number_of(settings.get(key), default) or 0.0 for key, default in measure.takes.items()}


def _entries(
    measure: Measure, numbers: dict[str, float], start: int, end: int | None, where: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Entries of the timeline and shocks of a measure at its place and time; a shock in several districts is one in each."""
    until, lasts = ({}, {}) if end is None else ({"until": end}, {"lasts": end - start})
    place = {"where": where} if where else {}
    found: dict[str, list[dict[str, Any]]] = {"timeline": [], "shocks": []}
    for entry in measure.timeline:
        found["timeline"].append({"at": start, **until, **place, **_filled(entry, numbers)})
    several = where.get("districts")
    places = [{"where": {"district": name}} for name in several] if isinstance(several, list) else [place]
    for shock in measure.shocks:
        open_end = {} if "lasts" in shock else {"lasts": LONGEST - start}
        found["shocks"] += [{"at": start, **open_end, **_filled(shock, numbers), **lasts, **one} for one in places]
    return found


def _filled(value: Any, numbers: dict[str, float]) -> Any:
    """An entry with numbers in the place of their names."""
    if isinstance(value, dict):
        return {key: _filled(inner, numbers) for key, inner in value.items()}
    return numbers.get(value, value) if isinstance(value, str) else value


def _add(document: Document, path: Path, entries: dict[str, list[dict[str, Any]]]) -> None:
    """Append entries to the lists of a document, where messages name the place of the measure."""
    written = Document(document.file, entries)
    normal(written)
    for name in LISTS:
        before = document.data.get(name, [])
        if not entries[name] or not isinstance(before, (list, tuple)):  # another mistake, which is reported
            continue
        for number in range(len(before), len(before) + len(entries[name])):
            if path in document.locations:
                document.locations[name, number] = document.locations[path]
        document.data[name] = [*before, *written.data[name]]
