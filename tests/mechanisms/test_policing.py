"""Policing: certainty and presence against stops that find nothing, and what those cost."""

import numpy as np
import pytest
from arranged import Pairs, after, arranged, assert_falls, assert_rises, default, more, total
from scipy import stats
from statistics_helper import ALARM

from sim.levers import instrument

PATROLS = "rule_of_law.policing"
PLENTIFUL = {
    "mechanisms.offending.base": 20 * default("offending.base"),
    "mechanisms.offending.usual": 20 * default("offending.usual"),
    "mechanisms.offending.jailed": default("offending.jailed") / 20,
    "mechanisms.procedural_justice.arrest": default("procedural_justice.arrest") / 20,
    "mechanisms.policing.hours": default("policing.hours") / 20,
}
"""Twenty times the offences, measured against twenty times the reference: levels and effects as ever, a twentieth of the noise."""


@pytest.fixture(scope="module")
def pairs():
    return Pairs(seeds=8, weeks=130, residents=2500, changes=PLENTIFUL)


@pytest.fixture(scope="module")
def stopped():
    """Where stops are as frequent as where they are a grievance."""
    return Pairs(seeds=8, weeks=104, residents=2500, changes={"mechanisms.policing.stops": 10 * default("policing.stops")})


def test_more_patrols_raise_certainty_and_lower_offences(pairs):
    effect = pairs.effect(more(PATROLS))
    assert_rises(effect["sanction_risk"])
    assert_falls(effect["offences"])


def test_more_patrols_bring_more_fruitless_stops(pairs):
    assert_rises(pairs.effect(more(PATROLS))["wrongful_stops"])


def test_fruitless_stops_cost_legitimacy(stopped):
    """The same patrols cost less where a stop leaves no mark."""
    harmless = {f"mechanisms.procedural_justice.{name}": 0.0 for name in ("bad_stop", "abuse")}
    loss = stopped.effect(more(PATROLS))["legitimacy"]
    assert_falls(loss)
    assert_falls(loss - stopped.effect({**more(PATROLS), **harmless}, before=harmless)["legitimacy"])


def test_at_the_reference_more_patrols_lower_legitimacy_too(pairs):
    assert_falls(pairs.effect(more(PATROLS))["legitimacy"])


def test_oversight_lowers_stops_and_leakage(stopped):
    watched = more("rule_of_law.oversight")
    assert_falls(stopped.effect(watched)["stops"])
    less, much = (arm["budget_leaked"] / (arm["budget_leaked"] + arm["budget_spent"]) for arm in (stopped.arm(), stopped.arm(watched)))
    assert (much < less).all()


UNWATCHED = {"conditions": {"oversight": 0.0}}


def hours_of_patrol(simulation):
    """Hours of patrol for each resident and year, the same everywhere."""
    staffing = simulation.scenario.staffing
    hours = default("policing.patrolling") * staffing.work_of(staffing.staff)[instrument(PATROLS)]
    assert simulation.city.world.communities["patrol"] == pytest.approx(hours, rel=1e-5)
    return hours


def test_oversight_of_all_misconduct_spares_as_many_stops_as_the_parameter_says():
    free, watched = (
        arranged(
            "policing", weeks=50, residents=4000, changes={"policing.stops": 200.0}, columns={"status": 0}, conditions={"oversight": e}
        )
        for e in (0.0, 1.0)
    )
    for simulation in (free, watched):
        simulation.advance(50)
    seen, kept = total(free, "stops"), total(watched, "stops")
    left = 1 - default("policing.restraint")
    assert stats.binomtest(kept, seen + kept, left / (1 + left)).pvalue > ALARM


def cleared(cases, police=1.0, weeks=1):
    """Clearance of both kinds where so many offences for each resident and year are reported, at so many times the police of today."""
    simulation = arranged("policing", weeks=weeks)
    world = simulation.city.world
    world.districts["work"][:, instrument(PATROLS)] *= police
    blocks = len(world.blocks)
    world.blocks["reports"] = (cases / 52 * world.communities["residents"].sum() - 0.5 / 13) / blocks
    simulation.advance(weeks)
    return [float(np.unique(world.communities[name]).item()) for name in ("clearance", "clearance_violent")]


