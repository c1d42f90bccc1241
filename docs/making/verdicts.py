"""Which differences between the ready mixes and the baseline hold over plausible worlds: docs/model/verdicts.md, and the numbers in README.

Before: against luck alone, as many seeds in the default world as there are worlds, in cities of the same size. After: over worlds, as many
as a comparison takes by default, and over all of the package. Values are kept in docs/model/measured/verdicts.csv, from which the page is
drawn.
"""

import csv
import io
from collections import Counter
from pathlib import Path

from docs.making import versions
from docs.making.choices import MIXES
from docs.making.markdown import MODEL, page, table, write
from sim.analysis.world_verdict import HOLDING, HOLDS, LEANING, LEANS, OPEN, WORDS
from sim.metrics import METRICS

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- verdicts: written by `python -m docs.making verdicts pages` -->", "<!-- end of verdicts -->"
TABLE = MODEL / "measured" / "verdicts.csv"
BASE, OTHERS = MIXES[0], MIXES[1:]
LUCK = ("mean", "p", "settled")
WORLDS = ("n", "better", "worse", "same", "median", "low", "high", "side", "word", "luck_share", "alone_low", "alone_high")
EVERY = {"n": "every_n", "better": "every_better", "worse": "every_worse", "word": "every_word"}
"""What is kept of a comparison over every world of the package, and under which names."""
COLUMNS = ("scenario", "metric", "worlds", "residents", *LUCK, *WORLDS, *EVERY.values())
SHOWN_COUNTS = {
    "differences": "all",
    "significant against luck alone": "settled",
    "of these only lean": f"settled and {LEANING}",
    "of these are open": f"settled and {OPEN}",
    "hold": HOLDING,
    "lean": LEANING,
    "open": OPEN,
}
"""Columns of the page's table, and what of `counted` stands in each."""
SHOWN = 12
"""Differences without a word named for each mix that were significant against luck alone."""


def measure() -> None:
    """Compare the mixes with the baseline over worlds and against luck alone, and keep the values."""
    from sim.experiments.comparisons.compare import compare
    from sim.experiments.comparisons.world_batch import RESIDENTS, asked_worlds
    from sim.scenario import load_scenario

    chosen = asked_worlds(None, alone=False)
    if chosen is None:
        print("no plausible worlds are shipped for this version; docs/model/verdicts.md stays as it is")
        return
    scenarios = [load_scenario(name) for name in MIXES]
    over = compare(scenarios, worlds=chosen, residents=RESIDENTS)
    every = compare(scenarios, worlds="all", residents=RESIDENTS)
    luck = compare(scenarios, replicates=len(chosen.worlds), residents=RESIDENTS)
    keep(over.verdicts, every.verdicts, luck.differences, len(chosen.worlds), over.batch.residents)
    versions.keep("verdicts")


def keep(over, every, luck, worlds: int, residents: int) -> None:
    """Write the values of all three, a row per mix and metric that has a value in each."""
    of = ["scenario", "metric"]
    merged = over.merge(luck[[*of, *LUCK]], on=of, suffixes=("", "_luck")).merge(every[[*of, *EVERY]].rename(columns=EVERY), on=of)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    about = {"worlds": worlds, "residents": residents}
    for row in merged[merged["p"].notna() & (merged["n"] > 0)].to_dict("records"):
        values = (about.get(name, row.get(name)) for name in COLUMNS)
        writer.writerow([f"{value:.6g}" if isinstance(value, float) else value for value in values])
    write(TABLE, text.getvalue())


def read() -> list[dict[str, str]]:
    """The values that are kept; none before the first measurement."""
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(rows: list[dict[str, str]]) -> dict[str, int]:
    """How many differences are significant against luck alone, hold, lean, are open; and of the significant ones how many of each."""
    words, survived = Counter(row["word"] for row in rows), Counter(row["word"] for row in rows if _settled(row))
    both = {f"settled and {word}": survived[word] for word in WORDS}
    return {"all": len(rows), "settled": sum(map(_settled, rows)), **{word: words[word] for word in WORDS}, **both}


def _settled(row: dict[str, str]) -> bool:
    return row["settled"] == "True"


def pages() -> dict[str, str]:
    """The page, if anything was measured."""
    rows = read()
    return {"verdicts.md": text(rows)} if rows else {}


