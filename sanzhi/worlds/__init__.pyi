from sim.worlds import *
