"""Usual conditions of communities at the start, which hold until a mechanism overwrites them."""

import numpy as np

from sim.city.staffing import PEOPLE, Staffing
from sim.levers import instrument

USUAL_RESOLVED = 0.85  # share of requests to the hotline (assumption)
AT_ONE = (
    "migrant_access posts_open hours_load aid willingness collective_efficacy offence_level wrongful_level mediation_chance office_chance"
    " court_chance mediation_pull mediation_skill litigation shock_service fit slack burden pulse"
).split()
USUAL = {
    **dict.fromkeys(("cushion", "health", "education", "housing"), 0.632),
    **{"voice": 0.36, "patrol": 2.04, "message": 0.265, "school": 0.5, "family": 0.36, "work_ethic": 0.35, "jobs": 1.14},
    **dict.fromkeys(("aid_coverage", "union_help", "clarity", "oversight"), 0.5),
}
"""Conditions at the start (those of Shanghai 2020), which hold for the whole run where the mechanism that writes them is switched off."""


def set_usual(communities: np.ndarray, staffing: Staffing) -> None:
    """Set the conditions that follow from nothing that is drawn."""
    for name in AT_ONE:
        communities[name] = 1.0
    communities["migrant_access"], communities["posts_open"], communities["transparency"] = 0.5, 0.5, 0.6
    communities["service_quality"] = 0.69
    for name, value in USUAL.items():
        communities[name] = value
    communities["capture"], communities["certainty"], communities["recording"] = 0.2, 0.22, 0.47
    communities["clearance"], communities["clearance_violent"] = 0.42, 0.80
    communities["officers"] = communities["residents"] * staffing.staff[instrument("rule_of_law.policing")] / PEOPLE
    communities["fit"], communities["delay"] = 0.94, 1.0
    communities["corruption"], communities["caution"], communities["resolving"] = 0.10, 0.076, 0.9
    communities["experience"] = USUAL_RESOLVED
    communities["cameras"], communities["digital"] = 0.3, 0.4
