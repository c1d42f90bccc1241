"""Traps of the libraries below, see the table in docs/reliability.md: those that no other test tries."""

import ast
import os
import re
import shutil
import stat
from pathlib import Path

import pytest
from keep_findings import exists

from sim.kernel import cache

ROOT = Path(__file__).parents[2]
TEXT = ROOT / "docs" / "making" / "texts" / "reliability.md"


def test_every_trap_names_a_test_that_exists():
    named = re.findall(r"`([\w/]+\.py::\w+)`", TEXT.read_text(encoding="utf-8"))
    assert named
    assert [test for test in named if not exists(f"tests/{test}")] == []


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The package's sources, to be edited."""
    folder = tmp_path / "sim"
    shutil.copytree(cache.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__", "ready"))
    monkeypatch.setattr(cache, "PACKAGE", folder)
    return folder


@pytest.mark.parametrize("pattern", cache.SOURCES)
def test_an_edited_kernel_has_another_cache(copied, pattern):
    """Numba looks at the file of the outermost function alone: an edited mechanism would go on as it was."""
    before = cache.hash_of_sources()
    edited = sorted(copied.glob(pattern))[-1]
    edited.write_text(edited.read_text(encoding="utf-8").replace("0.5", "0.25") + "\n", encoding="utf-8")
    assert cache.hash_of_sources() != before


def functions_compiled(path):
    """Names of kernels, phases and drivers of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    decorated = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for d in node.decorator_list if _name(d) in SORTS]
    return [node.name for node in decorated]


SORTS = ("kernel", "tile_kernel", "driver", "njit")


def _name(node):
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_kernels_stand_only_where_the_cache_looks():
    looked_at = {path for pattern in cache.SOURCES for path in cache.PACKAGE.glob(pattern)}
    elsewhere = [path.name for path in cache.PACKAGE.rglob("*.py") if path not in looked_at and functions_compiled(path)]
    assert elsewhere == []


def test_compiled_kernels_lie_in_a_folder_of_the_users_own(tmp_path, monkeypatch):
    """They are pickles: whoever can write there runs code as the user."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache.cache_folder().path
    assert tmp_path in folder.parents
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_where_that_folder_is_not_ones_own_there_is_another(tmp_path, monkeypatch):
    (tmp_path / "sanzhi").write_text("in the way")
    (tmp_path / "tmp").mkdir()
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    folder = cache.cache_folder().path
    assert tmp_path / "tmp" in folder.parents
    assert folder.stat().st_uid == os.getuid()


LIBM = set("exp exp2 expm1 log log2 log10 log1p pow power sin cos tan tanh erf gamma cbrt hypot".split())


def test_kernels_use_no_libm_no_fast_math_and_no_parallel_sums():
    """Their last bits differ from machine to machine; `sim.maths` has what is needed, from + - * / and sqrt."""
    found = []
    state = [pattern for pattern in cache.SOURCES if not pattern.startswith("attribution")]
    for path in (path for pattern in state for path in cache.PACKAGE.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in ("np", "math") and node.attr in LIBM:
                found.append(f"{path.name}:{node.lineno}: {node.value.id}.{node.attr}")
            if (isinstance(node, ast.keyword) and node.arg in ("fastmath", "parallel")) or _name(node) == "prange":
                found.append(f"{path.name}: {ast.unparse(node)}")
    assert found == []
