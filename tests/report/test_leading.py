"""Leading results as texts: amounts as people say them, the scale of the city, and cost per effect in every quadrant."""

import math

import numpy as np
import pandas as pd
import pytest
from fake import make_run

from sim.analysis import cost_effectiveness as quadrants
from sim.analysis.real_size import EFFECTS, LEADING
from sim.experiments.comparisons.natural_units import COLUMNS, differences
from sim.metrics import METRICS
from sim.report.parts.leading import STEPS, cost_in_words, difference_blocks, note_of, results_of, rows_of, title
from sim.report.parts.numbers import amounts, money
from sim.report.run.page import write_report
from sim.report.text.catalogue import has

LANGUAGES = ("en", "zh")


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (12_345, "12,300", "1.23万"),
        (1_234_567, "1.23 million", "123万"),
        (234_567_890, "235 million", "2.35亿"),
        (2_345_678_901, "2.35 billion", "23.5亿"),
        (999_999, "1 million", "100万"),
        (9_996, "10,000", "1万"),
        (-45_678, "−45,700", "−4.57万"),
        (0, "0", "0"),
        (7.26, "7.26", "7.26"),
    ],
)
def test_amounts_as_people_say_them(value, english, chinese):
    assert [amounts([value], lang)[0] for lang in LANGUAGES] == [english, chinese]


def test_an_amount_and_its_ends_are_rounded_alike_and_stay_apart():
    assert amounts([526_143, 514_021, 538_970], "en") == ["526,000", "514,000", "539,000"]
    assert amounts([1_300_000, 900_000, 2_400_000], "en") == ["1.3 million", "0.9 million", "2.4 million"]
    _, low, high = amounts([1e9, 2e6, 39e9], "en")
    assert low != high
    assert not low.startswith("0 ")
    assert amounts([math.nan, 1.0, 2.0], "en")[0] == "–"
    assert amounts([3e6], "en", sign=True)[0] == "+3 million"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_a_plain_zero(lang):
    assert amounts([0.0, 0.0, 0.0], lang, sign=True) == ["0"] * 3
    assert amounts([-418.0, -23_253.0, 29_498.0], lang, sign=True)[0] == "0"


def test_amounts_keep_their_exact_values_for_csv():
    assert [shown.exact for shown in amounts([12_345.678, 1.0, 2.0], "zh")] == [(12_345.678,), (1.0,), (2.0,)]


def test_money_names_its_currency_in_both_languages_and_any_other_by_its_code():
    assert [money([1_300_000], lang, "CNY")[0] for lang in LANGUAGES] == ["1.3 million yuan", "130万元"]
    assert money([5], "en", "EUR")[0] == "5 EUR"


def test_every_leading_result_and_effect_has_its_words():
    for name in LEADING:
        assert has(f"natural {name}")
    for name in EFFECTS:
        assert has(f"effect {name}")
        assert has(f"effect_lost {name}")
        assert name in STEPS
    for verdict in quadrants.VERDICTS:
        assert has(f"cost_{verdict.replace(' ', '_')}")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("replicates", [1, 6])
def test_the_results_of_a_run_are_those_of_the_real_city(lang, replicates):
    run = make_run(replicates=replicates, weeks=60)
    rows = {row["name"]: row for row in rows_of(run, lang)}
    assert list(rows) == [name for name in LEADING if name in run.weekly]
    offences = next(one for one in results_of(run) if one.metric == "offences")
    last = run.weekly[run.weekly["week"] >= 8]["offences"].mean()
    assert offences.total[0] == pytest.approx(last * 52 * 24_870.895)
    assert rows["offences"]["value"].exact[0] == pytest.approx(offences.total[0])
    assert rows["offences"]["interval"]
    assert ("24.9 million" if lang == "en" else "2,490万") in note_of(run, lang)


def test_the_page_shows_them_first(tmp_path, monkeypatch):
    run = make_run(replicates=2, weeks=60, districts=3)
    source = write_report(run, tmp_path).read_text(encoding="utf-8")
    assert source.index('class="paid leading"') < source.index('class="card stability"')
    for name in LEADING:
        assert (title(name, "en") in source) == (name in METRICS)


def test_a_cost_is_told_per_step_with_its_interval():
    row = {"metric": "offences", "cost_per_effect": 13_000, "cost_low": 9_000, "cost_high": 24_000, "currency": "CNY"}
    told = {verdict: [cost_in_words(row | {"cost_verdict": verdict}, lang) for lang in LANGUAGES] for verdict in quadrants.VERDICTS}
    assert told[quadrants.COSTS][0] == "1.3 million yuan per 100 offences avoided (0.9 million to 2.4 million)"
    assert told[quadrants.COSTS][1] == "每减少100起违法犯罪需130万元（90万至240万）"
    for verdict in (quadrants.DOMINATES, quadrants.DOMINATED, quadrants.NO_EFFECT, quadrants.NONE, quadrants.FREE, quadrants.WORSE):
        assert "yuan" not in told[verdict][0]
    assert len({words[0] for words in told.values()}) == len(told)


def values(n=8, **changes):
    """Leading results of a scenario on some seeds."""
    luck = np.linspace(-0.01, 0.01, n)
    found = {
        "offences": 0.4 + luck,
        "content_residents": 650 + 100 * luck,
        "budget_spent": np.full(n, 1800.0),
        "budget_leaked": np.zeros(n),
    }
    return found | changes


def test_differences_are_totals_and_cost_is_money_over_improvement():
    n = 8
    better = values(offences=values()["offences"] - 0.05 - 0.001 * np.cos(np.arange(n)), budget_spent=np.full(n, 1810.0))
    table = differences(values(), {"more": better}, residents=1e6, currency="CNY").set_index("metric")
    assert list(table.columns) == [name for name in COLUMNS if name != "metric"]
    row = table.loc["offences"]
    assert row["mean"] == pytest.approx(row["value"] - row["base"])
    assert row["money"] == pytest.approx(10e6)
    assert row["cost_per_effect"] == pytest.approx(10e6 / -row["mean"])
    assert row["cost_low"] < row["cost_per_effect"] < row["cost_high"]
    assert row["cost_verdict"] == quadrants.COSTS
    assert table.loc["content_residents", "cost_verdict"] == quadrants.NO_EFFECT
    assert table.loc["budget_spent", "cost_verdict"] == ""


def test_money_that_differs_by_rounding_is_the_same_money():
    better = values(offences=values()["offences"] * 0.9, budget_spent=np.full(8, 1800.001))
    table = differences(values(), {"other": better}, residents=1e6, currency="CNY").set_index("metric")
    assert table.loc["offences", "cost_verdict"] == quadrants.FREE
    assert table.loc["budget_spent", "mean"] == 0


def test_with_two_currencies_there_is_no_cost_but_all_differences():
    table = differences(values(), {"other": values(offences=np.full(8, 0.3))}, residents=1e6, currency="")
    assert set(table["cost_verdict"]) == {""}
    (block,) = difference_blocks(table, {"other": "Other"}, "en")
    assert not block["priced"]
    assert {row["cost"] for row in block["rows"]} == {"–"}
    assert isinstance(table, pd.DataFrame)
