"""The command line: what people type, what they see, and the exit code."""

import html
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from processes import PATIENCE, environment, gone, heed_interrupts, wait_until

import sim.experiments.runs.simulate as simulate_module
from sim.cli import cli
from sim.describe.describe import KINDS
from sim.results import read_run

SMALL = """\
schema: 1
name: small
horizon: {weeks}
city: {{preset: synthetic, residents: {residents}, districts: 2}}
replicates: {replicates}
seed: 5
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL.format(weeks=4, residents=1000, replicates=1))
    return tmp_path


def sanzhi(*arguments, **more):
    return CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="sanzhi", **more)


def command(*arguments):
    return [sys.executable, "-m", "sim.cli", *map(str, arguments)]


def only_run(out):
    (folder,) = Path(out).glob("*/*")
    return folder


def test_help_lists_the_commands_and_imports_nothing_heavy():
    code = (
        "import sys; before = set(sys.modules)\nimport sim.cli\n"
        "try: sim.cli.cli(['--help'], prog_name='sanzhi')\nexcept SystemExit: print(*set(sys.modules) - before)"
    )
    text = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in ("run", "validate", "explain", "describe", "rerun", "report", "new", "schema"):
        assert f"\n  {name} " in text
    modules = text.splitlines()[-1].split()
    packages = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    assert {name for name in packages if not name.startswith("_")} == {"click", "sim"}  # a Python has private modules that it does not list
    assert not {"sim.scenario", "sim.experiments", "sim.metrics"} & set(modules)


def test_import_sim_costs_nothing_and_offers_the_public_names():
    code = "import sys, sim; print(*sys.modules); print(dir(sim)); sim.load_scenario; sim.simulate"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules, names = done.stdout.splitlines()
    assert not {"numpy", "pydantic", "click"} & set(modules.split())
    assert "GovernanceModel" in names
    import sim

    assert all(hasattr(sim, name) for name in sim.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = sim.nonsense


def test_version():
    assert "model" in sanzhi("--version").output


@pytest.mark.parametrize(("typed", "meant"), [("rnu", "run"), ("explian", "explain"), ("compar", "compare")])
def test_an_unknown_command_suggests_a_near_name(typed, meant):
    result = sanzhi(typed)
    assert result.exit_code == 2
    assert meant in result.output


def test_an_unknown_option_suggests_a_near_name():
    result = sanzhi("run", "baseline", "--replicate", "3")
    assert result.exit_code == 2
    assert "--replicates" in result.output


def test_run_writes_results_and_says_where(here):
    result = sanzhi("run", "small.yaml", "--no-report", "--csv", "--xlsx")
    assert result.exit_code == 0, result.output
    folder = only_run("results")
    assert str(folder) in result.output
    run = read_run(folder)
    assert run.content_hash in result.output
    assert "stability" in result.output
    assert "satisfaction" in result.output
    assert (folder / "weekly.csv").exists()
    assert str(folder / "tables.xlsx") in result.output
    assert (folder / "tables.xlsx").exists()
    assert run.seeds == (5,)


def test_run_makes_a_report(here):
    result = sanzhi("run", "small.yaml", "--lang", "zh")
    assert result.exit_code == 0, result.output
    page = only_run("results") / "report.html"
    assert str(page) in result.output
    assert page.stat().st_size > 0


def test_report_makes_it_again(here):
    sanzhi("run", "small.yaml", "--no-report", "--quiet")
    folder = only_run("results")
    result = sanzhi("report", folder)
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == str(folder / "report.html")
    read_run(folder)


def test_quiet_prints_the_folder_and_nothing_else(here):
    result = sanzhi("run", "small.yaml", "--no-report", "--quiet", "--out", "elsewhere")
    assert result.output.strip() == str(only_run("elsewhere"))


def test_options_change_the_scenario(here):
    result = sanzhi("run", "small.yaml", "--no-report", "--seed", 9, "--replicates", 5, "--set", "policy.rule_of_law=0.2", "--workers", 1)
    assert result.exit_code == 0, result.output
    run = read_run(only_run("results"))
    assert run.seeds == (9, 10, 11, 12, 13)
    assert run.scenario.policy.rule_of_law.share == 0.2
    assert "95 % interval" in result.output


def test_without_a_terminal_progress_is_plain_lines(here):
    result = sanzhi("run", "small.yaml", "--no-report", "--replicates", 2, "--workers", 1)
    assert "100 %, 8 of 8 weeks" in result.stderr
    assert "\x1b" not in result.output


def test_the_same_run_again_says_that_it_replaces_and_gives_the_same(here):
    sanzhi("run", "small.yaml", "--no-report")
    before = read_run(only_run("results")).content_hash
    result = sanzhi("run", "small.yaml", "--no-report")
    assert "replaced" in result.stderr
    assert read_run(only_run("results")).content_hash == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "nosuch.yaml"), "nosuch.yaml"),
        (("run", "small.yaml", "--set", "policy.rule_of_low=0.4"), "rule_of_law"),
        (("run", "small.yaml", "--set", "policy.rule_of_law"), "KEY=VALUE"),
        (("run", "small.yaml", "--set", "policy.rule_of_law=3"), "policy.rule_of_law"),
        (("run", "small.yaml", "--seed", "-1"), "seed"),
        (("run", "small.yaml", "--out", "small.yaml"), "in the way"),
        (("explain", "nosuch.yaml"), "nosuch.yaml"),
        (("report", "nowhere"), "manifest.json"),
        (("rerun", "nowhere"), "manifest.json"),
        (("new", "small"), "exists"),
        (("new", "no/such/folder"), "cannot write"),
        (("new", "bad name"), "letters, digits"),
        (("describe", "lever"), "levers"),
        (("describe", "metrics", "stabilty"), "stability"),
        (("describe", "nothing at all"), "there are"),
    ],
)
def test_mistakes_are_told_without_a_traceback(here, arguments, says):
    result = sanzhi(*arguments)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert "Traceback" not in result.output
    assert not (here / "results").exists() or not any((here / "results").iterdir())


def test_the_mistakes_of_all_scenarios_are_told_before_anything_runs(here):
    (here / "bad.yaml").write_text("name: bad\nhorizn: 3\n")
    result = sanzhi("run", "small.yaml", "bad.yaml", "worse.yaml")
    assert result.exit_code == 2
    assert "bad.yaml:2:1" in result.output
    assert "worse.yaml" in result.output
    assert not (here / "results").exists()


def test_a_scenario_named_twice_runs_once(here):
    result = sanzhi("run", "small.yaml", "small.yaml", "--no-report")
    assert result.output.count("content hash") == 1


def test_failed_replicates_are_listed_with_exit_code_1(here, monkeypatch):
    monkeypatch.setattr(simulate_module, "run_once", _raise_from(6, simulate_module.run_once, ZeroDivisionError("unlucky")))
    result = sanzhi("run", "small.yaml", "--no-report", "--replicates", 3, "--workers", 1)
    assert result.exit_code == 1
    assert "1 of 3 replicates failed" in result.output
    assert "seed 6: ZeroDivisionError: unlucky" in result.output
    assert read_run(only_run("results")).seeds == (5, 7)
    result = sanzhi("run", "small.yaml", "--no-report", "--seed", 6)
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_interrupted_the_finished_replicates_are_kept(here, monkeypatch):
    monkeypatch.setattr(simulate_module, "run_once", _raise_from(6, simulate_module.run_once, KeyboardInterrupt()))
    result = sanzhi("run", "small.yaml", "--no-report", "--replicates", 3, "--workers", 1)
    assert result.exit_code == 130
    assert "1 of 3 replicates are kept" in result.output
    assert read_run(only_run("results")).seeds == (5,)


def test_interrupted_a_run_does_not_replace_a_fuller_one(here, monkeypatch):
    assert sanzhi("run", "small.yaml", "--no-report", "--replicates", 3, "--workers", 1).exit_code == 0
    monkeypatch.setattr(simulate_module, "run_once", _raise_from(6, simulate_module.run_once, KeyboardInterrupt()))
    result = sanzhi("run", "small.yaml", "--no-report", "--replicates", 3, "--workers", 1)
    assert result.exit_code == 130
    assert "is kept" in result.output
    assert read_run(only_run("results")).seeds == (5, 6, 7)


def _raise_from(bad_seed, good, error):
    def run_once(scenario, seed, *arguments):
        if seed == bad_seed:
            raise error
        return good(scenario, seed, *arguments)

    return run_once


@pytest.mark.parametrize(("workers", "number"), [(2, signal.SIGINT), (1, signal.SIGTERM)])
def test_stopped_from_outside_it_ends_soon_and_leaves_no_worker(here, workers, number):
    (here / "long.yaml").write_text(SMALL.format(weeks=5200, residents=100_000, replicates=4))
    run = subprocess.Popen(
        command("run", "long.yaml", "--no-report", "--workers", workers, "--threads", 1),
        cwd=here,
        env=environment(),
        start_new_session=True,
        preexec_fn=heed_interrupts,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = run.stderr.readline()
    while "10 %" not in told:  # well under way, so that every worker is at work
        assert run.poll() is None, told
        told = run.stderr.readline()
    os.killpg(run.pid, number) if workers > 1 else run.send_signal(number)
    _, errors = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130, errors
    assert "Traceback" not in errors
    wait_until(lambda: gone(run.pid))


def test_rerun_says_whether_the_content_hash_is_the_same(here):
    sanzhi("run", "small.yaml", "--no-report", "--quiet", "--replicates", 2, "--workers", 1)
    folder = only_run("results")
    result = sanzhi("rerun", folder, "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "the same" in result.output


def test_rerun_of_a_run_that_went_differently_says_so(here, monkeypatch):
    sanzhi("run", "small.yaml", "--no-report", "--quiet")
    good = simulate_module.run_once
    monkeypatch.setattr(simulate_module, "run_once", lambda *arguments: replace(good(*arguments), content_hash="another"))
    result = sanzhi("rerun", only_run("results"), "--quiet")
    assert result.exit_code == 1
    assert "different" in result.output


def test_validate_tells_good_from_bad(here):
    (here / "bad.yaml").write_text("name: bad\npolicy: {rule_of_law: 2}\nhorizn: 3\n")
    result = sanzhi("validate", "small.yaml", "bad.yaml")
    assert result.exit_code == 2
    assert "small.yaml: no problems found" in result.output
    assert "bad.yaml:2:" in result.output
    assert "bad.yaml:3:" in result.output
    assert sanzhi("validate", "small.yaml", "baseline").exit_code == 0


def test_explain_shows_levers_cost_and_what_will_do_nothing(here):
    text = sanzhi("explain", "baseline").output
    for word in ("248,709 residents", "police officers", "million a year", "unspent", "transparency", "of memory", "resolution 0.33"):
        assert word in text
    assert "no effect\n  none" in text
    settings = ["--set", "policy.rule_of_law={share: 0.3, split: {policing: 1}}", "--set", "mechanisms.norms.enabled=false"]
    settings += ["--set", "mechanisms.satisfaction.enabled=false"]
    text = sanzhi("explain", "baseline", *settings, "--set", "mechanisms.disputes.rate=0.1").output
    assert "rule_of_law.courts: it has no money" in text
    assert "moral_education.school: it acts through norms, switched off" in text
    assert "switched off: norms, satisfaction" in text
    assert "disputes.rate: 0.1" in text


def test_explain_shows_what_changes_over_time_and_what_is_to_be_reached(here):
    more = """
