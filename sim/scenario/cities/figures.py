"""What a city knows about itself: figures by district or community and year, and the rates that they amount to.

A row has the counts of one year in one district or community; blank cells are unknown. `FIGURES` lists the columns with their units. Counts
become rates by the residents of the same year, where the table has them, otherwise by those of the city's communities. The rate of the city
is that of all districts with a figure together; its range covers all years and `TOLERANCE` on either side.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.messages import Joined, Message
from sim.metrics.catalogue import METRICS
from sim.scenario.cities import as_kept
from sim.scenario.cities.own_communities import Communities
from sim.scenario.cities.preset import MOST_PEOPLE
from sim.scenario.cities.rates import COLUMNS as RATE_COLUMNS
from sim.scenario.cities.rates import FIRST_YEAR, LAST_YEAR, TOLERANCE, Rate
from sim.scenario.cities.reference_rates import reference_ranges
from sim.scenario.parsing import sources
from sim.scenario.parsing.column_names import by_software
from sim.scenario.parsing.paths import path_of, printable, read_bytes
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import AS_IT_IS, Reading
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.parsing.tables import Row, Table, read_table, said_by_hand

MOST = 1e12
MOST_NAMED = 10
ODD = 3.0
"""Factor beyond the range of the reference from which a rate is asked about."""


class Figure(NamedTuple):
    """A column of the table: its metric, and the number of it that a count of one per resident amounts to; None for a share as it is."""

    name: str
    metric: str
    per_resident: float | None
    unit: Message
    meaning: Message


_YEARLY, _ONES = 1000.0, Message("number in the year")
FIGURES: dict[str, Figure] = {
    one.name: one
    for one in (
        Figure("contacts", "rate_contacts", _YEARLY, _ONES, Message("contacts with the city hotline, of every kind")),
        Figure("requests", "rate_requests", _YEARLY, _ONES, Message("requests and complaints that the hotline sent to an office")),
        Figure("recorded", "rate_recorded", _YEARLY, _ONES, Message("offences recorded: criminal and public-security cases")),
        Figure("criminal", "rate_criminal", _YEARLY, _ONES, Message("criminal cases recorded")),
        Figure(
            "disputes", "rate_disputes", _YEARLY, _ONES, Message("disputes that arose, as a survey finds them; registers have only a part")
        ),
        Figure("mediations", "rate_mediation", _YEARLY, _ONES, Message("formal mediations that ended, with or without agreement")),
        Figure("suits", "rate_suits", _YEARLY, _ONES, Message("civil suits filed")),
        Figure("registered", "registered_volunteers", 1.0, Message("people"), Message("registered volunteers")),
        Figure("content", "content", None, Message("0 to 1, or %"), Message("share of adults content with public services, from a survey")),
        Figure("staff", "staff", 10_000.0, Message("people"), Message("staff of all instruments of governance")),
        Figure("spending", "budget_spent", 1.0, Message("currency in the year"), Message("money spent on these instruments")),
    )
}
"""Every figure, in the order of the template."""
COLUMNS = ("district", "community", "year", "population", *FIGURES)


class FigureRow(NamedTuple):
    """Figures of one area and year: its district, its community where it is one, its residents, and values by figure."""

    district: str
    community: str | None
    year: int
    residents: int
    values: Mapping[str, float]


@dataclass(frozen=True)
class Figures:
    """The figures of a city.

    Parameters
    ----------
    label : str
        Name of the file.
    rows : tuple of FigureRow
    residents : mapping of str to int
        Residents of every district of the city.
    notes, questions : tuple of Message
        How the file was read, with the questions at the end; and the questions.
    """

    label: str
    rows: tuple[FigureRow, ...]
    residents: Mapping[str, int]
    notes: tuple[Message, ...] = ()
    questions: tuple[Message, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Figures of which the table has a number."""
        return tuple(name for name in FIGURES if any(name in row.values for row in self.rows))

    @property
    def years(self) -> tuple[int, ...]:
        """Years, ascending."""
        return tuple(sorted({row.year for row in self.rows}))

    def by_district(self, name: str, year: int) -> dict[str, tuple[float, int]]:
        """Value of a figure, as a metric, and the residents that it covers, for every district with a number in a year."""
        figure, found = FIGURES[name], {}
        for district in self.residents:
            rows = [row for row in self.rows if row.district == district and row.year == year and name in row.values]
            people = sum(row.residents for row in rows)
            if not rows:
                continue
            if figure.per_resident is None:
                value = sum(row.values[name] * row.residents for row in rows) / people
            else:
                value = sum(row.values[name] for row in rows) / people * figure.per_resident
            found[district] = float(f"{value:.12g}"), people
        return found

    def of_city(self, name: str, year: int) -> float | None:
        """Value of a figure, as a metric, in all districts with a number in a year together; None without any."""
        found = self.by_district(name, year).values()
        people = sum(n for _, n in found)
        return float(f"{sum(value * n for value, n in found) / people:.12g}") if people else None


