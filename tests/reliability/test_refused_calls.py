"""File systems that refuse what a local disk does: locks, flushing, exchange of names, rights. NFS and layers of containers are such."""

import ctypes
import errno
import fcntl
import os
import shutil
import stat
import subprocess
from functools import cache
from pathlib import Path

import pytest
from studies import study

from sim import files
from sim.errors import UserError
from sim.experiments.studies import designs
from sim.experiments.studies.run_store import open_run_store
from sim.experiments.studies.sweep import sweep

NONE_HERE = [errno.ENOLCK, errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EBADF, errno.EOPNOTSUPP]


@cache
def asked():
    """The study that is swept."""
    return study(replicates=1, design={"kind": "lhs", "samples": 2, "seed": 3})


@pytest.fixture(params=NONE_HERE, ids=errno.errorcode.get)
def refusing(request, monkeypatch):
    """A machine whose file systems answer all the calls that are named with an error, and do not know the exchange of names."""

    def refuse(*_):
        raise OSError(request.param, os.strerror(request.param))

    def no_exchange(*_, **__):
        raise AttributeError("renameat2")

    def these(*calls):
        monkeypatch.setattr(ctypes, "CDLL", no_exchange)
        for call in calls:
            monkeypatch.setattr(*CALLS[call], refuse)

    return these


CALLS = {"flock": (fcntl, "flock"), "fsync": (os, "fsync"), "chmod": (Path, "chmod")}


def nfs_locks(handle, how):
    """NFS has locks for handles that are opened for writing: so it says of `flock` for a folder, or a file opened for reading."""
    if how & fcntl.LOCK_EX and fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return REAL_FLOCK(handle, how)


REAL_FLOCK = fcntl.flock


def test_a_sweep_runs_on_nfs_and_a_second_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(fcntl, "flock", nfs_locks)
    with (
        open_run_store(tmp_path / asked().name, asked(), designs.points(asked())),
        pytest.raises(UserError, match="another sweep is running"),
    ):
        sweep(asked(), tmp_path, workers=1)
    assert sweep(asked(), tmp_path, workers=1).complete


def test_where_nothing_can_be_locked_a_sweep_says_so_and_names_a_way(refusing, tmp_path):
    refusing("flock")
    with pytest.raises(UserError, match=r"does not support file locks.*--out") as told:
        sweep(asked(), tmp_path, workers=1)
    assert "at work" not in str(told.value)


def test_results_are_written_all_the_same_and_replaced(refusing, tmp_path):
    refusing("flock", "fsync", "chmod")
    for content in (b"first", b"second"):
        with files.whole_folder(tmp_path / "results") as partial:
            files.write_whole(partial / "table", content)
        assert (tmp_path / "results" / "table").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_did_not_take_it_is_an_error(number, monkeypatch, tmp_path):
    def fail(handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        files.write_whole(tmp_path / "file", b"content")
    assert list(tmp_path.iterdir()) == []


def test_without_locks_only_what_is_older_than_a_day_is_taken_for_left_behind(refusing, tmp_path):
    refusing("flock")
    fresh, old = tmp_path / f"{files.PARTIAL}results-fresh", tmp_path / f"{files.PARTIAL}results-old"
    for path in (fresh, old):
        path.mkdir()
    before = fresh.stat().st_mtime - 2 * files.DAY
    os.utime(old, (before, before))
    with files.whole_folder(tmp_path / "results"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, "results"]


def test_what_could_not_be_put_in_its_place_leaves_what_was_there(refusing, tmp_path, monkeypatch):
    refusing()
    with files.whole_folder(tmp_path / "results") as partial:
        (partial / "table").write_bytes(b"first")
    real = Path.rename

    def fail_once(self, target):
        if Path(target) == tmp_path / "results":
            monkeypatch.setattr(Path, "rename", real)
            raise OSError(errno.EIO, "no")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OSError, match="no"), files.whole_folder(tmp_path / "results") as partial:
        (partial / "table").write_bytes(b"second")
    assert (tmp_path / "results" / "table").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


@pytest.fixture
def layered(tmp_path):
    """A folder as a container sees it: a layer of an image, which holds results, with one to write into above it."""
    lower, upper, work, merged = (tmp_path / name for name in ("lower", "upper", "work", "merged"))
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    lower, upper, work, merged = (disk / name for name in ("lower", "upper", "work", "merged"))
    for path in (lower, upper, work, merged):
        path.mkdir()
    (lower / "results").mkdir()
    (lower / "results" / "table").write_bytes(b"first")
    where = f"lowerdir={lower},upperdir={upper},workdir={work}"
    done = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", where, str(merged)], capture_output=True, check=False)
    try:
        if done.returncode:
            pytest.skip("no overlay may be mounted here")
        yield merged
        subprocess.run(["umount", str(merged)], check=True)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_results_that_an_image_brought_are_replaced(layered):
    with files.whole_folder(layered / "results") as partial:
        (partial / "table").write_bytes(b"second")
    assert (layered / "results" / "table").read_bytes() == b"second"
    assert [path.name for path in layered.iterdir()] == ["results"]


def test_a_users_own_files_stay_in_a_folder_that_is_written_again(tmp_path):
    """Also their links, as links, even to nowhere; of the results only those named go."""
    folder = tmp_path / "results"
    with files.whole_folder(folder) as partial:
        (partial / "table").write_bytes(b"first")
        (partial / "page").write_bytes(b"first")
    (folder / "notes").mkdir()
    (folder / "notes" / "mine").write_bytes(b"mine")
    (folder / "nowhere").symlink_to("gone")
    (folder / "above").symlink_to(tmp_path)
    with files.whole_folder(folder, ["page", "figures"]) as partial:
        (partial / "table").write_bytes(b"second")
    assert {path.name for path in folder.iterdir()} == {"table", "notes", "nowhere", "above"}
    assert (folder / "table").read_bytes() == b"second"
    assert (folder / "notes" / "mine").read_bytes() == b"mine"
    assert (folder / "nowhere").readlink() == Path("gone")
    assert (folder / "above").readlink() == tmp_path


def test_a_folder_of_results_is_readable_as_the_user_wants_it(tmp_path):
    with files.whole_folder(tmp_path / "results"):
        pass
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "results").stat().st_mode) == 0o777 & ~mask
    shutil.rmtree(tmp_path / "results")
