"""Plug-ins at work: the same numbers in one process, in several, in sweeps and on Dask; in tables, comparisons and reports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from brought import MARKETS, scenario_file
from click.testing import CliRunner
from dask_cluster import cluster

import sim
from sim.cli import cli
from sim.errors import UserError
from sim.experiments.studies.study_file import load_study
from sim.experiments.studies.sweep import sweep
from sim.rules import CONSENT
from sim.scenario import load_scenario
from sim.simulation import Simulation

ROOT = Path(__file__).parents[2]
STUDY = """
name: markets
scenario: {scenario}
design: {{kind: grid, levels: 2}}
factors: {{{factor}: {{low: 0.1, high: 0.3}}}}
outcomes: [{metric}]
"""


@pytest.fixture(autouse=True)
def allowed(monkeypatch):
    monkeypatch.setenv(CONSENT, "1")


def study_file(folder: Path, scenario: str, factor: str, metric: str) -> Path:
    file = folder / "study.yaml"
    file.write_text(STUDY.format(scenario=scenario, factor=factor, metric=metric))
    return file


def test_a_metric_reaches_tables_manifest_comparison_and_the_page_in_both_languages(tmp_path):
    file = str(scenario_file(tmp_path, more="targets: [{metric: weariness, by: 8, at_most: 2, responsible: city}]\n"))
    done = CliRunner().invoke(cli, ["run", file, "--workers", "1", "--out", str(tmp_path), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    (folder,) = (tmp_path / "town").iterdir()
    run = sim.read_run(folder)
    assert run.weekly["weariness"].to_numpy() == pytest.approx(2.0 * run.weekly["fatigue"].to_numpy())
    assert set(run.districts) >= {"weariness", "fatigue"}
    assert run.manifest["scenario"]["plugins"][0]["plugin"] == "tired.py"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Weariness" in page
    assert "疲惫" in page
    more = run.scenario.with_changes({"policy.rule_of_law": 0.1})
    found = sim.compare([run.scenario, more], replicates=2, workers=1).differences
    assert "weariness" in set(found["metric"])
    without = run.scenario.with_changes({"plugins": [], "targets": []})
    assert "weariness" not in set(sim.compare([run.scenario, without], replicates=2, workers=1).differences["metric"])
    with pytest.raises(UserError, match="expected a name that `sanzhi describe metrics` lists"):
        sim.compare([run.scenario, without], metrics=["weariness"], replicates=2, workers=1)


def test_a_metric_is_an_outcome_of_sweeps_in_processes(tmp_path):
    scenario_file(tmp_path)
    study = load_study(study_file(tmp_path, "town.yaml", "policy.rule_of_law", "weariness"))
    one, two = (sweep(study, tmp_path / str(workers), workers=workers) for workers in (1, 2))
    assert (one.content_hash, len(one.runs)) == (two.content_hash, 2)
    assert (one.runs["weariness"] > 0).all()


@pytest.mark.slow
def test_a_dask_worker_that_nobody_allowed_finds_the_plug_in_of_the_sweep(tmp_path, monkeypatch):
    """The file is nowhere the worker looks: its text comes with the scenario."""
    scenario_file(tmp_path)
    study = load_study(study_file(tmp_path, "town.yaml", "policy.rule_of_law", "weariness"))
    here = sweep(study, tmp_path / "here", workers=1)
    monkeypatch.delenv(CONSENT)
    (tmp_path / "tired.py").unlink()
    with cluster(tmp_path, 1) as (address, _):
        there = sweep(study, tmp_path / "there", dask=address)
    assert there.content_hash == here.content_hash


def test_a_mechanism_with_its_lever_count_and_condition_is_lived():
    """In plain Python, with no other mechanism: what it says comes out, and nothing else."""
    code = f"""
import json
from sim import MECHANISMS, metrics
from sim.scenario import load_scenario
from sim.simulation import Simulation
off = {{f"mechanisms.{{name}}.enabled": False for name in MECHANISMS}}
scenario = load_scenario({str(MARKETS)!r}).with_changes({{"city.residents": 300, "city.districts": 1, "horizon": 3, "timeline": [], **off}})
reported = {{}}
for often in (0.0, 1.0):
    city = Simulation(scenario.with_changes({{"stance.night_markets": often}}), seed=1)
    city.advance(3)
    people = city.city.residents
    reported[often] = [float(people.values(name).mean()) for name in ("cohesion", "fatigue", "grievance")]
    reported[often] += [metrics.series(city)["market_visits_year"].tolist(), metrics.flow_columns(city)["market_visits"].tolist()]
