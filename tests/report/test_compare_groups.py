"""Winners and losers by group in a comparison: paired, from the same numbers as the tables."""

import numpy as np
import pytest
from cities import small

from sim.analysis.paired import paired
from sim.experiments.compare import compare
from sim.experiments.simulate import simulate
from sim.experiments.written import outcomes_hash
from sim.metrics.groups import THIRDS, by_hardship
from sim.report.compare_groups import group_rows, said_groups

WEEKS = 60


@pytest.fixture(scope="module")
def result():
    first = small(WEEKS, residents=3000, community_size=300)
    return compare([first, first.with_changes({"policy.public_services": 0.1})], replicates=3, workers=1)


def test_thirds_are_those_of_the_runs(result):
    alone = by_hardship(simulate(result.batch.scenarios[0], seed=result.batch.seeds[0], replicates=3).communities)
    last = alone.loc[alone.index.get_level_values("year").max()]
    groups = result.batch.groups
    base = groups[groups["scenario"] == result.batch.labels[0]]
    assert np.allclose(base[list(THIRDS)].to_numpy(), last[list(THIRDS)].to_numpy())


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
    words |= {"group_nonlocal": "non-local", "group_p10": "least satisfied", "group_p50": "in the middle", "group_p90": "most satisfied"}
    assert words[worst] in said_groups(result, "en")[0].split("worst for")[1].lower()


def test_groups_are_a_table_of_their_own_and_leave_the_hash_alone(result):
    assert list(result.tables["groups"].columns) == ["scenario", "seed", *THIRDS]
    assert not set(THIRDS) & set(result.batch.outcomes.columns)
    assert outcomes_hash(result.batch) == result.manifest["content_hash"]


def test_a_city_too_small_or_a_run_too_short_has_no_thirds():
    short = compare([small(20), small(20, name="law", policy={"rule_of_law": 0.1})], replicates=2, workers=1)
    assert not {f"group_{third}" for third in THIRDS} & {row["group"] for row in group_rows(short)}
    assert "group_p10" in {row["group"] for row in group_rows(short)}
