"""Rules in plain Python, which act every week on agents of any kind.

::

    class StreetParty(AgentRule):
        kind = "ResidentsCommittee"
        every = 13                                  # a parameter, which a scenario may set

        def act(self, committee, city):
            if city.week % self.every == 0:
                city.shift(committee.residents, "cohesion", 0.02)

A rule is handed to `Simulation` or `GovernanceModel`, or named in a scenario (`sim.scenario.schema.rules`). It is code: a scenario's
rules run only if that was allowed, by `allow_rules`, ``--allow-rules`` or the environment variable `CONSENT`, which workers inherit.

A rule may remember things in ``self``. Every simulation works on its own copy of the rule, so that no run affects the next.
"""

from sim.rules.agent_rule import AgentRule, FunctionRule
from sim.rules.consent import CONSENT, allow_rules, check_rules_allowed
from sim.rules.running import RuleFailed, Rules

__all__ = ["CONSENT", "AgentRule", "FunctionRule", "RuleFailed", "Rules", "allow_rules", "check_rules_allowed"]
