"""Metrics: every formula against a computation of its own on made-up counts, with plain loops."""

import math

import numpy as np
import pytest
from alone import TALLIES
from made_counts import DISTRICTS, FIXED, PEOPLE, SHARES, WEEKS, agree, made_up

from sim.city.community import CONDITIONS
from sim.metrics import weekly
from sim.metrics.goalposts import GOALPOSTS


def scale(name):
    return GOALPOSTS[name].weight, math.sqrt(GOALPOSTS[name].good * GOALPOSTS[name].bad)


def test_order(table, hand):
    weight, middle = scale("order")

    def by_hand(week):
        offences, seen = hand.window("offences", week, 13)
        rate = (weight * middle + offences) / (weight + hand.residents * seen / 52)
        return middle / (middle + rate)

    agree(table, "order", by_hand)


def test_calm(table, hand):
    weight, middle = scale("calm")

    def by_hand(week):
        active, seen = hand.window("active", week, 52)
        rate = (weight * middle + active) / (weight + hand.residents * seen / 52)
        return middle / (middle + rate)

    agree(table, "calm", by_hand)


def test_resolution(table, hand):
    weight, middle = scale("resolution")

    def by_hand(week):
        closed = hand.window("formal_closed", week, 13)[0]
        waited = sum(hand.window(f"open_{where}", week, 13)[0] for where in ("mediation", "office", "court"))
        return middle / (middle + (weight * middle + closed + waited) / (weight + closed))

    agree(table, "resolution", by_hand)


def test_headlines_are_weighted_means_of_their_parts(table):
    stability = (2 * table.order + table.calm + table.resolution) / 4
    satisfaction = (table.belonging + table.happiness + 3 * table.security) / 5
    assert table.stability.to_numpy() == pytest.approx(stability)
    assert table.satisfaction.to_numpy() == pytest.approx(satisfaction)


@pytest.mark.parametrize("name", [*SHARES, "belonging", "happiness", "security"])
def test_means_over_adults(table, hand, name):
    agree(table, name, lambda week: hand.now(name, week) / FIXED / hand.adults)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("satisfied_share", "satisfied"),
        ("volunteers", "volunteers"),
        ("content", "content"),
        ("feel_safe", "safe"),
        ("jobless", "jobless"),
        ("rumour_share", "believers"),
    ],
)
def test_shares_of_adults(table, hand, name, count):
    agree(table, name, lambda week: hand.now(count, week) / hand.adults)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("disputes_opened", "opened"),
        ("closed_mediation", "closed_mediation"),
        ("closed_office", "closed_office"),
        ("closed_court", "closed_court"),
        ("withdrawn", "withdrawn"),
        ("waiting_mediation", "open_mediation"),
        ("waiting_office", "open_office"),
        ("waiting_court", "open_court"),
        ("offences", "offences"),
        ("recorded_offences", "recorded"),
        ("cleared_offences", "cleared"),
        ("stops", "stops"),
        ("active", "active"),
        ("incidents", "incidents"),
        ("jailed", "prisoners"),
    ],
)
def test_flows_and_stocks_of_a_week_per_1000_residents(table, hand, name, count):
    agree(table, name, lambda week: hand.now(count, week) * 1000 / hand.residents)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("wrongful_stops", "fruitless"),
        ("burn_out", "burned_out"),
        ("settlements_back", "reopened"),
        ("wrongful_cases", "wrongful"),
        ("false_flags", "flagged_falsely"),
        ("rate_contacts", "contacts"),
        ("rate_requests", "requests"),
        ("rate_disputes", "opened"),
        ("rate_office", "to_office"),
        ("rate_suits", "to_court"),
        ("rate_recorded", "recorded"),
        ("rate_criminal", "criminal"),
        ("rate_prosecuted", "prosecuted"),
        ("rate_stops", "stops"),
        ("rate_incidents", "incidents"),
    ],
)
def test_rates_of_a_year_per_1000_residents(table, hand, name, count):
    agree(table, name, lambda week: hand.yearly(count, week))


def test_what_is_made_of_several_counts(table, hand):
    agree(table, "settled_negotiation", lambda w: (hand.now("settled", w) + hand.now("dropped", w)) * 1000 / hand.residents)
    agree(table, "rate_mediation", lambda w: hand.yearly("closed_mediation", w) + hand.yearly("failed_mediation", w))
    agree(table, "rate_security_cases", lambda w: hand.yearly("recorded", w) - hand.yearly("criminal", w), 1e-9)
    agree(table, "prisoners", lambda w: hand.yearly("prisoners", w) / 52)
    agree(table, "active_volunteers_year", lambda w: hand.now("volunteered_year", w) / hand.residents)
    agree(table, "happiness_1_5", lambda w: 1 + 4 * hand.now("happiness", w) / FIXED / hand.adults)
    for name in ("volunteer_hours", "hours_per_resident"):
        agree(table, name, lambda w: hand.scaled("time_given", w, 52) / FIXED * 40 / hand.residents)


