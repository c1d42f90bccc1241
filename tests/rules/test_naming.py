"""Rules named in a scenario: found, read, hashed and refused without being run."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import cli
from sim.errors import ScenarioError
from sim.scenario import load_scenario, read_scenario

RULE = """
from sim import AgentRule


class Nudge(AgentRule):
    kind = "Resident"
    every = 4
    by: float = 0.01

    def week(self, city):
        if city.week % self.every == 0:
            city.shift(city.residents, "cohesion", self.by)


def quiet(city, level=1):
    pass
"""
TINY = "city: {preset: synthetic, residents: 300, districts: 1}\nhorizon: 6\n"


def scenario_file(folder: Path, rules: str, rule: str | bytes = RULE) -> Path:
    (folder / "nudge.py").write_bytes(rule if isinstance(rule, bytes) else rule.encode())
    file = folder / "tiny.yaml"
    file.write_text(TINY + rules)
    return file


@pytest.mark.parametrize("name", ["nudge.py:Nudge", "nudge.Nudge", "./nudge.py:Nudge"])
def test_a_rule_is_named_by_its_file_or_as_a_module(tmp_path, name):
    (rule,) = load_scenario(scenario_file(tmp_path, f'rules: [{{rule: "{name}", with: {{every: 2}}}}]\n')).rules
    assert (rule.name, rule.source, rule.settings) == ("Nudge", RULE, {"every": 2})


def test_a_rule_may_lie_in_a_folder_below(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "nudge.py").write_text(RULE)
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY + "rules: [{rule: ours.nudge.quiet}]\n")
    assert load_scenario(file).rules[0].file == "ours/nudge.py"


def test_the_text_of_a_rule_and_its_parameters_are_part_of_the_hash(tmp_path):
    plain = load_scenario(scenario_file(tmp_path, ""))
    one = load_scenario(scenario_file(tmp_path, "rules: [{rule: nudge.Nudge}]\n"))
    other = load_scenario(scenario_file(tmp_path, "rules: [{rule: nudge.Nudge}]\n", RULE + "# more\n"))
    more = one.with_changes({"rules.0.with.every": 3})
    assert len({scenario.hash for scenario in (plain, one, other, more)}) == 4
    assert len({scenario.run_key(1, 1) for scenario in (plain, one, other, more)}) == 4


def test_a_scenario_with_rules_comes_back_from_its_canonical_form(tmp_path):
    scenario = load_scenario(scenario_file(tmp_path, "rules: [{rule: nudge.Nudge, with: {by: 0.02}}]\n"))
    assert read_scenario(scenario.canonical()).hash == scenario.hash


def test_rules_that_are_extended_keep_their_text(tmp_path):
    base = scenario_file(tmp_path, "rules: [{rule: nudge.Nudge}]\n")
    child = tmp_path / "child.yaml"
    child.write_text("extends: tiny.yaml\nhorizon: 5\n")
    assert load_scenario(child).rules == load_scenario(base).rules


@pytest.mark.parametrize(
    ("rules", "line", "column", "expected"),
    [
        ("rules: [{rule: nudg.Nudge}]\n", 3, 16, "does not exist"),
        ("rules: [{rule: nudge.Nudg}]\n", 3, 16, "did you mean Nudge?"),
        ("rules: [{rule: Nudge}]\n", 3, 16, "file.py:Name"),
        ("rules: [{rule: '../nudge.py:Nudge'}]\n", 3, 16, "in the same folder"),
        ("rules: [{rule: '/etc/nudge.py:Nudge'}]\n", 3, 16, "in the same folder"),
        ("rules: [{rule: 'tiny.yaml:Nudge'}]\n", 3, 16, "file.py:Name"),
        ("rules:\n  - rule: nudge.Nudge\n    with: {evry: 3}\n", 5, 18, "did you mean every?"),
        ("rules:\n  - rule: nudge.quiet\n    with: {lvl: 3}\n", 5, 17, "did you mean level?"),
        ("rules: [{with: {every: 3}}]\n", 3, 9, "rules.0.rule: got nothing"),
        ("rules: [{rule: nudge.Nudge, every: 3}]\n", 3, 29, "unknown key"),
        ("rules: [{rule: nudge.Nudge, with: {every: [3]}}]\n", 3, 36, "rules.0.with.every"),
        ("rules: nudge.Nudge\n", 3, 8, "a list of entries with rule, with"),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(tmp_path, rules, line, column, expected):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario_file(tmp_path, rules))
    (problem,) = caught.value.problems[:1]
    assert (problem.line, problem.column) == (line, column), str(problem)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("class Nudge(:\n", "nudge.py:1:13: rules.0.rule: got text that is not Python"),
        ("x = 1\n\nclass Nudge\n", "nudge.py:3:12: rules.0.rule"),
        (b"\xff\xfe", "not text in UTF-8"),
        ("#" * 70_000, "more than 65536 bytes"),
        ("(" * 5000, "rules.0.rule: got"),
        ("x\0y", "rules.0.rule: got"),
    ],
)
def test_a_file_that_is_no_rule_is_refused(tmp_path, rule, expected):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario_file(tmp_path, "rules: [{rule: nudge.Nudge}]\n", rule))
    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere.py").write_text(RULE)
    inside = tmp_path / "inside"
    inside.mkdir()
    os.symlink(tmp_path / "elsewhere.py", inside / "link.py")
    file = scenario_file(inside, "rules: [{rule: link.Nudge}]\n")
    with pytest.raises(ScenarioError, match="a link out of its folder"):
        load_scenario(file)


def test_reading_explaining_and_validating_run_no_code(tmp_path):
    mark = tmp_path / "ran"
    file = scenario_file(tmp_path, "rules: [{rule: nudge.Nudge}]\n", f"open({str(mark)!r}, 'w')\n{RULE}")
    for command in ("validate", "explain"):
        result = CliRunner().invoke(cli, [command, str(file)])
        assert result.exit_code == 0, result.output
    assert "nudge.Nudge" in result.output
    assert not mark.exists()
