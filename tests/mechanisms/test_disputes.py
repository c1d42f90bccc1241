"""Disputes: as many as the hazard says, among those who can have one, more where life is hard."""

import numpy as np
from arranged import after, arranged, default, total
from scipy import stats
from statistics_helper import ALARM

from sim.city.codes import JAILED, LAST_WORKING, NEGOTIATION, NEIGHBOURS, NONE, SERVICES, WORK

OFTEN = {"disputes.rate": 5.0}


def openings(changes=None, seed=1, conditions=None, **columns):
    """Who has a new dispute in the first week."""
    columns = {"case_stage": NONE, "jobless": 0, **columns}
    simulation = arranged("disputes", weeks=1, residents=4000, seed=seed, changes=changes or OFTEN, columns=columns, conditions=conditions)
    people = after(simulation)
    return people["case_stage"] == NEGOTIATION, people


def test_as_many_arise_as_the_hazard_says():
    p = {name: default(f"disputes.{name}") for name in ("hardship", "cohesion", "service", "norm", "contagion")}
    seen = expected = variance = 0.0
    for seed in range(1, 6):
        opened, people = openings(seed=seed)
        push = p["hardship"] * (people["strain"] - 0.41) - p["cohesion"] * (people["cohesion"] - 0.57)
        push -= p["service"] * (people["service"] - 0.62) + p["norm"] * (people["norm"] - 0.64)
        able = (people["age_group"] > 0) & (people["status"] != JAILED)
        chance = np.where(able, 5.0 / 52 * (1 + p["contagion"] * np.tanh(-1.0)) * people["proneness"] * np.exp(push), 0.0)
        chance = np.minimum(chance, 1.0)
        seen, expected, variance = seen + opened.sum(), expected + chance.sum(), variance + (chance * (1 - chance)).sum()
    assert 2 * stats.norm.sf(abs(seen - expected) / np.sqrt(variance)) > ALARM


def test_disputes_come_to_those_who_are_prone_to_them():
    opened, people = openings({"disputes.rate": 1.0})
    assert people["proneness"][opened].mean() > 1.5 * people["proneness"].mean()
    assert not openings(proneness=0.0)[0].any()


def test_children_and_prisoners_have_none_and_nobody_has_two():
    opened, people = openings()
    assert not opened[people["age_group"] == 0].any()
    assert not openings(status=JAILED, weeks_left=9)[0].any()
    busy = arranged("disputes", weeks=1, changes=OFTEN, columns={"case_stage": 3, "case_age": 7})
    assert (after(busy)["case_stage"] == 3).all()
    assert total(busy, "opened") == 0


def test_hardship_breeds_disputes_trust_service_and_norms_prevent_them():
    usual = openings()[0]
    for name, value in (("strain", 0.95), ("cohesion", 0.1), ("service", 0.1), ("norm", 0.1)):
        some = openings(**{name: value})[0]
        assert (usual <= some).all(), name
        assert usual.sum() < some.sum(), name


def test_lost_work_is_a_dispute_about_work_for_some_and_only_in_its_first_week():
    rare = {"disputes.rate": 1e-6}
    opened, people = openings(changes=rare, jobless=1, age_group=2, status=0)
    assert stats.binomtest(int(opened.sum()), len(opened), default("disputes.dismissed")).pvalue > ALARM
    assert (people["case_kind"][opened] == WORK).all()
    assert openings(changes=rare, jobless=2, age_group=2, status=0)[0].sum() <= 2


def test_congestion_breeds_disputes():
    usual, crowded = openings(conditions={"burden": 1.0})[0], openings(conditions={"burden": 4.0})[0]
    assert (usual <= crowded).all()
    assert usual.sum() < crowded.sum()


def test_cases_are_about_work_services_or_neighbours():
    opened, people = openings(service=0.62)
    kind, working = people["case_kind"][opened], people["age_group"][opened] <= LAST_WORKING
    assert not (kind[~working] == WORK).any()
    assert stats.binomtest(int((kind == WORK)[working].sum()), int(working.sum()), default("disputes.work")).pvalue > ALARM
    failing, failed = openings(service=0.1)
    assert (failed["case_kind"][failing] == SERVICES).mean() > (kind == SERVICES).mean()
    assert {WORK, SERVICES, NEIGHBOURS} == set(np.unique(kind))


def test_open_cases_nearby_breed_more_but_only_so_many():
    """Common random numbers and open cases in every community: the same residents differ by the hazard alone, so no luck is involved."""
    place, opened = np.arange(4000) % 50, []
    for share in (0.0, 0.02, 0.3, 0.6):
        stage = (place < 50 * share).astype(np.uint8) * 3
        opened.append(openings({"disputes.rate": 3.0, "disputes.contagion": 1.0}, case_stage=stage)[0][place >= 30])
    for fewer, more in ((opened[0], opened[1]), (opened[1], opened[2])):
        assert (fewer <= more).all()
        assert fewer.sum() < more.sum()
    assert np.array_equal(opened[2], opened[3])
