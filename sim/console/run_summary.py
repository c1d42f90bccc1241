"""What `sanzhi run` prints at the end: the indices, targets, and where results are; or which replicates failed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.console.tables import metric_label
from sim.lazy import lazily
from sim.messages import Joined, Message, Words, language
from sim.text import WIDTH, labelled, replicates_text, wrapped_to

with lazily():
    from sim.analysis import intervals, targets
    from sim.report.parts import leading, numbers
    from sim.report.run import targets as target_texts

if TYPE_CHECKING:
    from sim.results import Run

LABEL = 13
"""Columns of the labels of a summary."""
WIDE_LABEL = 28
"""Columns of the titles of leading results."""
STATE = {
    "met": Message("met"),
    "missed": Message("missed"),
    "on track": Message("on track"),
    "off track": Message("off track"),
    "not yet due": Message("not yet due"),
    "no value": Message("no value"),
}
"""What is printed of a target, by its state (`sim.analysis.targets.STATES`)."""


def seconds_text(seconds: float, page: float) -> Message:
    """Seconds in all, and those that the report took if they are noticeable."""
    if page < 0.05:
        return Message("{seconds:.1f} s", seconds=seconds)
    return Message("{seconds:.1f} s, {page:.1f} s of them for the report", seconds=seconds, page=page)


def print_summary(result: "Run", page: Path | None, quiet: bool, seconds: float, page_seconds: float = 0.0) -> None:
    """Print how a run ended: leading results of the real city, the two indices with intervals, content hash, and where results are.

    Parameters
    ----------
    result : Run
    page : Path or None
        The report, where one was written.
    quiet : bool
        Print the folder only.
    seconds, page_seconds : float
        Time of the whole run, and the part of it that the report took.
    """
    if quiet:
        click.echo(str(result.folder))
        return
    weeks = result.scenario.horizon
    headline = Message(
        "{name}: {replicates} of {weeks} weeks, {residents:,} residents, {seconds}",
        name=result.scenario.name,
        replicates=replicates_text(len(result.seeds)),
        weeks=weeks,
        residents=result.manifest["residents"],
        seconds=seconds_text(seconds, page_seconds),
    )
    click.echo(str(headline))
    _print_leading(result)
    last = result.column("weekly", "week") == weeks - 1
    for name in ("stability", "satisfaction"):
        print_line(metric_label(name), _mean_text(result.column("weekly", name)[last]))
    _print_targets(result)
    print_line(Message("content hash"), result.content_hash)
    print_line(Message("results"), result.folder)
    if page is not None:
        print_line(Message("report"), page)


def print_line(label: Words, value: object, width: int = LABEL) -> None:
    """Print a line of a summary."""
    click.echo(f"  {labelled(label, value, width)}")


def _print_leading(result: "Run") -> None:
    """Print offences, cases, protests, hours, people, money and staff for the real size of the city, with intervals, and their basis."""
    rows = leading.rows_of(result, language())
    for row in rows:
        value = Message("{value} (95 % interval {interval})", **row) if row["interval"] else row["value"]
        print_line(row["title"], Joined([value, row["per"]], "; ") if row["per"] else value, WIDE_LABEL)
    if rows:
        click.echo("".join(f"  {line}\n" for line in wrapped_to(leading.note_of(result, language()), WIDTH)), nl=False)


def print_failures(name: str, failures: Sequence[dict[str, Any]], replicates: int) -> None:
    """Print which replicates failed, with seed and reason."""
    headline = Message("{name}: {failed} of {count} replicates failed:", name=name, failed=len(failures), count=replicates)
    click.echo(str(headline), err=True)
    for failure in failures:
        click.echo(str(Message("  seed {seed}: {error}", seed=failure["seed"], error=failure["error"])), err=True)


def _print_targets(result: "Run") -> None:
    """Print a line for every target: what was asked for, whether it was met, and by which share of the replicates."""
    if not result.scenario.targets:
        return
    judged = targets.judge(result.scenario.targets, result.weekly, result.districts).to_dict("records")
    for target, row in zip(result.scenario.targets, judged, strict=True):
        print_line(Message("target"), target_text(target, row))


def target_text(target, row: dict[str, Any]) -> Message:
    """A target with the week in which it is judged, the mean in it, its state, and the share of replicates that meet it.

    Parameters
    ----------
    target : Target
    row : dict
        Its row of `sim.analysis.targets.judge`.
    """
    due = row["at_date"] == row["at_date"]
    bound = target.at_least if target.at_least is not None else target.at_most
    value = target_texts.beside(bound, row["at_date"] if due else row["now"], row["metric"])[1]
    state = STATE[row["state"]]
    judged = Message(
        "{target} by week {by} ({responsible}): {state}, {value} in week {week}",
        target=row["target"],
        by=row["by_week"],
        responsible=row["responsible"],
        state=Message("{state} by the mean", state=state) if target_texts.split(row) else state,
        value=value,
        week=row["by_week"] if due else row["week"],
    )
    if row["share_met"] != row["share_met"]:
        return judged
    return Message("{judged}; {share:.0%} of replicates meet it", judged=judged, share=row["share_met"])


def _mean_text(values) -> Message:
    """Mean over replicates in the last week, with the 95 % interval of that mean."""
    mean, low, high = numbers.together([float(value) for value in intervals.mean_interval(values)[:3]], "stability", sign=True)
    about = {"mean": mean.lstrip("+")}
    if low != high:
        about |= {"low": low.lstrip("+"), "high": high.lstrip("+")}
        return Message("{mean} in the last week (95 % interval of the mean {low} to {high})", **about)
    if len(values) == 1:
        return Message("{mean} in the last week (one replicate: no interval)", **about)
    if len(values) < intervals.FEWEST:
        few = {"count": len(values), "fewest": intervals.FEWEST}
        return Message("{mean} in the last week ({count} replicates, fewer than {fewest}: no interval)", **about, **few)
    return Message("{mean} in the last week (all replicates equal: no interval)", **about)
