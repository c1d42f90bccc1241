"""Kernels are compiled by the fast way for tested versions of Numba only, and as documented for all others; both are kept on disk."""

import subprocess
import sys

import pytest
from processes import PATIENCE, environment

from sim.errors import UserError
from sim.kernel.versions import TESTED, VARIABLE, way


@pytest.mark.parametrize("version", [f"{TESTED[0]}.0", f"{TESTED[-1]}.1", f"{TESTED[-1]}.2rc1"])
def test_a_tested_version_is_linked(version):
    assert way(version) == "linked"


@pytest.mark.parametrize("version", ["0.59.1", "0.600.0", "0.6", "1.0.0", "2"])
def test_any_other_version_is_compiled_as_documented(version):
    assert way(version) == "documented"


def test_either_way_can_be_chosen_for_any_version():
    assert way(f"{TESTED[0]}.0", "documented") == "documented"
    assert way("9.9", "linked") == "linked"


def test_a_way_that_does_not_exist_is_refused():
    with pytest.raises(UserError, match=f"{VARIABLE}=fast"):
        way("0.60.0", "fast")


KEPT = """
import numpy as np, sys
from sim.draws import random_key
from sim.kernel import CACHE, WAY, compiled, driver, values_of
sys.path.insert(0, sys.argv[1])
from doubled import double_all
values = np.arange(5, dtype=np.float32)
double_all(values)
print(WAY, values.tolist() == [0, 2, 4, 6, 8], sum(double_all.stats.cache_misses.values()), compiled(), random_key(np.uint64(1), 2, 3))
"""
SOURCE = """
from sim.kernel import driver
@driver
def double_all(values):
    for i in range(len(values)):
        values[i] = 2.0 * values[i]
"""


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["linked", "documented"])
def test_what_was_compiled_once_is_loaded(wanted, tmp_path):
    (tmp_path / "doubled.py").write_text(SOURCE, encoding="utf-8")
    found = [_told(wanted, tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "cache")) for _ in range(2)]
    assert [told[:4] for told in found] == [[wanted, "True", "1", "True"], [wanted, "True", "0", "True"]]
    assert found[0][4] == found[1][4]


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["linked", "documented"])
def test_without_a_place_to_keep_it_it_is_compiled_each_time(wanted, tmp_path):
    (tmp_path / "doubled.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "in the way").write_text("")
    nowhere = str(tmp_path / "in the way")
    told = _told(wanted, tmp_path, NUMBA_CACHE_DIR=nowhere, XDG_CACHE_HOME=nowhere, HOME=nowhere)
    assert told[:2] == [wanted, "True"]


OUTSIDE = """
import numba
from sim.kernel import driver, kernel
@kernel
def to_the(value, power):
    return value * value if numba.literally(power) == 2 else value
@kernel
def part(parts, number):
    return parts[number]
@kernel
def twice(value):
    def doubled(one):
        return one * 2.0
    return doubled(value)
@driver
def double_all(values):
    for i in range(len(values)):
        values[i] = twice(part((values, to_the(values[i], 2)), 1) / max(values[i], 1.0))
"""


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["linked", "documented"])
def test_kernels_from_outside_may_use_literals_and_closures(wanted, tmp_path):
    (tmp_path / "doubled.py").write_text(OUTSIDE, encoding="utf-8")
    assert _told(wanted, tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "cache"))[:2] == [wanted, "True"]


@pytest.mark.slow
def test_uncompiled_nothing_is_linked(tmp_path):
    code = "from sim.kernel import WAY, values_of; from sim.maths import exp; print(WAY, values_of(3), type(exp).__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(NUMBA_DISABLE_JIT="1"), capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert done.stdout.split() == ["documented", "3", "function"]


def _told(wanted, folder, **variables):
    command = [sys.executable, "-c", KEPT, str(folder)]
    done = subprocess.run(
        command, env=environment(**{VARIABLE: wanted}, **variables), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
