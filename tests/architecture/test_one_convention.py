"""Public functions take a scenario, a file or a name; seed, replicates and workers mean the same; wrong kinds are told in one sentence."""

import inspect
import re
from functools import cache

import pytest
from cities import small

import sim
from sim.experiments.calibration import calibrate as calibration
from sim.experiments.calibration.history_match import write_history
from sim.experiments.calibration.known_effects import check_effects
from sim.report.parts import style
from sim.report.run import figures as draw
from sim.simulation import Simulation


@cache
def short():
    """A scenario that takes no time."""
    return small(4, residents=600)


TOWN = "city: {preset: synthetic, residents: 600, districts: 2, community_size: 200}\nhorizon: 4\nreplicates: 2\n"
SCENARIO_FIRST = {
    "simulate": sim.simulate,
    "mix": sim.mix,
    "resilience": sim.resilience,
    "calibrate": sim.calibrate,
    "history_match": sim.history_match,
    "attribute": lambda given, **more: sim.attribute(given, given, **more),
    "compare": lambda given, **more: sim.compare([given, given], **more),
    "check_effects": check_effects,
    "plot_policy": sim.plot_policy,
    "Simulation": lambda given: Simulation(given, 1),
    "write_calibration": lambda given: calibration.write_calibration(None, given),
    "write_history": lambda given: write_history(None, given),
}
RUN_FIRST = {
    name: getattr(sim, name) for name in sim.__all__ if name.startswith("plot_") and name not in ("plot_policy", "plot_waterfall")
} | {
    "write_report": lambda run, *_: sim.write_report(run, "."),
    "write_run": lambda run, *_: sim.write_run(run, "."),
    "validate_against": lambda run, *_: sim.validate_against(run, "data.csv"),
}
WRONG = [5, None, ["baseline"], {"name": "x"}, object()]


@pytest.fixture(scope="module")
def run():
    return sim.simulate(short(), replicates=2)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.yaml"
    path.write_text(TOWN)
    return path


def test_every_public_function_that_takes_a_scenario_is_looked_at():
    """Those whose first argument is named so; a new one is to be put into the table above."""
    for name in sim.__all__:
        value = getattr(sim, name)
        if inspect.isfunction(value):
            first = next(iter(inspect.signature(value).parameters), "")
            assert (first not in ("scenario", "scenarios", "first")) or name in SCENARIO_FIRST, name
            assert first != "run" or name in RUN_FIRST, name


@pytest.mark.parametrize("name", SCENARIO_FIRST)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: type(wrong).__name__)
def test_what_is_no_scenario_is_told_in_one_sentence(name, wrong):
    with pytest.raises(sim.UserError, match=r"got .*; expected a Scenario, a file or the name of a shipped scenario") as told:
        SCENARIO_FIRST[name](wrong)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", SCENARIO_FIRST)
def test_a_name_that_is_none_is_told(name):
    with pytest.raises(sim.UserError, match="did you mean baseline"):
        SCENARIO_FIRST[name]("baselin")


@pytest.mark.parametrize("name", RUN_FIRST)
@pytest.mark.parametrize("wrong", [lambda: 5, lambda: None, short], ids=["int", "NoneType", "Scenario"])
def test_what_is_no_run_is_told_in_one_sentence(name, wrong):
    with pytest.raises(sim.UserError, match=r"expected a Run, as sanzhi\.simulate gives it, or the folder of one"):
        RUN_FIRST[name](wrong(), "satisfaction") if name == "plot_metric" else RUN_FIRST[name](wrong())


@pytest.mark.parametrize(
    "call",
    [
        lambda: sim.compare("baseline"),
        lambda: sim.compare(short()),
        lambda: sim.load_scenario(5),
        lambda: sim.load_study(5),
        lambda: sim.make_study(5),
        lambda: sim.sweep(5),
        lambda: sim.optimize(5),
        lambda: sim.analyze(5),
        lambda: sim.analyze(short()),
        lambda: sim.read_run(5),
        lambda: sim.read_study(5),
        lambda: sim.calibrate(short(), rates=5),
        lambda: sim.resilience(short(), metrics=5),
        lambda: sim.compare([short(), short()], metrics=[5]),
    ],
)
def test_other_wrong_kinds_are_told_too(call):
    with pytest.raises(sim.UserError, match=r"got .*; expected"):
        call()


COUNTED = {
    "simulate": lambda **more: sim.simulate(short(), **more),
    "compare": lambda **more: sim.compare([short(), short().with_changes({"stance.transparency": 0.9})], **more),
    "mix": lambda **more: sim.mix(short(), **more),
    "attribute": lambda **more: sim.attribute(short(), short().with_changes({"stance.transparency": 0.9}), **more),
    "resilience": lambda **more: sim.resilience(short().with_changes({"shocks": [{"kind": "layoffs", "at": 1, "lasts": 1}]}), **more),
    "calibrate": lambda **more: sim.calibrate(short(), **more),
    "history_match": lambda **more: sim.history_match(short(), **more),
}


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize("argument", ["seed", "replicates", "workers"])
@pytest.mark.parametrize("wrong", ["2", 2.5, -1, True])
def test_seed_replicates_and_workers_are_whole_numbers_everywhere(name, argument, wrong):
    with pytest.raises(sim.UserError, match=rf"^{argument}: got {re.escape(repr(wrong))}; expected a whole number from \d"):
        COUNTED[name](**{argument: wrong})


def test_none_is_the_scenarios_own_number_and_seed():
    scenario = short().with_changes({"replicates": 3, "seed": 7})
    assert sim.simulate(scenario, replicates=None).seeds == (7, 8, 9)
    assert sim.compare([scenario, scenario], replicates=None, workers=1).batch.seeds == (7, 8, 9)


def test_a_file_a_path_and_a_scenario_give_the_same(file):
    hashes = {sim.simulate(given, seed=1).content_hash for given in (file, str(file), sim.load_scenario(file))}
    assert len(hashes) == 1
    assert sim.load_scenario(sim.load_scenario(file)) == sim.load_scenario(file)


def test_a_folder_stands_for_its_run(run, tmp_path, monkeypatch):
    for name in draw.FIGURES:  # drawing takes most of the time of a page
        monkeypatch.setitem(draw.FIGURES, name, lambda *_, **__: style.new_figure(1, 1))
    sim.write_run(run, tmp_path / "run")
    assert sim.write_report(tmp_path / "run", tmp_path / "page").is_file()
    assert sim.plot_metric(str(tmp_path / "run"), "satisfaction").lines


def test_one_name_is_taken_where_names_are():
    assert set(sim.compare([short(), short()], metrics="stability", replicates=2, workers=1).differences["metric"]) == {"stability"}


def test_the_seed_of_a_calibration_is_that_of_its_first_replicate():
    """It was 1 whatever the scenario said."""
    asked = {"residents": 600, "weeks": 4, "replicates": 1, "evaluations": 1, "free": {"disputes.rate": ()}}
    first = [sim.calibrate(small(4, residents=600, seed=seed), **asked).rates["before"].dropna().tolist() for seed in (1, 2)]
    assert first[0] != first[1]
    assert sim.calibrate(small(4, residents=600), seed=2, **asked).rates["before"].dropna().tolist() == first[1]
