from sim.mechanisms import *
