"""What the project says of itself in several files agrees, and the citation file has the form that readers of it expect."""

import json
import re
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from sim.version import VERSION

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from docs.making import release  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
CFF_KEYS = {
    *(
        "abstract",
        "authors",
        "cff-version",
        "commit",
        "contact",
        "date-released",
        "doi",
        "identifiers",
        "keywords",
        "license",
        "license-url",
    ),
    *(
        "message",
        "preferred-citation",
        "references",
        "repository",
        "repository-artifact",
        "repository-code",
        "title",
        "type",
        "url",
        "version",
    ),
}
"""Keys that the Citation File Format 1.2.0 knows."""
AUTHOR_KEYS = {"affiliation", "alias", "email", "family-names", "given-names", "name", "name-particle", "name-suffix", "orcid", "website"}


def requirement(text: str) -> str:
    return re.match(r"[\w.-]+", text)[0].lower()


def test_the_citation_file_has_the_fields_of_its_format_and_no_others():
    assert {"cff-version", "message", "title", "authors"} <= set(CITATION) <= CFF_KEYS
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] in ("software", "dataset")
    assert CITATION["authors"]
    assert all(author and set(author) <= AUTHOR_KEYS for author in CITATION["authors"])
    assert all(isinstance(CITATION.get(name, ""), str) for name in ("title", "message", "abstract", "version", "license"))
    assert isinstance(CITATION.get("date-released", date.min), date)
    assert len(set(CITATION["keywords"])) == len(CITATION["keywords"])


def test_codemeta_has_its_context_and_type():
    assert CODEMETA["@context"] == "https://w3id.org/codemeta/3.0"
    assert CODEMETA["@type"] == "SoftwareSourceCode"
    assert (ROOT / CODEMETA["readme"]).is_file()


def test_name_version_and_licence_are_the_same_everywhere():
    recipe = yaml.safe_load((ROOT / "packaging" / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
    assert CITATION["version"] == CODEMETA["version"] == recipe["context"]["version"] == VERSION
    assert CODEMETA["name"] == PROJECT["name"]
    assert CITATION["title"].startswith(PROJECT["name"])
    assert CODEMETA["license"] == f"https://spdx.org/licenses/{PROJECT['license']}"
    assert CITATION["license"] == PROJECT["license"]
    assert PROJECT["license"] in (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n")[0]


def test_a_release_writes_its_version_everywhere_and_once():
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in release.PLACES}
    made = release.released(texts, "7.8.9", "2027-01-02")
    assert "## Unreleased\n\n## 7.8.9 (2027-01-02)\n" in made["CHANGELOG.md"]
    assert yaml.safe_load(made["CITATION.cff"])["version"] == json.loads(made["codemeta.json"])["version"] == "7.8.9"
    assert yaml.safe_load(made["CITATION.cff"])["date-released"] == date(2027, 1, 2)
    assert yaml.safe_load(made["packaging/conda/recipe.yaml"])["context"]["version"] == "7.8.9"
    assert release.released(made, "7.8.9", "2027-03-04") == made


def test_the_conda_recipe_asks_for_what_the_package_asks_for():
    recipe = yaml.safe_load((ROOT / "packaging" / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
    names = {"python-xxhash": "xxhash", "matplotlib-base": "matplotlib"}
    wanted = [one.split(" ", 1) for one in recipe["requirements"]["run"] if not one.startswith(("python ", "__"))]
    asked = {re.split("[;]", one)[0].strip() for one in PROJECT["dependencies"]}
    assert {f"{names.get(name, name)}{bounds}" for name, bounds in wanted} == asked


def test_description_authors_and_keywords_are_the_same():
    assert CODEMETA["description"] == PROJECT["description"]
    names = [author["name"] for author in PROJECT["authors"]]
    assert [author["name"] for author in CODEMETA["author"]] == [author["name"] for author in CITATION["authors"]] == names
    assert set(PROJECT["keywords"]) <= set(CODEMETA["keywords"])
    assert set(PROJECT["keywords"]) <= set(CITATION["keywords"])


def test_requirements_are_the_same():
    assert sorted(CODEMETA["softwareRequirements"]) == sorted(map(requirement, PROJECT["dependencies"]))


def test_every_python_that_is_promised_is_named():
    named = [one for one in PROJECT["classifiers"] if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", one)]
    versions = [one.rpartition(" ")[2] for one in named]
    assert PROJECT["requires-python"] == f">={versions[0]}"  # newer ones are not kept out
    said = f"{versions[0]} to {versions[-1]}"
    assert CODEMETA["runtimePlatform"] == f"CPython {said}"
    for name in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {said}" in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("extra", PROJECT["optional-dependencies"])
def test_what_an_extra_brings_was_tested_at_a_version(extra):
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text().splitlines()}
    wanted = {requirement(one) for one in PROJECT["optional-dependencies"][extra]} - {"sanzhi"}
    if extra in ("notebook", "all"):  # jupyterlab is for people; tests run notebooks without it
        wanted -= {"jupyterlab"}
    assert {name.replace("_", "-") for name in wanted} <= pinned


def test_every_line_of_the_checklists_says_what_stands_or_that_it_does_not():
    rows = re.findall(r"^\| ([^|]+) \| (yes|partly|not yet) \| (.*?) ?\|$", (ROOT / "docs" / "checklists.md").read_text(), re.M)
    assert rows
    for _, state, evidence in rows:
        assert evidence.strip() or state == "not yet"
        for path in re.findall(r"`((?:tests|docs|sim)/[\w/.]+\.\w+|\w+\.(?:cff|json|toml|txt))`", evidence):
            assert (ROOT / path).exists(), path
