"""Disks that are full or read-only, folders without permission, two sweeps in one folder: one clear line, and nothing bad is left."""

import contextlib
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import pytest
import sweeping
from click.testing import CliRunner
from processes import PATIENCE, environment
from studies import TEXT

import sim
from sim.cli import cli
from sim.experiments.studies.study_result import read_study

PART = "Disks and folders"
SCENARIO = "name: small\nhorizon: 60\ncity: {preset: synthetic, residents: 256, districts: 1}\n"
STUDY = TEXT + "record: series\n"
NOBODY = 65534


@pytest.fixture
def here(tmp_path):
    (tmp_path / "run.yaml").write_text(SCENARIO)
    (tmp_path / "small.yaml").write_text(STUDY)
    return tmp_path


def sanzhi(folder, *arguments, **more):
    command = [sys.executable, "-m", "sim.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=PATIENCE, **more)


@contextlib.contextmanager
def mounted(folder, options):
    """A file system in memory, as small or as read-only as wanted; skips where this may not be mounted."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


RUN = ("run", "run.yaml", "--no-report", "--quiet", "--workers", 1, "--out")
SWEEP = ("sweep", "small.yaml", "--quiet", "--workers", 1, "--out")


@pytest.fixture
def told(finding):
    """Assert that commands ended with 2 and one line that says what is wrong."""

    def check(claim, says, *ended, left=(), more=""):
        lines = [done.stderr.strip() for done in ended]
        clear = [says in line and line.count("\n") == 0 and done.returncode == 2 for line, done in zip(lines, ended, strict=True)]
        trouble = "".join(f"; {line[-300:]}" for line, so in zip(lines, clear, strict=True) if not so)
        finding(
            claim,
            wanted="exit 2, one line that names the cause, nothing half-written left",
            found=f"{sum(clear)} of {len(ended)} commands so; {len(left)} stray files{more}{trouble}",
            reached=all(clear) and not left,
            part=PART,
            kind="promise",
        )

    return check


def strays(folder):
    """What a write that failed may have left half done."""
    return [path for path in folder.rglob("*") if ".partial" in path.name]


def test_full_disk(here, told):
    """A real one. Once it has room, the same command goes on and ends as if nothing had been."""
    alone = sanzhi(here, *SWEEP, here / "alone")
    assert alone.returncode == 0, alone.stderr
    with mounted(here / "disk", "size=256k") as disk:
        run = sanzhi(here, *RUN, disk / "runs")
        assert not list((disk / "runs").rglob("*.json"))
        (disk / "ballast").write_bytes(b"x" * 60_000)
        sweep = sanzhi(here, *SWEEP, disk)
        left = strays(disk)
        (disk / "ballast").unlink()
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        again = sanzhi(here, *SWEEP, disk)
        assert again.returncode == 0, again.stderr
        same = read_study(disk / "small").content_hash == read_study(here / "alone" / "small").content_hash
        told("a disk of 256 KB that is full (tmpfs)", "the disk is full", run, sweep, left=left, more="; with room, the same hash" * same)
        assert same


def test_file_size_limit(here, told):
    """Where nothing can be mounted: files may not grow, which takes the same ways through the code."""
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))}
    run, sweep = sanzhi(here, *RUN, here / "runs", **limit), sanzhi(here, *SWEEP, here / "out", **limit)
    told("files that may not grow beyond 8 KB (RLIMIT_FSIZE)", "cannot write", run, sweep, left=strays(here))


def test_read_only_disk(here, told):
    with mounted(here / "disk", "size=1m,ro") as disk:
        ended = sanzhi(here, *RUN, disk), sanzhi(here, *SWEEP, disk)
        told("a read-only disk (tmpfs)", "the disk is read-only", *ended, left=list(disk.iterdir()))


def in_a_child(function):
    """What a function gives in a fork of this process that may not do everything."""

    def work(pipe):
        try:
            if os.geteuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            pipe.send(function())
        except BaseException:
            pipe.send(traceback.format_exc())

    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=work, args=(there,))
    child.start()
    assert here.poll(PATIENCE)
    found = here.recv()
    child.join()
    assert not isinstance(found, str), found
    return found


@pytest.fixture
def public(here):
    """The same, where everybody may read: folders of pytest are its user's own."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(here, name, dirs_exist_ok=True)
        Path(name).chmod(0o755)
        yield Path(name)


def test_no_permission(public, told, monkeypatch):
    """As nobody, who may read the scenarios but write nowhere. What is imported was imported before: nobody may not read root's Python."""
    if not in_a_child(lambda: os.access(sim.__file__, os.R_OK)):
        pytest.skip("nobody may not read the folder of the project")
    monkeypatch.chdir(public)
    closed = public / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    commands = [[str(word) for word in (*words, closed)] for words in (RUN, SWEEP)]

    def call():
        results = [CliRunner().invoke(cli, command, prog_name="sanzhi") for command in commands]
        return [(result.exit_code, result.stderr) for result in results]

    for words in (RUN, SWEEP):
        assert CliRunner().invoke(cli, [str(word) for word in (*words, public / "open")], prog_name="sanzhi").exit_code == 0
    ended = [subprocess.CompletedProcess([], code, "", text) for code, text in in_a_child(call)]
    told("a folder in which one may not write", "no permission", *ended, left=list(closed.iterdir()))


def test_two_sweeps_in_one_folder(here, finding):
    (here / "small.yaml").write_text(sweeping.killable(2000))
    command = [sys.executable, "-m", "sim.cli", "sweep", "small.yaml", "--quiet", "--workers", "1", "--out", str(here)]
    with subprocess.Popen(command, cwd=here, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first:
        try:
            sweeping.wait_until_at_work(here / "small", first)
            second = sanzhi(here, *SWEEP, here)
        finally:
            first.kill()
    named = f"another sweep is running in this folder (process {first.pid} on" in second.stderr and second.returncode == 2
    finding(
        "two sweeps in one folder",
        wanted="the second refused with exit 2, naming process, machine and start of the first",
        found=f"exit {second.returncode}, {'the first named' if named else second.stderr[-200:]}",
        reached=named and second.stderr.count("\n") == 1,
        part=PART,
        kind="promise",
    )
    assert sanzhi(here, *SWEEP[:-3], "--workers", 1, "--time-limit", 1e-9, "--out", here).returncode == 1  # the lock went with its process
