from sim.city.codes import *
