"""A run compared with data: equal patterns agree, others miss, and the result of chance alone is reported."""

import numpy as np
import pandas as pd
import pytest
from held import AREAS, city, made_run, table_of

import sim
from sim.errors import UserError
from sim.experiments.validation.area_by_area import BETTER, WORSE
from sim.experiments.validation.validate_against import AGREES, MISSES, UNKNOWN, meets, predicted, validate_against
from sim.report.text.catalogue import say
from sim.report.validation.page import findings, write_validation


@pytest.fixture(scope="module")
def run():
    return made_run()


@pytest.fixture(scope="module")
def like(run):
    """Data of the same city as the run, under another seed."""
    return validate_against(run, table_of(city(np.random.default_rng(99))), threshold=0.6)


def row(found, pattern):
    return found.table.set_index("pattern").loc[pattern]


def numbers(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["metric", "low", "high"])


def test_a_city_agrees_with_itself(like):
    """Intervals that hold the truth 95 times in 100 fail to meet far more rarely: one of all patterns may."""
    assert len(like.named(MISSES)) <= 1
    assert like.named(UNKNOWN) == []
    kinds = {"moran", "concentration", "gini", "gradient", "lag", "elasticity", "gap", "jump"}
    assert {name.split()[0] for name in like.table["pattern"]} == kinds


def test_what_was_put_in_is_found(like):
    assert row(like, "jump satisfaction at service 0.6")["data"] == pytest.approx(0.1, abs=0.05)
    assert row(like, "gap recorded against offences")["simulated"] == pytest.approx(0.5, abs=0.02)
    assert row(like, "moran offences")["data_low"] > row(like, "moran offences")["null_high"]
    assert row(like, "gradient offences by hardship")["data"] == pytest.approx(1.0, abs=0.4)  # exp(0.5) - exp(-0.5)


def test_every_value_lies_in_its_interval(like):
    table = like.table
    for side in ("data", "simulated", "null"):
        assert (table[f"{side}_low"] <= table[side] + 1e-12).all()
        assert (table[side] <= table[f"{side}_high"] + 1e-12).all()


def test_the_opposite_gradient_misses_and_a_flat_one_agrees_with_the_null_model(run):
    turned = validate_against(run, table_of(city(np.random.default_rng(5), gradient=-1.0)))
    assert row(turned, "gradient offences by hardship")["verdict"] == MISSES
    assert not turned.agree
    flat = validate_against(run, table_of(city(np.random.default_rng(5), gradient=0.0)))
    assert row(flat, "gradient satisfaction by hardship")["null_agrees"]


def test_a_city_without_clusters_misses_one_with_them(run):
    found = validate_against(run, table_of(city(np.random.default_rng(5), clustered=0.0), "x", "y", "offences"))
    assert row(found, "moran offences")["verdict"] == MISSES
    assert row(found, "moran offences")["null_agrees"]


def test_what_few_events_would_hide_is_compared_at_equal_density(run):
    """A fiftieth of the events looks far more concentrated; thinned to it, the run agrees."""
    data = city(np.random.default_rng(7))
    data["offences"] = np.random.default_rng(8).binomial(data["offences"], 0.02)
    found = row(validate_against(run, table_of(data, "offences")), "concentration offences")
    assert found["note"].startswith("simulation thinned to 0.0")
    assert found["verdict"] == AGREES
    whole = row(validate_against(run, table_of(city(np.random.default_rng(7)), "offences")), "concentration offences")
    assert found["data"] > whole["simulated_high"]  # unequal luck would have missed


def test_curves_are_shares_with_chance_below_a_city_that_differs(like):
    curve = like.curves["offences"]
    assert set(like.curves) == {"offences", "recorded", "stops"}
    assert curve[["data", "simulated", "luck"]].iloc[[0, -1]].to_numpy().ravel() == pytest.approx([0, 0, 0, 1, 1, 1])
    inner = curve.iloc[5:45]
    assert (inner["luck"] < inner["simulated_low"]).all()


