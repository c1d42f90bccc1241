"""Consent to run the rules of scenarios: they are code, and run only if somebody allowed it."""

import os
from typing import Any

from sim.errors import UserError
from sim.messages import Joined

CONSENT = "SANZHI_ALLOW_RULES"
"""Environment variable that allows rules, here and in worker processes."""


def allow_rules() -> None:
    """Allow this process and its workers to run the rules of scenarios. Do so only for files that you trust."""
    os.environ[CONSENT] = "1"


def check_rules_allowed(scenario: Any) -> None:
    """Raise `UserError` if a scenario has rules and they were not allowed."""
    if scenario.rules and os.environ.get(CONSENT) != "1":
        raise UserError(
            "{name} contains rules ({files}): they are Python code and can do whatever you can; if you trust them,"
            " allow them with --allow-rules, sanzhi.allow_rules() or {consent}=1",
            name=scenario.name,
            files=Joined(dict.fromkeys(entry.file for entry in scenario.rules)),
            consent=CONSENT,
        )