print(json.dumps(reported))
"""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", CONSENT: "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    none, daily = json.loads(done.stdout).values()
    assert daily[0] > none[0]
    assert daily[1] > none[1]
    assert daily[2] == none[2]
    assert none[3:] == [[0.0] * 3, [0] * 3]
    assert all(10 < visits < 60 for visits in daily[4])  # 300 residents of whom a tenth goes: nine standard deviations on either side
    assert daily[3][0] == pytest.approx(daily[4][0] * 52 * 1000 / 300)


def test_attribution_says_that_it_does_not_know_a_plug_ins_mechanism():
    with pytest.raises(UserError, match="attribution supports only the package's own mechanisms; night_markets has night_markets"):
        Simulation(load_scenario(MARKETS), seed=1, attribution=True)


@pytest.mark.soak
def test_a_compiled_mechanism_gives_the_same_bits_in_any_process_and_leaves_the_others_theirs(tmp_path):
    """Compiles the week anew with the plug-in's kernels in it, and with a trait of residents."""
    code = MARKETS.with_suffix(".py").read_text(encoding="utf-8")
    code = code.replace("import Condition, Lever, Plugin, metric", "import Condition, Lever, Plugin, Trait, metric")
    code = code.replace('conditions={"markets"', 'traits={"liking": Trait("liking for markets", start=0.2)},\n    conditions={"markets"')
    liked = "        tile.liking[i] = 1.0 if there else tile.liking[i]\n"
    code = code.replace("        visits = np.int32(", f"{liked}        visits = np.int32(")
    (tmp_path / "night_markets.py").write_text(code, encoding="utf-8")
    (tmp_path / "night_markets.yaml").write_text(MARKETS.read_text(encoding="utf-8"), encoding="utf-8")
    scenario = load_scenario(tmp_path / "night_markets.yaml")
    usual = load_scenario("baseline").with_changes({"city.preset": "synthetic", "city.residents": 2000, "city.districts": 2, "horizon": 10})
    before = sim.simulate(usual, seed=3).content_hash
    one, two = (sim.simulate(scenario, seed=1, replicates=2, workers=workers) for workers in (1, 2))
    assert one.content_hash == two.content_hash
    assert one.weekly["market_visits_year"].iloc[-1] > 0
    assert sim.simulate(scenario.with_changes({"stance.night_markets": 0.0, "timeline": []}), seed=1).flows["market_visits"].sum() == 0
    threaded = Simulation(scenario, seed=1, threads=2)
    threaded.threads = 2
    threaded.advance(26)
    alone = Simulation(scenario, seed=1, tile=128)
    alone.advance(26)
    assert threaded.content_hash() == alone.content_hash() == one.manifest["content_hashes"]["1"]
    liking = alone.city.residents.values("liking")
    assert set(np.unique(liking)) == {np.float32(0.2), np.float32(1.0)}
    model = sim.GovernanceModel(scenario, seed=1)
    model.step()
    assert model.residents[0].liking in (pytest.approx(0.2), 1.0)
    assert model.metrics["market_visits_year"] > 0
    study = load_study(study_file(tmp_path, "night_markets.yaml", "stance.night_markets", "market_visits_year"))
    assert sweep(study, tmp_path / "a", workers=1).content_hash == sweep(study, tmp_path / "b", workers=2).content_hash
    assert sim.simulate(usual, seed=3).content_hash == before


def test_the_examples_of_the_page_are_files_that_are_shipped_with_the_documentation():
    page = (ROOT / "docs" / "how_to" / "plugins.md").read_text(encoding="utf-8")
    for file in (MARKETS, MARKETS.with_suffix(".py")):
        assert file.read_text(encoding="utf-8") in page
    assert yaml.safe_load(MARKETS.read_text(encoding="utf-8"))["plugins"] == ["night_markets.py"]
