"""Measures: what people propose or fear, in their words, as entries of a timeline and shocks.

::

    measures:
      - more_mediators: {district: Pudong, people: 20, from: year 2, for: 1 year}

A measure of the library (``scenarios/measures/``) is a file of a few lines: title, question, the numbers that may be given with their
defaults (``takes``), and the entries that it stands for, in which the name of such a number stands for it. A scenario adds place and time.
Measures are written out when a scenario is read; the scenario itself has only the entries, so that its runs do not depend on the library.

A measure of one's own is a file of the same form beside the scenario, named with its ending: ``market_patrols.yaml: {district: Pudong}``.
Mistakes in it are reported at its own lines.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path as File
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from sim.errors import ScenarioError
from sim.messages import Joined, Message, Words
from sim.scenario.cities.shipped import shipped_root
from sim.scenario.loading.merge import normal
from sim.scenario.parsing.document import BAD, MAX_BYTES, Document, in_order, read_document
from sim.scenario.parsing.paths import Unreadable, beside, read_bytes
from sim.scenario.parsing.scalars import Path, Refused, shown
from sim.scenario.schema.section import number_of
from sim.scenario.schema.times import LONGEST, horizon, moment
from sim.suggestions import nearest

KEY = "measures"
PLACE, TIME = ("district", "districts"), ("from", "until", "for")
"""Keys that every measure takes besides its own."""
LISTS = ("timeline", "shocks")
FORM = ("title", "question", "takes", *LISTS)
"""Keys of the file of a measure."""
SCENARIO_SAYS = ("at", "until", "where")
"""Keys of an entry that the scenario gives, with the place and time of the measure."""
FILES = (".yaml", ".yml")
EXPECTED_FILE = Message("a measure's file in the same folder as the scenario or below it")
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
    document : Document, optional
        The file of one of the user's own, whose lines messages name.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    takes: Mapping[str, float]
    timeline: list[dict[str, Any]]
    shocks: list[dict[str, Any]]
    document: Document | None = None


class Own(NamedTuple):
    """An entry of a scenario's list that names a file; no measure if that is wrong, which is reported.

    Parameters
    ----------
    name : str
        Of the file, as typed.
    settings : object
        What the scenario gives.
    measure : Measure or None
    """

    name: str
    settings: Any
    measure: Measure | None


@lru_cache(maxsize=1)
def library() -> dict[str, Measure]:
    """Every measure by name, sorted."""
    files = sorted((shipped_root() / KEY).glob("*.yaml"))
    return {file.stem: _measure(file.stem, read_document(file.read_bytes(), f"{KEY}/{file.name}").data) for file in files}


def _measure(name: str, data: dict[str, Any]) -> Measure:
    takes = {key: float(value) for key, value in data["takes"].items()}
    return Measure(name, data["title"], data["question"], takes, *(data.get(key, []) for key in LISTS))


def is_file(name: object) -> bool:
    """Whether a measure is named by its file."""
    return isinstance(name, str) and name.endswith(FILES)


def attach(document: Document, file: File) -> None:
    """Read the measures of one's own that a document read from `file` names; problems are added to the document."""
    given = document.data.get(KEY)
    if not isinstance(given, list):
        return
    for index, entry in enumerate(given):
        name = next(iter(entry)) if isinstance(entry, dict) and len(entry) == 1 else entry
        if is_file(name):
            settings = entry[name] if isinstance(entry, dict) else {}
            given[index] = Own(name, settings, _attached(document, file, (KEY, index), name))


def _attached(document: Document, file: File, path: Path, name: str) -> Measure | None:
    """The measure of a file beside a scenario; None with a problem where it cannot be used."""
    at = (*path, name) if (*path, name) in document.locations else path
    try:
        target, label = beside(name, file, document.file, EXPECTED_FILE)
        return read_measure(target, label)
    except Refused as refusal:
        document.report(at, *refusal.args)
    except Unreadable as error:
        document.report(at, error.why, EXPECTED_FILE)
    except ScenarioError as error:
        document.problems += error.problems
    return None


def read_measure(file: File, label: str) -> Measure:
    """Read the file of a measure of one's own. Its entries are checked where a scenario uses it.

    Parameters
    ----------
    file : Path
    label : str
        Its name in messages.

    Raises
    ------
    ScenarioError
        With every mistake of its form at once.
    Unreadable
        If there is no such file, or it cannot be read.
    """
    document = read_document(read_bytes(file, label, MAX_BYTES, EXPECTED_FILE), label)
    data = document.data
    for key in data:
        if key not in FORM:
            got, expected = Message("the unknown key {key}", key=shown(key)), Message("one of {choices}", choices=Joined(FORM))
            document.report((key,), got, expected, nearest(str(key), FORM), at_key=True)
    words = [_words(document, key, file.stem) for key in ("title", "question")]
    takes = _takes(document)
    lists = [_entries_of(document, key) for key in LISTS]
    if not any(lists) and not document.problems:
        document.report((), Message("a measure that does nothing"), Message("an entry below {keys}", keys=Joined(LISTS, " or ")))
    if document.problems:
        raise ScenarioError(in_order(document.problems))
    return Measure(file.stem, words[0], words[1], takes, lists[0], lists[1], document)


