"""A city that stands still until a test changes something by hand, with its attribution recorder."""

import numpy as np
from alone import switched
from cities import small

from sim.attribution import AttributionRecorder
from sim.mechanisms.week import begin_week, end_week, live_week
from sim.simulation import Simulation

MIDDLING = {
    "belonging service expectation strain cohesion integration legitimacy norm security happiness": 0.5,
    "grievance fatigue": 0.2,
    "sanction_risk": 0.2,
    "status rumour weeks_left case_stage": 0,
}
"""State of everybody: far from every bound, and nothing pending."""
CONDITIONS = {
    "burden offence_level patrol wrongful_level collective_efficacy": 1.0,
    "voice health school family work_ethic clarity oversight": 0.5,
    "incident_level backlash exposure cameras shock_alarm hush candour transparency corruption watch": 0.2,
    "officers": 0.0,
}


def still(*names: str, changes: dict | None = None, **others) -> Simulation:
    """A middling city, in which only these mechanisms act; `others` are columns of residents with other values."""
    simulation = Simulation(small(8).with_changes({**switched(names), **(changes or {})}), 1, attribution=True)
    columns = {column: value for several, value in MIDDLING.items() for column in several.split()}
    for column, value in {**columns, **others}.items():
        put(simulation, column, value)
    for fields, value in CONDITIONS.items():
        for field in fields.split():
            put(simulation, f"communities.{field}", value)
    simulation.attribution = AttributionRecorder(simulation)  # opened anew: it remembers what it saw
    return simulation


def put(simulation: Simulation, what: str, value) -> None:
    """Set a column of residents, or a field of another table as ``table.field``, for all."""
    owner, _, name = what.rpartition(".")
    if owner:
        getattr(simulation.city.world, owner)[name] = value
    else:
        simulation.city.residents.set(name, np.arange(len(simulation.city.residents)), value)


def live(simulation: Simulation, before_record=None) -> None:
    """A week; something may be changed by hand when residents have lived it, as the later phases of a week do."""
    world, week = simulation.city.world, simulation.week
    begin_week(world, week)
    live_week(world, week, 0, len(world.communities))
    if before_record:
        before_record()
    simulation.attribution.record(world, week + 1)
    end_week(world, week)
    simulation.week += 1


def moved_by(names, values: np.ndarray, but=("limits", "start", "constant")) -> dict[str, float]:
    """Accounts that differ from 0, by name."""
    return {name: float(value) for name, value in zip(names, values, strict=True) if abs(value) > 1e-7 and name not in but}
