"""The folder of a preset, checked like a scenario: ``city.yaml`` with the figures, ``districts.csv``, and optionally tables of rates and
of staff and costs."""

import math
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.city.staffing import PEOPLE
from sim.errors import Problem, ScenarioError
from sim.levers import INSTRUMENTS
from sim.messages import Joined, Message, Words
from sim.scenario.cities import coefficients
from sim.scenario.cities.currencies import CODES, MEANT, YUAN
from sim.scenario.cities.preset import MOST_DISTRICTS, MOST_PEOPLE, District, Preset, synthetic_districts
from sim.scenario.cities.rates_given import rates_of_document, read_table_of_rates
from sim.scenario.cities.staffing import POLICING, staffing_of
from sim.scenario.cities.staffing_rows import MOST_STAFF, figures_of, read_table_of_staffing, too_many
from sim.scenario.loading.pydantic_words import plain_words
from sim.scenario.parsing.document import MAX_BYTES as YAML_BYTES
from sim.scenario.parsing.document import Document, in_order, read_document
from sim.scenario.parsing.names import EXPECTED
from sim.scenario.parsing.paths import Unreadable, beside, read_bytes
from sim.scenario.parsing.scalars import Refused, shown
from sim.scenario.parsing.sources import MAX_BYTES, decode
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.parsing.tables import Table, read_table
from sim.suggestions import nearest

CITY = "city.yaml"
_TABLE = Message("the name of a table in this folder, such as districts.csv")
COLUMNS = ("district", "name_zh", "population", "nonlocal_share", "x", "y")
REQUIRED = ("district", "population", "x", "y")
TOLERANCE = 1e-9
Places = dict[tuple[str, str], tuple[str, int, int]]
"""File, line and column of every value of a table of staff and costs, by instrument and figure."""


def read_preset(folder: Path, label: str) -> tuple[Preset | None, list[Problem]]:
    """Preset of a folder, or None and every problem in its files. `label` is the folder's name in messages."""
    file = folder / CITY
    try:
        document = read_document(read_bytes(file, f"{label}/{CITY}", YAML_BYTES, Message("the figures of a preset")), f"{label}/{CITY}")
    except ScenarioError as error:
        return None, error.problems
    except Unreadable as error:
        return None, [Problem(f"{label}/{CITY}", 1, 1, "(file)", error.why, Message("the figures of a preset"))]
    problems = list(document.problems)
    _take_districts(document, file, problems)
    _take_rates(document, file, problems)
    _check_currency(document, problems)
    _take_coefficients(document, problems)
    places = _take_staffing(document, file, problems)
    preset = _valid(document, problems)
    if preset is not None and not problems:
        _check_staffing(preset, document, places, problems)
    return (None, in_order(problems)) if problems else (preset, [])


def _take_districts(document: Document, file: Path, problems: list[Problem]) -> None:
    """Replace the name of the table of districts by its rows; without a table, districts are synthetic."""
    population, name = document.data.get("population"), document.data.get("districts")
    if name is None:
        sound = population if isinstance(population, int) and 0 < population <= MOST_PEOPLE else MOST_PEOPLE
        document.data["districts"] = synthetic_districts(4, sound)
        return
    document.refused.add(("districts",))
    if not isinstance(name, str):
        problems.append(document.problem(("districts",), shown(name), _TABLE))
        return
    table = _table(document, file, "districts", problems)
    if table is None:
        return
    districts, found = read_districts(*table)
    problems += found
    if found:
        return
    document.refused.discard(("districts",))
    document.data["districts"] = districts
    total = sum(district.population for district in districts)
    if isinstance(population, int) and population != total:
        expected = Message("{total:,}, the sum of the districts", total=total)
        problems.append(document.problem(("population",), f"{population:,}", expected, str(total)))


def _take_rates(document: Document, file: Path, problems: list[Problem]) -> None:
    """Replace the name of a table of rates, or a list of rates, by the rates."""
    if "rates" not in document.data:
        return
    document.refused.add(("rates",))
    if isinstance(document.data["rates"], str):
        table = _table(document, file, "rates", problems)
        rates, found = read_table_of_rates(*table) if table else ((), [])
    else:
        inner = Document(document.file, {"rates": document.data["rates"]}, document.locations, start=document.start)
        rates, found = rates_of_document(inner), inner.problems
    problems += found
    document.data["rates"] = rates


def _check_currency(document: Document, problems: list[Problem]) -> None:
    """Report a currency that is none."""
    given = document.data.get("currency", YUAN)
    if given in CODES or ("currency",) in document.refused:
        return
    document.refused.add(("currency",))
    meant = MEANT.get(given.strip().lower()) or nearest(given, CODES, 0.5) if isinstance(given, str) else None
    expected = Message("the code of a currency, such as CNY, USD or EUR (ISO 4217)")
    problems.append(document.problem(("currency",), Message("the unknown currency {name}", name=shown(given)), expected, meant))


def _take_coefficients(document: Document, problems: list[Problem]) -> None:
    """Check the parameters of mechanisms in which the city differs from the defaults."""
    found = coefficients.check(document)
    problems += found
    if found:
        document.refused.add((coefficients.KEY,))
    elif coefficients.KEY in document.data:
        document.data[coefficients.KEY] = coefficients.numbers(document.data[coefficients.KEY])


