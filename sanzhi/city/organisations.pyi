from sim.city.organisations import *
