"""Scenarios typed with a Chinese keyboard: names in Chinese are names, and of signs and keys in Chinese it is said what is meant."""

import re

import pytest
from malformed_cases import VALUES

from sim.errors import ScenarioError
from sim.experiments.studies.study_file import load_study
from sim.messages import speaking
from sim.results import run_folder
from sim.scenario import load_scenario
from sim.scenario.cities.shipped import shipped_root
from sim.scenario.loading.keys import all_paths
from sim.scenario.parsing import names
from sim.scenario.parsing.chinese_keys import KEYS


def reported(folder, text, name="case.yaml"):
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(folder / name)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    [
        ("name：海港\nhorizon: 5 years\n", "1:5: name: got a full-width colon", "did you mean name: 海港?"),
        ("name：海港\n", "1:5: name: got a full-width colon", "did you mean name: 海港?"),
        ("policy:\n  法治：0.3\n", "2:3: policy: got '法治：0.3'", "did you mean rule_of_law: 0.3?"),
        ("policy:\n  法治：0.3\n  德治: 0.1\n", "2:5: rule_of_law: got a full-width colon", "did you mean rule_of_law: 0.3?"),
        ("policy:\n  自治: 0.2\n", "2:3: policy.自治: got the key", "did you mean self_governance?"),
        ("城市: {preset: synthetic}\n", "1:1: 城市: got the key", "did you mean city?"),
        ("stance: {transparency: 0.5，campaign: 0.1}\n", "1:27: (file): got a full-width comma", "a half-width comma"),
        ("city: {preset：synthetic}\n", "1:8: city.preset：synthetic: got the key", "did you mean preset: synthetic?"),
        ("replicates: １０\n", "1:13: replicates: got '１０'", "did you mean 10?"),
        ("stance: {transparency: ５０％}\n", "1:24: stance.transparency", "did you mean 0.5?"),
        ("name: “海港”\n", "1:7: name: got", "did you mean 海港?"),
    ],
)
def test_what_is_meant_is_said_in_one_line(text, place, meant, tmp_path):
    (line,) = reported(tmp_path, text)
    assert line.startswith(f"case.yaml:{place}")
    assert meant in line


def test_chinese_signs_in_texts_are_texts(tmp_path):
    (tmp_path / "a.yaml").write_text('description: 问题：治理，如何\ntitle: {en: "a：b，c", zh: 港，口}\n', encoding="utf-8")
    assert load_scenario(tmp_path / "a.yaml").description == "问题：治理，如何"
    (line,) = reported(tmp_path, 'title: {en: "a：b，c", zh: 港}\n# 城市：港\nseed: [\n')
    assert "full-width" not in line


def test_keys_in_chinese_mean_keys_that_there_are():
    studies = {"scenario", "design", "factors", "outcomes", "kind", "at", "over", "set", "lasts", "strength", "where", "district"}
    assert set(KEYS.values()) <= {str(path[-1]) for path in all_paths()} | studies | {"metric", "responsible", "split"}


@pytest.mark.parametrize("name", ["海港", "海港_2030", "Zürich", "кампус", "a.b-c_1"])
def test_a_name_has_letters_of_any_script(name, tmp_path):
    (tmp_path / f"{name}.yaml").write_text("horizon: 6\ncity: {preset: synthetic, residents: 300}\n", encoding="utf-8")
    scenario = load_scenario(tmp_path / f"{name}.yaml")
    assert scenario.name == name
    assert scenario.hash == load_scenario("baseline").with_changes({"horizon": 6, "city": {"preset": "synthetic", "residents": 300}}).hash
    assert run_folder(scenario, 1, 2, tmp_path).parent.name == name


@pytest.mark.parametrize(
    "name", ["a b", "a/b", "港" * 65, "𠀀" * 64, "", "...", "😀", "a\u200bb", "a\u202eb", "e\u0301", "港：口", "a:b", "a\\b"]
)
def test_a_name_is_safe_as_that_of_a_folder(name):
    assert not names.good(name)
    meant = names.tidy(name)
    assert meant is None or names.good(meant)


def test_a_files_name_that_is_no_name_is_reported_as_such(tmp_path):
    (line,) = reported(tmp_path, "horizon: 6\n", "my town!.yaml")
    assert "my town!.yaml:1:1: name: got no name, and a file's name that cannot serve as one ('my town!')" in line
    assert "did you mean my_town?" in line
    (tmp_path / "my town!.yaml").write_text("name: 海港\nhorizon: 6\n", encoding="utf-8")
    assert load_scenario(tmp_path / "my town!.yaml").name == "海港"


def test_a_study_has_a_name_in_chinese(tmp_path):
    text = (shipped_root() / "studies" / "mix_simplex.yaml").read_text(encoding="utf-8").replace("name: mix_simplex\n", "")
    (tmp_path / "港口.yaml").write_text(text, encoding="utf-8")
    assert load_study(tmp_path / "港口.yaml").name == "港口"


SAID = re.compile(r"[a-z]{2,} [a-z]{2,}")
"""Two English words in a row, which no key, value or name of these cases has."""


@pytest.mark.parametrize("case", list(VALUES))
def test_every_mistake_is_reported_in_chinese(case, tmp_path):
    text, *_ = VALUES[case]
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught, speaking("zh"):
        load_scenario(tmp_path / "a.yaml")
    for problem in caught.value.problems:
        line = problem.message.text("zh").removeprefix(str(tmp_path))
        assert re.search("现为.+应为", line)
        quoted = re.sub(r"'[^']*'|`[^`]*`|\([^)]*\)", "", line)
        assert not SAID.search(quoted), line