def test_known_numbers_are_judged_by_the_same_rule(run):
    level = run.weekly["rate_criminal"].mean()
    found = validate_against(
        run,
        numbers(
            ("rate_criminal", level - 1, level + 1),
            ("rate_stops", 0, level / 2),
            ("gap reported_performance against performance", 0.04, 0.06),
            ("gap recorded against offences", 0.8, 0.9),
        ),
    )
    assert found.table["verdict"].tolist() == [AGREES, MISSES, AGREES, MISSES]
    assert np.isnan(row(found, "rate_criminal")["null"])
    assert row(found, "gap reported_performance against performance")["null"] == 0


def test_rules_of_the_verdict():
    nan = float("nan")
    assert meets((1, 0, 2), (3, 2, 4))
    assert not meets((1, 0, 1.9), (3, 2, 4))
    assert meets((2, nan, nan), (3, 2, 4))
    assert not meets((2, nan, nan), (3, nan, nan))
    assert meets((nan, nan, nan), (3, 2, 4)) is None


def test_one_more_replicate_lies_in_the_interval_as_often_as_it_says():
    """Of 2,000 samples of 5, with a false-alarm rate of 1e-6."""
    from scipy import stats

    luck = np.random.default_rng(3)
    hits = 0
    for sample in luck.normal(size=(2000, 6)):
        _, low, high = predicted(sample[:5].tolist())
        hits += low <= sample[5] <= high
    assert stats.binomtest(hits, 2000, 0.95).pvalue > 1e-6


def test_one_replicate_is_a_point_and_the_page_says_so(tmp_path):
    found = validate_against(made_run(1), table_of(city(np.random.default_rng(1)), "offences", "hardship"))
    assert found.table["simulated_low"].isna().all()
    page = write_validation(found, tmp_path).read_text(encoding="utf-8")
    assert say("one", "en") in page
    assert say("one", "zh") in page


def test_a_run_without_a_finished_year_has_no_areas():
    with pytest.raises(UserError, match="patterns over areas need a complete year"):
        validate_against(made_run(2, weeks=20, years=0), table_of(city(np.random.default_rng(1)), "offences"))


def test_what_has_no_value_cannot_be_judged(run):
    data = table_of(city(np.random.default_rng(1)), "offences")
    found = validate_against(run, data.assign(offences=0))
    assert found.table["verdict"].unique().tolist() == [UNKNOWN]
    assert not found.agree
    assert "cannot be judged" in " ".join(findings(found, "en")).lower()


def test_the_same_call_gives_the_same_table(run, like):
    again = validate_against(run, table_of(city(np.random.default_rng(99))), threshold=0.6)
    pd.testing.assert_frame_equal(again.table, like.table)


def test_page_and_tables_say_the_same(like, tmp_path):
    page = write_validation(like, tmp_path, "zh", "sanzhi validate-against x.csv").read_text(encoding="utf-8")
    written = pd.read_csv(tmp_path / "patterns.csv")
    assert written["pattern"].tolist() == like.table["pattern"].tolist()
    assert written["verdict"].tolist() == like.table["verdict"].tolist()
    assert all(name in page for name in written["pattern"])
    assert {path.name for path in tmp_path.glob("concentration-*.csv")} == {f"concentration-{what}.csv" for what in like.curves}
    assert {path.name for path in (tmp_path / "figures").iterdir()} >= {"patterns.svg", "concentration.png"}
    assert '<html lang="zh">' in page
    assert "sanzhi validate-against x.csv" in page


def test_a_table_without_a_page(like, tmp_path):
    assert write_validation(like, tmp_path / "new", page=False) == tmp_path / "new"
    assert not (tmp_path / "new" / "report.html").exists()


# --- runs


@pytest.fixture(scope="module")
def lived():
    from cities import small

    return sim.simulate(small(52, residents=4000, policy={"rule_of_law": 0.3}), seed=3, replicates=3)


