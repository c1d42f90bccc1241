"""Scenarios: strict, immutable descriptions of what to simulate."""

from sim.scenario.loader import load_scenario, parse_setting, read_scenario
from sim.scenario.schema import Scenario

__all__ = ["Scenario", "load_scenario", "parse_setting", "read_scenario"]