def read_figures(data: str | Path, communities: Communities, how: Reading = AS_IT_IS) -> Figures:
    """Figures of a table (CSV or .xlsx).

    Parameters
    ----------
    data : path
    communities : Communities
        The city's, whose districts and communities the table names.
    how : Reading
        How to read it, where that is not to be recognised.

    Raises
    ------
    ScenarioError
        With every problem at once.
    UserError
        If the file cannot be read.
    """
    file, label = path_of(data), printable(str(data))
    problems = Problems(label)
    found: Figures | None = None
    raw = read_bytes(file, label, sources.MAX_BYTES, "a table of figures")
    source = sources.read_source(raw, label, problems, how, COLUMNS)
    if source is not None:
        problems = source.problems()
        with problems.reading("sanzhi city figures"):
            table = read_table(source.text, problems, COLUMNS, ("year",), how.columns, loosely=True)
            found = _figures(table, label, communities) if table is not None else None
    if problems.found or found is None:
        raise ScenarioError(problems.found)
    return found


def _figures(table: Table, label: str, communities: Communities) -> Figures | None:
    """Figures of a table; None and problems if it has mistakes."""
    if not set(FIGURES) & set(table.columns):
        expected = Message("at least one of {columns}", columns=Joined(FIGURES))
        table.report_column("year", Message("no column of figures"), expected, next(iter(table.near.values()), None))
        return None
    areas = _Areas(communities)
    if not {"district", "community"} & set(table.columns) and len(areas.people["district"]) > 1:
        others = [header for header in table.left_out if not by_software(header)]
        expected = Message("one of the two")
        if others:
            expected = Message("one of the two; or {example}", example=said_by_hand("district", others))
        table.report_column("year", Message("no column district and no column community"), expected)
        return None
    as_kept.fill_down(table, ("district",))
    as_kept.read_per_cent(table, ("content",))
    seen: dict[tuple, int] = {}
    rows = [found for row in table.rows if (found := _row(table, row, areas, seen))]
    if table.problems:
        return None
    figures = Figures(label, tuple(rows), areas.people["district"])
    for question in _questions(figures):
        table.problems.ask(question)
    return replace(figures, notes=tuple(table.problems.notes()), questions=tuple(table.problems.questions()))


class _Areas:
    """Districts and communities of a city, with their residents, and the district of each community."""

    def __init__(self, communities: Communities):
        self.people: dict[str, dict[str, int]] = {
            "community": {one.community: one.population for one in communities.rows},
            "district": {name: sum(one.population for one in communities.rows if one.district == name) for name in communities.districts},
        }
        self.district_of = {one.community: one.district for one in communities.rows}


