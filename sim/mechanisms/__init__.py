"""What happens in the world: one short file a mechanism."""

from sim.mechanisms import (
    budget,
    collective_efficacy,
    disputes,
    norms,
    offending,
    participation,
    policing,
    procedural_justice,
    resolution,
    satisfaction,
    services,
    unrest,
)
from sim.mechanisms.base import Mechanism

MECHANISMS: dict[str, Mechanism] = {
    module.MECHANISM.name: module.MECHANISM
    for module in (
        budget,
        services,
        participation,
        collective_efficacy,
        norms,
        disputes,
        resolution,
        offending,
        policing,
        unrest,
        procedural_justice,
        satisfaction,
    )
}
"""Every mechanism by name, in the order of the week."""
