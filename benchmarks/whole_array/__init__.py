"""Four mechanisms as whole-array NumPy: a baseline for the kernels.

Participation, disputes, offending and satisfaction in idiomatic NumPy: one array per column, no loop over people,
`np.where` instead of branches, rare events by their indices, `np.add.reduceat` for sums of communities. Random numbers come from the
same counter-based generator, and all operations are those of the kernels in the same order in 32 bits, so that both give the same bits in a
city where the other mechanisms of residents are disabled (a test compares them). Decisions of units are called from the package.
"""

from benchmarks.whole_array.city import NumpyCity

__all__ = ["NumpyCity"]
