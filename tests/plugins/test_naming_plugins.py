"""Plug-ins named in a scenario: found, allowed, part of the hash, and refused in one line with its place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from brought import MARKETS, TIRED, TOWN, installed, scenario_file
from click.testing import CliRunner

import sim
from sim.cli import cli
from sim.errors import ScenarioError, UserError
from sim.experiments.studies.study_file import make_study
from sim.metrics import METRICS, metrics_of
from sim.plugins import load
from sim.rules import CONSENT
from sim.scenario import load_scenario, read_scenario
from sim.scenario.loading.keys import all_paths


@pytest.fixture(autouse=True)
def nothing_is_loaded(monkeypatch):
    """Each test as in a process that has loaded no plug-in."""
    monkeypatch.setattr(load, "_loaded", {})
    monkeypatch.setattr(load, "_packages", {})
    monkeypatch.delenv(CONSENT, raising=False)


@pytest.fixture
def allowed(monkeypatch):
    monkeypatch.setenv(CONSENT, "1")


def problem(file: Path) -> str:
    with pytest.raises(ScenarioError) as error:
        load_scenario(file)
    (found,) = error.value.problems
    return str(found)


# --- consent ---


def test_nothing_of_a_plug_in_runs_unless_somebody_allows_it(tmp_path, monkeypatch):
    file = scenario_file(tmp_path, code=f"open({str(tmp_path / 'ran')!r}, 'w')\n{TIRED}")
    assert "town.yaml:4:11: plugins.0: got tired.py, Python code that nobody has allowed" in problem(file)
    assert not (tmp_path / "ran").exists()
    monkeypatch.setenv(CONSENT, "1")
    assert load_scenario(file).plugins[0].plugin == "tired.py"
    assert (tmp_path / "ran").exists()


def test_the_option_of_rules_allows_plug_ins_for_as_long_as_a_command_runs(tmp_path):
    file = str(scenario_file(tmp_path))
    assert CliRunner().invoke(cli, ["validate", file]).exit_code == 2
    assert CliRunner().invoke(cli, ["validate", file, "--allow-rules"]).exit_code == 0
    assert CONSENT not in os.environ


def test_listing_installed_plug_ins_runs_none_of_them(tmp_path, monkeypatch):
    installed(tmp_path, "raise RuntimeError('it ran')")
    monkeypatch.syspath_prepend(tmp_path)
    listed = CliRunner().invoke(cli, ["describe", "plugins"])
    assert (listed.exit_code, "tired  1.2  tired_city" in listed.output) == (0, True)


# --- identity ---


def test_the_text_of_a_plug_in_is_part_of_the_hash_and_travels_with_the_scenario(tmp_path, allowed):
    plain = load_scenario(scenario_file(tmp_path, plugins=""))
    one = load_scenario(scenario_file(tmp_path))
    other = load_scenario(scenario_file(tmp_path, code=f"{TIRED}# more\n"))
    assert len({plain.hash, one.hash, other.hash}) == 3
    (tmp_path / "tired.py").unlink()
    assert read_scenario(one.canonical()).hash == one.hash
    assert one.with_changes({"horizon": 9}).plugins == one.plugins
    assert plain.hash == read_scenario({"name": "town", **{key: plain.as_data()[key] for key in ("city", "horizon")}}).hash


def test_an_edited_file_is_another_plug_in(tmp_path, allowed):
    first = load_scenario(scenario_file(tmp_path))
    second = load_scenario(scenario_file(tmp_path, code=TIRED.replace("2.0 *", "3.0 *")))
    runs = [sim.simulate(scenario, seed=1).weekly["weariness"].iloc[-1] for scenario in (first, second)]
    assert runs[1] == pytest.approx(1.5 * runs[0])


def test_an_installed_plug_in_is_known_by_version_and_code(tmp_path, monkeypatch, allowed):
    installed(tmp_path, module="tired_town")
    monkeypatch.syspath_prepend(tmp_path)
    scenario = load_scenario(scenario_file(tmp_path, "plugins: [tired]\n"))
    (entry,) = scenario.plugins
    assert (entry.plugin, entry.version, len(entry.digest)) == ("tired", "1.2", 32)
    assert "weariness" in sim.simulate(scenario).weekly
    assert scenario.hash != scenario.with_changes({"plugins.0.digest": "0" * 32}).hash


def test_results_of_other_code_of_an_installed_plug_in_are_not_made_again_silently(tmp_path, monkeypatch, allowed):
    installed(tmp_path, module="tired_village")
    monkeypatch.syspath_prepend(tmp_path)
    now = load_scenario(scenario_file(tmp_path, "plugins: [tired]\n"))
    older = now.with_changes({"plugins.0.digest": "0" * 32, "plugins.0.version": "1.1"})
    with pytest.raises(UserError, match=r"tired.*version 1\.1.*1\.2"):
        sim.simulate(older)


def test_scenarios_without_a_plug_in_are_as_if_it_had_never_been_loaded(tmp_path, allowed):
    usual, paths = load_scenario(scenario_file(tmp_path, plugins="")), all_paths()
    before = sim.simulate(usual, seed=2)
    with_it = sim.simulate(load_scenario(scenario_file(tmp_path)), seed=2)
    load_scenario(MARKETS)
    after = sim.simulate(usual, seed=2)
    assert before.content_hash == after.content_hash == with_it.content_hash  # a metric changes nothing
    assert list(before.weekly) == list(after.weekly)
    assert set(with_it.weekly) - set(before.weekly) == {"weariness"}
    assert all_paths() == paths
    assert "weariness" not in list(METRICS)
    assert "weariness" not in metrics_of(usual)


# --- keys ---


def test_levers_and_parameters_of_a_plug_in_are_keys_like_others(allowed):
    scenario = load_scenario(MARKETS).with_changes({"mechanisms.night_markets.noise": 0.01})
    assert (scenario.stance.night_markets, scenario.mechanisms["night_markets"].noise) == (0.5, 0.01)
    assert scenario.lever_table()["night_markets"].tolist() == [0.5] * 13 + [1.0] * 13
    again = read_scenario(scenario.canonical())
    assert (again.hash, again.timeline[0].values) == (scenario.hash, {"stance.night_markets": 1.0})
    assert scenario.with_changes({"stance.night_markets": 0.4}).hash != scenario.hash


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"stance.night_markets": 2.0}, "stance.night_markets: got 2.0; expected a number from 0 to 1"),
        ({"stance.night_market": 0.1}, "did you mean night_markets"),
        ({"mechanisms.night_markets.noize": 0.1}, "did you mean noise"),
        ({"timeline.0.set.stance.night_markets": 7}, "got 7; expected a number from 0 to 1"),
    ],
)
def test_mistakes_in_them_are_reported_like_others(allowed, changes, reported):
    with pytest.raises(ScenarioError) as error:
        load_scenario(MARKETS).with_changes(changes)
    assert reported in str(error.value)


def test_what_a_plug_in_brings_is_unknown_without_it(allowed):
    load_scenario(MARKETS)
    with pytest.raises(ScenarioError, match="unknown key 'night_markets'"):
        read_scenario({"name": "x", "stance": {"night_markets": 0.5}})
    with pytest.raises(ScenarioError, match="a metric of the package or of a plug-in named here"):
        read_scenario({"name": "x", "targets": [{"metric": "market_visits_year", "by": 10, "at_least": 1.0, "responsible": "city"}]})
    varied = {"design": {"kind": "grid"}, "factors": {"budget": [1.0]}}
    with pytest.raises(ScenarioError, match="expected a metric"):
        make_study({"scenario": {"name": "x"}, **varied, "outcomes": ["market_visits_year"]})


# --- refusals ---


@pytest.mark.parametrize(
    ("code", "reported"),
    [
        ("x = (", "tired.py:1:5: plugins.0: got text that is not Python"),
        ("x = 1", "PLUGIN is nothing"),
        ("x = 1\ny = 1 / 0", "ZeroDivisionError: division by zero (tired.py, line 2)"),
        ("import nowhere_at_all", "No module named 'nowhere_at_all'"),
        ("raise SystemExit(3)", "SystemExit"),
        ("PLUGIN = 3", "PLUGIN is 3"),
        (TIRED.replace("weariness", "calm"), "the metric calm has a name that the package has taken"),
        (TIRED.replace('"less"', '"most"'), "the metric weariness has most"),
        (TIRED.replace('"疲惫"', '""'), "weariness.title lacks words"),
        (TIRED.replace('    "Twice the mean fatigue."\n', ""), "weariness: a metric needs a docstring"),
        (TIRED.replace("[weariness]", "[3]"), "3 is among the metrics"),
        ("from sim.plugins import *\nPLUGIN = Plugin(conditions={'patrol': Condition('x')})", "patrol has a name that the package"),
        ("from sim.plugins import *\nPLUGIN = Plugin(traits={'max': Trait('x')})", "the trait of residents max has a name"),
        ("from sim.plugins import *\nPLUGIN = Plugin(counts={'visits': 3})", "counts.visits is 3"),
    ],
)
def test_a_plug_in_that_is_not_sound_gives_one_line_with_its_place(tmp_path, allowed, code, reported):
    said = problem(scenario_file(tmp_path, code=code))
    assert reported in said
    assert "\n" not in said
    assert ":4:11: plugins.0" in said or said.startswith(f"{tmp_path}") or "tired.py:1:5" in said


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ('"community.markets", "levers', '"community.market", "levers', "did you mean community.markets"),
        ('before="norms"', 'before="norm"', "before of the mechanism night_markets names norm"),
        ("default=0.0,", 'default="on",\n    choices={"on": {"en": "on", "zh": "开"}},', "the lever night_markets is a choice"),
        ("low=0.0,\n    high=1.0,\n    brings", "low=0.2,\n    high=1.0,\n    brings", "the default 0"),
        ("def night_markets(tile, community, key, p)", "def night_markets(tile, community, dice, key, p)", "live takes dice"),
    ],
)
def test_a_mechanism_that_asks_for_what_is_not_there_is_reported_before_anything_is_compiled(tmp_path, allowed, old, new, reported):
    code = MARKETS.with_suffix(".py").read_text(encoding="utf-8")
    assert old in code
    assert reported in problem(scenario_file(tmp_path, code=code.replace(old, new)))


@pytest.mark.parametrize(
    ("plugins", "reported"),
    [
        ("plugins: [gone.py]\n", "town.yaml:4:11: plugins.0: got 'gone.py', which does not exist"),
        ("plugins: [../tired.py]\n", "got '../tired.py'; expected a file.py in the same folder"),
        ("plugins: [gone]\n", "town.yaml:4:11: plugins.0: got 'gone', which is not installed"),
        ("plugins: [tired.py, ./tired.py]\n", "town.yaml:4:21: plugins.1: got the metric weariness, which tired.py brings, too"),
        ("plugins: tired.py\n", "town.yaml:4:10: plugins: got 'tired.py'; expected a list"),
        ("plugins: [{plugin: tired.py, with: 3}]\n", "plugins.0.with: got the unknown key 'with'"),
    ],
)
def test_a_plug_in_that_is_missing_or_clashes_gives_one_line_with_its_place(tmp_path, allowed, plugins, reported):
    assert reported in problem(scenario_file(tmp_path, plugins))


def test_a_metric_that_fails_says_which_and_where(tmp_path, allowed):
    scenario = load_scenario(scenario_file(tmp_path, code=TIRED.replace('r.mean("fatigue")', 'r.mean("tiredness")')))
    with pytest.raises(Exception, match=r"the metric weariness of a plug-in: KeyError: 'tiredness' \(tired.py, line \d+\)"):
        sim.simulate(scenario)


def test_a_scenario_is_handed_to_another_process_with_its_plug_in(tmp_path, allowed):
    """A worker needs no consent of its own: who unpickles runs code anyway, and it was allowed where the scenario was read."""
    import pickle

    scenario = load_scenario(scenario_file(tmp_path))
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).hash)"
    bare = {name: value for name, value in os.environ.items() if name != CONSENT}
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(scenario), capture_output=True, env=bare)
    assert done.stdout.decode().strip() == scenario.hash, done.stderr.decode()


def test_town_is_sound_without_plug_ins(tmp_path):
    (tmp_path / "town.yaml").write_text(TOWN)
    assert load_scenario(tmp_path / "town.yaml").plugins == ()
