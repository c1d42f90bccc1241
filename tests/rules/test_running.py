"""Rules at work: a pass of their own, with random numbers of their own, only if allowed."""

import os
from pathlib import Path

import numpy as np
import pytest
from cities import small
from click.testing import CliRunner

import sim
from sim.cli import cli
from sim.experiments.runs.simulate import RunsFailed
from sim.rules import CONSENT, AgentRule, FunctionRule, RuleFailed
from sim.simulation import Simulation

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "street_parties.yaml"
SHORT = {"horizon": 20, "city.residents": 1200, "replicates": 1}


class Nothing(AgentRule):
    """Looks at everything and draws a lot, but changes nothing."""

    def week(self, city):
        self.seen = [city.random.random(), float(city.rng.random()), len(city.residents.shuffle()), len(city.agents), city.horizon]


class Lottery(AgentRule):
    kind = "ResidentsCommittee"
    share = 0.5

    def act(self, committee, city):
        if city.random.random() < self.share:
            city.shift(committee.residents, "cohesion", 0.1)


class Late(AgentRule):
    phase = "close"

    def week(self, city):
        city.shift(city.residents, "grievance", 1.0)


class Breaks(AgentRule):
    def week(self, city):
        if city.week == 3:
            raise ZeroDivisionError("nothing to share")


@pytest.fixture
def allowed(monkeypatch):
    monkeypatch.setenv(CONSENT, "1")


@pytest.fixture
def example():
    return sim.load_scenario(EXAMPLE).with_changes(SHORT)


def lived(*rules, weeks: int = 10, seed: int = 1, **more) -> Simulation:
    simulation = Simulation(small(weeks), seed, rules=rules, **more)
    simulation.advance(weeks)
    return simulation


def columns(simulation: Simulation) -> dict[str, np.ndarray]:
    residents = simulation.city.residents
    return {name: residents.values(name) for name in residents.columns}


def same(a: Simulation, b: Simulation) -> bool:
    return all(np.array_equal(value, columns(b)[name]) for name, value in columns(a).items())


def test_the_example_brings_neighbours_closer_and_tires_helpers(example, allowed):
    """Common random numbers with and without: the sign of the first week's difference is that of the rule."""
    with_rules, without = (Simulation(example.with_changes(change), 1) for change in ({}, {"rules": []}))
    for simulation in (with_rules, without):
        simulation.advance(1)
    cohesion = columns(with_rules)["cohesion"] - columns(without)["cohesion"]
    assert cohesion.min() >= -1e-6
    assert cohesion.mean() > 0.001
    assert columns(with_rules)["fatigue"].sum() > columns(without)["fatigue"].sum()


def test_a_rule_that_changes_nothing_changes_nothing():
    assert same(lived(Nothing()), lived())


def test_the_same_rules_give_the_same_bits_in_every_way_of_running(example, allowed):
    once = sim.simulate(example, seed=1, replicates=2)
    assert sim.simulate(example, seed=1, replicates=2, workers=2).content_hash == once.content_hash
    model = sim.GovernanceModel(example, seed=1)
    while model.running:
        model.step()
    assert model.simulation.content_hash() == once.manifest["content_hashes"]["1"]
    assert sim.simulate(example, seed=1, replicates=2, attribution=True).content_hash == once.content_hash


def test_threads_do_not_matter_to_rules():
    scenario = small(6, residents=24_000, community_size=2000)
    one, two = (Simulation(scenario, 1, threads=threads, rules=[Lottery()]) for threads in (1, 2))
    for simulation in (one, two):
        simulation.advance(6)
    assert two.threads == 2
    assert one.content_hash() == two.content_hash()


def test_rules_are_part_of_the_content_hash():
    hashes = {lived(*rules, weeks=2).content_hash() for rules in ((), (Nothing(),), (Lottery(),), (Lottery(share=0.0),))}
    assert len(hashes) == 4


def test_a_rule_has_random_numbers_of_its_own():
    """What one rule draws depends on no other rule; two of one name draw apart."""
    seen = []

    class Draws(AgentRule):
        def week(self, city):
            seen.append(city.random.random())

    lived(Draws(), weeks=2)
    lived(Nothing(), Lottery(), Draws(), weeks=2)
    assert seen[:2] == seen[2:]
    assert seen[0] != seen[1]
    del seen[:]
    lived(Draws(), Draws(), weeks=1)
    assert seen[0] != seen[1]


def test_what_a_rule_does_at_the_close_shows_in_the_week_after():
    late = lived(Late(), weeks=1)
    assert (columns(late)["grievance"] == 1.0).all()
    assert sim.metrics.weekly(late)["grievance"][0] == sim.metrics.weekly(lived(weeks=1))["grievance"][0]


