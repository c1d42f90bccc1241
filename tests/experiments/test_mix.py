"""The three governances over the simplex."""

import numpy as np
import pytest
from cities import small

from sim.errors import UserError
from sim.experiments.comparisons.mix import mix
from sim.experiments.comparisons.mix_grid import OWN, Mix, label_of, own_mix, simplex, with_mix

WEEKS = 40


@pytest.fixture(scope="module")
def result():
    return mix(small(WEEKS), steps=3, metrics=["volunteer_hours", "wrongful_stops"], replicates=4, seed=2, workers=1)


def test_a_simplex_has_every_division_once_and_holds_the_total():
    grid = simplex(0.55, 0.4, 10)
    assert len(grid) == len(set(grid)) == 66
    assert np.allclose([sum(one[:3]) for one in grid], 0.55)
    assert {one.public_services for one in grid} == {0.4}
    assert Mix(0.55, 0.0, 0.0, 0.4) in grid


def test_a_mix_changes_shares_and_nothing_else():
    scenario = small(policy={"self_governance": {"share": 0.2, "split": {"councils": 1}}})
    other = with_mix(scenario, Mix(0.3, 0.1, 0.15, 0.4))
    assert own_mix(other) == Mix(0.3, 0.1, 0.15, 0.4)
    assert other.policy.self_governance.split == scenario.policy.self_governance.split
    assert with_mix(other, own_mix(scenario)) == scenario


def test_every_mix_and_the_scenarios_own_are_run_on_the_same_seeds(result):
    assert len(result.mixes) == 11
    assert result.mixes["mix"].iloc[-1] == OWN
    assert result.batch.seeds == (2, 3, 4, 5)
    own = result.mixes.iloc[-1]
    assert (own["self_governance"], own["rule_of_law"], own["moral_education"]) == own_mix(small())[:3]


def test_a_peak_is_the_extreme_of_its_objective_and_near_itself(result):
    for row in result.peaks.to_dict("records"):
        values = result.mixes[row["metric"]]
        assert row["value"] == (values.min() if row["better"] == "less" else values.max())
        at = result.mixes.set_index("mix").loc[row["mix"]]
        assert at[f"{row['metric']}_near"]
        assert 0 < row["same_peak"] <= 1
        assert row["near"] == result.mixes[f"{row['metric']}_near"].sum()
        for lever in Mix._fields:
            assert row[f"{lever}_low"] <= row[lever] <= row[f"{lever}_high"]


def test_without_police_there_are_no_wrongful_stops(result):
    peak = result.peaks.set_index("metric").loc["wrongful_stops"]
    assert (peak["better"], peak["rule_of_law"]) == ("less", 0.0)


def test_no_other_mix_beats_an_efficient_one(result):
    better = {"stability": 1, "satisfaction": 1, "wrongful_stops": -1}  # volunteer hours have no direction
    table = np.array([result.mixes[name] * sign for name, sign in better.items()]).T
    for i, efficient in enumerate(result.mixes["efficient"]):
        beaten = ((table >= table[i]).all(axis=1) & (table > table[i]).any(axis=1)).any()
        assert efficient == (not beaten)
    assert result.mixes["share_efficient"].between(0, 1).all()


def test_services_can_be_traded_against_the_three():
    traded = mix(small(WEEKS), steps=2, services=[0.2, 0.5], replicates=2, workers=1)
    grid = traded.mixes[traded.mixes["mix"] != OWN]
    assert sorted(set(grid["public_services"])) == [0.2, 0.5]
    assert np.allclose(grid[list(Mix._fields)].sum(axis=1), sum(own_mix(small())))


def test_the_city_is_made_small_unless_it_is_left_as_it_is():
    big = small(4, residents=3000)
    assert mix(big, steps=2, residents=1000, replicates=2, workers=1).batch.residents == 1000
    assert mix(big, steps=2, residents=None, replicates=2, workers=1).batch.residents == 3000


def test_the_manifest_holds_the_scenario_in_full_and_every_mix(result, tmp_path):
    from sim.results import read_manifest

    manifest = read_manifest(result.write(tmp_path / "here"))
    assert manifest["scenario"] == small(WEEKS).canonical()
    assert set(manifest["scenarios"]) == set(result.batch.labels)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"steps": 1}, "steps"),
        ({"services": [0.96]}, "for the three governances"),
        ({"metrics": ["happines"]}, "did you mean happiness"),
    ],
)
def test_mistakes_are_reported(bad, says):
    with pytest.raises(UserError, match=says):
        mix(small(WEEKS), replicates=2, workers=1, **bad)


def test_a_timeline_that_would_undo_the_mixes_is_refused():
    scenario = small(WEEKS, timeline=[{"at": 10, "set": {"policy.rule_of_law": 0.1}}])
    with pytest.raises(UserError, match=r"timeline sets policy\.rule_of_law"):
        mix(scenario)


def test_labels_distinguish_mixes():
    grid = simplex(0.55, 0.4, 40)
    assert len({label_of(one) for one in grid}) == len(grid)


def test_what_moves_the_indices_and_ranks_under_other_weights_come_with_the_mixes(result):
    assert {"effective", "ranking"} <= set(result.tables)
    assert set(result.ranking["scenario"]) == set(result.mixes["mix"])
    for _, group in result.ranking.groupby("ranked_by"):
        assert group[["first", "first_with_luck", "first_geometric"]].sum().to_numpy() == pytest.approx([1, 1, 1])
    for _, group in result.effective.groupby("ranked_by"):
        assert group[["weight", "seeds"]].sum().to_numpy() == pytest.approx([1, 1])
