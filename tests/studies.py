"""Small studies for the tests of sweeps."""

from concurrent.futures import Future

from sim.experiments.studies.study_file import make_study

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


class Here:
    """Workers for a sweep that start no process: everything is done in this one, at once."""

    capacity, tries, idle = 1, 1, True

    def submit(self, call, *arguments):
        """Do the call now."""
        future = Future()
        try:
            future.set_result(call(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def blame(self, future):
        """Nobody is to blame for a worker that is lost: there is none."""
        return ""

    def watch(self):
        """There is nobody to watch."""
