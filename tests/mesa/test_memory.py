"""A model that nobody needs any more is freed, whatever was done with it."""

import gc
import weakref

import mesa
import numpy as np
import pytest
from cities import small

from sim.model import GovernanceModel


def try_to_join(model):
    with pytest.raises(TypeError, match="cannot join"):
        mesa.Agent(model)


USES = {
    "built": lambda model: None,
    "lived": lambda model: model.run_model(),
    "looked at": lambda model: (model.residents.agg("norm", np.mean), model.agents.shuffle(), model.residents[0].household, model.metrics),
    "collected": lambda model: (model.step(), model.datacollector.get_model_vars_dataframe()),
    "refused a newcomer": try_to_join,
}


@pytest.mark.parametrize("use", USES)
def test_a_model_is_freed_with_its_city(use):
    model = GovernanceModel(small(weeks=3, residents=600), seed=1)
    USES[use](model)
    traces = [weakref.ref(model), weakref.ref(model.simulation.city), weakref.ref(model.simulation.city.world.tiles)]
    del model
    gc.collect()
    assert [trace() for trace in traces] == [None, None, None]


def test_a_view_keeps_its_model_alive_as_in_mesa():
    resident = GovernanceModel(small(residents=600), seed=1).residents[5]
    gc.collect()
    assert resident.committee.residents[0].model is resident.model


def test_mesas_own_register_does_not_grow():
    def registered():
        return len(getattr(mesa.Agent, "_ids", {}))

    before = registered()
    for seed in range(3):
        model = GovernanceModel(small(weeks=2, residents=600), seed=seed)
        model.run_model()
        try_to_join(model)
    assert registered() == before


def test_views_are_made_when_asked_for_and_not_kept():
    model = GovernanceModel(small(residents=600), seed=1)
    gc.collect()
    before = _agents()
    assert sum(resident.norm for resident in model.residents) > 0
    assert _agents() <= before + 1


def _agents():
    """Objects that are agents; a weak reference whose object is gone cannot be asked with `isinstance`."""
    return sum(issubclass(type(thing), mesa.Agent) for thing in gc.get_objects())
