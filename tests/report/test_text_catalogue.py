"""Every text of pages and dashboard exists in both languages, once, and is used."""

import ast
import re
import string
from collections import defaultdict
from pathlib import Path

import pytest

import sim
from sim.messages import LANGUAGES
from sim.messages.catalogue import read
from sim.report.text.catalogue import entries, say

PACKAGE = Path(sim.__file__).parent
SPEAKERS = [path for room in ("report", "dashboard", "commands") for path in sorted((PACKAGE / room).rglob("*.py"))]
TEMPLATES = sorted((PACKAGE / "report" / "templates").glob("*.jinja"))
FEWEST_LETTERS = 2
"""Letters of a key that are written out where the rest depends on data."""


def fields(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def literals(node):
    """Texts that an expression may be: one, or one for each branch."""
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def made(node):
    """Pattern of the keys that an f-string makes; none where nearly nothing is written out."""
    parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values]
    letters = sum(len(part.value) for part in node.values if isinstance(part, ast.Constant))
    return "".join(parts) if letters >= FEWEST_LETTERS else None


@pytest.fixture(scope="module")
def code():
    """Keys asked for by name, all texts, and patterns of keys that are made, of code and templates."""
    asked, texts, patterns = {}, set(), set()
    for path in SPEAKERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args:
                asked |= dict.fromkeys(literals(node.args[0]), f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            if isinstance(node, ast.JoinedStr) and (pattern := made(node)):
                patterns.add(pattern)
    for path in TEMPLATES:
        template = path.read_text(encoding="utf-8")
        asked |= dict.fromkeys(re.findall(r'\bt\("(\w+)"[,)]', template), path.name)
        texts |= set(re.findall(r'"(\w+)"', template))
        patterns |= {f"{start}.+" for start in re.findall(r'\bt\("(\w+)" ~', template)}
    return asked, texts, patterns


def test_every_key_that_is_asked_for_is_there(code):
    assert {key: place for key, place in code[0].items() if key not in entries()} == {}


def test_no_key_is_left_over(code):
    _, texts, patterns = code
    made = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    assert [key for key in entries() if key not in texts and not made.fullmatch(key)] == []


def test_every_entry_has_both_languages_with_the_same_fields():
    assert {key: entry for key, entry in entries().items() if set(entry) != set(LANGUAGES) or not entry["en"]} == {}
    assert [key for key, entry in entries().items() if fields(entry["en"]) != fields(entry["zh"])] == []


def test_the_same_words_have_one_translation():
    found = defaultdict(set)
    for entry in entries().values():
        if any(map(str.isalpha, entry["en"])):
            found[entry["en"]].add(entry["zh"])
    assert {english: chinese for english, chinese in found.items() if len(chinese) > 1} == {}


def test_punctuation_between_chinese_words_is_chinese():
    half = re.compile(r"[\u4e00-\u9fff}][;:,?!] ?[\u4e00-\u9fff{]|[\u4e00-\u9fff]\. |%\.")
    assert {key: entry["zh"] for key, entry in entries().items() if half.search(entry["zh"])} == {}


def test_fields_are_filled_in_the_language_asked_for():
    assert (say("runs", "en", count=3), say("runs", "zh", count=3)) == ("3 runs", "3次运行")
    with pytest.raises(KeyError):
        say("no such key", "en")


@pytest.mark.parametrize("files", [["a: one\na: two\n"], ["a: one\n", "a: {en: two, zh: 二}\n"]])
def test_a_key_that_stands_twice_is_an_error(files, tmp_path):
    for number, text in enumerate(files):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="'a' stands twice"):
        read(tmp_path)
