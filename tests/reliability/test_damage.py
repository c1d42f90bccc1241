"""Flipped bits and files cut short, in store and series of a study and in results of a run: found, and only they are redone."""

import contextlib
import os
import random
import shutil
import sqlite3
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from studies import SHARES, Here, study

from sim.errors import UserError
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import BACKUP, RUN_STORE, SERIES, open_run_store
from sim.experiments.studies.study_result import read_study
from sim.experiments.studies.sweep import sweep
from sim.results import read_run, write_run

PART = "Damage"
GROUPS = {"mix": {"shares": SHARES, "at_most": 0.6}}


@cache
def asked():
    """The study that is swept."""
    return study(groups=GROUPS, record="series")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A finished study with its series."""
    return sweep(asked(), tmp_path_factory.mktemp("swept"), executor=Here)


@pytest.fixture(scope="module")
def run_of(tmp_path_factory):
    """A run that was written."""
    from sim.experiments.runs.simulate import simulate

    return write_run(simulate(asked().scenario, replicates=2), tmp_path_factory.mktemp("run") / "run").folder


def flip(path, rng):
    """Turn one bit of a file, any."""
    raw = bytearray(path.read_bytes())
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    path.write_bytes(raw)


def cut(path, rng):
    """Cut a file short, anywhere."""
    os.truncate(path, rng.randrange(path.stat().st_size))


def hurt(path, rng):
    """Flip a bit; one time in ten, cut the file short."""
    (cut if rng.random() < 0.1 else flip)(path, rng)


def truth(folder):
    """What every sound run must show."""
    return {row.run: (row.key, row.content_hash, row.seed, row.stability) for row in read_study(folder).runs.itertuples()}


class Tally:
    """Of damages: how many were found, how many touched nothing that counts, and how many runs they cost."""

    def __init__(self):
        self.found = self.harmless = self.wrong = self.lost = self.needless = 0

    @property
    def tried(self):
        return self.found + self.harmless + self.wrong


def ledgers(swept, tmp_path, count, rng):
    """Damage the store, without its backup: never a wrong value read, what is sound kept, and nothing else done again."""
    right, tally = truth(swept.folder), Tally()
    for _ in range(count):
        folder = Path(shutil.copytree(swept.folder, tmp_path / "hurt"))
        (folder / BACKUP).unlink(missing_ok=True)
        hurt(folder / RUN_STORE, rng)
        try:
            same = truth(folder) == right
            tally.harmless += same
            tally.wrong += not same
        except UserError:
            tally.found += 1
        with open_run_store(folder, asked(), designs.points(asked())) as store:
            pending = set(store.pending())
        seen = truth(folder)
        tally.wrong += any(seen[run] != right[run] for run in right if run not in pending)
        tally.lost += len(pending)
        shutil.rmtree(folder)
    return tally


def check_ledgers(finding, swept, tmp_path, count):
    tally = ledgers(swept, tmp_path, count, random.Random(3))
    finding(
        "a bit flipped, or the file cut short, in the store of a study (with its backup gone, too)",
        wanted="no wrong value ever read; every damage found, or in bytes that hold nothing; sound rows kept",
        found=f"{tally.tried:,} damages: {tally.found} found, {tally.harmless} in bytes that hold nothing, {tally.wrong} wrong values;"
        f" {tally.lost / (count * len(swept.runs)):.1%} of the rows lost and planned again",
        reached=tally.wrong == 0 and tally.found > 0,
        part=PART,
        kind="promise",
    )


def check_series(finding, swept, tmp_path, count):
    """Damage a part of the series: found when read; the same command does its runs again, and those alone."""
    rng, tally = random.Random(4), Tally()
    for _ in range(count):
        folder = Path(shutil.copytree(swept.folder, tmp_path / "hurt"))
        part = rng.choice(sorted((folder / SERIES).iterdir()))
        hurt(part, rng)
        try:
            read_study(folder).series()
            tally.wrong += 1
        except UserError:
            tally.found += 1
        with open_run_store(folder, asked(), designs.points(asked())) as store:
            pending = store.pending()
        own = swept.runs.loc[swept.runs["part"] == part.name, "run"].tolist()
        tally.needless += pending != own
        shutil.rmtree(folder)
    finding(
        "a bit flipped, or the file cut short, in the series of a study",
        wanted="every damage found; its runs done again, and no other",
        found=f"{tally.found:,} of {tally.tried:,} found; {tally.needless} times others were done again",
        reached=tally.found == tally.tried == count and tally.needless == 0,
        part=PART,
        kind="promise",
    )


def check_runs(finding, folder, count):
    rng, files, tally = random.Random(5), sorted(folder.iterdir()), Tally()
    for _ in range(count):
        path = rng.choice(files)
        good = path.read_bytes()
        hurt(path, rng)
        try:
            read_run(folder)
            tally.wrong += 1
        except UserError as error:
            tally.found += path.name in str(error) or "edited" in str(error)
        path.write_bytes(good)
    read_run(folder)
    finding(
        "a bit flipped, or the file cut short, in the results of a run",
        wanted="every damage found, and the file named",
        found=f"{tally.found:,} of {tally.tried:,} found",
        reached=tally.found == count,
        part=PART,
        kind="promise",
    )


def test_ledger(finding, swept, tmp_path):
    check_ledgers(finding, swept, tmp_path, 60)


def test_series(finding, swept, tmp_path):
    check_series(finding, swept, tmp_path, 60)


def test_results(finding, run_of):
    check_runs(finding, run_of, 300)


@pytest.mark.soak
def test_thousand_damages_to_a_ledger(finding, swept, tmp_path):
    check_ledgers(finding, swept, tmp_path, 1000)


@pytest.mark.soak
def test_thousand_damages_to_series(finding, swept, tmp_path):
    check_series(finding, swept, tmp_path, 1000)


@pytest.mark.soak
def test_thousand_damages_to_results(finding, run_of):
    check_runs(finding, run_of, 1000)


def test_with_its_backup_a_ledger_loses_nothing(swept, tmp_path, finding):
    rng, lost = random.Random(2), []
    for _ in range(30):
        folder = Path(shutil.copytree(swept.folder, tmp_path / "hurt"))
        assert (folder / BACKUP).exists()
        hurt(folder / RUN_STORE, rng)
        with open_run_store(folder, asked(), designs.points(asked())) as store:
            lost.append(len(store.pending()))
        shutil.rmtree(folder)
    found = f"{sum(lost)} rows lost in {len(lost)} damages"
    finding("the store damaged, its backup sound", wanted="no row lost", found=found, reached=not any(lost), part=PART, kind="promise")


def test_what_is_damaged_is_done_again_and_comes_out_the_same(swept, tmp_path):
    folder = Path(shutil.copytree(swept.folder, tmp_path / "small"))
    first, second = sorted((folder / SERIES).iterdir())[:2]
    flip(first, random.Random(1))
    second.unlink()
    (folder / SERIES / "stray.parquet").write_bytes(b"of a killed sweep")
    lost = swept.runs["part"].isin([first.name, second.name]).sum()
    with pytest.raises(UserError, match="run sanzhi sweep again"):
        read_study(folder).series()
    seen = []
    again = sweep(asked(), tmp_path, executor=Here, progress=lambda done, total: seen.append(total))
    assert set(seen) == {lost}
    assert again.content_hash == swept.content_hash
    pd.testing.assert_frame_equal(again.series(), swept.series())
    assert not (folder / SERIES / "stray.parquet").exists()


def test_a_value_changed_by_hand_is_found(swept, tmp_path):
    folder = Path(shutil.copytree(swept.folder, tmp_path / "small"))
    (folder / BACKUP).unlink()
    with contextlib.closing(sqlite3.connect(folder / RUN_STORE)) as connection, connection:
        connection.execute("UPDATE results SET stability = 0.99 WHERE run = 8")
    with pytest.raises(UserError, match="run 8: its checksum does not match"):
        read_study(folder)
    with open_run_store(folder, asked(), designs.points(asked())) as store:
        assert store.pending() == [8]
