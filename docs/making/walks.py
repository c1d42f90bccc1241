"""Pages whose steps are executed: their files are written, their commands and Python code run, in order and in one empty folder.

A block with a title is a file of that name. A `sh` block is run by bash, with the `sanzhi` of this checkout; `# exits with 2` states the
expected exit code. A `python` block is run by itself. A `text` block is the output of the block before it:
`python -m docs.making walks` writes it again, and tests compare it. Durations differ between machines and are not compared.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docs.making.markdown import write

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
_HOW_TO = ("own_city", "own_rates", "own_metric", "cluster", "defend_a_result", "what_if", "money_and_staff", "measures", "brief")
WALKED = ("tutorials/*.md", *(f"how_to/{name}.md" for name in _HOW_TO))
"""Pages that are walked, as patterns below docs. Where one begins to change the package, a walk ends: see `docs.making.copies`."""
BLOCK = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.M | re.S)
EXITS = re.compile(r"# exits with (\d+)")
VARYING = (
    re.compile(r"\b\d[\d,.]* (?:s|MB|GB|runs/s|min)\b"),
    re.compile(r"\b(?:in \d+ process(?:es)?|on \d+ threads?)\b"),
    re.compile(r"[ \t]+$", re.M),
)
"""What differs between machines."""
PATIENCE = 600.0
"""Seconds after which a block counts as hanging."""


class Step(NamedTuple):
    """A block of a page that was run, with what it printed."""

    text: str
    code: int
    wanted: int
    printed: str
    failure: str
    shown: re.Match | None


def pages() -> list[Path]:
    """Every page that is walked."""
    return sorted(path for pattern in WALKED for path in DOCS.glob(pattern))


def walk(page: str, folder: Path) -> Iterator[Step]:
    """Do in a folder what a page says, block by block."""
    blocks = list(BLOCK.finditer(page))
    folder.mkdir(exist_ok=True)
    for number, block in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) and blocks[number + 1]["kind"] == "text" else None
        if block["kind"] == "diff":
            return
        if block["title"]:
            path = folder / block["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
        elif block["kind"] in ("sh", "python"):
            command = ["bash", "-ec", block["text"]] if block["kind"] == "sh" else [sys.executable, "-c", block["text"]]
            done = run(command, folder)
            wanted = int(found[1]) if (found := EXITS.search(block["text"])) else 0
            printed = done.stdout + (done.stderr if wanted else "")
            yield Step(block["text"], done.returncode, wanted, printed, done.stderr, after)


def run(command: list[str], folder: Path, checkout: Path = ROOT) -> subprocess.CompletedProcess:
    """Run a command in a folder, with `sanzhi` of a checkout, and with a group of processes of its own, none of which outlives it."""
    environment = _environment(folder.parent / f"{folder.name}.bin", checkout)
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _environment(programs: Path, checkout: Path) -> dict[str, str]:
    """Variables of commands: `sanzhi` and `python` are the checkout's and this process's, and lines have one width."""
    programs.mkdir(exist_ok=True)
    for name, command in {"sanzhi": "-m sanzhi", "python": ""}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    paths = filter(None, [str(checkout), os.environ.get("PYTHONPATH")])
    return os.environ | {
        "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(paths),
        "COLUMNS": "100",
        "MPLBACKEND": "agg",
    }


def same(text: str) -> str:
    """Output without what differs between machines."""
    for pattern in VARYING:
        text = pattern.sub("", text)
    return text.strip()


def write_all() -> None:
    """Walk every page and write what its commands print now."""
    for path in pages():
        print(" ", path.relative_to(ROOT), flush=True)
        page, folder = path.read_text(encoding="utf-8"), Path(tempfile.mkdtemp())
        try:
            steps = []
            for step in walk(page, folder):
                if step.code != step.wanted:
                    raise SystemExit(f"{path}: exit {step.code}\n{step.text}\n{step.printed}\n{step.failure}")
                steps.append(step)
            for step in reversed(steps):
                if step.shown and same(step.shown["text"]) != same(step.printed):
                    lines = "\n".join(line.rstrip() for line in step.printed.strip("\n").splitlines())
                    page = page[: step.shown.start("text")] + lines + "\n" + page[step.shown.end("text") :]
            write(path, page)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(f"{folder}.bin", ignore_errors=True)
