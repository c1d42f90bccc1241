from sim.kernel import *
