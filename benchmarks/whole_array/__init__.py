"""Four mechanisms as whole-array NumPy: a yardstick for the kernels.

Participation, disputes, offending and satisfaction, written as somebody at home in NumPy would: one array per column, no loop over people,
`np.where` instead of branches, rare events by their indices, `np.add.reduceat` for sums of communities. Random numbers come from the
same counter-based generator, and every operation is the one of the kernel in the same order in 32 bits, so that both give the same bits
in a city where the other mechanisms of residents are switched off (a test compares them). What units decide is called from the package.
"""

from benchmarks.whole_array.city import NumpyCity

__all__ = ["NumpyCity"]
