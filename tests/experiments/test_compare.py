"""Scenarios compared with common random numbers."""

import numpy as np
import pytest
from cities import small

from sim.analysis.intervals import mean_interval
from sim.errors import UserError
from sim.experiments.comparisons.compare import ALONE, NONE, OPEN, SETTLED, compare
from sim.experiments.comparisons.index_parts import parts_of
from sim.metrics import METRICS
from sim.report.compare.groups import said_groups
from sim.report.compare.page import answers
from sim.results import read_manifest

WEEKS, REPLICATES = 60, 16


@pytest.fixture(scope="module")
def scenarios():
    return [
        small(WEEKS, name="base"),
        small(WEEKS, name="same"),
        small(WEEKS, name="law", policy={"self_governance": 0.0, "rule_of_law": 0.45}),
    ]


@pytest.fixture(scope="module")
def result(scenarios):
    return compare(scenarios, replicates=REPLICATES, seed=5, workers=1)


def rows(result, scenario):
    return result.differences[result.differences["scenario"] == scenario].set_index("metric")


def test_a_row_for_every_scenario_but_the_first_and_every_metric(result):
    table = result.differences
    assert len(table) == 2 * len(METRICS)
    assert set(table["scenario"]) == {"same", "law"}
    assert {"scenario", "metric", "mean", "low", "high", "p", "n", "share_won", "needed", "variance_ratio"} <= set(table)


def test_the_same_scenario_differs_in_nothing(result):
    same = rows(result, "same")
    assert (same.loc[same["n"] > 0, "mean"] == 0).all()
    assert not same["settled"].any()
    assert (same["p"].dropna() == 1).all()


def test_money_divided_in_other_ways_leaves_the_same_unspent():
    """Each instrument gets whole units: what that cuts off differs, and is no difference of policies."""
    policies = ({"self_governance": 0.17, "rule_of_law": 0.31}, {"self_governance": 0.31, "rule_of_law": 0.17})
    scenarios = [small(10, residents=1000, districts=4, name=f"mix_{n}", policy=policy) for n, policy in enumerate(policies)]
    found = compare(scenarios, replicates=5, seed=5, workers=1, metrics=["budget_unspent", "budget_spent"])
    row = rows(found, "mix_1").loc["budget_unspent"]
    assert len(set(found.batch.outcomes["budget_unspent"])) > 1  # else this test would show nothing
    assert (row["mean"], row["p"], row["share_won"], row["verdict"]) == (0, 1, 0.5, OPEN)
    assert np.isnan([row["low"], row["high"]]).all()


def test_differences_are_those_of_the_pairs(result):
    law, batch = rows(result, "law"), result.batch
    for name in ("stability", "satisfaction", "volunteer_hours"):
        pairs = batch.of("law", name) - batch.of("base", name)
        assert law.loc[name, "mean"] == pytest.approx(pairs.mean())
        low, high, p = (float(value) for value in mean_interval(pairs)[1:4])
        assert law.loc[name, ["low", "high", "p_single"]].tolist() == pytest.approx([low, high, p])
        assert law.loc[name, "base"] + law.loc[name, "mean"] == pytest.approx(law.loc[name, "value"])


def test_what_must_differ_is_settled_and_what_is_settled_needs_no_more(result):
    law = rows(result, "law")
    assert law.loc["volunteer_hours", "settled"]  # nobody pays for councils and organisations any more
    assert law.loc["volunteer_hours", "mean"] < 0
    assert law["needed"].isna()[law["settled"]].all()
    open_ = law[~law["settled"] & law["p"].notna()]
    assert (open_["needed"] > 2).all()


def test_p_is_corrected_over_all_that_was_tested(result, scenarios):
    table = result.differences
    assert (table["p"].dropna() >= table["p_single"].dropna()).all()
    alone = compare([scenarios[0], scenarios[2]], REPLICATES, 5, 1, metrics=["stability"]).differences
    assert alone["p"].tolist() == alone["p_single"].tolist()


def test_every_verdict_says_what_its_interval_says(result):
    """Significant, also if individually only: the interval excludes 0; not significant: it contains 0. Without an interval, p is the sign
    test's."""
    seen = set()
    for row in result.differences[result.differences["low"].notna()].to_dict("records"):
        seen.add(row["verdict"])
        assert (row["low"] > 0 or row["high"] < 0) == (row["verdict"] in (SETTLED, ALONE)), row
        assert row["settled"] == (row["verdict"] == SETTLED)
    assert seen == {SETTLED, ALONE, OPEN}


