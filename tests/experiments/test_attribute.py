"""The difference between two scenarios, divided among the levers that differ."""

import numpy as np
import pytest
from cities import small

from sim.errors import UserError
from sim.experiments.comparisons.attribute import attribute, coalition, players_of
from sim.experiments.runs.batch import summarise

WEEKS = 30
TARGET = {"metric": "stability", "by": 9, "at_least": 0.5, "responsible": "city"}
LEAN = {"self_governance": 0.05, "rule_of_law": 0.45, "moral_education": 0.05}


def lean(**more):
    return small(WEEKS, name="lean", policy=LEAN, **more)


@pytest.fixture(scope="module")
def result():
    return attribute(small(WEEKS), lean(), replicates=4, seed=2, workers=1)


def of(result, metric, effect):
    table = result.effects
    return table[(table["metric"] == metric) & (table["effect"] == effect)]["mean"].to_numpy()


def test_shares_of_every_metric_sum_to_its_difference(result):
    for metric in dict.fromkeys(result.effects["metric"]):
        (first,), (second,), (total,) = (of(result, metric, effect) for effect in ("first", "second", "total"))
        assert total == pytest.approx(second - first, abs=1e-9)
        assert of(result, metric, "shapley").sum() == pytest.approx(total, abs=1e-9)
        parts = of(result, metric, "main").sum() + of(result, metric, "pair").sum() + of(result, metric, "remainder").sum()
        assert parts == pytest.approx(total, abs=1e-9)


def test_the_ends_are_the_two_scenarios_themselves(result):
    for effect, scenario in (("first", small(WEEKS)), ("second", lean())):
        alone = np.mean([summarise(scenario, seed, WEEKS)["stability"] for seed in (2, 3, 4, 5)])
        assert of(result, "stability", effect) == pytest.approx([alone])


def test_every_coalition_is_run_once_on_the_same_seeds(result):
    assert len(result.batch.labels) == 2 ** len(result.players) == 8
    assert result.batch.labels[0] == "none"
    assert len(result.batch.outcomes) == 8 * 4


def test_a_lever_alone_is_what_changing_it_alone_does(result):
    more = small(WEEKS, policy={"moral_education": LEAN["moral_education"]})
    alone = np.mean([summarise(more, s, WEEKS)["norm"] - summarise(small(WEEKS), s, WEEKS)["norm"] for s in (2, 3, 4, 5)])
    table = result.effects
    row = table[(table["metric"] == "norm") & (table["effect"] == "main") & (table["player"] == "policy.moral_education")]
    assert row["mean"].to_numpy() == pytest.approx([alone])


def test_a_coalition_beyond_the_budget_gives_every_lever_its_own_money():
    a, b = small(WEEKS), lean()
    players = players_of(a, b)
    number = 1 << list(players).index("policy.rule_of_law")
    scenario, factor = coalition(a, b, players, number)  # 0.15 + 0.45 + 0.10 + 0.40 = 1.1
    assert factor == 2
    money = lambda s: s.lever_table()["money"]  # noqa: E731
    mixed = money(scenario)
    own, others = money(b), money(a)
    from sim.levers import INSTRUMENTS

    for place, name in enumerate(INSTRUMENTS):
        expected = own if name.startswith("rule_of_law.") else others
        assert (mixed[:, place] == expected[:, place]).all(), name


def test_raising_the_budget_and_lowering_the_shares_changes_no_outcome():
    a = small(WEEKS)
    doubled = a.with_changes({"budget": 2.0} | {f"policy.{k}": getattr(a.policy, k).share / 2 for k in type(a.policy).model_fields})
    before, after = summarise(a, 1, 10), summarise(doubled, 1, 10)
    skip = {"budget_unspent"}
    assert {k: v for k, v in before.items() if k not in skip} == pytest.approx(
        {k: v for k, v in after.items() if k not in skip}, nan_ok=True
    )
    assert before["budget_unspent"] != after["budget_unspent"]


def test_what_means_nothing_beyond_the_budget_is_not_attributed(result):
    assert result.factors
    assert "budget_unspent" not in set(result.effects["metric"])
    within = attribute(small(WEEKS), small(WEEKS, stance={"transparency": 0.1}), replicates=2, workers=1)
    assert not within.factors
    assert "budget_unspent" in set(within.effects["metric"])


def test_players_are_levers_stances_mechanisms_and_the_rest_by_its_first_key():
    other = small(
        WEEKS,
        policy={"rule_of_law": {"share": 0.3, "split": {"courts": 1}}},
        stance={"transparency": 0.2},
        budget=1.5,
        mechanisms={"norms": {"enabled": False}},
        timeline=[{"at": 5, "set": {"stance.migrant_access": 1.0}}],
        title={"en": "Another title"},
        seed=9,
    )
    expected = {"policy.rule_of_law", "stance.transparency", "budget", "mechanisms.norms", "timeline"}
    assert set(players_of(small(WEEKS), other)) == expected


def test_keys_can_be_put_together():
    assert set(players_of(small(WEEKS), lean(stance={"transparency": 0.2}), ["policy"])) == {"policy", "stance.transparency"}
    one = attribute(small(WEEKS), lean(), together=["policy"], replicates=2, workers=1)
    assert one.players == ("policy",)
    assert not one.factors
    assert of(one, "stability", "shapley") == pytest.approx(of(one, "stability", "total"))


def test_a_timeline_beyond_the_budget_is_scaled_as_a_whole():
    a = small(WEEKS, timeline=[{"at": 5, "set": {"policy.rule_of_law": 0.34}}])
    b = small(WEEKS, name="b", policy={"self_governance": 0.19, "rule_of_law": 0.2})
    players = players_of(a, b)
    found = {factor for number in range(1 << len(players)) for _, factor in [coalition(a, b, players, number)]}
    assert found == {1, 2}  # 0.19 + 0.34 + 0.10 + 0.40 is beyond the budget from week 5 on


@pytest.mark.parametrize(
    ("other", "together", "says"),
    [
        ({}, (), "do not differ"),
        ({"name": "x", "seed": 3, "targets": [TARGET]}, (), "do not differ"),
        ({"weeks": WEEKS + 1}, (), "differ in horizon"),
        ({"residents": 1300}, (), "differ in city"),
        ({"policy": LEAN}, ("stance",), "no difference begins with stance"),
    ],
)
def test_mistakes_are_reported(other, together, says):
    with pytest.raises(UserError, match=says):
        attribute(small(WEEKS), small(**{"weeks": WEEKS, **other}), together=together, replicates=2)


def test_more_than_eight_levers_must_be_put_together():
    from sim.mechanisms import MECHANISMS

    off = {name: {"enabled": False} for name in list(MECHANISMS)[:9]}
    with pytest.raises(UserError, match=r"differ in 9 levers .*--together mechanisms"):
        players_of(small(WEEKS), small(WEEKS, mechanisms=off))
    assert list(players_of(small(WEEKS), small(WEEKS, mechanisms=off), ["mechanisms"])) == ["mechanisms"]
