"""Writes sobol.md: a Sobol study of 2,048 runs, killed on its way and gone on with, and what it found. Nothing there is typed by hand.

python docs/examples/sobol.py                     # scenarios/studies/six_levers_sobol.yaml, killed five times
python docs/examples/sobol.py --study mine.yaml --kills 2
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

import sim
from sim.experiments.studies.study_result import read_study

STUDY = "six_levers_sobol"
PAGE = Path(__file__).with_name("sobol.md")


def main() -> None:
    """Run the study twice, once with kills, and write the page beside this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--study", default=STUDY, help="a study file or the name of a shipped one")
    parser.add_argument("--kills", type=int, default=5, help="SIGKILLs of the coordinator")
    parser.add_argument("--seed", type=int, default=1, help="luck of the moments at which it is killed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killed, told = sweep_with_kills(asked.study, Path(folder) / "killed", asked.kills, random.Random(asked.seed))
        calm = sweep(asked.study, Path(folder) / "calm")
        PAGE.write_text(page(asked, read_study(killed), read_study(calm), told), encoding="utf-8")
    print(PAGE)


def command(study: str, out: Path) -> list[str]:
    """The command line of the sweep."""
    return [sys.executable, "-m", "sim.cli", "sweep", study, "--out", str(out), "--quiet"]


def sweep(study: str, out: Path) -> Path:
    """Let the sweep run to its end."""
    done = subprocess.run(command(study, out), capture_output=True, text=True, check=True)
    return Path(done.stdout.strip().splitlines()[-1])


def sweep_with_kills(study: str, out: Path, kills: int, key: random.Random) -> tuple[Path, list[int]]:
    """Kill the coordinator when about so many runs are done, start it again each time; the folder, and the runs done at each kill."""
    done_at: list[int] = []
    while len(done_at) < kills:
        share = (len(done_at) + key.uniform(0.2, 0.8)) / kills
        with subprocess.Popen(command(study, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                done, planned = progress(out)
                if planned and done >= share * planned:
                    process.kill()
                    break
                time.sleep(0.2)
        if process.returncode == 0:
            raise RuntimeError("the study was over before it could be killed often enough; take a larger one")
        time.sleep(2.0)  # its workers notice and leave
        done_at.append(progress(out)[0])
    return sweep(study, out), done_at


def progress(out: Path) -> tuple[int, int]:
    """Runs that the ledger has as done, and those planned."""
    folders = [path.parent for path in out.rglob("study.sqlite")]
    try:
        states = read_study(folders[0]).runs["state"] if folders else []
    except sim.UserError:  # it is just being made
        states = []
    return int(sum(state == "done" for state in states)), len(states)


def page(asked: argparse.Namespace, killed, calm, told: list[int]) -> str:
    """The page as Markdown."""
    same = killed.content_hash == calm.content_hash
    found = sim.analyze(killed)
    runs = len(killed.runs)
    parts = [
        "# A Sobol study that was killed and went on",
        f"    sanzhi sweep {asked.study}\n    sanzhi analyze results/{asked.study}",
        f"{runs} runs. The coordinator was killed with SIGKILL {len(told)} times, when {', '.join(map(str, told))} runs were done, and the "
        f"same command was given again. Content hash `{killed.content_hash}`; of the same study undisturbed `{calm.content_hash}`: "
        f"{'the same' if same else 'DIFFERENT'}. Written by `python docs/examples/sobol.py`, not by hand.",
        "## What each factor accounts for",
        "Shares of the variance of each outcome, alone (first) and with all interactions (total), with 95 % intervals by bootstrap.",
        *(block for outcome in killed.study.outcomes for block in indices(found, outcome)),
    ]
    return "\n\n".join(parts) + "\n"


def indices(found, outcome: str) -> list[str]:
    """Table of the indices of one outcome."""
    table: pd.DataFrame = found.sensitivity
    rows = table[(table["outcome"] == outcome) & (table["method"] == "sobol") & table["measure"].isin(["first", "total"])]
    lines = ["| factor | index | value | 95 % interval | |", "| --- | --- | ---: | --- | --- |"]
    for row in rows.sort_values(["index", "value"], ascending=[True, False]).to_dict("records"):
        wide = "" if row["settled"] else "needs more runs"
        lines.append(f"| `{row['factor']}` | {row['index']} | {row['value']:.3f} | {row['low']:.3f} to {row['high']:.3f} | {wide} |")
    return [f"### `{outcome}`", "\n".join(lines)]


if __name__ == "__main__":
    main()
