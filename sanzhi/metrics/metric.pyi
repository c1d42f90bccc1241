from sim.metrics.metric import *
