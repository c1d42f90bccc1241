"""Rumour: it spreads along ties, an answer that is believed ends it, suppression hides it and costs credibility."""

import numpy as np
import pytest
from arranged import after, arranged, default, total

from sim.city.codes import ANSWERED, BELIEVES, UNAWARE

SHOCK = {"shocks": [{"kind": "rumour", "at": 1, "strength": 1.0}]}
CONTAGIOUS = {"rumour.beta": 0.08}


def lived(stance="answer", weeks=30, changes=None, others=(), **columns):
    changes = {**SHOCK, **CONTAGIOUS, "stance.information_stance": stance, **(changes or {})}
    simulation = arranged(
        "shocks", "rumour", *others, weeks=weeks, residents=3000, changes=changes, columns={"credibility": 0.7, **columns}
    )
    return simulation, after(simulation, weeks)


def believing(simulation):
    """Weeks of people who believe, over the whole run."""
    return total(simulation, "believers")


def test_it_spreads_along_ties_and_not_without():
    apart, together = (lived("wait", changes={"rumour.beta": beta})[0] for beta in (0.0, 0.08))
    assert total(together, "heard_rumour") > 2 * total(apart, "heard_rumour") > 0


def test_the_sooner_and_the_more_openly_it_is_answered_the_fewer_believe():
    opened, answered, waited = (believing(lived(stance)[0]) for stance in ("open", "answer", "wait"))
    assert opened < answered < waited


def test_an_answer_needs_credibility_and_lasts():
    trusted, doubted = (lived(weeks=12, credibility=value)[0] for value in (0.9, 0.05))
    assert total(trusted, "heard_answer") > total(doubted, "heard_answer")
    assert believing(trusted) < believing(doubted)
    people = lived("open", weeks=1, rumour=BELIEVES, changes={"rumour.forget": 0.0, "shocks": []})[1]["rumour"]
    assert set(np.unique(people)) == {BELIEVES, ANSWERED}
    immune = lived("open", weeks=10, rumour=ANSWERED, changes={"rumour.immune": 0.0})[1]["rumour"]
    assert (immune == ANSWERED).all()


def test_suppression_slows_the_spread_and_leaves_those_who_believe_believing():
    waited, suppressed = (lived(stance, weeks=8, changes={"rumour.forget": 0.0})[0] for stance in ("wait", "suppress"))
    assert total(suppressed, "heard_rumour") < total(waited, "heard_rumour")
    assert total(suppressed, "heard_answer") == 0
    assert suppressed.city.world.communities["hush"] == pytest.approx(default("rumour.hush"))


def test_suppression_costs_credibility_and_open_answers_win_some():
    credibility = {
        stance: lived(stance, weeks=60, others=("norms",), changes={"shocks": []})[1]["credibility"]
        for stance in ("open", "wait", "suppress")
    }
    assert (credibility["suppress"] < credibility["wait"]).all()
    assert (credibility["open"] > credibility["wait"]).all()


def test_candid_answers_admit_something_and_that_costs_legitimacy():
    others, calm = ("procedural_justice",), {"shocks": [], "rumour.immune": 0.0}
    opened, answered = (lived(stance, others=others, changes=calm, rumour=ANSWERED)[1]["legitimacy"] for stance in ("open", "answer"))
    assert (opened < answered).all()


def test_believers_gather_grievance_and_answering_takes_officials_time():
    calm = {"shocks": [], "rumour.forget": 0.0}
    believes, unaware = (
        lived("wait", weeks=10, changes=calm, rumour=state, grievance=0.1)[1]["grievance"] for state in (BELIEVES, UNAWARE)
    )
    assert (believes >= unaware).all()
    assert believes.mean() > unaware.mean()
    busy, idle = (lived("open", weeks=2, changes=calm, rumour=state)[0].city.world.districts["answering"] for state in (BELIEVES, UNAWARE))
    assert (busy > idle).all()
    assert (idle == 0).all()
