from sim.city import *
