from sim.mechanisms.base import *