@pytest.mark.parametrize(
    ("name", "part", "whole"),
    [
        ("rate_cleared_share", ("cleared",), ("recorded",)),
        ("rate_cleared_share_violent", ("cleared_violent",), ("recorded_violent",)),
        ("stops_without_result", ("fruitless",), ("stops",)),
        ("requests_share", ("requests",), ("contacts",)),
        ("resolved_share", ("resolved",), ("requests",)),
        ("pleased_share", ("pleased",), ("resolved",)),
        ("detection_precision", ("flagged_rightly",), ("flagged_rightly", "flagged_falsely")),
        ("mediation_success", ("closed_mediation",), ("closed_mediation", "failed_mediation")),
        ("mediation_weeks", ("mediated_weeks",), ("closed_mediation", "failed_mediation")),
    ],
)
def test_ratios_over_a_year(table, hand, name, part, whole):
    agree(table, name, lambda w: sum(hand.window(n, w, 52)[0] for n in part) / sum(hand.window(n, w, 52)[0] for n in whole))


@pytest.mark.parametrize(
    ("name", "what"), [("gap_satisfaction", "satisfaction"), ("gap_service", "service"), ("gap_belonging", "belonging")]
)
def test_gaps_are_local_less_nonlocal(table, hand, name, what):
    def by_hand(week):
        outside = hand.now(f"{what}_nonlocal", week)
        return (hand.now(what, week) - outside) / FIXED / (hand.adults - hand.nonlocals) - outside / FIXED / hand.nonlocals

    agree(table, name, by_hand, 1e-9)


def test_those_without_local_registration(table, hand):
    agree(table, "nonlocal_joining", lambda w: hand.now("joining", w) / hand.nonlocals)
    agree(table, "nonlocal_feel_local", lambda w: hand.now("settled_in", w) / hand.nonlocals)
    agree(table, "integration", lambda w: hand.now("integration_nonlocal", w) / FIXED / hand.nonlocals)


def test_voters_and_registered_volunteers(table, hand):
    agree(table, "turnout", lambda w: hand.now("votes", w) / FIXED / hand.adults)
    agree(table, "registered_volunteers", lambda w: hand.now("registered", w) / hand.residents)


def test_conditions_are_means_over_residents(table, simulation, hand):
    kept, people = simulation.city.world.history_conditions, PEOPLE["residents"]

    def mean(name, week):
        return sum(float(kept[week, d, CONDITIONS.index(name)]) * people[d] for d in range(DISTRICTS)) / sum(people)

    for metric, name in (("exposure",) * 2, ("burden",) * 2, ("performance",) * 2, ("reported_performance", "reported")):
        agree(table, metric, lambda w, name=name: mean(name, w))
    agree(table, "overstated", lambda w: mean("reported", w) - mean("performance", w), 1e-9)
    agree(table, "chilled", lambda w: 1 - math.exp(-mean("chill", w)), 1e-6)
    agree(table, "expressed_gap", lambda w: mean("hush", w) * (1 - hand.now("legitimacy", w) / FIXED / hand.adults), 1e-9)


def test_money_is_per_resident_and_year(table, simulation):
    money = simulation.city.world.history_money / 100 * 52 / sum(PEOPLE["residents"])
    for column, name in enumerate(("budget_spent", "budget_leaked", "budget_unspent"), start=1):
        assert table[name].to_numpy() == pytest.approx(money[:, column])
    employed = simulation.city.world.history_staff
    for column, name in enumerate(("staff", "idle_staff")):
        assert table[name].to_numpy() == pytest.approx(employed[:, column].sum(axis=1))
    assert table["spread_satisfaction"].to_numpy() == pytest.approx(simulation.city.world.history_spread)


@pytest.mark.parametrize("share", [10, 50, 90])
def test_quantiles_of_the_distribution(table, simulation, share):
    """Within a bin people are taken to lie evenly: the quantile of a sample drawn out evenly in every bin."""
    for week in (0, 33, WEEKS - 1):
        counts = simulation.city.world.history_histogram[week].sum(axis=0)
        spread_out = np.concatenate([(b + (np.arange(n * 50) + 0.5) / (n * 50)) / 50 for b, n in enumerate(counts) if n])
        assert table[f"satisfaction_p{share}"][week] == pytest.approx(np.quantile(spread_out, share / 100), abs=1e-4)


def test_where_nothing_moves_resolution_falls_week_by_week():
    """And it goes on falling: a longer standstill is worse than a short one, and never the same."""
    stuck = made_up()
    stuck.city.world.history[:, :, TALLIES.index("formal_closed")] = 0
    stuck.city.world.history[:, :, TALLIES.index("open_office")] = 20 * np.arange(WEEKS)[:, None]
    falling = weekly(stuck)["resolution"]
    assert (falling.diff().dropna() < 0).all()
    assert 0 < falling.iloc[-1] < 0.01
