"""The plain-Python model of tests/docking, made importable for benchmarks."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "docking"))

from plain import PlainCity
from plain.books import express
from plain.week import City

__all__ = ["City", "PlainCity", "express"]
