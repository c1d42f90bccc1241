"""The small cities in which levers are tested: those of the tests, so that pages and tests describe the same cities."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[2] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "contracts"), str(TESTS / "mechanisms")]

from arranged import ALPHA, LEAN, Pairs, default, more  # noqa: E402
from cities import small  # noqa: E402
from test_levers import OFTEN, QUARREL, SETTINGS, SITUATIONS, STORIES  # noqa: E402

__all__ = ["LEAN", "ALPHA", "OFTEN", "QUARREL", "SETTINGS", "SITUATIONS", "STORIES", "Pairs", "default", "more", "small"]
