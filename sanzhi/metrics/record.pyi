from sim.metrics.record import *
