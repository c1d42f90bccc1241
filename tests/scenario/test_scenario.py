"""Loading, changing, hashing and expanding scenarios."""

import copy
import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from cities import baseline, shares
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError, UserError
from sim.levers import DEFAULT_SPLITS, INSTRUMENTS, LEVER_WEEK, LEVERS, REFERENCE_SHARES, STANCES
from sim.mechanisms import MECHANISMS
from sim.scenario import Scenario, load_scenario, read_scenario
from sim.scenario.export.json_schema import json_schema
from sim.scenario.export.template import template
from sim.scenario.loading.files import shipped_names
from sim.scenario.loading.keys import all_paths, choices_at, field_at, fields, model_at

PATROL_TARGETING = tuple(STANCES["patrol_targeting"].choices)


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def same(left: Scenario, right: Scenario) -> bool:
    return left.hash == right.hash and left.canonical() == right.canonical()


def test_the_baseline_is_the_reference_city():
    assert baseline().name == "baseline"
    assert baseline().title == {"en": "Reference city", "zh": "基准城市"}
    assert (baseline().city.preset, baseline().city.scale, baseline().city.population) == ("shanghai_2020", 0.01, 248_709)
    assert (baseline().horizon, baseline().replicates, baseline().seed, baseline().budget) == (260, 10, 1, 1.0)
    for lever, share in REFERENCE_SHARES.items():
        assert getattr(baseline().policy, lever).share == share
        assert getattr(baseline().policy, lever).split == pytest.approx(DEFAULT_SPLITS[lever], rel=1e-3)


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenarios_load_and_spend_the_same(name):
    """All but those whose question is what more or less money does."""
    scenario = load_scenario(name)
    assert scenario.name == name
    assert set(scenario.title) == {"en", "zh"}
    spent = shares(scenario.lever_table()).sum(axis=1)
    assert spent.max() <= 1 + 1e-6
    if np.ptp(spent) < 1e-6 and name != "more_mediators":
        assert spent[0] == pytest.approx(0.95)


def test_shipped_scenarios_differ():
    assert len({load_scenario(name).hash for name in shipped_names()}) == len(shipped_names()) >= 5


def test_an_empty_section_and_a_bare_name_are_the_reference(tmp_path):
    scenario = load_scenario(write(tmp_path, "policy: {}\nmechanisms: {}\nstance: {}\nweights: {}\ncity: {}\n"))
    assert same(scenario, read_scenario({**baseline().as_data(), "name": "mine"}))
    assert scenario.name == "mine"
    assert scenario.title == {"en": "mine", "zh": "mine"}


@pytest.mark.parametrize(
    ("text", "weeks"), [("5 years", 260), ("1 year", 52), ("1 week", 1), ("60 weeks", 60), ("100 years", 5200), ("52", 52)]
)
def test_horizon_in_years_and_weeks(text, weeks, tmp_path):
    assert load_scenario(write(tmp_path, f"horizon: {text}\n")).horizon == weeks


def test_every_mechanism_has_every_parameter():
    assert list(baseline().mechanisms) == list(MECHANISMS)
    for name, mechanism in MECHANISMS.items():
        settings_ = baseline().mechanisms[name]
        assert settings_.enabled is True
        assert settings_["enabled"] is True
        assert isinstance(settings_, mechanism.parameters)
        for key, field in mechanism.parameters.model_fields.items():
            assert settings_[key] == getattr(settings_, key) == field.default
    with pytest.raises(KeyError):
        baseline().mechanisms["norms"]["nothing"]


def test_mechanisms_can_be_switched_off_and_set(tmp_path):
    scenario = load_scenario(write(tmp_path, "mechanisms: {norms: {enabled: false, step: 0.02}}\n"))
    assert scenario.mechanisms["norms"].enabled is False
    assert scenario.mechanisms["norms"].step == 0.02
    assert scenario.mechanisms["unrest"].enabled is True


def test_splits(tmp_path):
    scenario = load_scenario(write(tmp_path, "policy: {rule_of_law: {split: {policing: 3, courts: 1}}, moral_education: {share: 0.12}}\n"))
    law = scenario.policy.rule_of_law
    assert law.share == 0.3
    assert law.split == {"policing": 3, "courts": 1, "oversight": 0, "legal_aid": 0, "legislation": 0}
    assert scenario.policy.moral_education.share == 0.12
    assert scenario.policy.moral_education.split == baseline().policy.moral_education.split


