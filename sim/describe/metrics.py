"""Metrics: what is measured every week."""

from sim.describe.fields import field_row, range_text
from sim.messages import Message, Words, language
from sim.metrics import METRICS
from sim.text import WIDTH, table, wrapped_to

TERM = Message("metric")


def names() -> list[str]:
    """In the order of the catalogue."""
    return list(METRICS)


def row(name: str) -> tuple[Words, ...]:
    """Name, group, unit and definition."""
    metric = METRICS[name]
    return name, metric.group, metric.unit, metric.doc_in(language())


def entry(name: str) -> str:
    """Group, unit, range and definition of a metric."""
    metric, lang = METRICS[name], language()
    rows = [
        field_row("group", metric.group),
        field_row("unit", metric.unit),
        field_row("range", range_text(metric.low, metric.high)),
        field_row("better", metric.better),
        *((("  中文", metric.title_zh),) if lang == "en" else ()),
    ]
    definition = "\n".join(f"  {line}" for line in wrapped_to(metric.doc_in(lang), WIDTH - 2))
    return f"{name}: {metric.title_in(lang)}\n{definition}\n{table(rows)}"
