"""Figures as Markdown: ratios first, absolute figures beside them."""

from benchmarks.measure import Figure


def number(value: float) -> str:
    """Three significant digits, thousands grouped."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def shown(figure: Figure) -> str:
    """Median and range of a figure."""
    return f"{number(figure.median)} {figure.unit} ({number(figure.low)} to {number(figure.high)}, n={figure.repeats})"


def table(title: str, heads: tuple[str, ...], rows) -> str:
    """One Markdown table under a heading."""
    lines = [f"### {title}", "", "| " + " | ".join(heads) + " |", "|" + "|".join(" --- " for _ in heads) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def report(results: dict) -> str:
    """Everything that was measured.

    Parameters
    ----------
    results : dict
        From `benchmarks.__main__.measure_all`.
    """
    parts = [table("Machine", ("what", "value"), results["machine"].items())]
    parts.append(table("Ratios", ("what", "ratio"), [(name, f"{number(value)}x") for name, value in results["ratios"].items()]))
    parts.append(_figures("The same week lived three ways, one core", results["ways"]))
    parts.append(_figures("The whole week, by residents x threads", results["throughput"]))
    parts.append(table("Mechanisms", ("mechanism", "ns per resident-week"), [(k, number(v)) for k, v in results["mechanisms"].items()]))
    parts.append(_figures("What units do each week", results["units"]))
    for size, figures in results["cities"].items():
        parts.append(_figures(f"A city of {int(size):,} in a fresh process", figures))
    parts.append(_figures("Cold start: whole processes", results["starts"]))
    parts.append(_figures("Memory of this machine, by threads", results["memory_speed"]))
    return "\n".join(parts)


def _figures(title: str, figures: dict[str, Figure]) -> str:
    return table(title, ("what", "median (range)"), [(name, shown(value)) for name, value in figures.items()])