def _row(table: Table, row: Row, areas: _Areas, seen: dict[tuple, int]) -> FigureRow | None:
    """One row; None and problems if it is invalid."""
    area = _area(table, row, areas)
    year = table.number(row, "year", FIRST_YEAR, LAST_YEAR, whole=True)
    population = table.number(row, "population", 1, MOST_PEOPLE, whole=True, blank=True) if "population" in table.columns else None
    values = {}
    for name in FIGURES:
        if name in table.columns:
            most = 1.0 if FIGURES[name].per_resident is None else MOST
            value = table.number(row, name, 0, most, blank=True)
            if value is not None:
                values[name] = value
    if area is None or year is None:
        return None
    key = (*area, int(year))
    if key in seen:
        got = Message("{name} in {year} again (first in line {line})", name=shown(area[1]), year=int(year), line=seen[key])
        table.report(row, "year", got, Message("each area and year once"))
        return None
    seen[key] = row.line
    kind, name = area
    people = areas.people[kind][name] if population is None else int(population)
    return FigureRow(
        areas.district_of.get(name, name) if kind == "community" else name, name if kind == "community" else None, int(year), people, values
    )


def _area(table: Table, row: Row, areas: _Areas) -> tuple[str, str] | None:
    """Kind and name of the area of a row; None and a problem if the city has none of that name."""
    for kind, known in areas.people.items():
        if kind not in table.columns or (kind == "community" and not row.cells[kind] and "district" in table.columns):
            continue
        word = table.word(row, kind)
        if word is None or word in known:
            return None if word is None else (kind, word)
        got, some = Message("{name}, which the city does not have", name=shown(word)), Joined(list(known)[:MOST_NAMED])
        table.report(row, kind, got, Message("one of {names}", names=some), table.problems.near(word, known))
        return None
    return "district", next(iter(areas.people["district"]))  # the only one


def _questions(figures: Figures) -> Iterable[Message]:
    """Questions about districts without a row, and about rates that are far outside the reference."""
    with_rows = {row.district for row in figures.rows}
    if without := [name for name in figures.residents if name not in with_rows]:
        fields = {"names": Joined(without[:MOST_NAMED]), "total": len(without), "all": len(figures.residents)}
        yield Message("{file}: no row for {total} of {all} districts ({names}); the rates of the city are those of the others", **fields)
    reference = reference_ranges()
    for name in figures.names:
        metric, year = FIGURES[name].metric, max(row.year for row in figures.rows if name in row.values)
        value, known = figures.of_city(name, year), reference.get(metric)
        if value is not None and known is not None and not known.low / ODD <= value <= known.high * ODD:
            fields = {"figure": name, "value": f"{value:.3g}", "unit": METRICS[metric].unit, "year": year}
            yield Message(
                "{file}: {figure}: {value} {unit} in {year}, but {low} to {high} elsewhere (docs/model/rates.md): do they count the same?",
                **fields,
                low=f"{known.low:g}",
                high=f"{known.high:g}",
            )


def rates_of(figures: Figures, tolerance: float = TOLERANCE) -> tuple[Rate, ...]:
    """Rates of the city that its figures amount to.

    Parameters
    ----------
    figures : Figures
    tolerance : float
        How far from the true rate a figure may be, as a share of it (assumption).

    Returns
    -------
    tuple of Rate
        The value of the last year with a figure; the range covers all years, and the tolerance on either side.
    """
    found = []
    for name in figures.names:
        metric = METRICS[FIGURES[name].metric]
        values = {year: value for year in figures.years if (value := figures.of_city(name, year)) is not None}
        last = max(values)
        low = max(metric.low, min(values.values()) * (1 - tolerance))
        high = min(metric.high, max(values.values()) * (1 + tolerance))
        if low < high:
            count = len(figures.by_district(name, last))
            source = f"{Path(figures.label).name}: {name}, {count} of {len(figures.residents)} districts"
            found.append(Rate(rate=metric.name, low=_plain(low), high=_plain(high), value=_plain(values[last]), year=last, source=source))
    return tuple(found)


def as_table_of_rates(rates: Iterable[Rate]) -> bytes:
    """Rates as the CSV file that ``--rates`` takes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(RATE_COLUMNS)
    for one in rates:
        row = one.model_dump() | {"unit": METRICS[one.rate].unit}
        writer.writerow(["" if row[name] is None else row[name] for name in RATE_COLUMNS])
    return text.getvalue().encode()


def _plain(value: float) -> float:
    return float(f"{value:.6g}")
