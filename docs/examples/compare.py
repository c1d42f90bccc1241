"""Writes compare.md: which differences between the ready mixes are settled. Nothing on that page is typed by hand.

python docs/examples/compare.py                # a thousandth of the city, 30 seeds
python docs/examples/compare.py --scale 0.01   # the city as it is shipped
"""

import argparse
from pathlib import Path

import sim
from sim.experiments.comparisons.compare import LEVEL, Comparison
from sim.metrics import METRICS
from sim.report.compare.page import cells
from sim.report.parts.numbers import number

BASE, MIXES = "baseline", ("balanced", "lean_moral_education", "lean_rule_of_law", "lean_self_governance")
GROUPS = ("headline", "stability", "satisfaction", "price", "fairness")
PAGE = Path(__file__).with_name("compare.md")


def main() -> None:
    """Run the comparison and write the page beside this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.001, help="city.scale of every scenario")
    parser.add_argument("--replicates", type=int, default=30, help="seeds, the same for all")
    asked = parser.parse_args()
    names = [BASE, *MIXES]
    scenarios = [sim.load_scenario(name).with_changes({"city.scale": asked.scale}) for name in names]
    result = sim.compare(scenarios, replicates=asked.replicates)
    command = f"sanzhi compare {' '.join(names)} --set city.scale={asked.scale:g} --replicates {asked.replicates}"
    script = f"python docs/examples/compare.py --scale {asked.scale:g} --replicates {asked.replicates}"
    PAGE.write_text(page(result, command, script), encoding="utf-8")
    print(PAGE)


def page(result: Comparison, command: str, script: str) -> str:
    """The page as Markdown."""
    manifest, table = result.manifest, result.differences
    settled = table[table["settled"]]
    tested = int(table["p"].notna().sum())
    parts = [
        "# Which differences between the ready mixes are settled?",
        f"    {command}",
        f"{len(result.batch.labels)} scenarios, {result.batch.residents:,} residents, seeds {result.batch.seeds[0]} to "
        f"{result.batch.seeds[-1]} for each, means of the last {result.batch.window} weeks; sanzhi {manifest['versions']['sanzhi']}, "
        f"model {manifest['versions']['model']}. Written by `{script}`, not by hand; outcomes have the hash `{manifest['content_hash']}`.",
        f"Against `{BASE}`, {len(settled)} of {tested} differences are settled: p below {LEVEL:g} after Holm's correction over all "
        f"{tested}, so that from 30 pairs on about 95 of 100 such pages have no false one. An interval holds 95 % for that one difference. "
        "Settled says that a difference is no luck of these seeds; it says nothing about its size, nor that the assumptions of the model "
        "are right. Rare events weigh more in a small city: compare at the size you mean to speak of.",
        "## Where each ranks first",
        "Share of all weightings of the parts of an index under which a scenario ranks first; in brackets with the seeds drawn again.",
        ranks(result),
        *(block for label in result.batch.labels[1:] for block in against(result, label)),
    ]
    return "\n\n".join(parts) + "\n"


def ranks(result: Comparison) -> str:
    """Who ranks first under other weights."""
    rows = []
    for label, group in result.ranking.groupby("scenario", sort=False):
        by = group.set_index("ranked_by")
        shares = [f"{by.loc[i, 'first']:.0%} ({by.loc[i, 'first_with_luck']:.0%})" for i in ("stability", "satisfaction", "both")]
        rows.append([f"`{label}`", *shares])
    return markdown(["scenario", "stability", "satisfaction", "both together"], rows)


def against(result: Comparison, label: str) -> list[str]:
    """What differs between one scenario and the first: what is settled, and what is open."""
    table = result.differences[(result.differences["scenario"] == label) & result.differences["p"].notna()]
    rows = []
    for row in table.to_dict("records"):
        if METRICS[row["metric"]].group in GROUPS:
            difference, interval, p, verdict, won, needed, unpaired = cells(row)
            state = verdict if row["settled"] else "no difference" if row["mean"] == 0 else f"{verdict}, {needed} runs"
            base = number(row["base"], row["metric"])
            rows.append([f"`{row['metric']}`", base, difference, interval, p, won, state, unpaired])
    head = ["metric", BASE, "difference", "95 % interval", "p", "won", "state", "unpaired ×"]
    still = ", ".join(f"`{name}`" for name in table.loc[~table["settled"], "metric"]) or "none"
    return [
        f"## `{label}` against `{BASE}`",
        f"{int(table['settled'].sum())} of {len(table)} settled; open of all metrics: {still}.",
        markdown(head, rows),
    ]


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table; all columns but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
