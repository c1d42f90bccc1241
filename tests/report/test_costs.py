"""What a policy costs and whom it employs is told by explain, describe and the page of a report, in both languages."""

import pytest
from fake import make_run

from sim.describe.describe import describe
from sim.errors import UserError
from sim.explain.scenario import explain_scenario
from sim.levers import INSTRUMENT_ROWS, INSTRUMENTS
from sim.messages import LANGUAGES, speaking
from sim.report.parts import settings
from sim.scenario import load_scenario
from sim.scenario.cities.staffing import shipped_rows
from sim.scenario.costs import costs, count_text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explain_tells_money_staff_and_what_a_change_costs(lang):
    scenario = load_scenario("more_mediators")
    with speaking(lang):
        text = explain_scenario(scenario, 2, 1, 1)
    for name in INSTRUMENTS:
        assert INSTRUMENT_ROWS[name].staff[lang] in text
        assert INSTRUMENT_ROWS[name].work[lang] in text
    found = costs(scenario)["self_governance.mediation"]
    assert f"{found.money:,.1f}" in text
    assert f"{found.money - found.now:+,.1f}" in text
    assert count_text(found.people) in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_describe_tells_every_figure_with_range_and_source(lang):
    with speaking(lang):
        whole = describe("staffing")
        for name in INSTRUMENTS:
            page = describe(name)
            for text in (whole, page):
                row = shipped_rows()[name, "cost"]
                assert f"{row.value:,g}" in text
                assert f"{row.low:,g}" in text
                assert row.source.split()[0] in text
    with pytest.raises(UserError, match="staffing"):
        describe("staffings")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_settings_adds_up(lang):
    run = make_run(2, 20, 1)
    rows = settings.policy(run, lang)
    levers = [row for row in rows if row["kind"] == "lever"]
    rest = next(row for row in rows if row["kind"] == "unspent")
    assert len([row for row in rows if row["kind"] == "instrument"]) == len(INSTRUMENTS)
    assert sum(row["share"] for row in (*levers, rest)) == pytest.approx(1.0)
    assert {row["against"] for row in levers} == {"="}
    assert any(str(run.scenario.staffing.price_year) in value for _, value in settings.facts(run, lang))
