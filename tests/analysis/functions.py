"""Functions whose sensitivity is known."""

import numpy as np

ISHIGAMI = ["x1", "x2", "x3"]
ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
ISHIGAMI_SECOND_13 = 0.2437
"""Exact shares of variance with a = 7 and b = 0.1: Ishigami, T., & Homma, T. (1990), doi:10.1109/ISUMA.1990.151285."""


def ishigami(x: np.ndarray) -> np.ndarray:
    """The function on [-pi, pi]^3, shape (n, 3) -> (n,)."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_problem() -> dict:
    """The same as SALib's problem."""
    return {"num_vars": 3, "names": ISHIGAMI, "bounds": [[-np.pi, np.pi]] * 3}
