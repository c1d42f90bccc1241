from sim.city.resident import *
