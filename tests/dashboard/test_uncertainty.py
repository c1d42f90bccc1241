"""Computations beside the curves: uncertainty of assumptions, shares of a difference, the cheapest mix."""

import numpy as np
import pytest

from sim import levers
from sim.dashboard import mix, uncertainty, why_changed
from sim.dashboard.agent_history import follow
from sim.dashboard.small_city import NAMES
from sim.mechanisms import MECHANISMS
from sim.model import GovernanceModel
from sim.report.text.labels import UNSPENT, lever_title
from sim.scenario import load_scenario
from sim.worlds.priors import shipped

KEPT = 3
"""Mechanisms that stay switched on, so that there are few assumptions to try."""


@pytest.fixture(scope="module")
def pair():
    off = {f"mechanisms.{name}.enabled": False for name in list(MECHANISMS)[KEPT:]}
    city = {"preset": "synthetic", "residents": 256, "districts": 1}
    baseline = load_scenario("baseline").with_changes({"city": city, "horizon": 8, **off})
    return baseline.with_changes({"policy.rule_of_law": 0.1, "budget": 0.8}), baseline


def test_every_assumption_of_what_is_switched_on_is_moved_to_the_ends_of_its_prior_and_nothing_else(pair):
    yours, _ = pair
    own = yours.with_changes({"mechanisms": {"norms": {"step": 0.03}}})
    priors = {name: prior for name, prior in shipped().items() if own.mechanisms[name.partition(".")[0]].enabled}
    found = uncertainty.assumptions(own)
    expected = {name for name, prior in priors.items() if not prior.follows} - {"norms.step"}
    assert {each.name for each in found} == expected
    for each in found:
        assert (each.low, each.high) == (priors[each.name].value(0.0), priors[each.name].value(1.0))
        for end, value in zip(each.ends, (each.low, each.high), strict=True):
            changed = own.with_changes(end)
            mechanism, _, key = each.name.partition(".")
            assert changed.mechanisms[mechanism][key] == value
    leader, follower = next((prior.follows, name) for name, prior in shipped().items() if prior.follows)
    whole = yours.with_changes({f"mechanisms.{name.partition('.')[0]}.enabled": True for name in (leader, follower)})
    together = next(each for each in uncertainty.assumptions(whole) if each.name == leader)
    mechanism, _, key = follower.partition(".")
    assert together.ends[1]["mechanisms"][mechanism][key] == shipped()[follower].value(1.0)


def test_tornado_is_chosen_by_what_moves_most(cache, pair, monkeypatch):
    monkeypatch.setattr(uncertainty, "STAGES", ((6, 1), (4, 2)))
    yours, baseline = pair
    progress = []
    bars, count = uncertainty.tornado(cache, yours, baseline, "stability", lambda done, total: progress.append(done / total))
    assert count == len(uncertainty.assumptions(yours))
    assert len(bars) == 4
    sizes = [bar.size for bar in bars]
    assert sizes == sorted(sizes, reverse=True)
    assert progress == sorted(progress)
    low = bars[0].assumption.ends[0]
    alone = [cache.curves([each.with_changes(low), each], 2) for each in (yours, baseline)]
    rows = [[mix.last_year(curves[NAMES.index("stability"), :, :2].astype(float)) for curves in both] for both in alone]
    assert bars[0].low.mean == pytest.approx(np.mean((rows[0][0] - rows[1][0]) - (rows[0][1] - rows[1][1])))


def test_shares_add_up_to_the_difference(cache, pair):
    yours, baseline = pair
    division = why_changed.divide(cache, yours, baseline, runs=2)
    assert set(division.players) == {"budget", "policy.rule_of_law"}
    np.testing.assert_allclose(division.shares.shapley.sum(axis=0), division.yours - division.baseline, atol=1e-6)
    assert why_changed.divide(cache, baseline, baseline) is None


def test_goal_is_the_cheapest_that_keeps_it_in_fresh_futures(cache, pair, monkeypatch):
    monkeypatch.setattr(mix, "GOAL_STEPS", 1)
    monkeypatch.setattr(mix, "GOAL_RUNS", 2)
    monkeypatch.setattr(mix, "CONFIRMED", 4)
    easy = mix.seek(cache, pair[1], 0.0)
    assert easy.reached == 1
    assert sum(easy.changes.values()) == pytest.approx(mix.GOAL_TOTALS[0])
    hopeless = mix.seek(cache, pair[1], 1.0)
    assert hopeless.changes is None
    assert hopeless.reached < mix.GOAL_SHARE


@pytest.mark.parametrize("parts", [(1, 0, 0), (0, 1, 0), (0.25, 0.25, 0.5)])
def test_place_in_the_picture_gives_its_mix_back(parts):
    assert mix.parts_at(*mix.place_of(parts)) == pytest.approx(parts, abs=0.011)


def test_mean_beside_a_life_is_of_those_who_have_a_number_of_weeks():
    """Residents with local registration have no count of weeks in the city; their mark must not enter the mean as 65,535 weeks."""
    scenario = load_scenario("baseline").with_changes({"city": {"preset": "synthetic", "residents": 400, "districts": 1}, "horizon": 4})
    found = follow(scenario, scenario, "Resident", 0)
    model = GovernanceModel(scenario, scenario.seed)
    model.simulation.advance(4)
    table = model.roster.by_name["Resident"]
    weeks = table.values("tenure")[table.values("age_group") > 0].astype(float)
    assert (weeks == 65535).any()
    assert found.means["tenure"][0][-1] == pytest.approx(weeks[weeks < 65535].mean())


def test_long_names_are_broken_into_lines_that_fit():
    titles = [lever_title(name, lang) for name in (*levers.NAMES, UNSPENT) for lang in ("en", "zh")]
    for title in titles:
        lines = why_changed.broken(title, 24)
        assert "".join(lines).replace(" ", "") == title.replace(" ", "")
        assert all(sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) <= 26 for line in lines), lines
