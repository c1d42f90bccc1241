"""What plug-ins loaded in this process have brought, by name: looked up wherever something of that name is shown.

What a scenario has of it follows from its own plug-ins alone (`Scenario.model`); this only finds titles, units and notes.
"""

from typing import Any

METRICS: dict[str, Any] = {}
MECHANISMS: dict[str, Any] = {}
LEVERS: dict[str, Any] = {}
