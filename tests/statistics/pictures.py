"""Small plain pictures for docs/validation.md."""

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot as plt

OURS, NULL, WORLD = "#1f5f8b", "#b0b0b0", "#c0562f"
"""The model, the null model, and what was seen in the world."""
STYLE = {
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.labelsize": 8,
}


def panels(count: int = 1, width: float = 3.2, height: float = 2.1, **more):
    """A figure with panels beside each other, and the panels (one of them as it is)."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, count, figsize=(width * count, height), layout="constrained", **more)
    return figure, axes


def key(axis, **more):
    """A legend that does not shout."""
    axis.legend(fontsize=6.5, frameon=False, **more)


def head(axis, text):
    """A title of the size of everything else."""
    axis.set_title(text, fontsize=8)
