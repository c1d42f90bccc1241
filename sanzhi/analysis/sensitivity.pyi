from sim.analysis.sensitivity import *
