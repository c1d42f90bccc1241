"""Study files are read strictly: every mistake with its place, and what was meant."""

import itertools

import pytest
from studies import CITY, SHARES, TEXT, study

from sim.errors import ScenarioError, UserError
from sim.experiments.studies.study_file import load_study, make_study, shipped_studies
from sim.experiments.studies.sweep import planned
from sim.metrics import METRICS


@pytest.fixture
def written(tmp_path):
    def write(text=TEXT):
        path = tmp_path / "small.yaml"
        path.write_text(text)
        return path

    return write


def mistakes(path):
    with pytest.raises(ScenarioError) as error:
        load_study(path)
    return error.value.problems


def test_a_study_says_what_varies_and_what_is_kept(written):
    found = load_study(written())
    assert found.keys == ("stance.transparency", "stance.patrol_targeting", *SHARES)
    assert found.scenario.horizon == 8
    assert found.scenario.city.population == 256
    assert found.outcomes == {"stability": "end", "satisfaction": "mean"}
    assert (found.design.kind, found.design.samples, found.replicates) == ("lhs", 12, 2)


def test_a_study_and_its_data_are_the_same(written):
    found = load_study(written())
    assert make_study(found.as_data()) == found


def test_both_headline_metrics_are_kept_unless_something_is_said():
    assert dict(study().outcomes) == {name: "end" for name, metric in METRICS.items() if metric.group == "headline"}


def test_the_name_is_the_files_unless_given(written):
    assert load_study(written(TEXT.replace("name: small\n", ""))).name == "small"


