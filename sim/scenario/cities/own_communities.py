"""Communities and borders of a user's own city: columns of the tables, and defaults of missing columns.

`communities` has a row for each community: ``community, population`` and, if known, ``district, subdistrict, hardship`` (0 to 1) or
``income``, ``nonlocal_share``, ``x, y`` (km east and north of the centre) or ``longitude, latitude``, ``facilities`` (shops, bars,
stations, markets ...: their number) and ``estates`` (share of commodity estates). Defaults of missing columns:

- ``district``: one district, called City
- ``subdistrict``: consecutive communities of a district with about 100,000 residents together
- ``hardship``: from ``income`` by its rank among residents, so that hardship has the mean and spread of the presets; otherwise 0.4
- ``nonlocal_share``: that of the city's preset (0.4 without a preset)
- ``estates``: generated when a city is built, more where hardship is low
- ``x, y`` (or ``longitude, latitude``): generated, with districts around the centre and 10,000 residents per square km
- ``facilities``: no effect of facilities on where offences happen; in a blank cell as many per resident as in the other communities

A blank cell of hardship, income, nonlocal_share, facilities or estates counts as missing. What else people's tables have is read as far as
it is beyond doubt (`sim.scenario.cities.as_kept`). `adjacency` has a row ``a, b`` for each pair of neighbours.
"""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import NormalDist

from sim.city.plan import CommunityPlan
from sim.errors import Problem
from sim.messages import Message
from sim.scenario.cities import as_kept, positions
from sim.scenario.cities.extent import Ground, questions
from sim.scenario.cities.preset import MOST_DISTRICTS, MOST_PEOPLE, MOST_SUBDISTRICTS
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.sources import Source
from sim.scenario.parsing.table_problems import Problems
from sim.scenario.parsing.tables import Row, Table, read_table

