"""Source files stay short, every public name says what it is, and nothing points to a particular machine."""

import ast
import importlib
import inspect
import re
import warnings

import pytest
from sources import PACKAGE, ROOT, module_name, trees

LONG, TOO_LONG = 300, 700
"""Lines above which a file draws a warning, and above which it has become a room of its own."""
LONG_FUNCTION = 60
"""Lines above which a function draws a warning."""
OURS = [path for room in ("sim", "tests", "benchmarks", "docs/making") for path in sorted((ROOT / room).rglob("*.py"))]
"""Every source file that is written by hand."""
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


@pytest.mark.parametrize("path", OURS, ids=module_name)
def test_files_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    name, lines = path.relative_to(ROOT), len(text.splitlines())
    if lines > LONG:
        warnings.warn(f"{name} has {lines} lines; {LONG} are enough for one idea", stacklevel=1)
    for function, length in long_functions(text):
        warnings.warn(f"{name}: {function} has {length} lines; {LONG_FUNCTION} are enough for one step", stacklevel=1)
    assert lines <= TOO_LONG


def long_functions(text):
    """Functions with more lines than are enough, and how many."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (length := node.end_lineno - node.lineno + 1) > LONG_FUNCTION:
            yield node.name, length


def test_a_long_function_is_seen():
    body = "    pass\n" * LONG_FUNCTION
    assert list(long_functions(f"def short():\n{body[:-9]}\nasync def long():\n{body}")) == [("long", LONG_FUNCTION + 1)]


def public_names(module):
    """Public classes, functions and methods that a module defines, by their dotted name."""
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        plain = getattr(value, "py_func", value)
        if inspect.isclass(plain):
            yield name, plain
            for key, method in vars(plain).items():
                method = getattr(method, "__func__", method)
                alias = getattr(method, "__name__", key).startswith("_")
                if not key.startswith("_") and not alias and (inspect.isfunction(method) or isinstance(method, property)):
                    yield f"{name}.{key}", getattr(plain, key, method)
        elif inspect.isfunction(plain):
            yield name, plain


@pytest.mark.parametrize("name", trees())
def test_every_public_name_says_what_it_is(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "sim":
            raise
        pytest.skip(f"{error.name} is not installed")
    assert (module.__doc__ or "").strip(), "the module has no docstring"
    silent = [what for what, value in public_names(module) if not (inspect.getdoc(value) or "").strip()]
    assert silent == []


def test_no_two_modules_of_tests_share_a_name():
    """Tests are imported by their file's name alone: of two with one name, the second cannot be."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name not in ("conftest.py", "__init__.py")]
    assert sorted(names) == sorted(set(names))
