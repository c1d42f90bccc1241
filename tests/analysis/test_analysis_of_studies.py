"""A study analysed as a whole: the method follows the design, what is missing is left out and counted, neither is made up."""

import numpy as np
import pandas as pd
import pytest
from made import result_of, study

import sim
from sim.errors import UserError
from sim.experiments.studies.analyze import _share_of_noise, analyze, least_favourable

pytest.importorskip("SALib", reason="the extra `analysis` is not installed")
UNSURE = "mechanisms.norms.bound"


def matter(found, outcome: str, index: str) -> set[str]:
    table = found.sensitivity
    return set(table[(table["outcome"] == outcome) & (table["measure"] == index) & table["matters"]]["factor"])


@pytest.fixture(scope="module")
def lhs():
    """A Latin hypercube of two levers and a stance, three replicates a point."""
    return analyze(result_of(study("lhs", 3)))


@pytest.mark.parametrize(("kind", "index"), [("lhs", "delta"), ("sobol", "total"), ("morris", "mu_star")])
def test_the_method_follows_the_design_and_finds_what_matters(kind, index):
    found = analyze(result_of(study(kind)))
    assert "policy.self_governance" in matter(found, "stability", index)
    assert "stance.transparency" not in matter(found, "stability", index)
    ways = found.sensitivity[found.sensitivity["measure"] == index].set_index(["outcome", "factor"])["direction"]
    assert ways["stability", "policy.self_governance"] > 0.5
    assert ways["satisfaction", "policy.self_governance"] < -0.3


def test_shares_of_one_budget_have_given_data_indices_only():
    groups = {"budget": {"shares": ["policy.self_governance", "policy.rule_of_law"], "at_most": 0.4}}
    asked = study("simplex", factors={"stance.transparency": {"low": 0.0, "high": 1.0}}, groups=groups)
    found = analyze(result_of(asked))
    assert set(found.sensitivity["method"]) == {"given"}
    moved = study("sobol", factors={"stance.transparency": {"low": 0.0, "high": 1.0}}, groups=groups)
    table = analyze(result_of(moved)).sensitivity
    assert set(table.loc[table["method"] == "sobol", "factor"]) == {"stance.transparency", "budget"}
    assert "policy.rule_of_law" in set(table.loc[table["method"] == "given", "factor"])


def test_a_partly_finished_study_is_analysed_by_what_is_done():
    found = analyze(result_of(study("lhs"), undone=range(90, 128)))
    assert found.counts == {"planned": 128, "done": 90, "failed": 0, "points": 45, "points_planned": 64}
    assert len(found.points) == 45


def test_without_a_run_done_it_says_what_to_do():
    with pytest.raises(UserError, match="no run is finished yet"):
        analyze(result_of(study("lhs"), undone=range(128)))


def test_noise_is_separated_from_the_factors():
    found = [analyze(result_of(study("lhs", 4), 0.1, shared=shared)).luck["stability"] for shared in (True, False)]
    assert found[0] < 1e-9  # what moves all points alike hides no factor
    assert 0.05 < found[1] < 0.5  # 0.01 / 4 of luck beside 0.018 of the levers
    assert np.isnan(analyze(result_of(study("lhs", 1))).luck["stability"])


def test_discovery_finds_where_a_target_is_missed():
    scenario = {"targets": [{"metric": "stability", "by": 9, "at_least": 0.55}]}
    found = analyze(result_of(study("lhs", scenario=scenario, design={"kind": "lhs", "samples": 300})))
    assert found.bounds == {"stability": ("at_least", 0.55)}
    (question,) = found.questions
    bounds = question.peelings[0].restrictions(question.peelings[0].chosen)
    first = bounds.sort_values("p").iloc[0]
    assert (first["factor"], first["side"]) == ("policy.self_governance", "at_most")