def test_fewer_than_five_pairs_have_numbers_and_no_verdict(scenarios, tmp_path):
    """Two cities under two seeds once were *settled* in two of five pages, by chance alone."""
    found = compare([scenarios[0], scenarios[2]], replicates=4, seed=5, workers=1)
    assert set(found.differences["verdict"]) == {NONE}
    assert found.differences["mean"].notna().any()
    assert found.differences[["low", "high", "p", "p_single", "needed"]].isna().all(axis=None)
    for lang, said in (("en", "no verdict"), ("zh", "不作判定")):
        assert said in answers(found, lang)[0]
    assert not any("significant" in sentence or "nan" in sentence for sentence in answers(found, "en") + said_groups(found, "en"))


def test_a_bootstrap_interval_is_near_students(scenarios, result):
    table = compare([scenarios[0], scenarios[2]], REPLICATES, 5, 1, metrics=["satisfaction"], interval="bootstrap").differences.iloc[0]
    student = rows(result, "law").loc["satisfaction"]
    assert table["mean"] == student["mean"]
    width = student["high"] - student["low"]
    assert abs(table["low"] - student["low"]) < 0.5 * width
    assert abs(table["high"] - student["high"]) < 0.5 * width


def test_ranks_share_out_all_weightings_and_equal_scenarios_share_evenly(result):
    for _, group in result.ranking.groupby("ranked_by"):
        by = group.set_index("scenario")
        assert by["first"].sum() == pytest.approx(1)
        assert by["first_with_luck"].sum() == pytest.approx(1)
        assert by["first_geometric"].sum() == pytest.approx(1)
        assert by.loc["base", "first"] == by.loc["same", "first"]
    assert set(result.ranking["ranked_by"]) == {"stability", "satisfaction", "both"}


def test_ranks_under_the_own_weights_are_those_of_the_index(result):
    for index in ("stability", "satisfaction"):
        table = result.ranking[result.ranking["ranked_by"] == index].set_index("scenario")
        means = {label: result.batch.of(label, index).mean() for label in table.index}
        assert table["rank"].to_dict() == {label: 1 + sum(other > mean for other in means.values()) for label, mean in means.items()}


def test_effective_weights_are_shares_of_the_variance(result):
    for _, group in result.effective.groupby("ranked_by"):
        assert group[["weight", "seeds"]].sum().to_numpy() == pytest.approx([1, 1])
        assert group["policies"].isna().all() or group["policies"].sum() == pytest.approx(1)  # none where luck covers the difference
        still = (group["policies"] == 0) & (group["seeds"] == 0)  # a part that never moves, such as calm without protest
        assert ((group["signal"] >= 0) | still).all()
    assert set(result.effective["ranked_by"]) == {"stability", "satisfaction"}


def test_parts_with_the_scenarios_own_weights_make_the_index(result):
    for index in ("stability", "satisfaction"):
        parts = parts_of(result.batch, index)
        weights = getattr(result.batch.scenarios[0].weights, index).model_dump()
        mean = np.average(result.batch.cube(parts), axis=2, weights=[weights[name] for name in parts])
        assert mean[:, 0] == pytest.approx(result.batch.of("base", index))


def test_the_same_seed_gives_the_same_tables(result, scenarios):
    again = compare(scenarios, replicates=REPLICATES, seed=5, workers=1)
    assert again.differences.equals(result.differences)
    assert again.ranking.equals(result.ranking)
    assert again.effective.equals(result.effective)


def test_it_is_written_whole_with_its_manifest(result, tmp_path):
    folder = result.write(tmp_path / "here", csv=True)
    assert {p.name for p in folder.iterdir()} == {
        f"{name}.{kind}"
        for name in ("differences", "natural_units", "ranking", "effective", "outcomes", "groups")
        for kind in ("parquet", "csv")
    } | {"manifest.json", "ro-crate-metadata.json"}
    manifest = read_manifest(folder)
    assert set(manifest["scenarios"]) == {"base", "same", "law"}
    assert manifest["seeds"] == list(range(5, 5 + REPLICATES))
    assert manifest["settings"]["correction"] == "holm"


@pytest.mark.parametrize("bad", [{"metrics": ["stabilty"]}, {"interval": "guess"}, {"window": WEEKS + 1}])
def test_mistakes_are_reported(scenarios, bad):
    with pytest.raises(UserError):
        compare(scenarios[:2], replicates=2, workers=1, **bad)


def test_one_scenario_is_not_enough(scenarios):
    with pytest.raises(UserError, match="two or more"):
        compare(scenarios[:1])


def test_the_example_page_counts_significant_differences_of_every_scenario(result):
    import runpy
    from pathlib import Path

    script = runpy.run_path(str(Path(__file__).parents[2] / "docs/examples/compare.py"))
    text = script["page"](result, "sanzhi compare ...", "python ...")
    law = rows(result, "law")
    assert f"{int(law['settled'].sum())} of {int(law['p'].notna().sum())} significant" in text
    assert "`same` against" in text
    assert result.manifest["content_hash"] in text
