"""The same model as whole-array NumPy or PyTorch: one array per column of residents, a handful of array operations per equation.

What somebody at home in them would write: no loop over people, comparisons and `np.where` instead of branches, rare events by their
indices, `np.add.reduceat` (in torch: differences of a running sum) for the sums of communities and places, counter-based luck from the same
hash as the kernels. Every operation is the one of the kernel in the same order in 32 bits, so all three agree to the last bit, which a test
shows. `arrays.py` holds the operations that the two libraries name differently, `tensors.py` (which alone needs torch) those of torch.

Only residents are here. What units decide and how a week is booked (about a thirtieth of a week) is called from the package: the
comparison flatters both by as much.
"""

from benchmarks.vectorised.city import NumpyCity

__all__ = ["NumpyCity"]
