"""Every message that the program can tell has a Chinese sentence with the same fields, and no Chinese sentence is left over."""

import ast
import functools
import string
from collections import Counter
from pathlib import Path

import pytest
import yaml

import sim
from sim.errors import Problem, ScenarioError, UserError
from sim.mechanisms import MECHANISMS
from sim.messages import CATALOGUES, Joined, Message, language, speaking

PACKAGE = Path(sim.__file__).parent
MAKERS = {"Message", "UserError", "os_errors_as"}
"""Callables whose first argument is a template."""


@functools.cache
def first_arguments():
    """First argument of everything that makes a message, with the place where it stands."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS and node.args:
                found.append((node.args[0], f"{path.relative_to(PACKAGE)}:{node.lineno}"))
    return found


def templates():
    """Templates of the package's messages with the place where each stands."""
    return [(template, place) for argument, place in first_arguments() for template in texts(argument)]


def texts(node):
    """Texts that an expression may be: one, or one for each branch."""
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@functools.cache
def catalogue():
    return {key: text for path in CATALOGUES.glob("*.yaml") for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items()}


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_no_chinese_sentence_is_left_over():
    assert set(catalogue()) - {template for template, _ in templates()} - set(meanings().values()) == set()


def meanings():
    """What every coefficient of the package means, by its key."""
    numbers = ((name, mechanism.parameters.model_fields) for name, mechanism in MECHANISMS.items())
    return {f"{name}.{key}": field.description for name, fields in numbers for key, field in fields.items()}


def test_every_coefficient_has_a_meaning_in_chinese():
    assert {key: meaning for key, meaning in meanings().items() if meaning not in catalogue()} == {}


def test_every_message_is_told_in_chinese():
    lacking = {place: template for template, place in templates() if template not in catalogue() and any(map(str.isalpha, plain(template)))}
    assert lacking == {}, "no Chinese in sim/messages/*.yaml for these"


def plain(template):
    """What a template says beside its fields."""
    return "".join(text for text, *_ in string.Formatter().parse(template))


def test_no_message_is_put_together_before_its_language_is_known():
    """An f-string, a sum or a join as template cannot be looked up in a catalogue."""
    made = {place: ast.unparse(argument) for argument, place in first_arguments() if any(put_together(node) for node in ast.walk(argument))}
    assert made == {}


def put_together(node):
    return isinstance(node, (ast.JoinedStr, ast.BinOp)) or getattr(getattr(node, "func", None), "attr", "") in ("format", "join")


def test_no_sentence_stands_in_two_catalogues():
    class Once(yaml.SafeLoader):
        """Keys as they stand, those again included."""

    Once.add_constructor("tag:yaml.org,2002:map", lambda loader, node: [loader.construct_object(key) for key, _ in node.value])
    counts = Counter(key for path in CATALOGUES.glob("*.yaml") for key in yaml.load(path.read_text(encoding="utf-8"), Once))
    assert [key for key, count in counts.items() if count > 1] == []


def test_both_languages_have_the_same_fields():
    assert {template: text for template, text in catalogue().items() if fields(text) != fields(template)} == {}


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "SANZHI_LANG": "en"}, "en"),
    ],
)
def test_the_language_is_that_of_the_option_or_the_locale(monkeypatch, environment, spoken):
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "SANZHI_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken


def test_a_problem_is_told_in_the_language_in_force():
    error = ScenarioError([Problem("a.yaml", 1, 2, "horizon", "0", "1 or more", "52")])
    assert str(error) == "a.yaml:1:2: horizon: got 0; expected 1 or more; did you mean 52?"
    with speaking("zh"):
        assert str(error) == "a.yaml:1:2：horizon：现为0；应为1 or more；是否应为52？"


def test_values_and_lists_are_told_in_the_language_of_their_sentence():
    inner = Joined([Message("{what}: pip install 'sanzhi[{extra}]'", what="a", extra="geo"), "b"])
    error = UserError("{where}: {key}: got {got}; expected {expected}", where="w", key="k", got=inner, expected="{braces}")
    assert error.message.text("en") == "w: k: got a: pip install 'sanzhi[geo]', b; expected {braces}"
    assert error.message.text("zh") == "w：k：现为a：pip install 'sanzhi[geo]'、b；应为{braces}"