def test_lever_table():
    scenario = baseline().with_changes(
        {"policy.rule_of_law": {"share": 0.2, "split": {"policing": 3, "courts": 1}}, "horizon": 10, "budget": 1.5}
    )
    table = scenario.with_changes({"stance": {"transparency": 0.25, "patrol_targeting": "reported"}}).lever_table()
    assert table.dtype == LEVER_WEEK
    assert table.shape == (10,)
    assert (table == table[0]).all()
    week = table[0]
    assert week["budget"] == np.float32(1.5 * scenario.staffing.budget)
    assert week["transparency"] == np.float32(0.25)
    assert PATROL_TARGETING[week["patrol_targeting"]] == "reported"
    found = dict(zip(INSTRUMENTS, shares(table)[0], strict=True))
    assert found["rule_of_law.policing"] == pytest.approx(0.15)
    assert found["rule_of_law.courts"] == pytest.approx(0.05)
    assert found["rule_of_law.oversight"] == 0
    assert week["staff"] == pytest.approx(scenario.staffing.staff_for(week["money"]))
    for lever in LEVERS:
        total = sum(share for name, share in found.items() if name.startswith(lever))
        assert total == pytest.approx(getattr(scenario.policy, lever).share, abs=1e-6)


def test_changes_make_another_scenario():
    changed = baseline().with_changes({"policy.rule_of_law": 0.35, "mechanisms.norms.step": 0.1, "horizon": "1 year", "title.en": "Other"})
    assert (changed.policy.rule_of_law.share, changed.mechanisms["norms"].step, changed.horizon) == (0.35, 0.1, 52)
    assert changed.title == {"en": "Other", "zh": "基准城市"}
    assert baseline().policy.rule_of_law.share == 0.3
    assert baseline().with_changes({}) == baseline()
    assert not same(changed, baseline())


def test_changes_of_levers_keep_or_replace_the_split():
    law = baseline().with_changes({"policy.rule_of_law.split.policing": 0.1}).policy.rule_of_law
    assert law.split == {**baseline().policy.rule_of_law.split, "policing": 0.1}
    law = baseline().with_changes({"policy.rule_of_law.split": {"courts": 1}, "policy.rule_of_law": 0.2}).policy.rule_of_law
    assert (law.share, law.split["courts"], law.split["policing"]) == (0.2, 1, 0)


def test_changes_of_the_city_drop_what_does_not_fit():
    synthetic = baseline().with_changes({"city.preset": "synthetic"})
    assert (synthetic.city.residents, synthetic.city.districts, synthetic.city.scale) == (20_000, 4, 1.0)
    again = synthetic.with_changes({"city.residents": 5000, "city.districts": 2})
    assert again.city.population == 5000
    beijing = again.with_changes({"city": {"preset": "beijing_2020", "scale": 0.02}})
    assert (beijing.city.residents, beijing.city.population) == (None, round(21_893_095 * 0.02))
    assert baseline().with_changes({"city.preset": "beijing_2020"}).city.scale == 0.01


def test_changes_take_numpy_numbers():
    changed = baseline().with_changes(
        {"policy.rule_of_law": np.float64(0.25), "seed": np.int64(7), "mechanisms.norms.enabled": np.bool_(False)}
    )
    assert same(changed, baseline().with_changes({"policy.rule_of_law": 0.25, "seed": 7, "mechanisms.norms.enabled": False}))


def test_wrong_changes_name_every_key():
    with pytest.raises(ScenarioError) as caught:
        baseline().with_changes(
            {"policy.rule_of_lw": 0.4, "seed": -1, "seed.a": 3, "extends": "x.yaml", "": 1, "horizon": None, "budget": float("nan")}
        )
    text = str(caught.value)
    assert "changes to baseline: policy.rule_of_lw: got the unknown key" in text
    assert all(f"changes to baseline: {key}: " in text for key in ("seed", "extends", "horizon", "budget"))


def test_a_scenario_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="frozen"):
        baseline().seed = 2  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        baseline().mechanisms["norms"].step = 2
    for table in (baseline().title, baseline().mechanisms, baseline().policy.rule_of_law.split):
        with pytest.raises(TypeError, match="with_changes"):
            table["x"] = 1
        with pytest.raises(TypeError, match="with_changes"):
            table.clear()


def test_pickles_and_copies():
    scenario = baseline().with_changes({"mechanisms.norms.step": 0.1, "city.preset": "synthetic"})
    for other in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), copy.copy(scenario)):
        assert other == scenario
        assert hash(other) == hash(scenario)
        assert other.hash == scenario.hash
        assert other.title == scenario.title


