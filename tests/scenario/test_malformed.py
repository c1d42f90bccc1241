"""Every malformed file gives its problems with a position, and no other error. How soon: reliability/test_malformed_files.py."""

import re
import tracemalloc

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from malformed_cases import TEXTS, VALUES

from sim.cli import cli
from sim.errors import Problem, ScenarioError, UserError
from sim.experiments.studies.study_file import load_study
from sim.scenario import load_scenario, parse_setting
from sim.scenario.loading.keys import ELSEWHERE
from sim.scenario.parsing.document import read_value
from sim.scenario.parsing.scalars import dotted

POSITION = re.compile(r"^[^:\n]+\.yaml:\d+:\d+: [^\n]+: got [^\n]+; expected [^\n]+$", re.MULTILINE)


@pytest.fixture(scope="module", autouse=True)
def warm():
    """The first scenario, and the first target, pay for imports."""
    load_scenario("baseline").with_changes({"targets": [{"metric": "stability", "by": 1, "at_least": 0.5}]})


def problems(folder, text: str | bytes) -> list[Problem]:
    file = folder / "case.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    lines = str(caught.value).split("\n")
    assert len(lines) == len(caught.value.problems)
    assert all(POSITION.fullmatch(line) for line in lines), lines
    assert all(line.isprintable() for line in lines), lines
    return caught.value.problems


@pytest.mark.parametrize("case", [*TEXTS, *VALUES])
def test_says_what_and_where(case, tmp_path):
    text, key, part = {**TEXTS, **VALUES}[case]
    found = problems(tmp_path, text)
    assert any(problem.key.startswith(key) and part in str(problem) for problem in found), [str(problem) for problem in found]


@pytest.mark.parametrize("case", list(VALUES))
def test_a_single_mistake_is_one_problem(case, tmp_path):
    text, key, _ = VALUES[case]
    found = problems(tmp_path, text)
    assert len(found) == 1, [str(problem) for problem in found]
    assert found[0].key == key or not key


@pytest.mark.parametrize("case", list(VALUES))
def test_the_position_is_that_of_the_mistake(case, tmp_path):
    text, _, _ = VALUES[case]
    found = problems(tmp_path, f"# first\n# second\n{text}")
    assert found[0].line == 3


def test_columns_are_exact(tmp_path):
    found = problems(tmp_path, "policy:\n  rule_of_law: {share: 0.3, split: {polcing: 1, courts: -1}}\nseed: x\n")
    assert [(problem.line, problem.column) for problem in found] == [(2, 37), (2, 57), (3, 7)]


def test_all_problems_at_once(tmp_path):
    text = """\
name: a b
seeed: 3
seed: x
seed: 4
budget: .nan
policy: {rule_of_law: 0.9, self_governance: high, rule_of_lw: 1}
weights: {satisfaction: {belonging: 0, happiness: 0, security: 0, joy: 1}, stability: {resilience: 1}}
mechanisms: {norms: {step: 99, stpe: 1}, nroms: {}}
city: {preset: synthetic, scale: 2, residents: 3}
stance: {campaign: 2}
"""
    found = problems(tmp_path, text)
    keys = [problem.key for problem in found]
    assert sorted(keys) == sorted(
        ["name", "seeed", "seed", "seed", "budget", "policy", "policy.self_governance", "policy.rule_of_lw", "weights.satisfaction"]
        + ["weights.satisfaction.joy", "mechanisms.norms.step", "mechanisms.norms.stpe", "mechanisms.nroms", "city.scale", "city.residents"]
        + ["stance.campaign", "weights.stability.resilience"]
    )
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


@pytest.mark.parametrize("part", ["resilience", "steadiness"])
def test_a_part_that_stability_does_not_have_is_refused_with_what_to_do(tmp_path, part):
    (problem,) = problems(tmp_path, f"name: a\nweights:\n  stability: {{order: 1, {part}: 1}}\n")
    assert (problem.key, problem.line, problem.column) == (f"weights.stability.{part}", 3, 25)
    assert "this key left out" in str(problem)


@pytest.mark.parametrize("path", sorted(ELSEWHERE, key=str), ids=dotted)
def test_what_stands_elsewhere_is_refused_with_the_way_there(path, tmp_path):
    text = "{x: 1}"
    for part in reversed(path):
        text = f"{{{part}: {text}}}"
    found = problems(tmp_path, text)
    assert [problem.key for problem in found] == [dotted(path)]
    assert (found[0].got, found[0].expected) == ELSEWHERE[path]


def test_no_file(tmp_path):
    (tmp_path / "mine.yaml").write_text("name: mine\n")
    with pytest.raises(UserError, match=r"no such file; did you mean .*mine\.yaml\?"):
        load_scenario(tmp_path / "mien.yaml")
    with pytest.raises(UserError, match=r"no such file; did you mean .*mine\.yaml\?"):
        load_scenario(tmp_path / "mine")
    with pytest.raises(UserError, match=r"did you mean baseline\?"):
        load_scenario("baselin")
    with pytest.raises(UserError, match="a folder; expected a scenario file"):
        load_scenario(tmp_path)
    with pytest.raises(UserError, match="not a regular file"):
        load_scenario("/dev/null")
    for nothing in ("", "a\0b"):
        with pytest.raises(UserError):
            load_scenario(nothing)


def test_unreadable_file(tmp_path, monkeypatch):
    file = tmp_path / "secret.yaml"
    file.write_text("name: a\n")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(UserError, match=r"cannot be read \(Permission denied\)"):
        load_scenario(file)


