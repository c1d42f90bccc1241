"""Registry of the parts of plug-ins loaded in this process, by name, to look up their titles, units and notes.

Which parts a scenario uses depends on its own plug-ins alone (`Scenario.model`).
"""

from typing import Any

METRICS: dict[str, Any] = {}
MECHANISMS: dict[str, Any] = {}
LEVERS: dict[str, Any] = {}
