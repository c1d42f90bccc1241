"""Many scenarios on the same seeds: whole pairs, one pool, failures kept, and nothing but scenario and seed matters."""

import numpy as np
import pytest
from cities import small

import sim.experiments.runs.batch as module
from sim.errors import UserError
from sim.experiments.experiment_result import outcomes_hash
from sim.experiments.runs import jobs
from sim.experiments.runs.batch import labels_of, run_batch, shrunk
from sim.experiments.runs.simulate import simulate
from sim.scenario import read_scenario


def two(weeks=6):
    return [small(weeks, name="one"), small(weeks, name="two", policy={"rule_of_law": 0.1})]


def run(scenarios=None, **more):
    scenarios = scenarios or two()
    return run_batch(scenarios, labels_of(scenarios), **{"seed": 3, "replicates": 3, "workers": 1, **more})


@pytest.fixture
def fake(monkeypatch):
    """Outcomes made up from scenario and seed; scenario two fails on seed 4, seed 9 is interrupted, seed 11 is a mistake."""

    def summarise(scenario, seed, window, tick=None, groups=False):
        for week in range(1, scenario.horizon + 1):
            if tick:
                tick(week)
        if seed == 4 and scenario.name == "two":
            raise ZeroDivisionError("unlucky")
        if seed == 9:
            raise KeyboardInterrupt
        if seed == 11:
            raise UserError("no such city")
        return {"stability": float(seed), "satisfaction": 0.5, "residents": 1200.0}

    monkeypatch.setattr(module, "summarise", summarise)


def test_outcomes_are_the_means_of_the_last_weeks():
    batch = run(window=4)
    alone = simulate(two()[1], seed=3, replicates=3).weekly
    for name in ("stability", "offences", "legitimacy"):
        expected = alone[alone["week"] >= 2].groupby("seed")[name].mean()
        assert batch.of("two", name) == pytest.approx(expected.to_numpy())


def test_processes_change_nothing_and_there_is_one_pool(monkeypatch):
    calls = []
    pool = jobs.run_jobs
    monkeypatch.setattr(jobs, "run_jobs", lambda *arguments: calls.append(len(arguments[1])) or pool(*arguments))
    assert outcomes_hash(run(workers=2)) == outcomes_hash(run())
    assert calls == [6]


def test_every_scenario_has_the_same_seeds_in_order(fake):
    batch = run(seed=5)
    assert batch.seeds == (5, 6, 7)
    assert batch.of("one", "stability").tolist() == batch.of("two", "stability").tolist() == [5.0, 6.0, 7.0]
    assert batch.cube(["stability", "satisfaction"]).shape == (3, 2, 2)


def test_a_run_that_fails_is_kept_with_scenario_and_seed_and_its_seed_left_out_for_all(fake):
    batch = run(seed=3, replicates=4)
    assert batch.failures == [{"scenario": "two", "seed": 4, "error": "ZeroDivisionError: unlucky"}]
    assert batch.seeds == (3, 5, 6)
    assert batch.of("one", "stability").tolist() == [3.0, 5.0, 6.0]
    assert len(batch.outcomes) == 7  # what the other scenario did on that seed stays in the table


def test_interrupted_whole_seeds_are_kept(fake):
    batch = run(seed=6, replicates=9)
    assert batch.interrupted
    assert batch.seeds == (6, 7, 8)
    with pytest.raises(KeyboardInterrupt):
        run(seed=8, replicates=9)


def test_too_few_whole_seeds_are_an_error_that_names_the_failures(fake):
    with pytest.raises(UserError, match="two, seed 4: ZeroDivisionError: unlucky"):
        run(seed=4, replicates=2)


def test_a_mistake_of_the_users_is_reported_with_the_scenarios_name(fake):
    with pytest.raises(UserError, match="one: no such city"):
        run(seed=11)


def test_progress_counts_weeks_over_all_runs(fake):
    seen = []
    run(seed=5, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (36, 36)
    assert seen == sorted(seen)


@pytest.mark.parametrize("bad", [{"window": 0}, {"window": 7}, {"replicates": 1}, {"seed": -1}, {"seed": 2**63 - 1}])
def test_numbers_that_make_no_sense_are_refused(fake, bad):
    with pytest.raises(UserError):
        run(**bad)


def test_without_a_window_a_short_horizon_is_judged_as_a_whole(fake):
    assert run().window == 6


def test_equal_names_get_numbers():
    assert labels_of([small(), small(), small(name="other")]) == ["small", "small (2)", "other"]


def test_a_city_is_made_smaller_never_larger():
    real = read_scenario({"name": "real"})
    assert shrunk(real, 5000).city.population == pytest.approx(5000, rel=0.01)
    assert shrunk(small(residents=3000), 1000).city.population == 1000
    assert shrunk(small(), 10**6) == small()


def test_what_is_not_a_number_is_a_failure(monkeypatch):
    import sim.metrics

    series = sim.metrics.series
    monkeypatch.setattr(sim.metrics, "series", lambda simulation: series(simulation) | {"stability": np.full(simulation.week, np.nan)})
    with pytest.raises(UserError, match="not a finite number"):
        run()
