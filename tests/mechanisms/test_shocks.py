"""Shocks: conditions change where and while they strike, by what they are said to change, and are as before when they have passed."""

import numpy as np
import pytest
from arranged import UNPROVOKED, after, arranged, default, total
from scipy import stats

from sim.shocks import SHOCK_KINDS


def shocked(*shocks, week=6, strength=1.0):
    """Communities in week `week` of a city with these shocks."""
    entries = [{"at": 5, "lasts": 4, "strength": strength, **shock} for shock in shocks]
    simulation = arranged("shocks", weeks=20, changes={"shocks": entries})
    simulation.advance(week)
    return simulation.city.world.communities


CALM_CONDITIONS = {
    **dict.fromkeys("shock_jobs shock_alarm shock_crowd shock_solidarity shock_rumour visitors newcomers shock_trigger".split(), 0.0),
    "shock_service": 1.0,
}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("layoffs", {"shock_jobs": default("shocks.laid_off") / 4}),
        ("service_outage", {"shock_service": 1 - default("shocks.outage")}),
        ("major_incident", {"shock_alarm": default("shocks.alarm"), "shock_rumour": default("shocks.rumour"), "shock_trigger": 1}),
        ("rumour", {"shock_rumour": default("shocks.rumour")}),
        ("influx", {"visitors": default("shocks.visitors"), "newcomers": default("shocks.turnover") / 4}),
        (
            "disaster",
            {
                "shock_jobs": default("shocks.laid_off") / 8,
                "shock_service": 1 - default("shocks.outage") / 2,
                "shock_alarm": default("shocks.alarm") / 2,
                "shock_solidarity": default("shocks.solidarity"),
            },
        ),
        ("crowd_event", {"shock_crowd": default("shocks.crowd"), "shock_trigger": 1}),
    ],
)
def test_every_kind_changes_what_it_is_said_to_change(kind, expected):
    here = shocked({"kind": kind})
    assert set(SHOCK_KINDS) >= {kind}
    for name, calm in CALM_CONDITIONS.items():
        assert here[name] == pytest.approx(expected.get(name, calm), rel=1e-5), name


@pytest.mark.parametrize("kind", SHOCK_KINDS)
def test_it_strikes_only_while_it_lasts_and_leaves_no_trace_in_conditions(kind):
    for week in (5, 10):
        here = shocked({"kind": kind}, week=week)
        assert all((here[name] == calm).all() for name, calm in CALM_CONDITIONS.items())


def test_half_the_strength_is_half_the_blow_and_blows_at_one_place_add_up():
    half, whole, twice = (
        shocked({"kind": "major_incident"}, strength=0.4),
        shocked({"kind": "major_incident"}, strength=0.8),
        shocked({"kind": "major_incident"}, {"kind": "disaster"}, strength=0.4),
    )
    assert whole["shock_alarm"] == pytest.approx(2 * half["shock_alarm"])
    assert twice["shock_alarm"] == pytest.approx(1.5 * half["shock_alarm"])
    assert shocked(*[{"kind": "major_incident"}] * 5)["shock_alarm"].max() <= 1.0


def test_it_strikes_only_where_it_strikes():
    here = shocked({"kind": "service_outage", "where": {"district": "District 2"}}, {"kind": "influx", "where": {"community": 1}})
    assert np.array_equal(here["shock_service"] < 1, here["district"] == 1)
    assert np.array_equal(here["visitors"] > 0, np.arange(len(here)) == 1)


def lived(kind, *mechanisms, changes=None, weeks=16):
    shocks = [] if kind is None else [{"kind": kind, "at": 2, "lasts": 8, "strength": 1.0}]
    simulation = arranged("shocks", *mechanisms, weeks=weeks, residents=3000, changes={"shocks": shocks, **UNPROVOKED, **(changes or {})})
    return simulation, after(simulation, weeks)


def test_layoffs_cost_work_and_outages_cost_service():
    usual, laid_off = (lived(kind, "livelihood")[0] for kind in (None, "layoffs"))
    assert total(laid_off, "lost_work") > 2 * total(usual, "lost_work")
    usual, out = (lived(kind, "services")[1]["service"] for kind in (None, "service_outage"))
    assert (out < usual).all()


def test_after_a_disaster_people_help_and_are_afraid():
    room = {"participation.join": 0.01, "participation.posts": 1.0}
    usual, helping = (lived(kind, "participation", changes=room, weeks=10)[0] for kind in (None, "disaster"))
    joined = [total(simulation, "joined", since=2) for simulation in (helping, usual)]
    assert stats.binomtest(joined[0], sum(joined), 0.5, alternative="greater").pvalue < 1e-3
    usual, afraid = (lived(kind, "satisfaction")[1]["security"] for kind in (None, "disaster"))
    assert (afraid <= usual).all()
    assert afraid.mean() < usual.mean() - 0.01


def test_incidents_and_crowds_set_sparks_and_start_rumours():
    quiet, incident, crowd = (lived(kind, "unrest", "rumour")[0] for kind in (None, "major_incident", "crowd_event"))
    assert total(quiet, "triggered") == total(quiet, "heard_rumour") == 0
    communities = len(quiet.city.world.communities)
    assert total(incident, "triggered") == communities
    assert total(crowd, "triggered") == 8 * communities
    assert total(incident, "heard_rumour") > 0


def test_an_influx_brings_newcomers():
    usual, influx = (lived(kind, "integration") for kind in (None, "influx"))
    assert total(influx[0], "arrived") > 3 * total(usual[0], "arrived")
    outside = usual[1]["local"] == 0
    assert influx[1]["integration"][outside].mean() < usual[1]["integration"][outside].mean()
