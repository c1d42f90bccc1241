"""What every structural choice changes in the five ready mixes: docs/model/measured/choices.csv, and a page for each choice.

Cities are paired: the same seeds under the default form and under another, nothing calibrated again. A difference counts where Student's t
on the pairs says so, two-sided, at `ALPHA`.
"""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import stats

from docs.making import versions
from docs.making.markdown import MODEL, linked, page, table, write
from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS
from sim.scenario import load_scenario
from sim.spec import Option, choices_of, meaning, options_of

MIXES = ("baseline", "balanced", "lean_self_governance", "lean_rule_of_law", "lean_moral_education")
HEADLINES = ("satisfaction", "stability")
SCALE, SEEDS = 0.0008, 12
"""Size of the cities relative to Shanghai, about 20,000 residents, and how many there are of each mix."""
ALPHA = 0.01
TABLE = MODEL / "measured" / "choices.csv"
COLUMNS = ("choice", "option", "mix", "metric", "usual", "change", "settled")
ORDER = "order"
"""In place of a mix: pairs of mixes whose settled order of a headline metric is another one, equally settled; `usual` is how many were."""
TEXTS = Path(__file__).parent / "texts" / "choices.yaml"
"""Who holds which form, what would refute each, and the metrics that a page shows, by choice."""


def choices() -> dict[str, Any]:
    """Every structural choice by ``mechanism.name``: its field."""
    return {f"{name}.{key}": one.parameters.model_fields[key] for name, one in MECHANISMS.items() for key in choices_of(one.parameters)}


def alternatives() -> list[tuple[str, str]]:
    """Every option that is not a default, with its choice."""
    return [(key, name) for key, field in choices().items() for name in options_of(field) if name != field.default]


def measure() -> None:
    """Run all pairs and write the table."""
    usual = {mix: _arm(mix, {}) for mix in MIXES}
    keep([row for key, name in alternatives() for row in _rows(key, name, usual)])
    versions.keep("choices")


def keep(rows: list[tuple]) -> None:
    """Write the rows of the metrics that pages show."""
    shown = {key: (*HEADLINES, *told["shown"]) for key, told in texts().items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *(row for row in rows if row[3] in shown[row[0]])])
    write(TABLE, text.getvalue())


def texts() -> dict[str, Any]:
    """What is told of every choice, see `TEXTS`."""
    return yaml.safe_load(TEXTS.read_text(encoding="utf-8"))


def _arm(mix: str, changes: dict[str, Any]) -> dict[str, np.ndarray]:
    """Means over the last year, by metric: an array over seeds."""
    from sim.experiments.runs.simulate import simulate

    run = simulate(load_scenario(mix).with_changes({"city.scale": SCALE, **changes}), seed=1, replicates=SEEDS)
    return {name: run.column("weekly", name).reshape(SEEDS, -1)[:, -52:].mean(axis=1) for name in METRICS}


def _rows(key: str, name: str, usual: dict[str, dict[str, np.ndarray]]) -> list[tuple]:
    print(key, name, flush=True)
    arms = {mix: _arm(mix, {f"mechanisms.{key}": name}) for mix in MIXES}
    rows: list[tuple] = []
    for mix, arm in arms.items():
        for metric, values in arm.items():
            change = values - usual[mix][metric]
            if np.isfinite(change).all():
                numbers = f"{usual[mix][metric].mean():.5g}", f"{change.mean():.3g}"
                rows.append((key, name, mix, metric, *numbers, int(_sign(change) != 0)))
    for metric in HEADLINES:
        before, after = _order(usual, metric), _order(arms, metric)
        turned = sum(one * other < 0 for one, other in zip(before, after, strict=True))
        lost = sum(one != 0 and other == 0 for one, other in zip(before, after, strict=True))
        rows.append((key, name, ORDER, metric, sum(map(abs, before)), turned, lost))
    return rows


def _sign(differences: np.ndarray) -> int:
    """1 or -1 where the mean differs from 0 by Student's t, otherwise 0."""
    mean, error = differences.mean(), stats.sem(differences)
    if error == 0:
        return int(np.sign(mean))
    return int(np.sign(mean)) if 2 * stats.t.sf(abs(mean) / error, len(differences) - 1) < ALPHA else 0


def _order(arms: dict[str, dict[str, np.ndarray]], metric: str) -> list[int]:
    """Sign of the difference between every two mixes, 0 where it is not settled."""
    names = list(arms)
    return [_sign(arms[b][metric] - arms[a][metric]) for place, a in enumerate(names) for b in names[place + 1 :]]


