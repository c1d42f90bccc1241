"""Scenarios: strict, immutable descriptions of a simulation."""

from sim.scenario.loader import load_scenario, read_scenario
from sim.scenario.loading.changing import parse_setting
from sim.scenario.scenario import Scenario

__all__ = ["Scenario", "load_scenario", "parse_setting", "read_scenario"]
