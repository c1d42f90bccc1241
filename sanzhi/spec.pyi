from sim.spec import *
