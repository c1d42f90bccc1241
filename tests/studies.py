"""Small studies for the tests of sweeps."""

from sim.experiments.study_file import make_study

CITY = {"city.preset": "synthetic", "city.residents": 256, "city.districts": 1}
SHARES = ["policy.self_governance", "policy.rule_of_law", "policy.moral_education"]
TEXT = """\
schema: 1
name: small
scenario: baseline
set: {city.preset: synthetic, city.residents: 256, city.districts: 1}
horizon: 8
design: {kind: lhs, samples: 12, seed: 3}
factors:
  stance.transparency: {low: 0, high: 1}
  stance.patrol_targeting: [even, reported]
groups:
  mix: {shares: [policy.self_governance, policy.rule_of_law, policy.moral_education], at_most: 0.6}
replicates: 2
outcomes: {stability: end, satisfaction: mean}
"""


def study(**changes):
    """A study of runs of a few milliseconds."""
    data = {
        "name": "small",
        "scenario": "baseline",
        "set": CITY,
        "horizon": 8,
        "design": {"kind": "lhs", "samples": 12, "seed": 3},
        "factors": {"stance.transparency": {"low": 0, "high": 1}, "stance.patrol_targeting": ["even", "reported"]},
        "replicates": 2,
    }
    return make_study(data | changes)
