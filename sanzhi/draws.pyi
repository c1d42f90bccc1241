from sim.draws import *
