"""Tables of metrics: what is in them, within which bounds, what is not a number, and that they say what residents are like."""

import math

import numpy as np
import pytest
from alone import TALLIES, alone, live
from cities import small
from made_counts import PEOPLE, SHARES, WEEKS, made_up

from sim.city.measure import CONTENT, SAFE, SATISFIED
from sim.metrics import CITY_ONLY, METRICS, communities, districts, flows, weekly
from sim.simulation import Simulation


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


def test_what_cannot_be_judged_is_not_a_number_and_everything_else_is_one():
    table = weekly(alone(weeks=10))
    judged_on_events = {"rate_cleared_share", "stops_without_result", "mediation_success", "mediation_weeks"}
    judged_on_events |= {"rate_cleared_share_acquisitive", "rate_cleared_share_violent"}
    judged_on_events |= {"requests_share", "resolved_share", "pleased_share", "detection_precision"}
    empty = {name for name in METRICS if table[name].isna().any()}
    assert empty >= judged_on_events
    assert table[list(empty)].isna().all().all()  # nothing happened in any week
    always = ("headline", "stability", "satisfaction", "fairness")
    assert not {name for name in empty if METRICS[name].group in always or METRICS[name].unit not in ("share", "weeks")}
    everybody_local = made_up()
    everybody_local.city.world.districts["nonlocals"] = np.zeros(3, int)
    assert weekly(everybody_local)[["gap_satisfaction", "gap_service"]].isna().all().all()
    assert np.isfinite(weekly(live(weeks=3))["stability"]).all()


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
