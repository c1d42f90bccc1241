"""Figures as Markdown: targets first, then ratios and absolute figures."""

from pathlib import Path

from benchmarks.measure import Figure, number
from benchmarks.targets import targets

NOTES = Path(__file__).with_name("notes.md")
"""Notes on optimisations, written by hand and included in the report."""


def shown(figure: Figure | str) -> str:
    """Median and range of a figure; text unchanged."""
    if isinstance(figure, str):
        return figure
    text = f"{number(figure.median)} {figure.unit}"
    return text if figure.repeats == 1 else f"{text} ({number(figure.low)} to {number(figure.high)}, n={figure.repeats})"


def table(title: str, heads: tuple[str, ...], rows) -> str:
    """One Markdown table under a heading."""
    lines = [f"## {title}", "", "| " + " | ".join(heads) + " |", "|" + "|".join(" --- " for _ in heads) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def report(found: dict, quick: bool = False) -> str:
    """The report of all measurements.

    Parameters
    ----------
    found : dict
        From `benchmarks.__main__.measure_all`.
    quick : bool
        Whether it was the short form.
    """
    command = "python -m benchmarks --quick" if quick else "python -m benchmarks"
    parts = [
        f"# Speed and memory\n\nMade by `{command} --write docs/performance.md` (without `--write` it prints; `make bench` too). Ratios"
        " are comparable between machines, absolute figures are not. Medians of interleaved repeats, with their range.\n"
    ]
    if found["levels"]:
        parts.append(table("Twice as fast on ordinary processors", *targets(found["levels"], found["large"])))
    parts.append(table("Ratios", ("what", "ratio"), [(name, _ratio(name, value)) for name, value in found["ratios"].items()]))
    parts.append(_figures("The same week in several ways, one core", found["ways"]))
    if found["cities"]:
        heads = ("residents", "one thread", "two threads", "built in", "peak memory", "plan, live, close: ns a resident, one core")
        parts.append(table("Cities, each in a process of its own", heads, _cities(found["cities"])))
        if found["left out"]:
            parts.append(f"Not measured, for want of free memory: {', '.join(f'{size:,} residents' for size in found['left out'])}.\n")
        parts.append(_figures("Whole runs of 2,048 residents over 260 weeks", found["runs"]))
        parts.append(_figures("Whole processes, kernels cached", found["starts"]))
        parts.append(_figures("Other known models, one core (their steps differ)", found["other models"]))
    parts.append(_profile(found))
    if found["growth"]:
        parts.append(found["growth"])
    parts.append(_figures("Memory of this machine, by threads", found["memory_speed"]))
    parts.append(table("Machine", ("what", "value"), found["machine"].items()))
    return "\n".join([*parts, NOTES.read_text()])


def _ratio(name: str, value: float) -> str:
    return f"{value:.0%}" if "STREAM" in name else f"{number(value)}x"


def _figures(title: str, figures: dict) -> str:
    return table(title, ("what", "median (range)"), [(name, shown(value)) for name, value in figures.items()])


def _cities(cities: dict):
    for size, city in cities.items():
        rates, parts = city["rates"], city["parts"]
        two = shown(rates[2]) if 2 in rates else "one is quicker"
        split = ", ".join(number(parts[part]) for part in ("plan", "live", "close"))
        yield f"{int(size):,}", shown(rates[1]), two, shown(city["build"]), shown(city["peak"]), split


def _profile(found: dict) -> str:
    """Nanoseconds of every mechanism, slowest first."""
    times = dict(found["mechanisms"])
    whole, rest = times.pop("(all)"), times.pop("(none)")
    rows = [("the whole week of residents", whole), ("always: reading ties, serving sentences, measuring, signals", rest)]
    dear = sorted(((k, v) for k, v in times.items() if v >= 0.05), key=lambda item: -item[1])
    rows += [*dear, ("all others together (units only)", max(0.0, sum(v for v in times.values() if v < 0.05)))]
    title = f"Where a resident-week goes, one core, {found['profile_size']:,} residents"
    return table(title, ("mechanism, switched on alone", "ns", "share"), [(k, number(v), f"{v / whole:.0%}") for k, v in rows])
