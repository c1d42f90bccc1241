"""What the hash sees: what differs from the defaults, and nothing of what a key that is not used might add."""

import json
from pathlib import Path

from cities import baseline
from pydantic import create_model

from sim.scenario import Scenario
from sim.scenario.schema import canonical, fields
from sim.scenario.schema.mechanisms import section
from sim.spec import Spec, parameter
from sim.version import MODEL_VERSION

PINNED = Path(__file__).parent / "defaults.json"


def test_lists_and_tables_that_are_absent_are_not_in_the_canonical_form():
    form = baseline().canonical()
    assert not {"timeline", "shocks", "targets"} & set(form)
    assert set(form["city"]) == {"preset", "scale", "community_size"}


def test_empty_lists_are_no_lists():
    assert baseline().with_changes({"timeline": [], "shocks": [], "targets": []}).hash == baseline().hash


def test_a_key_that_comes_later_changes_no_hash():
    class Later(Scenario):
        outcomes: int = parameter(0, "comes later", unit="outcomes", low=0, high=9)

    def as_data(self, texts: bool = True, checked=()):
        return {**Scenario.as_data(self, texts, checked), "outcomes": self.outcomes}

    Later.as_data = as_data  # type: ignore[method-assign]
    fields._defaults.cache_clear()
    later = Later.model_validate(baseline().as_data())
    assert later.canonical()["outcomes"] == 0
    assert later.hash == baseline().hash
    assert Later.model_validate({**baseline().as_data(), "outcomes": 1}).hash != baseline().hash
    fields._defaults.cache_clear()


def test_a_mechanism_or_parameter_that_comes_later_changes_no_hash():
    with_more = {**baseline().canonical()["mechanisms"], "later": {"enabled": True, "rate": 0.1}}
    with_more["norms"] = {**with_more["norms"], "later": 3}
    defaults = Scenario(name="defaults").canonical()
    more = {**defaults, "mechanisms": with_more}
    assert canonical.beyond({**baseline().canonical(), "mechanisms": with_more}, more) == canonical.beyond(baseline().canonical(), defaults)
    assert issubclass(create_model("Norms", __base__=Spec), Spec)


def test_only_what_differs_is_hashed():
    default = {"a": 1.0, "b": {"c": 2, "d": [1]}, "e": {"f": 1}}
    assert canonical.beyond(default, default) == {}
    assert canonical.beyond({**default, "b": {"c": 3, "d": [1]}}, default) == {"b": {"c": 3}}
    assert canonical.beyond({**default, "b": {"c": 2, "d": [1, 2]}, "g": None}, default) == {"b": {"d": [1, 2]}, "g": None}
    assert canonical.beyond({"a": 1, "e": 2}, default) == {"e": 2}


def test_defaults_are_those_of_the_version_of_the_model():
    """Where a default changes, runs differ while hashes do not: the version of the model must rise, which is part of every run key.

    After that, or as long as no result of this version has been published: ``python tests/scenario/pin_defaults.py``.
    """
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    if pinned["model"] != MODEL_VERSION:
        return
    now = json.loads(json.dumps(Scenario(name="defaults").canonical()))
    changed = canonical.beyond(pinned["defaults"], now)
    assert not changed, "defaults have changed: raise MODEL_VERSION in sim/version.py and run tests/scenario/pin_defaults.py"


def test_the_pinned_defaults_are_of_this_version():
    assert json.loads(PINNED.read_text(encoding="utf-8"))["model"] == MODEL_VERSION, "run tests/scenario/pin_defaults.py"
    assert set(section().model_fields) >= set(json.loads(PINNED.read_text(encoding="utf-8"))["defaults"]["mechanisms"])