def text(rows: list[dict[str, str]]) -> str:
    """The page."""
    of = {mix: [row for row in rows if row["scenario"] == mix] for mix in OTHERS}
    head = ("mix", *SHOWN_COUNTS)
    lines = [(f"`{mix}`", *_cells(found)) for mix, found in of.items()]
    lines.append(("all", *_cells(rows)))
    return page(
        "Which differences between the ready mixes hold",
        f"    sanzhi compare {' '.join(MIXES)}",
        f"Four ready mixes against `{BASE}`, in cities of {int(rows[0]['residents']):,} residents. *Against luck alone*: "
        f"{rows[0]['worlds']} seeds in the default world, p below .05 after Holm's correction over all differences, as "
        "a comparison said before. *Over worlds*: "
        f"{rows[0]['worlds']} [plausible worlds](../how_to/worlds.md), one seed each; a difference holds if at least {HOLDS:.0%} of them "
        f"go one way, leans from {LEANS:.0%}, and is open otherwise. The share of worlds is not a probability. Values: "
        "`docs/model/measured/verdicts.csv`; again: `python -m docs.making verdicts pages`.",
        *versions.note("verdicts"),
        table(head, lines, right=range(1, len(head))),
        *_every(rows),
        *(part for mix, found in of.items() for part in _mix(mix, found)),
    )


def _cells(rows: list[dict[str, str]]) -> list[str]:
    found = counted(rows)
    return [str(found[key]) for key in SHOWN_COUNTS.values()]


def _every(rows: list[dict[str, str]]) -> list[str]:
    """Section on the words that all worlds of the package give, where those of a default comparison are a sample of them."""
    counts = Counter((row["word"], row["every_word"]) for row in rows)
    some, (every, same), holding = rows[0]["worlds"], _confirmed(rows), [row for row in rows if row["word"] == HOLDING]
    turned = sum(_side(row, "every_") != _side(row, "") for row in holding)
    lines = [(f"{word} over {some}", *(str(counts[word, whole]) for whole in WORDS)) for word in WORDS]
    return [
        f"## {some} worlds, or all {every}",
        f"A comparison takes {some} of the {every} worlds of the package unless told otherwise (`--worlds all`), and what it says is said "
        f"of this sample. {same} of the {len(rows)} words are those of all {every}. Of the {len(holding)} differences that hold over "
        f"{some}, {turned} go the other way in most of all.",
        table(("", *(f"{word} over {every}" for word in WORDS)), lines, right=range(1, 1 + len(WORDS))),
    ]


def _confirmed(rows: list[dict[str, str]]) -> tuple[int, int]:
    """Worlds of the package, and how many words are the same over all of them."""
    return max(int(row["every_n"]) for row in rows), sum(row["word"] == row["every_word"] for row in rows)


def _side(row: dict[str, str], prefix: str) -> bool:
    """Whether it is better in more worlds than it is worse; of all worlds with the prefix of their columns."""
    return int(row[f"{prefix}better"]) > int(row[f"{prefix}worse"])


def _mix(mix: str, rows: list[dict[str, str]]) -> list[str]:
    """Section on one mix: its headlines, and the differences that were significant and are open, by how few worlds agree."""
    head = ("outcome", "median", "90 % range", "better in", "by luck alone", "word", "luck in spread")
    first = [row for row in rows if METRICS[row["metric"]].group in ("headline", "stability", "satisfaction")]
    lost = sorted((row for row in rows if _settled(row) and row["word"] == OPEN), key=_agreeing)
    named = ", ".join(f"`{row['metric']}` ({_agreeing(row)} of {row['n']})" for row in lost[:SHOWN]) or "none"
    more = f", and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
    return [
        f"## `{mix}`",
        table(head, [_line(row) for row in first], right=range(1, 7)),
        f"Significant against luck alone, and open over worlds (worlds that go one way): {named}{more}.",
    ]


def _agreeing(row: dict[str, str]) -> int:
    return max(int(row["better"]), int(row["worse"]))


def _line(row: dict[str, str]) -> tuple[str, ...]:
    median, low, high = (f"{float(row[key]):+.3g}" for key in ("median", "low", "high"))
    alone = f"{float(row['alone_low']):.0f} to {float(row['alone_high']):.0f}" if row["alone_low"] != "nan" else "-"
    luck = f"{float(row['luck_share']):.0%}" if row["luck_share"] != "nan" else "-"
    return METRICS[row["metric"]].title, median, f"{low} to {high}", f"{row['better']} of {row['n']}", alone, row["word"], luck


def write_readme() -> None:
    """Write the numbers between the marks in README."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    write(README, f"{before}{BEGIN}\n{readme_text(read())}\n{END}{after}")


def readme_text(rows: list[dict[str, str]]) -> str:
    """What README says of the mixes."""
    if not rows:
        return "How many differences between the ready mixes hold over plausible worlds has not been measured for this version yet."
    found = counted(rows)
    lost = found[f"settled and {LEANING}"] + found[f"settled and {OPEN}"]
    words = f"{found[HOLDING]} hold, {found[LEANING]} lean and {found[OPEN]} are open"
    every, same = _confirmed(rows)
    return (
        f"Of {found['all']} differences between four ready mixes and the reference city, {found['settled']} are significant against luck "
        f"alone; over {rows[0]['worlds']} plausible worlds {words}. {lost} of the significant ones do not hold "
        f"([verdicts](docs/model/verdicts.md)). Over all {every} worlds of the package, {same} of these {found['all']} words are the same."
    )
