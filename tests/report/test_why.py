"""What changed and why: parts, mechanisms, groups, places, and the words about them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fake import make_eventful_run, make_ledger, make_run

from sim.report.parts import groups, places
from sim.report.run import assumptions, attribution, story, targets
from sim.report.run.figures import draw_why, plot_groups, plot_map, plot_waterfall
from sim.report.run.rates import rates
from sim.report.text.catalogue import beginning, say
from sim.scenario import read_scenario


def test_parts_of_an_index_add_up_to_its_change():
    run = make_run(4, 110, 3)
    for index in ("stability", "satisfaction"):
        start, steps, end = attribution.index_steps(run, index, "en")
        assert start + sum(value for _, value in steps) == pytest.approx(end, abs=1e-9)
        assert "Not explained" not in str(steps)


def test_what_parts_do_not_explain_is_a_step_of_its_own():
    run = make_run(2, 60, 3)
    run.weekly["stability"] = np.linspace(0.2, 0.9, len(run.weekly))
    assert "Not explained by parts" in [name for name, _ in attribution.index_steps(run, "stability", "en")[1]]


def test_moves_are_summed_over_weeks_and_averaged_over_replicates():
    frame = make_ledger(60)
    moves = attribution.moved(frame, "satisfaction")
    assert list(moves.index) == ["services", "norms", "new_mechanism"]
    assert moves.to_numpy() == pytest.approx([0.06, -0.03, 0.0], abs=1e-12)
    twice = pd.concat([frame.assign(replicate=r) for r in range(2)])
    assert attribution.moved(twice, "satisfaction").to_dict() == pytest.approx(moves.to_dict())
    assert attribution.moved(frame, "satisfaction", first=10, last=19)["services"] == pytest.approx(0.01)
    assert attribution.moved(frame, "satisfaction", against=frame).abs().max() == pytest.approx(0)


def test_waterfall_ends_where_the_steps_lead():
    axes = plot_waterfall(make_ledger(), "satisfaction", start=0.5)
    said = [text.get_text() for text in axes.texts]
    assert said == ["+0.060", "−0.030", "0.000", "0.50", "0.53"]
    assert [bool(bar.get_hatch()) for bar in axes.patches] == [False, True, False]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Start", "Public services", "Norms", "new mechanism", "End"]


def test_many_steps_are_joined():
    steps = [(str(i), 1.0 / (i + 1)) for i in range(30)]
    kept = attribution.joined(steps, "en")
    assert len(kept) == attribution.MOST_STEPS
    assert sum(value for _, value in kept) == pytest.approx(sum(value for _, value in steps))


def test_a_run_without_attribution_has_no_section_why():
    assert attribution.ledger(make_run(1, 20, 2)) is None
    run = make_eventful_run()
    assert attribution.quantities(attribution.ledger(run)) == ["satisfaction", "legitimacy"]
    assert len(draw_why(run).axes) == 2


def test_groups_are_found_and_change_as_the_table_says():
    run = make_run(5, 110, 4)
    found = {group.title: group for group in groups.groups(run, "en")}
    assert {"Local residents", "Non-local residents", "Least satisfied tenth", "Communities with most hardship"} <= set(found)
    share = groups.nonlocal_share(run.scenario)
    local, other = found["Local residents"].end.mean, found["Non-local residents"].end.mean
    assert (1 - share) * local + share * other == pytest.approx(run.weekly.groupby("replicate").tail(13)["satisfaction"].mean())
    assert sum(group.chosen for group in found.values()) == 2
    assert len(plot_groups(run).get_yticks()) == len(found)


def test_groups_that_a_run_knows_nothing_of_are_left_out():
    run = make_run(2, 30, 2, drop=("gap_satisfaction", "satisfaction_p10", "satisfaction_p50", "satisfaction_p90"))
    assert groups.groups(run, "en") == []


def test_places_are_communities_or_districts_or_squares():
    run = make_run(2, 110, 16)
    table = places.places(run)
    assert table.attrs["unit"] == "communities"
    assert len(table) == 48
    assert places.places(make_run(2, 30, 16)).attrs["unit"] == "districts"
    many = pd.concat(
        [run.communities.assign(community=run.communities["community"] + 1000 * k, x=run.communities["x"] + k / 7) for k in range(20)]
    )
    squares = places.places(replace(run, communities=many))
    assert squares.attrs["unit"] == "squares"
    assert len(squares) <= 2 * places.MOST_PLACES
    assert squares["residents"].sum() == 3000 * 48 * 20


def test_the_map_tells_classes_by_size_and_changes_by_shape():
    run = make_run(2, 110, 16)
    levels = plot_map(run).collections
    assert len({c.get_sizes()[0] for c in levels}) == 4
    assert len(plot_map(run, change=True).collections) == 2


def test_the_story_names_policy_parts_groups_and_mechanisms():
    run = make_eventful_run()
    for lang, words in (("en", ("weeks 30 to 43", "Norms".lower())), ("zh", ("第30–43周", "公共服务"))):
        said = " ".join(story.changed(run, lang))
        assert all(word in said for word in words), said
    assert "With 1 run" in " ".join(story.changed(make_run(1, 60, 3), "en"))


def test_uncertainty_names_the_part_that_varies_most_between_replicates_and_assumptions():
    run = make_run(4, 60, 3)
    run.weekly["calm"] += run.weekly["replicate"] * 0.2
    said = story.uncertainty(run, "en")
    assert "largest in calm" in said
    assert "pull of public messages" in said


def test_caveats_are_two_or_three():
    run = make_run(4, 60, 3)
    said = story.caveats(run, "en", rates(run, "en"))
    assert 1 <= said.count(". ") + 1 <= 3


def test_uncertain_assumptions_exist_and_are_assumptions():
    known = {c.key: c for c in assumptions.coefficients(read_scenario({"name": "any"}))}
    doubtful = beginning("doubtful ")
    assert set(doubtful) <= set(known)
    assert all(known[key].assumed for key in doubtful)
    for key in doubtful:
        assert ": " in say(f"doubtful {key}", "en"), key
        assert "：" in say(f"doubtful {key}", "zh"), key


def test_changed_and_switched_off_coefficients_are_listed():
    made = read_scenario({"name": "any", "mechanisms": {"norms": {"kappa": 0.2}, "unrest": {"enabled": False}}})
    said = assumptions.assumptions(made, "en")
    assert [row["key"] for row in said["changed"]] == ["norms.kappa"]
    assert "Unrest" in said["off"]
    assert not any(row["key"].startswith("unrest.") for row in said["doubtful"])


def test_targets_are_shown_as_they_are_and_as_reported(monkeypatch):
    import sim.analysis.targets

    run, judge = make_eventful_run(), sim.analysis.targets.judge
    monkeypatch.setattr(targets, "judge", lambda *args: judge(*args).assign(state="missed", reported=0.9, reported_state="met"))
    row = targets.targets(run, "en")[0]
    assert (row["state"], row["reported"], row["reported_value"]) == ("missed", "met", "0.90")
    assert targets.targets(run, "zh")[0]["reported"] == "已达成"


def test_targets_without_a_report_have_no_column_for_it(monkeypatch):
    import sim.analysis.targets

    run, judge = make_eventful_run(), sim.analysis.targets.judge
    monkeypatch.setattr(targets, "judge", lambda *args: judge(*args).drop(columns=["reported", "reported_state"], errors="ignore"))
    assert list(targets.targets(run, "en")[0]) == ["metric", "asked", "by", "responsible", "value", "state", "share"]