def _take_staffing(document: Document, file: Path, problems: list[Problem]) -> Places:
    """Replace the name of a table of staff and costs by its rows; returns where its values are."""
    if "staffing" not in document.data:
        return {}
    document.refused.add(("staffing",))
    name = document.data["staffing"]
    if not isinstance(name, str):
        problems.append(document.problem(("staffing",), shown(name), Message("the name of a table in this folder, such as staffing.csv")))
        return {}
    table = _table(document, file, "staffing", problems)
    if table is None:
        return {}
    rows, places, found = read_table_of_staffing(*table)
    problems += found
    document.data["staffing"] = rows
    return {key: (table[1], *place) for key, place in places.items()}


def _check_staffing(preset: Preset, document: Document, places: Places, problems: list[Problem]) -> None:
    """Report figures of staff and costs that do not fit each other or the city."""
    lacking = [name for name in INSTRUMENTS if (name, "cost") not in places]
    if preset.currency != YUAN and lacking:
        got = Message("{currency}, without costs in it of {names}", currency=preset.currency, names=Joined(lacking))
        expected = Message("a table staffing with the cost of every instrument (the shipped table is in CNY)")
        problems.append(document.problem(("currency",), got, expected))
        return
    police, known = preset.police_per_1000 * PEOPLE / 1000.0, figures_of(preset.staffing).get((POLICING, "staff"))
    if known is not None and not math.isclose(known.value, police):
        expected = Message("{police:g}, ten times police_per_1000 in {file}", police=police, file=CITY)
        problems.append(_at(places[POLICING, "staff"], f"{known.value:g}", expected))
    staffing = staffing_of(preset)
    if (total := float(staffing.staff.sum())) > MOST_STAFF:
        where = places.get((INSTRUMENTS[int(staffing.staff.argmax())], "staff"))
        got, expected = too_many(total)
        problems.append(_at(where, got, expected) if where else document.problem(("police_per_1000",), got, expected))
    cost = float(staffing.money_for(staffing.staff).sum())
    if preset.budget_per_resident is not None and cost > preset.budget_per_resident * (1 + TOLERANCE):
        expected = Message("at least {cost:,.0f}, which the staff of this city costs", cost=math.ceil(cost))
        problems.append(document.problem(("budget_per_resident",), f"{preset.budget_per_resident:,g}", expected))


def _at(place: tuple[str, int, int], got: Words, expected: Words) -> Problem:
    """A problem at a value of the table of staff and costs."""
    return Problem(*place, "value", got, expected)


def _table(document: Document, file: Path, key: str, problems: list[Problem]) -> tuple[bytes, str] | None:
    """Bytes of the table named by a key, and its name in messages; None and a problem if it cannot be read."""
    try:
        table, label = beside(document.data[key], file, document.file, Message("a table in this folder"))
        return read_bytes(table, label, MAX_BYTES, Message("a table of {key}", key=key)), label
    except Refused as refusal:
        problems.append(document.problem((key,), *refusal.args))
    except Unreadable as error:
        problems.append(document.problem((key,), error.why, Message("a table in this folder")))
    return None


def read_districts(raw: bytes, label: str) -> tuple[tuple[District, ...], list[Problem]]:
    """Districts of a table, or an empty tuple and every problem in it."""
    problems = Problems(label)
    found: tuple[District, ...] = ()
    with problems.reading():
        text = decode(raw, problems)
        table = read_table(text, problems, COLUMNS, REQUIRED) if text is not None else None
        found = _districts(table) if table else ()
    return ((), problems.found) if problems.found else (found, [])


def _districts(table: Table) -> tuple[District, ...]:
    districts: list[District] = []
    seen: dict[str | None, int] = {}
    for row in table.rows:
        name = table.word(row, "district")
        if name in seen:
            got = Message("the district {name} again (first in line {first})", name=shown(name), first=seen[name])
            table.report(row, "district", got, Message("each district once"))
        seen[name] = row.line
        chinese = table.word(row, "name_zh") if row.cells.get("name_zh") else name
        population = table.number(row, "population", 1, MOST_PEOPLE, whole=True)
        share = table.number(row, "nonlocal_share", 0, 1, blank=True) if "nonlocal_share" in table.columns else None
        x, y = (table.number(row, axis, -1000, 1000) for axis in ("x", "y"))
        if name is not None and population is not None and x is not None and y is not None:
            districts.append(District(name=name, name_zh=chinese or name, population=int(population), nonlocal_share=share, x=x, y=y))
    if len(table.rows) > MOST_DISTRICTS:
        got, expected = Message("{count:,} districts", count=len(table.rows)), Message("at most {most:,}", most=MOST_DISTRICTS)
        table.problems.add(table.rows[MOST_DISTRICTS].line, 1, "(file)", got, expected)
    return tuple(districts)


def _valid(document: Document, problems: list[Problem]) -> Preset | None:
    try:
        return Preset.model_validate(document.data)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            path = tuple(part for part in details["loc"] if part != "[key]")
            if not any(path[:length] in document.refused for length in range(len(path) + 1)):
                problems.append(document.problem(path, *_words(path, details)))
        return None


def _words(path: tuple, details: Any) -> tuple[Words, Words, str | None]:
    known = list(Preset.model_fields)
    if details["type"] == "extra_forbidden":
        got = Message("the unknown key {key}", key=shown(path[-1]))
        return got, Message("one of {choices}", choices=Joined(known)), nearest(str(path[-1]), known)
    expected = EXPECTED if details["type"] == "string_pattern_mismatch" else plain_words(details)
    return (Message("nothing"), Message("a value"), None) if details["type"] == "missing" else (shown(details["input"]), expected, None)
