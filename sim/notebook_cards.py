"""Cards that notebooks show for a scenario, a run or a study: small self-contained pieces of HTML."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

INDICES = ("stability", "satisfaction")
STYLE = {
    "table": "border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums",
    "th": "text-align:left;padding:2px 14px 2px 0;color:#5b6470;font-weight:600;border:0",
    "td": "text-align:left;padding:2px 14px 2px 0;border:0",
}
BLUE = "#0072B2"
WIDTH, HEIGHT = 140, 28


class Html(str):
    """Text that is already HTML and is not escaped."""


def card(title: str, facts: Iterable[tuple[str, Any]], rows: Sequence[Sequence[Any]] = (), head: Sequence[str] = ()) -> str:
    """A title, a line of facts, and a table.

    Parameters
    ----------
    title : str
    facts : iterable of (str, object)
        Name and value; facts without a value are omitted.
    rows, head : sequence
        Cells of a table and its headings. Everything except `Html` is escaped, such as a `sparkline`.

    Returns
    -------
    str
        HTML for ``_repr_html_``.
    """
    line = " · ".join(f"{_cell(name)} <b>{_cell(value)}</b>" for name, value in facts if value not in (None, ""))
    top = f'<div style="font-weight:600;font-size:15px">{_cell(title)}</div><div style="color:#5b6470;font-size:13px">{line}</div>'
    return f"<div>{top}{table(rows, head) if rows else ''}</div>"


def table(rows: Sequence[Sequence[Any]], head: Sequence[str] = ()) -> str:
    """Rows of cells as an HTML table."""
    top = "".join(f'<th style="{STYLE["th"]}">{_cell(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f'<td style="{STYLE["td"]}">{_cell(cell)}</td>' for cell in row) + "</tr>" for row in rows)
    return f'<table style="{STYLE["table"]}">{f"<thead><tr>{top}</tr></thead>" if top else ""}<tbody>{body}</tbody></table>'


def sparkline(values: np.ndarray, label: str = "") -> Html:
    """A small curve of the mean with a band from the lowest to the highest.

    Parameters
    ----------
    values : ndarray, shape (weeks, replicates)
    label : str
        Alternative text.
    """
    values = np.asarray(values, float)
    values = values[np.isfinite(values).all(axis=1)][:: max(1, len(values) // WIDTH)]
    if not len(values):
        return Html("")
    low, high = values.min(), values.max()
    x = np.linspace(1, WIDTH - 1, len(values))
    lines = [
        _points(x, (HEIGHT - 2) * (1 - (line - low) / ((high - low) or 1.0)) + 1) for line in (values.mean(1), values.min(1), values.max(1))
    ]
    band = f'<polygon points="{lines[1]} {" ".join(reversed(lines[2].split()))}" fill="{BLUE}" fill-opacity=".16"/>'
    mean = f'<polyline points="{lines[0]}" fill="none" stroke="{BLUE}" stroke-width="1.4"/>'
    looks = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}"'
    return Html(f"<svg {looks}>{band}{mean}</svg>")


def changes(weekly: "pd.DataFrame", names: Sequence[str], edge: int = 13) -> tuple[list[list[Any]], list[str]]:
    """Rows and headings of a table of metrics over time: start, end, change, range over runs, and the curve.

    Parameters
    ----------
    weekly : DataFrame
        With ``replicate``, ``week`` and the metrics.
    names : sequence of str
        Metrics; those not in the table are omitted.
    edge : int
        Weeks averaged at the start and at the end; at most a quarter of the run.
    """
    edge, rows = max(1, min(edge, weekly["week"].nunique() // 4)), []
    for name in (name for name in names if name in weekly):
        values = weekly.pivot(index="week", columns="replicate", values=name).to_numpy(float)
        start, end = values[:edge].mean(axis=0), values[-edge:].mean(axis=0)
        spread = f"{end.min():.3f} to {end.max():.3f}" if len(end) > 1 else ""
        rows.append([name, f"{start.mean():.3f}", f"{end.mean():.3f}", f"{(end - start).mean():+.3f}", spread, sparkline(values, name)])
    return rows, ["", f"first {edge} weeks", f"last {edge} weeks", "change", "single runs", ""]


def _points(x: np.ndarray, y: np.ndarray) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _cell(value: Any) -> str:
    return value if isinstance(value, Html) else escape(str(value))