def test_an_elasticity_to_a_lever_is_that_of_runs_done_by_hand(lived):
    found = validate_against(lived, numbers(("elasticity rate_stops to policy.rule_of_law", -5, 5)))
    ends = [sim.simulate(lived.scenario.with_changes({"policy.rule_of_law": at}), seed=3, replicates=3) for at in (0.272727, 0.33)]
    means = [end.weekly.groupby("replicate")["rate_stops"].mean().to_numpy() for end in ends]
    expected = (np.log(means[1] / means[0]) / np.log(1.21)).mean()
    assert row(found, "elasticity rate_stops to policy.rule_of_law")["simulated"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("policy.rule_of_lw", "expected a scenario key with a numeric value"),
        ("stance.patrol_targeting", "expected a scenario key with a numeric value"),
        ("stance.campaign", "the key is multiplied by a factor, so its value must be above 0"),
    ],
)
def test_a_key_that_cannot_be_moved_is_reported(lived, key, says):
    with pytest.raises(UserError, match=says):
        validate_against(lived, numbers((f"elasticity rate_stops to {key}", 0, 1)))


def test_a_run_agrees_with_its_own_communities(lived):
    own = lived.communities[lived.communities["replicate"] == 1]
    table = own.assign(community=[f"C{n}" for n in own["community"]]).rename(columns={"residents": "population"})
    found = sim.validate_against(lived, table[["community", "population", "hardship", "x", "y", "offences", "recorded", "satisfaction"]])
    assert found.agree, found.table


# --- single areas


def by_event(found) -> pd.DataFrame:
    return found.areas.set_index("events")


def test_single_areas_are_predicted_better_where_the_run_knows_more_than_hardship(like):
    """Offences of the made city rise with hardship and towards one side: the run knows the side, the straight line does not."""
    told = by_event(like).loc["offences"]
    assert told["areas"] == AREAS
    assert told["simulation"] > told["hardship"] + 0.1 > 0.3
    assert told["verdict"] == BETTER
    assert told["better"] > 0.95


def test_hardship_alone_wins_where_the_run_has_the_wrong_areas(run):
    turned = validate_against(run, table_of(city(np.random.default_rng(5), gradient=-1.0, clustered=0.0), "offences"))
    told = by_event(turned).loc["offences"]
    assert told["simulation"] < 0 < told["hardship"]
    assert told["verdict"] == WORSE


def test_areas_of_another_city_are_not_compared_one_by_one(run, tmp_path):
    data = table_of(city(np.random.default_rng(5)), "offences")
    found = validate_against(run, data.assign(community=[f"Other {n}" for n in range(AREAS)]))
    assert found.areas.empty
    page = write_validation(found, tmp_path).read_text(encoding="utf-8")
    assert say("h_areas", "en") not in page
    assert not (tmp_path / "areas.csv").exists()


def test_unknown_rates_are_left_out_and_areas_need_not_be_in_order(run):
    data = table_of(city(np.random.default_rng(99)), "offences")
    whole = by_event(validate_against(run, data)).loc["offences"]
    mixed = by_event(validate_against(run, data.sample(frac=1, random_state=1))).loc["offences"]
    assert mixed["simulation"] == pytest.approx(whole["simulation"])
    known = data.assign(offences=data["offences"].where(data.index > 9).astype("Int64"))
    assert by_event(validate_against(run, known)).loc["offences", "areas"] == AREAS - 10


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_page_and_table_say_how_single_areas_are_predicted(like, tmp_path, lang):
    page = write_validation(like, tmp_path, lang).read_text(encoding="utf-8")
    written = pd.read_csv(tmp_path / "areas.csv")
    assert written["verdict"].tolist() == like.areas["verdict"].tolist()
    assert say("h_areas", lang) in page
    assert say("areas_better_said", lang, events="offences") in findings(like, lang)
