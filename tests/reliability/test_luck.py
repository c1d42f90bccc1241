"""Luck does not leak: one resident more, or draws more elsewhere, leave every unrelated draw as it was."""

import numpy as np
import pytest
from alone import changed, state
from cities import small

from sim import AgentRule
from sim.draws import random_key, uniform
from sim.mechanisms import MECHANISMS
from sim.scenario import load_scenario
from sim.simulation import Simulation

PART = "Luck"
PEOPLE = [600, 500, 700, 400]
FAR = {"far"}
"""Far acquaintances may be anybody, so that with one more to choose from some know others."""


def town(folder, people):
    """A town of four communities, of so many people each."""
    folder.mkdir()
    rows = "".join(f"C{n},D{n // 2},{count},0.4\n" for n, count in enumerate(people))
    (folder / "communities.csv").write_text("community,district,population,hardship\n" + rows)
    (folder / "town.yaml").write_text("city: {communities: communities.csv}\nhorizon: 30\n")
    return Simulation(load_scenario(folder / "town.yaml"), seed=3)


def test_one_resident_more(tmp_path, finding):
    """In the last community: everybody else is who they were, in every column that is drawn."""
    usual, more = town(tmp_path / "a", PEOPLE), town(tmp_path / "b", [*PEOPLE[:-1], PEOPLE[-1] + 1])
    others = sum(PEOPLE[:-1])
    before, after = ({n: v.residents.values(n)[:others] for n in v.residents.columns} for v in (usual.city, more.city))
    different = {name for name in before if not np.array_equal(before[name], after[name])}
    same = f"{len(before) - len(different)} of {len(before)} columns of {others:,} people are the same"
    finding(
        "one resident more, in the last community",
        wanted="the people of all other communities as they were, but for whom they know far away",
        found=f"{same}; {', '.join(sorted(different)) or 'none'} differs",
        reached=different <= FAR,
        part=PART,
        kind="exact",
    )


class Gambler(AgentRule):
    """Draws a thousand numbers a week, and does nothing with them."""

    def week(self, city):
        self.sum = sum(city.random.random() for _ in range(1000)) + float(city.rng.random(1000).sum())


def test_draws_more_elsewhere(finding):
    scenario = small(20)
    plain, gambled = Simulation(scenario, 3), Simulation(scenario, 3, rules=[Gambler()])
    for simulation in (plain, gambled):
        simulation.advance(20)
    different = changed(state(plain), state(gambled))
    finding(
        "two thousand draws more a week, by a rule",
        wanted="everything else as it was, to the last bit",
        found=f"{len(different)} columns or counts differ",
        reached=not different,
        part=PART,
        kind="exact",
    )


@pytest.mark.parametrize("week", [0, 1, 51])
def test_a_draw_more_of_somebody_moves_no_other_draw(week):
    """By construction: a draw is a function of seed, mechanism, week, person and number, and of nothing that was drawn before."""
    key = random_key(np.uint64(7), MECHANISMS["offending"].stream, week)
    before = [uniform(np.uint64(key), me, 0) for me in range(100)]
    for me in range(100):
        for extra in range(1, 4):
            uniform(np.uint64(key), me, extra)
    assert [uniform(np.uint64(key), me, 0) for me in range(100)] == before
