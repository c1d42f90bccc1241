"""What commands print is in the language that was asked for, line by line, and what machines read is not."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_catalogue import catalogue, templates

from sim.cli import cli
from sim.experiments.studies.study import KINDS
from sim.explain.study import DESIGNS
from sim.levers import LEVERS, STANCES
from sim.mechanisms import MECHANISMS
from sim.messages import Joined, Message, speaking
from sim.metrics import METRICS
from sim.scenario.schema.policy import Stance
from sim.text import WIDTH, table, width

SPOKEN = ("commands/", "cli.py", "console/", "explain/", "describe/", "dashboard/", "report/history/")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SCENARIO = """\
schema: 1
name: {name}
title: {{en: A town, zh: 小城}}
horizon: 6
city: {{preset: synthetic, residents: 1000, districts: 2}}
policy: {{rule_of_law: {law}}}
replicates: 2
seed: 5
timeline: [{{at: 2, over: 3 weeks, set: {{stance.transparency: 0.2}}}}]
shocks: [{{kind: rumour, at: 2}}]
targets:
  - {{metric: satisfaction, by: week 5, at_least: 0.01, responsible: city}}
"""
STUDY = """\
scenario: one.yaml
design: {kind: lhs, samples: 4}
factors: {stance.transparency: {low: 0, high: 1}}
"""
COMMANDS = {
    "run": ("run", "one.yaml", "--no-report", "--workers", 1),
    "validate": ("validate", "one.yaml", "study.yaml"),
    "explain": ("explain", "one.yaml"),
    "explain a study": ("explain", "study.yaml"),
    "compare": ("compare", "one.yaml", "two.yaml", "--replicates", 2, "--workers", 1, "--no-report", "--window", 2),
}
TYPED = {
    *(
        METRICS.keys()
        | MECHANISMS.keys()
        | Stance.model_fields.keys()
        | LEVERS.keys()
        | {part for parts in LEVERS.values() for part in parts}
    ),
    *(choice for stance in STANCES.values() for choice in stance.choices),
    *("one", "two", "study", "policy", "stance", "results", "end", "last_year", "pp"),
}
"""Keys and values that people type, names of the scenarios, and a unit."""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("SANZHI_LANG", raising=False)
    for name, law in (("one", 0.3), ("two", 0.1)):
        Path(f"{name}.yaml").write_text(SCENARIO.format(name=name, law=law), encoding="utf-8")
    Path("study.yaml").write_text(STUDY, encoding="utf-8")


def sanzhi(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="sanzhi")


def words(line):
    """Words of a line that are no names, paths, keys, hashes and numbers."""
    kept = re.sub(r"\S*/\S*|\b[0-9a-f]{16,32}\b", " ", line)
    return [word for word in re.findall(r"[A-Za-z_]{2,}", kept) if word not in TYPED]


@pytest.mark.parametrize("asked", COMMANDS)
def test_every_line_is_chinese_where_chinese_is_asked_for(asked):
    result = sanzhi(*COMMANDS[asked], "--lang", "zh")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert CHINESE.search(result.output)
    assert [line for line in lines if words(line) and not CHINESE.search(line)] == []


@pytest.mark.parametrize("asked", COMMANDS)
def test_no_line_is_chinese_where_english_is_asked_for(asked):
    result = sanzhi(*COMMANDS[asked], "--lang", "en")
    assert result.exit_code == 0, result.output
    assert not CHINESE.search(result.output)


def test_hashes_and_quiet_lines_are_the_same_in_both_languages():
    quiet, told = ({sanzhi(*COMMANDS["run"], *more, "--lang", lang).stdout for lang in ("en", "zh")} for more in (("--quiet",), ()))
    assert len(quiet) == 1
    hashes = {tuple(re.findall(r"[0-9a-f]{32}|results/\S+$", text, re.MULTILINE)) for text in told}
    assert len(hashes) == 1
    assert all(hashes)


def test_every_line_of_a_command_has_a_chinese_sentence():
    told = {template: place for template, place in templates() if place.startswith(SPOKEN)}
    assert {place: template for template, place in told.items() if template not in catalogue()} == {}


def test_kinds_of_designs_are_told_as_the_study_names_them():
    assert {name: what.text("en") for name, what in DESIGNS.items()} == KINDS


def test_a_wrong_name_is_told_in_chinese():
    assert sanzhi("describe", "stabilty", "--lang", "zh").output == "没有类别或名称'stabilty'；是否应为stability？\n"


def test_metrics_have_labels_of_their_own():
    from sim.console.tables import metric_label

    with speaking("zh"):
        labels = {name: metric_label(name) for name in METRICS}
    assert len(set(labels.values())) == len(METRICS)
    assert all(CHINESE.search(label) for label in labels.values())
    with speaking("en"):
        assert metric_label("stability") == "stability"


def test_a_table_lines_up_and_wraps_in_chinese():
    with speaking("zh"):
        text = table([(Message("report"), "x"), ("ab", "政策，" * 60)])
    first, second, *more = text.splitlines()
    assert first.index("x") + width("报告") - len("报告") == width(second[: second.index("政")])
    assert len(more) >= 1
    assert all(width(line) <= WIDTH for line in (first, second, *more))
    assert not any(line.lstrip().startswith("，") for line in more)
    assert "".join(line.strip() for line in text.splitlines()[1:]).removeprefix("ab").strip() == "政策，" * 60


def test_two_of_a_list_are_joined_in_the_language():
    pair = Joined(["norms", "satisfaction"], " and ")
    assert (pair.text("en"), pair.text("zh")) == ("norms and satisfaction", "norms和satisfaction")