def _words(document: Document, key: str, name: str) -> dict[str, str]:
    """A text in both languages; one that is not translated is the same in both, and the name stands for one that is left out."""
    given = document.data.get(key, name)
    if isinstance(given, dict) and given and set(given) <= {"en", "zh"} and all(isinstance(text, str) for text in given.values()):
        first = next(iter(given.values()))
        return {lang: given.get(lang, first) for lang in ("en", "zh")}
    if not isinstance(given, str) and given is not BAD:
        document.report((key,), shown(given), Message("text, or text by language as in {example}", example="{en: ..., zh: ...}"))
    return {"en": str(given), "zh": str(given)}


def _takes(document: Document) -> dict[str, float]:
    """The numbers that a measure takes, with their defaults."""
    given = document.data.get("takes", {})
    if not isinstance(given, dict):
        document.report(("takes",), shown(given), Message("numbers by name, as in {example}", example="{people: 20}"))
        return {}
    for key, value in given.items():
        if key in (*PLACE, *TIME):
            document.report(("takes", key), Message("{key}, which every measure takes", key=key), Message("another name"), at_key=True)
        elif value is not BAD and number_of(value) is None:
            document.report(("takes", key), shown(value), Message("a number"))
    return {key: number_of(value) or 0.0 for key, value in given.items()}


def _entries_of(document: Document, key: str) -> list[dict[str, Any]]:
    """The entries of a measure of one kind."""
    given = document.data.get(key, [])
    if not isinstance(given, list):
        document.report((key,), shown(given), Message("a list of entries, each a mapping"))
        return []
    for index, entry in enumerate(given):
        if entry is BAD:
            continue
        if not isinstance(entry, dict):
            document.report((key, index), shown(entry), Message("a list of entries, each a mapping"))
            continue
        for inner in set(SCENARIO_SAYS) & set(entry):
            got, expected = Message("{key} in a measure", key=inner), Message("no place and no time: the scenario gives them")
            document.report((key, index, inner), got, expected, at_key=True)
    return given


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
    if isinstance(entry, Own):
        if entry.measure is not None:
            _write_out(document, path, entry.name, entry.measure, entry.settings)
        return
    if isinstance(entry, str):
        entry = {entry: {}}
    if not isinstance(entry, dict) or len(entry) != 1:
        document.report(path, Message("several keys") if isinstance(entry, dict) else shown(entry), EXPECTED)
        return
    (name, settings), known = next(iter(entry.items())), library()
    if name not in known:
        got: Words = Message("the unknown measure {name}", name=shown(name))
        expected = Message("one of {choices}", choices=Joined(known))
        if is_file(name):  # in a change of one key, as by --set
            got, expected = shown(name), Message("a measure of one's own only in the measures of a scenario's file")
        document.report((*path, name), got, expected, nearest(str(name), known), at_key=True)
        return
    _write_out(document, path, name, known[name], settings)


def _write_out(document: Document, path: Path, name: str, measure: Measure, settings: Any) -> None:
    """Add the entries of a measure with its place, its time and its numbers."""
    if not isinstance(settings, dict):
        document.report((*path, name), shown(settings), EXPECTED)
        return
    problems = len(document.problems)
    start, end = _times(document, (*path, name), settings)
    numbers = _numbers(document, (*path, name), measure, settings)
    if len(document.problems) == problems and start is not None:
        where = {key: settings[key] for key in PLACE if key in settings}
        _add(document, path, _entries(measure, numbers, start, end, where), measure)


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


def _add(document: Document, path: Path, entries: dict[str, list[dict[str, Any]]], measure: Measure) -> None:
    """Append entries to the lists of a document, where messages name the place of the measure, or the line of its file."""
    written = Document(document.file, entries)
    _locate(written, measure)
    normal(written)
    document.problems += written.problems
    for name in LISTS:
        before = document.data.get(name, [])
        if not entries[name] or not isinstance(before, (list, tuple)):  # another mistake, which is reported
            continue
        for number in range(len(before), len(before) + len(entries[name])):
            if path in document.locations:
                document.locations[name, number] = document.locations[path]
        for known, location in written.locations.items():
            if known[0] == name:
                document.locations[name, len(before) + int(known[1]), *known[2:]] = location
        document.data[name] = [*before, *written.data[name]]


def _locate(written: Document, measure: Measure) -> None:
    """Let the values of entries be known at the lines of the measure's file."""
    if measure.document is None:
        return
    for known, location in measure.document.locations.items():
        if len(known) > 2 and known[0] in LISTS:
            copies = len(written.data[known[0]]) // len(measure.document.data[known[0]])  # a shock in several districts is one in each
            for copy in range(copies):
                at = (known[0], int(known[1]) * copies + copy, *known[2:])
                written.locations[at] = location
