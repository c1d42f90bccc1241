"""The same model as whole-array NumPy: one array per column of residents, a handful of array operations per equation.

What somebody at home in NumPy would write: no loop over people, comparisons and `np.where` instead of branches, rare events by their
indices, `np.add.reduceat` for the sums of communities and places, counter-based luck from the same hash as the kernels. Every operation is
the one of the kernel in the same order in 32 bits, so the two models agree to the last bit, which a test shows.

Only residents are here. What units decide and how a week is booked (about a thirtieth of a week) is called from the package: the
comparison flatters NumPy by as much.
"""

from benchmarks.vectorised.city import NumpyCity

__all__ = ["NumpyCity"]
