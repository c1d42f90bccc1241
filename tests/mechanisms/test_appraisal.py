"""Appraisal: pressure draws effort to what is measured, away from what is not, and into reporting where nobody looks."""

import pytest
from arranged import arranged, default


def lived(pressure=1.0, by="results", audit=0.0, weeks=60, others=()):
    changes = {"stance.appraisal_pressure": pressure, "stance.appraisal_by": by, "stance.audit": audit}
    simulation = arranged("appraisal", *others, weeks=weeks, changes=changes)
    simulation.advance(weeks)
    return simulation.city.world


def overstated(**more):
    districts = lived(**more).districts
    return districts["reported"] - districts["performance"]


def test_pressure_draws_effort_in_proportion_and_neglect_faster():
    none, half, full = (lived(p, weeks=2).districts for p in (0.0, 0.5, 1.0))
    assert (none["effort"] == 0).all()
    assert (none["neglect"] == 0).all()
    assert half["effort"] == pytest.approx(full["effort"] / 2)
    assert half["neglect"] == pytest.approx(full["neglect"] / 4)
    assert full["effort"] == pytest.approx(default("appraisal.drive"))


def test_reports_are_dressed_up_under_pressure_less_where_audited_or_where_residents_score():
    usual = overstated()
    assert (usual > 0).all()
    assert overstated(pressure=0.0) == pytest.approx(0.0, abs=1e-6)
    assert (overstated(audit=0.5) < usual).all()
    assert overstated(audit=1.0) == pytest.approx(0.0, abs=1e-6)
    assert (overstated(by="residents") < usual).all()


def test_communities_learn_what_counts_and_how_much_is_overstated():
    results, residents = lived().communities, lived(by="residents").communities
    assert (results["measured_services"] == 0).all()
    assert (residents["measured_services"] == 1).all()
    assert (results["overstated"] > 0).all()


def test_whoever_is_scored_by_residents_serves_them_better():
    by = {choice: lived(by=choice, others=("services",)).communities["service_quality"] for choice in ("results", "residents")}
    assert (by["residents"] > by["results"]).all()


def test_performance_is_what_is_so():
    usual = lived(pressure=0.5).districts["performance"]
    assert ((usual >= 0) & (usual <= 1)).all()
    worse = arranged("appraisal", weeks=60, conditions={"offence_level": 2.0})
    worse.advance(60)
    assert (worse.city.world.districts["performance"] < usual).all()
