"""Winners and losers by group in a comparison: paired, from the same numbers as the tables."""

import numpy as np
import pytest
from cities import small

from sim.analysis.paired import paired
from sim.experiments.comparisons.compare import compare
from sim.experiments.experiment_result import outcomes_hash
from sim.experiments.runs.simulate import simulate
from sim.metrics.groups import THIRDS, by_hardship, satisfaction_so_far, thirds
from sim.report.compare.groups import group_rows, said_groups
from sim.report.parts.places import district_names
from sim.simulation import Simulation

WEEKS = 60


@pytest.fixture(scope="module")
def result():
    first = small(WEEKS, residents=3000, community_size=300)
    return compare([first, first.with_changes({"policy.public_services": 0.1})], replicates=5, workers=1)


def test_groups_are_means_of_the_same_weeks_as_everything_else():
    """The window is no whole year, so that the tables of years cannot know it: weeks of single steps say what it must be."""
    weeks, window = 70, 33
    scenario = small(weeks, residents=3000, community_size=300)
    simulation = Simulation(scenario, 4)
    places = simulation.city.world.communities
    level = []
    for _ in range(weeks):
        before = satisfaction_so_far(simulation)
        simulation.advance(1)
        level.append((satisfaction_so_far(simulation) - before) / (2.0**20 * places["adults"]))
    level = np.mean(level[-window:], axis=0)
    expected = thirds(places["hardship"], places["residents"], level)
    found = compare([scenario, scenario.with_changes({"name": "b"})], replicates=2, seed=4, workers=1, window=window).batch.groups
    row = found[(found["scenario"] == "small") & (found["seed"] == 4)].iloc[0]
    assert row[list(THIRDS)].tolist() == pytest.approx(expected, rel=1e-9)
    whole = compare([scenario, scenario.with_changes({"name": "b"})], replicates=2, seed=4, workers=1, window=weeks).batch.groups
    assert not np.allclose(whole[list(THIRDS)].to_numpy(), found[list(THIRDS)].to_numpy(), atol=1e-6)
    assert simulation.week == weeks


def test_a_year_is_that_of_the_runs(result):
    scenario = result.batch.scenarios[0].with_changes({"horizon": 52})
    alone = by_hardship(simulate(scenario, seed=result.batch.seeds[0], replicates=2).communities)
    groups = compare([scenario, scenario.with_changes({"name": "b"})], replicates=2, workers=1).batch.groups
    base = groups[groups["scenario"] == result.batch.labels[0]]
    assert np.allclose(base[list(THIRDS)].to_numpy(), alone.to_numpy())


def test_the_district_that_a_shock_affects_is_named_and_has_its_own_bar():
    scenario = small(30, residents=3000, community_size=300, districts=2)
    name = Simulation(scenario, 1).city.district_names[1]
    outage = {"kind": "service_outage", "at": 4, "lasts": 26, "strength": 1.0, "where": {"district": name}}
    struck = scenario.with_changes({"name": "struck", "shocks": [outage]})
    found = compare([scenario, struck], replicates=5, seed=1, workers=1, window=20)
    rows = {row["group"]: row for row in group_rows(found)}
    there = rows[f"district {name}"]
    assert there["mean"] < 0
    assert there["mean"] == min(row["mean"] for row in rows.values())
    for lang in ("en", "zh"):
        first, second = said_groups(found, lang)
        shown = district_names(scenario, lang)(name)
        assert shown in first
        assert shown in second
    everywhere = scenario.with_changes({"name": "all", "shocks": [{k: v for k, v in outage.items() if k != "where"}]})
    assert len(said_groups(compare([scenario, everywhere], replicates=2, seed=1, workers=1, window=20), "en")) == 1


def test_differences_are_paired(result):
    rows = {row["group"]: row for row in group_rows(result)}
    assert {f"group_{third}" for third in THIRDS} | {"group_local", "group_nonlocal", "group_p10"} <= set(rows)
    groups = result.batch.groups
    a, b = (groups[groups["scenario"] == label].set_index("seed")["hard"] for label in result.batch.labels)
    found = paired(a.to_numpy(), b.to_numpy())
    assert rows["group_hard"]["mean"] == pytest.approx(found.mean)
    assert rows["group_hard"]["low"] == pytest.approx(found.low)
    assert rows["group_hard"]["high"] == pytest.approx(found.high)


def test_the_sentence_names_the_group_that_fares_worst(result):
    worst = min(group_rows(result), key=lambda row: row["mean"])["group"]
    words = {"group_hard": "most hardship", "group_easy": "least hardship", "group_middle": "in between", "group_local": "local residents"}
    words |= {"group_nonlocal": "non-local", "group_p10": "least satisfied", "group_p50": "median", "group_p90": "most satisfied"}
    assert words[worst] in said_groups(result, "en")[0].split("the least favourable that of")[1].lower()


def test_groups_are_a_table_of_their_own_and_leave_the_hash_alone(result):
    assert list(result.tables["groups"].columns) == ["scenario", "seed", *THIRDS]
    assert not set(THIRDS) & set(result.batch.outcomes.columns)
    assert outcomes_hash(result.batch) == result.manifest["content_hash"]


def test_a_city_too_small_has_no_thirds():
    short = compare([small(20, 600), small(20, 600, name="law", policy={"rule_of_law": 0.1})], replicates=2, workers=1)
    assert not {f"group_{third}" for third in THIRDS} & {row["group"] for row in group_rows(short)}
    assert "group_p10" in {row["group"] for row in group_rows(short)}