COLUMNS = (
    *("community", "district", "subdistrict", "population", "hardship", "income", "nonlocal_share"),
    *("x", "y", "longitude", "latitude", "facilities", "estates"),
)
REQUIRED = ("community", "population")
SMALLEST, LARGEST = 2, 65_535
"""Residents of the smallest and largest community that can be simulated: residents have no ties to themselves, and ties within a
community are stored in 16 bits."""
HARDSHIP, SPREAD = 0.4, 0.10
"""Mean of hardship and its standard deviation between communities, as in the presets (assumption)."""
SUBDISTRICT = 100_000
DENSITY = 10_000.0
"""Residents per square km of communities with generated positions (assumption)."""
MOST_FACILITIES = 1e7
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True)
class Communities:
    """Communities of a city, ordered by district and sub-district."""

    rows: tuple[CommunityPlan, ...]
    ground: Ground | None = field(default=None, compare=False)
    """Position and extent of polygons or of longitudes and latitudes; None without them."""
    notes: tuple[Message, ...] = field(default=(), compare=False)
    """How the file was read, where that was not as written, and then the questions."""
    questions: tuple[Message, ...] = field(default=(), compare=False)
    """What may be a mistake in the file."""
    defaulted: tuple[Message, ...] = field(default=(), compare=False)
    """What was missing, and what was assumed instead."""

    @cached_property
    def population(self) -> int:
        """Residents at full size."""
        return sum(community.population for community in self.rows)

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """Names of the districts, in order."""
        return tuple(dict.fromkeys(community.district for community in self.rows))

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each community."""
        return {community.community: k for k, community in enumerate(self.rows)}

    @cached_property
    def text(self) -> str:
        """The table as CSV with every value explicit, as stored in a scenario; facilities and estates only where one is known."""
        unknown = [name for name in ("facilities", "estates") if all(getattr(community, name) is None for community in self.rows)]
        header = [name for name in CommunityPlan._fields if name not in unknown]
        return as_csv(header, ([getattr(community, name) for name in header] for community in self.rows))

    def __deepcopy__(self, _memo: dict) -> "Communities":
        return self


@dataclass(frozen=True)
class Borders:
    """Pairs of neighbouring communities, each once, by number (the lower first), in ascending order."""

    pairs: tuple[tuple[int, int], ...]
    text: str
    """The table as CSV, by name."""


def borders_of(pairs: Iterable[tuple[int, int]], communities: Communities) -> Borders:
    """Borders from pairs of numbers in any order."""
    unique = tuple(sorted({(min(pair), max(pair)) for pair in pairs}))
    return Borders(unique, as_csv(("a", "b"), [(communities.rows[a].community, communities.rows[b].community) for a, b in unique]))


def as_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Rows as text; None is a blank cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def read_communities(source: Source, scale: float | None = None) -> tuple[Communities | None, list[Problem]]:
    """Communities of a table, or None and every problem in it, including those of sizes at a `scale`, if known."""
    problems, communities = source.problems(), None
    with problems.reading("sanzhi city check"):
        table = read_table(source.text, problems, COLUMNS, REQUIRED, source.how.columns, loosely=True)
        communities = communities_of(table, scale, source.how.crs) if table else None
        if communities and not problems:
            communities = as_read(communities, problems)
    return (None, problems.found) if problems.found else (communities, [])


def as_read(communities: Communities, problems: Problems) -> Communities:
    """Communities with the notices of their file, and questions that their extent raises."""
    for message in questions(communities):
        problems.ask(message)
    return replace(communities, notes=tuple(problems.notes()), questions=tuple(problems.questions()))


def read_borders(source: Source, communities: Communities) -> tuple[Borders | None, list[Problem]]:
    """Neighbours of a table, or None and every problem in it."""
    problems = source.problems()
    pairs: list[tuple[int, int]] = []
    with problems.reading():
        table = read_table(source.text, problems, ("a", "b"), ("a", "b"))
        pairs = _pairs(table, communities) if table else []
    return (None, problems.found) if problems.found else (borders_of(pairs, communities), [])


def _pairs(table: Table, communities: Communities) -> list[tuple[int, int]]:
    """Pairs of neighbours by number; mistakes are added to the problems of the table."""
    pairs = []
    for row in table.rows:
        known = [_known(table, row, name, communities) for name in ("a", "b")]
        if all(known) and row.cells["a"] == row.cells["b"]:
            got = Message("{name}, a neighbour of itself", name=shown(row.cells["b"]))
            table.report(row, "b", got, Message("another community"))
        elif all(known):
            pairs.append((communities.number[row.cells["a"]], communities.number[row.cells["b"]]))
    return pairs


def _known(table: Table, row: Row, name: str, communities: Communities) -> bool:
    word = table.word(row, name)
    if word is None or word in communities.number:
        return word is not None
    got = Message("the unknown community {name}", name=shown(word))
    table.report(row, name, got, Message("a community of the city"), table.problems.near(word, communities.number))
    return False


def communities_of(table: Table, scale: float | None = None, crs: str | None = None) -> Communities:
    """Communities of a table whose columns were checked. Problems are added to the table; with any, the result is invalid.

    `crs` is the coordinate system of x and y, if they are not in km from the centre.
    """
    both = [name for name in ("hardship", "income") if name in table.columns]
    if len(both) == 2:
        table.report_column("income", Message("income beside hardship"), Message("one of the two"))
    at = positions.of(table, crs)
    as_kept.fill_down(table, ("district", "subdistrict"))
    as_kept.read_per_cent(table, ("nonlocal_share", "estates"))
    seen: dict[str, Row] = {}
    rows = [found for row in table.rows if (found := _community(table, row, seen, scale, at))]
    if table.problems:
        return Communities(())
    as_kept.check_totals(table)
    defaulted = as_kept.defaulted(table)
    communities, ground = at.placed([community for community, _ in rows])
    communities = _in_order(communities)
    incomes = {community.community: income for community, income in rows}
    if "income" in table.columns:
        communities = _by_income(communities, incomes)
    if "subdistrict" not in table.columns:
        communities = _with_subdistricts(communities)
    if not at.names:
        communities = _spread_out(communities)
    _check_whole(table, communities)
    return Communities(tuple(communities), ground, defaulted=defaulted)


def _community(
    table: Table, row: Row, seen: dict[str, Row], scale: float | None, at: positions.Positions
) -> tuple[CommunityPlan, float | None] | None:
    """One community and its income; None if it is invalid."""
    has = table.columns.__contains__
    name = table.word(row, "community")
    if name in seen:
        _report_again(table, row, seen[name])
    elif name:
        seen[name] = row
    district = table.word(row, "district") if has("district") else "City"
    subdistrict = table.word(row, "subdistrict") if has("subdistrict") else ""
    population = table.number(row, "population", 1, MOST_PEOPLE, whole=True)
    if population is not None and scale is not None and (trouble := size_trouble(population, scale)):
        table.report(row, "population", *trouble)
    hardship = table.number(row, "hardship", 0, 1, blank=True) if has("hardship") else None
    income = table.number(row, "income", 0, 1e12, blank=True) if has("income") else None
    nonlocal_share = table.number(row, "nonlocal_share", 0, 1, blank=True) if has("nonlocal_share") else None
    facilities = table.number(row, "facilities", 0, MOST_FACILITIES, blank=True) if has("facilities") else None
    estates = table.number(row, "estates", 0, 1, blank=True) if has("estates") else None
    x, y = at.read(table, row)
    if name is None or district is None or subdistrict is None or population is None or x is None or y is None:
        return None
    known = HARDSHIP if hardship is None else hardship
    community = CommunityPlan(name, district, subdistrict, int(population), known, nonlocal_share, x, y, facilities, estates)
    return community, income


def _report_again(table: Table, row: Row, first: Row) -> None:
    """Report a community that stands twice, with a name for it where its district differs."""
    name, district = row.cells["community"], row.cells.get("district", "")
    got = Message("the community {name} again (first in line {first})", name=shown(name), first=first.line)
    if table.label:
        got = Message("the community {name} again (first in feature {first})", name=shown(name), first=first.line)
    own = f"{name} ({district})" if district and district != first.cells.get("district") else None
    table.report(row, "community", got, Message("each community once"), own)


def size_trouble(population: float, scale: float) -> tuple[Message, Message] | None:
    """Error in the size of a community at a scale, as (got, expected); None if it can be simulated."""
    size = {"residents": f"{population:,.0f}", "left": f"{scale * population:,.0f}", "scale": f"{scale:g}"}
    got = Message("{residents} residents, {left} at scale {scale}", **size)
    if scale * population > LARGEST:
        return got, Message("at most {most:,} at that scale: several communities, or a smaller scale", most=LARGEST)
    if scale * population < SMALLEST:
        if population < SMALLEST:
            return got, Message("at least {least} at that scale: put together with a neighbour", least=SMALLEST)
        least = {"least": SMALLEST, "scale": f"{math.ceil(SMALLEST / population * 1e4) / 1e4:g}"}
        return got, Message("at least {least} at that scale: put together with a neighbour, or a scale of at least {scale}", **least)
    return None


def _in_order(rows: list[CommunityPlan]) -> list[CommunityPlan]:
    """Communities by district and sub-district, each in order of first appearance."""
    order: dict = {}
    for community in rows:
        order.setdefault(community.district, len(order))
        order.setdefault((community.district, community.subdistrict), len(order))
    return sorted(rows, key=lambda community: (order[community.district], order[community.district, community.subdistrict]))


def _by_income(rows: list[CommunityPlan], incomes: dict[str, float | None]) -> list[CommunityPlan]:
    """Hardship by the rank of income among residents: normal around `HARDSHIP`, limited to 0.1 to 0.9; equal incomes share a rank."""
    people: dict[float, int] = {}
    for community in rows:
        income = incomes[community.community]
        if income is not None:
            people[income] = people.get(income, 0) + community.population
    total, below, hardship = sum(people.values()), 0, {}
    for income in sorted(people):
        poorer = (below + people[income] / 2) / total
        hardship[income] = min(0.9, max(0.1, round(HARDSHIP - SPREAD * NormalDist().inv_cdf(poorer), 6)))
        below += people[income]
    return [community._replace(hardship=hardship.get(incomes[community.community], HARDSHIP)) for community in rows]  # type: ignore[arg-type]


def _with_subdistricts(rows: list[CommunityPlan]) -> list[CommunityPlan]:
    """Consecutive communities of a district in sub-districts of about `SUBDISTRICT` residents, called District-1, District-2 ..."""
    people: dict[str, int] = {}
    for community in rows:
        people[community.district] = people.get(community.district, 0) + community.population
    passed, out = dict.fromkeys(people, 0), []
    for community in rows:
        count = max(1, round(people[community.district] / SUBDISTRICT))
        middle = passed[community.district] + community.population / 2
        out.append(community._replace(subdistrict=f"{community.district}-{1 + int(count * middle / people[community.district])}"))
        passed[community.district] += community.population
    return out


def _spread_out(rows: list[CommunityPlan]) -> list[CommunityPlan]:
    """Districts on a circle around the centre, with the communities of each on a spiral around its own centre."""
    people: dict[str, int] = {}
    for community in rows:
        people[community.district] = people.get(community.district, 0) + community.population
    away = math.sqrt(sum(people.values()) / DENSITY / math.pi) * 2 / 3 if len(people) > 1 else 0.0
    centre = {name: (away * math.cos(angle), away * math.sin(angle)) for name, angle in _angles(list(people))}
    passed, out = dict.fromkeys(people, 0), []
    for number, community in enumerate(rows):
        middle = passed[community.district] + community.population / 2
        radius, angle = math.sqrt(middle / DENSITY / math.pi), number * GOLDEN_ANGLE
        x, y = centre[community.district]
        out.append(community._replace(x=round(x + radius * math.cos(angle), 3), y=round(y + radius * math.sin(angle), 3)))
        passed[community.district] += community.population
    return out


def _angles(names: list[str]) -> list[tuple[str, float]]:
    return [(name, 2 * math.pi * i / len(names)) for i, name in enumerate(names)]


def _check_whole(table: Table, rows: list[CommunityPlan]) -> None:
    """Check limits for all communities together."""
    districts = {community.district for community in rows}
    subdistricts = {(community.district, community.subdistrict) for community in rows}
    if len(districts) > MOST_DISTRICTS:
        got = Message("{count:,} districts", count=len(districts))
        table.report_column("district", got, Message("at most {most:,}", most=MOST_DISTRICTS))
    if len(subdistricts) > MOST_SUBDISTRICTS:
        got = Message("{count:,} subdistricts", count=len(subdistricts))
        table.report_column("subdistrict", got, Message("at most {most:,}", most=MOST_SUBDISTRICTS))


def with_shares(communities: Communities, nonlocal_share: float) -> Communities:
    """The same communities, with unknown shares of residents without local registration filled in."""
    rows = (one if one.nonlocal_share is not None else one._replace(nonlocal_share=nonlocal_share) for one in communities.rows)
    return replace(communities, rows=tuple(rows))
