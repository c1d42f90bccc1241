"""The same week in plain Python: objects, dictionaries and loops, written from the mechanisms' equations.

An independent model of what `sim` computes with kernels: it shares neither code nor layout with them, only the declarations (parameters,
names of instruments and lines, tables of weights). The test beside it lets both live the same weeks and compares everything. It is also the
plain-Python side of the benchmarks.
"""

from .week import PlainCity

__all__ = ["PlainCity"]