def test_canonical_is_plain_sorted_json_and_reads_back():
    canonical = baseline().canonical()
    text = json.dumps(canonical)
    assert text == json.dumps(json.loads(text), sort_keys=True)
    assert not {"title", "description", "extends"} & set(canonical)
    assert {"name", "seed", "replicates", "schema"} <= set(canonical)
    assert same(read_scenario(json.loads(text)), baseline())


def test_the_hash_is_of_what_is_simulated(tmp_path):
    same_things = """\
seed: 99
replicates: 3
name: other
description: words
title: {zh: 别的, en: Other}
weights: {stability: {resolution: 1.0, order: 1}}
policy:
  public_services: 4e-1
  moral_education: {share: 1.0e-1}
  rule_of_law: .30
  self_governance: +0.150
horizon: 260 weeks
budget: 1
city: {scale: 1e-2, preset: "shanghai_2020"}
"""
    assert load_scenario(write(tmp_path, same_things)).hash == baseline().hash
    assert baseline().with_changes({"stance.transparency": -0.0}).hash == baseline().with_changes({"stance.transparency": 0}).hash
    assert len(baseline().hash) == 32


def test_the_hash_tells_everything_else_apart():
    changes = {"budget": 1.1, "horizon": 261, "city.scale": 0.02, "city.preset": "beijing_2020", "city.community_size": 2000}
    changes |= {"policy.rule_of_law": 0.2, "policy.rule_of_law.split.courts": 0.3, "stance.transparency": 0.7, "stance.migrant_access": 0.1}
    changes |= {"stance.patrol_targeting": "reported", "weights.satisfaction.security": 2, "weights.stability.order": 0}
    changes |= {f"mechanisms.{name}.enabled": False for name in MECHANISMS}
    hashes = {baseline().with_changes({key: value}).hash for key, value in changes.items()}
    assert len(hashes | {baseline().hash}) == len(changes) + 1


def test_hash_is_the_same_in_another_process():
    code = "from sim.scenario import load_scenario; s = load_scenario('baseline'); print(s.hash, s.run_key(1, 10))"
    for salt in ("1", "2"):
        where = {"cwd": Path(__file__).parents[2], "env": {**os.environ, "PYTHONHASHSEED": salt}}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, **where)
        assert done.stdout.split() == [baseline().hash, baseline().run_key(1, 10)]


def test_run_keys():
    keys = {baseline().run_key(seed, replicates) for seed in range(20) for replicates in (1, 2)}
    assert len(keys) == 40
    assert baseline().run_key(1, 10) == baseline().with_changes({"seed": 3, "name": "x"}).run_key(np.int64(1), 10)  # type: ignore[arg-type]
    assert baseline().run_key(1, 10) != baseline().with_changes({"budget": 1.1}).run_key(1, 10)


some_shares = st.floats(0, 0.25, allow_nan=False, allow_subnormal=False)
weights = st.floats(0.001, 100)
changed = st.fixed_dictionaries(
    {},
    optional={
        **{f"policy.{lever}": some_shares for lever in LEVERS},
        **{f"policy.{lever}.split": st.dictionaries(st.sampled_from(LEVERS[lever]), weights, min_size=1) for lever in LEVERS},
        "stance.transparency": st.floats(0, 1, allow_subnormal=False),
        "stance.patrol_targeting": st.sampled_from(PATROL_TARGETING),
        "horizon": st.integers(1, 200),
        "budget": st.floats(0, 10, allow_subnormal=False),
        "seed": st.integers(0, 2**63 - 1),
        "name": st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
        "city.preset": st.sampled_from(["synthetic", "beijing_2020"]),
        "mechanisms.norms": st.fixed_dictionaries({}, optional={"enabled": st.booleans(), "step": st.floats(0, 1, allow_subnormal=False)}),
    },
)


@settings(max_examples=150, deadline=None)
@given(changed, st.randoms())
def test_generated_changes_survive_every_round_trip(changes, random):
    try:
        scenario = baseline().with_changes(changes)
    except ScenarioError as error:
        assert "shares that sum to" in str(error)  # noqa: PT017
        return
    assert same(read_scenario(json.loads(json.dumps(scenario.canonical()))), scenario)
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    items = list(changes.items())
    random.shuffle(items)
    assert same(baseline().with_changes(dict(items)), scenario)
    table = scenario.lever_table()
    assert table.shape == (scenario.horizon,)
    assert np.isfinite(table["money"]).all()
    assert shares(table).sum(axis=1).max() <= 1 + 1e-5