def test_clearance_follows_the_hours_for_a_case_up_to_what_can_be_solved_violence_first():
    staffing = arranged("policing", weeks=1).scenario.staffing
    hours = staffing.work_of(staffing.staff)[instrument(PATROLS)]
    p = {name: default(f"policing.{name}") for name in "solvable solvable_violent violent urgency hours investigating".split()}
    for cases, police in ((0.01, 1.0), (0.02, 1.0), (0.01, 0.5), (0.05, 3.0)):
        each = p["investigating"] * police * hours / (cases * p["hours"] * (1 + p["violent"] * (p["urgency"] - 1)))
        expected = [p["solvable"] * (1 - np.exp(-each)), p["solvable_violent"] * (1 - np.exp(-p["urgency"] * each))]
        assert cleared(cases, police) == pytest.approx(expected, rel=1e-4)
    assert cleared(0.02, 2.0) == pytest.approx(cleared(0.01, 1.0), rel=1e-4), "twice the cases for twice the police"
    assert cleared(0.01, 50.0) == pytest.approx([p["solvable"], p["solvable_violent"]], rel=1e-4)
    less, more_of_both = cleared(0.02, 1.0), cleared(0.02, 1.5)
    assert more_of_both[0] / less[0] > more_of_both[1] / less[1], "violence has its hours already"


def certainty(**last):
    """Certainty after a year in which every week had these counts everywhere, relative to a year without any."""
    found = []
    for counts in (last, {}):
        simulation = arranged("policing", weeks=52, changes={"policing.certainty_weeks": 1.0, "policing.prior": 1.0})
        for _ in range(52):
            for name, value in counts.items():
                simulation.city.world.communities["last"][name] = value
            simulation.advance(1)
        found.append(simulation.city.world.communities["certainty"].mean())
    return found[0] / found[1]


def test_people_learn_from_what_follows_an_arrest():
    """Prosecution of twice the usual share counts 2**conviction times, prison of half the usual share .5**imprisonment times."""
    usual, prison = default("policing.usual_prosecuted"), default("policing.usual_jailed")
    many = 100_000
    as_usual = {"cleared": many, "prosecuted": int(usual * many), "jailed": int(prison * usual * many)}
    often = {"cleared": many, "prosecuted": int(2 * usual * many), "jailed": int(2 * prison * usual * many)}
    mild = {**as_usual, "jailed": int(0.5 * prison * usual * many)}
    assert certainty(**as_usual) == pytest.approx(1.0, rel=1e-3)
    assert certainty(**often) == pytest.approx(2 ** default("policing.conviction"), rel=1e-3)
    assert certainty(**mild) == pytest.approx(0.5 ** default("policing.imprisonment"), rel=1e-3)
    detained = {"jailed": as_usual["jailed"] + 500, "wrongful": 300, "arrested": 200}
    assert certainty(**{**as_usual, **detained}) == pytest.approx(1.0, rel=1e-3), "detention in campaigns and for protest is no sentence"


def test_what_usually_follows_is_what_offending_assumes():
    assert default("policing.usual_prosecuted") == pytest.approx(default("offending.criminal") * default("offending.prosecuted"), rel=1e-3)
    assert default("policing.usual_jailed") == default("offending.jailed")


def arrests_for_trifles(weeks=50, **conditions):
    simulation = arranged(
        "policing", weeks=weeks, residents=4000, changes={"policing.arrests": 200.0}, columns={"status": 0}, conditions=conditions
    )
    events = after(simulation, weeks)
    assert total(simulation, "jailed") == 0
    return total(simulation, "petty_arrests"), events


def test_oversight_and_clear_law_narrow_discretion():
    free, _ = arrests_for_trifles(oversight=0.0, clarity=0.0)
    for one in ("oversight", "clarity"):
        some, _ = arrests_for_trifles(**{"oversight": 0.0, "clarity": 0.0, one: 0.5})
        assert stats.binomtest(some, free + some, 0.5 / 1.5).pvalue > ALARM
        assert arrests_for_trifles(**{"oversight": 0.0, "clarity": 0.0, one: 1.0})[0] == 0


