"""One scenario on top of another, and where the other may lie."""

from pathlib import Path

import pytest
from cities import baseline

from sim.errors import ScenarioError, UserError
from sim.scenario import load_scenario


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


BASE = """\
title: {en: Base, zh: 基}
description: base
stance: {transparency: 0.1, migrant_access: 0.2}
seed: 5
"""


def refusal(file: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert all(problem.line for problem in caught.value.problems)
    return str(caught.value)


def test_keys_override_deeply(tmp_path):
    write(tmp_path / "base.yaml", BASE)
    scenario = load_scenario(write(tmp_path / "over.yaml", "extends: base.yaml\nstance: {transparency: 0.9}\n"))
    assert (scenario.stance.transparency, scenario.stance.migrant_access, scenario.seed) == (0.9, 0.2, 5)
    assert scenario.name == "over"
    assert scenario.title == {"en": "over", "zh": "over"}
    assert scenario.description == ""


def test_a_number_keeps_the_split_and_a_split_is_replaced(tmp_path):
    def law(name: str, parent: str, lever: str):
        text = f"extends: {parent}\npolicy: {{rule_of_law: {lever}}}\n"
        return load_scenario(write(tmp_path / name, text)).policy.rule_of_law

    write(tmp_path / "split.yaml", "policy: {rule_of_law: {share: 0.2, split: {policing: 1, courts: 3}}}\n")
    write(tmp_path / "number.yaml", "policy: {rule_of_law: 0.25}\n")
    found = law("a.yaml", "split.yaml", "0.33")
    assert (found.share, found.split["courts"], found.split["legal_aid"]) == (0.33, 3, 0)
    found = law("b.yaml", "split.yaml", "{split: {oversight: 1}}")
    assert (found.share, found.split["oversight"], found.split["courts"]) == (0.2, 1, 0)
    found = law("c.yaml", "number.yaml", "{split: {courts: 1}}")
    assert (found.share, found.split["courts"], found.split["policing"]) == (0.25, 1, 0)
    found = law("d.yaml", "number.yaml", "0.35")
    assert (found.share, found.split) == (0.35, baseline().policy.rule_of_law.split)


def test_another_kind_of_city_drops_what_only_the_old_one_has(tmp_path):
    write(tmp_path / "real.yaml", "city: {preset: beijing_2020, scale: 0.02, community_size: 2000}\n")
    city = load_scenario(write(tmp_path / "made.yaml", "extends: real.yaml\ncity: {preset: synthetic, residents: 900}\n")).city
    assert (city.residents, city.community_size) == (900, 2000)
    city = load_scenario(write(tmp_path / "again.yaml", "extends: made.yaml\ncity: {preset: shanghai_2020}\n")).city
    assert (city.residents, city.scale, city.community_size) == (None, 0.01, 2000)


def test_the_hash_does_not_see_how_it_was_written(tmp_path):
    write(tmp_path / "base.yaml", "policy: {rule_of_law: 0.2}\nbudget: 2\n")
    over = load_scenario(write(tmp_path / "over.yaml", "extends: base.yaml\nbudget: 1.5\n"))
    flat = load_scenario(write(tmp_path / "flat.yaml", "budget: 1.5\npolicy: {rule_of_law: 0.2}\n"))
    assert over.hash == flat.hash


def test_shipped_scenarios_can_be_extended(tmp_path):
    scenario = load_scenario(write(tmp_path / "mine.yaml", "extends: lean_rule_of_law\nseed: 4\n"))
    assert scenario.policy.rule_of_law.share == load_scenario("lean_rule_of_law").policy.rule_of_law.share
    assert scenario.seed == 4


def test_folders_below(tmp_path):
    write(tmp_path / "parts" / "base.yaml", "extends: deeper/base.yaml\nbudget: 2\n")
    write(tmp_path / "parts" / "deeper" / "base.yaml", "budget: 3\nseed: 9\n")
    scenario = load_scenario(write(tmp_path / "top.yaml", "extends: parts/base.yaml\n"))
    assert (scenario.budget, scenario.seed) == (2, 9)


WRONG = """\
# base
budget: much
seed: x
stance: {transparency: 3, migrant_access: 010}
policy: {rule_of_law: 0.9}
"""


def test_problems_of_both_files_with_their_own_positions(tmp_path):
    write(
        tmp_path / "base.yaml",
        WRONG,
    )
    text = refusal(write(tmp_path / "over.yaml", "extends: base.yaml\nseed: 3\nreplicats: 3\nstance: {transparency: 7}\n"))
    lines = [line.removeprefix(f"{tmp_path}/").split(": got")[0] for line in text.split("\n")]
    assert lines == [
        "base.yaml:2:9: budget",
        "base.yaml:4:43: stance.migrant_access",
        "base.yaml:5:9: policy",
        "over.yaml:3:1: replicats",
        "over.yaml:4:24: stance.transparency",
    ]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("bsae.yaml", "which does not exist; expected a scenario in the same folder or below it; did you mean base.yaml?"),
        ("../base.yaml", "expected a scenario in the same folder or below it"),
        ("sub/../../base.yaml", "expected a scenario in the same folder or below it"),
        ("/etc/passwd", "expected a scenario in the same folder or below it"),
        ("C:\\base.yaml", "expected a scenario in the same folder or below it"),
        ("folder", "which is not a file"),
        ("mine.yaml", "which leads back to itself"),
        ("one.yaml", "which leads back to itself"),
        ("link.yaml", "a link out of its folder"),
        ("linked/base.yaml", "a link out of its folder"),
        ("dangling.yaml", "which does not exist"),
        ("[base.yaml]", "got a list of 1"),
        ("3", "got 3"),
        ("''", "got ''"),
        ("~", "got nothing"),
        ("a" * 300, "which does not exist"),
        ('"base.yaml\\0"', "control character"),
    ],
)
def test_refused_parents(name, part, tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "home"
    write(outside / "base.yaml", "seed: 3\n")
    write(tmp_path / "base.yaml", "seed: 3\n")
    write(folder / "base.yaml", "seed: 3\n")
    write(folder / "one.yaml", "extends: two.yaml\n")
    write(folder / "two.yaml", "extends: one.yaml\n")
    write(folder / "folder" / "x.yaml", "seed: 3\n")
    (folder / "link.yaml").symlink_to(outside / "base.yaml")
    (folder / "linked").symlink_to(outside)
    (folder / "dangling.yaml").symlink_to(outside / "none.yaml")
    text = refusal(write(folder / "mine.yaml", f"name: a\nextends: {name}\nreplicats: 3\n"))
    assert part in text
    assert "replicats" in text


def test_links_inside_the_folder_are_fine(tmp_path):
    write(tmp_path / "base.yaml", "seed: 7\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "base.yaml")
    assert load_scenario(write(tmp_path / "mine.yaml", "extends: link.yaml\n")).seed == 7


def test_long_chains_are_refused(tmp_path):
    write(tmp_path / "s0.yaml", "seed: 1\n")
    for n in range(1, 30):
        write(tmp_path / f"s{n}.yaml", f"extends: s{n - 1}.yaml\n")
    assert load_scenario(tmp_path / "s5.yaml").seed == 1
    assert "more than 8 scenarios on top of each other" in refusal(tmp_path / "s29.yaml")


def test_a_broken_parent_leaves_the_childs_problems(tmp_path):
    write(tmp_path / "base.yaml", "seed: [\n")
    text = refusal(write(tmp_path / "mine.yaml", "extends: base.yaml\nreplicats: 3\n"))
    assert "base.yaml:2:1: seed.0: got text that is not YAML" in text
    assert "mine.yaml:2:1: replicats" in text


def test_an_unreadable_parent_is_said_at_the_extends(tmp_path, monkeypatch):
    from sim.scenario import loader

    write(tmp_path / "base.yaml", "seed: 1\n")
    real = loader.read_bytes

    def refuse(file, label):
        if file.name == "base.yaml":
            raise UserError(f"{label}: cannot be read (Permission denied)")
        return real(file, label)

    monkeypatch.setattr(loader, "read_bytes", refuse)
    assert "mine.yaml:1:10: extends: got" in refusal(write(tmp_path / "mine.yaml", "extends: base.yaml\n"))