MISTAKES = {
    "horizon: 8": ("horizn: 8", "5:1: horizn", "did you mean horizon"),
    "kind: lhs": ("kind: lsh", "6:16: design.kind", "did you mean lhs"),
    "samples: 12": ("samples: no", "6:30: design.samples", "a whole number from 1"),
    "seed: 3}": ("levels: 3}", "6:34: design.levels", "one of kind, samples, seed"),
    "stance.transparency:": ("stance.transparancy:", "8:3: factors.stance.transparancy", "did you mean transparency"),
    "{low: 0, high: 1}": ("{low: 0, high: 7}", "8:39: factors.stance.transparency.high", "from 0 to 1"),
    "low: 0, high": ("low: 1, high", "8:39: factors.stance.transparency.high", "more than 1"),
    "[even, reported]": ("[even, odd]", "9:35: factors.stance.patrol_targeting.1", "one of even"),
    "at_most: 0.6": ("at_most: 0.9", "11:96: groups.mix.at_most", "at most 1 in all"),
    "at_most: ": ("most: ", "11:87: groups.mix.most", "one of shares, at_most, exactly, low"),
    "[policy.self_governance,": ("[policy.self_govern,", "11:18: groups.mix.shares.0", "did you mean self_governance"),
    "replicates: 2": ("replicates: 0", "12:13: replicates", "from 1 to 10,000"),
    "stability: end": ("stabilty: end", "13:12: outcomes.stabilty", "did you mean stability"),
    "satisfaction: mean": ("satisfaction: average", "13:42: outcomes.satisfaction", "one of end, last_year"),
    "scenario: baseline": ("scenario: baselin", "3:11: scenario", "the name of a shipped one"),
    "city.residents: 256": ("city.residents: many", "4:47: set.city.residents", "a whole number"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_is_reported_with_its_place_and_what_was_expected(right, written):
    wrong, place, says = MISTAKES[right]
    assert right in TEXT
    told = [str(problem) for problem in mistakes(written(TEXT.replace(right, wrong)))]
    assert any(f"small.yaml:{place}: got" in line and says in line for line in told), told


CITY_OF_ITS_OWN = {"city.residents": 300, "city.districts": 1, "city.preset": "synthetic", "city": {"community_size": 400}}
ORDERS = {
    "another city and its keys": CITY_OF_ITS_OWN,
    "shares that fit together alone": {"policy.rule_of_law": 0.7, "policy.public_services": 0.1, "policy.self_governance": 0.1},
    "a split and a weight of it": {"policy.rule_of_law.split.courts": 3, "policy.rule_of_law.split": {"policing": 1, "courts": 1}},
    "a horizon and what comes in it": {"timeline": [{"at": 300, "set": {"budget": 1.1}}], "horizon": 310},
}


@pytest.mark.parametrize("name", ORDERS)
def test_the_order_of_what_a_study_sets_is_nothing(name):
    orders = [dict(order) for order in itertools.permutations(ORDERS[name].items())]
    made = {study(set=order, horizon=None, groups={}).scenario.hash for order in orders}
    assert len(made) == 1
    assert made != {study(set={}, horizon=None).scenario.hash}


def test_what_a_study_sets_in_two_forms_is_refused():
    for changes in ({"policy.rule_of_law": 0.1, "policy.rule_of_law.share": 0.2}, {"horizon": 9}):
        with pytest.raises(ScenarioError, match="one of the two") as error:
            study(set={**CITY, **changes})
        assert len(error.value.problems) == 1


def test_what_does_not_go_together_in_set_is_reported_where_it_stands(written):
    shares = "policy.rule_of_law: 0.9, policy.public_services: 0.3"
    (problem,) = mistakes(written(TEXT.replace("city.districts: 1}", f"city.districts: 1, {shares}}}")))
    assert (problem.line, problem.key.split(".")[:2]) == (4, ["set", "policy"])
    assert "shares that sum to" in problem.got


def test_all_mistakes_are_reported_at_once(written):
    text = TEXT
    for right in ("horizon: 8", "{low: 0, high: 1}", "[even, reported]", "stability: end"):
        text = text.replace(right, MISTAKES[right][0])
    assert {problem.line for problem in mistakes(written(text))} == {5, 8, 9, 13}


def test_what_yaml_makes_of_carelessness_is_refused_as_in_scenarios(written):
    for right, wrong in {"seed: 3": "seed: 010", "horizon: 8": "horizon: 8\nhorizon: 9", "replicates: 2": "replicates: &a 2"}.items():
        assert mistakes(written(TEXT.replace(right, wrong)))


@pytest.mark.parametrize("key", ["seed", "replicates", "name", "title"])
def test_what_the_study_itself_has_does_not_vary(key):
    with pytest.raises(ScenarioError, match="a key of the scenario that affects the simulation"):
        study(factors={key: [1, 2]})


def test_shares_that_could_sum_to_more_than_the_budget_are_refused_with_the_way_out():
    with pytest.raises(ScenarioError) as error:
        study(factors={key: {"low": 0, "high": 0.5} for key in SHARES}, design={"kind": "sobol", "samples": 8})
    (problem,) = error.value.problems
    assert "that can sum to" in problem.got
    assert f"shares: [{', '.join(SHARES)}]" in problem.expected


def test_shares_are_tried_without_what_the_scenario_gives_to_those_that_vary_too():
    found = study(factors={"policy.rule_of_law": {"low": 0, "high": 0.6}, "policy.public_services": {"low": 0, "high": 0.1}})
    assert len(planned(found)) == 12


def test_a_simplex_needs_a_group_and_a_list_needs_lists_of_one_length():
    with pytest.raises(ScenarioError, match="a group of shares"):
        study(design={"kind": "simplex", "samples": 8})
    with pytest.raises(ScenarioError, match="lists of one length"):
        study(design={"kind": "list"}, factors={"budget": [1, 2], "stance.transparency": [0.5]})


def test_a_key_varies_in_one_place_only():
    groups = {"mix": {"shares": ["policy.rule_of_law", "policy.rule_of_law"], "at_most": 0.5}}
    with pytest.raises(ScenarioError, match="not varied elsewhere"):
        study(groups=groups)


def test_a_sobol_sample_has_a_power_of_two(written):
    text = TEXT.replace("kind: lhs", "kind: sobol")
    assert any("a power of 2" in p.expected and p.suggestion in ("8", "16") for p in mistakes(written(text)))


def test_a_study_that_is_not_there_is_reported_in_one_line(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        load_study(tmp_path / "none.yaml")
    with pytest.raises(UserError, match="nor a shipped study"):
        load_study("levers")


def test_seeds_are_distinct_by_construction_and_are_shared():
    shared, own = study(replicates=5, seed=40), study(replicates=5, seed=40, luck="own")
    assert [shared.seed_of(7, r) for r in range(5)] == [40, 41, 42, 43, 44] == [shared.seed_of(0, r) for r in range(5)]
    assert len({own.seed_of(p, r) for p in range(20) for r in range(5)}) == 100


@pytest.mark.parametrize("name", shipped_studies())
def test_ready_studies_are_valid_and_small(name):
    found = load_study(name)
    assert found.name == name
    assert found.title["zh"]
    assert len(planned(found)) * found.replicates * found.scenario.horizon * found.scenario.city.population < 2e9
    assert make_study(found.as_data()) == found


def test_changes_before_the_factors_are_part_of_the_scenario():
    assert study(set=CITY | {"budget": 1.5}).scenario.budget == 1.5


MONEY = """\
name: money
scenario: baseline
set: {city: {preset: synthetic, residents: 256, districts: 1}, policy.rule_of_law: {yuan: 800}}
horizon: 8
replicates: 1
design: {kind: lhs, samples: 4, seed: 3}
outcomes: {stability: end}
factors:
  policy.self_governance.mediation.staff: {low: 2, high: 6}
  policy.moral_education.yuan: [100, 300]
  city.staffing.self_governance.mediation.cost: {low: 80000, high: 200000}
"""


def test_money_staff_and_unit_costs_vary_in_a_study(written):
    found = load_study(written(MONEY))
    low, high = (found.scenario.with_changes({found.keys[0]: value}).lever_table()["staff"][0, 1] for value in (2.0, 6.0))
    assert (low, high) == pytest.approx((2, 6))
    assert all(isinstance(value, float) for factor in found.factors for value in factor.values)


@pytest.mark.parametrize(
    ("before", "after", "place", "words"),
    [
        ("high: 6", "high: -6", "9:58", "from 0 to 4250"),
        ("[100, 300]", "[100, 700]", "10:38", "above the budget"),
        ("[100, 300]", "[100, 530]", "9:43", "above the budget"),
        ("mediation.staff: {low: 2, high: 6}", "mediators.staff: {low: 2, high: 6}", "9:3", "did you mean mediation"),
        ("low: 80000", "low: 0", "11:55", "above 0"),
    ],
)
def test_amounts_of_a_study_that_cannot_be_are_refused(written, before, after, place, words):
    found = mistakes(written(MONEY.replace(before, after)))
    assert any(
        words in f"{problem.got} {problem.expected} {problem.suggestion and f'did you mean {problem.suggestion}'}" for problem in found
    )
    assert f"{found[0].line}:{found[0].column}" == place