def test_functions_are_rules_too():
    def helps(city, by):
        city.communities["aid"] += by

    assert not same(lived(FunctionRule(helps, by=1.0), weeks=3), lived(weeks=3))


def test_without_consent_no_rule_of_a_scenario_runs(example, monkeypatch):
    monkeypatch.delenv(CONSENT, raising=False)
    for start in (lambda: Simulation(example, 1), lambda: sim.simulate(example, seed=1), lambda: sim.GovernanceModel(example, seed=1)):
        with pytest.raises(sim.UserError, match="--allow-rules"):
            start()


def test_the_command_asks_for_consent_and_forgets_it(tmp_path, monkeypatch):
    monkeypatch.delenv(CONSENT, raising=False)
    arguments = ["run", str(EXAMPLE), "--set", "horizon=4", "--replicates", "2", "--out", str(tmp_path), "--no-report", "--quiet"]
    refused = CliRunner().invoke(cli, arguments)
    assert refused.exit_code == 2
    assert "street_parties.py" in refused.output
    assert not any(tmp_path.rglob("manifest.json"))
    done = CliRunner().invoke(cli, [*arguments, "--allow-rules", "--workers", "2"])
    assert done.exit_code == 0, done.output
    assert CONSENT not in os.environ
    (folder,) = (tmp_path / "street_parties").iterdir()
    again = CliRunner().invoke(cli, ["rerun", str(folder), "--allow-rules", "--quiet"])
    assert again.exit_code == 0, again.output
    assert "the same" in again.output


def test_calibration_asks_for_consent_too(tmp_path, monkeypatch):
    monkeypatch.delenv(CONSENT, raising=False)
    short = ["--residents", "2000", "--weeks", "52", "--steps", "1", "--replicates", "1", "--only", "disputes.rate", "--no-effects"]
    arguments = ["calibrate", str(EXAMPLE), *short, "--out", str(tmp_path), "--quiet"]
    refused = CliRunner().invoke(cli, arguments)
    assert refused.exit_code == 2
    assert "--allow-rules" in refused.output
    assert not any(tmp_path.iterdir())
    done = CliRunner().invoke(cli, [*arguments, "--allow-rules"])
    assert done.exit_code in (0, 1), done.output  # 1: a rate lies outside its range
    assert (tmp_path / "street_parties" / "calibration").is_dir()
    assert CONSENT not in os.environ


def test_a_rule_that_fails_says_which_where_and_when(tmp_path, allowed):
    with pytest.raises(RuleFailed, match="rule Breaks, week 3: ZeroDivisionError: nothing to share"):
        lived(Breaks())
    (tmp_path / "bad.py").write_text("def bad(city):\n    if city.week == 2:\n        city.residents.get('cohesoin')\n")
    (tmp_path / "bad.yaml").write_text("city: {preset: synthetic, residents: 300, districts: 1}\nhorizon: 6\nrules: [{rule: bad.bad}]\n")
    with pytest.raises(RunsFailed, match=r"rule bad, week 2: AttributeError: .*cohesion.*\(bad\.py, line 3\)"):
        sim.simulate(sim.load_scenario(tmp_path / "bad.yaml"), seed=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import no_such_module\ndef rule(city): pass\n", r"cannot be loaded: ModuleNotFoundError.*line 1"),
        ("class rule: pass\n", "expected a class that inherits from sanzhi.AgentRule"),
        ("from sim import AgentRule\nclass rule(AgentRule):\n    phase = 'night'\n", "'night'; expected one of plan, close"),
    ],
)
def test_what_cannot_be_made_a_rule_is_refused(tmp_path, allowed, text, expected):
    (tmp_path / "bad.py").write_text(text)
    (tmp_path / "bad.yaml").write_text("city: {preset: synthetic, residents: 300, districts: 1}\nhorizon: 6\nrules: [{rule: bad.rule}]\n")
    with pytest.raises(sim.UserError, match=expected):
        sim.simulate(sim.load_scenario(tmp_path / "bad.yaml"), seed=1)


def test_mistakes_in_python_are_reported():
    with pytest.raises(sim.UserError, match=r"unknown parameter shar; expected one of share; did you mean share\?"):
        Lottery(shar=1.0)
    with pytest.raises(sim.UserError, match="expected AgentRule objects"):
        lived(Lottery)
    with pytest.raises(RuleFailed, match="did you mean Resident"):
        lived(FunctionRule(lambda city: city.of("Residnt")))
    with pytest.raises(RuleFailed, match="has neither act"):
        lived(AgentRule())


def test_a_shift_stops_at_the_bounds_of_the_column():
    assert columns(lived(FunctionRule(lambda city: city.shift(city.residents, "norm", -9.0)), weeks=1))["norm"].max() < 0.2
    with pytest.raises(RuleFailed, match="fixed for the whole run"):
        lived(FunctionRule(lambda city: city.shift(city.residents, "hardship", 0.1)))
