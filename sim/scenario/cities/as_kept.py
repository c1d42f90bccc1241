"""What tables of communities have that people keep for themselves: shares in per cent, names written once for several rows, totals.

Each reading is reported. What could mean something else is not read in this way.
"""

from sim.messages import Joined, Message, Words
from sim.scenario.parsing import numerals
from sim.scenario.parsing.column_names import PER_CENT
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.tables import Row, Table
from sim.scenario.parsing.widths import narrow

MOST_NAMED = 3
"""Communities that are named of those with a blank cell."""
FEWEST = 5
"""Smallest number of numbers in a column that tells shares in per cent."""
TOLERANCE = 0.001
"""Relative difference up to which a total agrees with its rows, which are often rounded."""
MISSING: dict[str, Message] = {
    "district": Message("one district, called City"),
    "subdistrict": Message("consecutive communities of a district, about 100,000 residents together"),
    "nonlocal_share": Message("that of the preset of the city"),
    "facilities": Message("no effect of facilities on where offences happen"),
    "estates": Message("generated, more where hardship is low"),
}
"""What is assumed where a whole column is missing."""
BLANK: dict[str, Message] = {
    "hardship": Message("0.4"),
    "income": Message("hardship of 0.4"),
    "nonlocal_share": Message("that of the preset of the city"),
    "facilities": Message("as many per resident as in the other communities"),
    "estates": Message("generated, more where hardship is low"),
}
"""What is assumed where a cell is blank."""


def fill_down(table: Table, names: tuple[str, ...]) -> None:
    """Fill blank cells below a name with it, as cells that were merged are exported; not beyond the end of the one before it in `names`."""
    for outer, name in zip((None, *names), names, strict=False):
        if name not in table.columns:
            continue
        above, over = "", ""
        for number, row in enumerate(table.rows):
            around = row.cells.get(outer, "") if outer else ""
            if around != over:
                above, over = "", around
            if row.cells[name]:
                above = row.cells[name]
            elif above:
                table.rows[number] = Row(row.line, {**row.cells, name: above})
                fields = {"column": table.titles.get(name, name), "first": shown(above)}
                message = Message("{file}: {column}: blank cells take the name above them, such as {first} ({count:,} in all)", **fields)
                table.problems.note(("filled", name), message)


def read_per_cent(table: Table, names: tuple[str, ...]) -> None:
    """Read columns of shares in per cent: several numbers, which all are 0 or from 1 to 100, at least one of them above 1."""
    factors = dict(table.factors)
    for name in names:
        if name not in table.columns or name in factors:
            continue
        texts = [narrow(row.cells[name]).strip() for row in table.rows if row.cells[name]]
        values = [value for text in texts if (value := numerals.plain(text)) is not None]
        if len(values) >= FEWEST and max(values) > 1 and all(value == 0 or 1 <= value <= 100 for value in values):
            factors[name] = PER_CENT
            fields = {"column": table.titles.get(name, name), "value": f"{max(values):g}"}
            table.problems.note(("per cent", name), Message("{file}: {column}: numbers such as {value} are read as per cent", **fields))
    table.factors = factors


def check_totals(table: Table) -> None:
    """Ask about totals of residents that agree neither with all rows nor with those since the total before."""
    people = [(row.line, _number(table, row)) for row in table.rows]
    before = 0
    for row in table.totals:
        told = _number(table, row)
        if told <= 0:
            continue
        district = row.cells.get("district", "")
        sums = (
            sum(count for _, count in people),
            sum(count for line, count in people if before < line < row.line),
            sum(count for (_, count), one in zip(people, table.rows, strict=True) if one.cells.get("district", "") == district),
        )
        before = row.line
        if all(abs(told - one) > TOLERANCE * told for one in sums):
            fields = {"line": row.line, "told": f"{told:,.0f}", "sum": f"{sums[0]:,.0f}"}
            message = Message(
                "{file}: the total in line {line} is {told}, but the rows have {sum} residents: is one missing, or twice?", **fields
            )
            table.problems.ask(message)


def _number(table: Table, row: Row) -> float:
    """Residents of a row; 0 where there is no number."""
    factor = table.factors.get("population", 1.0)
    kind = numerals.Kind(0, 1e12, factor == 1.0, commas=table.commas)
    text = row.cells.get("population", "")
    value = numerals.plain(text)
    value = numerals.certain(text, kind) if value is None else value
    return (value or 0.0) * factor


def defaulted(table: Table) -> tuple[Message, ...]:
    """What is assumed for missing columns and blank cells."""
    found = []
    for name, assumed in MISSING.items():
        if name not in table.columns:
            found.append(Message("{column}: no column; {assumed}", column=name, assumed=assumed))
    if not {"hardship", "income"} & set(table.columns):
        found.append(Message("{column}: no column; {assumed}", column="hardship", assumed=BLANK["hardship"]))
    if not ({"x", "longitude"} & set(table.columns)) and table.label is None:
        found.append(
            Message("{column}: no column; {assumed}", column=Joined(("x", "y")), assumed=Message("generated, districts around the centre"))
        )
    for name, assumed in BLANK.items():
        blank = [row for row in table.rows if name in table.columns and (not row.cells[name] or numerals.unknown(row.cells[name]))]
        if blank:
            some: Words = Joined(row.cells["community"] for row in blank[:MOST_NAMED])
            if len(blank) > MOST_NAMED:
                some = Message("{some} and others", some=some)
            fields = {"column": table.titles.get(name, name), "count": len(blank), "some": some, "assumed": assumed}
            found.append(Message("{column}: blank in {count:,} rows ({some}); {assumed}", **fields))
    return tuple(found)
