"""Judging targets: met, missed, on track, off track, not yet due."""

import numpy as np
import pandas as pd
import pytest
from cities import baseline

from sim.analysis.targets import COLUMNS, NO_VALUE, RECENT, STATES, judge

HONEST = {"performance": 0.6, "reported_performance": 0.6}


def targets(*given):
    return baseline().with_changes({"targets": list(given)}).targets


def weekly(*series, **more) -> pd.DataFrame:
    """A row per replicate and week of a made-up stability."""
    frames = [
        pd.DataFrame({"replicate": replicate, "week": np.arange(len(values)), "stability": np.asarray(values, float), **HONEST, **more})
        for replicate, values in enumerate(series)
    ]
    return pd.concat(frames, ignore_index=True)


def stability(by, **bound):
    return {"metric": "stability", "by": by, **bound}


def rising(weeks, start=0.5, step=0.005):
    return start + step * np.arange(weeks)


def only(frame):
    assert list(frame.columns) == list(COLUMNS)
    assert set(frame["state"]) <= set(STATES)
    (row,) = frame.to_dict("records")
    return row


@pytest.mark.parametrize(
    ("bound", "state"),
    [({"at_least": 0.6}, "met"), ({"at_least": 0.61}, "missed"), ({"at_most": 0.6}, "met"), ({"at_most": 0.59}, "missed")],
)
def test_once_the_date_has_come(bound, state):
    row = only(judge(targets(stability(4, **bound)), weekly([0, 0, 0, 0, 0.6, 0])))
    assert (row["state"], row["at_date"], row["now"], row["by_week"], row["week"]) == (state, 0.6, 0.0, 4, 5)
    assert row["share_met"] == (state == "met")
    assert np.isnan(row["expected"])


@pytest.mark.parametrize(("by", "state"), [(40, "on track"), (39, "off track")])
def test_before_it_a_straight_line_decides(by, state):
    row = only(judge(targets(stability(by, at_least=0.699)), weekly(rising(30))))
    assert row["state"] == state
    assert row["expected"] == pytest.approx(0.5 + 0.005 * by)
    assert np.isnan(row["at_date"])
    assert row["share_met"] == 0.0


def test_only_the_last_weeks_make_the_line():
    values = np.concatenate([np.full(100, 0.9), rising(RECENT, 0.5)])
    row = only(judge(targets(stability(150, at_least=0.1)), weekly(values)))
    assert row["expected"] == pytest.approx(0.5 + 0.005 * 50)


@pytest.mark.parametrize(("weeks", "state"), [(RECENT - 1, "not yet due"), (RECENT, "on track")])
def test_too_few_weeks_for_a_line(weeks, state):
    assert only(judge(targets(stability(200, at_least=0.5)), weekly(rising(weeks))))["state"] == state


def test_the_mean_over_replicates_is_judged_with_its_interval():
    values = [0.2, 0.4, 0.6, 0.6, 0.8, 1.0]  # even to both sides: Student's interval, 5 degrees of freedom, two-sided 5 %
    row = only(judge(targets(stability(1, at_least=0.5)), weekly(*([0, value] for value in values))))
    assert row["state"] == "met"
    assert row["at_date"] == pytest.approx(0.6)
    assert row["share_met"] == pytest.approx(4 / 6)
    half = 2.570581835636314 * np.std(values, ddof=1) / np.sqrt(6)
    assert (row["at_date_low"], row["at_date_high"]) == pytest.approx((0.6 - half, 0.6 + half))


def test_a_single_replicate_has_no_interval():
    row = only(judge(targets(stability(1, at_least=0.5)), weekly([0.5, 0.5])))
    assert np.isnan(row["now_low"])
    assert np.isnan(row["at_date_high"])


def test_replicates_of_different_length_are_judged_up_to_the_last_common_week():
    row = only(judge(targets(stability(4, at_least=0.5)), weekly(np.full(3, 0.6), np.full(9, 0.6))))
    assert (row["week"], row["state"], row["share_met"]) == (2, "not yet due", 1.0)


def test_what_could_not_be_judged_has_no_value():
    row = only(judge(targets(stability(1, at_least=0.5)), weekly([0.5, np.nan], [0.5, np.nan])))
    assert row["state"] == NO_VALUE
    assert np.isnan(row["share_met"])
    row = only(judge(targets(stability(1, at_least=0.5)), weekly([0.5, np.nan], [0.5, 0.6])))
    assert (row["state"], row["at_date"], row["share_met"]) == ("met", 0.6, 1.0)


def test_districts_are_judged_by_their_own_numbers():
    frame = weekly([0.1, 0.1])
    of_districts = pd.concat([weekly([0.1, 0.2], district="Pudong"), weekly([0.8, 0.9], district="Minhang")])
    found = judge(
        targets(stability(1, at_least=0.5, responsible="Minhang"), stability(1, at_least=0.5, responsible="office of Pudong")),
        frame,
        of_districts,
    )
    assert found["state"].tolist() == ["met", "missed"]
    assert found["responsible"].tolist() == ["Minhang", "office of Pudong"]
    with pytest.raises(ValueError, match="no numbers of the district Minhang"):
        judge(targets(stability(1, at_least=0.5, responsible="Minhang")), frame)


def test_one_simulation_without_replicates():
    frame = weekly([0.5, 0.6]).drop(columns=["replicate", "week"])
    assert only(judge(targets(stability(1, at_least=0.6)), frame))["state"] == "met"


def test_no_targets_no_rows():
    frame = judge((), weekly([0.5]))
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == 0


def test_honest_units_report_what_is():
    row = only(judge(targets(stability(1, at_least=0.5)), weekly([0.4, 0.45])))
    assert (row["reported"], row["reported_state"]) == (row["at_date"], row["state"])


def test_dressed_up_reports_meet_what_life_misses():
    """With 0.6 of performance reported as 0.7, a quarter of what is missing is claimed: 0.45 becomes 0.5875."""
    frame = weekly([0.4, 0.45]).assign(reported_performance=0.7)
    row = only(judge(targets(stability(1, at_least=0.5)), frame))
    assert (row["state"], row["reported_state"]) == ("missed", "met")
    assert row["reported"] == pytest.approx(0.5875)
    fewer = judge(targets({"metric": "withdrawn", "by": 1, "at_most": 0.8}), frame.assign(withdrawn=1.0))
    assert (only(fewer)["state"], only(fewer)["reported_state"]) == ("missed", "met")