def read() -> list[dict[str, str]]:
    """Rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pages() -> dict[str, str]:
    """Text of the page of every choice and of the list of them, by its path below docs/model."""
    told, rows = texts(), read()
    own = {key: [row for row in rows if row["choice"] == key] for key in told}
    return {"choices.md": _list(rows), **{f"choices/{key}.md": _page(key, field, told[key], own[key]) for key, field in choices().items()}}


def _list(rows: list[dict[str, str]]) -> str:
    """Every choice with its forms, and how much of the order of the mixes each leaves."""
    lines = []
    for key, field in choices().items():
        told = options_of(field)
        names = ", ".join(f"**{name}**" if name == field.default else name for name in told)
        kept = "; ".join(f"{name}: {_order_text(rows, key, name)}" for name in told if name != field.default)
        lines.append((f"[`{key}`](choices/{key}.md)", meaning(field).text("en"), meaning(field).text("zh"), names, kept))
    return page(
        "Structural choices",
        "Forms of a mechanism that the literature leaves open. A scenario selects one by its name, as in `mechanisms: {unrest: "
        "{arrest_ratio: smooth}}` or `--set mechanisms.unrest.arrest_ratio=smooth`; a study varies it as a list, "
        "`mechanisms.unrest.arrest_ratio: [floor, smooth]`. The default, in bold, is the form for which the model was calibrated. Last "
        "column: of the settled differences between the five ready mixes in satisfaction and stability (20 pairs), how many are turned "
        "round and how many are no longer settled.",
        *versions.note("choices"),
        table(("choice", "what is chosen", "选择", "forms", "order of the mixes"), lines),
        "Decision and predictions: [29](../decisions/0029-structural-choices.md).",
    )


def _order_text(rows: list[dict[str, str]], key: str, name: str) -> str:
    """How many settled differences between mixes a form turns round, and how many it unsettles."""
    found = [row for row in rows if (row["choice"], row["option"], row["mix"]) == (key, name, ORDER)]
    usual, turned, lost = (sum(int(row[column]) for row in found) for column in ("usual", "change", "settled"))
    return f"{turned} turned, {lost} open, of {usual}"


def _page(key: str, field: Any, told: dict[str, Any], rows: list[dict[str, str]]) -> str:
    """The page of one choice."""
    mechanism = key.partition(".")[0]
    options = options_of(field)
    forms = [(f"**{name}**" if name == field.default else name, one.en, one.zh, _sets(one)) for name, one in options.items()]
    parts = [
        f"`mechanisms.{key}`: {meaning(field).text('en')} ({meaning(field).text('zh')}); default **{field.default}**. Mechanism: "
        f"[{mechanism}](../mechanisms/{mechanism}.md). All: [structural choices](../choices.md).",
        table(("form", "claims", "主张", "sets"), forms),
        "## Who holds which",
        linked(" ".join(told["held"].split())),
        "## What would refute each",
        " ".join(told["refuted"].split()),
        "## How the model has it",
        " ".join(told["form"].split()),
        "## What it changes",
        f"Mean of the last of five years, {SEEDS} cities of about 20,000 residents of each mix, paired by seed with the default form; "
        f"nothing is calibrated again. A dot: not settled (Student's t, two-sided, {ALPHA:g}).",
        *versions.note("choices", "These numbers"),
    ]
    for name in options:
        if name != field.default:
            order = f"Settled differences between the five mixes in satisfaction and stability: {_order_text(rows, key, name)}."
            parts += [f"### {name}", _changes(name, told["shown"], rows), order]
    return page(meaning(field).text("en").capitalize(), *parts)


def _sets(option: Option) -> str:
    return ", ".join(f"`{name}` {value:g}" for name, value in option.sets.items()) or "-"


def _changes(name: str, shown: list[str], rows: list[dict[str, str]]) -> str:
    """Changes of the metrics that are shown, by mix."""
    by = {(row["mix"], row["metric"]): row for row in rows if row["option"] == name}
    lines = []
    for metric in (*HEADLINES, *shown):
        usual = by["baseline", metric]["usual"]
        cells = [f"{float(by[mix, metric]['change']):+.3g}" if by[mix, metric]["settled"] == "1" else "·" for mix in MIXES]
        lines.append((METRICS[metric].title, METRICS[metric].unit, f"{float(usual):.3g}", *cells))
    return table(("outcome", "unit", "usual, baseline", *(mix.replace("_", " ") for mix in MIXES)), lines, right=range(2, 8))
