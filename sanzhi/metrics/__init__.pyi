from sim.metrics import *
