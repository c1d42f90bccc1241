"""Metrics: every formula against a computation of its own on made-up counts, with plain loops; bounds; what is not a number."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from alone import TALLIES, alone, live
from cities import small

from sim.city.community import CONDITIONS, SUMS
from sim.city.measure import CONTENT, JOINING, SAFE, SATISFIED, SETTLED_IN
from sim.metrics import CITY_ONLY, METRICS, communities, districts, flows, weekly
from sim.metrics import catalogue as metrics
from sim.simulation import Simulation

WEEKS, DISTRICTS = 70, 3
PEOPLE = {"residents": [9000, 4000, 700], "adults": [8000, 3500, 600], "nonlocals": [3000, 900, 0]}
SHARES = (
    "legitimacy",
    "norm",
    "cohesion",
    "efficacy",
    "fatigue",
    "credibility",
    "service",
    "expectation",
    "grievance",
    "sanction_risk",
    "strain",
)
FIXED = 2**20


def made_up():
    """A simulation that never was: random counts of 70 weeks in three districts."""
    luck = np.random.default_rng(11)
    history = luck.integers(0, 60, (WEEKS, DISTRICTS, len(TALLIES)))
    for number, name in enumerate(TALLIES):
        if name in SUMS:
            history[:, :, number] = luck.integers(0, FIXED, (WEEKS, DISTRICTS)) * np.array(PEOPLE["adults"])
        if name.endswith("_nonlocal"):
            history[:, :, number] = luck.integers(0, FIXED // 2, (WEEKS, DISTRICTS)) * np.array(PEOPLE["nonlocals"])
    histogram = luck.integers(0, 40, (WEEKS, DISTRICTS, 50))
    world = SimpleNamespace(
        history=history,
        history_histogram=histogram,
        history_money=luck.integers(1, 10**6, (WEEKS, 4)),
        history_spread=luck.random(WEEKS),
        history_conditions=luck.random((WEEKS, DISTRICTS, len(CONDITIONS))).astype(np.float32),
        districts={name: np.array(values) for name, values in PEOPLE.items()},
    )
    scenario = small(WEEKS).with_changes({"weights.satisfaction.security": 3.0, "weights.stability.order": 2.0})
    return SimpleNamespace(week=WEEKS, scenario=scenario, city=SimpleNamespace(world=world, district_names=("A", "B", "C")))


@pytest.fixture(scope="module")
def simulation():
    return made_up()


@pytest.fixture(scope="module")
def table(simulation):
    return weekly(simulation)


class Hand:
    """The same numbers by hand: lists and loops, for the whole city."""

    def __init__(self, simulation):
        self.history = simulation.city.world.history.sum(axis=1).tolist()
        self.residents, self.adults, self.nonlocals = (float(sum(PEOPLE[name])) for name in PEOPLE)
        self.hours = simulation.scenario.mechanisms["participation"].hours

    def now(self, name, week):
        return self.history[week][TALLIES.index(name)]

    def window(self, name, week, length):
        """Counts of the weeks seen within the window, and how many weeks they are."""
        seen = [self.now(name, w) for w in range(max(0, week - length + 1), week + 1)]
        return sum(seen), len(seen)

    def yearly(self, name, week):
        """Per 1,000 residents and year: what was seen, scaled to a year."""
        total, seen = self.window(name, week, 52)
        return total * 52 / seen * 1000 / self.residents

    def scaled(self, name, week, length):
        total, seen = self.window(name, week, length)
        return total * length / seen


@pytest.fixture(scope="module")
def hand(simulation):
    return Hand(simulation)


def agree(table, name, by_hand, tolerance=1e-12):
    values = [by_hand(week) for week in range(WEEKS)]
    assert table[name].to_numpy() == pytest.approx(values, rel=tolerance, nan_ok=True)


def test_order(table, hand):
    def by_hand(week):
        offences, seen = hand.window("offences", week, 13)
        offences += (13 - seen) * metrics.OFFENCES_REFERENCE / 52 * hand.residents
        return 2 ** -(offences * 4 / hand.residents / metrics.OFFENCES_REFERENCE)

    agree(table, "order", by_hand)


def test_calm(table, hand):
    def by_hand(week):
        active, seen = hand.window("active", week, 52)
        active += (52 - seen) * metrics.ACTIVE_REFERENCE / 52_000 * hand.residents
        return 2 ** -(active * 1000 / hand.residents / metrics.ACTIVE_REFERENCE)

    agree(table, "calm", by_hand)


def test_resolution(table, hand):
    def by_hand(week):
        closed = hand.scaled("formal_closed", week, 13)
        age = hand.scaled("formal_weeks", week, 13) / closed
        waiting = sum(hand.now(f"open_{where}", week) for where in ("mediation", "office", "court"))
        return 2 ** (-(age + 1 + waiting / (closed / 13)) / 2 / metrics.DURATION_REFERENCE)

    agree(table, "resolution", by_hand)


def test_steadiness(table, hand):
    def by_hand(week):
        first = max(0, week - 51)
        starts = range(first, week - 2)
        blocks = [sum(hand.now("offences", w) + hand.now("active", w) for w in range(start, start + 4)) for start in starts]
        phi = metrics.UNSTEADINESS_REFERENCE
        if week >= 12:
            mean = sum(blocks) / len(blocks)
            variance = sum((b - mean) ** 2 for b in blocks) / (len(blocks) - 1)
            seen = max(0.0, (variance - mean) / (mean * mean * 100_000 / hand.residents))
            phi = (len(blocks) * seen + (49 - len(blocks)) * phi) / 49
        return 1 / (1 + phi / metrics.UNSTEADINESS_REFERENCE)

    agree(table, "steadiness", by_hand, 1e-9)


def test_headlines_are_weighted_means_of_their_parts(table):
    stability = (2 * table.order + table.calm + table.resolution + table.steadiness) / 5
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
        agree(table, name, lambda w: hand.scaled("volunteers", w, 52) * hand.hours / hand.residents)


@pytest.mark.parametrize(
    ("name", "part", "whole"),
    [
        ("rate_cleared_share", ("cleared",), ("recorded",)),
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


def test_money_is_in_reference_budgets(table, simulation):
    money = simulation.city.world.history_money / (sum(PEOPLE["residents"]) * 10_000)
    for column, name in enumerate(("budget_spent", "budget_leaked", "budget_unspent"), start=1):
        assert table[name].to_numpy() == pytest.approx(money[:, column])
    assert table["spread_satisfaction"].to_numpy() == pytest.approx(simulation.city.world.history_spread)


@pytest.mark.parametrize("share", [10, 50, 90])
def test_quantiles_of_the_distribution(table, simulation, share):
    """Within a bin people are taken to lie evenly: the quantile of a sample drawn out evenly in every bin."""
    for week in (0, 33, WEEKS - 1):
        counts = simulation.city.world.history_histogram[week].sum(axis=0)
        spread_out = np.concatenate([(b + (np.arange(n * 50) + 0.5) / (n * 50)) / 50 for b, n in enumerate(counts) if n])
        assert table[f"satisfaction_p{share}"][week] == pytest.approx(np.quantile(spread_out, share / 100), abs=1e-4)


def test_quantiles_and_means_against_the_residents_themselves():
    lived = live(weeks=30, residents=3000)
    people = {name: lived.city.residents.values(name).astype(float) for name in (*SHARES, "belonging", "happiness", "security", "local")}
    adult = lived.city.residents.values("age_group") > 0
    verdict = (people["belonging"] + people["happiness"] + people["security"]) / 3
    now = weekly(lived).iloc[-1]
    for share in (10, 50, 90):
        assert now[f"satisfaction_p{share}"] == pytest.approx(np.quantile(verdict[adult], share / 100), abs=0.01)  # half a bin
    for name in (*SHARES, "belonging", "happiness", "security"):
        assert now[name] == pytest.approx(people[name][adult].mean(), abs=1e-5), name
    assert now["satisfaction"] == pytest.approx(verdict[adult].mean(), abs=1e-5)
    for name, values, line in (
        ("satisfied_share", verdict, SATISFIED),
        ("content", people["service"], CONTENT),
        ("feel_safe", people["security"], SAFE),
    ):
        assert now[name] == pytest.approx((values[adult] >= line).mean(), abs=1e-3), name
    for name, values in (("gap_satisfaction", verdict), ("gap_service", people["service"])):
        local = people["local"][adult] == 1
        assert now[name] == pytest.approx(values[adult][local].mean() - values[adult][~local].mean(), abs=1e-5)


def test_the_spread_is_the_standard_deviation_between_communities():
    lived = live(weeks=5, residents=3000)
    verdict = sum(lived.city.residents.values(name).astype(float) for name in ("belonging", "happiness", "security")) / 3
    adult, place = lived.city.residents.values("age_group") > 0, lived.city.residents.values("community")
    means = np.array([verdict[adult & (place == k)].mean() for k in np.unique(place)])
    sizes = np.array([(adult & (place == k)).sum() for k in np.unique(place)])
    mean = (means * sizes).sum() / sizes.sum()
    expected = math.sqrt((sizes * (means - mean) ** 2).sum() / sizes.sum())
    assert weekly(lived)["spread_satisfaction"].iloc[-1] == pytest.approx(expected, abs=1e-5)


def test_every_metric_is_there_and_keeps_to_its_bounds():
    table = weekly(live(weeks=60))
    assert list(table.columns) == list(METRICS)
    assert list(table.index) == list(range(60))
    for name, metric in METRICS.items():
        assert table[name].dropna().between(metric.low, metric.high).all(), name


def test_every_metric_is_described_in_two_languages():
    for metric in METRICS.values():
        assert metric.better in ("more", "less", "neither")
        assert metric.group in ("headline", "stability", "satisfaction", "price", "fairness", "flow", "state", "rate")
        assert metric.doc
        assert metric.unit
        assert metric.title_en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in metric.title_zh), metric.name
        assert metric.low < metric.high
    assert list(METRICS)[:2] == ["stability", "satisfaction"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("satisfied_share", SATISFIED),
        ("content", CONTENT),
        ("feel_safe", SAFE),
        ("nonlocal_joining", JOINING),
        ("nonlocal_feel_local", SETTLED_IN),
    ],
)
def test_the_line_that_is_described_is_the_line_that_is_drawn(name, line):
    assert f"{float(line):.3g}" in METRICS[name].doc


def test_what_cannot_be_judged_is_not_a_number_and_everything_else_is_one():
    table = weekly(alone(weeks=10))
    judged_on_events = {"rate_cleared_share", "stops_without_result", "mediation_success", "mediation_weeks"}
    judged_on_events |= {"requests_share", "resolved_share", "pleased_share", "detection_precision"}
    assert {name for name in METRICS if table[name].isna().any()} == judged_on_events
    everybody_local = made_up()
    everybody_local.city.world.districts["nonlocals"] = np.zeros(3, int)
    assert weekly(everybody_local)[["gap_satisfaction", "gap_service"]].isna().all().all()
    assert np.isfinite(weekly(live(weeks=3))["stability"]).all()


def test_nothing_moves_is_no_resolution_at_all():
    stuck = made_up()
    for name in ("formal_closed", "formal_weeks"):
        stuck.city.world.history[:, :, TALLIES.index(name)] = 0
    assert (weekly(stuck)["resolution"] == 0).all()
    for name in ("open_mediation", "open_office", "open_court"):
        stuck.city.world.history[:, :, TALLIES.index(name)] = 0
    assert (weekly(stuck)["resolution"] > 0.5).all()


def test_more_of_what_an_index_counts_lowers_it():
    base = weekly(made_up()).iloc[-1]
    for count, index in (("offences", "order"), ("active", "calm"), ("formal_weeks", "resolution"), ("open_office", "resolution")):
        worse = made_up()
        worse.city.world.history[:, :, TALLIES.index(count)] *= 2
        assert weekly(worse).iloc[-1][index] < base[index], count


def test_districts_are_the_city_in_parts(simulation, table):
    parts = districts(simulation)
    assert list(parts.columns) == ["week", "district", *[name for name in METRICS if name not in CITY_ONLY]]
    assert list(parts["district"].unique()) == ["A", "B", "C"]
    by_week = parts.pivot(index="week", columns="district", values="norm").to_numpy()
    assert (by_week @ np.array(PEOPLE["adults"]) / sum(PEOPLE["adults"])) == pytest.approx(table["norm"].to_numpy())
    stops = parts.pivot(index="week", columns="district", values="stops").to_numpy()
    assert (stops @ np.array(PEOPLE["residents"]) / sum(PEOPLE["residents"])) == pytest.approx(table["stops"].to_numpy())
    assert parts[parts.district == "C"]["gap_service"].isna().all()


def test_flows_are_the_plain_counts(simulation):
    plain = flows(simulation)
    assert plain["opened"].to_numpy().tolist() == simulation.city.world.history[:, :, TALLIES.index("opened")].sum(axis=1).tolist()
    assert len(plain) == WEEKS


def test_communities_add_up_to_the_city_year_by_year():
    lived = live(weeks=110, residents=2000)
    years, plain = communities(lived), flows(lived)
    assert sorted(years["year"].unique()) == [1, 2]
    for name in ("opened", "offences", "stops", "withdrawn"):
        assert years.groupby("year")[name].sum().tolist() == [plain[name][:52].sum(), plain[name][52:104].sum()]
    adults = lived.city.world.communities["adults"]
    for year, rows in years.groupby("year"):
        mean = (rows["norm"].to_numpy() * adults).sum() / adults.sum()
        assert mean == pytest.approx(weekly(lived)["norm"][52 * (year - 1) : 52 * year].mean(), abs=1e-6)
    assert communities(live(weeks=20)).empty


def test_metrics_of_a_prefix_are_a_prefix_of_the_metrics():
    lived = Simulation(small(80, residents=900), 1)
    lived.advance(30)
    early = weekly(lived)
    lived.advance(50)
    assert weekly(lived).iloc[:30].equals(early)
