"""Reports: pages and figures of runs and experiments, in English and Chinese."""

from sim.environment import ensure_matplotlib_folder

ensure_matplotlib_folder()  # before any module below imports Matplotlib