timeline:
  - {at: year 2, over: 13 weeks, set: {policy.rule_of_law: 0.2, stance.transparency: 0.9}}
  - {at: 80, set: {stance.patrol_targeting: reported}}
targets:
  - {metric: stability, by: week 90, at_least: 0.7, responsible: office}
"""
    (here / "moving.yaml").write_text(SMALL.format(weeks=104, residents=1000, replicates=1) + more)
    text = " ".join(sanzhi("explain", "moving.yaml").output.split())
    for words in (
        "weeks 52 to 65 policy.rule_of_law 0.3 to 0.2",
        "stance.transparency 0.6 to 0.9",
        "week 80 stance.patrol_targeting even to reported",
    ):
        assert words in text
    assert "stability >= 0.7 by week 90 responsible: office" in text


def test_a_run_says_of_every_target_whether_it_was_met(here):
    more = """
targets:
  - {metric: satisfaction, by: week 5, at_least: 0.01, responsible: city}
  - {metric: satisfaction, by: week 5, at_most: 0.01, responsible: city}
"""
    (here / "aims.yaml").write_text(SMALL.format(weeks=6, residents=1000, replicates=2) + more)
    told = [line for line in sanzhi("run", "aims.yaml", "--no-report").output.splitlines() if line.startswith("  target")]
    met, missed = (line.split(": ")[1] for line in told)
    assert met.startswith("met, 0.")
    assert met.endswith(" in week 5; 100% of replicates meet it")
    assert missed.startswith("missed, 0.")
    assert missed.endswith(" in week 5; 0% of replicates meet it")
    assert "target" not in sanzhi("run", "baseline", "--set", "city.scale=0.0003", "--set", "horizon=4", "--no-report").output


@pytest.mark.parametrize("kind", ["levers", "mechanisms", "metrics", "presets", "shocks"])
def test_describe_lists_everything_and_has_an_entry_for_each(kind):
    listing = sanzhi("describe", kind)
    assert listing.exit_code == 0, listing.output
    for name in KINDS[kind].names():
        assert name.split(".")[-1] in listing.output
        entry = sanzhi("describe", kind, name)
        assert entry.exit_code == 0, entry.output
        assert name in entry.output or kind == "mechanisms"


def test_describe_finds_a_name_without_its_kind():
    assert "fatigue" in sanzhi("describe", "self_governance.councils").output
    assert "range" in sanzhi("describe", "transparency").output
    assert "Epstein" in sanzhi("describe", "unrest").output
    assert sanzhi("describe").exit_code == 0
    assert "at: year 2" in sanzhi("describe", "layoffs").output


def test_new_writes_a_scenario_that_is_good_and_never_overwrites(here):
    result = sanzhi("new", "mine")
    assert result.exit_code == 0, result.output
    assert sanzhi("validate", "mine.yaml").exit_code == 0
    before = (here / "mine.yaml").read_text()
    assert sanzhi("new", "mine.yaml").exit_code == 2
    assert (here / "mine.yaml").read_text() == before


def test_new_writes_every_key_when_asked_to(here):
    assert sanzhi("new", "mine").exit_code == sanzhi("new", "all", "--full").exit_code == 0
    assert "mechanisms:" not in (here / "mine.yaml").read_text(encoding="utf-8")
    assert "mechanisms:" in (here / "all.yaml").read_text(encoding="utf-8")


def test_the_command_on_the_page_of_a_run_gives_the_same_run(here):
    (here / "港 口").mkdir()
    (here / "small.yaml").rename(here / "港 口" / "file.yaml")
    assert sanzhi("run", "港 口/file.yaml", "--set", "budget=1.1", "--out", "here", "--workers", 1).exit_code == 0
    folder = only_run("here")
    printed = [html.unescape(line) for line in re.findall(r"<pre>(sanzhi .*?)</pre>", (folder / "report.html").read_text(encoding="utf-8"))]
    assert len(set(printed)) == 2
    for line in dict.fromkeys(printed):
        result = sanzhi(
            *shlex.split(line)[1:], "--workers", 1, *(["--out", "again", "--no-report"] if line.startswith("sanzhi run") else [])
        )
        assert result.exit_code == 0, result.output
    assert only_run("again").name == folder.name


STUDY = """\
scenario: small.yaml
design: {kind: lhs, samples: 4}
factors: {stance.transparency: {low: 0, high: 1}}
"""
SEARCH = STUDY.replace("design: {kind: lhs, samples: 4}", "search: {objectives: {stability: more}}")
SPLIT = "factors: {policy.rule_of_law: [0.1, 0.6], policy.public_services: [0.3, 0.7]}"
BAD_STUDIES = {
    "unknown key": (STUDY + "luk: own\n", ":4:1: luk: got the unknown key 'luk'; expected one of", "did you mean luck?"),
    "range": (STUDY.replace("high: 1", "high: 7"), ":3:47: factors.stance.transparency.high: got 7; expected a number from 0 to 1", ""),
    "design": (STUDY.replace("lhs", "lsh"), ":2:16: design.kind: got 'lsh'; expected one of grid", "did you mean lhs?"),
    "no factors": ("design: {kind: lhs, samples: 4}\nscenario: small.yaml\n", ": factors: got nothing that varies", ""),
    "search": (SEARCH.replace("stability", "stabilty"), ": search.objectives.stabilty: got 'stabilty'", "did you mean stability?"),
    "points": (
        f"scenario: small.yaml\ndesign: {{kind: list}}\n{SPLIT}\n",
        "point 1 (policy.rule_of_law 0.6",
        "does not give a valid scenario",
    ),
    "not YAML": (STUDY + "set: {a: [\n", ": set", "not YAML"),
}


@pytest.mark.parametrize("case", BAD_STUDIES)
def test_validate_reads_studies_and_searches_as_strictly_as_scenarios(here, case):
    text, *says = BAD_STUDIES[case]
    (here / "mine.yaml").write_text(text)
    result = sanzhi("validate", "mine.yaml")
    assert result.exit_code == 2
    assert all(part in result.output for part in says), result.output
    assert len(result.output.splitlines()) == 1


def test_validate_finds_sound_studies_and_searches_good(here):
    (here / "study.yaml").write_text(STUDY)
    (here / "search.yaml").write_text(SEARCH)
    result = sanzhi("validate", "study.yaml", "search.yaml", "small.yaml", "levers_sobol", "baseline")
    assert result.exit_code == 0, result.output
    assert result.output.count(": no problems found") == 5


def test_schema_is_json():
    schema = json.loads(sanzhi("schema").output)
    assert "policy" in schema["properties"]


def test_a_reader_that_leaves_early_is_no_error():
    done = subprocess.run(
        " ".join(command("describe", "mechanisms", "participation")) + " | head -1", shell=True, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert "Participation" in done.stdout


def test_a_terminal_without_chinese_is_no_error():
    done = subprocess.run(
        command("describe", "presets", "shanghai_2020"), capture_output=True, text=True, env=os.environ | {"PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0, done.stderr
    assert "Pudong" in done.stdout
