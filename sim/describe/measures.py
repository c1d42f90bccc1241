"""Measures: what people propose or fear, in their words."""

from pathlib import Path

from sim.messages import Message, Words
from sim.scenario.loading.measures import PLACE, TIME, Measure, is_file, library, read_measure
from sim.scenario.parsing.paths import printable
from sim.scenario.schema.changes import CITYWIDE
from sim.text import localized, table

TERM = Message("measure")
FOOTER = Message("In a scenario: {example}", example="measures: [{NAME: {district: Pudong, from: year 2, for: 1 year}}]")
"""Below the list of measures."""


def names() -> list[str]:
    """Every measure."""
    return list(library())


def row(name: str) -> tuple[Words, ...]:
    """Name and title."""
    return name, localized(library()[name].title)


def entry(name: str) -> str:
    """The question, an example, what it takes, and the entries that it stands for; also of a file (see `is_file`)."""
    measure = read_measure(Path(name), printable(name)) if is_file(name) else library()[name]
    rows: list[tuple[Words, ...]] = [(f"  {key}", f"{value:g}") for key, value in measure.takes.items()]
    rows += [
        (f"  {', '.join(PLACE)}", Message("the whole city unless given")),
        (f"  {', '.join(TIME)}", Message("from week 0 to the end unless given")),
    ]
    stands = "\n".join(f"  {key}: {value}" for key, value in (("timeline", measure.timeline), ("shocks", measure.shocks)) if value)
    head = f"{name}: {localized(measure.title)}\n{localized(measure.question)}\n\n  measures: [{_example(Path(name).name, measure)}]"
    return f"{head}\n{table(rows)}\n\n{Message('It stands for')}\n{stands}"


def example(name: str) -> str:
    """A measure of the library as a scenario may write it."""
    return _example(name, library()[name])


def _example(name: str, measure: Measure) -> str:
    takes = "".join(f"{key}: {value:g}, " for key, value in measure.takes.items())
    levers = [key for entry in measure.timeline for key in entry.get("set", {})]
    place = "" if set(CITYWIDE) & set(levers) else "district: Pudong, "
    return f"{{{name}: {{{takes}{place}from: year 2, for: 1 year}}}}"
