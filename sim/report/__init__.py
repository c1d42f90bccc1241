"""What people look at: figures and a report of one run, in English or Chinese."""

from sim.surroundings import matplotlib_home

matplotlib_home()  # before anything below imports Matplotlib
