"""Mesa's data collector: every metric of every week without asking, and any reporter that somebody adds."""

import math
from functools import partial

import mesa
import numpy as np
import pandas as pd
import pytest
from cities import small

import sim
from sim.city.organisations import ResidentsCommittee
from sim.metrics import METRICS, weekly
from sim.model import GovernanceModel, MetricsCollector


def lived(weeks, collector=None, **more):
    model = GovernanceModel(small(weeks=weeks, residents=600), seed=1, **more)
    if collector is not None:
        model.datacollector = collector
    model.run_model()
    return model


def test_every_metric_of_every_week_is_collected_without_asking():
    model = lived(14)
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["week"].tolist() == list(range(14))
    assert set(frame["seed"]) == {1}
    pd.testing.assert_frame_equal(frame[list(METRICS)], weekly(model.simulation))


def test_before_the_first_week_there_are_names_and_no_values():
    model = GovernanceModel(small(), seed=1)
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 0
    assert {"week", "seed", *METRICS} == set(frame.columns)
    assert set(model.metrics) == set(METRICS)
    assert all(map(math.isnan, model.metrics.values()))


def test_metrics_of_the_last_week_are_at_hand():
    model = GovernanceModel(small(), seed=1)
    for _ in range(3):
        model.step()
        last = weekly(model.simulation).iloc[-1]
        assert model.metrics == pytest.approx(last.to_dict(), nan_ok=True)


def test_looking_in_between_changes_nothing():
    watched, unwatched = GovernanceModel(small(), seed=1), GovernanceModel(small(), seed=1)
    while watched.running:
        watched.step()
        watched.datacollector.get_model_vars_dataframe()
        watched.agents.get("unique_id")
        watched.residents.shuffle_do("step")
        unwatched.step()
    assert watched.simulation.content_hash() == unwatched.simulation.content_hash()


def test_further_reporters_beside_the_metrics():
    collector = MetricsCollector(
        {"people": lambda m: len(m.residents), "norm": lambda m: m.residents.agg("norm", np.mean), "stability": lambda m: -1.0},
        agenttype_reporters={ResidentsCommittee: {"capture": "capture", "busy": lambda committee: committee.duty[0]}},
        tables={"events": ["what"]},
    )
    model = lived(3, collector)
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["people"].tolist() == [600] * 3
    assert frame["norm"].iloc[-1] == pytest.approx(model.metrics["norm"], abs=0.05)  # metrics count adults only
    assert frame["stability"].tolist() == [-1.0] * 3  # a reporter with the name of a metric takes precedence
    committees = collector.get_agenttype_vars_dataframe(ResidentsCommittee)
    assert committees["capture"].tolist()[-len(model.agents_by_type[ResidentsCommittee]) :] == model.agents_by_type[ResidentsCommittee].get(
        "capture"
    )
    assert len(committees) == 3 * len(model.agents_by_type[ResidentsCommittee])


def test_a_plain_collector_of_mesa_with_model_and_agent_reporters():
    some = {"committees": 0}

    def is_captured(agent, limit):
        some["committees"] += 1
        return agent.capture > limit

    collector = mesa.DataCollector(
        model_reporters={"stability": lambda m: m.metrics["stability"], "week": "week", "twice": partial(lambda m, by: by * m.week, by=2)},
        agenttype_reporters={ResidentsCommittee: {"hours": "hours", "captured": [is_captured, [0.9]]}},
    )
    model = lived(4, collector)
    frame = collector.get_model_vars_dataframe()
    assert frame["week"].tolist() == [1, 2, 3, 4]
    assert frame["twice"].tolist() == [2, 4, 6, 8]
    assert frame["stability"].tolist()[-1] == model.metrics["stability"]
    committees = collector.get_agenttype_vars_dataframe(ResidentsCommittee)
    numbers = committees.index.get_level_values("AgentID").unique()
    assert [model.roster.by_id(number) for number in numbers] == model.agents_by_type[ResidentsCommittee].to_list()
    assert some["committees"] == len(committees)


def test_agent_reporters_see_everybody_of_every_kind():
    collector = mesa.DataCollector(agent_reporters={"kind": lambda agent: type(agent).__name__, "id": "unique_id"})
    model = lived(2, collector)
    frame = collector.get_agent_vars_dataframe()
    assert len(frame) == 2 * len(model.agents)
    last = frame.loc[frame.index.get_level_values("Step").max()]
    assert last["id"].tolist() == model.agents.get("unique_id")
    assert last["kind"].value_counts().to_dict() == {kind.__name__: len(agents) for kind, agents in model.agents_by_type.items()}


@pytest.mark.parametrize("collector", [mesa.DataCollector, MetricsCollector])
@pytest.mark.parametrize(
    "reporters", [{"agent_reporters": {"brave": "courage"}}, {"agenttype_reporters": {ResidentsCommittee: {"brave": "captur"}}}]
)
def test_a_reporter_of_what_no_agent_has_is_reported_in_one_sentence(collector, reporters):
    """Mesa 3.3 collects None for it, week after week."""
    model = GovernanceModel(small(residents=600), seed=1)
    model.datacollector = collector(**reporters)
    with pytest.raises(
        sim.UserError, match=r"_reporters: brave: got (courage|captur), which is no column of .*; expected one such as"
    ) as reported:
        model.step()
    assert "\n" not in str(reported.value)


def test_a_reporter_of_what_some_lack_is_none_there_or_reported_as_this_mesa_has_it():
    model = GovernanceModel(small(residents=600), seed=1)
    model.datacollector = mesa.DataCollector(agent_reporters={"norm": "norm"})
    if hasattr(mesa, "time"):  # Mesa 3.5, which would fail at the first agent
        with pytest.raises(sim.UserError, match=r"agenttype_reporters=\{Resident: \{'norm': 'norm'\}\}"):
            model.step()
        return
    model.step()
    assert model.datacollector.get_agent_vars_dataframe()["norm"].notna().sum() == 600
