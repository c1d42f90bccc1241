"""A folder of results is an RO-Crate that archives read: by the rules of the specification, and by its validator where it is installed."""

import datetime
import json

import pytest
from test_results import make_run

from sim.results import read_run, write_run
from sim.results.manifest import MANIFEST, read_manifest
from sim.results.ro_crate import CONTEXT, CRATE, SPECIFICATION

TERMS = {
    "@context": {
        "@vocab": "http://schema.org/",
        "File": "http://schema.org/MediaObject",
        "conformsTo": "http://purl.org/dc/terms/conformsTo",
    }
}
"""Of the context of RO-Crate, what these crates use: the validator must not need a network."""
NEED_A_NETWORK = ["ro-crate-1.1_3.1", "ro-crate-1.1_3.2"]
"""Checks that fetch the context."""


@pytest.fixture
def folder(tmp_path):
    return write_run(make_run(), tmp_path / "run", csv=True).folder


@pytest.fixture
def graph(folder):
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert crate["@context"] == CONTEXT
    return {entity["@id"]: entity for entity in crate["@graph"]}


def links(value):
    """Identifiers of the entities that a value points to."""
    if isinstance(value, dict) and set(value) == {"@id"}:
        return [value["@id"]]
    return [one for inner in (value if isinstance(value, list) else []) for one in links(inner)]


def test_what_the_specification_demands_is_there(graph):
    assert graph[CRATE] == {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": SPECIFICATION}}
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "license"))
    assert datetime.datetime.fromisoformat(root["datePublished"])
    pointed = {link for entity in graph.values() for value in entity.values() for link in links(value)} - {SPECIFICATION}
    assert pointed <= set(graph)


def test_every_file_is_in_it_and_described(graph, folder):
    listed = set(links(graph["./"]["hasPart"]))
    assert listed == {path.name for path in folder.iterdir()} - {CRATE}
    assert {graph[name]["@type"] for name in listed} == {"File"}
    assert all(graph[name]["encodingFormat"] and graph[name]["description"] for name in listed)
    assert {name: graph[name]["contentSize"] for name in listed - {MANIFEST}} == {
        name: str((folder / name).stat().st_size) for name in listed - {MANIFEST}
    }
    assert graph["#run"]["instrument"] == {"@id": "#sanzhi"}


def test_the_crate_is_sealed_with_the_rest_and_the_manifest_claims_nothing(folder):
    manifest = read_manifest(folder)
    assert CRATE in {entry["name"] for entry in manifest["files"]}
    assert "@context" not in manifest
    (folder / CRATE).write_text("{}")
    with pytest.raises(Exception, match=CRATE):
        read_run(folder)


def test_the_validator_finds_nothing_that_must_be_otherwise(folder, monkeypatch):
    services = pytest.importorskip("rocrate_validator.services", reason="pip install roc-validator")
    from rdflib.plugins.shared.jsonld.context import Context
    from rocrate_validator.models import Severity

    monkeypatch.setattr(Context, "_fetch_context", lambda *_: TERMS)

    def issues():
        asked = {"rocrate_uri": str(folder), "profile_identifier": "ro-crate-1.1", "requirement_severity": Severity.REQUIRED}
        settings = services.ValidationSettings(**asked, skip_checks=NEED_A_NETWORK)
        return [f"{issue.check.identifier}: {issue.message}" for issue in services.validate(settings).get_issues()]

    assert issues() == []
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    del crate["@graph"][1]["datePublished"]
    (folder / CRATE).write_text(json.dumps(crate))
    assert issues() != []