def test_without_targets_the_least_favourable_quarters_are_looked_at(lhs):
    found = lhs
    assert [q.outcome for q in found.questions] == ["stability", "satisfaction"]
    assert all(q.share == pytest.approx(0.25, abs=0.02) for q in found.questions)
    assert "no_targets" in found.notes


def test_the_front_holds_what_nothing_beats(lhs):
    front = lhs.front
    best = front.loc[front["stability"].idxmax()]
    assert best["efficient"]
    assert front["sure"].between(0, 1).all()
    for row in front[~front["efficient"]].itertuples():
        beaten = (front["stability"] >= row.stability) & (front["satisfaction"] >= row.satisfaction)
        assert beaten.sum() > 1


def test_policies_are_compared_over_futures_where_every_policy_met_every_future():
    factors = {"policy.self_governance": [0.05, 0.15], UNSURE: [0.2, 0.3, 0.4]}

    def made(table, luck):
        order, bound = table["policy.self_governance"], table[UNSURE]
        return {"stability": 0.5 + order - (bound - 0.2) * (order > 0.1) + luck, "satisfaction": 0.6 - order + luck}

    result = result_of(study("grid", factors=factors), made=made)
    found = analyze(result, {"stability": ("at_least", 0.55)})
    robust = found.robust.set_index("policy.self_governance")
    assert found.uncertain == [UNSURE]
    assert robust.loc[0.15, "futures"] == 3
    assert robust.loc[0.15, "regret_max_stability"] == pytest.approx(0.1)  # in the last future, 0.45 against 0.55
    assert robust.loc[0.05, "regret_max_stability"] == pytest.approx(0.1)  # in the first, 0.55 against 0.65
    swapped = analyze(result, uncertain=["policy.self_governance"])
    assert swapped.policy == [UNSURE]


def test_policies_drawn_together_with_futures_are_not_compared_and_it_says_why():
    factors = {"policy.self_governance": {"low": 0.0, "high": 0.2}, UNSURE: {"low": 0.1, "high": 0.5}}
    asked = study("lhs", factors=factors)
    found = analyze(result_of(asked, made=lambda table, luck: {"stability": table[UNSURE] + luck, "satisfaction": 0.5 + luck}))
    assert found.robust.empty
    assert found.front.empty
    assert {"not_crossed", "no_front_futures"} <= set(found.notes)


@pytest.mark.parametrize("bad", [{"bounds": {"stabilty": ("at_least", 0.5)}}, {"uncertain": ["policy.rule_of_lav"]}])
def test_a_name_that_is_not_in_the_study_is_reported_with_the_nearest(bad):
    with pytest.raises(UserError, match="did you mean"):
        analyze(result_of(study("lhs")), **bad)


def test_it_is_at_hand_as_sim_analyze():
    assert sim.analyze is analyze


def test_the_least_favourable_quarter_is_no_more_than_it_where_many_are_equal():
    for way, sign in (("less", 1.0), ("more", -1.0)):
        values = sign * np.r_[np.zeros(80), np.linspace(0.1, 2.0, 20)]
        bound, there = least_favourable(pd.Series(values), way)
        assert bound == pytest.approx(sign * 0.1)
        assert there.tolist() == [False] * 80 + [True] * 20
        bound, there = least_favourable(pd.Series(sign * np.arange(100.0)), way)
        assert there.sum() == 25
        assert least_favourable(pd.Series(np.ones(9)), way)[1].all()  # no value is less favourable than another


def test_the_share_of_luck_allows_for_values_that_are_missing():
    rng = np.random.default_rng(3)
    shares = []
    for _ in range(60):
        done = pd.DataFrame({"point": np.repeat(np.arange(60), 4), "replicate": np.tile(np.arange(4), 60), "y": rng.standard_normal(240)})
        done.loc[rng.random(240) < 0.5, "y"] = np.nan
        points = done.groupby("point")["y"].mean().to_frame()
        shares.append(_share_of_noise(done, points, "y"))
    assert 0.8 < np.mean(shares) <= 1.0  # all of it is luck; of pure noise a share is at most 1
