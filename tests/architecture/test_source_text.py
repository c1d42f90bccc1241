"""Nothing points to a particular machine, and public methods say what they do."""

import importlib
import inspect
import re

from sources import PACKAGE, ROOT, trees

PLACES = re.compile(r"(?<![\w.<])/(?:root|home|work|Users|tmp|mnt|opt|srv)/[\w.-]+|\b[A-Z]:\\\\\w|\b(?:\d{1,3}\.){3}\d{1,3}\b")
HOSTS = re.compile(r"https?://([\w.-]+)")
KNOWN = {
    "doi.org": "papers",
    "json-schema.org": "name of the dialect of JSON Schema",
    "w3id.org": "name of a vocabulary of metadata",
    "www.w3.org": "name of the SVG format",
    "schema.org": "name of a vocabulary of metadata",
}
"""Hosts that may be named: names of standards, never fetched."""
OUR_OWN = {"127.0.0.1", "0.0.0.0"}


def texts():
    """Every file of ours that is text, with what it says."""
    files = [
        *PACKAGE.rglob("*.py"),
        *(ROOT / "scenarios").rglob("*.*"),
        *ROOT.glob("*.toml"),
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()}


def test_no_file_names_a_place_on_a_particular_machine():
    wrong = [f"{name}: {found}" for name, text in texts().items() for found in PLACES.findall(text) if found not in OUR_OWN]
    assert wrong == []


def test_no_source_names_a_host():
    wrong = [
        f"{name}: {host}" for name, text in texts().items() if name.startswith("sim/") for host in HOSTS.findall(text) if host not in KNOWN
    ]
    assert wrong == []


def undocumented_methods(module) -> list[str]:
    """Public methods and properties of a module's classes that neither say what they do nor override one that does."""
    found = []
    for name, value in vars(module).items():
        if name.startswith("_") or not inspect.isclass(value) or value.__module__ != module.__name__:
            continue
        for key, method in list(vars(value).items()):  # validators are built meanwhile
            method = getattr(method, "__func__", method)
            alias = getattr(method, "__name__", key).startswith("_")
            if key.startswith("_") or alias or not (inspect.isfunction(method) or isinstance(method, property)):
                continue
            if not (inspect.getdoc(getattr(value, key, method)) or "").strip():
                found.append(f"{module.__name__}.{name}.{key}")
    return found


def test_every_public_method_says_what_it_does():
    """Modules, classes and functions are ruff's affair; it does not see what a method inherits."""
    missing = []
    for name in trees():
        try:
            missing += undocumented_methods(importlib.import_module(name))
        except ModuleNotFoundError as error:  # what is not installed
            if (error.name or "").split(".")[0] == "sim":
                raise
    assert missing == []


def test_no_two_modules_of_tests_share_a_name():
    """Tests are imported by their file's name alone: of two with one name, the second cannot be."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name not in ("conftest.py", "__init__.py")]
    assert sorted(names) == sorted(set(names))
