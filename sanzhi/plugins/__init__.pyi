from sim.plugins import *
