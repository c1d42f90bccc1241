"""The mechanisms of the model: one file each."""

from sim.mechanisms import (
    appraisal,
    budget,
    campaign,
    collective_efficacy,
    congestion,
    coordination,
    detection,
    disputes,
    integration,
    integrity,
    livelihood,
    mass_work,
    norms,
    offending,
    participation,
    policing,
    procedural_justice,
    resolution,
    rumour,
    satisfaction,
    services,
    shocks,
    unrest,
)
from sim.mechanisms.base import Mechanism

MECHANISMS: dict[str, Mechanism] = {
    module.MECHANISM.name: module.MECHANISM
    for module in (
        shocks,
        integrity,
        budget,
        coordination,
        mass_work,
        livelihood,
        services,
        integration,
        congestion,
        participation,
        collective_efficacy,
        norms,
        rumour,
        disputes,
        resolution,
        detection,
        campaign,
        offending,
        policing,
        unrest,
        procedural_justice,
        satisfaction,
        appraisal,
    )
}
"""Every mechanism by name, in the order of the week."""