def test_an_arrest_for_a_trifle_costs_legitimacy_and_jails_nobody():
    changes = {
        **{f"procedural_justice.{name}": 520.0 for name in ("up_weeks", "down_weeks")},
        "policing.arrests": 500.0,
        "policing.stops": 0.0,
    }
    changes["procedural_justice.arrest"] = 0.2
    simulation = arranged(
        "policing", "procedural_justice", weeks=1, residents=6000, changes=changes, columns={"legitimacy": 0.6, "status": 0}
    )
    moved = after(simulation)["legitimacy"] - 0.6
    assert (moved < -0.1).sum() == total(simulation, "petty_arrests") > 10
    assert total(simulation, "jailed") == 0


def test_officers_conduct_is_as_usual_today_and_better_where_they_are_watched():
    conduct = {}
    for oversight in (0.25, 0.5, 0.75):
        simulation = arranged("policing", weeks=1, conditions={"oversight": oversight, "clarity": 0.5})
        after(simulation)
        conduct[oversight] = simulation.city.world.blocks["conduct"].mean()
    assert conduct[0.5] == pytest.approx(1.0, abs=1e-6)
    assert conduct[0.25] > 1.0 > conduct[0.75]


def test_as_many_are_stopped_as_asked_and_as_many_find_nothing():
    rate = 200.0
    simulation = arranged("policing", weeks=50, residents=4000, changes={"policing.stops": rate}, columns={"status": 0}, **UNWATCHED)
    people = after(simulation, 50)
    likely = np.where(people["age_group"] == 1, default("policing.young"), 1.0) * np.where(
        people["local"] == 1, 1.0, default("policing.outsider")
    )
    expected = 50 * rate * hours_of_patrol(simulation) / 52_000 / 1.27 * likely[people["age_group"] > 0].sum()
    stops, fruitless = total(simulation, "stops"), total(simulation, "fruitless")
    assert 2 * stats.norm.sf(abs(stops - expected) / np.sqrt(expected)) > ALARM
    assert stats.binomtest(fruitless, stops, 1 - default("policing.hits")).pvalue > ALARM


def test_the_parameter_is_the_mean_rate_of_stops_as_its_unit_says():
    """`stops` is per 1,000 hours of patrol; three standard errors and 5 % leave room for who lives in a made-up city."""
    rate, weeks = 200.0, 50
    simulation = arranged("policing", weeks=weeks, residents=6000, changes={"policing.stops": rate}, columns={"status": 0}, **UNWATCHED)
    after(simulation, weeks)
    expected = 6.0 * rate * hours_of_patrol(simulation) * weeks / 52
    assert total(simulation, "stops") == pytest.approx(expected, abs=3 * np.sqrt(expected) + 0.05 * expected)


def test_a_stop_that_finds_nothing_is_felt_as_one():
    """Beside procedural justice, as many lose legitimacy as were stopped for nothing, and as many gain some as were stopped rightly."""
    slow = {f"procedural_justice.{name}": 520.0 for name in ("up_weeks", "down_weeks")}
    changes = {**slow, "policing.stops": 500.0, "policing.hits": 0.4, "policing.arrests": 0.0, "procedural_justice.good_stop": 0.1}
    simulation = arranged("policing", "procedural_justice", weeks=1, residents=6000, changes=changes, columns={"legitimacy": 0.6})
    moved = after(simulation)["legitimacy"] - 0.6
    stops, fruitless = total(simulation, "stops"), total(simulation, "fruitless")
    assert (moved < -0.05).sum() == fruitless > 10
    assert (moved > 0.05).sum() == stops - fruitless > 10


def test_the_young_and_outsiders_are_stopped_more_often():
    def stops(**columns):
        simulation = arranged("policing", weeks=60, changes={"policing.stops": 500.0}, columns={"age_group": 2, "local": 1, **columns})
        after(simulation, 60)
        return total(simulation, "stops")

    usual = stops()
    for often in (stops(age_group=1), stops(local=0)):
        assert stats.binomtest(often, often + usual, 0.5, alternative="greater").pvalue < 1e-3


def test_people_learn_the_certainty_there_is():
    simulation = arranged("policing", weeks=300)
    people = after(simulation, 300)
    certainty = simulation.city.world.communities["certainty"][simulation.city.residents.values("community")]
    assert people["sanction_risk"] == pytest.approx(certainty, abs=1e-3)