@pytest.mark.parametrize("case", ["alias bomb", "merge bomb", "deep lists", "deep mappings", "many nodes", "5000 digits", "too large"])
def test_bombs_stay_small(case, tmp_path):
    tracemalloc.start()
    try:
        problems_of_a_bomb = TEXTS[case][0]
        file = tmp_path / "bomb.yaml"
        file.write_bytes(problems_of_a_bomb if isinstance(problems_of_a_bomb, bytes) else problems_of_a_bomb.encode())
        with pytest.raises(ScenarioError):
            load_scenario(file)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


def test_many_mistakes_stay_quick(tmp_path):
    text = "".join(f"mistake_{n}: {n}\n" for n in range(2000))
    assert len(problems(tmp_path, text)) == 2000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(word, word) for word in ("no", "off", "yes", "on", "12:30:45", "2020-01-01", "0b1", "1_000", "=", "nan", "inf", "1e", "+", ".")],
        *[("1e3", 1000.0), ("1.", 1.0), (".5", 0.5), ("-1.5E-2", -0.015), ("+3", 3), ("0", 0), ("-0", 0), ("0x1f", 31), ("0o17", 15)],
        *[("true", True), ("false", False), ("'true'", "true"), ("'010'", "010"), ("'1'", "1"), ("[1, a]", [1, "a"]), ("{a: 1}", {"a": 1})],
        *[("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63))],
    ],
)
def test_scalars_by_yaml_1_2(text, value):
    assert read_value(text) == value
    assert type(read_value(text)) is type(value)


def test_settings_of_the_command_line():
    assert parse_setting("policy.rule_of_law=0.4") == ("policy.rule_of_law", 0.4)
    assert parse_setting("horizon=2 years") == ("horizon", "2 years")
    assert parse_setting("mechanisms.norms.enabled=false") == ("mechanisms.norms.enabled", False)
    for wrong in ("seed", "=3", "seed=", "seed=[1", "seed=010"):
        with pytest.raises(ScenarioError):
            parse_setting(wrong)


WORDS = """name seed : [ ] { } , ' " &a *a !x << # | > % ? - --- ... 1 0.5 .inf 010 true ~ policy rule_of_law \\ @ ` 基""".split()
BLANKS = [" ", ": ", "\n", "\n  ", "\n- ", "\t", "\u00a0", "\ufeff", "\x00", "\x85", "\u2028"]
PIECES = st.lists(st.sampled_from(WORDS + BLANKS), max_size=25).map("".join).map(str.encode)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(PIECES, st.binary(max_size=60)))
def test_generated_text_never_raises_another_error(tmp_path, raw):
    file = tmp_path / "generated.yaml"
    file.write_bytes(raw)
    said = ""
    try:
        load_scenario(file)
    except ScenarioError as error:
        said = str(error)
    assert not said or all(POSITION.fullmatch(line) for line in said.split("\n")), said


def test_a_file_name_that_cannot_be_a_name_is_said(tmp_path):
    file = tmp_path / "my scenario.yaml"
    file.write_text("seed: 1\n")
    with pytest.raises(ScenarioError, match=r"my scenario\.yaml:1:1: name: got no name, and a file's name"):
        load_scenario(file)


@pytest.mark.parametrize("key", ["budget", "policy.rule_of_law", "weights.stability.calm", "policy.rule_of_law.split.courts"])
def test_a_number_that_loses_digits_is_reported_from_python_too(key):
    usual = load_scenario("baseline")
    with pytest.raises(ScenarioError, match=rf"{key}: got 5e-324; .* loses digits"):
        usual.with_changes({key: 5e-324})


def test_numbers_mean_what_yaml_says():
    def budget(text):
        return parse_setting(f"budget={text}")[1]

    assert [budget(text) for text in ("-0", "-0.0", "0x10", "0o10", "1e-300", "0e-400", "0.0e5")] == [0, 0, 16, 8, 1e-300, 0, 0]
    usual = load_scenario("baseline")
    assert usual.with_changes({"budget": -0.0}).hash == usual.with_changes({"budget": 0}).hash
    weights = {f"weights.stability.{part}": 1e-300 for part in ("order", "calm", "resolution")}
    assert usual.with_changes(weights).weights.stability.order == 1e-300  # weights are relative: the same as 1 each


@pytest.mark.parametrize("long", ["a" * 700, "a" * 700 + ".yaml", "a/" * 3000 + "b.yaml"])
def test_a_name_that_no_file_can_have_is_reported(long):
    for call in (load_scenario, load_study):
        with pytest.raises(UserError):
            call(long)
    for command in ("validate", "run", "explain", "sweep", "rerun", "report", "analyze"):
        result = CliRunner().invoke(cli, [command, long])
        assert (result.exit_code, type(result.exception)) == (2, SystemExit), (command, result.exception)


def test_a_slash_at_the_end_means_a_folder(tmp_path):
    (tmp_path / "ok.yaml").write_text("name: ok\n")
    (tmp_path / "child.yaml").write_text("extends: ok.yaml/\n")
    for call in (load_scenario, load_study):
        with pytest.raises(UserError, match=r"did you mean .*ok\.yaml\?"):
            call(f"{tmp_path}/ok.yaml/")
    with pytest.raises(ScenarioError, match=r"2?1:10: extends: .*did you mean ok\.yaml\?"):
        load_scenario(tmp_path / "child.yaml")
    assert CliRunner().invoke(cli, ["validate", f"{tmp_path}/ok.yaml/"]).exit_code == 2
