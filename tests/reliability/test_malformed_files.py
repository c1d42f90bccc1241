"""Malformed scenario files, hand-written and generated: each answered with positions, exit 2, no traceback, in a second and 200 MB."""

import os
import random
import re
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from malformed_cases import TEXTS, VALUES
from processes import CPU_SECONDS, environment, processor_seconds

from sim.errors import ScenarioError
from sim.scenario import load_scenario

CASES = {name: text for name, (text, _, _) in {**TEXTS, **VALUES}.items()}
POSITION = re.compile(r"[^:\n]+\.yaml:\d+:\d+: [^\n]+: got [^\n]+; expected [^\n]+")
MEGABYTES = 200
PART = "Bad input"
READY = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
PIECES = ": - {} [] , ' \" # & * ! | > % @ ` ~ 010 1e999 .nan null yes 12:30 \t \u00a0 \u200b \x07 : <<: &a *a !!str ---".split(" ")


def mutated(rng):
    """A shipped scenario with a few characters or lines put in, taken out, doubled or changed."""
    lines = rng.choice(READY).read_text(encoding="utf-8").splitlines()
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(lines))
        line, at = lines[place], rng.randrange(len(lines[place]) + 1)
        others = [
            [line[:at] + rng.choice(PIECES) + line[at:]],
            [line[:at] + line[at + 1 + rng.randrange(3) :]],
            [line, line],
            [""],
            [" " * rng.randrange(1, 4) + line],
            [line.replace("0.", "-0.")],
            [line.upper()],
        ]
        lines[place : place + 1] = rng.choice(others)
    return "\n".join(lines) + "\n"


def answer(file):
    """What a file is answered with; None for a sound one."""
    try:
        load_scenario(file)
    except ScenarioError as error:
        return str(error)
    return None


def check_files(finding, tmp_path, texts, what):
    """Every malformed text has positions, and no other error is raised; time over all."""
    load_scenario("baseline").with_changes({"targets": [{"metric": "stability", "by": 1, "at_least": 0.5}]})  # pays for imports
    times, placed = [], 0
    for text in texts:
        file = tmp_path / "case.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        said, seconds = processor_seconds(partial(answer, file))
        if said is None:
            continue
        times.append(seconds)
        placed += all(POSITION.fullmatch(line) for line in said.split("\n"))
    finding(
        f"malformed scenario files, {what}",
        wanted=f"each problem as file:line:column, each file within {CPU_SECONDS:g} s of processor time",
        found=f"{placed:,} of {len(times):,} so; median {1000 * statistics.median(times):.1f} ms, slowest {1000 * max(times):.0f} ms",
        reached=placed == len(times) > 0 and max(times) < CPU_SECONDS,
        part=PART,
        kind="promise",
    )


VALIDATE = """
import sys
from sim.cli import main
sys.argv[1:1] = ["validate"]
try:
    main()
finally:
    print(*(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""The command, and its peak of memory in kilobytes. What the system keeps of a child counts that of the process that started it, too."""


def validated(file):
    """Exit code, text, processor seconds and megabytes at the peak of `sanzhi validate`, a process of its own."""
    command = [sys.executable, "-c", VALIDATE, str(file)]
    with file.with_suffix(".said").open("w+b") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environment())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) / 1024
    return process.returncode, text, usage.ru_utime + usage.ru_stime, peak


def check_processes(finding, tmp_path, names, what):
    """A process for each; time beyond what a sound file takes, since starting Python is no answer, and memory with all there is."""
    file, sound, seconds, megabytes, clean = tmp_path / "case.yaml", [], [], [], 0
    for number, name in enumerate(names):
        if number % 4 == 0:
            file.write_text("name: sound\n")
            sound.append(validated(file)[2])
        file.write_bytes(CASES[name] if isinstance(CASES[name], bytes) else CASES[name].encode())
        code, text, took, peak = validated(file)
        clean += code == 2 and "Traceback" not in text and POSITION.search(text) is not None
        seconds.append(took)
        megabytes.append(peak)
    start = statistics.median(sound)
    beyond = statistics.median(seconds) - start
    finding(
        "malformed files before `sanzhi validate`, a process each",
        wanted=f"exit 2, no traceback, a position; in the median within {CPU_SECONDS:g} s of processor time of what a sound file takes;"
        f" each below {MEGABYTES} MB at the peak",
        found=f"{clean} of {len(names)} so ({what}); median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s, a sound file"
        f" {start:.2f} s; most {max(megabytes):.0f} MB",
        reached=clean == len(names) and beyond < CPU_SECONDS and max(megabytes) < MEGABYTES,
        part=PART,
        kind="promise",
    )


def test_hand_written(finding, tmp_path):
    check_files(finding, tmp_path, CASES.values(), "hand-written")


def test_generated(finding, tmp_path):
    rng = random.Random(1)
    check_files(finding, tmp_path, [mutated(rng) for _ in range(300)], "generated from shipped ones")


BOMBS = ["alias bomb", "merge bomb", "deep lists", "deep braces", "many nodes", "too large", "5000 digits", "python tag"]


def test_bombs_as_processes(finding, tmp_path):
    check_processes(finding, tmp_path, BOMBS, "the bombs")


@pytest.mark.soak
def test_ten_thousand_generated(finding, tmp_path):
    rng = random.Random(2)
    check_files(finding, tmp_path, [mutated(rng) for _ in range(10_000)], "generated from shipped ones")


@pytest.mark.soak
def test_all_as_processes(finding, tmp_path):
    check_processes(finding, tmp_path, list(CASES), "all that are hand-written")
