"""Compiled kernels on disk: whatever state the disk is in, a run begins, gives the same, and says at most one line."""

import errno
import logging
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np
import pytest
from processes import PATIENCE, environment

from sim import kernel, user_cache
from sim.console.progress import announce_compiling
from sim.files import write_whole
from sim.kernel import cache, linked
from sim.user_cache import CacheFolder, private_folder

ROOT = Path(__file__).parents[2]


def double_all(values):
    for i in range(len(values)):
        values[i] = 2.0 * values[i]


class Kept:
    """A small driver whose machine code is kept in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *kinds):
        """Call it as a new process would; how often it compiled."""
        fresh = linked.driver(double_all)
        fresh._cache = linked.KernelCache(double_all, self.folder)
        for kind in kinds or (np.float32,):
            values = np.arange(5, dtype=kind)
            fresh(values)
            assert values.tolist() == [0, 2, 4, 6, 8]
        return sum(fresh.stats.cache_misses.values())

    @property
    def entries(self):
        return sorted(self.folder.glob(f"*{cache.SUFFIX}"))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(linked, "_complained", False)
    return Kept(tmp_path / "kernels")


def test_what_was_compiled_once_is_loaded(kept):
    assert [kept(), kept(np.float64), kept(np.float32, np.float64)] == [1, 1, 0]
    assert len(kept.entries) == 2


DAMAGES = {
    "empty": lambda raw: b"",
    "half": lambda raw: raw[: len(raw) // 2],
    "zeros, as a power cut leaves them": lambda raw: bytes(len(raw)),
    "a bit turned": lambda raw: raw[:-100] + bytes([raw[-100] ^ 4]) + raw[-99:],
    "something else": lambda raw: b"no machine code\n" * 100,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_entry_is_compiled_anew_and_mended(kept, damage):
    kept()
    (entry,) = kept.entries
    entry.write_bytes(damage(entry.read_bytes()))
    assert [kept(), kept()] == [1, 0]


def test_an_entry_that_cannot_be_read_is_compiled_anew(kept):
    kept()
    (entry,) = kept.entries
    entry.unlink()
    entry.mkdir()
    assert kept() == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_what_cannot_be_kept_is_said_once_and_the_work_goes_on(kept, number, monkeypatch, caplog):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", refuse)
    with caplog.at_level(logging.WARNING):
        assert [kept(np.float32, np.float64), kept()] == [2, 1]
    assert len(caplog.records) == 1
    assert os.strerror(number) in caplog.text
    assert list(kept.folder.iterdir()) == []


def test_a_folder_that_is_taken_away_is_made_again(kept):
    kept()
    shutil.rmtree(kept.folder)
    assert [kept(), kept()] == [1, 0]


def test_without_any_folder_it_is_compiled_each_time(kept):
    kept.folder = None
    assert [kept(), kept()] == [1, 1]


def test_writers_at_the_same_time_leave_whole_entries(kept, tmp_path):
    kept.folder.mkdir()
    path = kept.folder / "entry"
    contents = [bytes([letter]) * 200_000 for letter in b"abcdefgh"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: write_whole(path, content, flushed=False), contents * 5))
    assert path.read_bytes() in contents
    assert list(kept.folder.iterdir()) == [path]


RUN = """
import sim
from sim.kernel import CACHE
before = sorted(CACHE.path.iterdir())
run = sim.simulate(sim.load_scenario("baseline").with_changes({"city.preset": "synthetic", "city.residents": 256, "horizon": 2}))
print(sim.__file__, run.content_hash, len(set(CACHE.path.iterdir()) - set(before)))
"""


def test_another_copy_of_the_package_finds_what_the_first_compiled(tmp_path):
    """An installation in the place of an editable one, another environment, another checkout: the same sources, newly dated."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__", "ready"))
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    found = []
    for place in (ROOT, tmp_path):
        paths = os.pathsep.join([str(place), *(path for path in sys.path if path and Path(path) != ROOT)])
        command = [sys.executable, "-c", RUN]
        done = subprocess.run(command, cwd=place, env=environment(PYTHONPATH=paths), capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        found.append(done.stdout.split())
    (first, same, _), (second, again, anew) = found
    assert first != second
    assert same == again
    assert anew == "0"


@pytest.mark.parametrize("setting", ["OPT", "BOUNDSCHECK", "CPU_NAME"])
def test_settings_that_change_machine_code_have_a_cache_of_their_own(setting, monkeypatch):
    before = cache._machine()
    monkeypatch.setattr(numba.config, setting, "generic")
    assert cache._machine() != before


def test_a_folder_for_all_that_numba_compiles_does_not_bring_back_old_kernels(tmp_path, monkeypatch):
    """Who names one keeps it from version to version."""
    monkeypatch.setenv(cache.NAMED, str(tmp_path))
    first, second = cache.cache_folder("aaaa"), cache.cache_folder("bbbb")
    assert first.path.parent == second.path.parent == tmp_path
    assert first.path != second.path


# --- where the folder lies ---


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A machine whose users have no home, and its temporary folder."""
    folder = tmp_path / "tmp"
    folder.mkdir(mode=0o1777)
    for name in ("HOME", "XDG_CACHE_HOME", cache.NAMED):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("Could not determine home directory.")))
    monkeypatch.setattr(user_cache, "_fallbacks", lambda: iter([folder / "sanzhi-23456"]))
    return folder


def test_without_a_home_there_is_one_private_folder_the_same_each_time(temporary):
    first, second = private_folder("kernels"), private_folder("kernels")
    assert first == second == CacheFolder(temporary / "sanzhi-23456" / "kernels", None, False)
    assert stat.S_IMODE((temporary / "sanzhi-23456").stat().st_mode) == 0o700


def test_a_home_that_cannot_be_written_is_named(temporary, monkeypatch):
    (temporary / "in the way").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(temporary / "in the way"))
    found = private_folder("kernels")
    assert (found.usual, found.refused) == (False, temporary / "in the way" / "sanzhi" / "kernels")


def _link(folder):
    (folder.parent / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "elsewhere")


def _foreign(folder):
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    else:
        pytest.skip("only root gives folders away")


HOSTILE = {
    "a link": _link,
    "another's": _foreign,
    "open to the group": lambda folder: (folder.mkdir(), folder.chmod(0o770)),
    "open to all": lambda folder: (folder.mkdir(), folder.chmod(0o777)),
    "a file": lambda folder: folder.write_text(""),
}


@pytest.mark.parametrize("trap", HOSTILE.values(), ids=HOSTILE)
def test_a_folder_that_others_laid_out_is_not_used(temporary, trap):
    """They are pickles: whoever can write there runs code as the user."""
    trap(temporary / "sanzhi-23456")
    assert private_folder("kernels").path is None


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (CacheFolder(None, None, False), "at every start"),
        (CacheFolder(Path("/tmp/sanzhi-1/kernels"), Path("/home/x/.cache"), False), "/tmp/sanzhi-1/kernels, since /home/x/.cache"),
        (CacheFolder(Path("/home/x/.cache/kernels"), None, True), "once for this version: about a minute\n"),
    ],
    ids=["nowhere", "fallback", "usual"],
)
def test_where_kernels_are_kept_is_said_when_they_are_compiled(place, said, monkeypatch, capsys):
    monkeypatch.setattr(kernel, "CACHE", place)
    monkeypatch.setattr(kernel, "compiled", lambda: False)
    announce_compiling()
    assert said in capsys.readouterr().err
    monkeypatch.setattr(kernel, "compiled", lambda: True)
    announce_compiling()
    assert capsys.readouterr().err == ""