@settings(max_examples=60, deadline=None)
@given(changed, st.randoms())
def test_a_dumped_file_loads_to_the_same_hash(tmp_path_factory, changes, random):
    data = baseline().with_changes({**changes, **{f"policy.{lever}": 0.1 for lever in LEVERS}}).as_data()

    def shuffled(value):
        if not isinstance(value, dict):
            return value
        keys = list(value)
        random.shuffle(keys)
        return {str(key): shuffled(value[key]) for key in keys}

    folder = tmp_path_factory.mktemp("dumped")
    text = json.dumps(shuffled(data), ensure_ascii=False)
    assert load_scenario(write(folder, text)).hash == read_scenario(data).hash


def test_the_template_is_the_reference(tmp_path):
    scenario = load_scenario(write(tmp_path, template("fresh"), "fresh.yaml"))
    assert scenario.name == "fresh"
    assert scenario.hash == baseline().hash
    uncommented = template("fresh").replace("    # ", "    ")
    assert load_scenario(write(tmp_path, uncommented, "all.yaml")).hash == baseline().hash
    assert load_scenario(write(tmp_path, template("1e3"), "number.yaml")).name == "1e3"
    with pytest.raises(UserError, match="expected 1 to 64 letters"):
        template("a b")


def test_the_short_template_is_the_reference_and_so_are_the_keys_in_its_comments(tmp_path):
    text = template("fresh", full=False)
    assert text.count("\n") <= 40
    assert load_scenario(write(tmp_path, text, "fresh.yaml")).hash == baseline().hash
    uncommented = re.sub(r"^# (?=timeline|shocks|measures|targets|  - )", "", text, flags=re.M)
    changed = load_scenario(write(tmp_path, uncommented, "all.yaml"))
    assert (len(changed.timeline), len(changed.shocks), len(changed.targets)) == (2, 1, 1)  # the measure is a change, too


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [("why", "why", "why"), ({"en": "why", "zh": "为何"}, "why", "为何"), ({"zh": "为何"}, "为何", "为何"), ({"en": "", "zh": ""}, "", "")],
)
def test_a_description_has_one_language_or_two(given, english, chinese):
    scenario = baseline().with_changes({"description": given})
    assert (scenario.described("en"), scenario.described("zh")) == (english, chinese)
    assert scenario.hash == baseline().hash
    again = read_scenario(yaml.safe_load(yaml.safe_dump(scenario.as_data())))
    assert again.description == given
    pytest.importorskip("jsonschema").validate({"description": given}, json_schema())


@pytest.mark.parametrize("given", [3, ["a"], {"fr": "quoi"}, {"en": 3}, "x" * 5001])
def test_a_description_is_text_or_texts(given):
    with pytest.raises(ScenarioError, match=r"description: got .*; expected text of at most 5000 characters, or a mapping with en and zh"):
        baseline().with_changes({"description": given})


def test_every_field_is_described():
    found = {path: field for path in all_paths() if (field := field_at(path)) is not None}
    assert [path for path, field in found.items() if not field.description] == []
    values = {path: field for path, field in found.items() if model_at(path) is None and path != ("mechanisms",)}
    assert [path for path, field in values.items() if not {"unit", "source"} <= set(field.json_schema_extra or {})] == []
    without = [path for path, field in values.items() if field.default is None and not field.default_factory]
    assert [path for path in without if path != ("name",) and path[0] not in ("city", "policy")] == []


def test_json_schema_knows_every_key():
    schema = json_schema()
    json.dumps(schema)

    def resolve(node):
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        for option in node.get("anyOf", []):
            if "$ref" in option:
                return resolve(option)
        return node

    for path in all_paths():
        node = schema
        for part in path:
            if path[0] == "title" and part in ("en", "zh"):
                break
            node = resolve(node)["properties"][part]
            assert resolve(node).get("description") or "split" in path, path
    assert fields(Scenario).keys() <= schema["properties"].keys()
    assert choices_at(("stance", "patrol_targeting")) == PATROL_TARGETING


def test_shipped_files_fit_the_json_schema():
    jsonschema = pytest.importorskip("jsonschema")
    root, schema = Path(__file__).parents[2] / "scenarios", jsonschema.Draft202012Validator(json_schema())
    for file in (*root.glob("*.yaml"), root / "cities" / "example" / "town.yaml"):
        schema.validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    schema.validate(yaml.safe_load(template()))
