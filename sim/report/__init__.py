"""What people look at: figures and a report of one run, in English or Chinese."""

from sim.environment import ensure_matplotlib_folder

ensure_matplotlib_folder()  # before anything below imports Matplotlib
