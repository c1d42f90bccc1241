"""Every mechanism's file stands alone: it loads, and its functions act on a city, while no other mechanism can be imported.

What each declares is checked in tests/contracts: claim, equation, source, what it brings and costs; unit, range, default and source of
every parameter; what it does as the only one, and what the others do without it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import STAGES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def by_themselves():
    """What every mechanism did when no other was within reach, from a process in which kernels are plain Python."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, HERE / "by_itself.py"], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", MECHANISMS)
def test_it_loads_and_acts_while_no_other_can_be_imported(by_themselves, name):
    found = by_themselves[name]
    assert "error" not in found, found["error"]
    assert {name, f"plan_{name}"} & set(found["acted"])
    mechanism = MECHANISMS[name]
    assert found["moved"], "it moved nothing"
    assert set(found["moved"]) <= {*mechanism.writes, *(f"count.{count}" for count in mechanism.counts)}


@pytest.mark.parametrize("name", MECHANISMS)
def test_its_name_is_that_of_its_file_its_stream_and_its_place_in_a_week(name):
    mechanism = MECHANISMS[name]
    assert mechanism.name == name
    assert (ROOT / "sim" / "mechanisms" / f"{name}.py").is_file()
    assert mechanism.stage in STAGES