def directed(targeting, weeks=1, known=None, changes=None):
    """Blocks of a city where offences are known at some, after some weeks of such patrols."""
    settings = {"stance.patrol_targeting": targeting, "policing.hot": 0.5, **(changes or {})}
    simulation = arranged("policing", weeks=200, residents=6000, community_size=2000, changes=settings)
    blocks = simulation.city.world.blocks
    blocks["known"] = np.arange(len(blocks)) % 8 if known is None else known(blocks)
    simulation.advance(weeks)
    return simulation.city.world


def test_even_patrols_are_the_same_everywhere():
    world = directed("even", 20)
    assert (world.blocks["hours"] == 1).all()
    assert (world.blocks["focus"] == 1).all()


@pytest.mark.parametrize("targeting", ["reported", "risk_score"])
def test_directed_patrols_come_out_of_free_time(targeting):
    """All hours remain, no place loses presence, and no place loses more hours than what is directed elsewhere."""
    world = directed(targeting, 20)
    stations = world.communities["subdistrict"][np.repeat(np.arange(len(world.communities)), np.diff(edges(world)))]
    for station in np.unique(stations):
        assert world.blocks["hours"][stations == station].mean() == pytest.approx(1.0, abs=1e-4)
    assert world.blocks["focus"].min() >= 1.0
    assert world.blocks["hours"].min() >= 1.0 - default("policing.free") * default("policing.targeting") - 1e-4


def edges(world):
    """First block of every community, and one past the last block."""
    return [*world.communities["first_block"], world.communities["last_block"][-1]]


def test_they_go_where_most_is_known_more_sharply_by_risk():
    spread = {}
    for targeting in ("reported", "risk_score"):
        blocks = directed(targeting, 20, changes={"policing.diffusion": 0.0}).blocks
        spread[targeting] = [blocks["focus"][np.isclose(blocks["known"], many)].mean() for many in range(8)]
        assert (np.diff(spread[targeting]) >= 0).all()
    assert spread["risk_score"][7] > spread["reported"][7] > 1.0


def one_place(blocks):
    """Everything known is at one place."""
    known = np.zeros(len(blocks))
    known[5] = 10.0
    return known


def test_presence_is_bounded_and_felt_next_door():
    free, most, share = (default(f"policing.{name}") for name in ("free", "most", "targeting"))
    blocks = directed("reported", 100, one_place, {"policing.most": most}).blocks
    expected = free / (1 - free) * share * most
    assert blocks["focus"][5] - 1 == pytest.approx(expected, rel=1e-3)
    assert blocks["focus"][[4, 6]] - 1 == pytest.approx(default("policing.diffusion") * expected, rel=1e-3)
    assert (blocks["focus"][8:] == 1.0).all()


def test_what_directed_patrols_do_fades_within_a_quarter_of_their_end():
    ended = {"timeline": [{"at": 30, "set": {"stance.patrol_targeting": "even"}}]}
    during, soon, later = (directed("reported", weeks, one_place, ended).blocks["focus"][5] - 1 for weeks in (30, 33, 43))
    assert during > 1.0
    assert 0.1 * during < soon < 0.5 * during
    assert later < 0.02 * during


def test_stops_follow_the_hours():
    """Bias remains a cost of directed patrols: more is known there, more are stopped there."""
    settings = {"stance.patrol_targeting": "risk_score", "policing.stops": 300.0, "policing.hot": 1.0}
    simulation = arranged("policing", weeks=60, residents=6000, changes=settings, columns={"status": 0})
    world = simulation.city.world
    station = np.bincount(world.communities["subdistrict"]).argmax()
    there, *others = np.flatnonzero(world.communities["subdistrict"] == station)
    stops = np.zeros(len(world.communities))
    for _ in range(60):
        world.blocks["known"] = 0.0
        world.blocks["known"][world.communities["first_block"][there] : world.communities["last_block"][there]] = 1.0
        simulation.advance(1)
        stops += world.communities["last"]["stops"]
    rate = stops / world.communities["residents"]
    assert rate[there] > 1.3 * rate[others].mean()
